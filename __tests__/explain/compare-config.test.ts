import { join } from 'node:path';
import { compareConfig } from '../../lib/explain/compare-config';
import { explainLog } from '../../lib/explain/explain-log';
import { logLines } from '../../lib/explain/log-report';
import { configOf, homeLabText } from '../config';
import { run } from '../run';

const issuer = 'https://sso.kammel.dev/oauth2/openid/k8s';
const refused = (why: string) =>
  `kube-apiserver[1]: "Unable to authenticate the request" err="[invalid bearer token, ${why}]"`;

/** Returns what explain says about the config for a line. */
function beside(line: string, change: Record<string, unknown> = {}): string[] {
  const config = configOf(change);
  return logLines(explainLog(line), 'docs', { config, clusters: [...config.clusters.keys()] })
    .filter((one) => one.startsWith('  config: '))
    .map((one) => one.slice('  config: '.length));
}

const structured = { clusters: { homelab: { kubernetes: '1.34', authentication: { method: 'structured' } } } };
const viewer = (clusterRole: string) => ({
  clusters: { homelab: { grants: [{ name: 'viewers', clusterRole, groups: ['k8s_users'] }] } },
});
const ci = {
  clusters: {
    homelab: {
      kubernetes: '1.34',
      authentication: { method: 'structured' },
      issuers: {
        ci: { url: 'https://ci.example.com', audiences: ['a'], claim: 'email', requiredClaims: { team: 'a' } },
      },
    },
  },
};
const withUser = {
  clusters: {
    homelab: {
      ...ci.clusters.homelab,
      grants: [{ name: 'deploy', clusterRole: 'edit', namespaces: ['web'], subjects: { users: ['ci:web'] } }],
    },
  },
};
const withGroups = {
  clusters: {
    homelab: {
      ...withUser.clusters.homelab,
      issuers: { ci: { ...ci.clusters.homelab.issuers.ci, groups: { claim: 'groups', prefix: 'ci:' } } },
    },
  },
};
const wiki = {
  clients: {
    wiki: {
      type: 'basic',
      displayName: 'Wiki',
      landingUrl: 'https://wiki.example.com',
      redirectUrls: ['https://wiki.example.com/callback'],
      scopes: { k8s_users: ['openid'] },
    },
  },
};

const eks = {
  clients: { k8s: { legacyCrypto: true } },
  clusters: { homelab: { controlPlane: 'eks', authentication: { ca: null } } },
};

