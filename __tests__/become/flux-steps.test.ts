import { fluxRbac } from '../../lib/upstream/flux-rbac';
import { boss, grant, type Has, reached, rules, stepsOf, taken, takenByJane } from './small-world';

const apiVersion = 'rbac.authorization.k8s.io/v1';
const kustomizations = 'kustomizations.kustomize.toolkit.fluxcd.io';
const repositories = 'gitrepositories.source.toolkit.fluxcd.io';
const inWeb = (...texts: string[]): Has[] => [{ namespace: 'web', rules: rules(...texts) }];
const kustomize = 'the service account flux-system/kustomize-controller';
const lockdown = (flux: object) => ({ flux: { lockdown: flux } });

describe('Flux as it is installed', () => {
  const gives = (...texts: string[]) => takenByJane(reached(inWeb(...texts), { flux: true }), 'flux-kustomization');

  test.each(['create', 'patch', 'update'])('%s of a Kustomization is cluster-admin', (verb) => {
    expect(gives(`${verb} ${kustomizations}`)).toEqual([kustomize]);
  });
  test.each([`get ${kustomizations}`, `delete ${kustomizations}`, 'create receivers.notification.toolkit.fluxcd.io'])(
    '%s is not',
    (right) => {
      expect(gives(right)).toEqual([]);
    },
  );
  test('a HelmRelease too', () => {
    const result = reached(inWeb('create helmreleases.helm.toolkit.fluxcd.io'), { flux: true });
    expect(taken(result, 'flux-helm-release')).toEqual(['the service account flux-system/helm-controller']);
  });
  test('`edit` in one namespace is enough, and `view` is not', () => {
    const as = (role: string) => {
      const binding = {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: role, namespace: 'web' },
        roleRef: { kind: 'ClusterRole', name: role },
        subjects: [{ kind: 'User', name: 'jane' }],
      };
      return taken(reached([], { flux: true, objects: [binding] }), 'flux-kustomization');
    };
    expect(as('edit')).toContain(kustomize);
    expect(as('view')).toEqual([]);
  });
  test('where manifests say how Flux is bound, they count', () => {
    const whole = (name: string) => {
      const [role, binding] = grant('flux-system/kustomize-controller', { rules: rules('get pods') });
      const bound = [role ?? {}, { ...binding, metadata: { name } }];
      const result = reached(inWeb(`create ${kustomizations}`), { flux: true, objects: bound });
      return result.ownRightsOf(result.facts.get([...result.derivations.keys()][0] ?? '') as never).whole;
    };
    expect(whole('crd-controller-flux-system')).toBeUndefined();
    // A further binding only adds rights.
    expect(whole('more')).toBeDefined();
  });
});

test('the controllers are where Flux is installed, not where the Kustomizations are', () => {
  const applied = (flux: object, ...objects: object[]) =>
    takenByJane(
      reached(inWeb(`create ${kustomizations}`), { flux: true, config: { flux }, objects }),
      'flux-kustomization',
    );
  expect(applied({ namespace: 'apps' })).toEqual([kustomize]);
  const gitops = { namespace: 'gitops', source: { namespace: 'gitops' } };
  expect(applied(gitops)).toEqual(['the service account gitops/kustomize-controller']);
  expect(applied(gitops, ...fluxRbac('flux-system').map((one) => ({ apiVersion, ...one })))).toEqual([kustomize]);
});

describe('with --default-service-account', () => {
  const config = lockdown({ defaultServiceAccount: 'default' });
  test('it is the service accounts of the namespace', () => {
    const result = reached(inWeb(`create ${kustomizations}`), { flux: true, config, objects: boss('web') });
    expect(takenByJane(result, 'flux-kustomization')).toEqual(['the service account web/boss']);
    expect(taken(reached(inWeb(`create ${kustomizations}`), { flux: true, config }), 'flux-kustomization')).toEqual([]);
  });
});

describe('with --no-cross-namespace-refs', () => {
  const config = lockdown({ noCrossNamespaceRefs: true });
  const steps = (...texts: string[]) => stepsOf(reached(inWeb(...texts), { flux: true, config }), 'flux-kustomization');
  test('it takes a source in the namespace', () => {
    expect(steps(`create ${kustomizations}`)).toMatchObject([
      { assumes: ['namespace web has a source of Flux'], uses: { length: 1 } },
    ]);
    expect(steps(`create ${kustomizations}`, `create ${repositories}`)).toMatchObject([
      { assumes: [], uses: { length: 2 } },
    ]);
  });
});

