import type { Config } from '../../lib/config/config';
import {
  type Committed,
  committedDiff,
  committedObjects,
  committedStatements,
  unreadCommitted,
} from '../../lib/diff/committed-output';
import { asText } from '../../lib/diff/diff-format';
import type { FileChange } from '../../lib/diff/file-changes';
import { reviewDiff } from '../../lib/diff/review-diff';
import { rendered as sideOf } from '../../lib/diff/side';
import { renderCluster } from '../../lib/render';
import { configOf, homeLab } from '../config';

const files = (...entries: [string, string][]) => new Map(entries);
const committed = (before: Committed['before'], after: Committed['after']): Committed => ({ before, after });
const rendered = (path: string, before: string, after: string): FileChange => ({
  change: 'changed',
  path,
  before,
  after,
});
const statements = (one: Committed, ours: readonly FileChange[]) =>
  committedStatements(one, committedDiff(one, ours), 'out').map(({ say, ...statement }) => ({
    ...statement,
    text: say(''),
  }));

test('files that changed as the config says are explained', () => {
  const both = committed(files(['a', '1'], ['same', 'x']), files(['a', '2'], ['same', 'x']));
  expect(committedDiff(both, [rendered('a', '1', '2')])).toEqual({ unexplained: [], stale: [] });
  expect(statements(both, [rendered('a', '1', '2')])).toEqual([]);
});

test.each([
  ['that the config does not change', []],
  ['that had another content before', [rendered('a', '0', '2')]],
  ['that have another content now', [rendered('a', '1', '3')]],
])('files %s are not', (_, ours) => {
  const change = { change: 'changed', path: 'a', before: '1', after: '2' };
  expect(committedDiff(committed(files(['a', '1']), files(['a', '2'])), ours)).toEqual({
    unexplained: [change],
    stale: [],
  });
});

test('ACCESS.md is explained if the same lines changed, because the rendered text lacks unchanged clusters', () => {
  const section = '## edge\n\n| jane | view |\n';
  const whole = (row: string, more = section) => `# Who\n\n## lab\n\n${row}\n\n${more}`;
  const ours = [rendered('ACCESS.md', '# Who\n\n## lab\n\n| ann | view |\n', '# Who\n\n## lab\n\n| ann | edit |\n')];
  const unexplained = (after: string, path = 'ACCESS.md') =>
    committedDiff(
      committed(files([path, whole('| ann | view |')]), files([path, after])),
      ours.map((file) => ({ ...file, path })),
    ).unexplained.length;
  expect(unexplained(whole('| ann | edit |'))).toBe(0);
  expect(unexplained(whole('| ann | view |', section.replace('view', 'edit')))).toBe(1);
  expect(unexplained(whole('| ann | edit |', section.replace('jane', 'joe')))).toBe(1);
  expect(unexplained(whole('| ann | edit |'), 'flux/lab.yaml')).toBe(1);
});

test('files that the config changes and nobody committed are stale', () => {
  const both = committed(files(['a', '1'], ['b', '1']), files(['a', '1'], ['b', '2']));
  const ours = [rendered('a', '1', '2'), rendered('b', '1', '2'), rendered('c', '1', '2')];
  expect(committedDiff(both, ours)).toEqual({ unexplained: [], stale: ['a', 'c'] });
  expect(statements(both, ours)).toEqual([
    {
      part: 'output',
      level: 'low',
      change: 'changed',
      text: 'out/ does not contain this change yet: run `kaniflux synth` and commit what it writes',
      clusters: [],
      details: ['out/a', 'out/c'],
    },
  ]);
});

test.each([
  ['clusters/lab/access/a.yaml', 'high'],
  ['flux/lab.yaml', 'high'],
  ['control-planes/lab/patch.yaml', 'high'],
  ['control-planes/lab/README.md', 'medium'],
  ['apps/lab/headlamp-values.yaml', 'high'],
  ['kubeconfigs/lab.yaml', 'high'],
  ['kanidm/runbook.sh', 'high'],
  ['kubeconfig.yaml', 'high'],
  ['my/clusters/a.yaml', 'low'],
  ['my/kanidm/a.yaml', 'low'],
  ['my/kubeconfig.yaml', 'low'],
  ['kubeconfig.yaml.md', 'low'],
  ['ACCESS.md', 'low'],
])('%s that somebody edited is %s', (path, level) => {
  expect(statements(committed(files([path, 'a: 1\n']), files([path, 'a: 2\n'])), [])).toEqual([
    {
      part: 'output',
      level,
      change: 'changed',
      text: `out/${path} changed in a way that the config does not explain: it was edited by hand, or rendered from another config or by another version of Kaniflux`,
      clusters: [],
      details: ['- a: 1', '+ a: 2'],
    },
  ]);
});

test('files that somebody added and removed', () => {
  const text = (path: string, what: string) =>
    `out/${path} ${what} in a way that the config does not explain: it was edited by hand, or rendered from another config or by another version of Kaniflux`;
  expect(
    statements(committed(files(['gone.md', 'x\n']), files(['new.md', 'y\n'])), []).map((one) => [
      one.text,
      one.details,
    ]),
  ).toEqual([
    [text('gone.md', 'was removed'), ['- x']],
    [text('new.md', 'was added'), ['+ y']],
  ]);
});

