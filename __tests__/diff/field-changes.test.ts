import { fieldChanges, fieldText } from '../../lib/diff/field-changes';

describe('the path of a field', () => {
  test.each<[unknown, unknown, string]>([
    [{ spec: { replicas: 1 } }, { spec: { replicas: 2 } }, 'spec.replicas'],
    [{ 'a-b_c': 1 }, { 'a-b_c': 2 }, 'a-b_c'],
    [{ data: { 'a.json': 1 } }, { data: { 'a.json': 2 } }, 'data."a.json"'],
    [1, 2, ''],
    [{ list: [{ name: 'a', x: 1 }] }, { list: [{ name: 'a', x: 2 }] }, 'list[a].x'],
    [{ list: [{ namespace: 'n', name: 'a', x: 1 }] }, { list: [{ namespace: 'n', name: 'a', x: 2 }] }, 'list[n/a].x'],
    [{ list: [{ kind: 'K', name: 'a', x: 1 }] }, { list: [{ kind: 'K', name: 'a', x: 2 }] }, 'list[K/a].x'],
    [{ list: [{ metadata: { name: 'a' }, x: 1 }] }, { list: [{ metadata: { name: 'a' }, x: 2 }] }, 'list[a].x'],
    ...['mountPath', 'key', 'path', 'containerPort', 'port', 'host'].map((key): [unknown, unknown, string] => [
      { list: [{ [key]: 'v', x: 1 }] },
      { list: [{ [key]: 'v', x: 2 }] },
      'list[v].x',
    ]),
    [{ ports: [{ port: 80, x: 1 }] }, { ports: [{ port: 80, x: 2 }] }, 'ports[80].x'],
  ])('%j and %j: %s', (before, after, path) => {
    expect(fieldChanges(before, after).map((one) => one.path)).toEqual([path]);
  });
});

describe('lists', () => {
  const [a, b] = [{ name: 'a' }, { name: 'b' }];

  test('with identities, in which an entry is new or gone', () => {
    expect(fieldChanges({ list: [a] }, { list: [b] })).toEqual([
      { path: 'list[a]', before: a },
      { path: 'list[b]', after: b },
    ]);
    expect(fieldChanges({ list: [a, b] }, { list: [b, a] })).toEqual([]);
  });
  test('with kinds on one side only, because a server filled them in', () => {
    expect(
      fieldChanges({ list: [{ kind: 'K', name: 'a', x: 1 }] }, { list: [{ name: 'a', x: 2 }] }, 'written'),
    ).toEqual([{ path: 'list[a].x', before: 1, after: 2 }]);
  });
  test.each<[string, unknown[], unknown[], object[]]>([
    [
      'texts',
      ['get', 'list'],
      ['list', 'watch'],
      [
        { path: 'list[]', before: 'get' },
        { path: 'list[]', after: 'watch' },
      ],
    ],
    [
      'an entry without an identity',
      [a, { x: 1 }],
      [a, { x: 2 }],
      [
        { path: 'list[]', before: { x: 1 } },
        { path: 'list[]', after: { x: 2 } },
      ],
    ],
    ['two entries with one identity', [a, { name: 'a', x: 1 }], [a], [{ path: 'list[]', before: { name: 'a', x: 1 } }]],
    [
      'an identity that is no text',
      [{ key: true, x: 1 }],
      [{ key: true, x: 2 }],
      [
        { path: 'list[]', before: { key: true, x: 1 } },
        { path: 'list[]', after: { key: true, x: 2 } },
      ],
    ],
    ['maps with keys in another order', [{ x: 1, y: 2 }], [{ y: 2, x: 1 }], []],
  ])('without identities: %s', (_, before, after, changes) => {
    expect(fieldChanges({ list: before }, { list: after })).toEqual(changes);
  });
  test('of arguments and commands, in which the order matters', () => {
    const [one, other] = [
      { spec: { args: ['a', 'b'], command: ['x'] } },
      { spec: { args: ['b', 'a'], command: ['x'] } },
    ];
    expect(fieldChanges(one, other)).toEqual([{ path: 'spec.args', before: ['a', 'b'], after: ['b', 'a'] }]);
    expect(fieldChanges({ command: ['x'] }, { command: ['x', 'y'] })).toEqual([
      { path: 'command', before: ['x'], after: ['x', 'y'] },
    ]);
    expect(fieldChanges({ myargs: ['a', 'b'] }, { myargs: ['b', 'a'] })).toEqual([]);
  });
});

describe('fields that a server fills in', () => {
  test('are ignored in maps', () => {
    expect(fieldChanges({ a: 1, b: { c: 1, d: 2 } }, { b: { c: 1 } }, 'written')).toEqual([]);
    expect(fieldChanges({ b: { c: 1 } }, { a: 1, b: { c: 2 } }, 'written')).toEqual([
      { path: 'a', after: 1 },
      { path: 'b.c', before: 1, after: 2 },
    ]);
  });
  const routes = (...rules: object[]) => ({ spec: { rules } });

  test('are ignored in the rules of a route, of which each counts once', () => {
    const [bare, filled] = [{ to: 'a' }, { to: 'a', weight: 1 }];
    expect(fieldChanges(routes(filled), routes(bare), 'written')).toEqual([]);
    expect(fieldChanges(routes(filled), routes(bare, bare), 'written')).toEqual([
      { path: 'spec.rules[]', after: bare },
    ]);
    expect(fieldChanges(routes(filled, { to: 'b' }), routes(bare), 'written')).toEqual([
      { path: 'spec.rules[]', before: { to: 'b' } },
    ]);
    // An equal rule is matched before one in which fields are filled in.
    expect(fieldChanges(routes(filled, bare), routes(bare, filled), 'written')).toEqual([]);
  });
  test('are not ignored in other lists, and not between two configs', () => {
    expect(fieldChanges({ rules: [{ a: 1, b: 2 }] }, { rules: [{ a: 1 }] }, 'written')).toHaveLength(2);
    expect(fieldChanges(routes({ a: 1, b: 2 }), routes({ a: 1 }))).toHaveLength(2);
  });
});

test.each([
  [{ path: 'a', after: 1 }, '+ a: 1'],
  [{ path: 'a', before: 1 }, '- a: 1'],
  [{ path: 'a', before: 1, after: 'x y' }, '~ a: 1 -> "x y"'],
])('%j is printed as %s', (change, text) => {
  expect(fieldText(change)).toBe(text);
});
