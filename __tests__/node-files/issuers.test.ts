import { entry } from '../../lib/config/config';
import { parseJwt } from '../../lib/explain/jwt';
import { judge } from '../../lib/explain/token';
import {
  authenticationConfigurationObject,
  systemRules,
  trustedBy,
} from '../../lib/node-files/authentication-configuration';
import { codesOf, configOf, homeLab, load } from '../config';

const ca = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

const input = (cluster: object) => ({
  clients: {
    headlamp: { landingUrl: 'https://headlamp.example.com', scopes: { k8s_users: ['openid', 'email', 'groups'] } },
  },
  clusters: { homelab: { kubernetes: '1.34', ...cluster } },
});

const structured = { method: 'structured', prefix: 'kanidm:' };

const ci = { url: 'https://ci.example.com', audiences: ['b', 'a'], prefix: 'ci:' };

const rendered = (cluster: object) => {
  const config = configOf(input(cluster));
  const homelab = entry(config.clusters, 'homelab');
  return authenticationConfigurationObject(homelab, trustedBy(config, homelab)) as { jwt: unknown[] };
};

test('an issuer of others has everything that an AuthenticationConfiguration can say', () => {
  const [, entry] = rendered({
    authentication: structured,
    issuers: {
      ci: {
        ...ci,
        discoveryUrl: 'https://ci.internal.example.com/.well-known/openid-configuration',
        egressSelectorType: 'cluster',
        ca: { pem: ca },
        groups: { claim: 'teams', prefix: 'ci:' },
        requiredClaims: { owner: 'example-org' },
        uid: { claim: 'jti' },
        extra: [{ key: 'example.com/team', valueExpression: 'claims.team' }],
        claimValidationRules: [{ expression: "claims.sub != ''", message: 'sub' }],
        userValidationRules: [{ expression: "user.username != 'ci:root'" }],
      },
    },
  }).jwt;
  expect(entry).toEqual({
    issuer: {
      url: 'https://ci.example.com',
      discoveryURL: 'https://ci.internal.example.com/.well-known/openid-configuration',
      certificateAuthority: ca,
      audiences: ['b', 'a'],
      audienceMatchPolicy: 'MatchAny',
      egressSelectorType: 'cluster',
    },
    claimValidationRules: [
      { claim: 'owner', requiredValue: 'example-org' },
      { expression: "claims.sub != ''", message: 'sub' },
    ],
    claimMappings: {
      username: { claim: 'sub', prefix: 'ci:' },
      groups: { claim: 'teams', prefix: 'ci:' },
      uid: { claim: 'jti' },
      extra: [{ key: 'example.com/team', valueExpression: 'claims.team' }],
    },
    userValidationRules: [...systemRules, { expression: "user.username != 'ci:root'" }],
  });
});

test('unless prefixes are set, the users and groups of an issuer of others begin with its key', () => {
  const [, byDefault, explicit, byExpression] = rendered({
    authentication: { ...structured, groups: {} },
    issuers: {
      ci: { url: 'https://ci.example.com', audiences: ['a'], claim: 'email', groups: { claim: 'teams' } },
      dex: { url: 'https://dex.example.com', audiences: ['a'], prefix: 'd/', groups: { prefix: 'g/' } },
      forge: {
        url: 'https://forge.example.com',
        audiences: ['a'],
        username: { expression: "'forge-' + claims.sub" },
        groups: { expression: "['forge-all']" },
      },
    },
  }).jwt.map((one) => (one as { claimMappings: object }).claimMappings);
  expect(byDefault).toEqual({
    username: { claim: 'email', prefix: 'ci:' },
    groups: { claim: 'teams', prefix: 'ci:' },
  });
  expect(explicit).toEqual({ username: { claim: 'sub', prefix: 'd/' }, groups: { claim: 'groups', prefix: 'g/' } });
  expect(byExpression).toEqual({
    username: { expression: "'forge-' + claims.sub" },
    groups: { expression: "['forge-all']" },
  });
});

test('a client has a mapping of its own where the config has one, and entries under jwt stay as they are, last', () => {
  const literal = {
    issuer: { url: 'https://old.example.com', audiences: ['x'] },
    claimMappings: { username: { expression: 'claims.sub', prefix: null } },
    later: [1, { a: null }],
  };
  const { jwt } = rendered({
    kubernetes: '1.38',
    trust: ['headlamp'],
    authentication: { ...structured, clients: { headlamp: { username: { expression: "'hl:' + claims.sub" } } } },
    issuers: { ci },
    jwt: [literal],
  });
  expect(jwt).toMatchObject([
    { claimMappings: { username: { claim: 'sub', prefix: 'kanidm:' } } },
    { claimMappings: { username: { expression: "'hl:' + claims.sub" } } },
    { issuer: { url: 'https://ci.example.com' } },
    literal,
  ]);
  expect(jwt[3]).toEqual(literal);
});

