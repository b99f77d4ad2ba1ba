import { parseAllDocuments } from 'yaml';
import { firstLineOf, isSameValue, yamlFaultOf } from '../lib/guards';

test.each<[unknown, unknown]>([
  [
    { a: 1, b: [true, null] },
    { b: [true, null], a: 1 },
  ],
  [[], []],
  [Number.NaN, Number.NaN],
  // Keys that all objects inherit.
  [
    { constructor: 1, valueOf: 2 },
    { valueOf: 2, constructor: 1 },
  ],
  [JSON.parse('{"__proto__": 1}'), JSON.parse('{"__proto__": 1}')],
])('%j equals %j', (a, b) => {
  expect(isSameValue(a, b)).toBe(true);
});

test.each<[unknown, unknown]>([
  [{ a: 1 }, { a: '1' }],
  [{ a: 1 }, { a: 1, b: undefined }],
  [{ a: undefined }, { b: undefined }],
  [{ constructor: Object }, {}],
  [{}, { constructor: Object }],
  [{ toString: {}.toString }, { a: 1 }],
  [JSON.parse('{"__proto__": 1}'), JSON.parse('{"__proto__": 2}')],
  [JSON.parse('{"__proto__": {}}'), {}],
  [
    [1, 2],
    [2, 1],
  ],
  [[1], { 0: 1 }],
  [{}, null],
  [0, -0],
])('%j does not equal %j', (a, b) => {
  expect(isSameValue(a, b)).toBe(false);
});

test.each([
  [new Error('bad at line 1, column 5:\n\n  a: [\n'), 'bad at line 1, column 5'],
  [new Error('\nno: such file\nmore'), 'no: such file'],
  ['text: ', 'text'],
  [undefined, 'undefined'],
])('the first line of %p', (thrown, line) => expect(firstLineOf(thrown)).toBe(line));

test.each([
  ['a\n# b\nsecret at line 1, column 1\nc: d\n', 'Unexpected scalar token at line 3, column 1'],
  ['a: |secret\n b\n', 'Block scalar header includes extra characters at line 1, column 5'],
  ['a: !secret! b', 'A tag has no suffix at line 1, column 4'],
  ['a: "\\Usecretsecret"', 'Invalid escape sequence at line 1, column 5'],
  ['%YAML secret\n---\na: 1', 'Unsupported YAML version at line 1, column 7'],
  ['{a:"b", c :d :e }', undefined],
  ['a: [b,, c]', 'Unexpected , in flow sequence at line 1, column 7'],
])('a fault of YAML is said without the text of the file: %j', (text, fault) => {
  const [error] = parseAllDocuments(text, { logLevel: 'error' }).flatMap((one) => one.errors);
  expect(error && yamlFaultOf(error)).toBe(fault);
});

test('a message about two characters keeps both', () => {
  const error = new Error('Missing , or : between flow map items at line 1, column 9:\n\n{a');
  expect(yamlFaultOf(error)).toBe('Missing , or : between flow map items at line 1, column 9');
});
