import type { TokenMapping } from '../../lib/identity/authenticator';
import { hostOfOrigin, isWithin } from '../../lib/identity/issuer';
import { namePrefixes } from '../../lib/identity/name-prefixes';
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