test.each<[string, string, Record<string, unknown>, RegExp]>([
  [
    'the algorithm of EKS',
    refused(
      String.raw`oidc: verify token: oidc: id token signed with unsupported algorithm, expected [\"RS256\"] got \"ES256\"`,
    ),
    eks,
    /^homelab runs on EKS, which accepts only RS256\. With your config, Kanidm signs tokens of the client k8s with RS256/,
  ],
  ['flags and EKS', 'Error: unknown flag: --oidc-client-secret', eks, /renders no --oidc-\* flag for homelab/],
  [
    'the algorithm that flags have',
    refused(
      String.raw`oidc: verify token: oidc: id token signed with unsupported algorithm, expected [\"RS256\"] got \"ES256\"`,
    ),
    {},
    /renders --oidc-signing-algs=ES256 for homelab, which would accept this token, so either the settings of homelab were not applied/,
  ],
  [
    'the algorithm of an AuthenticationConfiguration',
    refused(
      String.raw`oidc: verify token: oidc: id token signed with unsupported algorithm, expected [\"RS256\"] got \"ES256\"`,
    ),
    structured,
    /AuthenticationConfiguration for homelab, which accepts ES256 and RS256, so either the settings/,
  ],
  [
    'another algorithm',
    refused(
      String.raw`oidc: verify token: oidc: id token signed with unsupported algorithm, expected [\"ES256\"] got \"RS256\"`,
    ),
    {},
    /The token in the line is signed with another algorithm/,
  ],
  [
    'a client that could be trusted',
    refused(String.raw`oidc: verify token: oidc: expected audience \"k8s\" got [\"wiki\"]`),
    wiki,
    /accepts tokens with the audience k8s\. wiki is a client in your config\. If homelab should accept tokens of this client, set `trust: \[wiki\]` of homelab\./,
  ],
  [
    'a client that nobody has',
    refused(String.raw`oidc: verify token: oidc: expected audience \"k8s\" got [\"headlamp\"]`),
    {},
    /Your config has no client headlamp/,
  ],
  [
    'an audience that is not ours',
    refused(String.raw`oidc: verify token: oidc: expected audience \"kubernetes\" got [\"k8s\"]`),
    {},
    /the token has the audience k8s, so either the settings of homelab were not applied/,
  ],
  [
    'an issuer with a slash',
    refused(
      String.raw`oidc: verify token: oidc: id token issued by a different provider, expected \"https://sso.kammel.dev/oauth2/openid/k8s/\" got \"x\"`,
    ),
    {},
    /but the line has the issuer https:\/\/sso\.kammel\.dev\/oauth2\/openid\/k8s\/, so either the settings of homelab were not applied/,
  ],
  [
    'our own issuer',
    `kube-apiserver[1]: oidc authenticator: initializing plugin: Get "${issuer}/.well-known/openid-configuration": EOF`,
    {},
    /The line has the issuer https:\S+, which your config renders for homelab\./,
  ],
  [
    'no CA',
    `kube-apiserver[1]: oidc authenticator: initializing plugin: Get "${issuer}/.well-known/openid-configuration": x509: certificate signed by unknown authority`,
    {},
    /sets no CA, so the API server trusts the CAs of its machine/,
  ],
  [
    'another claim',
    refused(String.raw`oidc: parse username claims \"email\": claim not present`),
    {},
    /uses the claim `sub` for user names on homelab, but the line has `email`/,
  ],
  [
    'a scope',
    refused(String.raw`oidc: parse username claims \"email\": claim not present`),
    { clusters: { homelab: { authentication: { claim: 'email' } } } },
    /gives the scope `email` for k8s to k8s_users/,
  ],
  [
    'a required claim that is not ours',
    refused('oidc: required claim team not present in ID token'),
    {},
    /requires no claim `team`/,
  ],
  [
    'a person of ours',
    `Error from server (Forbidden): pods is forbidden: User "${issuer}#7b89b6ea-1e8b-4aa8-98fb-a70cba498d16" cannot list resource "pods" in API group ""`,
    {},
    /this user is datosh and has cluster-admin on homelab/,
  ],
  [
    'a request that the config allows',
    `Error from server (Forbidden): pods is forbidden: User "${issuer}#7b89b6ea-1e8b-4aa8-98fb-a70cba498d16" cannot list resource "pods" in API group "" in the namespace "web"`,
    viewer('view'),
    /on homelab\. The binding \S+ allows the request, so either the binding was not applied, or the token did not have the group \S+, or the line/,
  ],
  [
    'a request that the config does not allow',
    `Error from server (Forbidden): pods is forbidden: User "${issuer}#7b89b6ea-1e8b-4aa8-98fb-a70cba498d16" cannot delete resource "pods" in API group "" in the namespace "web"`,
    viewer('view'),
    /has view on homelab\. As far as the config shows, no role of this user allows the request\.$/,
  ],
  [
    'a request, and a role that is not in the config',
    `Error from server (Forbidden): pods is forbidden: User "${issuer}#7b89b6ea-1e8b-4aa8-98fb-a70cba498d16" cannot delete resource "pods" in API group "" in the namespace "web"`,
    viewer('of-somebody-else'),
    /has of-somebody-else on homelab\.$/,
  ],
  ...[
    'create resource "selfsubjectaccessreviews" in API group "authorization.k8s.io" at the cluster scope',
    'get path "/version"',
    'list resource "pods" in API group "" in the namespace "web": RBAC: clusterrole.rbac.authorization.k8s.io "view" not found',
  ].map((request): [string, string, Record<string, unknown>, RegExp] => [
    `a right of every user, or a missing role: ${request}`,
    `Error from server (Forbidden): a is forbidden: User "${issuer}#7b89b6ea-1e8b-4aa8-98fb-a70cba498d16" cannot ${request}`,
    viewer('view'),
    /has view on homelab\.$/,
  ]),
  [
    'an issuer of another provider, which the API server can trust too',
    'kube-apiserver[1]: oidc authenticator: initializing plugin: Get "https://ci.example.com/.well-known/openid-configuration": EOF',
    {},
    /or the line is from another cluster, or its API server also trusts an issuer that is not in your config\.$/,
  ],
  [
    'a claim of an issuer that is not Kanidm',
    refused(String.raw`oidc: parse username claims \"email\": claim not present`),
    ci,
    /^Your config uses the claim `email` for user names on homelab, in tokens of the issuer https:\/\/ci\.example\.com\.$/,
  ],
  [
    'an audience of an issuer that is not Kanidm',
    refused(String.raw`oidc: verify token: oidc: expected audience \"a\" got [\"k8s\"]`),
    ci,
    /^With your config, homelab accepts tokens of the issuer https:\/\/ci\.example\.com with the audience a\.$/,
  ],
  [
    'a required claim of an issuer that is not Kanidm',
    refused('oidc: required claim team not present in ID token'),
    ci,
    /^For homelab, your config requires the value “a” for the claim `team`, in tokens of the issuer https:\/\/ci\.example\.com\.$/,
  ],
  [
    'a user that a grant names as the API server sees it',
    'Error from server (Forbidden): pods is forbidden: User "ci:web" cannot list resource "pods" in API group "" in the namespace "web"',
    withUser,
    /^In your config, this user has edit in web on homelab\. The binding .* allows the request, so either the binding/,
  ],
  [
    'a user of an issuer whose groups can allow the request',
    'Error from server (Forbidden): pods is forbidden: User "ci:web" cannot list resource "pods" in API group "" in the namespace "db"',
    withGroups,
    /^In your config, this user has edit in web on homelab\. The groups of the user are not known\.$/,
  ],
  [
    'a user of an issuer without groups',
    'Error from server (Forbidden): pods is forbidden: User "ci:web" cannot list resource "pods" in API group "" in the namespace "db"',
    withUser,
    /^In your config, this user has edit in web on homelab\. As far as the config shows, no role of this user allows the request\.$/,
  ],
  [
    'a user of an issuer that no grant names',
    'Error from server (Forbidden): pods is forbidden: User "ci:other" cannot list resource "pods" in API group ""',
    withUser,
    /^On homelab, the user names of the issuer https:\/\/ci\.example\.com begin with “ci:”\. No grant of your config names this user\.$/,
  ],
  [
    'a discovery document of an unknown issuer',
    'kube-apiserver[1]: oidc authenticator: initializing plugin: 503 Service Unavailable: ',
    ci,
    /^The line does not name the issuer\. With your config, homelab trusts https:\/\/sso\S* and https:\/\/ci\.example\.com\.$/,
  ],
  [
    'nobody of ours',
    'Error from server (Forbidden): pods is forbidden: User "kanidm:datosh" cannot list resource "pods" in API group ""',
    {},
    /nobody has this user name on homelab\. For example, the user name of datosh is “https:/,
  ],
  [
    'a redirect URL of an application',
    'kanidmd[1]: Invalid OAuth2 redirect_uri (must be an exact match to a redirect-url) - got https://wiki.example.com/login',
    wiki,
    /In your config, the URLs of the client wiki are: https:\/\/wiki\.example\.com\/callback, https:\/\/wiki\.example\.com\./,
  ],
  [
    'a redirect URL that the config has',
    'kanidmd[1]: Invalid OAuth2 redirect_uri (must be an exact match to a redirect-url) - got https://wiki.example.com/callback',
    wiki,
    /the client wiki has this URL\. Either the URL was not added in Kanidm yet, or the program sent the id of another client, or the line is from another Kanidm\.$/,
  ],
  [
    'a redirect URL that the config has, and that Kanidm refuses because it is not https',
    'kanidmd[1]: Invalid OAuth2 redirect_uri (must be a secure origin) - got http://localhost:8000',
    {},
    /^In your config, the client k8s has this URL\.$/,
  ],
  [
    'a redirect URL that the config has, in the form in which Kanidm logs it',
    'kanidmd[1]: Invalid OAuth2 redirect_uri (must be an exact match to a redirect-url) - got http://localhost:8000/',
    {},
    /the client k8s has this URL\. Either the URL was not added/,
  ],
  [
    'a redirect URL with another path',
    'kanidmd[1]: Invalid OAuth2 redirect_uri (must be an exact match to a redirect-url) - got http://localhost:8000/a',
    {},
    /In your config, the URLs of the client k8s are: http:\/\/localhost:8000\.$/,
  ],
  [
    'a redirect URL of nobody',
    'kanidmd[1]: Invalid OAuth2 redirect_uri (must be an exact match to a redirect-url) - got https://grafana.example.com/login',
    wiki,
    /No client of your config has a redirect URL or landing URL on the host grafana\.example\.com/,
  ],
  [
    'clients with a secret',
    'kanidmd[1]: Invalid OAuth2 client_id secret',
    wiki,
    /Clients with a secret in your config: wiki/,
  ],
  [
    'no client with a secret',
    'kanidmd[1]: Invalid OAuth2 client_id secret',
    {},
    /No client of your config has a secret/,
  ],
  [
    'a client that does not exist',
    'kanidmd[1]: Invalid OAuth2 client_id (Wiki) Have you configured the OAuth2 resource server?',
    {},
    /no client Wiki; the clients in your config are: k8s/,
  ],
  [
    'flags',
    'Error: unknown flag: --oidc-client-secret',
    {},
    /renders for homelab: --oidc-issuer-url=.*--oidc-signing-algs=ES256/,
  ],
  [
    'no flags',
    'Error: unknown flag: --oidc-client-secret',
    structured,
    /renders --authentication-config for homelab, and no --oidc-\* flag/,
  ],
])('%s', (...[, line, change, says]) => {
  expect(beside(line, change)).toEqual(expect.arrayContaining([expect.stringMatching(says)]));
});

