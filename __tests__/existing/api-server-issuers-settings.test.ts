import {
  authenticationConfiguration,
  flagIssuers,
  issuersIn,
  oidcFlags,
  structuredIssuers,
} from '../../lib/existing/api-server-issuers';

const url = 'https://idm.example.org';
const source = 'file';

test('an entry of an AuthenticationConfiguration with every setting', () => {
  const own = { expression: "!user.username.startsWith('system:')", message: 'm' };
  const jwt = {
    issuer: {
      url,
      audiences: ['a', 7],
      audienceMatchPolicy: 'MatchAny',
      certificateAuthority: 'PEM',
      discoveryURL: 'https://d',
      egressSelectorType: 'cluster',
      later: [1],
    },
    claimMappings: {
      username: { expression: 'claims.email', more: 1 },
      groups: { claim: 'groups', prefix: 'g:' },
      uid: { claim: 'sub' },
      extra: [{ key: 'a.b/c', valueExpression: 'd' }],
      later: 'x',
    },
    claimValidationRules: [{ claim: 'a', requiredValue: 'b' }, { claim: 'c' }, { expression: 'true' }, 'x'],
    userValidationRules: [own, { expression: 'true' }, { message: 'm' }],
    later: null,
  };
  const unknown = 'adopt does not know the effect of this field';
  const rejects = 'the API server accepts tokens that this rule rejects today';
  const users = 'the API server accepts users whom this rule rejects today';
  const setting = (name: string, at: string, value: string, without?: string) => ({
    name,
    place: `jwt[0].${at}`,
    value,
    ...(without === undefined ? {} : { without }),
  });
  expect(structuredIssuers({ jwt: [jwt] }, source)).toEqual([
    {
      source,
      place: 'jwt[0]',
      url,
      audiences: ['a', '7'],
      username: { claim: 'email', prefix: '', expression: 'claims.email' },
      groups: { claim: 'groups', prefix: 'g:' },
      requiredClaims: new Map([
        ['a', 'b'],
        ['c', ''],
      ]),
      ca: { pem: 'PEM' },
      entry: jwt,
      settings: [
        setting('issuer', 'issuer.url', url),
        setting('audience', 'issuer.audiences[0]', 'a'),
        setting('audience', 'issuer.audiences[1]', '7'),
        setting('ca', 'issuer.certificateAuthority', 'a certificate'),
        setting('audience', 'issuer.audienceMatchPolicy', 'MatchAny'),
        setting(
          'connection',
          'issuer.discoveryURL',
          'https://d',
          'the API server fetches the keys from the issuer URL',
        ),
        setting('connection', 'issuer.egressSelectorType', 'cluster', 'the API server connects to the issuer directly'),
        setting('other', 'issuer.later', '[1]', unknown),
        setting('username', 'claimMappings.username.expression', 'claims.email'),
        setting('other', 'claimMappings.username.more', '1', unknown),
        setting('groups', 'claimMappings.groups.claim', 'groups'),
        setting('groups', 'claimMappings.groups.prefix', 'g:'),
        setting(
          'mapping',
          'claimMappings.uid',
          '{"claim":"sub"}',
          'users have no UID in requests to admission webhooks and in the audit log',
        ),
        setting(
          'mapping',
          'claimMappings.extra[0]',
          '{"key":"a.b/c","valueExpression":"d"}',
          'users do not have this extra field in requests to admission webhooks',
        ),
        setting('other', 'claimMappings.later', 'x', unknown),
        setting('required', 'claimValidationRules[0]', 'a=b'),
        setting('required', 'claimValidationRules[1]', 'c='),
        setting('mapping', 'claimValidationRules[2]', '{"expression":"true"}', rejects),
        setting('other', 'claimValidationRules[3]', 'x', rejects),
        setting('own rule', 'userValidationRules[0]', JSON.stringify(own), users),
        setting('mapping', 'userValidationRules[1]', '{"expression":"true"}', users),
        setting('other', 'userValidationRules[2]', '{"message":"m"}', users),
        setting('other', 'later', 'null', unknown),
      ],
    },
  ]);
});

test('an empty text is a field that is not set', () => {
  const [one] = structuredIssuers({
    jwt: [
      {
        issuer: { url, audiences: ['a'] },
        claimMappings: {
          username: { claim: 'sub', expression: '', prefix: '' },
          groups: { claim: '', prefix: '' },
          uid: { claim: 'sub', expression: '' },
        },
        claimValidationRules: [
          { claim: 'a', requiredValue: 'b', message: '' },
          { claim: '', expression: 'true' },
        ],
      },
    ],
  });
  expect(one).toMatchObject({ username: { claim: 'sub', prefix: '' }, requiredClaims: new Map([['a', 'b']]) });
  expect(one?.groups).toBeUndefined();
  expect(one?.settings.slice(2).map(({ name, place }) => `${name} ${place}`)).toEqual([
    'username jwt[0].claimMappings.username.claim',
    'username jwt[0].claimMappings.username.prefix',
    'groups jwt[0].claimMappings.groups.prefix',
    'mapping jwt[0].claimMappings.uid',
    'required jwt[0].claimValidationRules[0]',
    'mapping jwt[0].claimValidationRules[1]',
  ]);
  const [both] = structuredIssuers({ jwt: [{ claimMappings: { uid: { claim: 'a', expression: 'b' } } }] });
  expect(both?.settings.at(-1)?.name).toBe('other');
  const [none] = structuredIssuers({ jwt: [{ claimMappings: { uid: { claim: '' } } }] });
  expect(none?.settings).toHaveLength(1);
});

