import { parseWords } from '../../lib/existing/api-server-arguments';
import { flagIssuers, issuersIn, structuredIssuers } from '../../lib/existing/api-server-issuers';

const url = 'https://idm.example.org/oauth2/openid/k8s';
const flags = (more: Readonly<Record<string, readonly string[]>> = {}) =>
  flagIssuers(new Map(Object.entries({ 'oidc-issuer-url': [url], 'oidc-client-id': ['k8s'], ...more })), 'file')[0];

test.each<[string, Readonly<Record<string, readonly string[]>>, object]>([
  ['nothing more', {}, { username: { claim: 'sub', prefix: `${url}#` }, algorithms: ['RS256'] }],
  ['a mail address', { 'oidc-username-claim': ['email'] }, { username: { claim: 'email', prefix: '' } }],
  ['another claim', { 'oidc-username-claim': ['name'] }, { username: { claim: 'name', prefix: `${url}#` } }],
  ['a prefix', { 'oidc-username-prefix': ['oidc:'] }, { username: { claim: 'sub', prefix: 'oidc:' } }],
  ['an empty prefix', { 'oidc-username-prefix': [''] }, { username: { claim: 'sub', prefix: `${url}#` } }],
  ['no prefix', { 'oidc-username-prefix': ['-'] }, { username: { claim: 'sub', prefix: '' } }],
  [
    'a prefix of a mail address',
    { 'oidc-username-claim': ['email'], 'oidc-username-prefix': ['oidc:'] },
    { username: { claim: 'email', prefix: 'oidc:' } },
  ],
  ['the last of several', { 'oidc-client-id': ['a', 'b'] }, { audiences: ['b'] }],
  ['groups', { 'oidc-groups-claim': ['groups'] }, { groups: { claim: 'groups', prefix: '' } }],
  [
    'a prefix of groups, where - is literal',
    { 'oidc-groups-claim': ['g'], 'oidc-groups-prefix': ['-'] },
    { groups: { claim: 'g', prefix: '-' } },
  ],
  ['algorithms', { 'oidc-signing-algs': ['ES256, RS256'] }, { algorithms: ['ES256', 'RS256'] }],
  // Tried on kube-apiserver 1.34.4: `FLAG: --oidc-signing-algs="[ES256,RS256]"`.
  ['algorithms in a flag each', { 'oidc-signing-algs': ['ES256', 'RS256'] }, { algorithms: ['ES256', 'RS256'] }],
  ['a CA', { 'oidc-ca-file': ['/etc/ca.crt'] }, { ca: { nodePath: '/etc/ca.crt' } }],
  [
    'required claims',
    { 'oidc-required-claim': ['a=b=c,d=e', ' f = g '] },
    {
      requiredClaims: new Map([
        ['a', 'b=c,d=e'],
        ['f', 'g'],
      ]),
    },
  ],
])('flags with %s', (_name, more, expected) => {
  expect(flags(more)).toMatchObject({ url, place: '--oidc-*', source: 'file', ...expected });
});

test('what is absent is absent', () => {
  expect(flags()).not.toHaveProperty('groups');
  expect(flags()).not.toHaveProperty('ca');
  expect(flags({ 'oidc-groups-prefix': ['g:'] })).not.toHaveProperty('groups');
  expect(flagIssuers(new Map([['oidc-client-id', ['k8s']]]))).toEqual([]);
});

const entry = { issuer: { url, audiences: ['k8s'] }, claimMappings: { username: { claim: 'sub', prefix: 'k:' } } };
const settings = (jwt: object) =>
  structuredIssuers({ jwt: [jwt] })[0]?.settings.map(({ name, place, value }) => `${name} ${place} ${value}`);

test('an entry is read with each of its settings in its place', () => {
  const [issuer] = issuersIn({ kind: 'AuthenticationConfiguration', jwt: [entry] }, 'file');
  expect(issuer).toMatchObject({ url, audiences: ['k8s'], username: { claim: 'sub', prefix: 'k:' }, place: 'jwt[0]' });
  expect(issuer).not.toHaveProperty('groups');
  expect(settings(entry)).toEqual([
    `issuer jwt[0].issuer.url ${url}`,
    'audience jwt[0].issuer.audiences[0] k8s',
    'username jwt[0].claimMappings.username.claim sub',
    'username jwt[0].claimMappings.username.prefix k:',
  ]);
  expect(issuersIn({ kind: 'KubeAuthenticationConfig', configuration: { jwt: [entry] } })).toHaveLength(1);
  expect(issuersIn({ kind: 'Other', jwt: [entry] })).toEqual([]);
});

