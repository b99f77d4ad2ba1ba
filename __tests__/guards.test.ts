import { firstLineOf, isSameValue } from '../lib/guards';

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
