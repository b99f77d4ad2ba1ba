import { boss, type Has, reached, rules, stepsOf, taken } from './small-world';

const web: readonly object[] = [...boss('web'), ...boss('db')];
const inWeb = (...texts: string[]): Has[] => [{ namespace: 'web', rules: rules(...texts) }];
const bossOfWeb = 'the service account web/boss';
const namespace = (level: string) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'web', labels: { 'pod-security.kubernetes.io/enforce': level } },
});

describe('run-pod', () => {
  test.each([
    'create pods',
    'create deployments.apps',
    'create statefulsets.apps',
    'create daemonsets.apps',
    'create replicasets.apps',
    'create jobs.batch',
    'create cronjobs.batch',
    'create replicationcontrollers',
  ])('%s gives the service accounts of the namespace alone', (right) => {
    expect(taken(reached(inWeb(right), { objects: web }), 'run-pod')).toEqual([bossOfWeb]);
  });

  test.each([
    'create podtemplates',
    'update pods',
    'patch jobs.batch',
    'create pods/eviction',
    'create pods/binding',
    'delete pods',
  ])('%s does not', (right) => {
    expect(taken(reached(inWeb(right), { objects: web }), 'run-pod')).toEqual([]);
  });

  test('a workload that can be changed has to exist', () => {
    const [assumed] = stepsOf(reached(inWeb('patch deployments.apps'), { objects: web }), 'run-pod');
    expect(assumed?.assumes).toEqual(['namespace web has a Deployment to change']);
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a', namespace: 'web' } };
    const [sure] = stepsOf(reached(inWeb('patch deployments.apps'), { objects: [...web, deployment] }), 'run-pod');
    expect(sure?.assumes).toEqual([]);
  });

  test('a name is no part of a request to create, but of one to apply', () => {
    expect(taken(reached(inWeb('create pods a'), { objects: web }), 'run-pod')).toEqual([]);
    expect(taken(reached(inWeb('create pods a', 'patch pods a'), { objects: web }), 'run-pod')).toEqual([bossOfWeb]);
  });

  test('a right everywhere is one in each namespace', () => {
    const all = taken(reached([{ rules: rules('create pods') }], { objects: web }), 'run-pod');
    expect(all).toEqual(expect.arrayContaining([bossOfWeb, 'the service account db/boss']));
  });
});

describe('mount-secret', () => {
  test('whoever runs pods can read the Secrets of the namespace', () => {
    expect(taken(reached(inWeb('create pods'), { objects: web }), 'mount-secret')).toEqual([
      'the Secrets of namespace web',
    ]);
    expect(taken(reached(inWeb('get pods'), { objects: web }), 'mount-secret')).toEqual([]);
  });
});

describe('privileged-pod', () => {
  const run = inWeb('create pods');
  const steps = (objects: readonly object[], config = {}) =>
    stepsOf(reached(run, { objects, config }), 'privileged-pod');

  test('the level privileged allows it, baseline and restricted do not', () => {
    expect(steps([namespace('privileged')])).toMatchObject([{ assumes: [] }]);
    expect(steps([namespace('baseline')])).toEqual([]);
    expect(steps([namespace('restricted')])).toEqual([]);
  });

  test('an unknown level is assumed to allow it, with a word', () => {
    expect(steps([])).toMatchObject([
      { assumes: ['namespace web allows privileged pods (its Pod Security level is not known)'] },
    ]);
  });

  test('the config can know the level', () => {
    const level = (podSecurity: object) => ({ clusters: { homelab: { podSecurity } } });
    expect(steps([], level({ default: 'baseline' }))).toEqual([]);
    expect(steps([], level({ default: 'privileged' }))).toMatchObject([{ assumes: [] }]);
    expect(steps([], level({ default: 'privileged', namespaces: { web: 'restricted' } }))).toEqual([]);
  });

  test('whoever may change the label of the namespace opens it', () => {
    const opens = (right: string) =>
      stepsOf(reached([...run, { rules: rules(right) }], { objects: [namespace('restricted')] }), 'privileged-pod');
    expect(opens('patch namespaces')).toHaveLength(1);
    expect(opens('patch namespaces web')).toHaveLength(1);
    expect(opens('patch namespaces db')).toEqual([]);
    expect(opens('get namespaces')).toEqual([]);
  });
});

describe('host-volume', () => {
  const restricted = { clusters: { homelab: { podSecurity: { default: 'restricted' } } } };
  const node = (has: readonly Has[]) => taken(reached(has, { config: restricted }), 'host-volume');

  test('no Pod Security level closes it', () => {
    expect(node([...inWeb('create pods'), { rules: rules('create persistentvolumes') }])).toEqual(['root on a node']);
  });
  test('it takes both rights', () => {
    expect(node(inWeb('create pods', 'create persistentvolumeclaims'))).toEqual([]);
    expect(node([{ rules: rules('create persistentvolumes', 'create persistentvolumeclaims') }])).toEqual([]);
  });
  test('a namespace without an assumption comes before one with an assumption', () => {
    const has: Has[] = [
      { namespace: 'aaa', rules: rules('patch deployments.apps') },
      { namespace: 'bbb', rules: rules('create pods') },
      { rules: rules('create persistentvolumes') },
    ];
    for (const order of [has, has.toReversed()])
      expect(stepsOf(reached(order, { config: restricted }), 'host-volume')).toMatchObject([{ assumes: [] }]);
  });
});

describe.each([
  ['exec', 'create pods/exec', 'create pods/attach'],
  ['debug-container', 'patch pods/ephemeralcontainers', 'get pods/ephemeralcontainers'],
  ['change-image', 'patch pods', 'create pods/eviction'],
])('%s', (code, right, other) => {
  test('gives the service accounts of pods', () => {
    const found = stepsOf(reached(inWeb(right), { objects: [...web, namespace('baseline')] }), code);
    expect(found).toMatchObject([{ fact: { words: bossOfWeb }, assumes: ['a pod runs as web/boss'] }]);
    expect(taken(reached(inWeb(other), { objects: web }), code)).toEqual([]);
  });
  test('gives a node in kube-system, and no controller, which has no pod', () => {
    const inSystem = reached([{ namespace: 'kube-system', rules: rules(right) }]);
    expect(taken(inSystem, code)).toContain('root on a node');
    expect(taken(inSystem, code)).not.toContain('the service account kube-system/clusterrole-aggregation-controller');
    const outside = reached(inWeb(right), { objects: [namespace('baseline')] });
    expect(taken(outside, code)).not.toContain('root on a node');
  });
});

test('from Kubernetes 1.35, exec takes create', () => {
  const on = (kubernetes: string) =>
    taken(reached(inWeb('get pods/exec'), { objects: web, config: { clusters: { homelab: { kubernetes } } } }), 'exec');
  expect(on('1.34')).toEqual([bossOfWeb]);
  expect(on('1.35')).toEqual([]);
});
