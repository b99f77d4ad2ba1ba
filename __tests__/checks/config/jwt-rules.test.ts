import { homeLab, load } from '../../config';

type Parts = { readonly issuer?: object; readonly claimMappings?: unknown; readonly [field: string]: unknown };

/** Returns the findings about an entry of `jwt`, each as its path in the entry, code and message. */
const found = ({ issuer, claimMappings, ...more }: Parts, kubernetes = '1.34') =>
  load(
    homeLab({
      clusters: {
        homelab: {
          kubernetes,
          authentication: { method: 'structured' },
          jwt: [
            {
              issuer: { url: 'https://ci.example.com', audiences: ['a'], ...issuer },
              claimMappings: claimMappings ?? { username: { claim: 'sub', prefix: '' } },
              ...more,
            },
          ],
        },
      },
    }),
  )
    .findings.filter(({ code, path = [] }) => path[2] === 'jwt' && code !== 'names-not-known')
    .map(({ path, code, message }) => `${path?.slice(4).join('.')} ${code}: ${message}`);

const user = { username: { claim: 'sub', prefix: '' } };
const mapped = (more: object): Parts => ({ claimMappings: { ...user, ...more } });
const named = (username: unknown): Parts => ({ claimMappings: { username } });
const extra = (key: string, valueExpression = 'claims.a') => ({ key, valueExpression });
const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const fails = ': the API server would not start';

test.each<[string, Parts]>([
  ['only what is required', {}],
  ['empty fields', { issuer: { discoveryURL: null, egressSelectorType: '' }, claimValidationRules: null }],
  ['one audience with a policy', { issuer: { audienceMatchPolicy: 'MatchAny' } }],
  ['a certificate', { issuer: { certificateAuthority: `CA of CI\n${pem}` } }],
  ['an egress selector', { issuer: { egressSelectorType: 'cluster' } }],
  ['a discovery URL', { issuer: { discoveryURL: 'https://ci.example.com/discovery' } }],
  ['an expression with an empty claim', named({ expression: 'claims.sub', claim: '', prefix: null })],
  ['an empty mapping of groups', mapped({ groups: { claim: '', prefix: '' } })],
  ['a UID from a claim', mapped({ uid: { claim: 'sub', expression: '' } })],
  ['attributes', mapped({ extra: [extra('example.com/a'), extra('example.com/b')] })],
  ['rules of both kinds', { claimValidationRules: [{ claim: 'hd', requiredValue: 'x' }, { expression: 'true' }] }],
  [
    'a verified mail address after a rule with a claim',
    {
      ...named({ expression: 'claims.email' }),
      claimValidationRules: [{ claim: 'hd' }, { expression: 'claims.email_verified == true' }],
    },
  ],
  ['a rule over the user', { userValidationRules: [{ expression: "user.username != ''", message: 'm' }] }],
])('an entry with %s is accepted', (_, parts) => expect(found(parts)).toEqual([]));

