import { all, binding, type Files, issuerUrl, jwt, k3s, structured } from './adopted';

const unit = (flags: readonly string[]) =>
  `[Service]\nExecStart=/usr/local/bin/k3s \\\n    server \\\n${flags.map((flag) => `        '--kube-apiserver-arg' \\\n        '${flag}' \\\n`).join('')}        '--disable=traefik'\n`;

const oidc = {
  'oidc-username-claim': 'preferred_username',
  'oidc-username-prefix': 'oidc:',
  'oidc-groups-claim': 'groups',
  'oidc-groups-prefix': 'oidc:',
};
const byName = {
  username: { claim: 'preferred_username', prefix: 'oidc:' },
  groups: { claim: 'groups', prefix: 'oidc:' },
};
const byMail = { username: { claim: 'email', prefix: 'oidc:' }, groups: { claim: 'groups', prefix: 'oidc:' } };
const byUuid = { username: { claim: 'sub', prefix: 'kanidm:' }, groups: { claim: 'groups', prefix: 'kanidm:' } };
const github = {
  issuer: { url: 'https://token.actions.githubusercontent.com', audiences: ['cluster'] },
  claimMappings: { username: { expression: '"gh:" + claims.sub' } },
};
const forgejo = {
  issuer: { url: 'https://git.example.net/api/actions', audiences: ['forgejo'], audienceMatchPolicy: 'MatchAny' },
  claimMappings: { username: { claim: 'sub', prefix: 'forgejo:' } },
};
const uuid = 'a39bd23b-9919-4ae2-b299-fc6223227c5b';

/**
 * Existing clusters. The key says what is special about the cluster. For each of them, the config can be rendered, and
 * the report lists every difference.
 */