test('an administrator with a certificate is not compared with the people of the config', () => {
  const line =
    'Error from server (Forbidden): nodes is forbidden: User "kubernetes-admin" cannot list resource "nodes" in API group "" at the cluster scope';
  expect(beside(line)).toEqual([]);
});

test.each([
  'Failed to verify ID Token: oidc: expected audience "headlamp" got ["k8s"]',
  'openid-grant-failed: unexpected JWT alg received, expected RS256, got: ES256',
])('a line of an application is not compared with the settings of API servers: %s', (line) => {
  expect(explainLog(line).answers.map(({ of }) => of)).toEqual(['an application']);
  expect(beside(line)).toEqual([]);
  expect(beside(line, structured)).toEqual([]);
});

test.each(["ES256',", 'ES256. Check the provider', 'ES256)', "ES256'"])('an algorithm ends before %s', (end) => {
  const [answer] = explainLog(`RPError: unexpected JWT alg received, expected RS256, got: ${end}`).answers;
  expect(JSON.stringify(answer)).not.toContain('another identity provider');
});

test('nothing is said about the CA of a server that is not Kanidm', () => {
  const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
  const entry = {
    issuer: { url: 'https://ci.example.com', audiences: ['a'], certificateAuthority: pem },
    claimMappings: { username: { claim: 'sub', prefix: 'ci:' } },
  };
  const homelab = { kubernetes: '1.34', authentication: { method: 'structured' } };
  const line = (url: string) =>
    `kube-apiserver[1]: oidc authenticator: initializing plugin: Get "${url}/.well-known/openid-configuration": tls: failed to verify certificate: x509: certificate signed by unknown authority`;
  for (const change of [structured, { clusters: { homelab: { ...homelab, jwt: [entry] } } }]) {
    expect(beside(line('https://ci.example.com'), change).join('\n')).not.toMatch(/\bCA\b/);
    expect(beside(line(issuer), change).join('\n')).toMatch(/your config sets no CA/);
  }
});

