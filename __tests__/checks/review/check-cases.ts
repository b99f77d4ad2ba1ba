import type { Manifest } from '../../../lib/existing/manifests';

/** A change of a config for which a code is reported, or is not. */
export interface Case {
  readonly config?: Record<string, unknown>;
  readonly manifests?: readonly object[];
  /** The change of the config at the base revision. */
  readonly base?: Record<string, unknown>;
}

const jane = { displayName: 'Jane Doe', mail: 'jane@example.com', id: '00000000-0000-4000-8000-000000000001' };
const joe = { displayName: 'Joe Doe', mail: 'joe@example.com', id: '00000000-0000-4000-8000-000000000002' };
const issuer = 'https://sso.kammel.dev/oauth2/openid/k8s';
const homelab = (change: Record<string, unknown>) => ({ clusters: { homelab: change } });
const grants = (...list: Record<string, unknown>[]) => homelab({ grants: list });
const onStructured = { kubernetes: '1.34', authentication: { method: 'structured' } };
const trusting = (ci: Record<string, unknown>) =>
  homelab({ ...onStructured, issuers: { ci: { audiences: ['kubernetes'], ...ci } } });
const byMail = (expression: string) =>
  homelab({
    kubernetes: '1.34',
    authentication: {
      method: 'structured',
      username: { expression },
      claimValidationRules: [{ expression: 'claims.email_verified == true' }],
    },
  });
const trustingApp = (app: Record<string, unknown>) => ({
  clients: { app: { landingUrl: 'https://app.example.com', scopes: { k8s_users: ['openid', 'email', 'groups'] } } },
  ...homelab({ kubernetes: '1.34', trust: ['app'], authentication: { method: 'structured', clients: { app } } }),
});
const admins = { groups: { admins: { members: ['datosh'] } } };
const both = { members: ['datosh', 'jane'] };

const flags = (change: Record<string, string | undefined> = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'kube-apiserver', namespace: 'kube-system' },
  spec: {
    containers: [
      {
        command: [
          'kube-apiserver',
          ...Object.entries({
            'oidc-issuer-url': issuer,
            'oidc-client-id': 'k8s',
            'oidc-signing-algs': 'ES256',
            ...change,
          }).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`])),
        ],
      },
    ],
  },
});
const structured = (jwt: Record<string, unknown>) => ({
  apiVersion: 'apiserver.config.k8s.io/v1',
  kind: 'AuthenticationConfiguration',
  jwt: [
    {
      issuer: { url: issuer, audiences: ['k8s'] },
      claimMappings: { username: { claim: 'sub', prefix: `${issuer}#` } },
      ...jwt,
    },
  ],
});
const robots = {
  groups: { k8s_users: { members: ['datosh', 'bot'] } },
  serviceAccounts: { bot: { displayName: 'Bot', id: '00000000-0000-4000-8000-000000000009' } },
  ...grants({ name: 'bots', clusterRole: 'view', serviceAccounts: ['bot'] }),
};
const managedRobot = (fields: Record<string, unknown>) => ({
  serviceAccounts: { robot: { displayName: 'Robot', ...fields } },
});
const team = (members: readonly string[]) => ({ groups: { ...robots.groups, team: { members } } });
const mixed = (change: Record<string, unknown>) => ({
  app: { landingUrl: 'https://app.example.com', redirectUrls: ['http://localhost:8085/callback'], ...change },
});
const byManifests = (backup: Record<string, unknown>) => ({
  kanidm: { helm: null, version: '1.11.1', manifests: {}, backup },
});
const fetched = (change: Record<string, unknown>) => ({
  kanidm: { helm: { repository: 'oci://registry.example.com/charts', values: null, ...change } },
});
const withIngress = (ingress: Record<string, unknown>) => ({
  kanidm: { helm: null, version: '1.11.1', manifests: { storage: { className: 'local' }, ingress } },
});
const named = (kind: string, name: string, namespace?: string) => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
});
const service = (type: string) => ({ ...named('Service', 'kanidm', 'kanidm'), spec: { type } });
const toKanidm = (kind: string) => ({
  ...named(kind, 'kanidm', 'mesh'),
  spec: { tls: [{ route: [{ destination: { host: 'kanidm.kanidm.svc.cluster.local' } }] }] },
});
const byUuid = { username: { claim: 'sub', prefix: `${issuer}#` } };
/** Groups in a claim that is a string, which an expression splits. */
const joined = {
  clients: { k8s: { claims: { teams: { join: 'csv', values: { k8s_users: ['ops'] } } } } },
  ...homelab({ kubernetes: '1.34', authentication: { method: 'structured', groups: { claim: 'teams' } } }),
};
const rbac = (kind: string, more: Record<string, unknown>, namespace?: string) => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind,
  metadata: { name: 'by-hand', ...(namespace ? { namespace } : {}) },
  ...more,
});
const binding = (subject: Record<string, unknown>, role = 'view') =>
  rbac('ClusterRoleBinding', { roleRef: { kind: 'ClusterRole', name: role }, subjects: [subject] });
const called = (name: string, object: object) => ({ ...object, metadata: { name } });
const look = { name: 'look', clusterRole: 'view', groups: ['k8s_users'] };
const bound = (name: string) => ({
  clients: { k8s: { scopes: { k8s_users: ['openid', 'groups'] } } },
  ...grants(look, { name: 'all', clusterRole: 'view', subjects: { groups: [name] } }),
});
const known = { kind: 'User', name: `${issuer}#7b89b6ea-1e8b-4aa8-98fb-a70cba498d16` };
const forJoining = (subject: Record<string, unknown>) => ({
  ...rbac('RoleBinding', {
    roleRef: { kind: 'Role', name: 'kubeadm:bootstrap-signer-clusterinfo' },
    subjects: [subject],
  }),
  metadata: { name: 'kubeadm:bootstrap-signer-clusterinfo', namespace: 'kube-public' },
});
const role = (rule: Record<string, unknown>) => ({ roles: { own: { rules: [rule] } } });
/** A rule that allows giving one role. */
const toBind = (role: string) => ({
  apiGroups: ['rbac.authorization.k8s.io'],
  resources: ['clusterroles'],
  resourceNames: [role],
  verbs: ['bind'],
});
const granted = (rule: Record<string, unknown>, where: Record<string, unknown> = {}) => ({
  ...role(rule),
  ...grants({ name: 'own', clusterRole: 'own', people: ['datosh'], ...where }),
});
/** A grant on the home lab of a role that is on some clusters. */
const onOther = (clusters: string) => ({
  roles: { seer: { clusters: clusters === '*' ? '*' : [clusters], rules: [{ resources: ['pods'], verbs: ['get'] }] } },
  clusters: {
    homelab: { grants: [{ name: 'g', clusterRole: 'seer', people: ['datosh'] }] },
    edge: { server: 'https://192.0.2.10:6443', kubernetes: '1.34', client: 'k8s', controlPlane: 'kubeadm' },
  },
});
const metrics = { nonResourceURLs: ['/metrics'], verbs: ['get'] };
const extraArgs = {
  apiVersion: 'kubeadm.k8s.io/v1beta4',
  kind: 'ClusterConfiguration',
  apiServer: {
    extraArgs: [
      { name: 'oidc-issuer-url', value: issuer },
      { name: 'oidc-client-id', value: 'k8s' },
      { name: 'oidc-signing-algs', value: 'RS256' },
    ],
  },
};
const k3s = { 'kube-apiserver-arg': [`oidc-issuer-url=${issuer}`, 'oidc-client-id=other', 'oidc-signing-algs=ES256'] };
const applying = (path: string, source = 'flux-system', name = 'mine') => ({
  apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
  kind: 'Kustomization',
  metadata: { name, namespace: 'flux-system' },
  spec: { path, sourceRef: { kind: 'GitRepository', name: source } },
});
const kustomization = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources: ['0.yaml'] };
const files = new Map<object, string>();
/** Returns a kustomization.yaml that stands at a certain path. */
const atPath = (file: string) => {
  const object = { ...kustomization, resources: [] };
  files.set(object, file);
  return object;
};
const released = (name: string, annotations: Record<string, string>) => ({
  apiVersion: 'helm.toolkit.fluxcd.io/v2',
  kind: 'HelmRelease',
  metadata: { name, namespace: 'kanidm', annotations },
});

