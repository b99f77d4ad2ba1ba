import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { files, hash } from '../../__tests__/fixtures/indexed-files';
import { removeTemporary, temporary } from '../../__tests__/output/folder';
import { formatIndex, parseIndex } from '../../lib/output/file-index';

afterEach(removeTemporary);

/** Merges two changes of the index with git itself. */
function merge(ours: typeof files, theirs: typeof files, ...options: string[]): { text: string; conflicts: boolean } {
  const folder = temporary();
  const texts = { ours, base: files, theirs };
  for (const [name, content] of Object.entries(texts)) {
    writeFileSync(join(folder, name), formatIndex({ files: content }));
  }
  try {
    execFileSync('git', ['merge-file', '-q', ...options, 'ours', 'base', 'theirs'], { cwd: folder, stdio: 'ignore' });
    return { text: readFileSync(join(folder, 'ours'), 'utf8'), conflicts: false };
  } catch {
    return { text: readFileSync(join(folder, 'ours'), 'utf8'), conflicts: true };
  }
}
const change = (path: string, digit: string) =>
  new Map([...files, ['ACCESS.md', [hash(digit)]], [path, [hash(digit)]]]);

test('changes of two files, and of what every change touches, do not conflict', () => {
  const merged = merge(
    change('clusters/a/access/access.k8s.yaml', 'e'),
    change('clusters/b/access/access.k8s.yaml', 'f'),
  );
  expect(merged.conflicts).toBe(false);
  const read = parseIndex(merged.text, 'index');
  expect(read.files.get('clusters/a/access/access.k8s.yaml')).toEqual([hash('e')]);
  expect(read.files.get('clusters/b/access/access.k8s.yaml')).toEqual([hash('f')]);
  expect(read.merged).toBeUndefined();
});

test.each([
  [[] as string[], true],
  [['--union'], false],
  [['--diff3'], true],
])('two changes of one file are both read: %j', (options, conflicts) => {
  const merged = merge(change('flux/a.yaml', 'e'), change('flux/a.yaml', 'f'), ...options);
  expect(merged.conflicts).toBe(conflicts);
  const read = parseIndex(merged.text, 'index');
  expect(read.merged).toBe(true);
  expect([...read.files.keys()]).toEqual([...files.keys()]);
  expect(read.files.get('flux/a.yaml')).toEqual(expect.arrayContaining([hash('e'), hash('f')]));
});
