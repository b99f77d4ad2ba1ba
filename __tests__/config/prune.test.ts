import { follows, isFirstIn, prune, withoutWrongTypes } from '../../lib/config/prune';
import type { Finding, Path } from '../../lib/findings/finding';

const at = (path: Path, code = 'bad-value'): Finding => ({
  code,
  severity: 'error',
  place: { path },
  message: 'm',
  fix: 'f',
});
const findings = (...paths: Path[]) => paths.map((path) => at(path));

test('a config without its faulty parts keeps the rest, and knows its paths in the whole', () => {
  const whole = { a: { x: 1, y: 2 }, list: ['0', '1', '2', { names: ['0', '1', '2'] }, '4'] };
  const { value, original } = prune(whole, findings(['list', 1], ['a', 'x'], ['list', '0'], ['list', 3, 'names', 1]));
  expect(value).toEqual({ a: { y: 2 }, list: ['2', { names: ['0', '2'] }, '4'] });
  expect(original(['list', 0])).toEqual(['list', 2]);
  expect(original(['list', 1, 'names', 0])).toEqual(['list', 3, 'names', 0]);
  expect(original(['list', 1, 'names', 1])).toEqual(['list', 3, 'names', 2]);
  expect(original(['list', 2])).toEqual(['list', 4]);
  expect(original(['a', 'y'])).toEqual(['a', 'y']);
  expect(whole.list).toHaveLength(5);
});

test('two findings at one item remove one item', () => {
  expect(prune({ list: ['0', '1', '2'] }, findings(['list', 0], ['list', '0'], ['list', 0])).value).toEqual({
    list: ['1', '2'],
  });
});

test('a path that leads nowhere, or to what every object inherits, removes nothing', () => {
  const value = { list: ['0'] };
  expect(prune(value, findings(['none', 'x'], ['constructor', 'prototype'], [])).value).toEqual(value);
});

test('a number or boolean that was meant as a string becomes one', () => {
  const value = { version: 1.3, list: [true], extra: 1, wrong: [] };
  expect(
    withoutWrongTypes(value, [
      at(['version'], 'not-text'),
      at(['list', '0'], 'not-text'),
      at(['extra'], 'unknown-key'),
      at(['wrong'], 'wrong-type'),
    ]),
  ).toEqual({ version: '1.3', list: ['true'] });
});

describe('a finding follows from an earlier one', () => {
  const input = { groups: { admins: { members: ['nobody'] } }, grants: [{ groups: ['admins'] }] };
  const earlier = findings(['groups', 'admins', 'members', '0']);

  test.each<[string, Path, boolean]>([
    ['in the same entry', ['groups', 'admins'], true],
    ['where that entry is named', ['grants', 0, 'groups', 0], true],
    ['and not in another entry', ['groups', 'others'], false],
    ['and not at a field that is not there', ['checks', 'ignore'], false],
  ])('%s', (_where, path, expected) => expect(follows(at(path), earlier, input)).toBe(expected));

  test('if it is about another field of Kanidm, and the earlier one about a whole field', () => {
    expect(follows(at(['kanidm', 'backup']), findings(['kanidm', 'manifests']), input)).toBe(true);
    expect(follows(at(['kanidm', 'backup']), findings(['kanidm', 'manifests', 'ingress']), input)).toBe(false);
  });

  test('if both are in one entry of `checks.ignore`', () => {
    expect(follows(at(['checks', 'ignore', 1]), findings(['checks', 'ignore', '1', 'cluster']), input)).toBe(true);
    expect(follows(at(['checks', 'ignore', 0]), findings(['checks', 'ignore', '1', 'cluster']), input)).toBe(false);
  });

  test('not because both lead nowhere', () => {
    expect(follows(at(['flux', 'interval']), findings(['kanidm']), input)).toBe(false);
  });
});

test.each<[string, Path, Path, boolean]>([
  ['a grant of the cluster', ['clusters', 'a', 'grants', 0], ['clients', 'k8s', 'scopes'], true],
  ['its claims', ['clusters', 'a', 'authentication', 'claim'], ['clients', 'web', 'claims'], true],
  ['a grant on all clusters', ['grants', 0], ['clients', 'k8s', 'scopes', 'team'], true],
  ['the grant of another cluster', ['clusters', 'b', 'grants', 0], ['clients', 'k8s', 'scopes'], false],
  ['the server of the cluster', ['clusters', 'a', 'server'], ['clients', 'k8s', 'scopes'], false],
  ['a grant, if something else is wrong', ['clusters', 'a', 'grants', 0], ['clients', 'k8s', 'landingUrl'], false],
])('what tokens contain decides about %s', (_what, path, earlier, expected) => {
  const input = { clusters: { a: { client: 'k8s', trust: ['web'] }, b: { client: 'other' } } };
  expect(follows(at(path), findings(earlier), input)).toBe(expected);
});

test('items are removed from the last to the first, in numeric order', () => {
  const list = Array.from({ length: 12 }, (_, i) => i);
  const { value, original } = prune({ list }, findings(['list', 2], ['list', '10'], ['list', '9']));
  expect(value.list).toEqual([0, 1, 3, 4, 5, 6, 7, 8, 11]);
  expect(value.list.map((_, i) => original(['list', i]))).toEqual(value.list.map((item) => ['list', item]));
});

test('an item and a part of it can both be faulty', () => {
  const whole = { list: [{ a: 1, b: 2 }, { a: 3 }] };
  expect(prune(whole, findings(['list', 0], ['list', 0, 'a'])).value).toEqual({ list: [{ a: 3 }] });
  expect(prune(whole, findings(['list', 0, 'a', 'x'], ['list', 1, 'a'])).value).toEqual({ list: [{ a: 1, b: 2 }, {}] });
});

test('a value of a wrong type stays as it is under any other code', () => {
  const value = { a: 1, list: [2, 3] };
  expect(withoutWrongTypes(value, [at(['a']), at(['list', 0], 'missing-key')])).toEqual(value);
  expect(withoutWrongTypes(value, [at(['list', 0], 'wrong-type'), at(['none', 'x'], 'not-text')])).toEqual({
    a: 1,
    list: [3],
  });
});

test.each<[Path, boolean]>([
  [['a'], false],
  [['a', 0], false],
  [['a', 0, 'b'], false],
  [['a', 0, 'b', 'c'], true],
  [['a', 1], true],
  [['b'], true],
  [[], false],
])('a finding at %j is the first one there: %s', (path, expected) => {
  expect(isFirstIn(findings(['a', '0', 'b']))(at(path))).toBe(expected);
});
