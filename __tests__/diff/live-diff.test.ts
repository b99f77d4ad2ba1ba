import { asText } from '../../lib/diff/diff-format';
import { live } from '../../lib/diff/live-diff';
import { objectChanges, objectDiff } from '../../lib/diff/object-changes';
import { liveDiff } from '../../lib/diff/review-diff';
import { rendered } from '../../lib/diff/side';
import { configOf } from '../config';

const edge = { server: 'https://192.0.2.11:6443', kubernetes: '1.34', client: 'k8s', controlPlane: 'kubeadm' };
const config = configOf({ clusters: { edge } });

interface Item {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: object };
}

const flux = (name: string, value: string) => ({ [`kustomize.toolkit.fluxcd.io/${name}`]: value });
const owned = (owner: string, namespace = 'flux-system') => ({
  labels: { ...flux('name', owner), ...flux('namespace', namespace) },
});
const role = (name: string, owner?: string, metadata: object = {}): Item => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name, ...(owner === undefined ? {} : owned(owner)), ...metadata },
});
const ours = rendered(config).objects('homelab') as readonly Item[];
const [binding] = ours.filter(({ kind }) => kind === 'ClusterRoleBinding');

/**
 * Compares the config with a live cluster that has the given RBAC objects. `present` returns what the cluster answers
 * for the objects of a list.
 */
function compare(inCluster: readonly object[], present: (items: readonly Item[]) => string = () => '') {
  const asked: (readonly string[])[] = [];
  const result = live(config, 'homelab', (args, input) => {
    asked.push(args);
    if (input === undefined) return JSON.stringify({ kind: 'List', items: inCluster });
    const list = JSON.parse(input);
    expect(list).toEqual({ apiVersion: 'v1', kind: 'List', items: expect.any(Array) });
    return present(list.items);
  });
  return { ...result, asked };
}

