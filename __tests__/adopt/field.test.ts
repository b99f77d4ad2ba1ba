import {
  adoptFiles,
  all,
  binding,
  type Files,
  grantsIn,
  issuerUrl,
  jwt,
  k3s,
  structured,
  treatmentOf,
} from './adopted';
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

  test('with a domain say nothing of the kind, and of both forms the one that nobody has stays as it is', () => {
    expect(named('names with a domain').config).toMatchObject({ people: { jane: {} } });
    expect(JSON.stringify(named('names with a domain').config)).not.toContain('preferShortUsername');
    expect(treatmentOf(named('names of both forms'), 'User oidc:sam in ClusterRoleBinding v')).toMatchObject({
      treatment: 'different',
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
    // Kanidm has its own entry `admin`.
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
  test('are kept as they are, with uid, extra and rules, and their groups are understood', () => {
    const adopted = named('expressions that name a claim');
    expect(clusterIn(adopted)).toMatchObject({
      authentication: {
        username: { expression: 'claims.preferred_username' },
        groups: { expression: 'claims.groups' },
        uid: { claim: 'sub' },
        extra: [{ key: 'example.org/mail', valueExpression: 'claims.email' }],
        claimValidationRules: [{ expression: 'claims.email_verified == true', message: 'verified only' }],
        userValidationRules: [{ expression: 'user.username.endsWith("@idm.example.org")' }],
      },
      grants: [{ groups: ['ops'] }],
    });
    expect(adopted.items.filter(({ treatment }) => treatment === 'not taken')).toEqual([]);
    expect(adopted.changes).toEqual([]);
  });

  test('with a prefix name the same people and groups', () => {
    const adopted = named('expressions with a prefix');
    expect(grantsIn(adopted)).toMatchObject([{ people: ['person-a39bd23b'], groups: ['ops'] }]);
    expect(adopted.changes).toEqual([]);
  });

  test('of several functions are tried with the people and groups that there are', () => {
    const adopted = named('expressions of several functions');
    expect(grantsIn(adopted)).toMatchObject([
      { name: 'users', groups: ['ops'] },
      { name: 'jane', people: ['jane'] },
    ]);
    expect(treatmentOf(adopted, 'User jane in ClusterRoleBinding cert')).toMatchObject({ isUnrelated: true });
    expect(adopted.changes).toEqual([]);
  });

  test('that nobody can evaluate here keep the names as they are', () => {
    const adopted = named('expressions that nobody can evaluate here');
    expect(grantsIn(adopted)).toMatchObject([
      { name: 'users', subjects: { groups: ['k:spo'] } },
      { name: 'jane', subjects: { users: ['k:jane', 'other'] } },
    ]);
    expect(treatmentOf(adopted, 'Group k:spo in ClusterRoleBinding users')).toMatchObject({
      treatment: 'different',
      text: expect.stringContaining('so adopt cannot tell which group has it'),
    });
    expect(adopted.changes).toEqual([]);
  });
});

test('an expression with which no API server starts is left out, and that the new name is not known is said', () => {
  const username = { expression: '"oidc:" + claims.email' };
  const adopted = adoptFiles({
    'auth.yaml': structured(jwt({ username })),
    'rbac.yaml': binding('a', 'view', 'User oidc:jane@example.org'),
  });
  expect(treatmentOf(adopted, 'jwt[0].claimMappings.username.expression')).toMatchObject({
    treatment: 'not taken',
    text: expect.stringContaining('no expression reads `claims.email_verified`'),
  });
  expect(treatmentOf(adopted, 'User oidc:jane@example.org in ClusterRoleBinding a')).toMatchObject({
    treatment: 'different',
    text: expect.stringMatching(/^adopt does not know the new name, because .* the UUID/),
  });
  expect(adopted.changes.map(({ text }) => text)).toContainEqual(
    expect.stringMatching(/^User oidc:jane@example\.org \(person jane\) loses view by .*, because/),
  );
});

describe('claims that name nobody', () => {
  test.each([
    ['the display name', 'User oidc:Jane Doe in ClusterRoleBinding me', /display name of an unknown person/],
    ['a claim of groups as a name', 'User blue in ClusterRoleBinding t', /may be the user of a certificate/],
    ['a nickname', 'User k:blue in ClusterRoleBinding t', /the claim nickname does not identify a person/],
  ])('%s: sub is rendered, and the binding is named', (name, what, why) => {
    const adopted = named(name);
    expect(clusterIn(adopted)).toMatchObject({ authentication: { claim: 'sub' } });
    expect(treatmentOf(adopted, what)).toMatchObject({ treatment: 'not taken', text: expect.stringMatching(why) });
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
      'client k8s: user names come from `name` with the prefix `oidc:` today, and from `sub` with the prefix `oidc:` with the new config',
      'User oidc:Jane Doe (person jd) is called oidc:a39bd23b-9919-4ae2-b299-fc6223227c5b with the new config, and has cluster-admin by ClusterRoleBinding me only under that name',
    ]);
  });
});

