import { spawnSync } from 'node:child_process';
import { command, comment, quote } from '../../lib/node-files/shell';
import fc, { runs } from '../fast-check';

const sh = (script: string): string => {
  const { stdout, status, stderr } = spawnSync('sh', ['-c', script]);
  if (status !== 0) throw new Error(`sh: ${stderr}`);
  return stdout.toString();
};

const texts = fc
  .oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({
      unit: fc.constantFrom(
        "'",
        '"',
        '$',
        '`',
        '\\',
        '!',
        '*',
        '?',
        '~',
        '#',
        ' ',
        '\n',
        ';',
        '&',
        '=',
        '-',
        'é',
        '漢',
      ),
    }),
  )
  .filter((text) => !text.includes('\0') && Buffer.from(text).toString() === text);

test('any text comes out of a real shell as it went in', () => {
  fc.assert(
    fc.property(fc.array(texts, { maxLength: 12 }), (words) => {
      const out = sh(`for word in ${words.map(quote).join(' ')}; do printf '%s\\0' "$word"; done`);
      expect(out).toBe(words.map((word) => `${word}\0`).join(''));
    }),
    { numRuns: runs(20) },
  );
});

test('what needs no quotes gets none, and an option keeps its name outside of them', () => {
  expect(command('kanidm', 'person', 'update', 'datosh', '--displayname=Fabian Kammel', '--mail=f@example.com')).toBe(
    "kanidm person update datosh --displayname='Fabian Kammel' --mail=f@example.com",
  );
});

test.each([
  ['', "''"],
  ['~', "'~'"],
  ['a~', 'a~'],
  ['=a', "'=a'"],
  ['a=b', 'a=b'],
  ["it's 'a'", "'it'\\''s '\\''a'\\'''"],
  ['Az09_@%+:,./-', 'Az09_@%+:,./-'],
  ['-a=~', '-a=~'],
  ['--a-b=', "--a-b=''"],
  ['--a=b c', "--a='b c'"],
  ['--a=b\nc', "--a='b\nc'"],
  ['--a=--b=c d', "--a=--b='c d'"],
  ['x --a=b', "'x --a=b'"],
  ['--A=b c', "'--A=b c'"],
  ['a b', "'a b'"],
  ['a#', "'a#'"],
])('%j is written as %s', (text, word) => expect(quote(text)).toBe(word));

test('a NUL character is refused, since no argument can hold one', () => {
  expect(() => quote('a\0b')).toThrow('NUL');
});

test('no line of a comment can become a command', () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(sh(`${comment(text)}\nprintf done`)).toBe('done');
    }),
    { numRuns: runs(10) },
  );
});

test.each([
  ['a\nb', '# a\n# b'],
  ['a\r\nb', '# a\n# b'],
  ['a\rb\u0085c\u2028d\u2029e', '# a\n# b\n# c\n# d\n# e'],
  ['a \n\n b', '# a\n#\n#  b'],
  ['', '#'],
])('%j as a comment', (text, lines) => expect(comment(text)).toBe(lines));
