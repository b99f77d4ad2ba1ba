import { freeKey } from '../../lib/adopt/free-key';
import { identities } from './worlds';

const keyOf = (wish: string, longer = wish) => freeKey(identities(), wish, longer);

test('the preferred key is used if it is free', () => {
  expect(keyOf('sam', 'samuel')).toBe('sam');
});

test('the longer key is used if an entry of any kind has the preferred one', () => {
  for (const name of ['jane', 'bot', 'team', 'k8s']) expect(keyOf(name, 'longer')).toBe('longer');
});

test('a built-in name is not free', () => {
  expect(keyOf('idm_admins', 'ops')).toBe('ops');
  expect(keyOf('root', 'ops')).toBe('ops');
});

test('numbers begin with 2, after the longer key', () => {
  const groups = new Map([
    ['team', {}],
    ['team-2', {}],
  ]);
  expect(freeKey(identities(), 'jane', 'team')).toBe('team-2');
  expect(freeKey(identities({ groups }), 'jane', 'team')).toBe('team-3');
});

test('a text becomes a name that Kanidm allows', () => {
  expect(keyOf("Sam O'Neil+1@example.com")).toBe('sam-o-neil-1-example.com');
  expect(keyOf('a_b.c-d')).toBe('a_b.c-d');
  expect(keyOf('1st')).toBe('x-1st');
  expect(keyOf('_a')).toBe('x-_a');
  expect(keyOf('')).toBe('x-');
  expect(keyOf('a'.repeat(70))).toBe('a'.repeat(60));
  expect(keyOf('1'.repeat(70))).toBe(`x-${'1'.repeat(58)}`);
});
