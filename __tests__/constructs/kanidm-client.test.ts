import { entry } from '../../lib/config/config';
import { ApiServerSignIn, type ApiServerSignInProps } from '../../lib/constructs/api-server-sign-in';
import { KanidmClient, type KanidmClientProps } from '../../lib/constructs/kanidm-client';
import { type KubeconfigProps, kubeconfig } from '../../lib/constructs/kubeconfig-file';
import { authenticators } from '../../lib/identity/authenticator';
import { groupSubjects, personSubjects } from '../../lib/identity/subject';
import { toYaml } from '../../lib/output/yaml';
import { render } from '../../lib/render';
import { configOf } from '../config';

const least = { origin: 'https://idm.example.com', clientId: 'k8s' };
const person = '7b89b6ea-1e8b-4aa8-98fb-a70cba498d16';

const all: Required<KanidmClientProps> = {
  ...least,
  domain: 'example.com',
  usernameClaim: 'preferred_username',
  usernamePrefix: 'kanidm:',
  groupsPrefix: 'g:',
  groupsScope: 'groups_name',
  redirectUrls: ['http://localhost:18000'],
  legacyCrypto: true,
  requiredClaims: { tenant: 'a' },
};

test('names are those that the API server makes of a token', () => {
  const client = new KanidmClient(least);
  expect(client.issuer).toBe('https://idm.example.com/oauth2/openid/k8s');
  expect(client.user(person)).toBe(`https://idm.example.com/oauth2/openid/k8s#${person}`);
  expect(client.group('k8s_users')).toBe('kanidm:k8s_users@idm.example.com');
});

test('every prop is heard', () => {
  const client = new KanidmClient(all);
  expect(client.user('jane@example.com')).toBe('kanidm:jane@example.com');
  expect(client.group('k8s_users')).toBe('g:k8s_users');
  expect(new ApiServerSignIn({ clients: [client], kubernetes: '1.34' }).flags).toEqual([
    '--oidc-issuer-url=https://idm.example.com/oauth2/openid/k8s',
    '--oidc-client-id=k8s',
    '--oidc-signing-algs=RS256',
    '--oidc-username-claim=preferred_username',
    '--oidc-username-prefix=kanidm:',
    '--oidc-groups-claim=groups',
    '--oidc-groups-prefix=g:',
    '--oidc-required-claim=tenant=a',
  ]);
});

test.each<[Partial<KanidmClientProps>, string, string]>([
  [{ usernamePrefix: '' }, person, 'kanidm:k8s_users@idm.example.com'],
  [{ usernameClaim: 'email' }, 'jane@example.com', 'kanidm:k8s_users@idm.example.com'],
  [{ groupsPrefix: '', domain: 'example.com' }, `${least.origin}/oauth2/openid/k8s#${person}`, 'k8s_users@example.com'],
])('prefixes with %j', (props, user, group) => {
  const client = new KanidmClient({ ...least, ...props });
  expect(client.user(user.slice(user.lastIndexOf('#') + 1))).toBe(user);
  expect(client.group('k8s_users')).toBe(group);
});

test('a group goes by its UUID where the scope is groups_uuid', () => {
  const client = new KanidmClient({ ...least, groupsScope: 'groups_uuid' });
  expect(client.group(person)).toBe(`kanidm:${person}`);
  expect(() => client.group('k8s_users')).toThrow('expected a UUID');
});