test('kubectl lists the RBAC objects, and gets the others by kind', () => {
  const { asked } = compare([]);
  const kinds = new Set(ours.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`));
  expect(kinds.size).toBeGreaterThan(1);
  expect(asked[0]).toEqual([
    'get',
    'clusterroles.rbac.authorization.k8s.io,clusterrolebindings.rbac.authorization.k8s.io,roles.rbac.authorization.k8s.io,rolebindings.rbac.authorization.k8s.io',
    '--all-namespaces',
    '-o',
    'json',
  ]);
  expect(asked.slice(1)).toEqual([...kinds].map(() => ['get', '--ignore-not-found', '-o', 'json', '-f', '-']));
});

test('objects of others stay, those of ours are replaced, and those that Flux would prune go', () => {
  const [mine, foreign, old] = [role('mine'), role('theirs', 'apps'), role('old', 'kaniflux-access')];
  const stale = { ...binding, roleRef: { name: 'other' } };
  const { before, after, objects } = compare([mine, foreign, old, stale]);
  expect(before.objects('homelab')).toEqual([mine, foreign, old, stale]);
  expect(after.objects('homelab')).toEqual([mine, foreign, ...ours]);
  expect(objects.before).toEqual([old]);
  expect([before.whole, after.whole]).toEqual([true, true]);
  for (const side of [before, after]) expect([...side.config.clusters.keys()]).toEqual(['homelab']);
});

test('a Kustomization of somebody else can begin with kaniflux- too, in another namespace', () => {
  const theirs = role('theirs', undefined, owned('kaniflux-apps', 'web'));
  const { after, objects } = compare([theirs]);
  expect(after.objects('homelab')).toContainEqual(theirs);
  expect(objects.before).toEqual([]);
});

describe('objects that Flux neither changes nor deletes', () => {
  const reader = { ...role('reader'), rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }] };
  /** Returns the differences if the cluster has everything that is rendered, with one object changed or added. */
  const said = (object: Item) => {
    const all = [
      ...ours.filter(({ kind, metadata }) => kind !== object.kind || metadata.name !== object.metadata.name),
    ];
    const inCluster = [...all, object].filter(({ kind }) => /Role/.test(kind));
    const present = (items: readonly Item[]) =>
      JSON.stringify({ kind: 'List', items: [...all, object].filter((one) => isAmong(items, one)) });
    return asText(liveDiff('homelab', compare([...inCluster, reader], present)));
  };
  const isAmong = (items: readonly Item[], { kind, metadata }: Item) =>
    items.some((one) => one.kind === kind && one.metadata.name === metadata.name);
  const bound = (metadata: object, name = 'old'): Item & { readonly roleRef?: object } => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    ...{ roleRef: { kind: 'ClusterRole', name: 'reader' }, subjects: [{ kind: 'User', name: 'ann' }] },
    metadata: { name, ...owned('kaniflux-access'), ...metadata },
  });

  test('an object that the config no longer has is deleted, and its access ends', () => {
    expect(said(bound({}))).toContain('ann may no longer');
  });
  test('not if pruning is off for the object', () => {
    const text = said(bound({ annotations: flux('prune', 'disabled') }));
    expect(text).toContain(
      'the ClusterRoleBinding old is gone from the files, but stays in the cluster until somebody deletes it',
    );
    expect(text).not.toContain('may no longer');
    expect(text).not.toContain('Objects');
  });
  test('an object with other subjects stays as it was', () => {
    const name = binding?.metadata.name ?? '';
    const text = said(bound({ annotations: flux('reconcile', 'disabled') }, name));
    expect(text).toContain(`the ClusterRoleBinding ${name} stays in the cluster as it was`);
    expect(text).not.toContain('ann may no longer');
    expect(said(bound({}, name))).toContain('ann may no longer');
  });
  test('an object that is equal says nothing', () => {
    if (!binding) throw new Error('there is no binding');
    const metadata = { ...binding.metadata, ...owned('kaniflux-access'), annotations: flux('reconcile', 'disabled') };
    expect(said({ ...binding, metadata })).toBe('No differences.\n');
  });
  test('nothing is said about manual steps, which need more than the objects', () => {
    expect(said(bound({}))).not.toMatch(/merging|manual/);
  });
});

test('the objects in the cluster are compared, whether kubectl prints one or a list', () => {
  expect(compare([], (items) => JSON.stringify(items[0])).objects.before).toHaveLength(
    new Set(ours.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`)).size,
  );
  expect(compare([], (items) => JSON.stringify({ kind: 'List', items })).objects.before).toHaveLength(ours.length);
  expect(compare([], () => ' \n').objects.before).toEqual([]);
});

test('annotations that tell Flux how to apply an object are not compared', () => {
  const prefix = 'kustomize.toolkit.fluxcd.io/';
  const annotationsOf = (objects: readonly object[]) =>
    (objects as { metadata: { annotations?: object } }[]).flatMap(({ metadata: { annotations } }) =>
      annotations === undefined ? [] : [Object.keys(annotations)],
    );
  const now = annotationsOf(compare([]).objects.after);
  expect(
    annotationsOf(ours)
      .flat()
      .some((key) => key.startsWith(prefix)),
  ).toBe(true);
  expect(now.flat().filter((key) => key.startsWith(prefix))).toEqual([]);
  expect(now.filter((keys) => keys.length === 0)).toEqual([]);
});

test.each([
  'no matches for kind "HelmRelease"',
  'the server doesn\'t have a resource type "helmreleases"',
  'the server could not find the requested resource',
])('a kind that is not installed has no objects: %s', (message) => {
  const fail = () => {
    throw new Error(`error: ${message} in version v2`);
  };
  expect(compare([], fail).objects.before).toEqual([]);
  expect(compare([], fail).objects.ofUnknownKind).toHaveLength(ours.length);
  expect(compare([]).objects.ofUnknownKind).toEqual([]);
});

test('another error is an error', () => {
  expect(() =>
    compare([], () => {
      throw new Error('Unable to connect to the server');
    }),
  ).toThrow('Unable to connect to the server');
});

