import { entry } from '../../lib/config/config';
import { ApiServerSignIn } from '../../lib/constructs/api-server-sign-in';
import type { IssuerProps } from '../../lib/constructs/issuer-props';
import { KanidmClient, type KanidmClientProps } from '../../lib/constructs/kanidm-client';
import { authenticationConfigurationObject, trustedBy } from '../../lib/node-files/authentication-configuration';
import { configOf } from '../config';

const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const origin = 'https://idm.example.com';
const least: IssuerProps = { url: 'https://ci.example.com', audiences: ['kubernetes'] };

const every: Required<IssuerProps> = {
  ...least,
  audiences: ['kubernetes', 'other'],
  discoveryUrl: 'https://ci.svc/.well-known/openid-configuration',
  egressSelectorType: 'cluster',
  ca: { pem },
  claim: 'email',
  prefix: 'c:',
  username: { expression: "'c:' + claims.email" },
  groups: { claim: 'teams', prefix: 'g:' },
  requiredClaims: { owner: 'example-org' },
  uid: { claim: 'jti' },
  extra: [{ key: 'example.com/team', valueExpression: 'claims.team' }],
  claimValidationRules: [{ expression: "claims.sub != ''", message: 'sub' }],
  userValidationRules: [{ expression: "user.username != 'c:root'" }],
};
// `username` replaces `claim` and `prefix`.
const { username: _username, ...byClaim } = every;
const {
  claim: _claim,
  prefix: _prefix,
  ...byExpression
} = {
  ...every,
  claimValidationRules: [{ expression: 'claims.email_verified == true' }],
};

function signIn(
  issuers: Readonly<Record<string, IssuerProps>>,
  client: Partial<KanidmClientProps> = {},
  jwt: readonly Readonly<Record<string, unknown>>[] = [],
) {
  const own = new KanidmClient({ origin, clientId: 'k8s', ...client });
  return new ApiServerSignIn({ clients: [own], kubernetes: '1.34', method: 'structured', issuers, jwt });
}

test.each<[string, Readonly<Record<string, IssuerProps>>]>([
  ['the least', { ci: least }],
  ['default prefixes', { ci: { ...least, groups: {} }, app: { ...least, url: 'https://app.example.com' } }],
  ['every field', { ci: byClaim }],
  ['every field and an expression', { ci: byExpression }],
  [
    'expressions',
    {
      ci: {
        ...least,
        username: { expression: "'ci:' + claims.sub" },
        groups: { expression: "['ci:all']" },
        uid: { expression: 'claims.sub' },
      },
    },
  ],
])('an issuer with %s is rendered as that of a config with the same fields', (_, issuers) => {
  const config = configOf({
    kanidm: { domain: 'idm.example.com' },
    clusters: {
      homelab: {
        kubernetes: '1.34',
        authentication: { method: 'structured', groups: {} },
        issuers: structuredClone(issuers),
        jwt: [
          {
            issuer: { url: 'https://old.example.com', audiences: ['old'] },
            claimMappings: { username: { claim: 'sub', prefix: 'ci:' } },
          },
        ],
        grants: null,
      },
    },
  });
  const homelab = entry(config.clusters, 'homelab');
  const { authenticationConfiguration } = signIn(issuers, { origin: config.kanidm.origin }, [
    {
      issuer: { url: 'https://old.example.com', audiences: ['old'] },
      claimMappings: { username: { claim: 'sub', prefix: 'ci:' } },
    },
  ]);
  expect(authenticationConfiguration).toEqual(authenticationConfigurationObject(homelab, trustedBy(config, homelab)));
});

test('a user name by an expression and by a claim is refused', () => {
  expect(() => signIn({ ci: every })).toThrow('issuers.ci.claim: `claim` and `username` exclude each other');
  const bad = { ...byExpression, url: '' };
  expect(() => signIn({ ci: bad })).toThrow(/^issuers\.ci\.url: [^\n]*$/);
});