test.each<[Partial<KanidmClientProps>, string]>([
  [{ origin: 'https://idm.example.com/' }, 'origin: expected an address'],
  [{ origin: 'http://idm.example.com' }, 'origin: expected an address'],
  [{ origin: 'idm.example.com' }, 'origin: expected an address'],
  [{ clientId: 'K8s' }, 'clientId: expected a name that Kanidm accepts'],
  [JSON.parse('{ "clientId": null }'), 'clientId: expected a text, found `null`'],
  [
    { domain: 'example.org' },
    'domain: expected `idm.example.com`, the host of the origin, or a domain above it, found `example.org`',
  ],
  [{ domain: 'auth.idm.example.com' }, 'domain: expected `idm.example.com`'],
  [{ domain: 'm.example.com' }, 'domain: expected `idm.example.com`'],
  [{ usernamePrefix: '-' }, "usernamePrefix: expected a prefix, found `-`; write '' for none"],
  [{ groupsPrefix: '-' }, 'groupsPrefix: expected a prefix'],
  [{ groupsPrefix: 'system:' }, 'is reserved for Kubernetes'],
  [{ groupsPrefix: 'a\n' }, 'groupsPrefix: expected a text without control characters'],
  [JSON.parse('{ "usernameClaim": "name" }'), 'usernameClaim: expected one of `sub`, `email`, `preferred_username`'],
  [{ origin: 'https://192.0.2.1' }, 'domain: expected a DNS name'],
  [{ requiredClaims: { 'a=b': 'c' } }, 'requiredClaims: expected a name without spaces and `=`, found `a=b`'],
  [{ requiredClaims: { groups: 'a' } }, 'requiredClaims: expected a claim whose value is a text, found `groups`'],
])('%j is refused', (props, message) => {
  expect(() => new KanidmClient({ ...least, ...props })).toThrow(message);
});

test('the name of a group that is missing is not the text `undefined`', () => {
  const groups: Record<string, string> = {};
  // @ts-expect-error: without `noUncheckedIndexedAccess`, the compiler accepts this.
  expect(() => new KanidmClient(least).group(groups.admins)).toThrow('expected the name of a group');
  expect(new KanidmClient(least).group('undefined')).toBe('kanidm:undefined@idm.example.com');
});

test('a name where a UUID belongs, and a name with its domain, are refused', () => {
  const client = new KanidmClient(least);
  expect(() => client.user('jane')).toThrow('expected a UUID in lower case, found `jane`');
  expect(() => client.user(person.toUpperCase())).toThrow('expected a UUID in lower case');
  expect(() => client.group('k8s_users@idm.example.com')).toThrow('without the domain');
});

test("it says what the home lab's config says", () => {
  const config = configOf();
  const homelab = entry(config.clusters, 'homelab');
  const client = new KanidmClient({ origin: 'https://sso.kammel.dev', clientId: 'k8s' });
  expect([client.user(person)]).toEqual(personSubjects(config, homelab, 'datosh'));

  const grants = [{ name: 'see', clusterRole: 'view', groups: ['k8s_users'] }];
  const withGroups = configOf({ clusters: { homelab: { grants } } });
  const cluster = entry(withGroups.clusters, 'homelab');
  expect([client.group('k8s_users')]).toEqual(groupSubjects(withGroups, cluster, 'k8s_users'));
  const [authenticator] = authenticators(withGroups, cluster);
  // Only a cluster has a version of Kubernetes.
  expect({ claimsByName: false, ...client.authenticator }).toMatchObject({ ...authenticator, client: {} });

  const files = new Map([...render(withGroups)].map(({ path, text }) => [path, text]));
  const signIn = new ApiServerSignIn({ clients: [client], kubernetes: '1.32' });
  expect(toYaml(signIn.kubeadm)).toBe(files.get('control-planes/homelab/kubeadm.yaml'));
});

test('a claim without a value gives no user name', () => {
  const client = new KanidmClient({ ...least, usernameClaim: 'email', usernamePrefix: '' });
  for (const value of ['', JSON.parse('{}').missing]) {
    expect(() => client.user(value)).toThrow('expected the value of the claim `email`, found nothing');
  }
  expect(client.user('jane@example.com')).toBe('jane@example.com');
});

const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

const settings: Required<ApiServerSignInProps> = {
  clients: [new KanidmClient(least), new KanidmClient({ ...least, clientId: 'other' })],
  kubernetes: '1.34',
  method: 'structured',
  ca: { pem },
  issuers: { ci: { url: 'https://ci.example.com', audiences: ['kubernetes'] } },
  jwt: [
    {
      issuer: { url: 'https://old.example.com', audiences: ['x'] },
      claimMappings: { username: { claim: 'sub', prefix: 'ci:' } },
    },
  ],
  anonymous: { enabled: true, paths: ['/livez'] },
  folder: '/etc/kaniflux',
};

