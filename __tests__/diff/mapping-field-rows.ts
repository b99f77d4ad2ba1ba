/** A field, a change of it, and the expected statement. */
interface MappingRow {
  readonly field: string;
  readonly at: string;
  readonly before?: unknown;
  readonly after: unknown;
  readonly says: string;
  readonly beside?: Record<string, unknown>;
}

const issuer = {
  'clusters.edge.issuers.ci.url': 'https://ci.example.com',
  'clusters.edge.issuers.ci.audiences': ['kubernetes'],
};
const other = { 'clusters.edge.trust': ['other'] };

/**
 * The places where a mapping can stand. Each has the path in the schema, the path in the config, the words for the
 * names that the mapping determines, and what the config must have in addition.
 */
const places = [
  {
    field: 'clusters.*.authentication',
    at: 'clusters.edge.authentication',
    whose: '',
    names: ' of people',
    beside: {},
  },
  {
    field: 'clusters.*.authentication.clients.*',
    at: 'clusters.edge.authentication.clients.other',
    whose: ' in tokens of client other',
    names: ' in tokens of client other',
    beside: other,
  },
  {
    field: 'clusters.*.issuers.*',
    at: 'clusters.edge.issuers.ci',
    whose: ' of the issuer ci',
    names: ' of the issuer ci',
    beside: issuer,
  },
];

const rule = (expression: string) => [{ expression }];

