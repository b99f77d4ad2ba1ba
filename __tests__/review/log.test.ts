import { meaningOf, meanings } from '../../lib/review/explain/log';

const unable = (why: string) =>
  `E1124 23:34:58.019437   14833 authentication.go:75] "Unable to authenticate the request" err="[invalid bearer token, ${why}]"`;
const refused = (why: string) => unable(`oidc: verify token: ${why}`);
const failed = (why: string) => `E1124 23:38:14.162985   28328 run.go:72] "command failed" err="${why}"`;

/** What the programs really wrote, or their sources hold, each with a word of the mend. */
const lines: readonly (readonly [string, RegExp])[] = [
  // As kube-apiserver 1.34.4 and 1.37.2 wrote them, quotes within quotes and all.
  [
    refused(String.raw`oidc: id token signed with unsupported algorithm, expected [\"RS256\"] got \"ES256\"`),
    /oidc-signing-algs=ES256/,
  ],
  [
    'oidc: verify token: oidc: id token signed with unsupported algorithm, expected ["RS256"] got "ES256"',
    /oidc-signing-algs=ES256/,
  ],
  [
    refused(String.raw`oidc: id token signed with unsupported algorithm, expected [\"ES256\"] got \"RS256\"`),
    /legacyCrypto/,
  ],
  [
    refused(String.raw`oidc: id token signed with unsupported algorithm, expected [\"ES256\"] got \"none\"`),
    /explain --token/,
  ],
  [refused('failed to verify signature: failed to verify id token signature'), /oidc-login clean/],
  [refused(String.raw`oidc: expected audience \"k8s\" got [\"wiki\"]`), /client id/],
  [refused('oidc: token is expired (Token Expiry: 2026-11-24 22:34:57 +0000 UTC)'), /clocks/],
  [
    refused(
      'oidc: current time 2026-11-24 23:34:58.01 +0000 UTC m=+9.63 before the nbf (not before) time: 2026-11-24 23:36:27 +0000 UTC',
    ),
    /NTP/,
  ],
  [
    'E1124 23:38:06.084767   27843 oidc.go:419] oidc authenticator: initializing plugin: oidc: issuer did not match the issuer returned by provider, expected "https://sso.kammel.dev/oauth2/openid/k8s/" got "https://sso.kammel.dev/oauth2/openid/k8s"',
    /without a slash/,
  ],
  [
    'E1124 23:38:11.229634   27843 authentication.go:75] "Unable to authenticate the request" err="invalid bearer token"',
    /which compares the two/,
  ],
  [
    'E1124 23:37:56.166682   27163 oidc.go:419] oidc authenticator: initializing plugin: Get "https://idm.localhost/oauth2/openid/k8s/.well-known/openid-configuration": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    /authentication.ca.file/,
  ],
  [unable('oidc: authenticator not initialized'), /reach the origin/],
  [unable('oidc: email not verified'), /claim: sub/],
  [unable(String.raw`oidc: parse username claims \"email\": claim not present`), /scope/],
  [
    unable(String.raw`oidc: parse groups claim \"groups\": json: cannot unmarshal object into Go value of type string`),
    /join: array/,
  ],
  [unable('oidc: required claim team not present in ID token'), /claim map/],
  [unable('oidc: required claim unit value does not match. Got = a, want = a,b'), /claim map/],
  [unable('oidc: parse claim team: json: cannot unmarshal array into Go value of type string'), /join: csv/],
  [
    unable(
      String.raw`oidc: error evaluating group claim expression: expression '\"teams\" in claims ? claims[\"teams\"].split(\",\").map(group, \"kanidm:\" + group) : []' resulted in error: no such overload`,
    ),
    /Render the settings again/,
  ],
  [
    unable(
      "oidc: error evaluating user info validation rule: validation expression 'user.groups.all(group, !group.startsWith('system:'))' failed: a group name must not begin with system:",
    ),
    /prefix/,
  ],
  [
    failed(
      'invalid authentication configuration: jwt[0].claimMappings.username.prefix: Required value: prefix is required when claim is set. It can be set to an empty string to disable prefixing',
    ),
    /prefix: ""/,
  ],
  [failed('authentication-config file and oidc-* flags are mutually exclusive'), /authentication.method/],
  [failed('oidc-issuer-url and oidc-client-id must be specified together when any oidc-* flags are set'), /Give both/],
  [
    failed(
      String.raw`invalid authentication configuration: jwt[0].issuer.url: Invalid value: \"http://sso.kammel.dev/oauth2/openid/k8s\": URL scheme must be https`,
    ),
    /kanidm.origin/,
  ],
  [failed(String.raw`oidc: unsupported signing alg: \"XS256\"`), /ES256/],
  [
    failed(String.raw`failed to load authentication configuration from file \"/etc/a.yaml\": empty config data`),
    /rename/,
  ],
  [
    failed(
      String.raw`failed to load authentication configuration from file \"/etc/a.yaml\": strict decoding error: unknown field \"jwt[0].issuer.audience\"`,
    ),
    /rename/,
  ],
  [
    `	failed to load authentication configuration from file "/etc/a.yaml": Object 'Kind' is missing in 'apiVersion: apiserver.config.k8s.io/v1`,
    /rename/,
  ],
  [
    'E1124 23:49:04.099027   11260 authentication.go:775] "failed to validate authentication config" err="anonymous: Forbidden: changed from initial configuration file"',
    /Restart/,
  ],
  ['E1124 23:38:32.513658   28725 authentication.go:763] "failed to load authentication config" err=<', /rename/],
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
