import { changedFiles, lineDifference, linesOf, withoutCluster } from '../../lib/diff/file-changes';

test('files are compared by their path, in the order of the paths', () => {
  const old = new Map([
    ['gone', '1'],
    ['same', '1'],
    ['other', '1'],
    ['empty', ''],
  ]);
  const now = new Map([
    ['same', '1'],
    ['other', '2'],
    ['new', ''],
    ['empty', ''],
  ]);
  expect(changedFiles(old, now)).toEqual([
    { change: 'removed', path: 'gone', before: '1' },
    { change: 'added', path: 'new', after: '' },
    { change: 'changed', path: 'other', before: '1', after: '2' },
  ]);
});

test.each<[string | undefined, string | undefined, string[], string[]]>([
  [undefined, undefined, [], []],
  [undefined, 'a\n', ['a'], []],
  ['a\n', undefined, [], ['a']],
  ['', 'a', ['a'], []],
  ['a\nb\n', 'b\nc\nd\n', ['c', 'd'], ['a']],
  ['a\nb\n', 'b\na\n', [], []],
  ['a\n', 'a\na\na\n', ['a', 'a'], []],
  ['a\na\nb\n', 'a\nb\nb\n', ['b'], ['a']],
  ['a\n\n', 'a\n', [], ['']],
  ['a\n', 'a', [], []],
])('the lines from %j to %j', (before, after, added, removed) => {
  expect(lineDifference(before, after)).toEqual({ added, removed });
});

test('changed lines have signs, removed ones first', () => {
  const file = (before: string, after: string) => ({ change: 'changed' as const, path: 'a', before, after });
  expect(linesOf(file('a\nb\n', 'b\nc\n'))).toEqual(['- a', '+ c']);
  expect(linesOf(file('a\n', 'a'))).toEqual(['only the order of the lines changed, or the newline at the end']);
});

test.each([
  ['clusters/lab/access/a.yaml', 'lab', 'clusters/*/access/a.yaml'],
  ['control-planes/lab/README.md', 'lab', 'control-planes/*/README.md'],
  ['flux/lab.yaml', 'lab', 'flux/*.yaml'],
  ['kubeconfigs/lab.b.yaml', 'lab.b', 'kubeconfigs/*.yaml'],
  ['kanidm/runbook.sh', '', 'kanidm/runbook.sh'],
  ['my/flux/lab.yaml', '', 'my/flux/lab.yaml'],
  ['flux/lab.json', '', 'flux/lab.json'],
  ['flux/lab.yaml.md', '', 'flux/lab.yaml.md'],
])('the cluster in %s is %j', (path, name, without) => {
  expect(withoutCluster(path)).toEqual({ name, path: without });
});
