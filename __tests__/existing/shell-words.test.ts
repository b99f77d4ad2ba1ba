import { commandsIn, nulWords, shellWords, withVariables } from '../../lib/existing/shell-words';

test.each<[string, string, readonly string[]]>([
  ['words', ' a\tb  c ', ['a', 'b', 'c']],
  ['quotes', `"a b" 'c d' e"f g"h 'i'j`, ['a b', 'c d', 'ef gh', 'ij']],
  ['escapes', String.raw`a\ b "c\"d\\e\$f\`g\h" 'i\j' \k`, ['a b', 'c"d\\e$f`g\\h', 'i\\j', 'k']],
  ['a quote that does not end', `a "b c`, ['a', '"b', 'c']],
  ['a backslash at the end', 'a \\', ['a', '']],
  ['joined lines', 'a \\\nb\nc', ['a', 'b', 'c']],
  ['lines of Windows', 'a \\\r\nb\r\nc', ['a', 'b', 'c']],
  ['comment lines', '# a\n ; b\n// c\nd \\\n  # e\nf', ['d', 'f']],
  ['a comment after words', 'a b # c d\ne#f', ['a', 'b', 'e#f']],
  ['a quoted number sign', `a '#b' # c`, ['a', '#b']],
  ['no comment in a unit', 'ExecStart=a # b', ['ExecStart=a', '#', 'b']],
  ['no comment in the environment of a unit', 'Environment=A=b # c', ['Environment=A=b', '#', 'c']],
  ['a comment in other settings', 'MyExecStart=a # b', ['MyExecStart=a']],
  ['a separator after a quote', `"a"; 'b', "c"d; e;`, ['a', 'b', 'cd;', 'e;']],
  ['a command line in a word', 'A="server --b=c --d e" f', ['A=', 'server', '--b=c', '--d', 'e', 'f']],
  ['a command line without a name', '"server --b=c"', ['server', '--b=c']],
  ['a command line in a command line', `"a --b '--c d --e'"`, ['a', '--b', '--c', 'd', '--e']],
  ['words in a word', '"a b" "--a" "a --" "a-- b"', ['a b', '--a', 'a --', 'a-- b']],
  ['one option with spaces', '"--a.b+c-d=e f" "--a=b -c" "--a=b --C"', ['--a.b+c-d=e f', '--a=b', '-c', '--a=b --C']],
  ['several options in a word', '"--a=b --c" "--a=b -cd"', ['--a=b', '--c', '--a=b -cd']],
  ['an option without a value', '"--a b"', ['--a', 'b']],
  ['a name in front of an option', 'A="--b c" "1A=--b c"', ['A=', '--b', 'c', '1A=--b', 'c']],
])('%s', (_, text, words) => {
  expect(shellWords(text)).toEqual(words);
});

test('the commands of a script', () => {
  expect(commandsIn('a b\n# c\nd \\\ne\n')).toEqual([['a', 'b'], ['d', 'e'], []]);
});

test('the words of a process, of which the one after -c is a command line', () => {
  expect(nulWords('sh\0-c\0a "b c"\0d e\0')).toEqual(['sh', '-c', 'a', 'b c', 'd e']);
  expect(nulWords('a\0b\0\0')).toEqual(['a', 'b', '']);
  expect(nulWords('x-c\0a b')).toEqual(['x-c', 'a b']);
});

test.each<[string, string, string]>([
  ['a variable of a shell', `A=b\nx $A \${A} $$A \\$A\n`, 'A=\nx b b $$A \\b\n'],
  ['quoted values', `A="b c"\nexport B='d e'\nx $A $B`, 'A=\nexport B=\nx b c d e'],
  [
    'variables of systemd',
    '[Service]\nEnvironment="A=b c" D=e\nExecStart=x $A',
    '[Service]\nEnvironment=A= D=e\nExecStart=x b c',
  ],
  ['a variable that is not set', `A=b\nx $B \${C}`, `A=b\nx $B \${C}`],
  ['a longer name', `A=b\nx $AB $A_ \${AB}`, `A=b\nx $AB $A_ \${AB}`],
  ['a name that begins with a digit', '1A=b\nx $1A', '1A=b\nx $1A'],
  ['a variable in a variable', 'A=b\nC="$A c"\nx $C', 'A=\nC=\nx b c'],
  ['a variable in itself', 'A="$A b"\nx $A', 'A=\nx $A b'],
  ['variables in each other', 'A="$B a"\nB="$A b"\nx $A', 'A=\nB=\nx $A b a'],
  ['the last of two values', 'A=b\nA=c\nx $A', 'A=\nA=\nx c'],
  ['an assignment with a semicolon', 'A=b;\nx $A', 'A=\nx b;'],
  ['an assignment before a command', 'A=b x $A', 'A=b x $A'],
  ['an assignment with an escaped quote', 'A="b \\" c"\nx $A', 'A=\nx b " c'],
  ['an indented assignment', '  A=b\nx $A', '  A=\nx b'],
  [
    'one word with spaces, as systemd passes it',
    `A="b c"\nx --y=\${A} --y=z=\${A} --y=$A`,
    'A=\nx "--y=b c" "--y=z=b c" --y=b c',
  ],
  ['options in a variable', `A="b --c"\nx --y=\${A}`, 'A=\nx --y=b --c'],
  ['a quote in a variable', `A='b " c'\nx --y=\${A}`, 'A=\nx --y=b " c'],
  ['a variable with spaces inside a word', `A="b c"\nx --y=\${A}z a--y=\${A}`, 'A=\nx --y=b cz a--y=b c'],
  ['a variable without spaces', `A=b\nx --y=\${A}`, 'A=\nx --y=b'],
  ['no variable', 'x \\\n y\r\n# z\nw', 'x   y\nw'],
])('%s', (_, text, expected) => {
  expect(withVariables(text)).toBe(expected);
});

test('variables whose values multiply do not take forever', () => {
  const text = Array.from({ length: 60 }, (_, i) => `A${i}="$A${i + 1} $A${i + 1}"\n`).join('');
  expect(withVariables(`${text}x $A0`).length).toBeLessThan(1e5);
});

test('a placeholder of Jinja or Helm is part of a word', () => {
  expect(shellWords('--a=https://{{ b }}/c --d {{ e.f | default("g h") }}\n{ { i')).toEqual([
    '--a=https://{{b}}/c',
    '--d',
    '{{e.f|default(gh)}}',
    '{',
    '{',
    'i',
  ]);
});
