import { parseDocument } from 'yaml';
import { nestsTooDeep, plainValue } from '../../lib/config/yaml-nesting';
import { objectsIn } from '../../lib/existing/manifests';
import { factsOfFile } from '../../lib/existing/read-file';
import { homeLabText } from '../config';
import { run } from '../run';

const deep = '['.repeat(600);

test.each([
  [deep, true],
  [`${'['.repeat(400)}${']'.repeat(400)}${'{a: '.repeat(400)}`, false],
  [`${'a: {'.repeat(501)}`, true],
  [`${'- '.repeat(300)}a`, true],
  [`${'- '.repeat(200)}a`, false],
  [']'.repeat(10_000), false],
  [`a: ${JSON.stringify(deep)}`, false],
  [`a: |\n  ${deep}\n  ${'-'.repeat(600)}\n${' '.repeat(600)}b\nc: d`, false],
  [`# ${deep}\na: b`, false],
  [`a: "${deep}"\nb: ${deep}`, true],
  [`a:\n${' '.repeat(600)}b: c`, true],
])('whether a text nests too deep: %#', (text, expected) => expect(nestsTooDeep(text)).toBe(expected));

test('a text below the limit is parsed', () => {
  const text = `a: ${'{b: '.repeat(499)}1${'}'.repeat(499)}`;
  expect(nestsTooDeep(text)).toBe(false);
  expect(parseDocument(text).errors).toEqual([]);
});

test('an alias inside its own value is an error, and one beside it is not', () => {
  const value = (text: string) => plainValue(parseDocument(text));
  expect(() => value('a: &a\n  b: [*a]\n')).toThrow('an alias is inside the value that it stands for');
  expect(value('a: &a { b: c }\nd: [*a, *a]\n')).toEqual({ a: { b: 'c' }, d: [{ b: 'c' }, { b: 'c' }] });
});

test.each([
  ['nested too deep', `a: ${deep}`],
  ['with an alias inside its own value', 'a: &a\n  b: [*a]\n'],
])('a manifest %s is refused, and adopt says that it does not understand it', (_, text) => {
  expect(() => objectsIn('a.yaml', text)).toThrow(/nested too deeply|inside the value/);
  expect(factsOfFile('a.yaml', text).passedOver).toHaveLength(1);
});

test('a config from standard input that is not UTF-8 is refused', async () => {
  const bytes = (text: string) => async () => Buffer.from(text, 'latin1');
  const text = homeLabText.replace(/displayName: .*/, 'displayName: J\xe9');
  const { code, stdout } = await run(['check', '-c', '-'], { stdinBytes: bytes(text) });
  expect(code).toBe(2);
  expect(stdout).toContain('the file is not UTF-8: this character is invalid (not-utf8)');
});