test('a display name that an expression reads stays as it is, and nobody loses it', () => {
  const adopted = named('the display name by an expression');
  expect(clusterIn(adopted)).toMatchObject({
    authentication: { username: { expression: '"oidc:" + claims.name' } },
    grants: [
      { name: 'me', subjects: { users: ['oidc:Jane Doe'] } },
      { name: 'sam', people: ['sam'] },
    ],
  });
  expect(treatmentOf(adopted, 'User oidc:Jane Doe in ClusterRoleBinding me')).toMatchObject({
    treatment: 'different',
    text: expect.stringContaining('display name of an unknown person'),
  });
  expect(adopted.changes).toEqual([]);
});

describe('issuers of others', () => {
  test.each([
    [
      'two issuers of CI',
      ['git-example-net', 'github'],
      [{ users: ['forgejo:repo:org/web:ref:refs/heads/main'] }, { users: ['gh:repo:org/web'] }],
    ],
    ['another provider for people', ['login-example-com'], [{ users: ['sam@example.com'] }]],
    ['another Kanidm', ['idm-example-net'], [{ users: ['old:a39bd23b-9919-4ae2-b299-fc6223227c5b'] }]],
    [
      'another Kanidm with the same client',
      ['idm-example-net'],
      [{ users: ['b:a39bd23b-9919-4ae2-b299-fc6223227c5b'], groups: ['b:ops@idm.example.net'] }],
    ],
    ['an issuer whose prefix begins with that of Kanidm', ['git-example-net'], [{ users: ['forgejo:repo'] }]],
  ])('%s: taken, and their bindings too', (name, keys, subjects) => {
    const adopted = named(name);
    expect(Object.keys((clusterIn(adopted) as { issuers: object }).issuers)).toEqual(keys);
    const grants = grantsIn(adopted) as { subjects?: object }[];
    expect(grants.flatMap((grant) => grant.subjects ?? [])).toEqual(subjects);
    expect(adopted.items.filter(({ treatment }) => treatment === 'not taken')).toEqual([]);
    expect([adopted.left, adopted.changes]).toEqual([[], []]);
  });

  test('keep all of their settings; what the fields cannot say is taken literally', () => {
    const adopted = named('issuers of CI with all their settings');
    expect(clusterIn(adopted)).toMatchObject({
      issuers: {
        'gitlab-example-com': {
          url: 'https://gitlab.example.com',
          discoveryUrl: 'https://gitlab.internal.example.com/.well-known/openid-configuration',
          audiences: ['k8s', 'deploy'],
          egressSelectorType: 'cluster',
          ca: { pem: expect.stringContaining('BEGIN CERTIFICATE') },
          claim: 'sub',
          prefix: 'gitlab:',
          groups: { expression: '["gitlab:" + claims.namespace_path]' },
          uid: { claim: 'sub' },
          extra: [{ key: 'example.com/ref', valueExpression: 'claims.ref' }],
          requiredClaims: { namespace_id: '7' },
          claimValidationRules: [{ expression: 'claims.ref_protected == "true"', message: 'protected only' }],
          userValidationRules: [{ expression: 'user.username.contains("project_path")' }],
        },
      },
      jwt: [
        { issuer: { url: 'https://token.actions.githubusercontent.com' } },
        { issuer: { url: 'https://git.example.net/api/actions' }, newField: { a: 1 } },
      ],
      grants: [
        { name: 'deploy', subjects: { users: ['gitlab:project_path:web'], groups: ['gitlab:team'] } },
        {
          name: 'both',
          people: ['person-a39bd23b'],
          subjects: { users: ['forgejo:repo:org/web', 'kubernetes-admin'] },
        },
      ],
    });
    expect(treatmentOf(adopted, 'RoleBinding web/robot')).toMatchObject({
      treatment: 'not taken',
      text: expect.stringContaining('also names ServiceAccount robot'),
    });
  });

  test.each(['', 'sam@example.com'])('a missing prefix is said, since no API server starts with the file', (name) => {
    const username = { claim: 'email' };
    const entry = { issuer: { url: 'https://login.example.com', audiences: ['k8s'] }, claimMappings: { username } };
    const files = {
      'auth.yaml': structured(jwt({ username: { claim: 'sub', prefix: 'k:' } }), entry),
      ...(name === '' ? {} : { 'rbac.yaml': binding('a', 'view', `User ${name}`) }),
    };
    expect(treatmentOf(adoptFiles(files), 'issuer https://login.example.com')).toMatchObject({
      treatment: 'different',
      text: expect.stringContaining('a claim has no `prefix`'),
    });
  });

  test('an issuer that is there twice is passed on as it is', () => {
    const adopted = named('the same issuer twice');
    expect(adopted.left).toHaveLength(1);
    expect(adopted.next).toContain('keep issuers');
    // The API server rejects such a file, so nobody loses anything.
    expect(adopted.changes).toEqual([]);
  });

  test('an issuer that collides only with one that is left out is taken', () => {
    const other = (host: string, username: string, groups: string) => ({
      issuer: { url: `https://${host}`, audiences: ['k8s'] },
      claimMappings: { username: { claim: 'sub', prefix: username }, groups: { claim: 'groups', prefix: groups } },
    });
    const own = jwt({ username: { claim: 'sub', prefix: 'kanidm:' } });
    const dex = other('dex.example.net', 'kanidm:', 'ci:');
    const gitlab = other('gitlab.example.net', 'gl:', 'ci:');
    const issuersOf = (...others: readonly object[]) => {
      const adopted = adoptFiles({ 'auth.yaml': structured(own, ...others) });
      const issuers = Object.keys((clusterIn(adopted) as { issuers?: object }).issuers ?? {});
      return [issuers, adopted.left.length];
    };
    expect(issuersOf(dex, gitlab)).toEqual([['gitlab-example-net'], 1]);
    expect(issuersOf(gitlab, dex)).toEqual([['gitlab-example-net'], 1]);
    expect(issuersOf(gitlab, other('dex.example.net', 'dex:', 'ci:'))).toEqual([['dex-example-net'], 1]);
    expect(issuersOf(gitlab, other('dex.example.net', 'dex:', 'dex:'))[1]).toBe(0);
    // Both issuers also have the same prefix as Kanidm. The report gives this reason for both.
    const both = adoptFiles({ 'auth.yaml': structured(own, dex, other('gitlab.example.net', 'kanidm:', 'ci:')) });
    expect(
      both.items.flatMap(({ treatment, text }) =>
        treatment === 'not taken' && text?.includes('the same name') ? [text] : [],
      ),
    ).toEqual([expect.stringContaining('client k8s'), expect.stringContaining('client k8s')]);
  });

  test('the users of an issuer that is left out are told', () => {
    expect(named('names that two issuers share').changes.map(({ text }) => text)).toContain(
      'with the new config, the API server rejects tokens of https://login.example.com (401), so its users cannot sign in until you add the entry of this issuer by hand',
    );
    const byFlags = adoptFiles({ flags: '--oidc-issuer-url=https://login.example.com --oidc-client-id=a' });
    expect(byFlags.changes.map(({ text }) => text)).toEqual([
      'with the new config, the API server rejects tokens of https://login.example.com (401), so its users cannot sign in',
    ]);
  });
});

