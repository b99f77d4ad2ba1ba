import { meaningOf, meanings } from '../../lib/review/explain/log';

/** What the programs really wrote, or their sources hold, each with a word of the mend. */
const lines: readonly (readonly [string, RegExp])[] = [
  ['oidc: id token signed with unsupported algorithm, expected ["RS256"] got ["ES256"]', /oidc-signing-algs=ES256/],
  [
    'E1124 authentication.go:70] "Unable to authenticate the request" err="[invalid bearer token, oidc: verify token: oidc: id token signed with unsupported algorithm, expected [\\"RS256\\"] got \\"ES256\\"]"'.replaceAll(
      '\\"',
      '"',
    ),
    /oidc-signing-algs=ES256/,
  ],
  [
    'oidc: verify token: oidc: id token signed with unsupported algorithm, expected ["ES256"] got "RS256"',
    /legacyCrypto/,
  ],
  ['oidc: verify token: oidc: expected audience "k8s" got ["wiki"]', /client id/],
  ['oidc: verify token: oidc: token is expired (Token Expiry: 2026-11-24 04:00:00 +0000 UTC)', /clocks/],
  [
    'oidc: authenticator for issuer "https://sso.kammel.dev/oauth2/openid/k8s/": oidc: issuer did not match the issuer returned by provider',
    /without a slash/,
  ],
  [
    'oidc authenticator: initializing plugin: Get "https://sso.kammel.dev/…": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    /authentication.ca.file/,
  ],
  ['oidc: authenticator not initialized', /reach the origin/],
  ['oidc: email not verified', /claim: sub/],
  ['oidc: parse username claims "email": claim not present', /scope/],
  ['oidc: parse groups claim "groups": json: cannot unmarshal number into Go value', /join: array/],
  [
    'jwt[0].claimMappings.username.prefix: Required value: prefix is required when claim is set. It can be set to an empty string',
    /prefix: ""/,
  ],
  [
    'oidc: error evaluating user info validation rule: validation expression failed: a group name must not begin with system:',
    /prefix/,
  ],
  ['authentication-config file and oidc-* flags are mutually exclusive', /authentication.method/],
  [
    'invalid authentication config: jwt[0].issuer.url: Invalid value: "http://sso.kammel.dev": URL scheme must be https',
    /kanidm.origin/,
  ],
  ['error: unsupported signing algorithm XS256', /ES256/],
  ["failed to load authentication configuration: Object 'Kind' is missing in ''", /rename/],
  [
    'your configuration file uses an old API spec: "kubeadm.k8s.io/v1beta3" (kind: "ClusterConfiguration"). Please use kubeadm v1.36',
    /v1beta4/,
  ],
  [
    'error unmarshaling configuration: json: cannot unmarshal object into Go struct field ClusterConfiguration.apiServer.extraArgs of type []v1beta4.Arg',
    /kubernetes/,
  ],
  ['no matches for kind "ClusterConfiguration" in version "kubeadm.k8s.io/v1beta4"', /control-planes/],
  ['no matches for kind "TLSRoute" in version "gateway.networking.k8s.io/v1alpha2"', /Install/],
  [
    'ReconciliationFailed HelmRelease/kanidm dry-run failed: .spec.foo: field not declared in schema',
    /versions of Flux/,
  ],
  ['BuildFailed may not add resource with an already registered id: Namespace.v1.[noGrp]/kanidm.[noNs]', /by hand/],
  [
    'ClusterRoleBinding.rbac.authorization.k8s.io "a" is invalid: roleRef: Invalid value: cannot change roleRef',
    /force: enabled/,
  ],
  ['RoleBinding/shop/see not created: namespaces "shop" not found', /namespace/],
  [
    'Namespace "kanidm" in namespace "" exists and cannot be imported into the current release: invalid ownership metadata',
    /disableTakeOwnership/,
  ],
  ['ERROR Failed to apply migration', /attribute/],
  ['Uuid duplicate found in database: 91793d00-d9f0-4f9d-b352-8bb6142e7069', /incarnation/],
  ['http error 409 Conflict', /runbook/],
  ['No matching entries', /name/],
  ['error: could not listen: listen tcp 127.0.0.1:8000: bind: address already in use', /18000/],
  [
    'exec plugin: invalid kubeconfig: interactiveMode must be specified for oidc to use exec authentication plugin',
    /kubeconfig/,
  ],
  [
    'Error from server (Forbidden): pods is forbidden: User "x" cannot list resource "pods" in API group ""',
    /explain <person>/,
  ],
  ['error: You must be logged in to the server (Unauthorized)', /explain --token/],
];

test.each(lines)('%s', (line, mend) => {
  const meaning = meaningOf(line);
  expect(meaning?.means).toMatch(/\.$/);
  expect(meaning?.mend).toMatch(mend);
});

test('a line that means nothing here is not explained', () => {
  expect(meaningOf('I1124 Starting controller')).toBeUndefined();
});

test('no pattern is slow on a long line', () => {
  const line = `${'expected [RS256 '.repeat(2000)}audience issuer token oidc `.repeat(3);
  const start = process.hrtime.bigint();
  for (const { pattern } of meanings) pattern.test(line);
  expect(Number(process.hrtime.bigint() - start) / 1e6).toBeLessThan(2000);
});