test('one file with other comments', () => {
  expect(statements(committed(files(['a.yaml', '# 1\na: 1\n']), files(['a.yaml', '# 2\na: 1\n'])), [])).toEqual([
    {
      part: 'output',
      level: 'low',
      change: 'changed',
      text: 'in one file below out/, only comments or formatting changed, which changes nothing on the cluster: somebody edited these lines by hand, or they were rendered from another config or by another version of Kaniflux',
      clusters: [],
      details: ['out/a.yaml'],
    },
  ]);
});

const object = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
const yaml = (...names: string[]) => names.map((name) => JSON.stringify(object(name))).join('\n---\n');
const objectsOf = (...entries: [string, string][]) =>
  committedObjects(files(...entries), 'lab', (folder) => [object(`before: ${folder}`)]);

test('the objects of a cluster are those in its YAML files', () => {
  const all = objectsOf(
    ['clusters/lab/access/a.yaml', yaml('a', 'b')],
    ['clusters/lab/access/c.yml', yaml('c')],
    ['clusters/lab/README.md', yaml('page')],
    ['clusters/lab/a.yaml.md', yaml('page')],
    ['clusters/edge/a.yaml', yaml('edge')],
    ['old/clusters/lab/a.yaml', yaml('old')],
    ['clusters/lab/access/text.yaml', 'text'],
  );
  expect(all).toEqual([object('a'), object('b'), object('c')]);
});

describe('as kustomize builds them', () => {
  const list = (...resources: string[]) => JSON.stringify({ resources });
  const a: [string, string] = ['clusters/lab/access/a.yaml', yaml('a')];
  const before = [object('before: clusters/lab/access')];

  test.each<[string, [string, string][], object[]]>([
    ['only the files that the kustomization.yaml lists', [a, ['clusters/lab/access/b.yaml', yaml('b')]], [object('a')]],
    ['nothing of a folder with a broken file', [['clusters/lab/access/a.yaml', '{']], before],
    ['nothing if a file is missing', [], before],
    ['a broken file that is not listed', [a, ['clusters/lab/access/b.yaml', '{']], [object('a')]],
  ])('%s', (_, entries, expected) => {
    expect(objectsOf(['clusters/lab/access/kustomization.yaml', list('a.yaml')], ...entries)).toEqual(expected);
  });

  test.each<[string, string, object[]]>([
    ['a kustomization.yaml without resources', list(), []],
    ['a broken kustomization.yaml', '{', before],
    ['an empty kustomization.yaml', '', before],
    ['a kustomization.yaml whose resources were emptied', 'resources:', before],
    ['resources that are no list', 'resources: a.yaml', before],
    ['the first document of a kustomization.yaml', `${list('a.yaml')}\n---\nresources: []`, [object('a')]],
    ['an entry that is elsewhere', list('a.yaml', '../x', 'https://example.com/x'), [object('a')]],
  ])('%s', (_, text, expected) => {
    expect(objectsOf(['clusters/lab/access/kustomization.yaml', text], a)).toEqual(expected);
  });

  test.each(['kustomization.yml', 'Kustomization'])('%s is a kustomization.yaml, but not beside one', (name) => {
    const b: [string, string] = ['clusters/lab/access/b.yaml', yaml('b')];
    const named: [string, string] = [`clusters/lab/access/${name}`, list('a.yaml')];
    expect(objectsOf(named, a, b)).toEqual([object('a')]);
    expect(objectsOf(named, ['clusters/lab/access/kustomization.yaml', list('b.yaml')], a, b)).toEqual(before);
    expect(objectsOf(['clusters/lab/access/deeper/kustomization.yml', list('a.yaml')], a, b)).toContainEqual(
      object('b'),
    );
  });

  test('one broken file keeps a folder without a kustomization.yaml from being applied', () => {
    const other: [string, string] = ['clusters/lab/kanidm/k.yaml', yaml('k')];
    expect(objectsOf(a, ['clusters/lab/access/b.yaml', '{'], other)).toEqual([...before, object('k')]);
  });
});

test.each<[string, string, string, string[]]>([
  [
    'a folder that Flux cannot build any more',
    yaml('a'),
    '{',
    [
      'Flux cannot build out/clusters/lab/access, because a.yaml is not valid YAML: the cluster keeps what Flux applied last; this review assumes that this is what the folder contained before the change',
    ],
  ],
  [
    'a folder that Flux can build again',
    '{',
    yaml('a'),
    [
      'before this change, Flux could not build out/clusters/lab/access, because a.yaml is not valid YAML: what is on the cluster is not known; this review assumes that it is what the config before the change renders for the folder',
    ],
  ],
  ['a folder that Flux builds', yaml('a'), yaml('b'), []],
])('%s', (_, was, is, expected) => {
  const path = 'clusters/lab/access/a.yaml';
  const found = statements(committed(files([path, was]), files([path, is])), []);
  expect(found.map(({ text }) => text).filter((text) => text.includes('build'))).toEqual(expected);
});

