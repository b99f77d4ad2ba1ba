import { asText } from '../../lib/diff/diff-format';
import { reviewDiff } from '../../lib/diff/review-diff';
import { rendered } from '../../lib/diff/side';
import { configOf } from '../config';

const url = 'https://ci.example.com';
const ci = { url, audiences: ['kubernetes'], requiredClaims: { org: 'a' }, groups: { claim: 'groups' } };

interface Change {
  readonly issuers?: Readonly<Record<string, object>>;
  readonly users?: readonly string[];
  readonly groups?: readonly string[];
  readonly jwt?: readonly object[];
  readonly clusterRole?: string;
}

const config = ({ issuers = { ci }, users = ['ci:jane'], groups = [], jwt = [], clusterRole = 'seer' }: Change) =>
  configOf(
    JSON.stringify({
      kanidm: { domain: 'idm.example.com', version: '1.11.1' },
      people: { ann: { displayName: 'Ann' } },
      groups: { users: { members: ['ann'] } },
      clients: {
        k8s: {
          displayName: 'Kubernetes',
          landingUrl: 'http://localhost:8000',
          redirectUrls: ['http://localhost:8000'],
          scopes: { users: ['openid', 'groups'] },
        },
      },
      roles: { seer: { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] } },
      clusters: {
        lab: {
          server: 'https://lab.example.com:6443',
          kubernetes: '1.34',
          controlPlane: 'kubeadm',
          client: 'k8s',
          authentication: { method: 'structured', groups: { prefix: 'kanidm:' } },
          issuers,
          jwt,
          grants: [{ name: 'look', clusterRole, subjects: { users, groups } }],
        },
      },
    }),
  );

/** The lines of a review about users and groups of issuers, and about the issuers themselves. */
const review = (before: Change, after: Change): string[] =>
  asText(reviewDiff({ before: rendered(config(before)), after: rendered(config(after)) }))
    .split('\n')
    .filter((line) => /^ {2}\S* ?[-+~] /.test(line) && !/ dist\/|Binding|AuthenticationConfiguration/.test(line))
    .map((line) => line.trim())
    .filter((line) => !/the (users|groups) under `subjects` of the grant/.test(line));

const renamed = '🟠 ~ lab: issuer ci is renamed to gh: the same server';
const prefixesOf = (issuer: string, from: string, to: string) => [
  `🟠 ~ lab: the prefix of the names of the issuer ${issuer} changed from ${from} to ${to}`,
  `🟠 ~ lab: the prefix of the groups of the issuer ${issuer} changed from ${from} to ${to}`,
];
const prefixes = prefixesOf('gh', 'ci:', 'gh:');
const meanwhile = (who: string) =>
  `🟠 ~ ${who} temporarily loses the right to read pods on lab, until somebody has done the manual steps: Flux applies the changed bindings earlier`;

test('a renamed key of an issuer takes roles from its users and groups', () => {
  const groups = ['ci:ops'];
  expect(review({ groups }, { groups, issuers: { gh: ci } })).toEqual([
    '- group ci:ops (which becomes group gh:ops) may no longer read pods on lab (seer): the grant look does not name group gh:ops',
    '- user ci:jane (which becomes user gh:jane) may no longer read pods on lab (seer): the grant look does not name user gh:jane',
    renamed,
    ...prefixes,
  ]);
});

test('subjects that follow the new key keep their role, and lack it until the API server has the new key', () => {
  expect(review({}, { issuers: { gh: ci }, users: ['gh:jane'] })).toEqual([
    meanwhile('user ci:jane'),
    renamed,
    ...prefixes,
  ]);
});

test('the reason for a smaller role is the role if the grant follows the new name', () => {
  const b = { ...ci, prefix: 'b:' };
  const lost = (users: string[]) =>
    review({ clusterRole: 'edit' }, { issuers: { ci: b }, users }).find((line) =>
      line.startsWith('- user ci:jane (which'),
    );
  expect(lost(['b:jane'])).toMatch(/: the grant look gives seer in place of edit$/);
  expect(lost(['ci:jane'])).toMatch(/: the grant look does not name user b:jane$/);
});

test('an issuer that keeps its prefix under a new key changes nobody', () => {
  const gh = { ...ci, prefix: 'ci:', groups: { claim: 'groups', prefix: 'ci:' } };
  expect(review({}, { issuers: { gh } })).toEqual([renamed]);
});