test('every prop of the API server lands where it is read', () => {
  const { args, files, authenticationConfiguration, kubeadm } = new ApiServerSignIn(settings);
  expect(args).toEqual([{ name: 'authentication-config', value: '/etc/kaniflux/authentication-config.yaml' }]);
  expect(files).toEqual([
    { path: '/etc/kaniflux/authentication-config.yaml', text: toYaml(authenticationConfiguration) },
  ]);
  expect(authenticationConfiguration).toMatchObject({
    apiVersion: 'apiserver.config.k8s.io/v1',
    anonymous: { enabled: true, conditions: [{ path: '/livez' }] },
    jwt: [
      { issuer: { audiences: ['k8s'], certificateAuthority: pem } },
      { issuer: { audiences: ['other'], certificateAuthority: pem } },
      { issuer: { url: 'https://ci.example.com', audiences: ['kubernetes'] } },
      { issuer: { url: 'https://old.example.com', audiences: ['x'] } },
    ],
  });
  expect(kubeadm.apiServer.extraVolumes).toMatchObject([{ hostPath: '/etc/kaniflux' }]);
  const { clients, anonymous, issuers, jwt, ...flags } = settings;
  const [own] = clients;
  const ca = { pem, nodePath: '/etc/kubernetes/pki/ca.crt' };
  expect(new ApiServerSignIn({ ...flags, ca, clients: [own], method: 'flags' })).toMatchObject({
    files: [{ path: ca.nodePath, text: pem }],
    authenticationConfiguration: undefined,
  });
});

test('an API server of an older Kubernetes reads flags, and a part for its kubeadm', () => {
  const { authenticationConfiguration, files, args, kubeadm } = new ApiServerSignIn({
    clients: [new KanidmClient(least)],
    kubernetes: '1.29',
    ca: { pem },
  });
  expect(authenticationConfiguration).toBeUndefined();
  expect(files).toEqual([{ path: '/etc/kubernetes/kaniflux/oidc-ca.crt', text: pem }]);
  expect(args[0]).toEqual({ name: 'oidc-issuer-url', value: 'https://idm.example.com/oauth2/openid/k8s' });
  expect(kubeadm.apiVersion).toBe('kubeadm.k8s.io/v1beta3');
  const newer = new ApiServerSignIn({ clients: [new KanidmClient(least)], kubernetes: '1.31' });
  expect(newer.kubeadm.apiVersion).toBe('kubeadm.k8s.io/v1beta4');
});

test('an AuthenticationConfiguration without other issuers has the clients only', () => {
  const { authenticationConfiguration } = new ApiServerSignIn({
    clients: [new KanidmClient(least)],
    kubernetes: '1.34',
    method: 'structured',
  });
  expect(authenticationConfiguration).toMatchObject({ jwt: [{ issuer: { audiences: ['k8s'] } }] });
});

test('the part is merged into a configuration of kubeadm, and again changes nothing', () => {
  const signIn = new ApiServerSignIn({ clients: [new KanidmClient(least)], kubernetes: '1.34' });
  const merged = signIn.mergeInto('apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\n');
  expect(merged).toContain('oidc-client-id');
  expect(signIn.mergeInto(merged)).toBe(merged);
  // A program has neither standard input nor options of a command.
  expect(() => signIn.mergeInto('')).toThrow(/^the text is empty; /);
  const other = new ApiServerSignIn({ clients: [new KanidmClient({ ...least, clientId: 'x' })], kubernetes: '1.34' });
  expect(() => other.mergeInto(merged)).toThrow('remove them, or merge with `replace: true`');
});

const noOthers = { issuers: {}, jwt: [] };

