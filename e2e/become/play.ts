import { boss, grant, user, world } from '../../__tests__/become/small-world';
import { closure } from '../../lib/become/closure';
import { type ApiserverOptions, type Client, create, upToDate } from '../harness';
import { enforced, isRefused, type Scenario, type Scene } from './scene';
import { type Stage, stage } from './stage';

/**
 * Tests each scenario. With the rights in `open`, the model must predict the step of the scenario, and a real API
 * server must allow it. With the rights in `closed`, the model must not predict the step, and the server must refuse
 * it.
 */
export function play(
  name: string,
  scenarios: readonly Scenario[],
  version: NonNullable<ApiserverOptions['version']>,
): Stage {
  const server = stage(name, {
    version,
    // The same modes as with kubeadm, K3s and others.
    authorizationMode: 'Node,RBAC',
    extraArgs: ['--allow-privileged=true', '--enable-admission-plugins=NodeRestriction'],
    controllers: [
      ...['ephemeral-volume', 'deployment', 'replicaset', 'statefulset', 'daemonset', 'job', 'replicationcontroller'],
      ...['certificatesigningrequest-approving', 'certificatesigningrequest-signing'],
    ].map((controller) => `${controller}-controller`),
  });
  beforeAll(async () => {
    // A DaemonSet creates pods only if there is a node.
    await create(server.admin(), [{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'control-plane' } }]);
    // A new node has the taint for a node that is not ready.
    await server.admin().merge('/api/v1/nodes/control-plane', { spec: { taints: null } });
  });

  async function take(one: Scenario, who: string, isOpen: boolean): Promise<Client | undefined> {
    const admin = server.admin();
    const objects = objectsFor(one, who, isOpen);
    await create(admin, objects);
    // An earlier scenario may have changed the label.
    await admin.merge(`/api/v1/namespaces/${placeOf(one)}`, { metadata: namespaceOf(one, isOpen).metadata });
    await enforced(admin, placeOf(one), levelOf(one, isOpen));
    const scene: Scene = {
      apiserver: server.apiserver(),
      admin,
      actor: await server.clientOf(who),
      name: who,
      namespace: placeOf(one),
      withToken: server.withToken,
    };
    expect(await scene.actor.may('*', '*', '*')).toBe(false);
    return one.take(scene);
  }

  const named = scenarios.map((one) => [placeOf(one), one] as const);

  test.each(named)('%s: done for real, it ends with the right that is predicted', async (place, one) => {
    const who = `open-${place}`;
    expect(predicted(one, who, true, version)).toContain(one.code);
    const gained = await take(one, who, true);
    if (!gained) return;
    await upToDate(server.apiserver());
    const [verb, group, resource, isInside] = one.ends ?? ['*', '*', '*', false];
    expect(await gained.may(verb, group, resource, isInside ? place : undefined)).toBe(true);
  });

  test.each(named)('%s: closed, the real one refuses', async (place, one) => {
    const who = `closed-${place}`;
    expect(predicted(one, who, false, version)).not.toContain(one.code);
    const refused = await take(one, who, false)
      // Impersonation is refused only when the identity is used.
      .then(async (gained): Promise<unknown> => {
        await upToDate(server.apiserver());
        return gained ? gained.may('*', '*', '*') : 'allowed';
      })
      .catch((error: unknown) => error);
    expect(refused === false || isRefused(refused) ? 'refused' : refused).toBe('refused');
  });

  return server;
}

const placeOf = ({ code, title }: Scenario) => (title === undefined ? code : `${code}-${title}`);

const levelOf = ({ level = 'privileged', closedLevel = level }: Scenario, isOpen: boolean) =>
  isOpen ? level : closedLevel;

const namespaceOf = (one: Scenario, isOpen: boolean) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name: placeOf(one),
    labels: { 'pod-security.kubernetes.io/enforce': levelOf(one, isOpen) },
  },
});

/** Returns the objects of a scenario for one user. */
const objectsFor = (one: Scenario, who: string, isOpen: boolean): object[] => [
  namespaceOf(one, isOpen),
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'boss', namespace: placeOf(one) } },
  ...boss(placeOf(one)),
  ...(isOpen ? one.open : one.closed).flatMap((part) => grant(who, part)),
  ...(one.objects?.(who, isOpen) ?? []),
];

/** Returns the codes of the steps that the model predicts for a user. */
function predicted(one: Scenario, who: string, isOpen: boolean, kubernetes: string): string[] {
  const config = { clusters: { homelab: { kubernetes } } };
  const result = closure(world({ config, objects: objectsFor(one, who, isOpen) }), [user(who)]);
  return [...result.derivations.values()].flat().map(({ step }) => step.code);
}