const ingressClass = (name: string, controller: string) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IngressClass',
  metadata: { name },
  spec: { controller },
});
const probes = ['/livez', '/readyz', '/healthz'];
const anonymous = (paths?: string[]) =>
  homelab({
    kubernetes: '1.34',
    authentication: { method: 'structured', anonymous: { enabled: true, ...(paths ? { paths } : {}) } },
  });

const version = (text: string) => ({ kanidm: { version: text } });
const manifests = (storage: Record<string, unknown>) => ({
  kanidm: { version: '1.11.1', helm: null, manifests: { storage } },
});
/** A person without an `id`, whose UUID is derived. */
const derived = { displayName: 'Jane Doe' };
const migrating = (people: Record<string, unknown>) => ({
  kanidm: { version: '1.11.1', provision: 'migrations' },
  people,
});
const ignoring = (...ignore: Record<string, unknown>[]) => ({ checks: { ignore } });
const withRule = (expression: string) =>
  homelab({
    kubernetes: '1.34',
    authentication: { method: 'structured', claimValidationRules: [{ expression }] },
    grants: null,
  });

/** For each code: cases in which it is reported, and similar cases in which it is not. */
export const cases: Readonly<Record<string, { fires: Case[]; quiet: Case[] }>> = {
  'expectation-failed': {
    fires: [
      { config: { expect: [{ never: 'everything' }] } },
      { config: { expect: [{ atMost: 0, may: 'everything', clusters: ['homelab'] }] } },
      { config: { ...grants(), expect: [{ always: 'everything', reason: 'the way in' }] } },
      {
        config: {
          ...grants(
            { name: 'a', clusterRole: 'view', people: ['datosh'] },
            { name: 'b', clusterRole: 'edit', people: ['datosh'] },
          ),
          expect: [{ exclusive: ['view', 'edit'] }],
        },
      },
    ],
    quiet: [
      {
        config: {
          expect: [
            { never: 'everything', except: ['datosh'] },
            { atMost: 1, may: 'everything' },
          ],
        },
      },
      { config: { expect: [{ always: 'everything', who: ['datosh'] }, { exclusive: ['view', 'edit'] }] } },
    ],
  },
  'expectation-undecided': {
    fires: [
      {
        config: {
          ...grants({ name: 'a', clusterRole: 'from-a-chart', people: ['datosh'] }),
          expect: [{ never: 'delete secrets' }],
        },
      },
    ],
    quiet: [
      {
        config: {
          ...grants({ name: 'a', clusterRole: 'from-a-chart', people: ['datosh'] }),
          expect: [{ never: 'delete secrets', except: ['datosh'] }],
        },
      },
      {
        config: {
          ...grants({ name: 'a', clusterRole: 'from-a-chart', people: ['datosh'] }),
          expect: [{ never: 'delete secrets' }],
        },
        manifests: [
          {
            apiVersion: 'rbac.authorization.k8s.io/v1',
            kind: 'ClusterRole',
            metadata: { name: 'from-a-chart' },
            rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
          },
        ],
      },
    ],
  },
  'expectation-unknown-name': {
    fires: [
      { config: { expect: [{ exclusive: ['view', 'aproval'] }] } },
      {
        config: {
          ...grants({ name: 'a', clusterRole: 'view', people: ['datosh'], namespaces: ['payments'] }),
          expect: [{ never: 'delete secrets', in: 'paymnets' }],
        },
      },
    ],
    quiet: [
      { config: { expect: [{ exclusive: ['view', 'edit'] }, { never: 'delete secrets', in: 'payments' }] } },
      {
        config: {
          ...grants({ name: 'a', clusterRole: 'view', people: ['datosh'], namespaces: ['team-a'] }),
          expect: [{ never: 'delete secrets', in: 'team-b' }],
        },
      },
    ],
  },
  'access-ended': {
    fires: [
      { config: grants({ name: 'ops', clusterRole: 'view', people: ['datosh'], until: '2027-01-31' }) },
      {
        config: {
          groups: { k8s_users: { members: [{ name: 'datosh', until: '2026-12-31', reason: 'a trial' }] } },
        },
      },
    ],
    quiet: [
      { config: grants({ name: 'ops', clusterRole: 'view', people: ['datosh'], until: '2027-02-01' }) },
      { config: { groups: { k8s_users: { members: [{ name: 'datosh', until: '2027-02-01' }] } } } },
    ],
  },
  'access-ends-soon': {
    fires: [
      { config: grants({ name: 'ops', clusterRole: 'view', people: ['datosh'], until: '2027-02-15' }) },
      { config: { groups: { k8s_users: { members: [{ name: 'datosh', until: '2027-02-01' }] } } } },
    ],
    quiet: [
      { config: grants({ name: 'ops', clusterRole: 'view', people: ['datosh'], until: '2027-02-16' }) },
      { config: grants({ name: 'ops', clusterRole: 'view', people: ['datosh'], until: '2027-01-31' }) },
    ],
  },
  'api-server-algorithm': {
    fires: [{ manifests: [flags({ 'oidc-signing-algs': undefined })] }, { manifests: [extraArgs] }],
    quiet: [
      { manifests: [flags()] },
      { manifests: [flags({ 'oidc-signing-algs': 'RS256,ES256' })] },
      { manifests: [structured({})] },
    ],
  },
  'api-server-start': {
    fires: [
      { manifests: [flags({ 'authentication-config': '/etc/kubernetes/a.yaml' })] },
      { manifests: [flags({ 'oidc-issuer-url': issuer.replace('https', 'http') })] },
      { manifests: [structured({ issuer: { url: issuer.replace('https', 'http'), audiences: ['k8s'] } })] },
      { manifests: [flags({ 'oidc-signing-algs': 'es256' })] },
      { manifests: [flags({ 'oidc-signing-algs': 'RS256, ES256' })] },
    ],
    quiet: [
      { manifests: [flags()] },
      { manifests: [structured({})] },
      { manifests: [flags({ 'oidc-signing-algs': 'RS256,ES256' })] },
      // A patch that removes the argument.
      { manifests: [flags({ 'authentication-config': '' })] },
    ],
  },
  'api-server-issuer': {
    fires: [
      { manifests: [flags({ 'oidc-issuer-url': `${issuer}/` })] },
      { manifests: [flags({ 'oidc-issuer-url': issuer.replace('k8s', 'K8S') })] },
    ],
    quiet: [{ manifests: [flags()] }, { manifests: [flags({ 'oidc-issuer-url': 'https://accounts.example.org' })] }],
  },
  'api-server-audience': {
    fires: [{ manifests: [flags({ 'oidc-client-id': 'kubernetes' })] }, { manifests: [k3s] }],
    quiet: [
      { manifests: [flags()] },
      { manifests: [structured({ issuer: { url: issuer, audiences: ['other', 'k8s'] } })] },
    ],
  },
  'api-server-username': {
    fires: [
      { manifests: [flags({ 'oidc-username-prefix': '-' })] },
      { manifests: [structured({ claimMappings: { username: { claim: 'sub', prefix: '-' } } })] },
      // Without the issuer as a prefix.
      { manifests: [structured({ claimMappings: { username: { expression: 'claims.sub' } } })] },
    ],
    quiet: [
      { manifests: [flags({ 'oidc-username-claim': 'sub' })] },
      { manifests: [structured({})] },
      { manifests: [structured({ claimMappings: { username: { expression: 'claims.sub.lowerAscii()' } } })] },
    ],
  },
  'api-server-groups': {
    fires: [
      { config: homelab({ authentication: { groups: {} } }), manifests: [flags({ 'oidc-groups-claim': 'groups' })] },
      {
        config: joined,
        manifests: [structured({ claimMappings: { ...byUuid, groups: { claim: 'teams', prefix: 'kanidm:' } } })],
      },
    ],
    quiet: [
      { manifests: [flags()] },
      {
        config: homelab({ authentication: { groups: {} } }),
        manifests: [flags({ 'oidc-groups-claim': 'groups', 'oidc-groups-prefix': 'kanidm:' })],
      },
      { config: joined, manifests: [structured({ claimMappings: { ...byUuid, groups: { expression: '…' } } })] },
    ],
  },
  'legacy-crypto': {
    fires: [
      { config: { clients: { k8s: { legacyCrypto: true } } } },
      {
        config: {
          clients: { headlamp: { landingUrl: 'https://headlamp.example.com', legacyCrypto: true } },
          ...homelab({ trust: ['headlamp'], authentication: { method: 'structured' } }),
        },
      },
    ],
    quiet: [
      {},
      { config: { clients: { actual: { landingUrl: 'https://actual.example.com', legacyCrypto: true } } } },
      { config: { clients: { k8s: { legacyCrypto: true } }, ...homelab({ controlPlane: 'eks' }) } },
    ],
  },
  'structured-available': {
    fires: [{}],
    quiet: [
      { config: homelab({ authentication: { method: 'structured' } }) },
      { config: homelab({ kubernetes: '1.29' }) },
      { config: { clients: { k8s: { legacyCrypto: true } }, ...homelab({ controlPlane: 'eks' }) } },
    ],
  },
  'wide-redirects': {
    fires: [
      {},
      {
        config: {
          clients: {
            k8s: { localhostRedirects: false },
            cli: { landingUrl: 'http://localhost:9000', localhostRedirects: true },
          },
        },
      },
    ],
    quiet: [
      { config: { clients: { k8s: { localhostRedirects: false } } } },
      { config: { clients: { cli: { absent: true, localhostRedirects: true }, k8s: { localhostRedirects: false } } } },
      // Kanidm 1.4.5 needs the flag: without it, the https URL would forbid the loopback URLs.
      { config: { clients: { k8s: { redirectUrls: ['http://localhost:8000', 'https://app.example.com'] } } } },
    ],
  },
  'loopback-beside-https': {
    fires: [
      { config: { kanidm: { version: '1.8.6' }, clients: mixed({ localhostRedirects: false }) } },
      { config: { clients: mixed({ type: 'basic' }) } },
    ],
    quiet: [
      { config: { kanidm: { version: '1.8.6' }, clients: mixed({ localhostRedirects: true }) } },
      { config: { kanidm: { version: '1.9.0' }, clients: mixed({}) } },
      { config: { clients: mixed({ redirectUrls: ['https://app.example.com/callback'] }) } },
    ],
  },
  'service-account-version': {
    fires: [{ config: { kanidm: { version: '1.8.6' }, ...robots } }],
    quiet: [{ config: { kanidm: { version: '1.9.4' }, ...robots } }, { config: { kanidm: { version: '1.8.6' } } }],
  },
  'browser-stops-redirect': {
    fires: [{}, { config: { kanidm: { version: '1.7.4' } } }],
    quiet: [{ config: { kanidm: { version: '1.8.0' } } }, { config: homelab({ kubeconfig: { signIn: 'keyboard' } }) }],
  },
  'pkce-disabled': {
    fires: [
      { config: { clients: { web: { type: 'basic', landingUrl: 'https://app.example.com', disablePkce: true } } } },
    ],
    quiet: [
      { config: { clients: { web: { type: 'basic', landingUrl: 'https://app.example.com', disablePkce: false } } } },
    ],
  },
  'runbook-description': {
    fires: [{ config: { people: { datosh: { description: 'Owner' } } } }],
    quiet: [
      { config: { groups: { k8s_users: { description: 'Everybody' } }, kanidm: { version: '1.11.1' } } },
      {
        config: {
          kanidm: { version: '1.11.1', provision: 'migrations' },
          people: { datosh: { description: 'Owner' } },
        },
      },
    ],
  },
  'runbook-validity': {
    fires: [
      { config: managedRobot({ managedBy: 'k8s_users', expires: '2027-01-01T00:00:00Z' }) },
      { config: managedRobot({ managedBy: 'system_admins', expires: '2027-01-01T00:00:00Z' }) },
      { config: { ...managedRobot({ managedBy: null, validFrom: null }), kanidm: { version: '1.11.1' } } },
    ],
    quiet: [
      { config: managedRobot({ managedBy: 'k8s_users' }) },
      { config: managedRobot({ expires: '2027-01-01T00:00:00Z' }) },
      { config: managedRobot({ managedBy: 'idm_admins', expires: '2027-01-01T00:00:00Z' }) },
      { config: managedRobot({ managedBy: 'idm_service_account_admins', expires: '2027-01-01T00:00:00Z' }) },
      {
        config: {
          ...managedRobot({ managedBy: 'outer', expires: '2027-01-01T00:00:00Z' }),
          groups: { outer: { members: ['inner'] }, inner: { members: ['idm_admins'] } },
        },
      },
    ],
  },
  'person-uuid-unknown': {
    fires: [{ config: { people: { datosh: { id: null } } } }],
    quiet: [{}],
  },
  'changeable-claim': {
    fires: [
      { config: homelab({ authentication: { claim: 'email' } }) },
      { config: homelab({ authentication: { claim: 'preferred_username' } }) },
      { config: byMail('claims.email') },
      { config: trustingApp({ claim: 'email', groups: { claim: 'groups' } }) },
    ],
    quiet: [{}, { config: byMail("claims.sub + '#' + claims.email") }, { config: trustingApp({ claim: 'sub' }) }],
  },
  'names-not-known': {
    fires: [
      {
        config: homelab({
          kubernetes: '1.34',
          authentication: { method: 'structured', username: { expression: "claims.sub.matches('a') ? 'a' : 'b'" } },
          grants: null,
        }),
      },
      {
        config: homelab({
          kubernetes: '1.34',
          authentication: {
            method: 'structured',
            groups: { expression: "dyn(claims.groups).map(g, g.replace('a', 'b', 1)).sort()" },
          },
          jwt: [
            {
              issuer: { url: 'https://ci.example.com', audiences: ['a'] },
              claimMappings: { username: { claim: 'sub', prefix: 'ci:' } },
            },
          ],
        }),
      },
    ],
    quiet: [
      {
        config: homelab({
          kubernetes: '1.34',
          authentication: {
            method: 'structured',
            username: { expression: "'kanidm:' + claims.sub" },
            groups: { expression: "dyn(claims.groups).map(g, 'kanidm:' + g)" },
          },
        }),
      },
    ],
  },
  'claim-overwritten': {
    fires: [{ config: { clients: { k8s: { claims: { groups: { values: { k8s_users: ['a'] } } } } } } }],
    quiet: [{ config: { clients: { k8s: { claims: { roles: { values: { k8s_users: ['a'] } } } } } } }],
  },
  'consent-public': {
    fires: [{ config: { kanidm: { version: '1.11.1' }, clients: { k8s: { consentPrompt: false } } } }],
    quiet: [{ config: { kanidm: { version: '1.11.1' }, clients: { k8s: { consentPrompt: true } } } }],
  },
  'api-server-ca-unknown': {
    fires: [
      {},
      { config: homelab({ controlPlane: 'k3s' }) },
      { config: { ...homelab({ controlPlane: 'eks' }), clients: { k8s: { legacyCrypto: true } } } },
    ],
    quiet: [
      { config: homelab({ controlPlane: 'flags' }) },
      { config: homelab({ kubeconfig: { certificateAuthority: { file: '/etc/ca.crt', inline: false } } }) },
    ],
  },
  'public-issuer': {
    fires: [
      { config: trusting({ url: 'https://token.actions.githubusercontent.com' }) },
      {
        config: {
          ...homelab({
            ...onStructured,
            jwt: [
              {
                issuer: { url: 'https://gitlab.com', audiences: ['a'] },
                claimMappings: { username: { claim: 'sub', prefix: 'ci:' } },
              },
            ],
          }),
        },
      },
      {
        config: trusting({
          url: 'https://agent.buildkite.com',
          userValidationRules: [{ expression: "user.groups.all(group, !group.startsWith('system:'))" }],
        }),
      },
      ...[
        "claims.repository_owner == 'a' || true",
        'has(claims.repository_owner)',
        "claims.repository_owner != 'a' && claims.ref == 'refs/heads/main'",
      ].map((expression) => ({
        config: trusting({
          url: 'https://token.actions.githubusercontent.com',
          claimValidationRules: [{ expression }],
        }),
      })),
    ],
    quiet: [
      { config: trusting({ url: 'https://token.actions.githubusercontent.com', requiredClaims: { owner: 'a' } }) },
      {
        config: trusting({
          url: 'https://accounts.google.com',
          userValidationRules: [{ expression: "user.username.startsWith('ci:a')" }],
        }),
      },
      {
        config: trusting({
          url: 'https://app.terraform.io',
          userValidationRules: [
            { expression: "!user.username.startsWith('system:') && user.username.startsWith('ci:a')" },
          ],
        }),
      },
      ...[
        "user.username.startsWith('system:')",
        "user.username.startsWith('system:') ? false : user.username == 'ci:a'",
        "!user.username.startsWith('system:web')",
      ].map((expression) => ({
        config: trusting({ url: 'https://accounts.google.com', userValidationRules: [{ expression }] }),
      })),
      ...["claims.repository_owner == 'a'", "claims.repository_owner.endsWith('a')", "claims.other == '' || true"].map(
        (expression) => ({
          config: trusting({
            url: 'https://token.actions.githubusercontent.com',
            claimValidationRules: [
              { expression: 'true || has(claims.sub)' },
              { expression: `${expression} && claims.sub == 'a'` },
            ],
          }),
        }),
      ),
      { config: trusting({ url: 'https://gitlab.example.com' }) },
    ],
  },
  'unknown-subject': {
    fires: [
      {
        config: trusting({ url: 'https://ci.example.com' }),
        manifests: [binding({ kind: 'User', name: 'forge:repo:web' })],
      },
      { config: trusting({ url: 'https://ci.example.com' }), manifests: [binding({ kind: 'Group', name: 'ci:web' })] },
      {
        manifests: [
          binding({
            kind: 'User',
            name: 'https://sso.kammel.dev/oauth2/openid/k8s/#7b89b6ea-1e8b-4aa8-98fb-a70cba498d16',
          }),
        ],
      },
      { manifests: [binding({ kind: 'Group', name: 'k8s_users' })] },
      {
        config: trusting({
          url: 'https://ci.example.com',
          groups: { expression: "['a:' + claims.a, 'b:' + claims.b]" },
        }),
        manifests: [binding({ kind: 'Group', name: 'c:web' })],
      },
    ],
    quiet: [
      {
        config: trusting({ url: 'https://ci.example.com' }),
        manifests: [binding({ kind: 'User', name: 'ci:repo:web' })],
      },
      {
        config: trusting({
          url: 'https://ci.example.com',
          groups: { expression: "['a:' + claims.a, 'b:' + claims.b]" },
        }),
        manifests: [binding({ kind: 'Group', name: 'b:web' })],
      },
      {
        config: trusting({ url: 'https://ci.example.com', groups: {} }),
        manifests: [binding({ kind: 'Group', name: 'ci:web' })],
      },
      {
        config: homelab({
          ...onStructured,
          jwt: [
            {
              issuer: { url: 'https://old.example.com', audiences: ['a'] },
              claimMappings: { username: { claim: 'sub', prefix: 'ci:' } },
            },
          ],
        }),
        manifests: [binding({ kind: 'User', name: 'anybody' })],
      },
      {
        config: homelab({
          grants: null,
          authentication: {
            method: 'structured',
            groups: { expression: "dyn(claims.groups).map(g, 'x:' + g.trim())" },
          },
        }),
        manifests: [binding({ kind: 'Group', name: 'x:web' })],
      },
      { manifests: [binding({ kind: 'User', name: `${issuer}#7b89b6ea-1e8b-4aa8-98fb-a70cba498d16` })] },
      {
        manifests: [
          binding({ kind: 'ServiceAccount', name: 'ci', namespace: 'ci' }),
          binding({ kind: 'User', name: 'system:kube-proxy' }),
        ],
      },
    ],
  },
  'empty-group': {
    fires: [
      {
        config: {
          groups: {
            k8s_users: { members: ['datosh', 'empty'] },
            empty: { members: ['inner'] },
            inner: { members: [] },
          },
          ...grants({ name: 'g', clusterRole: 'view', groups: ['empty'] }),
        },
      },
    ],
    quiet: [
      { config: grants({ name: 'g', clusterRole: 'view', groups: ['k8s_users'] }) },
      {
        config: {
          groups: { k8s_users: { members: ['datosh', 'empty'] }, empty: {} },
          ...grants({ name: 'g', clusterRole: 'view', groups: ['empty'] }),
        },
      },
    ],
  },
  'person-without-access': {
    fires: [
      { config: { people: { jane } } },
      // Only Kanidm knows who is in visitors.
      {
        config: {
          people: { jane },
          groups: { visitors: {} },
          ...grants(
            { name: 'g', clusterRole: 'view', groups: ['visitors'] },
            { name: 'h', clusterRole: 'view', people: ['datosh'] },
          ),
        },
      },
      {
        config: {
          people: { jane },
          clients: { wiki: { landingUrl: 'https://wiki.example.com', scopes: { idm_service_desk: ['openid'] } } },
        },
      },
    ],
    quiet: [
      {},
      {
        config: {
          people: { jane },
          clients: { wiki: { landingUrl: 'https://wiki.example.com', scopes: { idm_all_persons: ['openid'] } } },
        },
      },
      {
        config: {
          people: { jane },
          groups: { others: { members: ['jane'] } },
          clients: { wiki: { landingUrl: 'https://wiki.example.com', scopes: { others: ['openid'] } } },
        },
      },
      // No binding can name jane yet. person-uuid-unknown reports this.
      {
        config: {
          people: { jane: { displayName: 'Jane Doe', mail: 'jane@example.com' } },
          groups: { k8s_users: { members: ['datosh', 'jane'] } },
          ...grants({ name: 'g', clusterRole: 'view', people: ['datosh', 'jane'] }),
        },
      },
    ],
  },
  'system-group-bound': {
    fires: [
      { manifests: [binding({ kind: 'Group', name: 'system:unauthenticated' })] },
      { manifests: [binding({ kind: 'Group', name: 'system:authenticated' }, 'edit')] },
      { manifests: [binding({ kind: 'Group', name: 'system:serviceaccounts' })] },
      // A binding of Kubernetes has this name, but the rest of this binding differs.
      { manifests: [called('system:basic-user', binding({ kind: 'Group', name: 'system:authenticated' }))] },
      { manifests: [binding({ kind: 'User', name: 'system:anonymous' })] },
      { manifests: [binding({ kind: 'User', name: 'system:authenticated' })] },
      { manifests: [binding({ kind: 'Group', name: 'system:anonymous' })] },
      { manifests: [forJoining({ kind: 'Group', name: 'system:unauthenticated' })] },
    ],
    quiet: [
      { manifests: [forJoining({ kind: 'User', name: 'system:anonymous' })] },
      { manifests: [binding({ kind: 'Group', name: 'system:serviceaccounts:ci' })] },
      {
        manifests: [
          called('system:basic-user', binding({ kind: 'Group', name: 'system:authenticated' }, 'system:basic-user')),
        ],
      },
    ],
  },
  'member-outside-scope-map': {
    fires: [
      {
        config: {
          people: { jane },
          groups: { team: both },
          ...grants({ name: 'g', clusterRole: 'view', groups: ['team'] }),
        },
      },
      {
        config: {
          serviceAccounts: robots.serviceAccounts,
          groups: { team: { members: ['bot', 'datosh'] } },
          ...grants({ name: 'g', clusterRole: 'view', groups: ['team'] }),
        },
      },
    ],
    quiet: [
      {
        config: { ...robots, ...grants({ name: 'g', clusterRole: 'view', groups: ['team'] }), ...team(['bot']) },
      },
      {
        config: {
          people: { jane },
          groups: { k8s_users: both, team: both },
          ...grants({ name: 'g', clusterRole: 'view', groups: ['team'] }),
        },
      },
    ],
  },
  'expression-refused': {
    fires: [{ config: withRule("'team' in claims") }],
    quiet: [{ config: withRule('has(claims.team)') }, { config: withRule("'team' in claims.groups") }],
  },
  'groups-prefix-empty': {
    fires: [{ config: homelab({ authentication: { groups: { prefix: '' } } }) }],
    quiet: [{ config: homelab({ authentication: { groups: { prefix: 'oidc:' } } }) }],
  },
  'everybody-granted': {
    fires: [
      { config: { groups: { k8s_users: { members: ['datosh', 'idm_all_persons'] } }, ...grants(look) } },
      {
        config: {
          groups: { k8s_users: { members: ['datosh', 'inner'] }, inner: { members: ['idm_all_accounts'] } },
          ...grants(look),
        },
      },
      { config: bound('kanidm:idm_all_persons@sso.kammel.dev') },
      { config: bound('kanidm:00000000-0000-0000-0000-000000000036') },
    ],
    quiet: [
      { config: grants(look) },
      { config: bound('kanidm:idm_admins@sso.kammel.dev') },
      { config: { groups: { k8s_users: { members: ['datosh', 'idm_admins'] } }, ...grants(look) } },
      {
        config: {
          groups: { k8s_users: { members: ['datosh'] }, other: { members: ['idm_all_persons'] } },
          ...grants(look),
        },
      },
    ],
  },
  'look-alike-name': {
    fires: [
      { config: { people: { datosh: { displayName: 'D\u0430tosh' } } } },
      { config: { roles: { 'vi\u0435w': { rules: [{ resources: ['pods'], verbs: ['get'] }] } } } },
      { config: grants({ name: 'ad\u200bmin', clusterRole: 'view', people: ['datosh'] }) },
      { manifests: [binding({ kind: 'Group', name: 'kanidm:k8s_users@sso.kammel.dev' }, 'vi\u0435w')] },
    ],
    quiet: [
      {},
      { config: { people: { datosh: { displayName: 'Zo\u00eb \u0410\u043d\u043d\u0430' } } } },
      { manifests: [binding({ kind: 'Group', name: 'kanidm:k8s_users@sso.kammel.dev' })] },
    ],
  },
  'owned-twice': {
    fires: [
      { config: grants({ name: 'by-hand', clusterRole: 'view', people: ['datosh'] }), manifests: [binding(known)] },
    ],
    quiet: [
      { config: grants({ name: 'other', clusterRole: 'view', people: ['datosh'] }), manifests: [binding(known)] },
      {
        config: grants({ name: 'by-hand', clusterRole: 'view', people: ['datosh'], namespaces: ['web'] }),
        manifests: [binding(known)],
      },
    ],
  },
  'admin-group': {
    fires: [
      {
        config: {
          ...admins,
          ...{ groups: { k8s_users: { members: ['datosh', 'admins'] }, admins: { members: ['datosh'] } } },
          ...grants({ name: 'g', clusterRole: 'cluster-admin', groups: ['admins'] }),
        },
      },
    ],
    quiet: [
      {},
      { manifests: [binding({ kind: 'Group', name: 'system:anonymous' }, 'cluster-admin')] },
      { config: grants({ name: 'g', clusterRole: 'cluster-admin', groups: ['k8s_users'], namespaces: ['web'] }) },
    ],
  },
  'many-admins': {
    fires: [
      {
        config: {
          checks: { maxClusterAdmins: 1 },
          people: { jane },
          groups: { k8s_users: both },
          ...grants({ name: 'g', clusterRole: 'cluster-admin', groups: ['k8s_users'] }),
        },
      },
    ],
    quiet: [{ config: { checks: { maxClusterAdmins: 1 } } }],
  },
  'wildcard-role': {
    fires: [
      { config: role({ apiGroups: ['apps'], resources: ['*'], verbs: ['get'] }) },
      { config: role({ nonResourceURLs: ['*'], verbs: ['get'] }) },
      { manifests: [rbac('Role', { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['*'] }] }, 'web')] },
    ],
    quiet: [{ config: role({ apiGroups: ['apps'], resources: ['deployments', '*/scale'], verbs: ['get'] }) }],
  },
  'becomes-admin': {
    fires: [
      { config: grants({ name: 'g', clusterRole: 'edit', people: ['datosh'], namespaces: ['web'] }) },
      {
        config: granted({
          apiGroups: ['kustomize.toolkit.fluxcd.io'],
          resources: ['kustomizations'],
          verbs: ['create'],
        }),
      },
    ],
    quiet: [
      { config: grants({ name: 'g', clusterRole: 'view', people: ['datosh'] }) },
      {
        config: {
          flux: { lockdown: { noCrossNamespaceRefs: true, defaultServiceAccount: 'default' } },
          clusters: {
            homelab: {
              podSecurity: { default: 'restricted' },
              grants: [{ name: 'g', clusterRole: 'edit', people: ['datosh'], namespaces: ['web'] }],
            },
          },
        },
      },
      {},
    ],
  },
  'privilege-escalation': {
    fires: [
      {
        config: granted({
          apiGroups: ['rbac.authorization.k8s.io'],
          resources: ['clusterroles'],
          verbs: ['bind', 'escalate'],
        }),
      },
      { config: granted({ resources: ['users'], verbs: ['impersonate'] }) },
      { config: granted(toBind('view')) },
      { config: granted(toBind('cluster-admin')) },
      { config: granted(toBind('unknown')) },
      // The finding becomes-admin is only about people of the config.
      { config: grants({ name: 'g', clusterRole: 'edit', subjects: { users: ['ci:bot'] }, namespaces: ['web'] }) },
    ],
    quiet: [
      { config: granted({ apiGroups: ['rbac.authorization.k8s.io'], resources: ['clusterroles'], verbs: ['get'] }) },
      { config: grants({ name: 'g', clusterRole: 'edit', people: ['datosh'], namespaces: ['web'] }) },
      {},
    ],
  },
  'reads-secrets': {
    fires: [
      { config: grants({ name: 'g', clusterRole: 'edit', people: ['datosh'] }) },
      { config: granted({ resources: ['secrets'], verbs: ['list'] }) },
    ],
    quiet: [
      { config: grants({ name: 'g', clusterRole: 'view', people: ['datosh'] }) },
      { config: granted({ resources: ['secrets'], verbs: ['create', 'update'] }) },
    ],
  },
  'pod-exec': {
    fires: [
      { config: grants({ name: 'g', clusterRole: 'edit', people: ['datosh'] }) },
      { config: granted({ resources: ['pods/exec'], verbs: ['create'] }) },
      { config: granted({ resources: ['*'], verbs: ['*'] }, { namespaces: ['web'] }) },
    ],
    quiet: [
      { config: grants({ name: 'g', clusterRole: 'view', people: ['datosh'] }) },
      { config: granted({ resources: ['pods'], verbs: ['create'] }) },
      { config: granted({ resources: ['*'], verbs: ['list', 'watch'] }, { namespaces: ['web'] }) },
    ],
  },
  'service-account-access': {
    fires: [
      { config: grants({ name: 'g', clusterRole: 'edit', people: ['datosh'], namespaces: ['web'] }) },
      { config: granted({ resources: ['*'], verbs: ['*'] }, { namespaces: ['web'] }) },
    ],
    quiet: [
      { config: grants({ name: 'g', clusterRole: 'edit', people: ['datosh'] }) },
      { config: grants({ name: 'g', clusterRole: 'view', people: ['datosh'], namespaces: ['web'] }) },
      { config: granted({ resources: ['*'], verbs: ['list', 'watch'] }, { namespaces: ['web'] }) },
    ],
  },
  'undefined-role': {
    fires: [
      { config: grants({ name: 'g', clusterRole: 'argocd-admin', people: ['datosh'] }) },
      { config: onOther('edge') },
    ],
    quiet: [
      { config: onOther('*') },
      {
        config: grants({ name: 'g', clusterRole: 'system:node-reader', people: ['datosh'] }),
        manifests: [{ ...rbac('ClusterRole', { rules: [] }), metadata: { name: 'system:node-reader' } }],
      },
      {},
    ],
  },
  'prerequisite-missing': {
    fires: [
      { config: byManifests({ versions: 3 }), manifests: [named('Secret', 'kanidm-tls', 'other')] },
      { config: fetched({ certSecretRef: 'ca' }), manifests: [named('Secret', 'cb', 'kanidm')] },
      {
        config: withIngress({ className: 'haproxy' }),
        manifests: [named('StorageClass', 'local'), named('Secret', 'kanidm-tls')],
      },
      { config: withIngress({ className: 'haproxy' }) },
    ],
    quiet: [
      { config: { kanidm: { helm: null, cluster: null, version: '1.11.1' } } },
      { config: byManifests({ versions: 3 }), manifests: [named('SealedSecret', 'kanidm-tls', 'kanidm')] },
      { config: byManifests({ versions: 3 }), manifests: [named('Secret', 'kanidm-tls')] },
      { config: fetched({ certSecretRef: 'ca' }), manifests: [named('Secret', 'ca', 'kanidm')] },
      {
        config: withIngress({ className: 'haproxy' }),
        manifests: [named('StorageClass', 'local'), named('Secret', 'kanidm-tls'), named('IngressClass', 'haproxy')],
      },
    ],
  },
  'kanidm-not-exposed': {
    fires: [
      { config: byManifests({ versions: 3 }) },
      { config: byManifests({ versions: 3 }), manifests: [named('Ingress', 'kanidm', 'other'), service('ClusterIP')] },
      // A ServiceEntry leads to Kanidm only from inside the cluster.
      { config: byManifests({ versions: 3 }), manifests: [toKanidm('ServiceEntry')] },
    ],
    quiet: [
      {},
      { config: withIngress({ className: 'haproxy' }) },
      { config: byManifests({ versions: 3 }), manifests: [named('Ingress', 'kanidm', 'kanidm')] },
      { config: byManifests({ versions: 3 }), manifests: [service('LoadBalancer')] },
      {
        config: byManifests({ versions: 3 }),
        manifests: [
          {
            ...named('TLSRoute', 'kanidm', 'gateways'),
            spec: { rules: [{ backendRefs: [{ name: 'kanidm', namespace: 'kanidm' }] }] },
          },
        ],
      },
      { config: byManifests({ versions: 3 }), manifests: [named('HTTPProxy', 'kanidm', 'kanidm')] },
      { config: byManifests({ versions: 3 }), manifests: [toKanidm('VirtualService')] },
    ],
  },
  'rule-without-effect': {
    fires: [
      { config: role({ apiGroups: ['apps'], resources: ['Deployment', 'deployment/scale'], verbs: ['GET', 'patch'] }) },
      { config: role({ apiGroups: ['apps/v1', 'core', 'v1'], resources: ['deployment'], verbs: ['get'] }) },
      { config: role({ resources: ['deployments', 'pods/logs'], verbs: ['read', 'lst'] }) },
      { config: role({ apiGroups: ['apps', 'batch'], resources: ['pods'], verbs: ['get'] }) },
      { config: role({ apiGroups: ['example.com'], resources: ['Widget'], verbs: ['get'] }) },
      { config: role({ nonResourceURLs: ['/metrics'], verbs: ['GET'] }) },
      { config: granted(metrics, { namespaces: ['web'] }) },
      { config: role({ resources: ['pods/*', '*/*'], verbs: ['create'] }) },
      { config: role({ resources: ['pods, services', 'secrets '], verbs: ['get'] }) },
      { config: role({ resources: ['pods'], verbs: ['post', 'options'] }) },
      { config: role({ nonResourceURLs: ['/metrics'], verbs: ['list', 'watch', 'deletecollection'] }) },
      { config: role({ apiGroups: ['apps'], resources: ['deployments.apps', 'jobs.v1.batch'], verbs: ['get'] }) },
    ],
    quiet: [
      { config: role({ nonResourceURLs: ['/metrics'], verbs: ['get', 'post', 'options', 'create'] }) },
      { config: role({ apiGroups: ['custom.metrics.k8s.io'], resources: ['deployments.apps/rps'], verbs: ['get'] }) },
      { config: role({ apiGroups: ['example.com'], resources: ['widgets'], verbs: ['post'] }) },
      {
        config: role({
          apiGroups: ['', 'apps'],
          resources: ['pods', 'deployments', 'pods/log', 'deployments/scale', '*/scale', 'componentstatuses'],
          verbs: ['get', 'deletecollection'],
        }),
      },
      { config: role({ apiGroups: ['example.com'], resources: ['deployment', 'widgets/go'], verbs: ['spin'] }) },
      { config: role({ apiGroups: ['*'], resources: ['deployment', '*'], verbs: ['*'] }) },
      {
        config: role({
          apiGroups: ['authentication.k8s.io'],
          resources: ['users', 'nodes'],
          verbs: ['impersonate:user-info'],
        }),
      },
      { config: role({ resources: ['users', 'groups'], verbs: ['impersonate'] }) },
      { config: role({ resources: ['endpoints/restricted'], verbs: ['create'] }) },
      { config: role({ resources: ['Registry'], verbs: ['request-serviceaccounts-token-audience'] }) },
      { config: role({ apiGroups: ['v2.example.com'], resources: ['proxies'], verbs: ['get'] }) },
      { config: granted(metrics) },
      {
        config: {
          ...granted(metrics, { namespaces: ['web'] }),
          roles: { own: { rules: [metrics, { resources: ['pods'], verbs: ['get'] }] } },
        },
      },
      {
        config: role({ apiGroups: ['metrics.k8s.io', 'events.k8s.io'], resources: ['pods', 'events'], verbs: ['get'] }),
      },
    ],
  },
  'unused-role': {
    fires: [{ config: role({ resources: ['pods'], verbs: ['get'] }) }],
    quiet: [
      { config: granted({ resources: ['pods'], verbs: ['get'] }) },
      // Nothing can name jane yet, so the grant has no binding.
      {
        config: {
          people: { jane: { displayName: 'Jane' } },
          groups: { k8s_users: both },
          ...granted({ resources: ['pods'], verbs: ['get'] }, { people: ['jane'] }),
        },
      },
      { config: { roles: { own: { aggregateTo: ['view'], rules: [{ resources: ['pods'], verbs: ['get'] }] } } } },
    ],
  },
  'no-break-glass': {
    fires: [{}],
    quiet: [{ config: homelab({ breakGlass: '/etc/kubernetes/admin.conf on a control-plane node' }) }],
  },
  'server-shared': {
    fires: [
      {
        config: {
          clusters: {
            homelab: { server: 'https://10.0.0.1:6443' },
            edge: { kubernetes: '1.34', client: 'k8s', controlPlane: 'k3s', server: 'https://10.0.0.1:6443/' },
          },
        },
      },
    ],
    quiet: [
      {
        config: {
          clusters: {
            homelab: { server: 'https://10.0.0.1:6443' },
            edge: { kubernetes: '1.34', client: 'k8s', controlPlane: 'k3s', server: 'https://10.0.0.1:6444' },
          },
        },
      },
      {
        config: {
          clusters: {
            homelab: { server: 'https://proxy.example.com/c/1' },
            edge: { kubernetes: '1.34', client: 'k8s', controlPlane: 'k3s', server: 'https://proxy.example.com/c/2' },
          },
        },
      },
    ],
  },
  'no-grants': { fires: [{ config: homelab({ grants: [] }) }], quiet: [{}] },
  'not-appliable': {
    fires: [{ manifests: [extraArgs, kustomization] }],
    quiet: [{ manifests: [extraArgs] }, { manifests: [binding({ kind: 'User', name: 'x' }), kustomization] }],
  },
  'flux-lockdown': {
    fires: [
      { config: { flux: { namespace: 'platform', lockdown: { noCrossNamespaceRefs: true } } } },
      { config: { flux: { lockdown: { defaultServiceAccount: 'default' } } } },
      { config: { kanidm: { helm: null }, flux: { lockdown: { defaultServiceAccount: 'default' } } } },
    ],
    quiet: [
      { config: { flux: { lockdown: { noCrossNamespaceRefs: true } } } },
      { config: { flux: { namespace: 'platform', lockdown: { noCrossNamespaceRefs: false } } } },
      { config: { flux: { namespace: 'platform' } } },
      {
        config: {
          kanidm: { helm: null },
          flux: { serviceAccountName: 'kustomize-controller', lockdown: { defaultServiceAccount: 'default' } },
        },
      },
    ],
  },
  'flux-path-overlap': {
    fires: [
      { manifests: [applying('./dist')] },
      { manifests: [applying('dist/clusters/')] },
      { manifests: [applying('./dist/control-planes/homelab')] },
      { manifests: [applying('./dist/clusters/homelab/access')] },
      { manifests: [applying('./dist/clusters/homelab')] },
      { config: { flux: { path: './' } }, manifests: [applying('./')] },
      { manifests: [applying('./')] },
      { config: { flux: { path: './clusters/homelab/dist' } }, manifests: [applying('clusters/homelab')] },
      {
        config: { flux: { path: './clusters/homelab/dist' } },
        manifests: [applying('clusters/homelab'), atPath('clusters/homelab/flux-system/kustomization.yaml')],
      },
    ],
    quiet: [
      { manifests: [applying('./dist/flux')] },
      { manifests: [applying('./'), atPath('kustomization.yaml')] },
      ...['clusters/homelab', 'clusters/homelab/apps'].map((folder) => ({
        config: { flux: { path: './clusters/homelab/apps/dist' } },
        manifests: [applying('clusters/homelab'), atPath(`${folder}/kustomization.yml`)],
      })),
      { manifests: [applying('./distant')] },
      { manifests: [applying('./apps')] },
      { manifests: [applying('./dist/clusters/other/access')] },
      { manifests: [applying('./dist/clusters/other')] },
      { manifests: [applying('./dist', 'another')] },
      { manifests: [{ ...applying('./dist'), apiVersion: 'kustomize.config.k8s.io/v1beta1' }] },
      { manifests: [applying('./dist/clusters/homelab/access', 'flux-system', 'kaniflux-access')] },
    ],
  },
  'kanidm-unsupported': {
    fires: [{ config: { kanidm: { version: '1.9.0' } } }, {}],
    quiet: [{ config: { kanidm: { version: '1.11.1' } } }],
  },
  'no-kanidm-version': {
    fires: [{ config: { kanidm: { helm: null } } }],
    quiet: [{ config: { kanidm: { helm: null, version: '1.11.1' } } }, {}],
  },
  'ingress-backend-tls': {
    fires: [
      { config: withIngress({ className: 'haproxy' }) },
      { config: withIngress({ className: 'traefik', annotations: { 'example.com/tls': 'true' } }) },
      {
        config: withIngress({ className: 'web' }),
        manifests: [ingressClass('web', 'traefik.io/ingress-controller')],
      },
    ],
    quiet: [
      {},
      { config: withIngress({ className: 'nginx' }) },
      { config: withIngress({ className: 'haproxy', annotations: { 'haproxy.org/server-ssl': 'true' } }) },
      { config: withIngress({ className: 'web' }), manifests: [ingressClass('web', 'k8s.io/ingress-nginx')] },
    ],
  },
  'retired-ingress': {
    fires: [
      {},
      { config: { kanidm: { helm: { values: null } } } },
      {
        config: { kanidm: { helm: { values: { ingress: { className: 'web' } } } } },
        manifests: [ingressClass('web', 'k8s.io/ingress-nginx')],
      },
    ],
    quiet: [
      { config: { kanidm: { helm: { values: { ingress: { className: 'cilium' } } } } } },
      { config: { kanidm: { helm: { values: null, valuesFrom: [{ kind: 'ConfigMap', name: 'kanidm' }] } } } },
      { config: { kanidm: { version: '1.11.1', ...fetched({}).kanidm } } },
      { manifests: [ingressClass('nginx', 'nginx.org/ingress-controller')] },
    ],
  },
  'overlapping-servers': {
    fires: [{}],
    quiet: [
      { config: { kanidm: { version: '1.11.1' } } },
      { config: { kanidm: { helm: { version: '0.2.1' } } } },
      { config: { kanidm: { helm: { repository: 'https://charts.example.com/' } } } },
    ],
  },
  'prunable-kanidm': {
    fires: [{ manifests: [released('mine', {})] }],
    quiet: [{}, { manifests: [released('mine', { 'kustomize.toolkit.fluxcd.io/prune': 'disabled' })] }],
  },
  'kanidm-version-newer': {
    fires: [{ config: { kanidm: { version: '1.14.0' } } }],
    quiet: [{ config: { kanidm: { version: '1.11.1' } } }],
  },
  'uuid-changed': {
    fires: [{ base: { people: { datosh: { id: '00000000-0000-4000-8000-000000000009' } } } }],
    quiet: [{ base: {} }],
  },
  'version-jump': {
    fires: [{ config: version('1.11.1'), base: version('1.9.0') }],
    quiet: [{ config: version('1.11.1'), base: version('1.10.0') }],
  },
  'version-back': {
    fires: [{ config: version('1.10.0'), base: version('1.11.1') }],
    quiet: [{ config: version('1.10.0'), base: version('1.10.5') }],
  },
  'domain-changed': {
    fires: [{ base: { kanidm: { domain: 'idm.example.com' } } }],
    quiet: [{ base: {} }],
  },
  'deployment-changed': {
    fires: [{ config: { kanidm: { helm: { version: '0.2.1' } } }, base: {} }],
    quiet: [
      {
        config: { kanidm: { helm: { version: '0.2.1' } } },
        base: { kanidm: { helm: { version: '0.2.0' } } },
      },
    ],
  },
  'kanidm-moves': {
    fires: [{ config: { kanidm: { namespace: 'idm' } }, base: {} }],
    quiet: [{ config: { kanidm: { namespace: 'idm' } }, base: { kanidm: { namespace: 'idm' } } }],
  },
  'storage-changed': {
    fires: [
      { config: manifests({ size: '5Gi' }), base: manifests({ size: '2Gi' }) },
      { config: manifests({ size: '2Ti' }), base: manifests({ size: '2Gi' }) },
      { config: manifests({ size: '5Gi' }), base: manifests({ size: '2Gi', className: 'fast' }) },
    ],
    quiet: [
      { config: manifests({ size: '2Gi' }), base: manifests({}) },
      { config: manifests({ size: '2048Mi' }), base: manifests({ size: '2Gi' }) },
    ],
  },
  'entry-left': {
    fires: [{ base: { people: { jane } } }],
    quiet: [
      { base: { people: { jane: { ...jane, absent: true } } } },
      { config: migrating({ jane: { ...derived, absent: true } }), base: migrating({ jane: derived }) },
    ],
  },
  'made-anew': {
    fires: [{ config: migrating({ jane: { ...derived, incarnation: 2 } }), base: migrating({ jane: derived }) }],
    quiet: [
      {
        config: migrating({ jane: { ...derived, incarnation: 2 } }),
        base: migrating({ jane: { ...derived, incarnation: 2 } }),
      },
    ],
  },
  'removal-misses': {
    fires: [
      {
        config: migrating({ jane: { absent: true } }),
        base: migrating({ jane: { ...derived, id: '0a6b7c8d-1111-4222-8333-444455556666' } }),
      },
    ],
    quiet: [{ config: migrating({ jane: { absent: true } }), base: migrating({ jane: derived }) }],
  },
  'return-without-incarnation': {
    fires: [{ config: migrating({ jane: derived }), base: migrating({ jane: { ...derived, absent: true } }) }],
    quiet: [
      {
        config: migrating({ jane: { ...derived, incarnation: 2 } }),
        base: migrating({ jane: { ...derived, absent: true } }),
      },
    ],
  },
  'takeover-without-id': {
    fires: [{ config: migrating({ jane: derived }), base: { ...version('1.11.1'), people: { jane: derived } } }],
    quiet: [{ config: migrating({ jane: derived }), base: migrating({ jane: derived }) }],
  },
  'unique-held': {
    fires: [
      {
        config: migrating({ jane: derived, joe: { ...derived, mail: 'team@example.com' } }),
        base: migrating({ jane: { ...derived, mail: 'team@example.com' }, joe: derived }),
      },
    ],
    quiet: [
      {
        config: migrating({ jane: { ...derived, mail: [] }, joe: { ...derived, mail: 'team@example.com' } }),
        base: migrating({ jane: { ...derived, mail: 'team@example.com' }, joe: derived }),
      },
    ],
  },
  'unique-swap': {
    fires: [
      {
        config: migrating({ jane: { ...derived, formerly: 'joe' }, joe: { ...derived, formerly: 'jane' } }),
        base: migrating({ jane: derived, joe: derived }),
      },
    ],
    quiet: [
      {
        config: migrating({ joe: { ...derived, formerly: 'jane' }, kim: { ...derived, formerly: 'joe' } }),
        base: migrating({ jane: derived, joe: derived }),
      },
    ],
  },
  'unused-ignore': {
    fires: [{ config: ignoring({ code: 'no-grants', reason: 'not in use yet' }) }],
    quiet: [
      { config: ignoring({ code: 'no-break-glass', reason: 'a lab' }) },
      // This run checks no live system, no other revision and no hand-written files, so it cannot know that these are
      // unused.
      { config: ignoring({ code: 'kanidm-dns', reason: 'a lab' }) },
      { config: ignoring({ code: 'uuid-changed', reason: 'a lab' }) },
      { config: ignoring({ code: 'wildcard-role', reason: 'a lab' }) },
    ],
  },
  'kanidm-stopped': {
    fires: [{ config: byManifests({ restore: { file: 'backup-2027-01-01T22:00:00.1Z.json.gz' } }) }],
    quiet: [{ config: byManifests({ versions: 3 }) }],
  },
  'repository-plaintext': {
    fires: [{ config: fetched({ repository: 'http://charts.example.com' }) }, { config: fetched({ insecure: true }) }],
    quiet: [{ config: fetched({ certSecretRef: 'ca' }) }, { config: fetched({ insecure: false }) }],
  },
  'kanidm-not-deployed': {
    fires: [{ config: { kanidm: { helm: null, version: '1.11.1' } } }],
    quiet: [{ config: { kanidm: { helm: null, cluster: null, version: '1.11.1' } } }],
  },
  'unsuitable-domain': {
    fires: [
      { config: { kanidm: { domain: 'example.com', helm: null, cluster: null } } },
      { config: { kanidm: { domain: 'idm.local', helm: null, cluster: null } } },
    ],
    quiet: [{ config: { kanidm: { domain: 'idm.example.com', helm: null, cluster: null } } }],
  },
  'flux-retry': {
    fires: [{ config: homelab({ flux: { interval: '5m', retryInterval: '10m' } }) }],
    quiet: [{ config: homelab({ flux: { interval: '10m', retryInterval: '2m' } }) }],
  },
  'device-code': {
    fires: [{ config: homelab({ kubeconfig: { signIn: 'device-code' } }) }],
    quiet: [{ config: homelab({ kubeconfig: { signIn: 'keyboard' } }) }],
  },
  'kubernetes-untried': {
    fires: [{ config: homelab({ kubernetes: '1.38' }) }],
    quiet: [{ config: homelab({ kubernetes: '1.37' }) }],
  },
  'anonymous-join': {
    fires: [{ config: anonymous(probes) }],
    quiet: [
      { config: anonymous() },
      { config: anonymous([...probes, '/api/v1/namespaces/kube-public/configmaps/cluster-info']) },
    ],
  },
  'issuer-own': {
    fires: [{ config: trusting({ url: 'https://kubernetes.default.svc.cluster.local' }) }],
    quiet: [{ config: trusting({ url: 'https://kubernetes.default.svc.example.com/dex' }) }],
  },
  'talos-flags': {
    fires: [{ config: homelab({ controlPlane: 'talos', controlPlaneVersion: '1.14', kubernetes: '1.37' }) }],
    quiet: [{ config: homelab({ controlPlane: 'talos', controlPlaneVersion: '1.11', kubernetes: '1.34' }) }],
  },
};

export { homelab, jane, joe };

/** Returns hand-written objects as if each was in a separate file. */
export const asManifests = (objects: readonly object[] = []): Manifest[] =>
  objects.map((object, i) => ({
    file: files.get(object) ?? `${i}.yaml`,
    line: 1,
    object: object as Manifest['object'],
  }));