describe('several clients of Kanidm', () => {
  test('have a mapping each where they differ, and what a role gains is said', () => {
    const adopted = named('two clients with other names');
    expect(clusterIn(adopted)).toMatchObject({
      client: 'k8s',
      trust: ['headlamp'],
      authentication: {
        prefix: 'kanidm:',
        clients: { headlamp: { claim: 'email', prefix: 'oidc:', groups: { claim: 'groups', prefix: 'oidc:' } } },
      },
      grants: [{ groups: ['ops'] }, { groups: ['apps'], people: ['sam'] }],
    });
    expect(adopted.changes.map(({ text }) => text)).toEqual([
      'group ops also gets cluster-admin by ClusterRoleBinding kubectl under another name (oidc:ops@idm.example.org): Kaniflux renders the grant for every client that the cluster trusts',
      'group apps also gets cluster-admin by ClusterRoleBinding headlamp under another name (kanidm:apps@idm.example.org): Kaniflux renders the grant for every client that the cluster trusts',
    ]);
  });

  test('with the same names have one, and a role that all names have already gains nothing', () => {
    const adopted = named('three clients, two with the same names');
    expect(clusterIn(adopted)).toMatchObject({
      trust: ['argocd', 'headlamp'],
      authentication: {
        clients: {
          headlamp: {
            username: { expression: '"oidc:" + claims.email' },
            requiredClaims: { azp: 'headlamp' },
            claimValidationRules: [{ expression: 'claims.email_verified == true' }],
            uid: { expression: 'claims.sub' },
          },
        },
      },
      grants: [{ groups: ['ops'] }],
    });
    expect(Object.keys((clusterIn(adopted) as { authentication: { clients: object } }).authentication.clients)).toEqual(
      ['headlamp'],
    );
    expect(adopted.changes).toEqual([]);
    expect(clusterIn(named('two clients with the same names'))).toMatchObject({ trust: ['headlamp'] });
    expect(clusterIn(named('two clients with the prefix of their issuers'))).toMatchObject({
      client: 'k8s',
      trust: ['web'],
    });
  });

  test('with the same names in other spellings are all trusted', () => {
    const adopted = named('two clients with the same names, spelled in other ways');
    expect(clusterIn(adopted)).toMatchObject({ trust: ['headlamp', 'web'], grants: [{ people: ['sam'] }] });
    expect(adopted.changes).toEqual([]);
  });

  test('one whose entry a client cannot have is taken literally', () => {
    const adopted = named('a client with a discovery URL beside kubectl');
    expect(clusterIn(adopted)).toMatchObject({
      issuers: { 'idm-example-org': { discoveryUrl: expect.stringContaining('idm.svc') } },
      grants: [{ subjects: { users: ['web:a39bd23b-9919-4ae2-b299-fc6223227c5b'] } }],
    });
  });
});