describe('flux-source', () => {
  const change = (namespace: string, right: string) =>
    stepsOf(reached([{ namespace, rules: rules(right) }], { flux: true }), 'flux-source');
  test("the source of Kaniflux' output is applied as kustomize-controller", () => {
    expect(change('flux-system', `patch ${repositories}`)).toMatchObject([{ fact: { words: kustomize } }]);
    expect(change('flux-system', `patch ${repositories} flux-system`)[0]?.assumes).toEqual([]);
  });
  test('another source is assumed to be applied', () => {
    expect(change('web', `patch ${repositories}`)).toMatchObject([
      { assumes: [expect.stringContaining('namespace web')] },
    ]);
    const other = change('flux-system', `patch ${repositories} other`).filter(({ from }) => from.words === 'jane');
    expect(other.length).toBeGreaterThan(0);
    expect(other.every(({ assumes }) => assumes?.length === 1)).toBe(true);
  });
  test('a new source alone is applied by nobody', () => {
    expect(change('web', `create ${repositories}`)).toEqual([]);
  });
});

describe('flux-operator', () => {
  const sets = 'resourcesets.fluxcd.controlplane.io';
  const instances = 'fluxinstances.fluxcd.controlplane.io';
  const runs = 'the Flux Operator runs on the cluster, with its usual rights';
  const runsHere = `${runs}, in namespace flux-system`;
  const noDefault = `${runs} and without \`--default-service-account\``;
  const steps = (namespace: string, right: string, objects: object[] = [], config = {}) =>
    stepsOf(reached([{ namespace, rules: rules(right) }], { objects, config }), 'flux-operator').map(
      ({ fact, assumes }) => [fact.words, assumes],
    );
  const operator = 'the Flux Operator, which is cluster-admin';

  test('a ResourceSet is everything, unless the operator has a default service account', () => {
    expect(steps('web', `create ${sets}`)).toEqual([[operator, [noDefault]]]);
    for (const right of [`get ${sets}`, `delete ${sets}`, 'create resourcesets.example.com'])
      expect(steps('web', right)).toEqual([]);
  });
  test('the lockdown of Flux is not that of the operator', () => {
    const config = lockdown({ noCrossNamespaceRefs: true, defaultServiceAccount: 'default' });
    expect(steps('web', `create ${sets}`, [], config)).toEqual([[operator, [noDefault]]]);
  });
  test('the service accounts of its namespace can be named in any case', () => {
    const objects = [...boss('web'), ...boss('other')];
    expect(steps('web', `create ${sets}`, objects)).toEqual([
      [operator, [noDefault]],
      ['the service account web/boss', [runs]],
    ]);
  });
  test('one in the namespace of the operator can name its own', () => {
    expect(steps('flux-system', `create ${sets}`)).toContainEqual([
      operator,
      [`${runs}, and either runs in namespace flux-system or does not have the flag \`--default-service-account\``],
    ]);
  });
  test.each(['update', 'patch'])('%s takes one that is there', (verb) => {
    const there = { kind: 'ResourceSet', metadata: { name: 'theirs', namespace: 'web' } };
    expect(steps('web', `${verb} ${sets}`)).toEqual([
      [operator, [noDefault, 'namespace web has a ResourceSet to change']],
    ]);
    expect(steps('web', `${verb} ${sets}`, [there])).toEqual([[operator, [noDefault]]]);
  });
  test('of several, the way that assumes less is taken', () => {
    const has = (...texts: string[]): Has[] => [
      { namespace: 'web', rules: rules(`create ${sets}`) },
      { namespace: 'flux-system', rules: rules(...texts) },
    ];
    const does = (...texts: string[]) =>
      stepsOf(reached(has(...texts)), 'flux-operator')
        .filter(({ fact }) => fact.words === operator)
        .map((one) => one.does);
    expect(does(`create ${instances}`)).toEqual([
      'create a FluxInstance in namespace flux-system, with patches to what the Flux Operator installs',
    ]);
    expect(does(`patch ${instances}`)).toEqual([
      'create a ResourceSet in namespace web, which the Flux Operator applies with its own rights',
    ]);
  });
  test('of FluxInstances, only the one in the namespace of the operator', () => {
    expect(steps('flux-system', `create ${instances}`)).toEqual([[operator, [runsHere]]]);
    expect(steps('web', `create ${instances}`)).toEqual([]);
    expect(steps('flux-system', `patch ${instances} flux`)).toEqual([
      [operator, [runsHere, 'namespace flux-system has the FluxInstance flux']],
    ]);
    expect(steps('flux-system', `patch ${instances} other`)).toEqual([]);
    expect(steps('flux-system', `get ${instances}`)).toEqual([]);
  });
});