test.each<[string, object, string]>([
  [
    'discoveryURL',
    { issuer: { ...entry.issuer, discoveryURL: 'https://a' } },
    'connection jwt[0].issuer.discoveryURL https://a',
  ],
  ['a strange discoveryURL', { issuer: { ...entry.issuer, discoveryURL: 7 } }, 'other jwt[0].issuer.discoveryURL 7'],
  ['a field of tomorrow', { issuer: { ...entry.issuer, later: true } }, 'other jwt[0].issuer.later true'],
  [
    'a CA',
    { issuer: { ...entry.issuer, certificateAuthority: 'PEM' } },
    'ca jwt[0].issuer.certificateAuthority a certificate',
  ],
  ['uid', { claimMappings: { uid: { claim: 'sub' } } }, 'mapping jwt[0].claimMappings.uid {"claim":"sub"}'],
  [
    'a uid of two kinds',
    { claimMappings: { uid: { claim: 'a', expression: 'b' } } },
    'other jwt[0].claimMappings.uid {"claim":"a","expression":"b"}',
  ],
  [
    'extra',
    { claimMappings: { extra: [{ key: 'a.b/c', valueExpression: 'd' }] } },
    'mapping jwt[0].claimMappings.extra[0] {"key":"a.b/c","valueExpression":"d"}',
  ],
  [
    'half an extra',
    { claimMappings: { extra: [{ key: 'a.b/c' }] } },
    'other jwt[0].claimMappings.extra[0] {"key":"a.b/c"}',
  ],
  [
    'a required claim',
    { claimValidationRules: [{ claim: 'a', requiredValue: 'b' }] },
    'required jwt[0].claimValidationRules[0] a=b',
  ],
  [
    'a rule',
    { claimValidationRules: [{ expression: 'true', message: 'm' }] },
    'mapping jwt[0].claimValidationRules[0] {"expression":"true","message":"m"}',
  ],
  [
    'a mixed rule',
    { claimValidationRules: [{ claim: 'a', requiredValue: 'b', message: 'm' }] },
    'other jwt[0].claimValidationRules[0] {"claim":"a","requiredValue":"b","message":"m"}',
  ],
  [
    'a rule of users',
    { userValidationRules: [{ expression: 'true' }] },
    'mapping jwt[0].userValidationRules[0] {"expression":"true"}',
  ],
  [
    'a strange rule',
    { userValidationRules: [{ expression: 'true', more: 1 }] },
    'other jwt[0].userValidationRules[0] {"expression":"true","more":1}',
  ],
  ['a field of the entry', { later: 1 }, 'other jwt[0].later 1'],
])('%s is a setting', (_name, more, setting) => {
  const [before = [], after = []] = [settings({ issuer: entry.issuer }), settings({ issuer: entry.issuer, ...more })];
  expect(after.filter((one) => !before.includes(one))).toEqual([setting]);
});

test('a field that a rendered file lacks says what changes without it', () => {
  const jwt = {
    ...entry,
    issuer: { ...entry.issuer, egressSelectorType: 'cluster', later: 1 },
    userValidationRules: [{ expression: 'x' }],
  };
  const texts = structuredIssuers({ jwt: [jwt] })[0]
    ?.settings.map((one) => one.without)
    .filter(Boolean);
  expect(texts).toEqual([
    'the API server connects to the issuer directly',
    'adopt does not know the effect of this field',
    'the API server accepts users whom this rule rejects today',
  ]);
});

test.each<[string, readonly string[], object, readonly string[]]>([
  ['flags', ['--a=1', '--b', '2', '--c', '--d=3'], { a: ['1'], b: ['2'], c: ['true'], d: ['3'] }, []],
  ['a value with =', ['--a=b=c'], { a: ['b=c'] }, []],
  ['a repeated flag', ['--a=1', '--a=2'], { a: ['1', '2'] }, []],
  ['a dash as value', ['--a', '-'], { a: ['-'] }, []],
  ['a flag after a flag', ['--a', '--b'], { a: ['true'], b: ['true'] }, []],
  ['quotes', ['--a="1"', "--b='2'", '--c="3'], { a: ['1'], b: ['2'], c: ['"3'] }, []],
  [
    'words before the program',
    ['--root=/x', 'nice', '/usr/bin/kube-apiserver', '--a=1'],
    { a: ['1'] },
    ['--root', '1 more word'],
  ],
  ['other words', ['--a=1', 'x', 'y'], { a: ['1'] }, ['2 more words']],
  [
    'K3s',
    ['server', '--kube-apiserver-arg=a=1', '--kube-apiserver-arg', 'b=2', '--token=secret'],
    { a: ['1'], b: ['2'] },
    ['--token', '1 more word'],
  ],
  ['K3s, added', ['kube-apiserver-arg+=a=1'], { a: ['1'] }, []],
  ['k3d', ['--k3s-arg=--kube-apiserver-arg=a=1@server:*'], { a: ['1'] }, ['--k3s-arg']],
  ['an address that looks like it', ['--kube-apiserver-arg=a=1@server:0'], { a: ['1@server:0'] }, []],
  ['minikube', ['--extra-config', 'apiserver.a=1', '--extra-config=apiserver.b=2'], { a: ['1'], b: ['2'] }, []],
])('arguments of %s', (_name, words, args, others) => {
  const parsed = parseWords(words);
  expect(Object.fromEntries(parsed.args)).toEqual(args);
  expect(parsed.others).toEqual(others);
});
