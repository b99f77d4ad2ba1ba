import { homeLab, load } from '../../config';

const jane = { displayName: 'Jane', mail: 'jane@example.com', id: '00000000-0000-4000-8000-000000000001' };
const joe = { displayName: 'Joe', mail: 'jane@other.example', id: '00000000-0000-4000-8000-000000000002' };
const verified = { claimValidationRules: [{ expression: 'claims.email_verified == true' }] };

/** Returns the findings about user names from an expression, each as its code and message. */
function told(expression: string, authentication: object = {}, groups: object = {}) {
  const input = homeLab({
    people: { jane, joe },
    groups: { k8s_users: { members: ['datosh', 'jane', 'joe'] }, ...groups },
    clients: {
      k8s: {
        claims: { team: { join: 'csv', values: { k8s_users: ['ops'] } } },
        scopes: { k8s_users: ['openid', 'email'] },
      },
    },
    clusters: {
      homelab: {
        kubernetes: '1.34',
        authentication: { method: 'structured', groups: null, username: { expression }, ...authentication },
        grants: [],
      },
    },
  });
  return load(input).findings.flatMap(({ code, message, path }) =>
    path?.includes('expression') ? [`${code}: ${message}`] : [],
  );
}

const shared =
  'claim-shared: the expression reads no claim that identifies a person, so several people can have one user name';

test.each(['claims.aud', "claims.iss + '#' + claims.aud", "'jane'", "'team:' + claims.team"])(
  'the expression %s gives several people one user name',
  (expression) => expect(told(expression)).toEqual([shared]),
);

test('an expression that reads the display name is an error only if two people have the same one', () => {
  const warning = expect.stringMatching(/^changeable-claim: the expression reads `name`/);
  expect(told("'k:' + claims.name")).toEqual([warning]);
  joe.displayName = 'Jane';
  expect(told("'k:' + claims.name")).toEqual([
    warning,
    'claim-shared: the expression gives jane and joe the same user name, `k:Jane`',
  ]);
  joe.displayName = 'Joe';
});

const first = "claims.email.split('@')[0]";

test.each<[string, object]>([
  [first, verified],
  ["claims.sub == '' ? 'a' : 'b'", {}],
])('the expression %s reads a claim of one person, but gives two people one name', (expression, authentication) => {
  expect(told(expression, authentication)).toEqual([
    expect.stringMatching(/^claim-shared: .* the same user name, `\w+`$/),
  ]);
});

test('two people with one name are reported on each cluster where they have it', () => {
  const on = (expression: string, rules: object = verified) => ({
    controlPlane: 'kubeadm',
    server: 'https://192.168.7.20:6443',
    client: 'k8s',
    kubernetes: '1.34',
    authentication: { method: 'structured', username: { expression }, ...rules },
    grants: [],
  });
  const input = homeLab({
    people: { jane, joe },
    groups: { k8s_users: { members: ['jane', 'joe'] } },
    clients: { k8s: { scopes: { k8s_users: ['openid', 'email'] } } },
    clusters: {
      one: on(first),
      two: on(first),
      whole: on('claims.email'),
      ruled: on(first, { claimValidationRules: [{ expression: "claims.email.endsWith('@example.com')" }] }),
    },
  });
  const places = load(input).findings.flatMap(({ code, path }) =>
    code === 'claim-shared' ? [`${path?.slice(0, 2).join('.')}`] : [],
  );
  expect(places).toEqual(['clusters.one', 'clusters.two']);
});

test.each<[string, string, object, object]>([
  ['the UUID', "'k:' + claims.sub", {}, {}],
  ['the UUID in one branch', "claims.aud == 'k8s' ? claims.sub : claims.aud", {}, {}],
  ['the name before the domain', "claims.preferred_username.split('@')[0] + ':k'", {}, {}],
  ['a part of the mail address, in which nobody else has it', first, verified, { k8s_users: { members: ['jane'] } }],
  ['a part of the mail address, of people whom only Kanidm knows', first, verified, { k8s_users: { members: null } }],
  [
    'a part of the mail address, in one domain',
    first,
    {
      claimValidationRules: [...verified.claimValidationRules, { expression: "claims.email.endsWith('@example.com')" }],
    },
    { k8s_users: { members: ['jane', 'joe'] } },
  ],
  [
    'a part of the mail address, with a rule that is not evaluated',
    first,
    { claimValidationRules: [...verified.claimValidationRules, { expression: "claims.email.matches('@e')" }] },
    {},
  ],
])('%s identifies people', (_, expression, authentication, groups) => {
  expect(told(expression, authentication, groups).filter((one) => one.startsWith('claim-'))).toEqual([]);
});

test('an expression that is not evaluated is not known, and nothing else', () => {
  expect(told("claims.aud.matches('a') ? 'a' : 'b'")).toEqual([expect.stringMatching(/^names-not-known: /)]);
});
