import { App, Chart, Lazy } from 'cdk8s';
import {
  ApiServerSignIn,
  ClusterRole,
  FluxAlert,
  FluxSync,
  HelmApp,
  KanidmClient,
  KanidmExposure,
  KanidmHelmApp,
  KanidmMigrations,
  KanidmServer,
  kubeconfig,
  OidcClusterRoleBinding,
  OidcRoleBinding,
  Role,
} from '../../lib';
import { checkProps } from '../../lib/constructs/props-shape';

const shape = {
  name: 'text',
  names: 'texts',
  size: 'number',
  isSet: 'flag',
  items: 'list',
  values: 'map',
  method: ['flags', 'structured'],
  source: { kind: 'text' },
} as const;
const problems = (props: unknown, isWhole?: boolean) => {
  try {
    checkProps('x', props, shape, isWhole);
    return '';
  } catch (error) {
    return String(error);
  }
};

test.each([
  [{ name: 5 }, 'name: expected a text, found the number `5`'],
  [{ name: null }, 'name: expected a text, found `null`'],
  [{ names: 'a' }, 'names: expected a list of texts, found `a`'],
  [{ names: ['a', undefined] }, 'names: expected a list of texts, found a list'],
  [{ size: '5' }, 'size: expected a number, found `5`'],
  [{ isSet: 'yes' }, 'isSet: expected `true` or `false`, found `yes`'],
  [{ items: {} }, 'items: expected a list, found a map'],
  [{ values: [] }, 'values: expected a map, found a list'],
  [{ method: 'Structured' }, 'method: expected one of `flags`, `structured`, found `Structured`'],
  [{ source: 'a' }, 'source: expected a map, found `a`'],
  [{ source: { kind: true } }, 'source.kind: expected a text, found the boolean `true`'],
  [{ source: { other: 'a' } }, 'source.other: there is no such prop'],
  [{ nmae: 'a', isset: true }, 'isset: there is no such prop; write `isSet`'],
  [{ value: {} }, 'value: there is no such prop; write `values`'],
  [undefined, 'expected props, found nothing'],
])('%j is refused', (props, problem) => expect(problems(props)).toBe(`Error: x: ${problem}`));

test.each([[[]], [[{ origin: 'https://idm.example.com', clientId: 'k8s' }]], [[null]]])(
  'ApiServerSignIn needs objects of the class KanidmClient, not %j',
  (clients) =>
    expect(() => new ApiServerSignIn({ clients, kubernetes: '1.34' } as never)).toThrow(
      'ApiServerSignIn: clients: expected a list of at least one KanidmClient, found a list',
    ),
);

test('all problems are in one error', () =>
  expect(problems({ name: 1, size: 'a' })).toBe(
    'Error: x: name: expected a text, found the number `1`; size: expected a number, found `a`',
  ));

test('what a subclass passes on is not refused, unless no other name is possible', () => {
  const props = { name: 'a', team: 'b', names: undefined };
  expect(problems(props)).toBe('');
  expect(problems(props, true)).toBe('Error: x: team: there is no such prop');
  // `name` and `names` are both set already, so a similar name is not a spelling mistake but a prop of the subclass.
  expect(problems({ name: 'a', names: ['b'], Name: 'c' })).toBe('');
});

/** Calls a constructor or a function as a JavaScript program can. */
const wrongly = (make: (chart: Chart, props: never) => unknown, props: unknown) => () =>
  make(new Chart(new App(), 'c'), props as never);
const client = new KanidmClient({ origin: 'https://idm.example.com', clientId: 'k8s' });
const rule = { resources: ['secrets'], verbs: ['get'] };
const domain = 'idm.example.com';
const chart = { repository: 'https://charts.example.com', chart: 'x', version: '1.0.0' };
const maps = { maps: [], hash: '' };

