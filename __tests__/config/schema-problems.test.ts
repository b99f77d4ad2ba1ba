import { nearest, suggest } from '../../lib/config/nearest';
import { homeLab, load } from '../config';

const grant = { name: 'g', clusterRole: 'view', people: ['datosh'], clusters: '*' };
const zoe = (fields: object) => ({ people: { zoe: { displayName: 'Zoe', ...fields } } });
const homelab = (fields: object) => ({ clusters: { homelab: fields } });
const sub = { username: { expression: 'claims.sub' } };
const d = (length: number) => 'd'.repeat(length);

test.each<[object, ...[string, string, string, string][]]>([
  [
    { kanidm: { domian: 'x' } },
    ['unknown-key', 'kanidm.domian', '`domian` is not a field of this section', 'write `domain`'],
  ],
  [
    { 'kanidm.version': '1.11' },
    [
      'unknown-key',
      'kanidm.version',
      '`kanidm.version` is not a field of this section',
      'write `version` inside `kanidm`, in a line of its own',
    ],
  ],
  [
    { checks: { ignore: ['KF109'] } },
    [
      'wrong-type',
      'checks.ignore.0',
      'expected a map, found `KF109`',
      'write a map with `code` and `reason`: a finding that you accept',
    ],
  ],
  [
    { people: { 'zoe@example.com': { displayName: 'Zoe' } }, groups: { team: { members: ['zoe'] } } },
    [
      'bad-name',
      'people.zoe@example.com',
      '`zoe@example.com` is not a valid name',
      'write `zoe`, or another name of lower-case letters, digits, `_`, `.` and `-`, beginning with a letter, 64 characters at most',
    ],
  ],
  [
    { groups: { team: { colour: 'blue' } } },
    [
      'unknown-key',
      'groups.team.colour',
      '`colour` is not a field of this section',
      'choose one of `absent`, `description`, `formerly`, `id`, `incarnation`, `managedBy`, `members`, `policy`, `posix`',
    ],
  ],
  [
    { people: { zoe: { mail: 'z@example.com' } } },
    [
      'missing-key',
      'people.zoe',
      '`displayName` is missing',
      'add `displayName`: the name that people see, for example `displayName: Jane Doe`',
    ],
  ],
  [
    { people: { zoe: { displayname: 'Zoe' } } },
    ['unknown-key', 'people.zoe.displayname', '`displayname` is not a field of this section', 'write `displayName`'],
  ],
  [
    { people: { zoe: { displayname: 'Zoe' }, ada: {} } },
    [
      'missing-key',
      'people.ada',
      '`displayName` is missing',
      'add `displayName`: the name that people see, for example `displayName: Jane Doe`',
    ],
    ['unknown-key', 'people.zoe.displayname', '`displayname` is not a field of this section', 'write `displayName`'],
  ],
  [
    { people: { zoe: 'Zoe' } },
    ['wrong-type', 'people.zoe', 'expected a map, found `Zoe`', 'write a map: a person account of Kanidm'],
  ],
  [
    { people: { datosh: ['zoe'] } },
    ['wrong-type', 'people.datosh', 'expected a map, found a list', 'write a map: a person account of Kanidm'],
  ],
  [
    zoe({ displayName: 5 }),
    ['not-text', 'people.zoe.displayName', 'YAML reads `5` as the number 5', 'put the value in quotes: "5"'],
  ],
  [
    zoe({ displayName: true }),
    ['not-text', 'people.zoe.displayName', 'YAML reads `true` as the boolean true', 'put the value in quotes: "true"'],
  ],
  [
    zoe({ displayName: ['Zoe'] }),
    [
      'wrong-type',
      'people.zoe.displayName',
      'expected a string, found a list',
      'write a string: the name that people see, for example `Jane Doe`',
    ],
  ],
  [
    zoe({ displayName: {} }),
    [
      'wrong-type',
      'people.zoe.displayName',
      'expected a string, found a map',
      'write a string: the name that people see, for example `Jane Doe`',
    ],
  ],
  [
    { people: { zoe: { displayName: '' } } },
    [
      'bad-value',
      'people.zoe.displayName',
      'the text is empty',
      'expected: the name that people see, for example `Jane Doe`',
    ],
  ],
  [
    zoe({ absent: 'maybe' }),
    [
      'wrong-type',
      'people.zoe.absent',
      'expected a boolean, found `maybe`',
      'write a boolean: remove the entry from Kanidm',
    ],
  ],
  [
    zoe({ mail: 'zoe' }),
    [
      'bad-value',
      'people.zoe.mail',
      '`zoe` is not a valid value',
      'write a mail address, for example `jane@example.com`',
    ],
  ],
  [
    zoe({ incarnation: 1 }),
    [
      'bad-value',
      'people.zoe.incarnation',
      'expected at least 2, found `1`',
      'expected: increase this number to recreate an entry that was `absent`',
    ],
  ],
  [
    zoe({ incarnation: 'two' }),
    [
      'wrong-type',
      'people.zoe.incarnation',
      'expected a whole number, found `two`',
      'write a whole number: increase this number to recreate an entry that was `absent`',
    ],
  ],
  [
    { groups: { team: { policy: { sessionExpiry: 1.5 } } } },
    [
      'wrong-type',
      'groups.team.policy.sessionExpiry',
      'expected a whole number or `null`, found `1.5`',
      'write a whole number or `null`: seconds after which a session ends',
    ],
  ],
  [
    { people: { 'A/b~c': { displayName: 'Zoe', mial: 1 } } },
    [
      'bad-name',
      'people.A/b~c',
      '`A/b~c` is not a valid name',
      'write lower-case letters, digits, `_`, `.` and `-`, beginning with a letter, 64 characters at most',
    ],
    ['unknown-key', 'people.A/b~c.mial', '`mial` is not a field of this section', 'write `mail`'],
  ],
  [
    { people: { Zoe: { displayName: 'Zoe' } } },
    [
      'bad-name',
      'people.Zoe',
      '`Zoe` is not a valid name',
      'write `zoe`, or another name of lower-case letters, digits, `_`, `.` and `-`, beginning with a letter, 64 characters at most',
    ],
  ],
  [
    homelab({ authentication: { requiredClaims: { 'a=b': 'x' } } }),
    [
      'bad-name',
      'clusters.homelab.authentication.requiredClaims.a=b',
      '`a=b` is not a valid name',
      'write a name without spaces and `=`',
    ],
  ],
  [
    { grants: [{ ...grant, people: d(80) }] },
    [
      'wrong-type',
      'grants.0.people',
      `expected a list, found \`${d(80)}\``,
      `write \`[${d(80)}]\`: the people who get the role`,
    ],
  ],
  [
    { grants: [{ ...grant, people: d(81) }] },
    [
      'wrong-type',
      'grants.0.people',
      `expected a list, found \`${d(77)}…\``,
      `write \`[${d(77)}…]\`: the people who get the role`,
    ],
  ],
  [
    { grants: [{ ...grant, people: { datosh: 1 } }] },
    [
      'wrong-type',
      'grants.0.people',
      'expected a list, found a map',
      'write a list, in which each item begins with `- `: the people who get the role',
    ],
  ],
  [
    { grants: [{ ...grant, people: 'datosh, jane  on' }] },
    [
      'wrong-type',
      'grants.0.people',
      'expected a list, found `datosh, jane  on`',
      'write `[datosh, jane, on]`: the people who get the role',
    ],
  ],
  [
    { roles: { r: { rules: [{ resources: ['pods'], verbs: '*' }] } } },
    ['wrong-type', 'roles.r.rules.0.verbs', 'expected a list, found `*`', 'write `["*"]`: verbs'],
  ],
  [
    { grants: [{ ...grant, namespaces: ['*'] }] },
    [
      'bad-value',
      'grants.0.namespaces.0',
      '`*` is not a valid value',
      'remove `namespaces`: without this field, the whole cluster is meant',
    ],
  ],
  [
    homelab({ controlPlane: 'kind' }),
    [
      'not-a-choice',
      'clusters.homelab.controlPlane',
      '`kind` is not one of the allowed values',
      'choose one of `cluster-api`, `eks`, `flags`, `k0s`, `k3s`, `kubeadm`, `rke2`, `talos`',
    ],
  ],
  [
    { kanidm: { helm: null, manifests: true, backup: null } },
    [
      'wrong-type',
      'kanidm.manifests',
      'expected a map, found `true`',
      'write a map, or `{}` for its defaults: deploy Kanidm with manifests that Kaniflux renders, without a chart',
    ],
  ],
  [
    homelab({ kubeconfig: { certificateAuthority: 'ca.crt' } }),
    [
      'wrong-type',
      'clusters.homelab.kubeconfig.certificateAuthority',
      'expected a map, found `ca.crt`',
      expect.stringMatching(/^write `\{ file: ca\.crt \}`: /),
    ],
  ],
  [
    { kanidm: { helm: null, version: '1.11.1', manifests: { ingress: 'nginx', gateway: 'a/b' } } },
    [
      'wrong-type',
      'kanidm.manifests.ingress',
      expect.anything(),
      expect.stringMatching(/^write `\{ className: nginx \}`/),
    ],
    ['wrong-type', 'kanidm.manifests.gateway', expect.anything(), expect.stringMatching(/^write a map: /)],
  ],
  [
    { kanidm: { helm: null, version: '1.11.1', manifests: { ingress: { class: 'nginx' } } } },
    ['unknown-key', 'kanidm.manifests.ingress.class', expect.anything(), 'write `className`'],
  ],
  [
    zoe({ posix: { gid: '1000' }, absent: 'true' }),
    ['wrong-type', 'people.zoe.posix.gid', expect.anything(), 'write `1000` without quotes: POSIX gid number'],
    ['wrong-type', 'people.zoe.absent', expect.anything(), expect.stringMatching(/^write `true` without quotes: /)],
  ],
  [
    { flux: { interval: 10 } },
    ['not-text', 'flux.interval', expect.anything(), 'write a duration above zero, for example `10m`'],
  ],
  [
    { kanidm: { provision: true } },
    ['not-text', 'kanidm.provision', expect.anything(), 'choose one of `migrations`, `runbook`'],
  ],
  [
    { checks: { ignore: [{ code: 'KF109', reason: 'x' }] } },
    ['bad-value', 'checks.ignore.0.code', expect.anything(), expect.stringMatching(/^write words in lower case/)],
  ],
  [
    { groups: { team: { members: ['datosh'] } }, people: [{ name: 'datosh' }, 'zoe'] },
    [
      'wrong-type',
      'people',
      'expected a map, found a list',
      'write a map, with `datosh:` in place of `- name: datosh`: people, by their name in Kanidm',
    ],
  ],
  [
    { groups: { team: { members: ['datosh'] }, k8s_users: null }, clients: { k8s: { scopes: ['openid'] } } },
    [
      'wrong-type',
      'clients.k8s.scopes',
      'expected a map, found a list',
      expect.stringMatching(/^write a map: the groups/),
    ],
  ],
  [
    { clusters: ['clusters/a.yaml'] },
    [
      'wrong-type',
      'clusters',
      'expected a map or a string, found a list',
      expect.stringMatching(/^write a map or a string: /),
    ],
  ],
  [
    homelab({ controlPlane: 'GKE' }),
    ['not-a-choice', 'clusters.homelab.controlPlane', '`GKE` is not one of the allowed values', 'write `gke`'],
  ],
  [
    { kanidm: { domain: 'https://IDM.example.com:8443/' } },
    ['bad-value', 'kanidm.domain', expect.anything(), 'write `idm.example.com`'],
  ],
  [
    { kanidm: { domain: '192.0.2.5' } },
    [
      'bad-value',
      'kanidm.domain',
      '`192.0.2.5` is not a valid value',
      'write a DNS name in lower case, for example `idm.example.com`',
    ],
  ],
  [
    { people: { 'zoe@example.com': { displayName: 'Zoe' } } },
    ['bad-name', 'people.zoe@example.com', expect.anything(), expect.stringMatching(/^write `zoe`, or another name/)],
  ],
  [
    { people: { '\u00a0 zoe': { displayName: 'Zoe' }, zoe: { displayName: 'Zoe', '\u00a0mail': 'x' } } },
    ['bad-name', 'people.\u00a0 zoe', expect.anything(), expect.stringMatching(/^write `zoe`/)],
    [
      'unknown-key',
      'people.zoe.\u00a0mail',
      'the character U+00A0, which is not a plain space, indents this line',
      'indent with spaces',
    ],
  ],
  [
    { grants: [{ ...grant, clusters: 'homelab' }] },
    ['bad-value', 'grants.0.clusters', '`homelab` is not a valid value', 'write `[homelab]`'],
  ],
  [
    { grants: [{ ...grant, clusters: 'all' }] },
    ['bad-value', 'grants.0.clusters', '`all` is not a valid value', 'write `"*"` for all'],
  ],
  [
    homelab({ kubernetes: '1.34', authentication: { method: 'structured', anonymous: { enabled: true, paths: [] } } }),
    ['bad-value', 'clusters.homelab.authentication.anonymous.paths', 'the list is empty', expect.anything()],
  ],
  [
    { grants: [{ ...grant, namespaces: [] }] },
    [
      'bad-value',
      'grants.0.namespaces',
      'the list is empty',
      'expected: grant the role in these namespaces only, with a RoleBinding in each',
    ],
  ],
  [
    { grants: [{ ...grant, clusters: ['homelab', 'homelab'] }] },
    ['bad-value', 'grants.0.clusters', 'the list has `homelab` twice', 'keep one of the two'],
  ],
  [
    { groups: { k8s_users: { policy: { privilegeExpiry: 3601 } } } },
    [
      'bad-value',
      'groups.k8s_users.policy.privilegeExpiry',
      'expected at most 3600, found `3601`',
      expect.stringMatching(/^expected: /),
    ],
  ],
  [
    { kanidm: { domain: `${'a.'.repeat(126)}aa` } },
    [
      'bad-value',
      'kanidm.domain',
      expect.stringMatching(/^expected 253 characters at most, found `a\./),
      expect.anything(),
    ],
  ],
  [
    { expect: [{ exclusive: ['admin'] }] },
    ['bad-value', 'expect.0.exclusive', 'expected at least 2 values, found 1', expect.stringMatching(/^expected: /)],
  ],
  [
    { kanidm: { provision: 'Runbook' } },
    ['not-a-choice', 'kanidm.provision', '`Runbook` is not one of the allowed values', 'write `runbook`'],
  ],
  [
    { kanidm: { provision: 'manual' } },
    [
      'not-a-choice',
      'kanidm.provision',
      '`manual` is not one of the allowed values',
      'choose one of `migrations`, `runbook`',
    ],
  ],
  [
    { kanidm: { domain: 'IDM.Example.com' } },
    ['bad-value', 'kanidm.domain', '`IDM.Example.com` is not a valid value', 'write `idm.example.com`'],
  ],
  [
    { kanidm: { domain: 'Idm_x' } },
    [
      'bad-value',
      'kanidm.domain',
      '`Idm_x` is not a valid value',
      'write a DNS name in lower case, for example `idm.example.com`',
    ],
  ],
  [
    homelab({ kubernetes: 1.34 }),
    [
      'not-text',
      'clusters.homelab.kubernetes',
      'YAML reads `1.34` as the number 1.34',
      'put the value in quotes: "1.34"',
    ],
  ],
  [
    homelab({ kubernetes: undefined }),
    [
      'missing-key',
      'clusters.homelab',
      '`kubernetes` is missing',
      'add `kubernetes`: version of Kubernetes, in quotes: `"1.34"`, `"1.34.4"`, or as `kubectl version` prints it (`"v1.34.4+k3s1"`), for example `kubernetes: "1.34"`',
    ],
  ],
  [
    homelab({ client: undefined, authentication: { uid: {} } }),
    [
      'missing-key',
      'clusters.homelab',
      '`client` is missing',
      'add `client`: the client whose tokens the API server accepts',
    ],
    ['missing-key', 'clusters.homelab.authentication.uid', 'the section is empty', 'write `claim` or `expression`'],
  ],
  [
    homelab({ authentication: { ...sub, claim: 'sub', prefix: '' } }),
    [
      'conflicting-key',
      'clusters.homelab.authentication.claim',
      '`claim` and `username` exclude each other',
      'remove one of the two fields',
    ],
    [
      'conflicting-key',
      'clusters.homelab.authentication.prefix',
      '`prefix` and `username` exclude each other',
      'remove one of the two fields',
    ],
  ],
  [
    homelab({ authentication: { ...sub, claim: '' } }),
    [
      'bad-value',
      'clusters.homelab.authentication.claim',
      'the text is empty',
      'expected: the claim that becomes the user name: `sub` (the UUID, which never changes), `email`, or `preferred_username` (which people can change themselves), for example `sub`',
    ],
    [
      'conflicting-key',
      'clusters.homelab.authentication.claim',
      '`claim` and `username` exclude each other',
      'remove one of the two fields',
    ],
  ],
])('%j is told what to write', (input, ...expected) => {
  const found = load(homeLab(JSON.parse(JSON.stringify(input, (_, value) => (value === undefined ? null : value)))))
    .findings.filter(({ severity }) => severity === 'error')
    .map(({ code, path, message, fix }) => [code, path?.join('.'), message, fix]);
  expect(found.sort()).toEqual(expected.sort());
});

test.each<[string, readonly string[], string | undefined]>([
  ['k9s', ['k8s', 'web'], 'k8s'],
  ['k99', ['k8s'], undefined],
  ['bob', ['joe'], undefined],
  ['web', ['dev'], undefined],
  ['opps', ['ops'], 'ops'],
  ['a', ['b'], undefined],
  ['team', ['tema'], 'tema'],
  ['x99', ['k8s'], undefined],
  ['abcdefghi', ['abcdefxyz'], 'abcdefxyz'],
  ['abcdefghi', ['abcdewxyz'], undefined],
  ['abcdefghijkl', ['abcdefghwxyz'], 'abcdefghwxyz'],
  ['k8s-users', ['k8s_user', 'k8s_users'], 'k8s_users'],
  ['Cluster Admins', ['cluster.admins'], 'cluster.admins'],
  ['ab', ['ac', 'ad'], 'ac'],
  ['ab', [], undefined],
])('the nearest to %s of %j is %s', (name, candidates, expected) => {
  expect(nearest(name, candidates)).toBe(expected);
});

test.each<[string, readonly string[], string]>([
  ['k9s', ['k8s'], 'write `k8s`'],
  ['datosh@sso.example.com', ['datosh'], 'write `datosh`'],
  ['unlike', ['b', 'a'], 'choose one of `a`, `b`'],
  ['unlike', [...'mlkjihgfedcba'], `choose one of ${[...'abcdefghijkl'].map((one) => `\`${one}\``).join(', ')}, …`],
  ['unlike', [...'abcdefghijkl'], `choose one of ${[...'abcdefghijkl'].map((one) => `\`${one}\``).join(', ')}`],
  ['unlike', [], 'there are no names to choose from'],
])('the fix for %s, of %j, is to %s', (name, candidates, fix) => expect(suggest(name, candidates)).toBe(fix));

test('if there are no candidates, the fix can be another one', () => {
  expect(suggest('x', [], 'add `x`')).toBe('add `x`');
});