test('an entry with nothing, and one of a wrong type', () => {
  const empty = (place: string, entry: object = {}) => ({
    source: '',
    place,
    url: '',
    audiences: [],
    requiredClaims: new Map(),
    entry,
    settings: [{ name: 'issuer', place: `${place}.issuer.url`, value: '' }],
  });
  expect(structuredIssuers({ jwt: [{}, 'x'] })).toEqual([empty('jwt[0]'), empty('jwt[1]')]);
  expect(structuredIssuers({})).toEqual([]);
  // A policy without audiences has no effect of its own, and is not a setting.
  const [policy] = structuredIssuers({ jwt: [{ issuer: { audienceMatchPolicy: 'MatchAny' } }] });
  expect(policy?.settings).toHaveLength(1);
});

test.each<[string, object, object | undefined]>([
  ['a claim', { claim: 'sub', prefix: 'a:' }, { claim: 'sub', prefix: 'a:' }],
  ['a claim without a prefix', { claim: 'sub' }, { claim: 'sub', prefix: '' }],
  [
    'an expression for a claim with a prefix',
    { expression: "'a:' + claims.sub" },
    { claim: 'sub', prefix: 'a:', expression: "'a:' + claims.sub" },
  ],
  ['another expression', { expression: 'claims.a + claims.b' }, { expression: 'claims.a + claims.b' }],
  ['nothing', {}, undefined],
  ['a claim of a wrong type', { claim: 7 }, undefined],
])('a user name from %s', (_, username, expected) => {
  const [issuer] = structuredIssuers({ jwt: [{ claimMappings: { username } }] });
  expect(issuer?.username).toEqual(expected);
});

test('a mapping of a wrong type is a setting that is not known', () => {
  const [issuer] = structuredIssuers({ jwt: [{ claimMappings: { groups: 'x' } }] });
  expect(issuer?.settings[1]).toEqual({
    name: 'other',
    place: 'jwt[0].claimMappings.groups.',
    value: 'x',
    without: 'adopt does not know the effect of this field',
  });
});

test('the flags', () => {
  const args = new Map(
    Object.entries({
      'oidc-issuer-url': ['x', url],
      'oidc-client-id': ['k8s'],
      'oidc-signing-algs': ['ES256', 'RS256'],
      'oidc-username-claim': ['email'],
      'oidc-username-prefix': ['u:'],
      'oidc-groups-claim': ['groups'],
      'oidc-groups-prefix': ['g:'],
      'oidc-ca-file': ['/ca.pem'],
      'oidc-required-claim': ['a=b', 'c=d'],
      v: ['2'],
    }),
  );
  const setting = (flag: string, name: string, ...values: string[]) =>
    values.map((value) => ({ name, place: `--oidc-${flag}`, value }));
  const issuer = {
    source,
    place: '--oidc-*',
    url,
    audiences: ['k8s'],
    algorithms: ['ES256', 'RS256'],
    username: { claim: 'email', prefix: 'u:' },
    groups: { claim: 'groups', prefix: 'g:' },
    requiredClaims: new Map([
      ['a', 'b'],
      ['c', 'd'],
    ]),
    ca: { nodePath: '/ca.pem' },
    settings: [
      ...setting('issuer-url', 'issuer', 'x', url),
      ...setting('client-id', 'audience', 'k8s'),
      ...setting('signing-algs', 'algorithms', 'ES256,RS256'),
      ...setting('username-claim', 'username', 'email'),
      ...setting('username-prefix', 'username', 'u:'),
      ...setting('groups-claim', 'groups', 'groups'),
      ...setting('groups-prefix', 'groups', 'g:'),
      ...setting('ca-file', 'ca', '/ca.pem'),
      ...setting('required-claim', 'required', 'a=b', 'c=d'),
    ],
  };
  expect(flagIssuers(args, source)).toEqual([issuer]);
  expect(flagIssuers(args, source, { pem: 'PEM' })).toEqual([{ ...issuer, ca: { pem: 'PEM' } }]);
  expect(flagIssuers(new Map([['oidc-issuer-url', [url]]]))).toEqual([
    {
      source: '',
      place: '--oidc-*',
      url,
      audiences: [''],
      algorithms: ['RS256'],
      username: { claim: 'sub', prefix: `${url}#` },
      requiredClaims: new Map(),
      settings: setting('issuer-url', 'issuer', url),
    },
  ]);
  expect(Object.keys(oidcFlags)).toHaveLength(9);
});

test('the issuers in a document', () => {
  const jwt = [{ issuer: { url } }];
  const places = (document: object) =>
    issuersIn({ ...document }, source).map((one) => [one.place, one.url, one.source]);
  expect(places({ kind: 'AuthenticationConfiguration', jwt })).toEqual([['jwt[0]', url, source]]);
  expect(places({ kind: 'KubeAuthenticationConfig', configuration: { jwt } })).toEqual([['jwt[0]', url, source]]);
  expect(places({ apiServer: { extraArgs: { 'oidc-issuer-url': url } } })).toEqual([['--oidc-*', url, source]]);
  expect(places({ jwt })).toEqual([]);
  expect(authenticationConfiguration({ kind: 'KubeAuthenticationConfig' })).toEqual({});
});
