import { without } from '../../lib/adopt/config-path';

test('a key is removed, and everything else stays', () => {
  const config = { a: { b: 1, c: 2 }, d: [1, { e: null }] };
  expect(without(config, ['a', 'b'])).toEqual({ a: { c: 2 }, d: [1, { e: null }] });
  expect(without(config, ['a'])).toEqual({ d: [1, { e: null }] });
  expect(without(config, ['d', 1, 'e'])).toEqual({ a: { b: 1, c: 2 }, d: [1, {}] });
  expect(without(config, ['d', 0])).toEqual({ a: { b: 1, c: 2 }, d: [{ e: null }] });
  expect(config).toEqual({ a: { b: 1, c: 2 }, d: [1, { e: null }] });
});

test('a list that becomes empty is removed, except members', () => {
  expect(without({ a: { grants: [{ x: 1 }], b: 1 } }, ['a', 'grants', 0])).toEqual({ a: { b: 1 } });
  expect(without({ a: { members: ['x'] } }, ['a', 'members', 0])).toEqual({ a: { members: [] } });
  expect(without({ a: { grants: [1, 2] } }, ['a', 'grants', 0])).toEqual({ a: { grants: [2] } });
});

test('a map that becomes empty stays, unless Kanidm would then remove all its values', () => {
  for (const name of ['scopes', 'supplementaryScopes', 'claims'])
    expect(without({ k8s: { [name]: { team: 1 }, b: 1 } }, ['k8s', name, 'team'])).toEqual({ k8s: { b: 1 } });
  expect(without({ k8s: { scopes: { team: 1, ops: 2 } } }, ['k8s', 'scopes', 'team'])).toEqual({
    k8s: { scopes: { ops: 2 } },
  });
  expect(without({ people: { jane: { posix: 1 } } }, ['people', 'jane', 'posix'])).toEqual({ people: { jane: {} } });
  expect(without({ people: { jane: {} } }, ['people', 'jane'])).toEqual({ people: {} });
});

test('a path that leads nowhere removes nothing', () => {
  const config = { a: { b: 1 }, d: [1] };
  for (const path of [[], ['x'], ['a', 'x'], ['a', 'b', 'c'], ['d', 1], ['d', 'x'], ['d', 0, 'x']])
    expect(without(config, path)).toEqual(config);
});

test('a number as the key of a map is its text', () => {
  expect(without({ a: { 1: 'x', 2: 'y' } }, ['a', 1])).toEqual({ a: { 2: 'y' } });
});

test('what is no map is an empty config', () => {
  expect(without('text', [])).toEqual({});
  expect(without(null, ['a'])).toEqual({});
  expect(without([1], ['a'])).toEqual({});
});
