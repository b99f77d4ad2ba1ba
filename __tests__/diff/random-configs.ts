import type { ConfigInput } from '../../lib/config/schema/config-schema';
import { load } from '../config';
import fc from '../fast-check';

export const people = ['p0', 'p1', 'p2', 'p3'];
const groups = ['g0', 'g1', 'g2', 'g3'];
export const clusters = ['c0', 'c1'];
const namespaces = ['web', 'db'];

const some = <T>(items: T[], max = items.length) => fc.subarray(items, { minLength: 1, maxLength: max });
const id = (person: string) => `00000000-0000-4000-8000-00000000000${person.slice(1)}`;

const rule = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record(
      {
        verbs: some(['get', 'create', '*'], 2),
        apiGroups: some(['', 'apps', '*'], 2),
        resources: some(['pods', 'pods/exec', '*/exec', 'secrets', '*'], 2),
        resourceNames: some(['a', 'b']),
      },
      { requiredKeys: ['verbs', 'apiGroups', 'resources'] },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record({ verbs: some(['get', '*'], 1), nonResourceURLs: some(['/metrics', '/a/*', '*'], 2) }),
  },
);

const role = fc.record(
  {
    rules: fc.array(rule, { minLength: 1, maxLength: 2 }),
    aggregateTo: some(['view', 'edit']),
    clusters: some(clusters, 1),
  },
  { requiredKeys: ['rules'] },
);
const localRole = fc.record({
  namespaces: fc.constant(namespaces),
  rules: fc.array(
    rule.filter((one) => !('nonResourceURLs' in one)),
    { minLength: 1, maxLength: 2 },
  ),
});

const grant = (name: string) =>
  fc
    .record({
      role: fc.constantFrom('cluster-admin', 'view', 'r0', 'r0', 'r1', 'r1', 'local'),
      namespaces: fc.option(some(namespaces), { nil: undefined }),
      people: fc.subarray(people, { maxLength: 2 }),
      groups: fc.subarray(groups, { maxLength: 2 }),
      clusters: fc.oneof(fc.constant('*' as const), some(clusters)),
    })
    .map(({ role: named, namespaces: where, people: who, groups: which, ...rest }) => ({
      name,
      ...(named === 'local'
        ? { role: named, namespaces: where ?? ['web'] }
        : { clusterRole: named, ...(where ? { namespaces: where } : {}) }),
      ...(who.length ? { people: who } : {}),
      groups: which.length || who.length ? which : ['g0'],
      ...rest,
    }));

const cluster = fc
  .record({
    claim: fc.constantFrom('sub', 'sub', 'email'),
    prefix: fc.constantFrom(undefined, undefined, 'kanidm:'),
    groupPrefix: fc.constantFrom('kanidm:', 'kanidm:', 'oidc:'),
    kubernetes: fc.constantFrom('1.34', '1.37'),
  })
  .map(({ claim, prefix, groupPrefix, kubernetes }) => ({
    server: 'https://192.0.2.10:6443',
    kubernetes,
    client: 'k8s',
    controlPlane: 'kubeadm',
    authentication: { claim, ...(prefix === undefined ? {} : { prefix }), groups: { prefix: groupPrefix } },
  }));

/** A group can contain people and later groups, so that no group contains itself. */
const members = (i: number) =>
  fc
    .tuple(
      fc.subarray([...people, ...groups.slice(i + 1)], { maxLength: 3 }),
      fc.constantFrom([], [], [], [], ['idm_all_persons'], ['idm_admins']),
    )
    .map((both) => both.flat());

const parts = fc.record({
  members: fc.tuple(members(0), members(1), members(2), members(3)),
  outside: fc.subarray(people, { maxLength: 1 }),
  scopes: fc.constantFrom(['openid', 'email', 'groups'], ['openid', 'email', 'groups'], ['openid', 'email']),
  clusters: fc.tuple(cluster, fc.option(cluster, { nil: undefined })),
  roles: fc.tuple(role, role, localRole),
  grants: fc.tuple(grant('one'), grant('two'), grant('three')).chain((all) => fc.subarray([...all])),
  managers: fc.dictionary(
    fc.constantFrom(...groups, 'login', 'doors'),
    fc.constantFrom(...people, ...groups, 'idm_all_persons'),
    { maxKeys: 2, noNullPrototype: true },
  ),
});

/**
 * The part of the config that differs between the two sides. In most pull requests, one part differs, but everything
 * can differ.
 */
export const changes = [
  'everything',
  'a nested group',
  'members',
  'outside',
  'clusters',
  'roles',
  'grants',
  'managers',
] as const;

export const pair = fc.tuple(parts, parts, fc.constantFrom(...changes)).map(([one, other, change]) => {
  const part = change === 'everything' || change === 'a nested group' ? {} : { [change]: other[change] };
  const nested = { members: one.members.with(3, other.members[3]) };
  const after = change === 'everything' ? other : { ...one, ...part, ...(change === 'a nested group' ? nested : {}) };
  return { change, before: toConfig(one as never), after: toConfig(after as never) };
});

function toConfig(made: {
  members: string[][];
  outside: string[];
  scopes: string[];
  clusters: [object, object | undefined];
  roles: [object, object, object];
  grants: { clusters: string | string[] }[];
  managers: Record<string, string>;
}): ConfigInput {
  const named = made.clusters[1] ? clusters : ['c0'];
  const known = <T extends { clusters?: string | string[] }>(one: T): T =>
    Array.isArray(one.clusters) ? { ...one, clusters: one.clusters.filter((name) => named.includes(name)) } : one;
  const none = ({ clusters: on }: { clusters?: string | string[] }) => Array.isArray(on) && on.length === 0;
  return {
    kanidm: { domain: 'idm.example.com' },
    people: Object.fromEntries(
      people.map((name) => [name, { displayName: name, id: id(name), mail: `${name}@example.com` }]),
    ),
    groups: Object.fromEntries(
      Object.entries({
        ...Object.fromEntries(groups.map((name, i) => [name, made.members[i] ?? []])),
        login: ['doors'],
        doors: people.filter((name) => !made.outside.includes(name)),
      }).map(([name, list]) => [
        name,
        { members: list, ...(name in made.managers ? { managedBy: made.managers[name] } : {}) },
      ]),
    ),
    clients: {
      k8s: {
        landingUrl: 'http://localhost:8000',
        redirectUrls: ['http://localhost:8000'],
        scopes: { login: made.scopes },
      },
    },
    roles: Object.fromEntries(
      ['r0', 'r1', 'local']
        .map((name, i) => [name, known(made.roles[i] as object)])
        .filter(([, one]) => !none(one as object)),
    ),
    clusters: Object.fromEntries(named.map((name, i) => [name, made.clusters[i]])),
    grants: made.grants.map(known).filter((one) => !none(one)),
  } as unknown as ConfigInput;
}

export const valid = (input: ConfigInput): boolean => load(input).config !== undefined;
