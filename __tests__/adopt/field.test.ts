import { adoptFiles, type Files, fateOf, grantsIn } from './adopted';
import { cases } from './cases';

const named = (name: string, files: Files | undefined = cases[name]) => {
  if (!files) throw new Error(`no case ${name}`);
  return adoptFiles(files);
};
const clusterIn = ({ config }: ReturnType<typeof named>) => (config as { clusters: { a: object } }).clusters.a;

describe('user names without a domain', () => {
  test.each(['short names, by k3s', 'short names, by a unit', 'short names, structured'])('%s', (name) => {
    const adopted = named(name);
    expect(adopted.config).toMatchObject({ clients: { k8s: { preferShortUsername: true } }, people: { jane: {} } });
    expect(adopted.changes).toEqual([]);
  });

  test('with a domain say nothing of the kind, and both together leave out the one that nobody has', () => {
    expect(named('names with a domain').config).toMatchObject({ people: { jane: {} } });
    expect(JSON.stringify(named('names with a domain').config)).not.toContain('preferShortUsername');
    expect(fateOf(named('names of both forms'), 'User oidc:sam in ClusterRoleBinding v')).toMatchObject({
      fate: 'not taken',
      text: expect.stringContaining('Kanidm gives names with @idm.example.org'),
    });
  });
});

test('each group that is bound gets the scopes, and so does a group of the people', () => {
  expect(
    Object.keys(
      (named('two groups without a prefix').config as { clients: { k8s: { scopes: object } } }).clients.k8s.scopes,
    ),
  ).toEqual(['k8s_admins', 'k8s_users']);
  expect(named('groups and people by mail').config).toMatchObject({
    clients: { k8s: { scopes: { ops: {}, k8s_users: {} } } },
    groups: { ops: {}, k8s_users: { members: ['jane', 'jane-b.example'] } },
  });
});

test('two people with the same name at two domains are two', () => {
  const adopted = named('groups and people by mail');
  expect(adopted.config).toMatchObject({
    people: { jane: { mail: 'jane@a.example' }, 'jane-b.example': { mail: 'jane@b.example' } },
  });
  expect(grantsIn(adopted)).toMatchObject([
    { name: 'users', groups: ['ops'], people: ['jane'] },
    { name: 'admins', clusterRole: 'cluster-admin', people: ['jane-b.example'] },
  ]);
});

test('names that every object has are names like others', () => {
  expect(grantsIn(named('names that objects have'))).toMatchObject([
    { name: 'b-constructor', people: ['constructor'] },
    { name: 'b-tostring', people: ['tostring'] },
    { name: 'b-valueof', people: ['valueof'] },
    { name: 'b-hasownproperty', people: ['hasownproperty'] },
  ]);
  const mails = named('mail addresses that objects have');
  const { people } = mails.config as { people: Record<string, { mail: string }> };
  expect(Object.entries(people).map(([key, { mail }]) => [key, mail])).toEqual([
    ['constructor', 'constructor@a.example'],
    ['tostring', 'toString@a.example'],
    ['x-__proto__', '__proto__@a.example'],
    ['constructor-b.example', 'constructor@b.example'],
    // Kanidm has an admin of its own.
    ['admin-b.example', 'admin@b.example'],
    ['x-1', '1@b.example'],
  ]);
  expect(mails.changes).toEqual([]);
});

test("the domain is that of the groups' names, where the origin lies below it", () => {
  expect(named('groups of a domain above the origin').config).toMatchObject({
    kanidm: { domain: 'idm.example.org', origin: 'https://sso.idm.example.org' },
    clusters: { a: { grants: [{ groups: ['ops'] }] } },
  });
});

