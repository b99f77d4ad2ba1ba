import fc from 'fast-check';
import type { AccessRequest, PolicyRule, RbacObject, Requester, SubjectRef } from '../../lib/access/objects';

/*
 * Roles and bindings that nobody would write, but that an API server accepts. The evaluation of every wildcard, name,
 * path and label selector is compared with the server.
 */

const some = <T>(items: T[]) => fc.subarray(items, { minLength: 1, maxLength: Math.min(3, items.length) });
const resourceNames = [
  'pods',
  'pods/exec',
  'pods/*',
  '*/exec',
  '*/*',
  '*',
  'secrets',
  'deployments',
  'deployments/scale',
];
const paths = ['*', '/metrics', '/metrics/*', '/metrics*', '/apis/*', '/', '/a/*/b'];

const resourceRule: fc.Arbitrary<PolicyRule> = fc.record(
  {
    verbs: some(['get', 'list', 'create', 'impersonate', '*']),
    apiGroups: some(['', 'apps', '*', 'example.com']),
    resources: some(resourceNames),
    resourceNames: some(['a', 'b', '*']),
  },
  { requiredKeys: ['verbs', 'apiGroups', 'resources'] },
);
const pathRule: fc.Arbitrary<PolicyRule> = fc.record({
  verbs: some(['get', '*', 'post']),
  nonResourceURLs: some(paths),
});
const rules = (only: fc.Arbitrary<PolicyRule>) => fc.array(only, { maxLength: 3 });

const label = fc.constantFrom('a', 'b', 'c');
const labels = fc.dictionary(label, fc.constantFrom('x', 'y'), { maxKeys: 2 });
const selector = fc.oneof(
  fc.record({ matchLabels: fc.dictionary(label, fc.constantFrom('x', 'y'), { minKeys: 1, maxKeys: 2 }) }),
  fc.record({
    matchExpressions: fc.array(
      fc.oneof(
        fc.record({ key: label, operator: fc.constantFrom('In', 'NotIn'), values: some(['x', 'y']) }),
        fc.record({ key: label, operator: fc.constantFrom('Exists', 'DoesNotExist') }),
      ),
      { minLength: 1, maxLength: 2 },
    ),
  }),
);

/** A label of the roles of these tests only. A selector that also matched Kubernetes' own roles would change them. */
const mine = 'random.example.com/role';

const clusterRole = fc.oneof(
  { weight: 3, arbitrary: fc.record({ labels, rules: rules(fc.oneof(resourceRule, pathRule)) }) },
  { weight: 1, arbitrary: fc.record({ labels, selectors: fc.array(selector, { minLength: 1, maxLength: 2 }) }) },
);

const api = { apiVersion: 'rbac.authorization.k8s.io/v1' };
const group = 'rbac.authorization.k8s.io';

interface Made {
  readonly clusterRoles: { labels: object; rules?: PolicyRule[]; selectors?: object[] }[];
  readonly roles: PolicyRule[][];
  readonly bindings: { wide: boolean; namespace: string; role: number; local: boolean; who: number[] }[];
}

const made: fc.Arbitrary<Made> = fc.record({
  clusterRoles: fc.array(clusterRole, { minLength: 12, maxLength: 12 }),
  roles: fc.array(rules(resourceRule), { minLength: 4, maxLength: 4 }),
  bindings: fc.array(
    fc.record({
      wide: fc.boolean(),
      namespace: fc.constantFrom('web', 'db'),
      role: fc.nat(11),
      local: fc.boolean(),
      who: fc.subarray([0, 1, 2, 3, 4, 5], { minLength: 1, maxLength: 2 }),
    }),
    { minLength: 24, maxLength: 24 },
  ),
});

const subjects: readonly SubjectRef[] = [
  ...['random-a', 'random-b', 'random-c'].map((name) => ({ kind: 'User', name })),
  ...['random-g', 'random-h'].map((name) => ({ kind: 'Group', name })),
  { kind: 'ServiceAccount', name: 'robot', namespace: 'web' },
];

export const requesters: readonly Requester[] = [
  { user: 'random-a', groups: [] },
  { user: 'random-b', groups: ['random-g'] },
  { user: 'random-c', groups: ['random-g', 'random-h'] },
  { user: 'nobody', groups: ['random-a'] },
  { user: 'system:serviceaccount:web:robot', groups: ['system:serviceaccounts', 'system:serviceaccounts:web'] },
];

/** Returns the objects of a seed, which are always the same. */
export const randomRbac = (seed: number) => objectsOf(fc.sample(made, { seed, numRuns: 1 })[0] as Made);

/** The same without ClusterRoles that aggregate others, which requires kube-controller-manager. */
export const rbacWithoutAggregation = made.map((one) =>
  objectsOf({ ...one, clusterRoles: one.clusterRoles.map(({ labels, rules }) => ({ labels, rules })) }),
);

function objectsOf(one: Made): (RbacObject & typeof api)[] {
  const name = (i: number) => `random-${i}`;
  return [
    ...one.clusterRoles.map(({ labels: own, rules: list, selectors }, i) => ({
      ...api,
      kind: 'ClusterRole' as const,
      metadata: { name: name(i), labels: { ...own, [mine]: 'true' } },
      ...(selectors
        ? { aggregationRule: { clusterRoleSelectors: selectors.map(onlyMine) }, rules: [] }
        : { rules: list ?? [] }),
    })),
    ...one.roles.flatMap((list, i) =>
      ['web', 'db'].map((namespace) => ({
        ...api,
        kind: 'Role' as const,
        metadata: { name: name(i), namespace },
        rules: list,
      })),
    ),
    ...one.bindings.map(({ wide, namespace, role, local, who }, i) => ({
      ...api,
      kind: wide ? ('ClusterRoleBinding' as const) : ('RoleBinding' as const),
      metadata: { name: name(i), ...(wide ? {} : { namespace }) },
      roleRef: {
        apiGroup: group,
        kind: local && !wide ? 'Role' : 'ClusterRole',
        name: name(local && !wide ? role % 4 : role),
      },
      subjects: who.map((at) => {
        const subject = subjects[at] as SubjectRef;
        return subject.kind === 'ServiceAccount' ? subject : { ...subject, apiGroup: group };
      }),
    })),
  ];
}

function onlyMine(one: object): object {
  const { matchLabels, matchExpressions } = one as { matchLabels?: object; matchExpressions?: object[] };
  return { matchLabels: { ...matchLabels, [mine]: 'true' }, ...(matchExpressions ? { matchExpressions } : {}) };
}

export const randomQuestions: readonly AccessRequest[] = [
  ...['get', 'create', 'impersonate', 'delete'].flatMap((verb) =>
    ['', 'apps', 'example.com'].flatMap((apiGroup) =>
      [['pods'], ['pods', 'exec'], ['secrets'], ['deployments', 'scale'], ['other', 'exec']].flatMap(
        ([resource = '', subresource]) =>
          [{}, { namespace: 'web' }, { namespace: 'db', name: 'a' }, { name: '*' }].map((place) => ({
            verb,
            group: apiGroup,
            resource,
            ...(subresource ? { subresource } : {}),
            ...place,
          })),
      ),
    ),
  ),
  ...['get', 'post'].flatMap((verb) =>
    ['/', '/metrics', '/metrics/', '/metrics/x', '/metricsx', '/apis/a', '/apis', '/a/*/b', '/a/x/b'].map((path) => ({
      verb,
      path,
    })),
  ),
];
