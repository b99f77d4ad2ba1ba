import { command, comment, quote } from '../../lib/node-files/shell';

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

test.each([
  ['a\nb', '# a\n# b'],
  ['a\r\nb', '# a\n# b'],
  ['a\rb\u0085c\u2028d\u2029e', '# a\n# b\n# c\n# d\n# e'],
  ['a \n\n b', '# a\n#\n#  b'],
  ['', '#'],
])('%j as a comment', (text, lines) => expect(comment(text)).toBe(lines));