describe('expressions', () => {
  test('that name a claim become the claim, and the rest is said with what its loss does', () => {
    const adopted = named('expressions that name a claim');
    expect(clusterIn(adopted)).toMatchObject({
      authentication: { claim: 'preferred_username', prefix: '', groups: { claim: 'groups', prefix: '' } },
      grants: [{ groups: ['ops'] }],
    });
    const not = adopted.items.filter(({ fate }) => fate === 'not taken').map(({ what, text }) => `${what}: ${text}`);
    expect(not).toEqual([
      expect.stringMatching(/^jwt\[0\]\.claimMappings\.uid: .*users have no UID/),
      expect.stringMatching(/^jwt\[0\]\.claimMappings\.extra\[0\]: .*not have this extra field/),
      expect.stringMatching(/^jwt\[0\]\.claimValidationRules\[0\]: .*email_verified == true.*accepted/),
      expect.stringMatching(/^jwt\[0\]\.userValidationRules\[0\]: .*endsWith.*accepted/),
    ]);
    expect(adopted.next).toContain('keep settings');
  });

  test('with a prefix make the same names as claim and prefix', () => {
    expect(clusterIn(named('expressions with a prefix'))).toMatchObject({
      authentication: { claim: 'sub', prefix: 'oidc:', groups: { claim: 'groups', prefix: 'oidc:' } },
      grants: [{ people: ['person-a39bd23b'], groups: ['ops'] }],
    });
  });

  test('that nobody can evaluate here leave bindings alone, and say who loses what', () => {
    const adopted = named('expressions that nobody can evaluate here');
    expect(grantsIn(adopted)).toEqual([]);
    expect(adopted.changes.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^client k8s: user names come from `sub` .*, and from the expression .* today$/),
      expect.stringMatching(/^Group ops@idm.example.org loses view by ClusterRoleBinding users: an expression/),
      expect.stringMatching(/^User jane loses edit by ClusterRoleBinding jane: an expression/),
    ]);
  });
});

describe('claims that name nobody', () => {
  test.each([
    ['the display name', 'User oidc:Jane Doe in ClusterRoleBinding me', /display name of an unknown person/],
    ['a claim of groups as a name', 'User blue in ClusterRoleBinding t', /may be the user of a certificate/],
    ['a nickname', 'User k:blue in ClusterRoleBinding t', /the claim nickname does not identify a person/],
  ])('%s: sub is rendered, and the binding is named', (name, what, why) => {
    const adopted = named(name);
    expect(clusterIn(adopted)).toMatchObject({ authentication: { claim: 'sub' } });
    expect(fateOf(adopted, what)).toMatchObject({ fate: 'not taken', text: expect.stringMatching(why) });
  });

  test('a display name that one person has is that person, by the UUID', () => {
    const person = {
      attrs: {
        class: ['person', 'account'],
        name: ['jd'],
        uuid: ['a39bd23b-9919-4ae2-b299-fc6223227c5b'],
        displayname: ['Jane Doe'],
      },
    };
    const adopted = adoptFiles({ ...cases['the display name'], 'people.json': JSON.stringify([person]) });
    expect(grantsIn(adopted)).toMatchObject([{ name: 'admins' }, { name: 'me', people: ['jd'] }]);
    expect(adopted.changes.map(({ text }) => text)).toEqual([
      'client k8s: user names come from `sub` with the prefix `oidc:` afterwards, and from `name` with the prefix `oidc:` today',
      'User oidc:Jane Doe (person jd) is called oidc:a39bd23b-9919-4ae2-b299-fc6223227c5b afterwards, and has cluster-admin by ClusterRoleBinding me only under that name',
    ]);
  });
});

describe('issuers that a config has no place for', () => {
  test.each([
    ['two issuers of CI', ['https://git.example.net/api/actions', 'https://token.actions.githubusercontent.com'], 2],
    ['another provider for people', ['https://login.example.com'], 1],
    ['another Kanidm', ['https://idm.example.net/oauth2/openid/k8s'], 1],
    ['two clients with other names', ['https://idm.example.org/oauth2/openid/headlamp'], 2],
  ])('%s: passed on as they are, and who would be locked out is said', (name, urls, losers) => {
    const adopted = named(name);
    expect(adopted.left.map(({ issuer }) => (issuer as { url: string }).url)).toEqual(urls);
    expect(adopted.changes).toHaveLength(losers);
    expect(adopted.next).toContain('keep issuers');
  });

  test('a client that makes the same names is trusted as soon as a config may say so, and else passed on', () => {
    const adopted = named('two clients with the same names');
    const isTrusted = JSON.stringify(clusterIn(adopted)).includes('"trust":["headlamp"]');
    expect(adopted.left).toHaveLength(isTrusted ? 0 : 1);
    expect(adopted.next.includes('keep issuers')).toBe(!isTrusted);
    expect(clusterIn(named('two clients with the prefix of their issuers'))).toMatchObject({
      client: 'k8s',
      trust: ['web'],
    });
  });
});