test('an audience of an entry that is rendered unchanged', () => {
  const entry = {
    issuer: { url: 'https://ci.example.com', audiences: ['a'] },
    claimMappings: { username: { claim: 'sub', prefix: 'ci:' } },
  };
  const change = {
    clusters: { homelab: { kubernetes: '1.34', authentication: { method: 'structured' }, jwt: [entry] } },
  };
  const line = refused(String.raw`oidc: verify token: oidc: expected audience \"a\" got [\"k8s\"]`);
  expect(beside(line, change)).toEqual([
    'With your config, homelab accepts tokens of the issuer https://ci.example.com with the audience a.',
  ]);
});

test('nothing is said about claims of entries that are rendered unchanged', () => {
  const entry = {
    issuer: { url: 'https://ci.example.com', audiences: ['a'] },
    claimMappings: { username: { claim: 'email', prefix: '' } },
  };
  const change = {
    clusters: { homelab: { kubernetes: '1.34', authentication: { method: 'structured' }, jwt: [entry] } },
  };
  expect(beside(refused(String.raw`oidc: parse username claims \"email\": claim not present`), change)).toEqual([]);
  expect(beside(refused('oidc: required claim team not present in ID token'), change)).toEqual([]);
});

describe('the command', () => {
  const line = 'Error: unknown flag: --oidc-client-secret\n';
  const homeLabFolder = join(__dirname, '..', 'fixtures', 'home-lab');
  const explain = (cwd: string, args: readonly string[] = []) =>
    run(['explain', '--log', '-', ...args], { cwd, stdin: async () => line });

  test('compares with the kaniflux.yaml at hand', async () => {
    expect((await explain(homeLabFolder)).stdout).toMatch(
      /config: Your config renders for homelab: --oidc-issuer-url=/,
    );
  });

  test('compares with nothing where there is none, and does not mind', async () => {
    const { code, stdout, stderr } = await explain('/');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toMatch(/config:/);
  });

  test('a config that was asked for has to be there', async () => {
    expect((await explain('/', ['-c', 'other.yaml'])).code).toBe(2);
  });

  test('names the page, and gives JSON', async () => {
    const root = join(__dirname, '..', '..');
    const homeLab = ['-c', join(homeLabFolder, 'kaniflux.yaml')];
    expect((await explain(root, homeLab)).stdout).toMatch(/see: docs\/explain\/unknown-oidc-flag\.md/);
    const [answer] = JSON.parse((await explain(root, [...homeLab, '--format', 'json'])).stdout);
    expect(answer).toMatchObject({
      id: 'unknown-oidc-flag',
      of: 'kube-apiserver',
      page: 'docs/explain/unknown-oidc-flag.md',
      config: [expect.stringMatching(/renders for homelab/)],
    });
  });

  test('the home lab is the config that these tests are about', () => {
    expect(homeLabText).toContain('homelab');
  });
});

