import { configOf } from '../__tests__/config';
import { conditions, noConditions } from '../__tests__/fixtures/conditions';
import { expressionFacts } from '../lib/cel/expression';
import { entry } from '../lib/config/config';
import { parseVersion } from '../lib/config/version';
import { parseJwt } from '../lib/explain/jwt';
import { judge } from '../lib/explain/token';
import { authenticators, type IssuerAuthenticator, type TokenMapping } from '../lib/identity/authenticator';
import { tokenClaims } from '../lib/identity/claims';
import { identityOf } from '../lib/identity/token-identity';
import { authenticationConfigFile } from '../lib/node-files/api-server-settings';
import { authenticationConfiguration, systemRules } from '../lib/node-files/authentication-configuration';
import { clusterSettings } from '../lib/node-files/control-plane-files';
import { Desk } from './login/desk';
import { nodeFolder } from './login/prepared';

const others = 'https://idm.localhost/oauth2/openid';
let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open('mappings');
});
afterAll(() => desk?.close());

/** Three clients of one Kanidm, and other issuers. */
function configWith(issuers: Record<string, object>, authentication: object = {}) {
  const scopes = { k8s_users: ['openid', 'email', 'groups'], k8s_admins: ['openid', 'email', 'groups'] };
  const web = { type: 'basic', landingUrl: 'https://app.example.com', scopes };
  const config = configOf({
    people: {
      datosh: { mail: 'datosh@example.com' },
      jane: { displayName: 'Jane', mail: 'jane@example.com', id: '00000000-0000-4000-8000-000000000001' },
    },
    groups: { k8s_users: { members: ['datosh', 'jane'] }, k8s_admins: { members: ['jane'] } },
    clients: { k8s: { scopes }, headlamp: web, console: { ...web, preferShortUsername: true } },
    clusters: {
      homelab: {
        kubernetes: '1.34',
        trust: ['console', 'headlamp'],
        grants: null,
        authentication: { method: 'structured', ...authentication },
        issuers: Object.fromEntries(
          Object.entries(issuers).map(([name, issuer]) => [
            name,
            { url: `${others}/${name}`, audiences: ['kubernetes'], ca: { pem: desk.ca }, ...issuer },
          ]),
        ),
      },
    },
  });
  return { config, cluster: entry(config.clusters, 'homelab') };
}

type Loaded = ReturnType<typeof configWith>;

const server = ({ config, cluster }: Loaded, version: '1.34' | '1.37') => {
  const name = 'authentication-config.yaml';
  const text = authenticationConfigFile(clusterSettings(config, cluster))?.text ?? '';
  return desk.apiserver(version, [`--authentication-config=${nodeFolder}${name}`], { [name]: text });
};

/** Returns the verdict of `explain --token` about a token. */
function said({ config, cluster }: Loaded, token: string, origin: string) {
  const now = Date.now() / 1000;
  return judge(config, cluster, { token: parseJwt(token), now, jwks: JSON.stringify(desk.issuer(origin).jwks) });
}

/** Claims of all types that an expression can read. */
const claims = {
  sub: 'repo:Web',
  name: 'Jane Doe',
  preferred_username: 'jane@idm.example.com',
  email: 'Jane@Example.com',
  email_verified: true,
  groups: ['k8s_users@idm.example.com', 'k8s_admins@idm.example.com', 'others@idm.example.com'],
  roles: 'a,b,,c',
  empty: '',
  nothing: null,
  nested: { team: 'web', list: ['a'] },
  number: 7,
  early: 1_800_000_000,
  late: 1_800_086_400,
  list: [],
  flag: false,
  'a.b': 'dot',
};