describe('objects', () => {
  const object = (kind: string, name: string, data: unknown) => ({ apiVersion: 'v1', kind, metadata: { name }, data });

  test('on one side, and with fields that differ', () => {
    const [gone, fresh] = [object('ConfigMap', 'c', {}), object('ConfigMap', 'a', {})];
    const changed = (value: string) => object('ConfigMap', 'b', { x: value });
    expect(objectChanges('lab', [gone, changed('1')], [changed('2'), fresh])).toEqual([
      { change: 'added', cluster: 'lab', object: 'ConfigMap a', fields: [] },
      {
        change: 'changed',
        cluster: 'lab',
        object: 'ConfigMap b',
        fields: [{ path: 'data.x', before: '1', after: '2' }],
      },
      { change: 'removed', cluster: 'lab', object: 'ConfigMap c', fields: [] },
    ]);
    expect(objectChanges('lab', [gone], [gone])).toEqual([]);
  });
  test('of the kind Secret hide their values', () => {
    const secret = (data: object) => object('Secret', 's', data);
    expect(objectChanges('lab', [secret({ a: '1', b: '1' })], [secret({ a: '2', c: '1' })])).toMatchObject([
      {
        fields: [
          { path: 'data.a', before: 'a hidden value', after: 'another hidden value' },
          { path: 'data.b', before: 'a hidden value' },
          { path: 'data.c', after: 'another hidden value' },
        ],
      },
    ]);
    expect(objectChanges('lab', [object('SecretStore', 's', 1)], [object('SecretStore', 's', 2)])).toMatchObject([
      { fields: [{ before: 1, after: 2 }] },
    ]);
  });
  test('of the kind ConfigMap are compared inside of JSON', () => {
    const map = (data: unknown, kind = 'ConfigMap') => object(kind, 'm', data);
    const paths = (before: object, after: object) =>
      objectChanges('lab', [before], [after]).flatMap(({ fields }) => fields.map(({ path }) => path));
    expect(paths(map({ 'a.json': '{"x":1}' }), map({ 'a.json': '{"x":2}' }))).toEqual(['data."a.json".x']);
    expect(paths(map({ 'a.json': '{"x":1}' }), map({ 'a.json': '{ "x": 1 }' }))).toEqual([]);
    expect(paths(map({ 'a.json': '{' }), map({ 'a.json': '{"x":1}' }))).toEqual(['data."a.json"']);
    expect(paths(map({ 'a.json': 1 }), map({ 'a.json': 2 }))).toEqual(['data."a.json"']);
    expect(paths(map({ 'a.txt': '{"x":1}' }), map({ 'a.txt': '{ "x": 1 }' }))).toEqual(['data."a.txt"']);
    expect(paths(map({ 'a.json': '{"x":1}' }, 'Other'), map({ 'a.json': '{"x":2}' }, 'Other'))).toEqual([
      'data."a.json"',
    ]);
    expect(paths(map(undefined), map({ a: '1' }))).toEqual(['data']);
    expect(paths(map({ '1-a': 'x' }, 'Other'), map({ '2-a': 'x' }, 'Other'))).toEqual(['data.1-a', 'data.2-a']);
  });
  test('of clusters that are equal on both sides are not compared', () => {
    const of = (before: object, after: object, isSame?: boolean) =>
      [before, after].map((one) => ({
        config,
        objects: () => [one],
        ...(isSame === undefined ? {} : { isSameOn: (_: unknown, name: string) => isSame && name === 'edge' }),
      }));
    const diff = (isSame?: boolean) => {
      const [before, after] = of(object('ConfigMap', 'm', 1), object('ConfigMap', 'm', 2), isSame);
      return before && after ? objectDiff(before, after).map(({ cluster }) => cluster) : [];
    };
    expect(diff()).toEqual(['homelab', 'edge']);
    expect(diff(true)).toEqual(['homelab']);
    expect(diff(false)).toEqual(['homelab', 'edge']);
  });
});
