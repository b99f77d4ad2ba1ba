import { formatIndex, parseIndex } from '../../lib/output/file-index';
import { files, hash } from '../fixtures/indexed-files';

test('is read as it was written, but for the hashes that it does not keep', () => {
  const kept = new Map([...files, ['ACCESS.md', []]]);
  expect(parseIndex(formatIndex({ files }), 'index')).toEqual({ files: kept });
  expect(parseIndex(formatIndex({ files, before: new Map() }), 'index')).toEqual({ files: kept, before: new Map() });
  expect(parseIndex(formatIndex({ files: new Map() }), 'index')).toEqual({ files: new Map() });
});

test('is sorted by path, with each path and hash on lines of their own', () => {
  const unsorted = new Map([...files].reverse());
  const text = `{
  "about": "Files that Kaniflux wrote and may rewrite or remove, with their SHA-256. Made by Kaniflux; do not edit.",
  "version": 2,
  "files": {
    "ACCESS.md":
      null,
    "clusters/a/access/access.k8s.yaml":
      "${hash('b')}",
    "clusters/b/access/access.k8s.yaml":
      "${hash('c')}",
    "flux/a.yaml":
      "${hash('d')}"
  }
}
`;
  expect(formatIndex({ files: unsorted })).toBe(text);
  expect(formatIndex({ files: unsorted, before: new Map() })).toBe(text.replace('  }\n}', '  },\n  "before": {}\n}'));
});

test('a file a line, as earlier versions wrote it, is read too', () => {
  const text = JSON.stringify({ version: 1, files: { 'flux/a.yaml': hash('d') } }, null, 2);
  expect(parseIndex(text, 'index')).toEqual({ files: new Map([['flux/a.yaml', [hash('d')]]]) });
});

describe('that git left with conflict markers', () => {
  const entry = `    "flux/a.yaml":\n      "${hash('d')}"`;
  const merged = (...lines: readonly string[]) =>
    ['{', '  "version": 2,', '  "files": {', ...lines, '  }', '}'].join('\n');
  const found = (path: string, ...hashes: string[]) => ({ files: new Map([[path, hashes]]), merged: true });

  test.each([
    ['a marker without a label', merged('<<<<<<<', entry, '=======', '>>>>>>>'), found('flux/a.yaml', hash('d'))],
    [
      'labels',
      merged('<<<<<<< HEAD', entry, '||||||| base', '=======', '>>>>>>> x y'),
      found('flux/a.yaml', hash('d')),
    ],
    [
      'CRLF',
      merged('<<<<<<<', `${entry},`, '=======', '>>>>>>>').replaceAll('\n', '\r\n'),
      found('flux/a.yaml', hash('d')),
    ],
    ['both hashes', merged(entry, `      "${hash('e')}"`), found('flux/a.yaml', hash('d'), hash('e'))],
    ['one path twice', merged(entry, entry.replaceAll('d', 'e')), found('flux/a.yaml', hash('d'), hash('e'))],
    ['no hash', merged('    "ACCESS.md":', '      null,', '      null'), found('ACCESS.md')],
    ['a file a line', merged('=======', `    "flux/a.yaml": "${hash('d')}",`), found('flux/a.yaml', hash('d'))],
    [
      'an escaped path',
      merged('=======', `    "flux/\\"\\\\.yaml": "${hash('d')}"`),
      found('flux/"\\.yaml', hash('d')),
    ],
    [
      'all members',
      `=======\n${formatIndex({ files: new Map(), before: new Map() })}`,
      { files: new Map(), merged: true },
    ],
    [
      'the version of one side only',
      `<<<<<<< a\n=======\n${formatIndex({ files: new Map([['flux/a.yaml', [hash('d')]]]), before: new Map() })}>>>>>>> b\n`,
      found('flux/a.yaml', hash('d')),
    ],
  ])('it is read: %s', (_, text, index) => {
    expect(parseIndex(text, 'index')).toEqual(index);
  });

  test.each([
    ['no version', merged('=======', entry).replace('  "version": 2,\n', '')],
    ['a hash before the first path', merged('=======', `      "${hash('d')}"`)],
    ['a short hash', merged('=======', '    "flux/a.yaml":', '      "d"')],
    ['a long hash', merged('=======', '    "flux/a.yaml":', `      "${hash('d')}d"`)],
    ['a short hash in the line of the path', merged('=======', '    "flux/a.yaml": "d"')],
    ['a path with an invalid escape', merged('=======', '    "flux/\\x":', `      "${hash('d')}"`)],
    ['an empty path', merged('=======', '    "":', `      "${hash('d')}"`)],
    ['another indentation', merged('=======', ` ${entry}`)],
    ['a text behind the path', merged('=======', '    "flux/a.yaml": x', `      "${hash('d')}"`)],
    ['a text behind the hash', merged('=======', `${entry} x`)],
    ['another member', merged('=======', entry, '  "other": 1')],
    ['a marker that is too short', merged('======', entry)],
    ['a marker that is too long', merged('========', entry)],
    ['a label without a space', merged('<<<<<<<HEAD', entry)],
    ['a text in front', merged('x <<<<<<< HEAD', entry)],
    ['a text behind', merged('=======', entry, '} x')],
  ])('it is no index: %s', (_, text) => {
    expect(() => parseIndex(text, 'index')).toThrow('index is not JSON, and without it Kaniflux cannot tell');
  });
});

test.each([
  ['', 'is not JSON'],
  ['x', 'is not JSON'],
  ['<<<<<<< a\n', 'is not JSON'],
  ['[]', 'is not an index'],
  ['null', 'is not an index'],
  ['2', 'is not an index'],
  ['{}', 'was written by another version of Kaniflux'],
  ['{"version":3,"files":{}}', 'was written by another version of Kaniflux'],
  ['{"version":2}', 'is not an index'],
  ['{"version":2,"files":[]}', 'is not an index'],
  ['{"version":2,"files":{"a":1}}', 'is not an index'],
  ['{"version":2,"files":{},"before":[]}', 'is not an index'],
  ['{"version":2,"files":{},"before":{"a":{}}}', 'is not an index'],
])('%j %s, and the error says what to do', (text, why) => {
  expect(() => parseIndex(text, 'dist/.kaniflux.json')).toThrow(
    `dist/.kaniflux.json ${why}, and without it Kaniflux cannot tell which files are its own; fix: restore it from git, or delete it together with the files that Kaniflux wrote`,
  );
});