/** Expressions for a user name. kube-apiserver and Kaniflux must evaluate them to the same result. */
const users = [
  'claims.sub',
  "'a:' + claims['sub']",
  "claims.preferred_username.split('@')[0]",
  "claims.preferred_username.split('@')[7]",
  'claims.name.lowerAscii()',
  'claims.name.upperAscii()',
  "claims.email.replace('@', ' at ') + (claims.email_verified ? '' : '?')",
  "claims.missing + 'x'",
  "dyn('a:') + claims.sub",
  "(claims.flag ? 'a:' : '') + claims.sub",
  "['a:x'] + claims.groups",
  "claims.?missing.orValue('none')",
  "claims[?'missing'].orValue(claims.sub)",
  "has(claims.missing) ? claims.missing : 'no ' + claims.sub",
  "claims.?nested.team.orValue('none')",
  "claims.?nested.?other.orValue('none')",
  'claims.nested.team + claims.nested["team"]',
  'claims.number',
  'claims.empty',
  'claims.nothing',
  "claims.nothing == null ? 'null' : 'value'",
  "claims.flag || claims.email_verified ? 'yes' : 'no'",
  "claims.sub == 'repo:Web' && !claims.flag ? 'same' : 'other'",
  "claims.missing == 'a' || claims.email_verified ? 'absorbed' : 'no'",
  "dyn(claims.groups)[1].split('@')[0]",
  "dyn(claims.groups).join('+')",
  "string(size(dyn(claims.groups))) + ' groups'",
  'string(claims.number) + claims.sub',
  "claims.name.contains('Doe') && claims.name.startsWith('Jane') && claims.name.endsWith('e') ? 'doe' : 'no'",
  "'k8s_admins@idm.example.com' in dyn(claims.groups) ? 'admin' : 'user'",
  "'sub' in claims ? 'there' : 'not there'",
  [
    "(dyn(claims.groups).exists(g, g.startsWith('k8s_a')) ? 'some' : 'none')",
    "(dyn(claims.groups).all(g, g.startsWith('k8s_')) ? 'all' : 'not all')",
    "(dyn(claims.groups).exists_one(g, g.startsWith('others')) ? 'one' : 'not one')",
  ].join(' + '),
  '\'\\x41\\u00e9\' + r\'\\n\' + """x"""',
  "claims.roles.split(',')[1]",
  [
    "claims.sub != 7 ? 'a' : 'b'",
    "claims.late - claims.early <= 86400 ? 'a' : 'b'",
    "claims.late - claims['early'] < 86400 ? 'a' : 'b'",
    "claims.number >= 7 && claims.number < 8 && 6 < claims.number ? 'a' : 'b'",
    "size(claims.groups) > 2 && size(claims.sub) <= 7 ? 'a' : 'b'",
  ]
    .map((one) => `(${one})`)
    .join(' + '),
  [
    "claims.?nothing.?team.orValue('a')",
    "claims.?sub[?0].orValue('b')",
    "(has(claims.nothing.team) || has(claims.sub.team) ? 'c' : 'd')",
    "claims.a__dot__b + claims['a.b']",
    'claims.?sub.orValue(claims.missing)',
    "claims.?nested[?0].orValue('g')",
    "(!!claims.sub == 'repo:Web' ? 'h' : 'i')",
    "(claims.?nothing.orValue('x') == null ? 'e' : 'f')",
  ].join(' + '),
  "size(claims) > 0 ? 'a' : 'b'",
  "claims.late - claims.sub > 1 ? 'a' : 'b'",
  "claims.nothing < claims.number ? 'a' : 'b'",
];

/** Expressions for groups. */
const groups = [
  'claims.groups',
  'dyn(claims.groups)',
  "dyn(claims.groups).map(g, 'p:' + g)",
  "dyn(claims.groups).filter(g, g.startsWith('k8s_'))",
  "dyn(claims.groups).filter(g, g.startsWith('k8s_')).map(g, 'p:' + g.split('@')[0])",
  "dyn(claims.groups).map(g, g.startsWith('k8s_'), g.split('@')[0])",
  "claims.roles.split(',')",
  "claims.roles.split(',') + []",
  "claims.roles.split(',') + ['d']",
  "claims.roles.split(',').map(g, g)",
  "['b', 'a:' + claims.sub]",
  "[dyn(claims.sub), dyn('b')]",
  "['a'] + dyn(claims.groups)",
  "['a:' + claims.sub] + claims.groups",
  "claims.groups + ['a:' + claims.sub]",
  "dyn(claims.groups).map(g, 'a:' + g) + dyn(claims.list).map(g, g) + ['b']",
  "claims.flag ? dyn('a') : dyn(['b'] + claims.groups)",
  "['', 'a:' + claims.empty]",
  "claims.flag ? 'a' : ''",
  'claims.sub',
  'claims.list',
  'claims.missing',
  'claims.number',
  'claims.nested.list',
  'claims.?missing.orValue([])',
];

