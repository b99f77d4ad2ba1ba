import type { LocatedFinding } from '../../lib/findings/finding';
import { type Entry, FindingList, firstOfEach } from '../../lib/findings/finding-list';

const base: LocatedFinding = {
  code: 'pod-exec',
  severity: 'warning',
  file: 'a.yaml',
  line: 2,
  column: 3,
  excerpt: '',
  message: 'b',
  fix: '',
  cluster: 'one',
};

const entry = (finding: LocatedFinding): Entry => ({ ...finding, written: () => finding });

function listOf(...findings: Partial<LocatedFinding>[]): FindingList {
  const list = new FindingList(Number.POSITIVE_INFINITY);
  for (const one of findings) list.add(entry({ ...base, ...one }));
  return list;
}

const written = (list: FindingList) => list.results().listed.map((one) => one.written());

test('sorts by severity, file, line, column, code and message', () => {
  const sorted: Partial<LocatedFinding>[] = [
    { severity: 'error', file: 'z.yaml' },
    { line: 2, column: 1, code: 'z' },
    { line: 2, column: 3, code: 'a', message: 'z' },
    { line: 2, column: 3, message: 'a' },
    { line: 2, column: 3, message: 'b' },
    { line: 10 },
    { file: 'b.yaml', line: 1 },
    { severity: 'note', line: 1 },
  ];
  const expected = sorted.map((one) => ({ ...base, ...one }));
  expect(written(listOf(...sorted))).toEqual(expected);
  expect(written(listOf(...sorted.toReversed()))).toEqual(expected);
});

test.each<[string, Partial<LocatedFinding>, number]>([
  ['equal', {}, 1],
  ['at another column', { column: 9 }, 2],
  ['with another code', { code: 'a' }, 2],
  ['with another severity', { severity: 'note' }, 2],
  ['with another message', { message: 'c' }, 2],
  ['on another line', { line: 3 }, 2],
  ['in another file', { file: 'b.yaml' }, 2],
])('merges findings for one place: a finding %s', (_name, other, count) => {
  expect(written(listOf({}, other))).toHaveLength(count);
});

test('findings are merged however many others come between them', () => {
  const list = new FindingList(1);
  for (const cluster of ['one', 'two'])
    for (let line = 1; line <= 1500; line++) list.add(entry({ ...base, line, cluster }));
  const { listed, omitted } = list.results();
  expect(listed.map((one) => one.written())).toEqual([
    { ...base, line: 1, cluster: undefined, clusters: ['one', 'two'] },
  ]);
  expect(omitted).toEqual([{ code: 'pod-exec', severity: 'warning', count: 1499, total: 1500, clusters: 2 }]);
});

test('findings of a part of the config are merged, counted and sorted like the others', () => {
  const list = new FindingList(2);
  const add = (line: number, cluster: string) => list.add(entry({ ...base, line, cluster }), cluster);
  for (const line of [9, 8, 8, 7]) add(line, 'last');
  for (const line of [5, 3, 3, 4, 1, 5]) add(line, 'first');
  list.add(entry({ ...base, line: 2 }));
  const { listed, omitted } = list.results();
  expect(listed.map(({ line }) => line)).toEqual([1, 2]);
  expect(omitted).toEqual([{ code: 'pod-exec', severity: 'warning', count: 6, total: 8, clusters: 3 }]);
});

test('a merged finding names its cluster only if it is the same cluster', () => {
  expect(written(listOf({}, { fix: 'later' }))).toEqual([{ ...base, fix: 'later' }]);
  const [merged] = listOf({}, { cluster: 'two' }, { cluster: 'two' }).results().listed;
  expect(merged?.written()).toEqual({ ...base, cluster: undefined, clusters: ['one', 'two'] });
  expect(merged?.clusters).toEqual(['one', 'two']);
});

test('a merged finding names no cluster if one of them is about no cluster in particular', () => {
  expect(written(listOf({}, { cluster: undefined }, { cluster: 'two' }))).toEqual([{ ...base, cluster: undefined }]);
});

test('a message is written only if two findings are for one place', () => {
  const list = new FindingList(3);
  const written = jest.fn(() => base);
  for (const column of [3, 1, 2]) list.add({ ...entry({ ...base, column }), written });
  expect(list.results().listed.map(({ column }) => column)).toEqual([1, 2, 3]);
  expect(written).not.toHaveBeenCalled();
});

test('lists the first findings of each code and severity, and counts the others and their clusters', () => {
  const findings = [
    { ...base, line: 1 },
    { ...base, line: 2, cluster: 'two' },
    { ...base, line: 3, cluster: 'two' },
    { ...base, line: 4, severity: 'note' as const },
    { ...base, line: 5, code: 'no-grants', clusters: ['three', 'four'] },
    { ...base, line: 6, code: 'no-grants' },
    { ...base, line: 7, code: 'look-alike-name', cluster: undefined },
    { ...base, line: 8, code: 'look-alike-name' },
    { ...base, line: 9, code: 'look-alike-name', cluster: 'two' },
  ];
  const { listed, omitted } = firstOfEach(findings, 1);
  expect(listed.map(({ line }) => line)).toEqual([1, 4, 5, 7]);
  expect(omitted).toEqual([
    { code: 'pod-exec', severity: 'warning', count: 2, total: 3, clusters: 2 },
    { code: 'no-grants', severity: 'warning', count: 1, total: 2, clusters: 3 },
    // One of these findings belongs to no cluster, so the number of clusters is left out.
    { code: 'look-alike-name', severity: 'warning', count: 2, total: 3 },
  ]);
  expect(firstOfEach(findings, 3).omitted).toEqual([]);
});