export const mappingFieldRows: MappingRow[] = [
  ...places.flatMap(({ field, at, whose, names, beside }): MappingRow[] => {
    const replaced: Record<string, string[]> = {
      'username.expression': ['claim'],
      'groups.expression': ['groups.claim', 'groups.prefix'],
    };
    const one = (name: string, [before, after]: [unknown, unknown], mark: string, says: string): MappingRow => ({
      field: `${field}.${name}`,
      at: `${at}.${name}`,
      before,
      after,
      says: `${mark} ~ edge: ${says}`,
      // The config is refused if names of one client or issuer can be names of another. The prefix prevents this.
      beside: {
        ...beside,
        ...Object.fromEntries((replaced[name] ?? []).map((key) => [`${at}.${key}`, undefined])),
        ...(name === 'prefix' || name === 'username.expression' ? {} : { [`${at}.prefix`]: 'p:' }),
      },
    });
    return [
      one(
        'username.expression',
        ["'a:' + claims.sub", "'b:' + claims.sub"],
        '🔴',
        `the expression for the user names${names} changed from "'a:' + claims.sub" to "'b:' + claims.sub": the expression reads claims, and whoever can set one of these claims decides the name`,
      ),
      one(
        'groups.expression',
        ["dyn(claims.groups).map(g, 'p:' + g)", "dyn(claims.groups).map(g, 'q:' + g)"],
        '🔴',
        `the expression for the groups${whose === '' ? ' of people' : whose} changed from "dyn(claims.groups).map(g, 'p:' + g)" to "dyn(claims.groups).map(g, 'q:' + g)": the expression reads claims, and whoever can set one of these claims decides the name`,
      ),
      one('uid.claim', ['sub', 'jti'], '🟡', `the UID${whose} in the audit log changed from sub to jti`),
      one(
        'uid.expression',
        ['claims.sub', 'claims.jti'],
        '🟡',
        `the UID${whose} in the audit log changed from claims.sub to claims.jti`,
      ),
      one(
        'extra',
        [[], [{ key: 'example.com/a', valueExpression: 'claims.sub' }]],
        '🟡',
        `the additional user attributes${whose} for the audit log and admission webhooks changed (added {"key":"example.com/a","valueExpression":"claims.sub"})`,
      ),
      one(
        'claimValidationRules',
        [rule("claims.name == 'b'"), []],
        '🟠',
        `the rules for tokens${whose} changed (removed {"expression":"claims.name == 'b'"}): the API server can now accept tokens that the old rules refused`,
      ),
      one(
        'userValidationRules',
        [rule("user.username != 'a'"), []],
        '🟠',
        `the rules for users${whose} changed (removed {"expression":"user.username != 'a'"}): the API server can now accept tokens that the old rules refused`,
      ),
      ...(whose === ''
        ? []
        : [
            one(
              'claim',
              ['sub', 'email'],
              '🟠',
              `the claim that contains the user name${whose} changed from sub to email: ${at.includes('issuers') ? 'whoever can set this claim decides the user name' : 'the user name is the mail address, so an account that later gets the same mail address in Kanidm signs in as the same user'}`,
            ),
            one('prefix', ['a:', 'b:'], '🟠', `the prefix of the names${names} changed from a: to b:`),
            {
              ...one(
                'groups.claim',
                ['groups', 'teams'],
                '🟠',
                `the claim that lists the groups${whose} changed from groups to teams`,
              ),
              beside: { ...beside, [`${at}.prefix`]: 'p:', [`${at}.groups.prefix`]: 'p:' },
            },
            one('groups.prefix', ['p:', 'q:'], '🟠', `the prefix of the groups${whose} changed from p: to q:`),
            {
              ...one(
                'requiredClaims.*',
                [{ a: 'b' }, {}],
                '🟠',
                `the value of claim a that a token must carry${whose} changed from b to not set: tokens without this claim are accepted`,
              ),
              at: `${at}.requiredClaims`,
              beside: {
                ...beside,
                [`${at}.prefix`]: 'p:',
                'clients.other.claims.a': { join: 'csv', values: { users: ['b'] } },
              },
            },
          ]),
    ];
  }),
  {
    field: 'clusters.*.authentication.ca.pem',
    at: 'clusters.edge.authentication.ca.pem',
    before: '-----BEGIN CERTIFICATE-----\naaaa\n-----END CERTIFICATE-----\n',
    after: '-----BEGIN CERTIFICATE-----\nbbbb\n-----END CERTIFICATE-----\n',
    says: '🔴 ~ edge: the CA that the API server trusts for the issuer changed from certificate that cannot be read (SHA-256 of the text e387b50949f9648e31e7a15872c2618fb9c07d0a5ad32d67e18c9ed8372a412f) to certificate that cannot be read (SHA-256 of the text bc6bdbefd5ec3b9242e740f4a04b706b4f22f0094bfd74a8ac84619fdb4fe480): whoever holds the key of this CA can impersonate the issuer',
  },
  ...[
    [
      'url',
      'https://ci.example.com',
      'https://other.example.com',
      '🔴 ~ edge: the URL of the issuer ci changed from https://ci.example.com to https://other.example.com: whoever runs the issuer decides who its users are',
    ],
    [
      'discoveryUrl',
      undefined,
      'https://keys.example.com/d',
      '🔴 ~ edge: the address of the discovery document of the issuer ci changed from not set to https://keys.example.com/d: whoever runs that server can sign tokens of all users of the issuer',
    ],
    [
      'audiences',
      ['a'],
      ['a', 'b'],
      '🔴 ~ edge: the audiences that are accepted in tokens of the issuer ci changed (added b): everybody who can get a token of the issuer for one of these audiences can sign in to the cluster',
    ],
    [
      'egressSelectorType',
      'cluster',
      'controlplane',
      '🟡 ~ edge: the egress selector for the issuer ci changed from cluster to controlplane',
    ],
    [
      'ca.file',
      'a.crt',
      'b.crt',
      '🔴 ~ edge: the CA that the API server trusts for the issuer ci changed from certificate that cannot be read (SHA-256 of the text e387b50949f9648e31e7a15872c2618fb9c07d0a5ad32d67e18c9ed8372a412f) to certificate that cannot be read (SHA-256 of the text bc6bdbefd5ec3b9242e740f4a04b706b4f22f0094bfd74a8ac84619fdb4fe480): whoever holds the key of this CA can impersonate the issuer',
    ],
    [
      'ca.pem',
      undefined,
      { pem: '-----BEGIN CERTIFICATE-----\naaaa\n-----END CERTIFICATE-----\n' },
      '🔴 ~ edge: the CA that the API server trusts for the issuer ci changed from not set to certificate that cannot be read (SHA-256 of the text e387b50949f9648e31e7a15872c2618fb9c07d0a5ad32d67e18c9ed8372a412f): whoever holds the key of this CA can impersonate the issuer',
    ],
  ].map(([name, before, after, says]) => ({
    field: `clusters.*.issuers.*.${name}`,
    at: `clusters.edge.issuers.ci.${name === 'ca.pem' ? 'ca' : name}`,
    before,
    after,
    says: String(says),
    beside: { 'clusters.edge.issuers.ci.prefix': 'ci:', ...issuer },
  })),
  {
    field: 'clusters.*.jwt',
    at: 'clusters.edge.jwt',
    before: [],
    after: [
      {
        issuer: { url: 'https://ci.example.com', audiences: ['a'] },
        claimMappings: { username: { claim: 'sub', prefix: 'ci:' } },
      },
    ],
    says: '🔴 + edge: the entry of the AuthenticationConfiguration for https://ci.example.com, which Kaniflux does not evaluate, is new',
  },
  ...['clusters.*.grants.*', 'grants.*'].flatMap((field) => {
    const at = field.startsWith('clusters') ? 'clusters.lab.grants.0' : 'grants.0';
    const name = field.startsWith('clusters') ? 'look' : 'all';
    return ['users', 'groups'].map((kind) => ({
      field: `${field}.subjects.${kind}`,
      at: `${at}.subjects.${kind}`,
      before: ['ci:a'],
      after: ['ci:a', 'ci:b'],
      says: `lab: the ${kind} under \`subjects\` of the grant ${name} changed (added ci:b)`,
    }));
  }),
];
