import { reachKey, rightsKey } from '../../lib/access/equal-access';
import { check } from '../../lib/checks/review/run-review';
import { accessOn, rendered } from '../../lib/diff/side';
import { homeLab, load } from '../config';

const cluster = (change: Record<string, unknown> = {}) => ({
  server: 'https://192.0.2.10:6443',
  kubernetes: '1.34',
  client: 'k8s',
  controlPlane: 'kubeadm',
  grants: [{ name: 'work', clusterRole: 'edit', people: ['datosh'], namespaces: ['web'] }],
  ...change,
});

const { config, sources, findings } = load(
  homeLab({
    clusters: {
      one: cluster(),
      same: cluster({ server: 'https://192.0.2.11:6443' }),
      newer: cluster({ kubernetes: '1.36' }),
      restricted: cluster({ podSecurity: { default: 'restricted' } }),
      locked: cluster({ flux: { lockdown: { noCrossNamespaceRefs: true, defaultServiceAccount: 'default' } } }),
      less: cluster({ grants: [{ name: 'work', clusterRole: 'view', people: ['datosh'], namespaces: ['web'] }] }),
    },
  }),
);
if (!config) throw new Error(findings.map(({ message }) => message).join('\n'));
const side = rendered(config);

function keyOf(make: typeof rightsKey, name: string, manifests: Parameters<typeof rightsKey>[1] = []): string {
  const access = accessOn(side, name);
  if (!access) throw new Error(`there is no cluster ${name}`);
  return make(access, manifests);
}

test('clusters that differ in their address alone have equal rights and reach', () => {
  expect(keyOf(rightsKey, 'same')).toBe(keyOf(rightsKey, 'one'));
  expect(keyOf(reachKey, 'same')).toBe(keyOf(reachKey, 'one'));
});

test.each(['newer', 'less'])('%s has other rights', (name) => {
  expect(keyOf(rightsKey, name)).not.toBe(keyOf(rightsKey, 'one'));
});

test.each(['restricted', 'locked'])('%s has the same rights and another reach', (name) => {
  expect(keyOf(rightsKey, name)).toBe(keyOf(rightsKey, 'one'));
  expect(keyOf(reachKey, name)).not.toBe(keyOf(reachKey, 'one'));
});

test('hand-written objects make a difference, by their places', () => {
  const places = [
    ['a.yaml', 1],
    ['a.yaml', 2],
    ['b.yaml', 1],
  ] as const;
  const keys = places.map(([file, line]) => keyOf(rightsKey, 'one', [{ file, line }]));
  expect(new Set([...keys, keyOf(rightsKey, 'one')]).size).toBe(4);
});

test('the rules of a role make a difference', () => {
  const { cluster } = accessOn(side, 'one') ?? {};
  if (!cluster) throw new Error('there is no cluster one');
  const [a, b] = ['get', 'list'].map((verb) =>
    rightsKey(
      {
        config,
        cluster: {
          ...cluster,
          roles: [
            { name: 'r', path: [], namespaces: [], rules: [{ verbs: [verb], apiGroups: [''], resources: ['pods'] }] },
          ],
        },
      },
      [],
    ),
  );
  expect(a).not.toBe(b);
});

test('the cluster that runs Kanidm has another reach than one that does not', () => {
  const { cluster } = accessOn(side, 'one') ?? {};
  if (!cluster) throw new Error('there is no cluster one');
  const on = (name: string) =>
    reachKey({ config: { ...config, kanidm: { ...config.kanidm, cluster: name } }, cluster }, []);
  expect(on('one')).not.toBe(on('same'));
  expect(on('newer')).toBe(on('same'));
});

test('check reports a way on each cluster that has it, at its own grant', () => {
  const results = check({ config, sources, warnings: [] });
  const found = results.findings.filter(({ code }) => code === 'becomes-admin');
  const places = found.map(({ cluster: name, path }) => `${name} ${path?.join('.')}`);
  expect(places).toContain('one clusters.one.grants.0');
  expect(places).toContain('same clusters.same.grants.0');
  expect(places.filter((place) => place.startsWith('less'))).toEqual([]);
});