describe('groups that no token carries', () => {
  test.each([['a group without its domain', 'Group oidc:k8s_admins in ClusterRoleBinding oidc:k8s_admins', '']])(
    '%s',
    () => {
      expect(
        fateOf(named('a group without its domain'), 'Group oidc:k8s_admins in ClusterRoleBinding admins'),
      ).toMatchObject({
        fate: 'not taken',
        text: expect.stringMatching(
          /nobody has the role by this subject today; bind `oidc:k8s_admins@idm\.example\.org`/,
        ),
      });
    },
  );

  test.each([
    [
      'a group of another domain',
      'Group kanidm:ops@idm.example.com in ClusterRoleBinding admins',
      /group names of this Kanidm server end in @idm\.example\.org/,
    ],
    [
      'a group by its UUID',
      'Group kanidm:a39bd23b-9919-4ae2-b299-fc6223227c5b in ClusterRoleBinding admins',
      /UUID of a group that was not read/,
    ],
    ['a group while no groups are read', 'Group ops@idm.example.org in ClusterRoleBinding admins', /reads no groups/],
  ])('%s', (name, what, why) => {
    expect(fateOf(named(name), what)).toMatchObject({ fate: 'not taken', text: expect.stringMatching(why) });
  });
});

describe('bindings that stay as they are', () => {
  test.each([
    ['variables of Flux', 'ClusterRoleBinding a', /the name contains a variable/],
    ['variables of Flux', `ClusterRoleBinding \${NAME}`, /the binding contains a variable/],
    ['a RoleBinding without a namespace', 'RoleBinding dev', /the namespace is missing/],
    ['subjects of several kinds', 'ClusterRoleBinding mixed', /also names ServiceAccount robot/],
    ['subjects of several kinds', 'ClusterRoleBinding robots', /a service account of Kubernetes/],
    ['subjects of several kinds', 'ClusterRoleBinding certificate', /no Kanidm token has this user name/],
    ['subjects of several kinds', 'ClusterRoleBinding kube', /a name of Kubernetes itself/],
    ['subjects of several kinds', 'ClusterRoleBinding odd', /no subjects of kind Team/],
    ['subjects of several kinds', 'ClusterRoleBinding nobody', /the binding has no subjects/],
    ['nothing but bindings', 'ClusterRoleBinding a', /depends on the settings of the API server/],
    ['a variable in the issuer', 'ClusterRoleBinding a', /depends on the settings of the API server/],
    ['a file that names another', 'ClusterRoleBinding a', /depends on the settings of the API server/],
  ])('%s: %s', (name, what, why) => {
    expect(fateOf(named(name), what)).toMatchObject({ fate: 'not taken', text: expect.stringMatching(why) });
    expect(JSON.stringify(clusterIn(named(name)))).not.toContain(`"name":"${what.split(' ')[1]}"`);
  });

  test('one of two with the same name is taken, and the other is named', () => {
    const adopted = named('the same binding twice, and another of its name');
    expect(adopted.items.filter(({ id }) => /^binding \d$/.test(id)).map(({ fate }) => fate)).toEqual([
      'taken',
      'taken',
      'not taken',
    ]);
    expect(grantsIn(adopted)).toEqual([{ name: 'a', clusterRole: 'view', people: ['jane'] }]);
  });
});

test('of sources that disagree one is taken, and each difference of the other is named', () => {
  const adopted = named('sources that disagree');
  expect(clusterIn(adopted)).toMatchObject({ client: 'k8s', controlPlane: 'k3s', kubernetes: '1.33.1' });
  const not = adopted.items.filter(
    ({ source, fate, isUnrelated }) => source === 'cc.yaml' && fate === 'not taken' && !isUnrelated,
  );
  expect(not.map(({ what, text }) => `${what}: ${text}`)).toEqual([
    'kubeadm: kubeadm: config.yaml has k3s, which was taken',
    '--oidc-client-id: config.yaml has k8s, and was taken',
  ]);
});