test('subjects of a grant are bound by their names', () => {
  const config = configOf(
    input({
      authentication: structured,
      grants: [{ name: 'ci', clusterRole: 'view', subjects: { users: ['ci:repo:web'], groups: ['ci:deployers'] } }],
    }),
  );
  expect(entry(config.clusters, 'homelab').grants[0]?.subjects).toEqual({
    users: ['ci:repo:web'],
    groups: ['ci:deployers'],
  });
  const system = { name: 'all', clusterRole: 'view', subjects: { groups: ['system:authenticated'] } };
  expect(codesOf(homeLab(input({ authentication: structured, grants: [system] })))).toContain('system-subject');
});

test.each<[string, object, string[]]>([
  ['another prefix', { prefix: 'ci:' }, []],
  ['the default prefix', { prefix: null }, []],
  ['the default prefix, and a mail address', { prefix: null, claim: 'email' }, []],
  ['default prefixes of users and groups', { prefix: null, groups: {} }, []],
  ['a mail address without a prefix', { prefix: '', claim: 'email' }, []],
  ['any name without a prefix', { prefix: '' }, ['names-shared']],
  ['a prefix within that of Kanidm', { prefix: 'kan' }, ['names-shared']],
  ['a longer prefix, which no UUID begins with', { prefix: 'kanidm:ci:' }, []],
  ['an expression with a prefix', { prefix: null, username: { expression: "'ci:' + claims.sub" } }, []],
  ['an expression without one', { prefix: null, username: { expression: 'claims.sub' } }, ['names-shared']],
  [
    'a rule that requires a prefix',
    { prefix: '', userValidationRules: [{ expression: "user.username.startsWith('ci:')" }] },
    [],
  ],
  ['groups with the prefix of Kanidm', { prefix: 'ci:', groups: { prefix: 'kanidm:' } }, ['names-shared']],
  ['groups without a prefix', { prefix: 'ci:', groups: { prefix: '' } }, ['names-shared']],
  ['groups with another prefix', { prefix: 'ci:', groups: { prefix: 'ci:' } }, []],
  [
    'groups of its own beside those of a claim',
    { prefix: 'ci:', groups: { expression: "['ci:' + claims.path] + claims.groups" } },
    ['names-shared'],
  ],
  [
    'groups of its own beside those of a claim, with a prefix',
    { prefix: 'ci:', groups: { expression: "['ci:' + claims.path] + dyn(claims.groups).map(g, 'ci:' + g)" } },
    [],
  ],
  [
    'groups with two prefixes of its own',
    { prefix: 'ci:', groups: { expression: "['ci:' + claims.path, 'ci-ref:' + claims.ref, 'other:x']" } },
    [],
  ],
  [
    'groups with its own prefix and that of Kanidm',
    { prefix: 'ci:', groups: { expression: "['ci:' + claims.path, 'kanidm:' + claims.ref]" } },
    ['names-shared'],
  ],
  [
    'groups of a claim, and a rule that requires a prefix',
    {
      prefix: 'ci:',
      groups: { expression: "['ci:' + claims.path] + claims.groups" },
      userValidationRules: [{ expression: "user.groups.all(g, g.startsWith('ci:'))" }],
    },
    [],
  ],
  [
    'groups, some of which a rule refuses',
    {
      prefix: 'ci:',
      groups: { expression: "['ci:' + claims.path, 'kanidm:' + claims.ref]" },
      userValidationRules: [{ expression: "user.groups.all(g, g.startsWith('ci:'))" }],
    },
    [],
  ],
])('an issuer of others with %s', (_, issuer, codes) => {
  const { prefix: _prefix, ...fields } = ci;
  const { prefix, ...rest } = issuer as { prefix: string | null };
  const whole = { ...fields, ...rest, ...(prefix === null ? {} : { prefix }) };
  const cluster = { authentication: { ...structured, groups: {} }, issuers: { ci: whole } };
  expect(codesOf(homeLab(input(cluster))).filter((code) => code === 'names-shared')).toEqual(codes);
});

