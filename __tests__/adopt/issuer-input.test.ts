import { isExpressible, issuerInput, issuerKey, kanidmMapping } from '../../lib/adopt/issuer-input';
import type { Issuer, SettingName } from '../../lib/existing/api-server-issuers';
import { claim, issuer } from './worlds';

const setting = (name: SettingName, place: string, value = 'x') => ({ name, place, value });
const usernameClaim = setting('username', 'jwt[0].claimMappings.username.claim');
const usernamePrefix = setting('username', 'jwt[0].claimMappings.username.prefix');

describe('the key of an issuer', () => {
  test.each([
    ['https://token.actions.githubusercontent.com', 'github'],
    ['https://gitlab.com', 'gitlab'],
    ['https://accounts.google.com', 'google'],
    ['https://Git.Example.com:8443/api', 'git-example-com'],
    ['http://-a__b-/x', 'a-b'],
    ['ldap://x', 'issuer'],
    [`https://${'a'.repeat(60)}.example.com`, 'a'.repeat(50)],
  ])('%s', (url, key) => {
    expect(issuerKey(url, [])).toBe(key);
  });

  test('has a number if the host is there already', () => {
    expect(issuerKey('https://gitlab.com/a', ['gitlab'])).toBe('gitlab-2');
    expect(issuerKey('https://gitlab.com/a', ['gitlab', 'gitlab-2', 'x'])).toBe('gitlab-3');
  });
});

describe('the user names of a client of Kanidm', () => {
  const of = (username: Issuer['username'], ...settings: Issuer['settings']) =>
    kanidmMapping({ ...issuer(username), settings });
  const own = 'https://idm.example.org/oauth2/openid/k8s#';

  test('have the claim and the prefix that are given', () => {
    expect(of(claim('email', 'k:'), usernameClaim, usernamePrefix)).toEqual({ claim: 'email', prefix: 'k:' });
    expect(of(claim('sub', 'k:'), setting('username', '--oidc-username-prefix'))).toEqual({ prefix: 'k:' });
    for (const name of ['sub', 'email', 'preferred_username'])
      expect(of(claim(name, 'k:'), usernameClaim, usernamePrefix)).toEqual({ claim: name, prefix: 'k:' });
  });

  test('have the claim sub if theirs identifies nobody', () => {
    expect(of(claim('name', 'k:'), usernameClaim, usernamePrefix)).toEqual({ claim: 'sub', prefix: 'k:' });
  });

  test('have no prefix if theirs is the default one', () => {
    expect(of(claim('sub', own), usernameClaim)).toEqual({ claim: 'sub' });
    expect(of(claim('sub', own), usernameClaim, usernamePrefix)).toEqual({ claim: 'sub' });
    expect(of(claim('email'), usernameClaim)).toEqual({ claim: 'email' });
    expect(of(claim('email'), usernameClaim, usernamePrefix)).toEqual({ claim: 'email', prefix: '' });
    expect(of(claim('email', own), usernameClaim, usernamePrefix)).toEqual({ claim: 'email' });
    expect(of(claim('email', own), usernameClaim)).toEqual({ claim: 'email', prefix: own });
  });

  test('are an expression, if it was one', () => {
    expect(of({ expression: 'claims.sub' })).toEqual({ username: { expression: 'claims.sub' } });
    expect(of({ claim: 'sub', prefix: '', expression: 'claims.sub' })).toEqual({
      username: { expression: 'claims.sub' },
    });
    expect(of(undefined)).toEqual({});
  });

  test('are not given by a setting of groups', () => {
    const groups = setting('groups', 'jwt[0].claimMappings.groups.claim');
    expect(of(claim('email'), groups)).toEqual({});
  });
});