test('a file that nobody understands is named with the reason, and the rest is read', () => {
  const adopted = named('files that nobody understands');
  const { items } = adopted;
  expect(
    items
      .filter(({ text }) => text === 'adopt does not understand this part')
      .map(({ source, what }) => `${source}: ${what}`),
  ).toEqual([
    'notes.txt: the whole file, 1 line',
    expect.stringMatching(/^broken\.yaml: the whole file, which is not valid YAML: /),
    'deploy.yaml: Deployment web (3)',
  ]);
  expect(clusterIn(adopted)).toMatchObject({ client: 'k8s' });
});

test('flags that kube-apiserver does not have, and claims that it can not require, are said', () => {
  const adopted = named('a flag that there is not');
  expect(fateOf(adopted, '--oidc-client-secret')).toMatchObject({
    text: expect.stringContaining('kube-apiserver does not have this flag'),
  });
});

test('Talos by its documents is 1.14, and RKE2 is told by what is in its file', () => {
  expect(clusterIn(named('Talos 1.14'))).toMatchObject({
    controlPlane: 'talos',
    controlPlaneVersion: '1.14',
    authentication: { method: 'structured' },
  });
  expect(clusterIn(named('RKE2'))).toMatchObject({ controlPlane: 'rke2' });
});

test("kaniop's resources and the state of kanidm-provision are people, groups and clients", () => {
  expect(named('kaniop').config).toMatchObject({
    kanidm: { domain: 'idm.example.org', version: '1.11.1' },
    people: {
      alice: {
        displayName: 'Alice',
        mail: ['alice@example.com', 'a@example.com'],
        posix: { gid: 70001, shell: '/bin/zsh' },
      },
    },
    serviceAccounts: { ci: { displayName: 'CI', managedBy: 'ops' } },
    groups: { ops: { members: ['alice'], managedBy: 'alice' } },
    clients: {
      k8s: {
        landingUrl: 'http://localhost:8000',
        scopes: { ops: ['openid', 'groups', 'email'] },
        supplementaryScopes: { ops: ['admin'] },
        claims: { role: { join: 'csv', values: { ops: ['root'] } } },
        preferShortUsername: true,
      },
    },
    clusters: { a: { grants: [{ name: 'a', people: ['alice'], groups: ['ops'] }] } },
  });
  const state = named('kanidm-provision');
  expect(state.config).toMatchObject({
    people: { alice: { displayName: 'Alice', legalName: 'Alice A.', mail: 'alice@example.com' } },
    groups: { 'k8s.access': { members: ['alice'] } },
    clients: {
      k8s: { localhostRedirects: true, claims: { role: { join: 'ssv', values: { 'k8s.access': ['admin'] } } } },
    },
  });
  expect(fateOf(state, 'group k8s.access')).toMatchObject({
    fate: 'different',
    text: expect.stringContaining('overwriteMembers'),
  });
  expect(fateOf(state, 'k8s: imageFile')).toMatchObject({ fate: 'not taken' });
  expect(fateOf(state, 'entry old')).toMatchObject({
    fate: 'not taken',
    text: expect.stringContaining('absent: true'),
  });
});

test('a kubeconfig tells the address, and a HelmRelease how Kanidm is deployed', () => {
  expect(named('a kubeconfig and a HelmRelease').config).toMatchObject({
    kanidm: {
      domain: 'idm.example.org',
      cluster: 'a',
      namespace: 'idm',
      helm: {
        repository: 'https://charts.example.org',
        chart: 'kanidm',
        version: '0.1.2',
        values: { ingress: { className: 'nginx' } },
      },
    },
    clusters: { a: { server: 'https://192.0.2.7:6443', client: 'k8s' } },
  });
});

test('EKS accepts RS256 only, so its client is given it', () => {
  expect(named('EKS').config).toMatchObject({
    clients: { k8s: { legacyCrypto: true } },
    clusters: { a: { controlPlane: 'eks' } },
  });
});