test.each([
  ['', 'kustomization.yaml is empty or no Kustomization'],
  ['resources: a.yaml', 'kustomization.yaml has `resources` that are no list'],
  ['{', 'kustomization.yaml is not valid YAML'],
])('Flux cannot build a folder with the kustomization.yaml %j', (text, why) => {
  const path = 'clusters/lab/access/kustomization.yaml';
  const found = statements(committed(files([path, 'resources: []']), files([path, text])), []);
  expect(found.map((one) => one.text).join()).toContain(`because ${why}:`);
});

test('what a kustomization.yaml changes in the objects is left out', () => {
  const path = 'clusters/lab/access/kustomization.yaml';
  const unread = (was: object, is: object) => {
    const both = committed(files([path, JSON.stringify(was)]), files([path, JSON.stringify(is)]));
    const { before, after } = unreadCommitted(both, committedDiff(both, []), 'out');
    return [before, after].map((side) => [...side.values()].map(({ file, reason }) => `${file}: ${reason}`));
  };
  const what = (fields: string) => `out/${path}: ${fields} can change or add objects`;
  expect(unread({}, { apiVersion: 'v1', kind: 'Kustomization', resources: [] })).toEqual([[], []]);
  expect(unread({ resources: [] }, { resources: ['../x'], patches: [] })).toEqual([
    [],
    [what('`patches`, `resources`')],
  ]);
  expect(unread({ namePrefix: 'x' }, {})).toEqual([[what('`namePrefix`')], []]);
});

describe('a committed binding that was edited by hand, and that the config no longer has', () => {
  const admins = { name: 'admins', clusterRole: 'cluster-admin', people: ['datosh'] };
  const readers = { name: 'readers', clusterRole: 'view', people: ['jane'] };
  const [before, after] = [[admins, readers], [admins]].map((grants) =>
    configOf({
      people: { jane: { displayName: 'Jane', id: '00000000-0000-4000-8000-000000000001' } },
      groups: { k8s_users: { members: ['datosh', 'jane'] } },
      clusters: { homelab: { grants } },
    }),
  ) as [Config, Config];
  const filesOf = (one: Config) =>
    new Map(
      [...one.clusters.values()]
        .flatMap((cluster) => [...renderCluster(one, cluster)])
        .map(({ path, text }) => [path, text]),
    );
  /** Adds an annotation to the binding `readers`. */
  const edited = (annotation: string) =>
    new Map(
      [...filesOf(before)].map(([path, text]) => [
        path,
        text.replace(/annotations:(?=\n( {4}.*\n)+ {2}name: readers)/, `annotations:\n    ${annotation}`),
      ]),
    );
  const said = (was: Committed['before']) =>
    asText(
      reviewDiff({
        before: sideOf(before),
        after: sideOf(after),
        committed: { before: was, after: filesOf(after), folder: 'dist' },
      }),
    );
  test('is deleted with pruning', () => {
    expect(edited('example.com/a: b')).not.toEqual(filesOf(before));
    expect(said(filesOf(before))).toContain('may no longer');
    expect(said(edited('example.com/a: b'))).toContain('may no longer');
  });
  test.each(['prune', 'reconcile'])('stays with %s: disabled', (name) => {
    const text = said(edited(`kustomize.toolkit.fluxcd.io/${name}: disabled`));
    expect(text).toMatch(
      /homelab: the committed ClusterRoleBinding readers is gone from the files, but stays in the cluster/,
    );
    expect(text).not.toContain('may no longer');
  });
});

describe('a folder that Flux cannot build', () => {
  const config = (name: string) => {
    const clusters: Record<string, unknown> = { ...Object(homeLab().clusters) };
    return configOf({ kanidm: { cluster: name }, clusters: { homelab: null, [name]: clusters.homelab } });
  };
  const filesOf = (one: Config) =>
    new Map(
      [...one.clusters.values()]
        .flatMap((cluster) => [...renderCluster(one, cluster)])
        .map(({ path, text }) => [path, text]),
    );
  const broken = (all: ReadonlyMap<string, string>) => {
    const path = [...all.keys()].find((one) => /^clusters\/.*\/access\/(?!kustomization).*\.yaml$/.test(one)) ?? '';
    return new Map([...all, [path, `${all.get(path)}\n{`]]);
  };
  const access = (before: Config, after: Config, was: Committed['before'], is: Committed['after']) =>
    reviewDiff({
      before: sideOf(before),
      after: sideOf(after),
      committed: { before: was, after: is, folder: 'dist' },
    }).access;

  test('loses nothing if its cluster is renamed', () => {
    const [before, after] = [config('homelab'), config('cellar')];
    const [was, now] = [filesOf(before), filesOf(after)];
    expect(access(before, after, was, now)).toEqual([]);
    expect(access(before, after, was, broken(now))).toEqual([]);
  });
  test('before the change contains what the config renders', () => {
    const one = config('homelab');
    const now = filesOf(one);
    expect(access(one, one, broken(now), now)).toEqual([]);
  });
});