describe('the rest of a mapping', () => {
  const of = (more: Partial<Issuer>) => kanidmMapping({ ...issuer(), ...more });

  test('are the groups and the required claims', () => {
    expect(of({ groups: claim('groups', 'k:'), requiredClaims: new Map([['azp', 'k8s']]) })).toEqual({
      groups: { claim: 'groups', prefix: 'k:' },
      requiredClaims: { azp: 'k8s' },
    });
    expect(of({ groups: { expression: 'claims.groups' } })).toEqual({ groups: { expression: 'claims.groups' } });
    expect(of({ groups: { claim: 'groups', prefix: '', expression: 'claims.groups' } })).toEqual({
      groups: { expression: 'claims.groups' },
    });
  });

  test('are the UID, extra fields and rules of the entry', () => {
    const entry = {
      claimMappings: {
        uid: { claim: 'sub' },
        extra: [
          { key: 'example.org/a', valueExpression: 'claims.a' },
          { key: 'example.org/b' },
          { valueExpression: 'claims.c' },
        ],
      },
      claimValidationRules: [
        { expression: 'claims.a', message: 'a' },
        { expression: 'claims.b', message: 1 },
        { claim: 'azp', requiredValue: 'k8s' },
      ],
      userValidationRules: [
        { expression: "!user.username.startsWith('system:')", message: 'no' },
        { expression: 'user.username != "x"' },
      ],
    };
    expect(of({ entry })).toEqual({
      uid: { claim: 'sub' },
      extra: [{ key: 'example.org/a', valueExpression: 'claims.a' }],
      claimValidationRules: [{ expression: 'claims.a', message: 'a' }, { expression: 'claims.b' }],
      userValidationRules: [{ expression: 'user.username != "x"' }],
    });
    expect(of({ entry: { claimMappings: { uid: { expression: 'claims.sub' } } } })).toEqual({
      uid: { expression: 'claims.sub' },
    });
    expect(of({ entry: { claimMappings: { uid: 'sub', extra: [] }, claimValidationRules: [] } })).toEqual({});
  });
});

describe('the fields of a config', () => {
  const full = { ...issuer(claim('sub', 'ci:')), url: 'https://ci.example.com', settings: [usernameClaim] };

  test('express an issuer with a mapping, a URL and an audience', () => {
    expect(isExpressible(full)).toBe(true);
    const { username: _, ...unnamed } = full;
    expect(isExpressible(unnamed)).toBe(false);
    expect(isExpressible({ ...full, url: '' })).toBe(false);
    expect(isExpressible({ ...full, audiences: [] })).toBe(false);
  });

  test('do not express unknown settings and names of Kubernetes', () => {
    const withSetting = (name: SettingName, value: string) =>
      isExpressible({ ...full, settings: [usernameClaim, setting(name, 'jwt[0].x', value)] });
    expect(withSetting('other', 'x')).toBe(false);
    expect(withSetting('connection', 'x')).toBe(true);
    expect(withSetting('username', '"system:ci:" + claims.sub')).toBe(false);
    expect(withSetting('groups', 'system:')).toBe(false);
    expect(withSetting('mapping', 'system:')).toBe(true);
    expect(withSetting('username', 'system')).toBe(true);
  });

  test('are those of the entry', () => {
    const entry = {
      issuer: { discoveryURL: 'https://ci.svc/.well-known/openid-configuration', egressSelectorType: 'cluster' },
      claimMappings: { uid: { claim: 'sub' } },
    };
    expect(
      issuerInput({
        ...full,
        audiences: ['k8s', 'deploy'],
        ca: { pem: 'PEM' },
        groups: claim('groups', 'ci:'),
        entry,
      }),
    ).toEqual({
      url: 'https://ci.example.com',
      discoveryUrl: 'https://ci.svc/.well-known/openid-configuration',
      audiences: ['k8s', 'deploy'],
      egressSelectorType: 'cluster',
      ca: { pem: 'PEM' },
      claim: 'sub',
      prefix: 'ci:',
      groups: { claim: 'groups', prefix: 'ci:' },
      uid: { claim: 'sub' },
    });
  });

  test('leave out what the entry does not have', () => {
    const entry = { issuer: { discoveryURL: 1, egressSelectorType: 'other' } };
    expect(issuerInput({ ...full, entry, ca: { nodePath: '/ca.crt' } })).toEqual({
      url: 'https://ci.example.com',
      audiences: ['k8s'],
      claim: 'sub',
      prefix: 'ci:',
    });
    expect(issuerInput({ ...full, entry: { issuer: { egressSelectorType: 'controlplane' } } }).egressSelectorType).toBe(
      'controlplane',
    );
  });

  test('are an expression, if it was one', () => {
    for (const username of [
      { expression: 'claims.sub' },
      { claim: 'sub', prefix: '', expression: 'claims.sub' },
    ] as const)
      expect(issuerInput({ ...full, username })).toEqual({
        url: 'https://ci.example.com',
        audiences: ['k8s'],
        username: { expression: 'claims.sub' },
      });
  });
});