/** Expressions that Kaniflux refuses, because kube-apiserver does not start with them. */
const refused = [
  "[claims.sub, 'b']",
  "claims.groups.map(g, 'p:' + g)",
  "claims.groups.filter(g, g.startsWith('k8s_'))",
  "claims.groups.exists(g, g == 'a') ? 'a' : 'b'",
  "claims.groups.all(g, g == 'a') ? 'a' : 'b'",
  'claims.sub +',
  "claims.sub + 'a",
  'claims..sub',
  'user.username',
  'token.sub',
  "has(claims) ? 'a' : 'b'",
  "'a\\q'",
  "claims.sub ? 'a'",
  '(claims.sub',
  "dyn(claims.groups).map('g', g)",
  "claims['groups'].exists(g, g == 'a') ? 'a' : 'b'",
  "claims.?groups.orValue(['a']).exists(g, g == 'a') ? 'a' : 'b'",
  "claims[?'groups'].value().exists(g, g == 'a') ? 'a' : 'b'",
  "(has(claims.groups) ? claims.groups : []).exists(g, g == 'a') ? 'a' : 'b'",
  "(has(claims.groups) ? [] : claims.groups).exists(g, g == 'a') ? 'a' : 'b'",
  "(has(claims.groups) ? claims.groups : ['a']).exists(g, g == 'a') ? 'a' : 'b'",
  "(type(claims.groups) == string ? [claims.groups] : claims.groups).exists(g, g == 'a') ? 'a' : 'b'",
  "(has(claims.groups) ? claims.groups : null).exists(g, g == 'a') ? 'a' : 'b'",
  "(has(claims.groups) ? dyn([]) : claims.groups).exists(g, g == 'a') ? 'a' : 'b'",
  "claims.?groups.or(claims.?roles).orValue([]).exists(g, g == 'a') ? 'a' : 'b'",
  "[claims.groups][0].exists(g, g == 'a') ? 'a' : 'b'",
  "[claims.sub.split(':')[0], claims.name].size() == 2 ? 'a' : 'b'",
  "[claims.name, claims.name + claims.sub].size() == 2 ? 'a' : 'b'",
  "dyn(claims.groups).exists('x') ? 'a' : 'b'",
  "dyn(claims.groups).existsOne(x, x == 'a') ? 'a' : 'b'",
  "'a'.reverse() == 'a' ? 'a' : 'b'",
  "math.abs(-1) == 1 ? 'a' : 'b'",
  "claims.sub.matches('a++') ? 'a' : 'b'",
  "claims.sub.matches('a|*') ? 'a' : 'b'",
  "claims.sub.matches('(?>a)') ? 'a' : 'b'",
  String.raw`claims.sub.matches('\\u0041') ? 'a' : 'b'`,
  "[dyn(claims.sub), 'b'].join(',')",
  "[claims.sub, dyn(claims.email)].size() == 2 ? 'a' : 'b'",
  "[claims.?sub.orValue('a'), 'b'].size() == 2 ? 'a' : 'b'",
  'cel.bind(x, claims.sub, x)',
  'string(base64.decode(claims.sub))',
  'has(claims.?a) ? "a" : "b"',
  'claims.in',
  "claims.sub == 'a' ? 'a' : ['b']",
  "[claims.groups[0], 'a'].size() == 2 ? 'a' : 'b'",
  "'a:%s'.format([claims.sub])",
  "'%s:%d'.format(['a', claims['number']])",
  "claims.sub.startswith('x') ? 'a' : 'b'",
  "len(claims.groups) > 0 ? 'a' : 'b'",
  "startsWith(claims.sub, 'x') ? 'a' : 'b'",
  "claims.sub.int() > 0 ? 'a' : 'b'",
  "now() < timestamp(claims.exp) ? 'a' : 'b'",
  'claims.sub.toLower()',
  'concat(claims.sub, claims.name)',
  "'a:' + claims.sub + 1",
  "claims.sub.lowerAscii() != null ? 'a' : 'b'",
  "claims.sub.split('@').contains('a') ? 'a' : 'b'",
  "claims.sub.split('@')['a']",
  'claims.sub.lowerAscii()[0]',
  "claims.sub in 'a' ? 'a' : 'b'",
  "!claims.sub.split('@') ? 'a' : 'b'",
  "claims.sub.trim() && claims.flag ? 'a' : 'b'",
  "size(claims.sub) ? 'a' : 'b'",
  "claims.sub.matches('^[a-z') ? 'a' : 'b'",
  "claims.sub.matches('(a|b') ? 'a' : 'b'",
  "claims.sub.matches('(?!a)b') ? 'a' : 'b'",
  "claims.sub.matches('(?<=a)b') ? 'a' : 'b'",
  String.raw`claims.sub.matches('(a)\\1') ? 'a' : 'b'`,
  "claims.sub.matches('*.example.com') ? 'a' : 'b'",
  "'a'.exists(c, c == 'a') ? 'a' : 'b'",
  "size(claims.sub) < '7' ? 'a' : 'b'",
];

