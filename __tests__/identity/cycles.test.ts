import { cycles } from '../../lib/identity/cycles';

const of = (graph: Record<string, string[]>) => cycles(Object.keys(graph), (node) => graph[node] ?? []);

test.each<[string, Record<string, string[]>, string[][]]>([
  ['a tree', { a: ['b', 'c'], b: [], c: [] }, []],
  ['two ways to one node', { a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }, []],
  ['a node in itself', { a: ['a'] }, [['a']]],
  ['a node in itself, which another node leads to', { a: ['b'], b: ['b'] }, [['b']]],
  ['a node in itself, which two nodes lead to', { a: ['b', 'c'], b: ['d'], c: ['d'], d: ['d'] }, [['d']]],
  ['a ring, and the way to it', { w: ['a'], a: ['b'], b: ['c'], c: ['a'] }, [['a', 'b', 'c']]],
  [
    'two rings, in their order',
    { a: ['b', 'c'], b: ['a'], c: ['a'] },
    [
      ['a', 'b'],
      ['a', 'c'],
    ],
  ],
  ['a ring that the second node is in', { a: [], b: ['c', 'a'], c: ['b'] }, [['b', 'c']]],
])('%s', (_name, graph, expected) => {
  expect(of(graph)).toEqual(expected);
});