test.each<[string, (chart: Chart, props: never) => unknown, object]>([
  ['ClusterRole', (c, p) => new ClusterRole(c, 'a', p), { name: 'a', rules: [rule], aggregateTo: 'view' }],
  ['rules[0]', (c, p) => new ClusterRole(c, 'a', p), { name: 'a', rules: [{ ...rule, verbs: 'get' }] }],
  ['rules[0]', (c, p) => new Role(c, 'a', p), { name: 'a', namespace: 'b', rules: [{ ...rule, resourceName: ['x'] }] }],
  ['Role', (c, p) => new Role(c, 'a', p), { name: 'a', nameSpace: 'b', rules: [rule] }],
  [
    'OidcClusterRoleBinding',
    (c, p) => new OidcClusterRoleBinding(c, 'a', p),
    { name: 'a', clusterRole: 'view', users: ['u'], group: ['g'] },
  ],
  [
    'OidcRoleBinding',
    (c, p) => new OidcRoleBinding(c, 'a', p),
    { name: 'a', namespace: 'b', role: { kind: 'Role', name: 'x' }, groups: 'g' },
  ],
  ['FluxSync', (c, p) => new FluxSync(c, 'a', p), { name: 'a', path: './x', keepOnremoval: true }],
  ['FluxAlert', (c, p) => new FluxAlert(c, 'a', p), { type: 'slack', secretName: 's', kustomizations: 'a' }],
  ['HelmApp', (c, p) => new HelmApp(c, 'a', p), { ...chart, name: 'a', keepOnRemoval: 'false' }],
  [
    'valuesFrom[0]',
    (c, p) => new HelmApp(c, 'a', p),
    { ...chart, name: 'a', valuesFrom: [{ kind: 'Configmap', name: 'x' }] },
  ],
  [
    'valuesFrom[0]',
    (c, p) => new HelmApp(c, 'a', p),
    { ...chart, name: 'a', valuesFrom: [{ kind: 'Secret', name: 'x', valueKey: 'z' }] },
  ],
  ['postRenderers[0]', (c, p) => new HelmApp(c, 'a', p), { ...chart, name: 'a', postRenderers: [{ kustomise: {} }] }],
  ['KanidmServer', (c, p) => new KanidmServer(c, 'a', p), { domain, migrations: {} }],
  ['KanidmMigrations', (c, p) => new KanidmMigrations(c, 'a', p), {}],
  ['KanidmHelmApp', (c, p) => new KanidmHelmApp(c, 'a', p), { ...chart, domain, serverversion: '1.11.1' }],
  ['KanidmServer', (c, p) => new KanidmServer(c, 'a', p), { domain, storage: { classname: 'x' } }],
  ['KanidmExposure', (c, p) => new KanidmExposure(c, 'a', p), { domain, ingres: { className: 'x' } }],
  ['KanidmMigrations', (c, p) => new KanidmMigrations(c, 'a', p), { migrations: maps, nameSpace: 'x' }],
  ['KanidmClient', (_, p) => new KanidmClient(p), { origin: `https://${domain}`, clientId: 'k8s', groupPrefix: 'x' }],
  ['ApiServerSignIn', (_, p) => new ApiServerSignIn(p), { clients: [client], kubernetes: '1.34', methods: 'flags' }],
  ['kubeconfig', (_, p) => kubeconfig(p), { name: 'a', server: 'https://192.0.2.10', client, signin: 'keyboard' }],
])('%s refuses such props', (name, make, props) => {
  expect(wrongly(make, props)).toThrow(name);
  expect(wrongly(make, props)).toThrow(/there is no such prop; write|expected/);
});

test('a value of a chart cannot be null, since cdk8s would remove it', () => {
  const c = new Chart(new App(), 'c');
  new HelmApp(c, 'a', { ...chart, name: 'a', values: { a: [{ b: null }], c: undefined, d: '' } });
  expect(() => c.toJson()).toThrow('values.a[0].b: cdk8s removes `null`');
  const synth = (value: unknown) => () => {
    const other = new Chart(new App(), 'c');
    new HelmApp(other, 'a', { ...chart, name: 'a', values: { a: Lazy.any({ produce: () => value }) } });
    return other.toJson();
  };
  expect(synth(null)).toThrow('values.a: cdk8s removes `null`');
  expect(synth('b')).not.toThrow();
});

test('a server and migrations that add the same ConfigMap are refused', () => {
  const c = new Chart(new App(), 'c');
  const migrations = { maps: [{ name: 'kanidm-migrations', data: {} }], hash: 'x' };
  new KanidmServer(c, 'server', { domain, migrations });
  new KanidmMigrations(c, 'migrations', { migrations });
  expect(() => c.toJson()).toThrow('the chart has two objects ConfigMap kanidm/kanidm-migrations');
});