/** Rules for users that Kaniflux refuses, because kube-apiserver does not start with them. */
const refusedOfUsers = [
  "user.groups.exists(g, g.startswith('a'))",
  'user.groups.length() > 0',
  "user.groups.any('x')",
  "user.extra['a'] == 'x'",
  "user.extra.a == 'x'",
  "user.groups[0] == ['x']",
  "user.groups == 'x'",
  "user.groups.contains('x')",
  "user.username.exists(c, c == 'x')",
  'user.groups.size > 0',
  "user.username in 'x'",
  'user.uid == null',
  'user.username == 1',
  '!user.groups',
  "user['username'] == 'a'",
  "user.username[0] == 'a'",
];

/** Expressions that Kaniflux does not evaluate, and that Kubernetes compiles. They give groups. */
const notEvaluated = [
  "claims.?groups.optMap(g, ['a']).orValue([])",
  "claims.?groups.optFlatMap(g, optional.of(['a'])).orValue([])",
  "dyn(claims.groups).transformList(i, g, 'a' + g)",
  "dyn(claims.groups).exists(i, g, g == 'a') ? ['a'] : []",
  "dyn(claims.groups).sortBy(g, g).map(g, 'a' + g)",
  "['%s %d %s'.format([dyn(claims.sub), 7, true])]",
  '[claims.name.format([claims.sub, 7])]',
  "['%s'.format([claims.groups[0]])]",
  "sets.contains(['a'], ['a']) ? ['a'] : ['b']",
  "[claims.sub.charAt(0).trim().substring(0, 1) + claims.sub.find('a')]",
  '[dyn(claims.groups).sort().distinct().slice(0, 1)[0]]',
  "dyn(claims.groups).first().orValue('a') == 'a' ? ['a'] : []",
  "dyn(claims.list).isSorted() && dyn(claims.list).sum() == dyn(claims.list).max() ? ['a'] : []",
  "timestamp(claims.sub).getFullYear() > 2000 && duration('1h').getHours() > 0 ? ['a'] : []",
  "ip('1.2.3.4').family() == 4 && ip.isCanonical('::1') ? [string(ip('1.2.3.4'))] : []",
  "cidr('10.0.0.0/8').containsIP('10.1.1.1') ? [string(cidr('10.0.0.0/8').ip())] : []",
  "url('https://a').getHostname() == 'x' && quantity('1').isGreaterThan(quantity('0')) ? ['a'] : []",
  "semver('1.2.3').major() == 1 && format.named('uuid').hasValue() ? ['a'] : []",
  "matches(claims.sub, 'a') && size(claims.sub) > 0 && claims.sub.size() > 0 ? ['a'] : []",
  "dyn(claims.nested).transformMap(k, v, v).size() == optional.of(1).or(optional.none()).value() ? ['a'] : []",
  "(has(claims.groups) ? claims.groups : dyn([])).map(g, 'a' + g).size() > 9 ? ['a'] : []",
  "dyn(claims.groups).existsOne(i, g, g == 'a') && [optional.of('a')].unwrapOpt() == ['a'] ? ['a'] : []",
  String.raw`b'''a\'''b''' == b"""a""" && br'a' == bR'''a'b''' ? ['a'] : []`,
  "type(claims.sub) == string && dyn(claims.groups).flatten().reverse().lastIndexOf('a') > 0 ? ['a'] : []",
  String.raw`claims.sub.matches('^[]a)(?=*[:alpha:]]\\[\\([^*]+(?:a|b)?(?P<n>x)\\\\$') ? ['a'] : []`,
  String.raw`claims.sub.matches('\\Q[(?=\\E') && claims.sub.matches(claims.name) && claims.sub.matches('\\12') ? ['a'] : []`,
];