test('a value that the API server would not get unchanged is refused', () => {
  const signIn = (props: object) =>
    new ApiServerSignIn({ clients: [new KanidmClient({ ...least, ...props })], kubernetes: '1.34' });
  expect(() => signIn({ requiredClaims: { x: 'a\nb' } })).toThrow(
    'the value of `--oidc-required-claim` contains a line break, a tab or another control character',
  );
  const inPod = signIn({ usernamePrefix: '$(X)$$' });
  expect(inPod.flags).toContain('--oidc-username-prefix=$(X)$$');
  const message = 'the value of `--oidc-username-prefix` contains `$$` or `$(…)`';
  expect(() => inPod.kubeadm).toThrow(message);
  expect(() => inPod.mergeInto('')).toThrow(message);
  expect(signIn({ usernamePrefix: '$X:' }).kubeadm.apiServer).toBeDefined();
});

test.each<[Partial<ApiServerSignInProps>, string]>([
  [{ method: 'flags', ...noOthers }, 'flags support one client'],
  [{ method: 'flags', clients: [new KanidmClient(least)] }, 'for `issuers` and `jwt`'],
  [{ method: 'flags', clients: [new KanidmClient(least)], jwt: [] }, 'for `issuers` and `jwt`'],
  [{ method: 'flags', clients: [new KanidmClient(least)], issuers: {} }, 'for `issuers` and `jwt`'],
  [{ method: 'flags', clients: [new KanidmClient(least)], ...noOthers }, 'flags cannot restrict anonymous requests'],
  [
    { method: 'flags', clients: [new KanidmClient({ ...least, groupsPrefix: '' })], anonymous: undefined, ...noOthers },
    'without a groups prefix',
  ],
  [{ kubernetes: '1.29' }, 'Kubernetes 1.29 does not accept an AuthenticationConfiguration by default'],
  [{ kubernetes: '1.3' }, 'kubernetes: expected a version of 1.22 to 1.37, found `1.3`'],
  [{ kubernetes: 'latest' }, 'kubernetes: expected a released version'],
  [
    { ca: { pem: `-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n${pem}` } },
    'ca.pem: the text holds a private key',
  ],
  [{ ca: { nodePath: '/etc/ca.crt' } }, 'ca.nodePath: an AuthenticationConfiguration contains the CA as PEM'],
  [{ anonymous: JSON.parse('{}') }, 'anonymous.enabled: expected `true` or `false`, found nothing'],
  [{ anonymous: { enabled: true, paths: [] } }, 'anonymous.paths: expected a path, found an empty list'],
  [{ anonymous: { enabled: false, paths: ['/livez'] } }, 'anonymous.paths: the API server does not start'],
  [{ folder: 'kaniflux' }, 'folder: expected the whole path on the nodes'],
  [
    { clients: [new KanidmClient(least), new KanidmClient({ ...least, origin: 'https://idm.example.org' })] },
    'clients: expected clients of one Kanidm, found clients of https://idm.example.com and https://idm.example.org',
  ],
  [
    { clients: [new KanidmClient(least), new KanidmClient({ ...least, domain: 'example.com' })] },
    'clients: expected one domain, because all clients are of one Kanidm, found idm.example.com and example.com',
  ],
  [{ kubernetes: '1.31' }, '`anonymous` needs Kubernetes 1.32 or later, and this version is 1.31'],
])('%j is refused', (props, message) => {
  expect(() => new ApiServerSignIn({ ...settings, ...props })).toThrow(message);
});

const cluster: Required<KubeconfigProps> = {
  name: 'homelab',
  server: 'https://192.0.2.10:6443',
  client: new KanidmClient(all),
  user: 'oidc',
  certificateAuthority: { path: 'ca.crt' },
  plugin: 'kubelogin',
  signIn: 'keyboard',
  tokenCache: 'keyring',
  issuerCa: pem,
};

