import { CannotRemove, removeItems } from '../../lib/expire/remove-items';

const rows: [string, string, number[], string][] = [
  ['the first of a flow list', 'a: [x, y, z] # c\n', [0], 'a: [y, z] # c\n'],
  ['the last of a flow list', 'a: [x, y, z]\n', [2], 'a: [x, y]\n'],
  ['the last before a comma', 'a: [x, y, ]\n', [1], 'a: [x, ]\n'],
  ['two that touch', 'a: [x, y, z]\n', [1, 2], 'a: [x]\n'],
  ['all of a flow list', 'a: [ x, y ]\n', [0, 1], 'a: [ ]\n'],
  [
    'a line of a flow list',
    'a: [\n  x, # one\n  y, # two\n  z # three\n ]\n',
    [1],
    'a: [\n  x, # one\n  z # three\n ]\n',
  ],
  ['the last line of a flow list', 'a: [\n  x,\n  y # two\n ]\n', [1], 'a: [\n  x,\n ]\n'],
  ['an item with the comma before it', 'a:\n  [ x\n  , y\n  , z ]\n', [1], 'a:\n  [ x\n  , z ]\n'],
  ['a block item', 'a:\n- x\n- y # two\n- z\n', [1], 'a:\n- x\n- z\n'],
  ['the last block item, without a line break', 'a:\n- x\n- y', [1], 'a:\n- x\n'],
  ['all block items', 'a: # who\n  # one\n  - x\n  - y\nb: 1\n', [0, 1], 'a: [] # who\n  # one\nb: 1\n'],
  ['an item of several lines', 'a:\n  - k: |\n      # text\n\n      more\n    l: 1\n\n  - y\n', [0], 'a:\n\n  - y\n'],
  ['an item below its dash', 'a:\n  -\n    k: 1\n  - y\n', [0], 'a:\n  - y\n'],
  ['Windows lines', 'a:\r\n- x\r\n- y\r\n', [0], 'a:\r\n- y\r\n'],
  ['the last block items, in any order', 'a:\n- x\n- y\n- z\n', [2, 1], 'a:\n- x\n'],
  [
    'a flow list with comments',
    'a: [ # all\n  # about x\n  x,\n  # about y\n  y,\n]\n',
    [0],
    'a: [ # all\n  # about x\n  # about y\n  y,\n]\n',
  ],
  ['an item that contains the character of a comment', 'a:\n- "x # y"\n- z#1\n', [0], 'a:\n- z#1\n'],
  ['blank lines at the end of an item', 'a:\n- x\n\n\n- y\n', [0], 'a:\n\n\n- y\n'],
  ['JSON', '{"a": ["x", {"k": "y"}]}', [1], '{"a": ["x"]}'],
];

test.each(rows)('%s', (_what, text, indices, expected) => {
  expect(
    removeItems(
      text,
      indices.map((i) => ['a', i]),
    ).text,
  ).toBe(expected);
});

test('the lines of comments beside an item are told', () => {
  const text = 'a:\n  # about x\n  - k: 1\n    # in x\n  # about y\n  - y\n';
  expect(removeItems(text, [['a', 0]])).toEqual({
    text: 'a:\n  # about x\n    # in x\n  # about y\n  - y\n',
    comments: [2, 4],
  });
});

test('a line is told once, and only if it is a comment', () => {
  expect(
    removeItems('a:\n  - x # x\n  # both\n  - y\n  - "#"\n', [
      ['a', 0],
      ['a', 1],
    ]).comments,
  ).toEqual([3]);
  expect(removeItems('a:\n  - x # x\n  - y\n', [['a', 0]]).comments).toEqual([]);
});

test('two lists of one file', () => {
  const text = 'a: [x, y]\nb:\n  - k: [v, w]\n    l: 1\n  - z\n';
  expect(
    removeItems(text, [
      ['b', 0, 'k', 1],
      ['a', 0],
      ['b', 1],
    ]).text,
  ).toBe('a: [y]\nb:\n  - k: [v]\n    l: 1\n');
});

test('the reason of a refusal has the path', () => {
  const reason = (text: string, path: (string | number)[]) => {
    try {
      return removeItems(text, [path]).text;
    } catch (error) {
      return error instanceof CannotRemove && [error.path, error.message];
    }
  };
  expect(reason('a: { k: x }\n', ['a', 0])).toEqual([['a'], 'the value is not a YAML list']);
  expect(reason('? a\n: - x\n  - y\n', ['a', 0])).toEqual([['a', 0], 'something else is on the line of the item']);
  expect(reason('- - x\n- y\n', [0, 0])).toEqual([[0, 0], 'something else is on the line of the item']);
  expect(reason('-\n  - x\n- y\n', [0, 0])).toEqual([
    [0],
    'no item would be left, and Kaniflux writes an empty list only as the value of a key',
  ]);
});

test.each([
  ['a list that begins on the line of an explicit key', '? a\n: - x\n  - y\n', ['a', 0]],
  ['what is no list', 'a: { k: x }\n', ['a', 0]],
])('%s is refused', (_what, text, path) => {
  expect(() => removeItems(text, [path])).toThrow(CannotRemove);
});