test('the props stay as they are', () => {
  const issuers = { ci: { ...least, groups: {} } };
  signIn(issuers);
  expect(issuers).toEqual({ ci: { ...least, groups: {} } });
});

const two = (second: Partial<IssuerProps>) => ({ ci: least, forge: { ...least, ...second } });

test.each<[string, Readonly<Record<string, IssuerProps>>, Partial<KanidmClientProps>, string]>([
  ['a key that is no label', { 'C I': least }, {}, 'issuers.C I: `C I` is not'],
  ['no address', { ci: { ...least, url: '' } }, {}, 'issuers.ci.url: '],
  [
    'http',
    { ci: { ...least, url: 'http://ci.example.com' } },
    {},
    'issuers.ci.url: `http://ci.example.com` is not https',
  ],
  ['the URL of another', two({}), {}, 'issuers.forge.url: issuer forge has the same issuer URL as issuer ci'],
  [
    'the URL of a client',
    { ci: { ...least, url: `${origin}/oauth2/openid/k8s` } },
    {},
    'issuers.ci.url: issuer ci has the same issuer URL as client k8s',
  ],
  ['a private key', { ci: { ...least, ca: { pem: `${pem}PRIVATE KEY` } } }, {}, 'issuers.ci.ca.pem: '],
  [
    'an expression that does not compile',
    { ci: { ...least, username: { expression: 'claims.sub +' } } },
    {},
    'issuers.ci.username.expression: Kubernetes cannot compile',
  ],
  ['a reserved prefix', { ci: { ...least, prefix: 'system:' } }, {}, 'issuers.ci.prefix: `system:` begins with'],
  ['a literal dash', { ci: { ...least, prefix: '-' } }, {}, 'issuers.ci.prefix: `-` is not a prefix'],
  [
    'no prefix beside a client',
    { ci: { ...least, prefix: '' } },
    { usernamePrefix: 'kanidm:' },
    'issuers.ci: a user of client k8s and a user of issuer ci can have the same name',
  ],
  [
    'the groups of the client',
    { ci: { ...least, groups: { prefix: 'kanidm:' } } },
    {},
    'issuers.ci.groups: a group of client k8s and a group of issuer ci can have the same name',
  ],
])('%s is refused', (_, issuers, client, message) => {
  expect(() => signIn(issuers, client)).toThrow(message);
});

test('all problems are in one error', () => {
  expect(() => signIn({ ci: { ...least, url: 'http://ci.example.com', prefix: '-' } })).toThrow(
    /issuers\.ci\.url: .*\nissuers\.ci\.prefix: /,
  );
});

test('two clients of which one names people as the other names somebody else are refused', () => {
  const client = (clientId: string, usernameClaim: 'email' | 'preferred_username') =>
    new KanidmClient({ origin, clientId, usernameClaim, usernamePrefix: 'kanidm:' });
  const make = (claim: 'email' | 'preferred_username') =>
    new ApiServerSignIn({
      clients: [client('k8s', 'preferred_username'), client('headlamp', claim)],
      kubernetes: '1.34',
      method: 'structured',
    });
  expect(() => make('email')).toThrow('a user of client k8s and a user of client headlamp can have the same name');
  expect(() => make('preferred_username')).not.toThrow();
});

test('a rule for an older Kubernetes', () => {
  const own = new KanidmClient({ origin, clientId: 'k8s' });
  const issuers = { ci: { ...least, egressSelectorType: 'cluster' } } as const;
  const make = (kubernetes: string) =>
    new ApiServerSignIn({ clients: [own], kubernetes, method: 'structured', issuers });
  expect(() => make('1.33')).toThrow('issuers.ci.egressSelectorType: ');
  expect(() => make('1.34')).not.toThrow();
});

test('a further entry of jwt with the URL of a client is refused', () => {
  expect(() => signIn({}, {}, [{ issuer: { url: `${origin}/oauth2/openid/k8s` } }])).toThrow(
    'jwt.0.issuer.url: jwt[0] has the same issuer URL as client k8s',
  );
});