describe.each(['1.34', '1.37'] as const)('Kubernetes %s', (version) => {
  test('three clients and three issuers: each token becomes what explain says, and nobody somebody else', async () => {
    const loaded = configWith(
      {
        // Its prefixes are the defaults.
        ci: { groups: { claim: 'teams' }, requiredClaims: { owner: 'example-org' } },
        forge: {
          username: { expression: "'forge:' + claims.nested.team + '/' + claims.sub" },
          claimValidationRules: [{ expression: "claims.sub.startsWith('repo:')", message: 'only repositories' }],
          userValidationRules: [{ expression: "user.username != 'forge:web/repo:root'" }],
          uid: { claim: 'sub' },
          extra: [{ key: 'example.com/team', valueExpression: 'claims.nested.team' }],
        },
        depot: {
          uid: { claim: 'serial' },
          extra: [{ key: 'example.com/mail', valueExpression: 'claims.mail' }],
          userValidationRules: [
            { expression: "user.uid != 'x'" },
            { expression: "user.extra['example.com/mail'].exists(m, m.endsWith('@example.com'))" },
          ],
        },
      },
      {
        username: { expression: "'kanidm:' + claims.preferred_username.split('@')[0]" },
        groups: {
          expression: "dyn(claims.groups).filter(g, g.startsWith('k8s_')).map(g, 'kanidm:' + g.split('@')[0])",
        },
        clients: { headlamp: { claim: 'email', prefix: 'mail:', groups: { prefix: 'hl:' } } },
      },
    );
    const { config, cluster } = loaded;
    const apiserver = await server(loaded, version);
    const owners = new Map<string, string>();
    const check = async (token: string, origin: string, owner: string) => {
      const verdict = said(loaded, token, origin);
      const answer =
        verdict.accepted === false ? await desk.says(apiserver, token) : await desk.admits(apiserver, token);
      if (verdict.accepted === false) expect(answer).toBe('refused');
      else expect(answer).toEqual({ user: verdict.user, groups: verdict.groups });
      if (answer === 'refused') return answer;
      expect(owners.get(answer.user) ?? owner).toBe(owner);
      owners.set(answer.user, owner);
      return answer.user;
    };
    const names: unknown[] = [];
    for (const person of config.people.values()) {
      for (const { client } of authenticators(config, cluster)) {
        const token = desk.issuer(config.kanidm.origin).token(tokenClaims(config, person, client));
        names.push(await check(token, config.kanidm.origin, person.name));
      }
    }
    expect(names).toEqual([
      'kanidm:datosh',
      'kanidm:datosh',
      'mail:datosh@example.com',
      'kanidm:jane',
      'kanidm:jane',
      'mail:jane@example.com',
    ]);
    const issuer = desk.issuer('https://idm.localhost');
    const job = (name: string, change: object = {}) =>
      issuer.token({
        iss: `${others}/${name}`,
        aud: 'kubernetes',
        ...claims,
        sub: 'repo:web',
        owner: 'example-org',
        ...change,
      });
    const answers = [];
    for (const [name, change] of [
      ['ci', { teams: ['kanidm:k8s_admins'] }],
      ['ci', { owner: 'somebody' }],
      ['ci', { aud: 'other' }],
      ['forge', {}],
      ['forge', { sub: 'user:jane' }],
      ['forge', { sub: 'repo:root' }],
      ['forge', { nested: {} }],
      ['depot', { serial: '7', mail: 'a@example.com' }],
      ['depot', { mail: 'a@example.com' }],
      ['depot', { serial: 7, mail: 'a@example.com' }],
      ['depot', { serial: 'x', mail: 'a@example.com' }],
      ['depot', { serial: '7' }],
      ['depot', { serial: '7', mail: ['a@example.com', 7] }],
      ['depot', { serial: '7', mail: 'a@example.org' }],
      ['nobody', {}],
    ] as const) {
      answers.push(await check(job(name, change), 'https://idm.localhost', `${name} job`));
    }
    const ref = 'refused';
    const depot = ['depot:repo:web', ...Array(6).fill(ref)];
    expect(answers).toEqual(['ci:repo:web', ref, ref, 'forge:web/repo:web', ref, ref, ref, ...depot, ref]);
  });

  test('Kaniflux evaluates expressions as kube-apiserver does', async () => {
    const all = [
      ...users.map((expression) => ({ username: { expression } })),
      ...groups.map((expression) => ({ username: { claim: 'sub', prefix: '' }, groups: { expression } })),
    ].map((mapping, i) => issuerFor(`e${i}`, { ...mapping, requiredClaims: {} }));
    const apiserver = await serverOf(all, version);
    const issuer = desk.issuer('https://idm.localhost');
    // An API server fetches the keys of each issuer. The first answer shows that it has done so.
    const answers: unknown[] = [];
    const expected: unknown[] = [];
    for (const one of all) {
      const sent = { iss: one.issuer, aud: 'kubernetes', ...claims };
      const { user, groups: names, refused: why, unchecked } = identityOf(one, sent, true);
      expect([one, unchecked]).toEqual([one, []]);
      const expression = one.username.expression ?? one.groups?.expression;
      expected.push([expression, why.length > 0 ? 'refused' : { user, groups: names }]);
      const token = issuer.token(sent);
      answers.push([expression, await (why.length > 0 ? desk.says(apiserver, token) : desk.admits(apiserver, token))]);
    }
    expect(answers).toEqual(expected);
  });

  test('kube-apiserver starts with expressions that Kaniflux does not evaluate', async () => {
    for (const text of notEvaluated) expect([text, expressionFacts(text).error]).toEqual([text, undefined]);
    const issuers = notEvaluated.map((expression, n) =>
      issuerFor(`n${n}`, { username: { claim: 'sub', prefix: '' }, groups: { expression }, requiredClaims: {} }),
    );
    await (await serverOf(issuers, version)).process.stop();
  });

  test('a rule that is also rendered does not keep kube-apiserver from starting', async () => {
    const [rule] = systemRules;
    const issuer = issuerFor('u', {
      username: { claim: 'sub', prefix: '' },
      requiredClaims: {},
      userValidationRules: rule ? [rule] : [],
    });
    await (await serverOf([issuer], version)).process.stop();
  });

  test('kube-apiserver does not start with an expression that check refuses', async () => {
    for (const text of refused) expect([text, expressionFacts(text).error]).toEqual([text, expect.any(String)]);
    // The error contains the end of the log, which has room for a few reasons.
    for (let i = 0; i < refused.length; i += 4) {
      const some = refused.slice(i, i + 4);
      const issuers = some.map((expression, n) => issuerFor(`r${n}`, { username: { expression }, requiredClaims: {} }));
      const error = await serverOf(issuers, version).then(
        () => new Error('it started'),
        (thrown: Error) => thrown,
      );
      const accepted = some.filter((_, n) => !error.message.includes(`jwt[${n}].claimMappings.username.expression`));
      expect([accepted, error.message]).toEqual([[], error.message]);
    }
  });

  test('kube-apiserver does not start with a rule for users that check refuses', async () => {
    for (const text of refusedOfUsers) {
      expect([text, expressionFacts(text, 'user').error]).toEqual([text, expect.any(String)]);
    }
    const ruled = (expression: string, n: number) =>
      issuerFor(`s${n}`, {
        username: { claim: 'sub', prefix: '' },
        requiredClaims: {},
        userValidationRules: [{ expression }],
      });
    for (let i = 0; i < refusedOfUsers.length; i += 4) {
      const some = refusedOfUsers.slice(i, i + 4);
      const { message } = await serverOf(some.map(ruled), version).then(
        () => new Error('it started'),
        (thrown: Error) => thrown,
      );
      const accepted = some.filter((_, n) => !message.includes(`jwt[${n}].userValidationRules[`));
      expect([accepted, message]).toEqual([[], message]);
    }
  });

  test('kube-apiserver does not start with a rule that is no condition', async () => {
    const ruled = (expression: string, n: number) =>
      issuerFor(`b${n}`, {
        username: { claim: 'sub', prefix: '' },
        requiredClaims: {},
        claimValidationRules: [{ expression }],
      });
    const apiserver = await serverOf(conditions.map(ruled), version);
    await apiserver.process.stop();
    for (let i = 0; i < noConditions.length; i += 4) {
      const some = noConditions.slice(i, i + 4);
      const { message } = await serverOf(some.map(ruled), version).then(
        () => new Error('it started'),
        (thrown: Error) => thrown,
      );
      const accepted = some.filter((_, n) => !message.includes(`jwt[${n}].claimValidationRules[0].expression`));
      expect([accepted, message]).toEqual([[], expect.stringContaining('must evaluate to bool')]);
    }
  });
});

/** Returns an issuer with a mapping, as in a config. Unlike there, the names of several issuers may overlap. */
const issuerFor = (name: string, mapping: TokenMapping): IssuerAuthenticator => {
  const issuer = `${others}/${name}`;
  const fields = { name, path: [], claim: 'sub', requiredClaims: {} };
  return { ...mapping, issuer, source: { ...fields, url: issuer, audiences: ['kubernetes'], ca: desk.ca } };
};

function serverOf(issuers: readonly IssuerAuthenticator[], version: '1.34' | '1.37') {
  const server = { kubernetes: parseVersion(version), authentication: { method: 'structured' as const } };
  const text = authenticationConfiguration(server, { clients: [], issuers, jwt: [] });
  const name = 'authentication-config.yaml';
  return desk.apiserver(version, [`--authentication-config=${nodeFolder}${name}`], { [name]: text });
}