test('every prop of the kubeconfig lands where kubectl reads it', () => {
  expect(kubeconfig(cluster)).toEqual({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'homelab', cluster: { server: cluster.server, 'certificate-authority': 'ca.crt' } }],
    contexts: [{ name: 'homelab', context: { cluster: 'homelab', user: 'oidc' } }],
    users: [
      {
        name: 'oidc',
        user: {
          exec: {
            apiVersion: 'client.authentication.k8s.io/v1',
            command: 'kubelogin',
            args: [
              'get-token',
              '--oidc-issuer-url=https://idm.example.com/oauth2/openid/k8s',
              '--oidc-client-id=k8s',
              '--oidc-extra-scope=groups_name',
              '--oidc-pkce-method=S256',
              '--grant-type=authcode-keyboard',
              '--oidc-redirect-url=http://localhost:18000',
              '--token-cache-storage=keyring',
              `--certificate-authority-data=${Buffer.from(pem).toString('base64')}`,
            ],
            installHint: 'kubelogin is not installed: https://github.com/int128/kubelogin#setup',
            interactiveMode: 'IfAvailable',
            provideClusterInfo: false,
          },
        },
      },
    ],
    'current-context': 'homelab',
  });
});

test.each<[object, string]>([
  [
    { server: '192.0.2.10:6443' },
    'server: expected an https URL such as `https://192.0.2.10:6443`, found `192.0.2.10:6443`',
  ],
  [{ server: 'http://192.0.2.10:6443' }, 'server: expected an https URL'],
  [{ server: undefined }, 'server: expected an https URL such as `https://192.0.2.10:6443`, found `undefined`'],
  [
    { certificateAuthority: { pem: '-----BEGIN PRIVATE KEY-----' } },
    'certificateAuthority.pem: the text holds a private',
  ],
  [
    { certificateAuthority: { pem: undefined } },
    'certificateAuthority: expected either `pem` or `path`, found neither',
  ],
  [
    { certificateAuthority: { pem, path: 'ca.crt' } },
    'certificateAuthority: expected either `pem` or `path`, found both',
  ],
  [{ certificateAuthority: { pem: '' } }, 'certificateAuthority.pem: the text holds no PEM certificate'],
  [{ certificateAuthority: { path: '' } }, 'certificateAuthority.path: expected a path, found an empty string'],
  [
    { client: new KanidmClient({ ...least, redirectUrls: ['https://wiki.example.com'] }) },
    'client: expected a loopback redirect URL such as `http://localhost:8000`, found none',
  ],
  [{ issuerCa: 'PEM' }, 'issuerCa: the text holds no PEM certificate'],
  [{ name: undefined }, 'name: expected the name of a cluster, found nothing'],
  [{ client: undefined }, 'client: expected a KanidmClient, found nothing'],
  [{ client: { origin: 'https://idm.example.com', clientId: 'k8s' } }, 'client: expected a KanidmClient, found a map'],
])('a kubeconfig with %j is refused', (change, message) => {
  expect(() => kubeconfig({ ...cluster, ...change })).toThrow(message);
});

test('a path beside an undefined `pem` counts, and a device code needs no redirect URL', () => {
  const client = new KanidmClient({ ...least, redirectUrls: ['https://wiki.example.com'] });
  const certificateAuthority = JSON.parse('{"path": "ca.crt"}');
  certificateAuthority.pem = undefined;
  expect(kubeconfig({ ...cluster, client, signIn: 'device-code', certificateAuthority })).toMatchObject({
    clusters: [{ cluster: { 'certificate-authority': 'ca.crt' } }],
  });
});

test('two clusters of a kubeconfig have two names', () => {
  expect(() => kubeconfig(cluster, cluster)).toThrow('name: two clusters have the name `homelab`');
});

test('a user that clusters share signs in in one way', () => {
  const other = { ...cluster, name: 'other' };
  expect(kubeconfig(cluster, other)).toMatchObject({ users: [{ name: 'oidc' }] });
  expect(() => kubeconfig(cluster, { ...other, signIn: 'browser' })).toThrow(
    'the user entry `oidc` has different settings for two clusters',
  );
});