describe('groups that no token carries', () => {
  test.each([['a group without its domain', 'Group oidc:k8s_admins in ClusterRoleBinding oidc:k8s_admins', '']])(
    '%s',
    () => {
      expect(
        treatmentOf(named('a group without its domain'), 'Group oidc:k8s_admins in ClusterRoleBinding admins'),
      ).toMatchObject({
        treatment: 'not taken',
        text: expect.stringMatching(
          /nobody has the role by this subject today, unless a program .*; bind `oidc:k8s_admins@idm\.example\.org`/,
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
    expect(treatmentOf(named(name), what)).toMatchObject({ treatment: 'not taken', text: expect.stringMatching(why) });
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
    ['nothing but bindings', 'ClusterRoleBinding a', /adopt cannot tell whom this binding names/],
    ['a variable in the issuer', 'ClusterRoleBinding a', /adopt cannot tell whom this binding names/],
    ['a file that names another', 'ClusterRoleBinding a', /adopt cannot tell whom this binding names/],
  ])('%s: %s', (name, what, why) => {
    expect(treatmentOf(named(name), what)).toMatchObject({ treatment: 'not taken', text: expect.stringMatching(why) });
    expect(JSON.stringify(clusterIn(named(name)))).not.toContain(`"name":"${what.split(' ')[1]}"`);
  });

  test('one without subjects gives nobody a right, so it is no reason to fail; one that names others too is', () => {
    const adopted = named('subjects of several kinds');
    expect(treatmentOf(adopted, 'ClusterRoleBinding nobody')).toMatchObject({ isUnrelated: true });
    expect(treatmentOf(adopted, 'ClusterRoleBinding mixed')?.isUnrelated).not.toBe(true);
  });

  test('one of two with the same name is taken, and the other is named', () => {
    const adopted = named('the same binding twice, and another of its name');
    expect(adopted.items.filter(({ id }) => /^binding \d$/.test(id)).map(({ treatment }) => treatment)).toEqual([
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
    ({ source, treatment, isUnrelated }) => source === 'cc.yaml' && treatment === 'not taken' && !isUnrelated,
  );
  expect(not.map(({ what, text }) => `${what}: ${text}`)).toEqual([
    'kubeadm: kubeadm: the config has k3s, from config.yaml',
    '--oidc-issuer-url: the config follows config.yaml, which has https://idm.example.org/oauth2/openid/k8s',
    '--oidc-client-id: the config follows config.yaml, which has k8s',
    'issuer https://idm.example.org/oauth2/openid/web: the issuers in the config are from config.yaml, which does not have this issuer',
  ]);
});

test('a file that nobody understands is named with the reason, and the rest is read', () => {
  const adopted = named('files that nobody understands');
  const { items } = adopted;
  expect(
    items
      .filter(({ text }) => text === 'adopt does not understand this item')
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
  expect(treatmentOf(adopted, '--oidc-client-secret')).toMatchObject({
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
  expect(treatmentOf(state, 'group k8s.access')).toMatchObject({
    treatment: 'different',
    text: expect.stringContaining('overwriteMembers'),
  });
  expect(treatmentOf(state, 'k8s: imageFile')).toMatchObject({ treatment: 'not taken' });
  expect(treatmentOf(state, 'entry old')).toMatchObject({
    treatment: 'not taken',
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

test('a kubeconfig alone tells the client, and who is who stays to be filled in', () => {
  const adopted = named('nothing but a kubeconfig');
  expect(adopted.config).toMatchObject({
    kanidm: { domain: 'idm.example.org' },
    clusters: { a: { server: 'https://192.0.2.7:6443', client: 'k8s', authentication: null } },
  });
  expect(adopted.next.slice(0, 2)).toEqual(['fill in', 'read the API server']);
});

test('a Kanidm that something else deploys is named, and its domain is taken', () => {
  const adopted = named('a Kanidm by manifests');
  expect(adopted.config).toMatchObject({ kanidm: { domain: 'idm.example.org', version: '1.11.1' } });
  expect(adopted.items.filter(({ text }) => text?.startsWith('Kaniflux does not take over a Kanidm'))).toHaveLength(2);
});

test.each(['arguments in several files', 'a unit with variables'])('%s are one server', (name) => {
  const adopted = named(name);
  expect(clusterIn(adopted)).toMatchObject({
    authentication: { claim: 'email', prefix: 'k:' },
    grants: [{ people: ['jane'] }],
  });
  expect(
    adopted.items.filter(
      ({ treatment, isUnrelated }) => treatment !== 'taken' && !isUnrelated && !/K3s or RKE2/.test(treatment),
    ),
  ).toEqual([]);
});

test('a restriction that validation rejects stays, since more people could sign in without it', () => {
  const adopted = named('a required claim twice, where an argument comes once');
  expect(clusterIn(adopted)).toMatchObject({ authentication: { requiredClaims: { azp: 'k8s', acr: '2' } } });
  expect(treatmentOf(adopted, '--oidc-required-claim')).toMatchObject({
    treatment: 'different',
    text: expect.stringMatching(/only one required claim.*the field stays in the config/),
  });
  expect(adopted.findings.filter(({ severity }) => severity === 'error').map(({ code }) => code)).toEqual([
    'required-claims',
  ]);
  expect(adopted.changes).toEqual([]);
});

test('a claim that the API server requires is assumed of a client that was not read', () => {
  const required = { 'config.yaml': k3s({ 'oidc-required-claim': 'team=ops' }) };
  const adopted = adoptFiles(required);
  expect(adopted.config).toMatchObject({
    clients: { k8s: { claims: { team: { join: 'csv', values: { k8s_users: ['ops'] } } } } },
    clusters: { a: { authentication: { requiredClaims: { team: 'ops' } } } },
  });
  expect(adopted.notes.map(({ text }) => text)).toContainEqual(
    expect.stringContaining('the claim `team` that the API server requires'),
  );
  expect(adopted.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
});

test('a claim that no token can have is still required, so that nobody new gets in', () => {
  const client = {
    class: ['account', 'oauth2_resource_server', 'oauth2_resource_server_public'],
    name: ['k8s'],
    uuid: ['c39bd23b-9919-4ae2-b299-fc6223227c5b'],
    oauth2_rs_origin_landing: ['http://localhost:8000/'],
    oauth2_rs_origin: ['http://localhost:8000/'],
    oauth2_rs_scope_map: ['ops@idm.example.org: {"groups", "openid"}'],
  };
  const group = {
    class: ['group'],
    name: ['ops'],
    uuid: ['b39bd23b-9919-4ae2-b299-fc6223227c5b'],
    spn: ['ops@idm.example.org'],
  };
  const adopted = adoptFiles({
    'config.yaml': k3s({ 'oidc-required-claim': 'team=ops' }),
    'kanidm.json': JSON.stringify([{ attrs: client }, { attrs: group }]),
  });
  expect(clusterIn(adopted)).toMatchObject({ authentication: { requiredClaims: { team: 'ops' } } });
  expect(adopted.findings.filter(({ severity }) => severity === 'error').map(({ code }) => code)).toEqual([
    'required-claim-unmet',
  ]);
});

test('who loses a role by a binding that stays as it is, because the name changes, is named', () => {
  const username = { claim: 'email', prefix: `${issuerUrl}#` };
  const person = (name: string, i: number) => ({
    attrs: {
      class: ['person', 'account'],
      name: [name],
      uuid: [`a39bd23b-9919-4ae2-b299-fc6223227c5${i}`],
      displayname: [name],
      mail: [`${name}@example.com`],
    },
  });
  const users = ['jane', 'sam'].map((name) => `User ${issuerUrl}#${name}@example.com`);
  const [jane = '', sam = ''] = users;
  const adopted = adoptFiles({
    'auth.yaml': structured(jwt({ username })),
    'people.json': JSON.stringify([person('jane', 0), person('sam', 1)]),
    'rbac.yaml': all(binding('mixed', 'view', jane, 'ServiceAccount ci'), binding('own', 'view', sam)),
  });
  const texts = adopted.changes.map(({ text }) => text);
  expect(texts).toContain(
    `with the new config, ${jane} (person jane) is called jane@example.com and loses view by ClusterRoleBinding mixed, because this binding keeps the old name`,
  );
  expect(texts).toContain(
    `${sam} (person sam) is called sam@example.com with the new config, and has view by ClusterRoleBinding own only under that name`,
  );
});