const others: Record<string, unknown> = {
  clients: {
    k8s: { landingUrl: 'http://localhost:8000', redirectUrls: ['http://localhost:8000', 'http://localhost:18000'] },
  },
};

test.each<[string, Parameters<typeof compareConfig>[0], Record<string, string>, Record<string, unknown>, string]>([
  [
    'a claim that no scope adds',
    'claim',
    { claim: 'sub' },
    {},
    'Your config uses the claim `sub` for user names on homelab.',
  ],
  [
    'all redirect URLs of a client, each once',
    'redirect',
    { url: 'http://localhost:8085/x' },
    others,
    'In your config, the URLs of the client k8s are: http://localhost:8000, http://localhost:18000.',
  ],
])('%s', (...[, kind, facts, change, says]) => {
  expect(compareConfig(kind, facts, configOf(change), ['homelab'])).toEqual([says]);
});

test('a line without the client of the token does not name an empty client', () => {
  const lines = [
    refused(String.raw`oidc: verify token: oidc: expected audience \"k8s\" got []`),
    'ERROR    ┕━ 🚨 [error]: Unable to access discovery info | err: NoMatchingEntries',
  ];
  for (const line of lines) {
    expect(beside(line)).toEqual(['With your config, homelab accepts tokens with the audience k8s.']);
  }
});

test('the config about secrets is shown only with a fix that is about the secret', () => {
  const exchange = (status: string) =>
    `[2026/10/18 20:42:45] [oauthproxy.go:902] Error redeeming code during OAuth2 callback: oauth2: cannot fetch token: ${status}`;
  expect(beside(exchange('401 Unauthorized'), wiki)).toEqual(['Clients with a secret in your config: wiki.']);
  expect(beside(exchange('502 Bad Gateway'), wiki)).toEqual([]);
});
