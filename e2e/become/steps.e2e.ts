import { boss, grant, user, world } from '../../__tests__/become/small-world';
import { closure } from '../../lib/become/closure';
import {
  type Apiserver,
  Client,
  create,
  Lab,
  Refused,
  startApiserver,
  startControllerManager,
  startEtcd,
  upToDate,
} from '../harness';
import { enforced, isRefused, type Scenario, type Scene, scenarios } from './scenarios';

let lab: Lab;
let apiserver: Apiserver;
let admin: Client;
const clients: Client[] = [];

beforeAll(async () => {
  lab = await Lab.open('become');
  apiserver = await startApiserver(lab, {
    etcd: await startEtcd(lab),
    // As kubeadm, K3s and the others start it.
    extraArgs: ['--allow-privileged=true'],
  });
  admin = new Client(apiserver, apiserver.admin);
  clients.push(admin);
  await startControllerManager(lab, apiserver, {
    controllers: ['deployment', 'replicaset', 'statefulset', 'daemonset', 'job', 'replicationcontroller'].map(
      (name) => `${name}-controller`,
    ),
  });
  // DaemonSets make pods for nodes.
  await create(admin, [{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'control-plane' } }]);
  // A new node is tainted as not ready.
  await admin.merge('/api/v1/nodes/control-plane', { spec: { taints: null } });
});
afterAll(async () => {
  for (const one of clients) one.close();
  await lab?.close();
});

async function clientOf(commonName: string): Promise<Client> {
  const made = new Client(apiserver, await apiserver.authority.issue({ commonName }));
  clients.push(made);
  return made;
}

const placeOf = ({ code, title }: Scenario) => (title === undefined ? code : `${code}-${title}`);

const namespaceOf = (one: Scenario) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name: placeOf(one),
    labels: { 'pod-security.kubernetes.io/enforce': one.level ?? 'privileged' },
  },
});

/** The objects of a scenario for one user, who has what is given. */
const objectsFor = (one: Scenario, name: string, has: Scenario['open']) => [
  namespaceOf(one),
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'boss', namespace: placeOf(one) } },
  ...boss(placeOf(one)),
  ...has.flatMap((part) => grant(name, part)),
];

/** The codes of the steps that the model takes for a user. */
function predicted(one: Scenario, name: string, has: Scenario['open']): string[] {
  const result = closure(world({ objects: objectsFor(one, name, has) }), [user(name)]);
  return [...result.derivations.values()].flat().map(({ step }) => step.code);
}

async function take(one: Scenario, name: string, has: Scenario['open']): Promise<Client | undefined> {
  await create(admin, objectsFor(one, name, has));
  // The one before may have changed the label.
  await admin.merge(`/api/v1/namespaces/${placeOf(one)}`, { metadata: namespaceOf(one).metadata });
  await enforced(admin, placeOf(one), one.level);
  const scene: Scene = {
    apiserver,
    admin,
    actor: await clientOf(name),
    name,
    namespace: placeOf(one),
    withToken(token) {
      const made = new Client(apiserver, { token });
      clients.push(made);
      return made;
    },
  };
  expect(await scene.actor.may('*', '*', '*')).toBe(false);
  return one.take(scene);
}

const named = scenarios.map((one) => [placeOf(one), one] as const);

test.each(named)('%s: done for real, it ends with the right that is predicted', async (place, one) => {
  const name = `open-${place}`;
  expect(predicted(one, name, one.open)).toContain(one.code);
  const gained = await take(one, name, one.open);
  if (!gained) return;
  await upToDate(apiserver);
  const [verb, group, resource, isInside] = one.ends ?? ['*', '*', '*', false];
  expect(await gained.may(verb, group, resource, isInside ? place : undefined)).toBe(true);
});

test.each(named)('%s: closed, the real one refuses', async (place, one) => {
  const name = `closed-${place}`;
  expect(predicted(one, name, one.closed)).not.toContain(one.code);
  const refused = await take(one, name, one.closed)
    // Impersonation is refused when the identity is used.
    .then(async (gained): Promise<unknown> => {
      await upToDate(apiserver);
      return gained ? gained.may('*', '*', '*') : 'allowed';
    })
    .catch((error: unknown) => error);
  expect(refused === false || isRefused(refused) ? 'refused' : refused).toBe('refused');
});

test('the API server refuses system:masters in a certificate signing request', async () => {
  const actor = await clientOf('open-approve-certificate');
  const request = await apiserver.authority.requestFor({ commonName: 'a', organizations: ['system:masters'] });
  const asked = actor.must('POST', '/apis/certificates.k8s.io/v1/certificatesigningrequests', {
    metadata: { name: 'masters' },
    spec: { request, signerName: 'kubernetes.io/kube-apiserver-client', usages: ['client auth'] },
  });
  await expect(asked).rejects.toThrow(Refused);
  await expect(asked).rejects.toThrow('system:masters');
});

test('nobody impersonates through an impersonated user', async () => {
  await create(admin, [
    ...grant('first', {
      rules: [{ verbs: ['impersonate'], apiGroups: [''], resources: ['users'], resourceNames: ['second'] }],
    }),
    ...grant('second', { rules: [{ verbs: ['impersonate'], apiGroups: [''], resources: ['users', 'groups'] }] }),
  ]);
  const first = await clientOf('first');
  await expect(first.as('third', ['system:masters']).may('*', '*', '*')).rejects.toThrow(Refused);
  // A second header names no second user.
  const result = closure(
    world({
      objects: grant('first', {
        rules: [{ verbs: ['impersonate'], apiGroups: [''], resources: ['users'], resourceNames: ['second'] }],
      }),
    }),
    [user('first')],
  );
  expect([...result.facts.values()].map(({ words }) => words)).toEqual(['first', 'the user second']);
});