export const cases: Readonly<Record<string, Files>> = {
  'short names, by k3s': { 'config.yaml': k3s(oidc), 'rbac.yaml': binding('admin', 'cluster-admin', 'User oidc:jane') },
  'short names, by a unit': {
    'k3s.service': unit(k3s(oidc)['kube-apiserver-arg']),
    'rbac.yaml': all(
      binding('admin', 'cluster-admin', 'User oidc:jane'),
      binding('web/dev', 'edit', 'User oidc:sam_t'),
    ),
  },
  'short names, structured': {
    'auth.yaml': structured(jwt(byName)),
    'rbac.yaml': binding('v', 'view', 'User oidc:jane', 'Group oidc:ops@idm.example.org'),
  },
  'names with a domain': {
    'auth.yaml': structured(jwt(byName)),
    'rbac.yaml': binding('v', 'view', 'User oidc:jane@idm.example.org'),
  },
  'names of both forms': {
    'auth.yaml': structured(jwt(byName)),
    'rbac.yaml': binding('v', 'view', 'User oidc:jane@idm.example.org', 'User oidc:sam'),
  },
  'two groups without a prefix': {
    'auth.yaml': structured(
      jwt({ username: { claim: 'preferred_username', prefix: '' }, groups: { claim: 'groups', prefix: '' } }),
    ),
    'rbac.yaml': all(
      binding('users', 'view', 'Group k8s_users@idm.example.org'),
      binding('admins', 'cluster-admin', 'Group k8s_admins@idm.example.org'),
    ),
  },
  'groups and people by mail': {
    'config.yaml': k3s({ 'oidc-username-claim': 'email', 'oidc-groups-claim': 'groups' }),
    'rbac.yaml': all(
      binding('users', 'view', 'Group ops@idm.example.org', 'User jane@a.example'),
      binding('admins', 'cluster-admin', 'User jane@b.example'),
    ),
  },
  'groups of a domain above the origin': {
    flags: `--oidc-issuer-url=https://sso.idm.example.org/oauth2/openid/k8s --oidc-client-id=k8s --oidc-signing-algs=ES256 --oidc-groups-claim=groups`,
    'rbac.yaml': binding('users', 'view', 'Group ops@idm.example.org'),
  },
  'expressions that name a claim': {
    'auth.json': JSON.stringify(
      structured(
        jwt(
          {
            uid: { claim: 'sub' },
            username: { expression: 'claims.preferred_username' },
            groups: { expression: 'claims.groups' },
            extra: [{ key: 'example.org/mail', valueExpression: 'claims.email' }],
          },
          'k8s',
          {
            claimValidationRules: [{ expression: 'claims.email_verified == true', message: 'verified only' }],
            userValidationRules: [
              { expression: 'user.username.endsWith("@idm.example.org")' },
              { expression: '! user.username.startsWith( "system:" )' },
            ],
          },
        ),
      ),
      null,
      1,
    ),
    'rbac.yaml': binding('users', 'view', 'Group ops@idm.example.org'),
  },
  'expressions with a prefix': {
    'auth.yaml': structured(
      jwt({
        username: { expression: "'oidc:' + claims.sub" },
        groups: { expression: 'dyn(claims.groups).map(g, "oidc:" + g)' },
      }),
    ),
    'rbac.yaml': binding('users', 'view', `User oidc:${uuid}`, 'Group oidc:ops@idm.example.org'),
  },
  'expressions of several functions': {
    'auth.yaml': structured(
      jwt({
        username: { expression: '"k:" + claims.preferred_username.split("@")[0]' },
        groups: { expression: 'dyn(claims.groups).filter(g, g.contains("@")).map(g, "k:" + g)' },
      }),
    ),
    'rbac.yaml': all(
      binding('users', 'view', 'Group k:ops@idm.example.org'),
      binding('jane', 'edit', 'User k:jane'),
      binding('cert', 'edit', 'User jane'),
    ),
    'people.json': JSON.stringify([
      { attrs: { class: ['person', 'account'], name: ['jane'], uuid: [uuid], displayname: ['Jane'] } },
    ]),
  },
  'expressions that nobody can evaluate here': {
    'auth.yaml': structured(
      jwt({
        username: { expression: '"k:" + string(claims.iat)' },
        groups: { expression: 'dyn(claims.groups).map(g, "k:" + g.lowerAscii().trim())' },
      }),
    ),
    'rbac.yaml': all(binding('users', 'view', 'Group k:spo'), binding('jane', 'edit', 'User k:jane', 'User other')),
  },
  'the display name': {
    'auth.yaml': structured(
      jwt({ username: { claim: 'name', prefix: 'oidc:' }, groups: { claim: 'groups', prefix: 'oidc:' } }),
    ),
    'rbac.yaml': all(
      binding('admins', 'cluster-admin', 'Group oidc:ops@idm.example.org'),
      binding('me', 'cluster-admin', 'User oidc:Jane Doe'),
    ),
  },
  'the display name by an expression': {
    'auth.yaml': structured(jwt({ username: { expression: '"oidc:" + claims.name' } })),
    'rbac.yaml': all(binding('me', 'cluster-admin', 'User oidc:Jane Doe'), binding('sam', 'view', 'User oidc:Sam T')),
    'people.json': JSON.stringify([
      { attrs: { class: ['person', 'account'], name: ['sam'], uuid: [uuid], displayname: ['Sam T'] } },
    ]),
  },
  'a claim of groups as a name': {
    'config.yaml': k3s({ 'oidc-username-claim': 'team', 'oidc-username-prefix': '-' }),
    'rbac.yaml': binding('t', 'view', 'User blue'),
  },
  'a nickname': {
    'auth.yaml': structured(jwt({ username: { claim: 'nickname', prefix: 'k:' } })),
    'rbac.yaml': binding('t', 'view', 'User k:blue'),
  },
  'two issuers of CI': {
    'auth.yaml': structured(
      forgejo,
      github,
      jwt({ username: { claim: 'email', prefix: '' }, groups: { claim: 'groups', prefix: 'kanidm:' } }),
    ),
    'rbac.yaml': all(
      binding('admins', 'cluster-admin', 'Group kanidm:ops@idm.example.org'),
      binding('web/deploy', 'edit', 'User forgejo:repo:org/web:ref:refs/heads/main'),
      binding('web/gh', 'edit', 'User gh:repo:org/web'),
    ),
  },
  'another provider for people': {
    'auth.yaml': structured(jwt(byUuid), {
      issuer: { url: 'https://login.example.com', audiences: ['k8s'] },
      claimMappings: { username: { claim: 'email', prefix: '' } },
    }),
    'rbac.yaml': all(binding('a', 'view', `User kanidm:${uuid}`), binding('b', 'view', 'User sam@example.com')),
  },
  'another Kanidm': {
    'auth.yaml': structured(jwt(byUuid), {
      issuer: { url: 'https://idm.example.net/oauth2/openid/k8s', audiences: ['k8s'] },
      claimMappings: { username: { claim: 'sub', prefix: 'old:' } },
    }),
    'rbac.yaml': binding('b', 'view', `User old:${uuid}`),
  },
  'two clients with other names': {
    'auth.yaml': structured(jwt(byUuid), jwt(byMail, 'headlamp')),
    'rbac.yaml': all(
      binding('kubectl', 'cluster-admin', 'Group kanidm:ops@idm.example.org'),
      binding('headlamp', 'cluster-admin', 'Group oidc:apps@idm.example.org', 'User oidc:sam@example.org'),
    ),
  },
  'two clients with the same names': {
    'auth.yaml': structured(jwt(byUuid), jwt(byUuid, 'headlamp')),
    'rbac.yaml': binding('a', 'view', `User kanidm:${uuid}`),
  },
  'two clients with the same names, spelled in other ways': {
    'auth.yaml': structured(
      jwt({ username: { expression: '"oidc:" + claims.email' } }, 'k8s', {
        claimValidationRules: [{ expression: 'claims.email_verified == true' }],
      }),
      jwt(byMail, 'headlamp'),
      jwt({ username: { expression: "( 'oi' + 'dc:' ) + claims['email']" } }, 'web', {
        claimValidationRules: [{ expression: 'claims.email_verified == true' }],
      }),
    ),
    'rbac.yaml': binding('a', 'view', 'User oidc:sam@example.org'),
  },
  'three clients, two with the same names': {
    'auth.yaml': structured(
      jwt(byUuid),
      jwt(byUuid, 'argocd'),
      jwt(
        {
          username: { expression: '"oidc:" + claims.email' },
          groups: { claim: 'groups', prefix: 'oidc:' },
          uid: { expression: 'claims.sub' },
        },
        'headlamp',
        {
          claimValidationRules: [
            { claim: 'azp', requiredValue: 'headlamp' },
            { expression: 'claims.email_verified == true' },
          ],
        },
      ),
    ),
    'rbac.yaml': binding('ops', 'view', 'Group kanidm:ops@idm.example.org', 'Group oidc:ops@idm.example.org'),
  },
  'issuers of CI with all their settings': {
    'auth.yaml': structured(
      jwt(byUuid),
      {
        issuer: {
          url: 'https://gitlab.example.com',
          discoveryURL: 'https://gitlab.internal.example.com/.well-known/openid-configuration',
          audiences: ['k8s', 'deploy'],
          audienceMatchPolicy: 'MatchAny',
          egressSelectorType: 'cluster',
          certificateAuthority: '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
        },
        claimMappings: {
          username: { claim: 'sub', prefix: 'gitlab:' },
          groups: { expression: '["gitlab:" + claims.namespace_path]' },
          uid: { claim: 'sub' },
          extra: [{ key: 'example.com/ref', valueExpression: 'claims.ref' }],
        },
        claimValidationRules: [
          { claim: 'namespace_id', requiredValue: '7' },
          { expression: 'claims.ref_protected == "true"', message: 'protected only' },
        ],
        userValidationRules: [{ expression: 'user.username.contains("project_path")' }],
      },
      { ...github, claimMappings: { username: { expression: '"system:ci:" + claims.sub' } } },
      { ...forgejo, newField: { a: 1 } },
    ),
    'rbac.yaml': all(
      binding('web/deploy', 'edit', 'User gitlab:project_path:web', 'Group gitlab:team'),
      binding('web/robot', 'edit', 'User forgejo:repo:org/web', 'ServiceAccount robot'),
      binding('web/both', 'view', 'User forgejo:repo:org/web', `User kanidm:${uuid}`, 'User kubernetes-admin'),
    ),
  },
  'names that two issuers share': {
    'auth.yaml': structured(jwt({ username: { claim: 'email', prefix: '' } }), {
      issuer: { url: 'https://login.example.com', audiences: ['k8s'] },
      claimMappings: { username: { claim: 'email', prefix: '' } },
    }),
    'rbac.yaml': binding('a', 'cluster-admin', 'User jane@example.org'),
  },
  'an issuer whose prefix begins with that of Kanidm': {
    'auth.yaml': structured(jwt({ username: { claim: 'preferred_username', prefix: '' } }), forgejo),
    'rbac.yaml': all(binding('ci', 'edit', 'User forgejo:repo'), binding('jane', 'view', 'User jane@idm.example.org')),
  },
  'another Kanidm with the same client': {
    'auth.yaml': structured(jwt({ username: { claim: 'sub', prefix: 'a:' } }), {
      issuer: { url: 'https://idm.example.net/oauth2/openid/k8s', audiences: ['k8s'] },
      claimMappings: { username: { claim: 'sub', prefix: 'b:' }, groups: { claim: 'groups', prefix: 'b:' } },
    }),
    'rbac.yaml': binding('b', 'view', `User b:${uuid}`, 'Group b:ops@idm.example.net'),
  },
  'the same issuer twice': { 'auth.yaml': structured(jwt(byUuid), jwt(byMail)) },
  'a client with a discovery URL beside kubectl': {
    'auth.yaml': structured(jwt(byUuid), {
      issuer: {
        url: 'https://idm.example.org/oauth2/openid/web',
        discoveryURL: 'https://idm.svc/oauth2/openid/web/.well-known/openid-configuration',
        audiences: ['web'],
      },
      claimMappings: { username: { claim: 'sub', prefix: 'web:' } },
    }),
    'rbac.yaml': binding('b', 'view', `User web:${uuid}`),
  },
  'nothing but a kubeconfig': {
    kubeconfig: {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster: { server: 'https://192.0.2.7:6443' } }],
      users: [
        {
          name: 'me',
          user: {
            'auth-provider': {
              name: 'oidc',
              config: { 'idp-issuer-url': issuerUrl, 'client-id': 'k8s', 'refresh-token': 'geheim' },
            },
          },
        },
      ],
    },
  },
  'a Kanidm by manifests': {
    'kanidm.yaml': all(
      {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { name: 'kanidm', namespace: 'idm' },
        spec: {
          replicas: 1,
          template: {
            spec: {
              containers: [
                { image: 'kanidm/server:1.11.1', env: [{ name: 'KANIDM_DOMAIN', value: 'idm.example.org' }] },
              ],
            },
          },
        },
      },
      { apiVersion: 'v1', kind: 'Service', metadata: { name: 'kanidm' }, spec: { selector: { app: 'kanidm' } } },
    ),
    'auth.yaml': structured(jwt(byUuid)),
    'rbac.yaml': binding('a', 'view', `User kanidm:${uuid}`),
  },
  'arguments in several files': {
    'config.yaml': k3s(),
    'config.yaml.d/oidc.yaml': {
      'kube-apiserver-arg+': ['oidc-username-claim=email', 'oidc-username-prefix=k:', 'v=2'],
    },
    'rbac.yaml': binding('a', 'view', 'User k:jane@example.org'),
  },
  'arguments that a drop-in replaces': {
    'config.yaml': k3s({ 'oidc-username-claim': 'email' }),
    'config.yaml.d/oidc.yaml': {
      'kube-apiserver-arg': [...k3s()['kube-apiserver-arg'], 'oidc-username-claim=preferred_username'],
    },
    'rbac.yaml': binding('a', 'view', `User ${issuerUrl}#jane@idm.example.org`),
  },
  'a unit with variables': {
    'kube-apiserver.service': `[Service]\nEnvironment=ISSUER=${issuerUrl} "NAMES=--oidc-username-claim=email --oidc-username-prefix=k:"\nExecStart=/usr/bin/kube-apiserver --oidc-issuer-url=\${ISSUER} --oidc-client-id=k8s \\\n  --oidc-signing-algs=ES256 $NAMES\n`,
    'rbac.yaml': binding('a', 'view', 'User k:jane@example.org'),
  },
  'a required claim twice, where an argument comes once': {
    'k0s.yaml': {
      apiVersion: 'k0s.k0sproject.io/v1beta1',
      kind: 'ClusterConfig',
      spec: {
        api: {
          rawArgs: [
            ...k3s()['kube-apiserver-arg'].map((arg) => `--${arg}`),
            '--oidc-required-claim=azp=k8s',
            '--oidc-required-claim=acr=2',
          ],
        },
      },
    },
  },
  'two clients with the prefix of their issuers': {
    'auth.yaml': structured(
      jwt({ username: { claim: 'sub', prefix: `${issuerUrl}#` } }),
      jwt({ username: { claim: 'sub', prefix: 'https://idm.example.org/oauth2/openid/web#' } }, 'web'),
    ),
    'rbac.yaml': binding('a', 'view', `User ${issuerUrl}#${uuid}`),
  },
  'a group without its domain': {
    'config.yaml': k3s({
      'oidc-username-claim': 'email',
      'oidc-groups-claim': 'groups',
      'oidc-groups-prefix': 'oidc:',
    }),
    'rbac.yaml': all(
      binding('admins', 'cluster-admin', 'Group oidc:k8s_admins'),
      binding('apps/devs', 'edit', 'Group oidc:devs@idm.example.org'),
    ),
  },
  'a group of another domain': {
    'auth.yaml': structured(jwt(byUuid)),
    'rbac.yaml': binding('admins', 'cluster-admin', 'Group kanidm:ops@idm.example.com'),
  },
  'a group by its UUID': {
    'auth.yaml': structured(jwt(byUuid)),
    'rbac.yaml': binding('admins', 'cluster-admin', `Group kanidm:${uuid}`),
  },
  'a group while no groups are read': {
    'config.yaml': k3s(),
    'rbac.yaml': binding('admins', 'cluster-admin', 'Group ops@idm.example.org'),
  },
  'names that objects have': {
    'config.yaml': k3s({ ...oidc }),
    'rbac.yaml': all(
      ...['constructor', 'tostring', 'valueof', '__proto__', 'hasownproperty'].map((name) =>
        binding(`b-${name.replaceAll('_', '')}`, 'view', `User oidc:${name}`),
      ),
      binding('groups', 'edit', 'Group oidc:constructor@idm.example.org', 'Group oidc:__proto__@idm.example.org'),
    ),
  },
  'mail addresses that objects have': {
    'config.yaml': k3s({ 'oidc-username-claim': 'email' }),
    'rbac.yaml': binding(
      'all',
      'view',
      'User constructor@a.example',
      'User toString@a.example',
      'User __proto__@a.example',
      'User constructor@b.example',
      'User admin@b.example',
      'User 1@b.example',
    ),
  },
  'variables of Flux': {
    'config.yaml': k3s(oidc),
    'rbac.yaml': all(
      binding('a', 'cluster-admin', `Group oidc:\${ADMINS}@idm.example.org`),
      binding(`\${NAME}`, 'view', 'User oidc:jane'),
    ),
  },
  'a variable in the issuer': {
    flags: `--oidc-issuer-url=https://\${KANIDM}/oauth2/openid/k8s\n--oidc-client-id=k8s\n`,
    'rbac.yaml': binding('a', 'view', 'User jane'),
  },
  'a RoleBinding without a namespace': {
    'config.yaml': k3s(oidc),
    'rbac.yaml': { ...binding('dev', 'edit', 'User oidc:jane'), kind: 'RoleBinding' },
  },
  'subjects of several kinds': {
    'config.yaml': k3s(oidc),
    'rbac.yaml': all(
      binding('mixed', 'view', 'User oidc:jane', 'ServiceAccount robot'),
      binding('robots', 'view', 'ServiceAccount robot'),
      binding('certificate', 'cluster-admin', 'User kubernetes-admin'),
      binding('kube', 'system:node', 'Group system:nodes'),
      binding('odd', 'view', 'Team oidc:jane'),
      { ...binding('nobody', 'view'), subjects: [] },
    ),
  },
  'labels, and no apiGroup': {
    'config.yaml': k3s(oidc),
    'rbac.yaml': {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'a', labels: { team: 'x' }, annotations: { note: 'y' } },
      roleRef: { kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'User', name: 'oidc:jane' }],
    },
  },
  'the same binding twice, and another of its name': {
    'config.yaml': k3s(oidc),
    'a.yaml': binding('a', 'view', 'User oidc:jane'),
    'b.yaml': all(binding('a', 'view', 'User oidc:jane'), binding('a', 'edit', 'User oidc:sam')),
  },
  'sources that disagree': {
    'config.yaml': k3s(oidc),
    'cc.yaml': {
      apiVersion: 'kubeadm.k8s.io/v1beta3',
      kind: 'ClusterConfiguration',
      kubernetesVersion: 'v1.33.1',
      apiServer: {
        extraArgs: {
          'oidc-issuer-url': issuerUrl.replace('k8s', 'web'),
          'oidc-client-id': 'web',
          'audit-log-maxage': '30',
        },
      },
    },
    'rbac.yaml': binding('a', 'view', 'User oidc:jane'),
  },
  'a file that names another': {
    flags: 'kube-apiserver --authentication-config=/etc/kubernetes/auth.yaml --v=2',
    'rbac.yaml': binding('a', 'view', 'User oidc:jane'),
  },
  'a flag that there is not': { 'config.yaml': k3s({ 'oidc-client-secret': 'x', 'oidc-required-claim': 'aud=k8s' }) },
  'files that nobody understands': {
    'notes.txt': 'hello',
    'broken.yaml': 'a: [',
    'deploy.yaml': { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } },
    'config.yaml': k3s(oidc),
  },
  'Talos 1.14': {
    'cp.yaml': all(
      {
        apiVersion: 'v1alpha1',
        kind: 'KubeAPIServerConfig',
        certExtraSANs: ['10.20.10.0', '127.0.0.1'],
        extraArgs: { 'enable-aggregator-routing': true },
      },
      {
        apiVersion: 'v1alpha1',
        kind: 'KubeAuthenticationConfig',
        configuration: {
          anonymous: { enabled: true, conditions: [{ path: '/livez' }, { path: '/readyz' }] },
          jwt: [jwt(byMail, 'headlamp')],
        },
      },
    ),
    'rbac.yaml': binding('h', 'cluster-admin', 'Group oidc:apps@idm.example.org', 'User oidc:sam@example.org'),
  },
  RKE2: {
    'config.yaml': {
      'write-kubeconfig-mode': '0600',
      cni: 'cilium',
      profile: 'cis',
      disable: ['rke2-ingress-nginx'],
      'kube-apiserver-arg': [...k3s()['kube-apiserver-arg'], 'audit-log-maxage=30', 'anonymous-auth=true'],
    },
  },
  kaniop: {
    'kaniop.yaml': all(
      {
        apiVersion: 'kaniop.rs/v1beta1',
        kind: 'Kanidm',
        metadata: { name: 'kanidm' },
        spec: {
          domain: 'idm.example.org',
          image: 'kanidm/server:1.11.1',
          replicaGroups: [{ name: 'default', replicas: 1 }],
        },
      },
      {
        apiVersion: 'kaniop.rs/v1beta1',
        kind: 'KanidmPersonAccount',
        metadata: { name: 'alice' },
        spec: {
          kanidmRef: { name: 'kanidm' },
          personAttributes: {
            displayname: 'Alice',
            mail: ['alice@example.com', 'a@example.com'],
            accountExpire: '2027-01-01T00:00:00Z',
          },
          posixAttributes: { gidnumber: 70001, loginshell: '/bin/zsh' },
        },
      },
      {
        apiVersion: 'kaniop.rs/v1beta1',
        kind: 'KanidmGroup',
        metadata: { name: 'ops' },
        spec: { kanidmRef: { name: 'kanidm' }, members: ['alice@idm.example.org', 'ghost'], entryManagedBy: 'alice' },
      },
      {
        apiVersion: 'kaniop.rs/v1beta1',
        kind: 'KanidmServiceAccount',
        metadata: { name: 'ci' },
        spec: { kanidmRef: { name: 'kanidm' }, serviceAccountAttributes: { displayname: 'CI', entryManagedBy: 'ops' } },
      },
      {
        apiVersion: 'kaniop.rs/v1beta1',
        kind: 'KanidmOAuth2Client',
        metadata: { name: 'k8s' },
        spec: {
          kanidmRef: { name: 'kanidm' },
          displayname: 'k8s',
          origin: 'http://localhost:8000/',
          public: true,
          redirectUrl: ['http://localhost:8000'],
          scopeMap: [{ group: 'ops', scopes: ['openid', 'groups', 'email'] }],
          supScopeMap: [{ group: 'ops', scopes: ['admin'] }],
          claimMap: [{ name: 'role', joinStrategy: 'csv', valuesMap: [{ group: 'ops', values: ['root'] }] }],
          preferShortUsername: true,
        },
      },
      { apiVersion: 'kaniop.rs/v1beta1', kind: 'KanidmRestore', metadata: { name: 'r' }, spec: {} },
    ),
    'config.yaml': k3s(oidc),
    'rbac.yaml': binding('a', 'view', 'Group oidc:ops@idm.example.org', 'User oidc:alice'),
  },
  'kanidm-provision': {
    'state.json': JSON.stringify(
      {
        groups: {
          'k8s.access': { present: true, members: ['alice'], overwriteMembers: false },
          old: { present: false },
        },
        persons: {
          alice: { present: true, displayName: 'Alice', legalName: 'Alice A.', mailAddresses: ['alice@example.com'] },
        },
        systems: {
          oauth2: {
            k8s: {
              present: true,
              public: true,
              displayName: 'Kubernetes',
              originUrl: ['http://localhost:8000'],
              originLanding: 'http://localhost:8000',
              enableLocalhostRedirects: true,
              preferShortUsername: true,
              imageFile: '/nix/store/x',
              scopeMaps: { 'k8s.access': ['openid', 'email', 'groups'] },
              supplementaryScopeMaps: { 'k8s.access': ['admin'] },
              claimMaps: { role: { joinType: 'ssv', valuesByGroup: { 'k8s.access': ['admin'] } } },
            },
          },
        },
      },
      null,
      1,
    ),
    'config.yaml': k3s(oidc),
  },
  'a kubeconfig and a HelmRelease': {
    kubeconfig: {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster: { server: 'https://192.0.2.7:6443' } }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'oidc' } }],
      users: [
        {
          name: 'oidc',
          user: {
            exec: {
              apiVersion: 'client.authentication.k8s.io/v1',
              command: 'kubectl',
              args: [
                'oidc-login',
                'get-token',
                `--oidc-issuer-url=${issuerUrl}`,
                '--oidc-client-id=k8s',
                '--oidc-client-secret=geheim',
              ],
            },
          },
        },
        { name: 'admin', user: { 'client-key-data': 'geheim' } },
      ],
    },
    'kanidm.yaml': all(
      {
        apiVersion: 'source.toolkit.fluxcd.io/v1',
        kind: 'HelmRepository',
        metadata: { name: 'k', namespace: 'idm' },
        spec: { url: 'https://charts.example.org' },
      },
      {
        apiVersion: 'helm.toolkit.fluxcd.io/v2',
        kind: 'HelmRelease',
        metadata: { name: 'kanidm', namespace: 'idm' },
        spec: {
          chart: { spec: { chart: 'kanidm', version: '0.1.2', sourceRef: { kind: 'HelmRepository', name: 'k' } } },
          values: { domain: 'idm.example.org', ingress: { className: 'nginx' } },
        },
      },
    ),
    'config.yaml': k3s(oidc),
  },
  EKS: {
    'idp.json': JSON.stringify(
      {
        identityProviderConfig: {
          oidc: { issuerUrl, clientId: 'k8s', usernameClaim: 'email', groupsClaim: 'groups', groupsPrefix: 'k:' },
        },
      },
      null,
      1,
    ),
    'rbac.yaml': binding('a', 'view', 'Group k:ops@idm.example.org'),
  },
  'nothing but bindings': { 'rbac.yaml': binding('a', 'view', 'User oidc:jane') },
};