test.each<[string, object, string]>([
  [
    'users of',
    {
      username: { expression: 'claims.email' },
      claimValidationRules: [{ expression: 'claims.email_verified == true' }],
    },
    "let the names from `username.expression` begin with a prefix of their own, such as `ci:`, or require the prefix with `user.username.startsWith('ci:')` under `userValidationRules`",
  ],
  [
    'groups of',
    { prefix: 'ci:', groups: { expression: "['ci:x'] + claims.groups" } },
    "let the names from `groups.expression` begin with a prefix of their own, such as `ci:`, or require the prefix with `user.groups.all(g, g.startsWith('ci:'))` under `userValidationRules`",
  ],
  ['users without', { prefix: '' }, 'give issuer ci a prefix of its own, such as `prefix: "ci:"`'],
])('the fix for %s an expression is one that a config can have', (_, mapping, fix) => {
  const { prefix: _prefix, ...fields } = ci;
  const found = (more: object) =>
    load(
      homeLab(
        input({ authentication: { ...structured, groups: {} }, issuers: { ci: { ...fields, ...mapping, ...more } } }),
      ),
    ).findings;
  expect(found({}).filter(({ code }) => code === 'names-shared')).toEqual([expect.objectContaining({ fix })]);
  const rule = /require the prefix with `([^`]*)`/.exec(fix)?.[1];
  const fixed = found(rule === undefined ? { prefix: 'ci:' } : { userValidationRules: [{ expression: rule }] });
  expect(fixed.filter(({ severity }) => severity === 'error')).toEqual([]);
});

test.each<[string, object, object, string[]]>([
  ['one claim and one prefix', { prefix: 'k:' }, { prefix: 'k:' }, []],
  [
    'mail addresses beside names',
    { claim: 'preferred_username', prefix: 'k:' },
    { claim: 'email', prefix: 'k:' },
    ['names-shared'],
  ],
  ['UUIDs beside mail addresses', { prefix: 'k:' }, { claim: 'email', prefix: 'k:' }, []],
  ['two prefixes', { claim: 'preferred_username', prefix: 'k:' }, { claim: 'email', prefix: 'h:' }, []],
  [
    'a claim, and an expression of the same names',
    { claim: 'preferred_username', prefix: 'k:' },
    { username: { expression: '"k" + ":" + (claims["preferred_username"])' } },
    [],
  ],
  [
    'a name, and its part before the domain',
    { claim: 'preferred_username', prefix: 'k:' },
    { username: { expression: "'k:' + claims.preferred_username.split('@')[0]" } },
    [],
  ],
  [
    'a name, and the part of a mail address before the domain',
    { claim: 'preferred_username', prefix: 'k:' },
    { username: { expression: "'k:' + claims.email.split('@')[0]" } },
    ['names-shared'],
  ],
  [
    'one expression, spelled in two ways',
    { username: { expression: "'k:' + claims.preferred_username.lowerAscii()" } },
    { username: { expression: '"k:"+claims.preferred_username.lowerAscii( )' } },
    [],
  ],
  [
    'a rule that one of them has',
    { prefix: 'k:' },
    { prefix: 'k:', userValidationRules: [{ expression: "user.username.startsWith('k:a')" }] },
    [],
  ],
])('two clients of one Kanidm with %s', (_, own, headlamp, codes) => {
  const cluster = {
    trust: ['headlamp'],
    authentication: { method: 'structured', ...own, clients: { headlamp } },
    grants: null,
  };
  const found = codesOf(homeLab(input(cluster)));
  expect(found.filter((code) => code === 'names-shared')).toEqual(codes);
});

test('explain says what is not known of a token: an entry under jwt, and an expression that is not evaluated', () => {
  const config = configOf(
    input({
      authentication: structured,
      grants: null,
      issuers: { ci: { ...ci, groups: { expression: 'dyn(claims.groups).sort()' } } },
      jwt: [
        {
          issuer: { url: 'https://old.example.com', audiences: ['x'] },
          claimMappings: { username: { claim: 'sub', prefix: 'ci:' } },
        },
      ],
    }),
  );
  const now = 1_800_000_000;
  const verdict = (iss: string, aud: string) => {
    const text = Buffer.from(JSON.stringify({ iss, aud, sub: 'a', exp: now + 60 })).toString('base64url');
    const header = Buffer.from('{"alg":"ES256"}').toString('base64url');
    return judge(config, entry(config.clusters, 'homelab'), {
      token: parseJwt(`${header}.${text}.${'A'.repeat(86)}`),
      now,
    });
  };
  const literal = verdict('https://old.example.com', 'x');
  expect(literal).toMatchObject({ accepted: null });
  expect(literal.groups).toBeUndefined();
  expect(literal.unchecked.join()).toContain('the issuer is an entry under `jwt`');
  const other = verdict('https://ci.example.com', 'a');
  expect(other).toMatchObject({ accepted: null, user: 'ci:a' });
  expect(other.unchecked.join()).toContain('the groups: Kaniflux does not evaluate the expression');
  expect(verdict('https://ci.example.com', 'c')).toMatchObject({ accepted: false });
});