test('a prefix that grants already name gives their roles', () => {
  const b = { ...ci, prefix: 'b:' };
  expect(review({ users: ['b:jane'] }, { users: ['b:jane'], issuers: { ci: b } })).toEqual([
    '+ user ci:jane (which becomes user b:jane) may read pods on lab (seer): the grant look names user b:jane',
    '🟠 ~ lab: the prefix of the names of the issuer ci changed from ci: to b:',
  ]);
});

test('the users of an issuer that is gone lose their roles, and those of a new one get the roles of their names', () => {
  const gone = '- user ci:jane may no longer read pods on lab (seer): the issuer ci no longer gives this name';
  expect(review({}, { issuers: {} })[0]).toBe(gone);
  expect(review({ issuers: {} }, {})).toContain(
    '+ user ci:jane may read pods on lab (seer): the issuer ci now gives this name',
  );
});

test('a rule that requires another prefix takes roles from the names that it refuses, and gives those that it allows', () => {
  const requiring = (prefix: string) => ({
    ci: {
      ...ci,
      prefix: '',
      userValidationRules: [{ expression: `user.username.startsWith('${prefix}')`, message: 'no' }],
    },
  });
  const users = ['ci:jane', 'cx:jane'];
  const lines = review({ users, issuers: requiring('ci:') }, { users, issuers: requiring('cx:') });
  expect(lines).toContain(
    '- user ci:jane may no longer read pods on lab (seer): the issuer ci no longer gives this name',
  );
  expect(lines).toContain('+ user cx:jane may read pods on lab (seer): the issuer ci now gives this name');
  expect(review({ users, issuers: requiring('ci:') }, { users, issuers: requiring('ci:') })).toEqual([]);
});

test('an issuer that takes the prefix of another takes the roles of its users', () => {
  const gh = { ...ci, url: 'https://gh.example.com' };
  const swapped = {
    ci: { ...ci, prefix: 'gh:', groups: { claim: 'groups', prefix: 'gh:' } },
    gh: { ...gh, prefix: 'ci:', groups: { claim: 'groups', prefix: 'ci:' } },
  };
  expect(review({ issuers: { ci, gh } }, { issuers: swapped })).toEqual([
    '+ user gh:jane (which becomes user ci:jane) may read pods on lab (seer): the grant look names user ci:jane',
    '- user ci:jane (which becomes user gh:jane) may no longer read pods on lab (seer): the grant look does not name user gh:jane',
    ...prefixesOf('ci', 'ci:', 'gh:'),
    ...prefixesOf('gh', 'gh:', 'ci:'),
  ]);
});

test('of two issuers of which one takes the key of the other, the other is gone', () => {
  const gh = { ...ci, url: 'https://gh.example.com' };
  expect(review({ issuers: { ci, gh } }, { issuers: { gh: ci } })).toEqual([
    '- user ci:jane (which becomes user gh:jane) may no longer read pods on lab (seer): the grant look does not name user gh:jane',
    renamed,
    ...prefixes,
    '🟡 - lab: the issuer gh, whose tokens the API server accepts, is gone from the config',
  ]);
});

test('a name that no issuer gives, such as that of a client certificate, stays what it is', () => {
  expect(review({ users: ['admin'] }, { users: ['admin'], issuers: { gh: ci } })).toEqual([renamed, ...prefixes]);
});

test('names under another claim are told by the claim, not as a change of roles', () => {
  const byMail = { ...ci, claim: 'email' };
  expect(review({}, { issuers: { ci: byMail } })).toEqual([
    expect.stringContaining('the claim that contains the user name'),
  ]);
});

test('an expression that only puts a prefix before a claim names the same users as the claim', () => {
  const gh = {
    ...ci,
    username: { expression: "'gh:' + claims.sub" },
    groups: { expression: "dyn(claims.groups).map(g, 'gh:' + g)" },
  };
  expect(review({}, { issuers: { ci: gh }, users: ['gh:jane'] })).toContain(meanwhile('user ci:jane'));
});

test('an entry that is rendered as it is may give the name, so that nobody is said to lose it', () => {
  const jwt = [
    {
      issuer: { url: 'https://other.example.com', audiences: ['kubernetes'] },
      claimMappings: { username: { claim: 'sub', prefix: 'ci:' } },
    },
  ];
  expect(review({}, { issuers: {}, jwt }).filter((line) => line.includes('pods'))).toEqual([]);
});
