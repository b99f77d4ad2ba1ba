import { explain, hasCode, OutputError } from '../../lib/output/output-error';

const coded = (code: string) => Object.assign(new Error(`${code}: failed, open 'x'`), { code });

test.each([
  ['ENOSPC', 'no space left on the disk'],
  ['EDQUOT', 'your disk quota is exceeded'],
  ['EFBIG', 'larger than the limit'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['EROFS', 'read-only file system'],
  ['ENOTDIR', 'a file is in the place of a folder'],
  ['EISDIR', 'a folder is in the place of a file'],
  ['EXDEV', 'another file system'],
  ['ELOOP', 'symbolic links in the path form a cycle'],
  ['ENAMETOOLONG', 'too long'],
  ['EMFILE', 'too many files are open'],
  ['EIO', 'the disk reports an error'],
  ['EEXIST', 'a broken symbolic link is in the place of a folder'],
  ['EOTHER', "EOTHER: failed, open 'x'"],
])('%s is explained for people', (code, text) => {
  const cause = coded(code);
  const error = explain(cause, 'dist/a');
  expect(error).toBeInstanceOf(OutputError);
  expect(error).toMatchObject({ name: 'OutputError', cause, message: expect.stringMatching(/^dist\/a: /) });
  expect(String(error)).toContain(text);
});

test.each([new TypeError('x'), 'x', undefined, Object.assign(new OutputError('x'), { code: 'EIO' })])(
  'what is no error of the file system stays as it is: %s',
  (error) => expect(explain(error, 'dist')).toBe(error),
);

test('an error has one of the codes, or it does not', () => {
  expect(hasCode(coded('EIO'), 'ENOENT', 'EIO')).toBe(true);
  expect(hasCode(coded('EIO'), 'ENOENT')).toBe(false);
  expect(hasCode(new Error('EIO'), 'EIO')).toBe(false);
});