test.each<[string, Parts, string[]]>([
  [
    'a map of rules',
    { claimValidationRules: { expression: 'true' } },
    [`claimValidationRules jwt-entry: \`claimValidationRules\` is not a list${fails}`],
  ],
  [
    'a text for a list',
    { issuer: { audiences: 'a' } },
    [`issuer.audiences jwt-entry: \`issuer.audiences\` is not a list${fails}`],
  ],
  [
    'a text for a map',
    named('sub'),
    [`claimMappings.username jwt-entry: \`claimMappings.username\` is not a map${fails}`],
  ],
  [
    'a boolean for a text',
    { claimValidationRules: [{ claim: 'a', requiredValue: true }] },
    [
      `claimValidationRules.0.requiredValue jwt-entry: \`claimValidationRules[0].requiredValue\` is not a string${fails}`,
    ],
  ],
  [
    'a field in another case',
    { issuer: { discoveryUrl: 'https://x' } },
    [`issuer.discoveryUrl jwt-entry: Kubernetes 1.34 has no field \`issuer.discoveryUrl\`${fails}`],
  ],
  [
    'a field of another section',
    mapped({ extra: [{ key: 'example.com/a', expression: 'claims.a' }] }),
    [
      `claimMappings.extra.0.expression jwt-entry: Kubernetes 1.34 has no field \`claimMappings.extra[0].expression\`${fails}`,
    ],
  ],
  [
    'an audience twice',
    { issuer: { audiences: ['a', 'a'], audienceMatchPolicy: 'MatchAny' } },
    [`issuer.audiences.1 jwt-entry: \`a\` is in \`issuer.audiences\` twice${fails}`],
  ],
  [
    'an empty audience',
    { issuer: { audiences: [''] } },
    [`issuer.audiences.0 jwt-entry: \`issuer.audiences[0]\` is empty${fails}`],
  ],
  [
    'another policy',
    { issuer: { audienceMatchPolicy: 'MatchAll' } },
    [`issuer.audienceMatchPolicy jwt-entry: \`issuer.audienceMatchPolicy\` is not \`MatchAny\`${fails}`],
  ],
  [
    'the path of a certificate',
    { issuer: { certificateAuthority: '/etc/ca.crt' } },
    [`issuer.certificateAuthority jwt-entry: \`issuer.certificateAuthority\` holds no PEM certificate${fails}`],
  ],
  [
    'an indented certificate',
    { issuer: { certificateAuthority: pem.replaceAll(/^/gm, ' ') } },
    [`issuer.certificateAuthority jwt-entry: \`issuer.certificateAuthority\` holds no PEM certificate${fails}`],
  ],
  [
    'another egress selector',
    { issuer: { egressSelectorType: 'etcd' } },
    [
      `issuer.egressSelectorType jwt-entry: \`issuer.egressSelectorType\` is neither \`controlplane\` nor \`cluster\`${fails}`,
    ],
  ],
  [
    'the URL as discovery URL',
    { issuer: { discoveryURL: 'https://ci.example.com/' } },
    ['issuer.discoveryURL issuer-url: `discoveryURL` is the same as the URL of the issuer, which Kubernetes refuses'],
  ],
  [
    'an expression with a prefix',
    named({ expression: 'claims.sub', prefix: '' }),
    [
      `claimMappings.username.prefix jwt-entry: \`claimMappings.username\` has both \`expression\` and \`prefix\`${fails}`,
    ],
  ],
  [
    'an expression with a claim',
    mapped({ groups: { expression: "['a']", claim: 'g' } }),
    [`claimMappings.groups.claim jwt-entry: \`claimMappings.groups\` has both \`expression\` and \`claim\`${fails}`],
  ],
  [
    'a UID from two sources',
    mapped({ uid: { expression: 'claims.sub', claim: 'sub' } }),
    [`claimMappings.uid.claim jwt-entry: \`claimMappings.uid\` has both \`expression\` and \`claim\`${fails}`],
  ],
  [
    'an attribute without a domain',
    mapped({ extra: [extra('foo')] }),
    [`claimMappings.extra.0.key jwt-entry: \`claimMappings.extra[0].key\` is not a valid key${fails}`],
  ],
  [
    'an attribute without a value',
    mapped({ extra: [extra('example.com/a', '')] }),
    [
      `claimMappings.extra.0.valueExpression jwt-entry: the entry has no \`claimMappings.extra[0].valueExpression\`${fails}`,
    ],
  ],
  [
    'an attribute twice',
    mapped({ extra: [extra('example.com/a'), extra('example.com/a')] }),
    ['claimMappings.extra.1.key rule-twice: `example.com/a` is in this list twice, which Kubernetes refuses'],
  ],
  [
    'a rule without a condition',
    { claimValidationRules: [{ message: 'm' }] },
    [`claimValidationRules.0.expression jwt-entry: the entry has no \`claimValidationRules[0].expression\`${fails}`],
  ],
  [
    'a message beside a claim',
    { claimValidationRules: [{ claim: 'a', message: 'm' }] },
    [
      `claimValidationRules.0.message jwt-entry: \`claimValidationRules[0]\` has both \`claim\` and \`message\`${fails}`,
    ],
  ],
  [
    'a value beside an expression',
    { claimValidationRules: [{ expression: 'true', requiredValue: 'x' }] },
    [
      `claimValidationRules.0.requiredValue jwt-entry: \`claimValidationRules[0]\` has both \`expression\` and \`requiredValue\`${fails}`,
    ],
  ],
  [
    'a claim twice',
    { claimValidationRules: [{ claim: 'a' }, { claim: 'a', requiredValue: 'x' }] },
    [`claimValidationRules.1.claim jwt-entry: \`a\` is in \`claimValidationRules\` twice${fails}`],
  ],
  [
    'a rule twice',
    { claimValidationRules: [{ expression: 'true' }, { claim: 'a' }, { expression: 'true' }] },
    ['claimValidationRules.2.expression rule-twice: `true` is in this list twice, which Kubernetes refuses'],
  ],
  [
    'a rule over the user without an expression',
    { userValidationRules: [{}] },
    [`userValidationRules.0.expression jwt-entry: the entry has no \`userValidationRules[0].expression\`${fails}`],
  ],
  [
    'a rule that is no condition',
    { userValidationRules: [{ expression: 'user.username' }] },
    [
      'userValidationRules.0.expression expression-invalid: the type of the expression `user.username` is not bool, so the API server would not start',
    ],
  ],
  [
    'a mail address that may not be verified',
    named({ expression: 'claims.email' }),
    [
      'claimMappings.username.expression expression-email: the user name comes from `claims.email`, but no expression reads `claims.email_verified`: Kubernetes refuses that',
    ],
  ],
])('an entry with %s is refused, at the place of the fault', (_, parts, expected) =>
  expect(found(parts)).toEqual(expected),
);

test('an expression that does not compile is refused', () => {
  expect(found(mapped({ groups: { expression: "claims.groups.map(g, 'ci:' + g)" } }))).toEqual([
    expect.stringMatching(/^claimMappings\.groups\.expression expression-invalid: Kubernetes cannot compile /),
  ]);
});

test('an untested version of Kubernetes may have more fields', () => {
  expect(found({ later: {} }, '1.37')).toEqual([`later jwt-entry: Kubernetes 1.37 has no field \`later\`${fails}`]);
  expect(found({ later: {} }, '1.38')).toEqual([]);
});

test('an older version of Kubernetes has no egress selector', () => {
  expect(found({ issuer: { egressSelectorType: 'cluster' } }, '1.33')).toEqual([
    'issuer.egressSelectorType egress-version: Kubernetes 1.33 does not support `egressSelectorType`, which came with 1.34',
  ]);
});
