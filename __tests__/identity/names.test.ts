import type { TokenMapping } from '../../lib/identity/authenticator';
import { hostOfOrigin, isWithin } from '../../lib/identity/issuer';
import { namePrefixes } from '../../lib/identity/name-prefixes';
import { byLength, claimShapes, meet, type Names, shapes } from '../../lib/identity/name-shapes';
import { isUuid } from '../../lib/identity/uuid';

test.each([
  ['https://idm.example.com', 'idm.example.com'],
  ['https://idm.example.com:8443', 'idm.example.com'],
  ['https://idm.example.com/', undefined],
  ['https://idm.example.com/ui', undefined],
  ['https://user@idm.example.com', undefined],
  ['http://idm.example.com', undefined],
  ['idm.example.com', undefined],
])('the host of the origin %s is %s', (origin, host) => {
  expect(hostOfOrigin(origin)).toBe(host);
});

test.each([
  ['idm.example.com', 'idm.example.com', true],
  ['a.b.example.com', 'example.com', true],
  ['myexample.com', 'example.com', false],
  ['example.com', 'idm.example.com', false],
  ['.example.com.evil.example', 'example.com', false],
])('%s is within %s: %p', (host, domain, expected) => {
  expect(isWithin(host, domain)).toBe(expected);
});

const uuid = '7b89b6ea-1e8b-4aa8-98fb-a70cba498d16';
test.each([
  [uuid, true],
  [`x${uuid}`, false],
  [`${uuid}x`, false],
  [uuid.slice(1), false],
  [uuid.slice(0, -1), false],
  [uuid.replace('1e8b', '1e8'), false],
  [uuid.replace('-1e8b', ''), false],
  [uuid.toUpperCase(), false],
])('%s has the form of a UUID: %p', (text, expected) => {
  expect(isUuid(text)).toBe(expected);
});

describe('the prefixes of names', () => {
  const prefixes = (mapping: object, of: 'username' | 'groups' = 'username') =>
    namePrefixes(mapping as TokenMapping, of);
  const startsWith = (...texts: string[]) =>
    texts.map((text) => ({ expression: `user.username.startsWith('${text}')` }));
  const username = { claim: 'sub', prefix: 'k:' };
  const either = { expression: "claims.a == 'x' ? 'ab:' + claims.sub : 'b:' + claims.sub" };

  test.each<[string, object, unknown]>([
    ['of a claim is the one that is put before it', { username }, [{ prefix: 'k:', isRequired: false }]],
    [
      'of an expression are those of its branches',
      { username: either },
      [
        { prefix: 'ab:', isRequired: false },
        { prefix: 'b:', isRequired: false },
      ],
    ],
    [
      'is the longer one that a rule requires',
      { username, userValidationRules: startsWith('k:', 'k:team-', 'k:t') },
      [{ prefix: 'k:team-', isRequired: true }],
    ],
    [
      'is that of the mapping if a rule requires the same one',
      { username, userValidationRules: startsWith('k:') },
      [{ prefix: 'k:', isRequired: false }],
    ],
    [
      'are none if a rule requires a longer one that differs',
      { username, userValidationRules: startsWith('other:') },
      [],
    ],
    ['are none if a rule requires a shorter one that differs', { username, userValidationRules: startsWith('x') }, []],
    [
      'are those of the branches that a rule admits',
      { username: either, userValidationRules: startsWith('b') },
      [{ prefix: 'b:', isRequired: false }],
    ],
  ])('%s', (_what, mapping, expected) => {
    expect(prefixes(mapping)).toEqual(expected);
  });

  test('of groups follow the rules about groups only', () => {
    const userValidationRules = [...startsWith('k:long-'), { expression: "user.groups.all(g, g.startsWith('g:'))" }];
    expect(prefixes({ username, groups: { claim: 'groups', prefix: '' }, userValidationRules }, 'groups')).toEqual([
      { prefix: 'g:', isRequired: true },
    ]);
    expect(prefixes({ username }, 'groups')).toEqual([]);
  });
});

test.each<[string, string, boolean]>([
  [':any', ':any', true],
  [':uuid', ':uuid', true],
  [':uuid', ':name', false],
  [':uuid', ':mail', false],
  [':uuid', ':group', false],
  [':uuid', ':any', true],
  [':name', ':mail', true],
  [':name', ':group', true],
  [':group', ':mail', true],
  ['a:', 'b:', false],
  ['ab:any', 'b:any', false],
  ['k-:name', 'k-x:uuid', true],
  ['k-:name', 'k-7:name', false],
  ['k-:name', 'k-X:name', false],
  ['k-:name', 'k-a@b:name', true],
  ['k-:name', 'k-a@b@c:name', false],
  ['k-:name', 'k-a@B:name', false],
  ['k-:group', 'k-7@b:name', true],
  ['k-:group', 'k-_:name', false],
  ['k-:group', 'k-7 :name', false],
  ['k-:uuid', 'k-7b-:name', true],
  ['k-:uuid', 'k-g:name', false],
  [`k-:uuid`, `k-${'a'.repeat(36)}:name`, true],
  [`k-:uuid`, `k-${'a'.repeat(37)}:name`, false],
  ['k-:mail', 'k-A.b+c@example:any', true],
  ['k-:mail', 'k-a b:any', false],
  ['k-:mail', 'k-(a:any', false],
  ['k-:any', 'k- (:uuid', true],
])('names %s and %s can be the same: %p', (left, right, expected) => {
  const names = (text: string) => {
    const at = text.lastIndexOf(':');
    return { prefix: text.slice(0, at), shape: text.slice(at + 1) || 'any' } as Names;
  };
  expect(meet(names(left), names(right))).toBe(expected);
  expect(meet(names(right), names(left))).toBe(expected);
});

test.each([
  ['sub', '7b89b6ea-', true],
  ['sub', 'a@b', false],
  ['email', 'A+b@c', true],
  ['email', 'a b', false],
  ['preferred_username', 'a_1@b', true],
  ['preferred_username', '7b', false],
])('a value of %s can begin with %s: %p', (claim, start, expected) => {
  const shape = claimShapes[claim];
  if (!shape) throw new Error(`no shape for ${claim}`);
  expect(shapes[shape].start.test(start)).toBe(expected);
});

test('the names with the shorter prefix come first, and keep their order if the prefixes are of one length', () => {
  const [a, b, longer] = ['a', 'b', 'long'].map((prefix): Names => ({ prefix, shape: 'any' })) as [Names, Names, Names];
  expect(byLength(longer, a)).toEqual([a, longer]);
  expect(byLength(a, longer)).toEqual([a, longer]);
  expect(byLength(b, a)).toEqual([b, a]);
});
