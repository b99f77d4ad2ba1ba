import { boss, grant, user, world } from '../../__tests__/become/small-world';
import { closure } from '../../lib/become/closure';
import { serviceAccountFact, superuserFact } from '../../lib/become/fact';
import { type Escalation, escalations, safePod, theirImage, theirProgram } from './escalations';
import type { Machine } from './machine';
import { importImage } from './node';
import { PersonOnNode, RefusedOnNode, Sink, withKubeconfig, withToken } from './person-on-node';
import type { NodeOfTests } from './suite';

const placeOf = ({ code, title }: Escalation) => (title === undefined ? code : `${code}-${title}`);

interface Setting {
  readonly namespace: string;
  readonly level: string;
  readonly has: ReturnType<Escalation['open']>;
  /** Whether the step works. */
  readonly isOpen: boolean;
}

const objectsOf = ({ namespace, level }: Setting) => [
  {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace, labels: { 'pod-security.kubernetes.io/enforce': level } },
  },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'boss', namespace } },
  ...boss(namespace),
];

/** Returns what the model predicts that somebody can reach. */
function predicted(name: string, setting: Setting) {
  const objects = [...objectsOf(setting), ...setting.has.flatMap((part) => grant(name, part))];
  const result = closure(world({ objects }), [user(name)]);
  return {
    codes: [...result.derivations.values()].flat().map(({ step }) => step.code),
    becomesBoss: result.facts.has(serviceAccountFact(setting.namespace, 'boss').key),
    becomesAdministrator: result.facts.has(superuserFact('').key),
  };
}

/**
 * Applies objects. Validation is turned off, because the bindings lack fields that lib/become does not read and that
 * the API server fills in.
 */
const apply = (machine: Machine, items: readonly object[]) =>
  machine.kubectl('apply --validate=false -f -', JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));

/** Runs a pod as `boss`. */
async function runVictim(machine: Machine, namespace: string, isReady = true): Promise<void> {
  await machine.kubectl(`--namespace=${namespace} apply -f -`, JSON.stringify(safePod('victim', {})));
  if (isReady) await machine.kubectl(`--namespace=${namespace} wait --for=condition=Ready pod/victim --timeout=240s`);
}

/** Tests the steps of lib/become that need a pod or a kubelet. A person with the rights of the scenario takes them. */
export function describeBecoming(node: NodeOfTests): void {
  let sink: Sink;

  const take = async (one: Escalation, name: string, setting: Setting): Promise<string> => {
    const { machine } = node;
    const { namespace, has } = setting;
    await apply(machine, objectsOf(setting));
    await machine.kubectl(`--namespace=${namespace} wait --for=create serviceaccount/default --timeout=240s`);
    const person = await PersonOnNode.create(machine, name, has);
    if (one.victim) await runVictim(machine, namespace, setting.isOpen);
    try {
      return await one.take({ machine, sink, person, namespace });
    } finally {
      await machine.kubectl(`delete namespace ${namespace} --wait=false`);
    }
  };

  test('the node has the image of an intruder, and a server to which pods can send', async () => {
    const { machine, lab } = node;
    const program = await lab.write('theirs.sh', theirProgram);
    await importImage(machine, lab, {
      name: theirImage,
      files: { '/bin/busybox': '/bin/busybox', '/theirs': program },
      entrypoint: ['/theirs'],
    });
    sink = await Sink.open(machine);
  });

  const named = escalations.map((one) => [placeOf(one), one] as const);

  test.each(named)('%s: done for real, it ends as who is predicted', async (place, one) => {
    const name = `open-${place}`;
    const setting = { namespace: name, level: one.level ?? 'restricted', has: one.open(name), isOpen: true };
    const { codes, becomesBoss, becomesAdministrator } = predicted(name, setting);
    expect(codes).toContain(one.code);
    const text = await take(one, name, setting);
    const isKubeconfig = text.includes('kind: Config');
    const end = await (isKubeconfig ? withKubeconfig(node.machine, text) : withToken(node.machine, text));
    expect(end).toEqual({
      user: isKubeconfig ? 'kubernetes-admin' : `system:serviceaccount:${name}:boss`,
      everything: true,
    });
    expect(isKubeconfig ? becomesAdministrator : becomesBoss).toBe(true);
  });

  test.each(named)('%s: closed, the real one refuses', async (place, one) => {
    const name = `closed-${place}`;
    const level = one.closedLevel ?? one.level ?? 'restricted';
    const setting = { namespace: name, level, has: (one.closed ?? one.open)(name), isOpen: false };
    expect(predicted(name, setting).codes).not.toContain(one.code);
    const refusal = await take(one, name, setting).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(RefusedOnNode);
    expect(String(refusal)).toMatch(
      one.closedLevel === undefined
        ? / cannot |Forbidden \(user=/
        : `violates PodSecurity \\"${one.closedLevel}:latest`,
    );
  });

  test('the credential of a node gives the service accounts of its pods, and no more', async () => {
    const { machine } = node;
    const namespace = 'of-the-node';
    const setting = { namespace, level: 'restricted', has: [], isOpen: false };
    await machine.kubectl(
      'apply --validate=false -f -',
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objectsOf(setting) }),
    );
    const kubelet = (args: string) => machine.run(`kubectl --kubeconfig=/etc/kubernetes/kubelet.conf ${args}`);
    expect((await kubelet("auth can-i '*' '*' || true")).trim()).toBe('no');
    const request = `--namespace=${namespace} create token boss`;
    await expect(kubelet(request)).rejects.toThrow('no relationship found between node');
    await runVictim(machine, namespace);
    const uid = await machine.kubectl(`--namespace=${namespace} get pod victim -o jsonpath={.metadata.uid}`);
    const bound = `--bound-object-kind=Pod --bound-object-name=victim --bound-object-uid=${uid}`;
    const token = (await kubelet(`${request} ${bound}`)).trim();
    expect(await withToken(machine, token)).toEqual({
      user: `system:serviceaccount:${namespace}:boss`,
      everything: true,
    });
    await machine.kubectl(`delete namespace ${namespace} --wait=false`);
  });
}
