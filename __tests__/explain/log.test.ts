import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { meaningOf, meanings, withoutTokens } from '../../lib/explain/log';

const unable = (why: string) =>
  `E1124 23:34:58.019437   14833 authentication.go:75] "Unable to authenticate the request" err="[invalid bearer token, ${why}]"`;
const refused = (why: string) => unable(`oidc: verify token: ${why}`);
const failed = (why: string) => `E1124 23:38:14.162985   28328 run.go:72] "command failed" err="${why}"`;

/** What the programs really wrote, or their sources hold, each with a word of the fix. */
const lines: readonly (readonly [string, RegExp])[] = [
  // The home lab's own.
  [
    'oidc: verify token: oidc: id token signed with unsupported algorithm, expected ["RS256"] got "ES256"',
    /oidc-signing-algs=ES256/,
  ],
  // As kube-apiserver 1.34.4 and 1.37.2 wrote them, quotes within quotes and all.
  [
    refused(String.raw`oidc: id token signed with unsupported algorithm, expected [\"RS256\"] got \"ES256\"`),
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
  // As kubeadm 1.34.4 and 1.37.2 wrote them.
  [
    `error: your configuration file uses an old API spec: "kubeadm.k8s.io/v1beta3" (kind: "ClusterConfiguration"). Please use kubeadm v1.36 instead and run 'kubeadm config migrate --old-config old-config-file --new-config new-config-file', which will write the new, similar spec using a newer API version.`,
    /v1beta4/,
  ],
  [
    'error: experimental API spec: "kubeadm.k8s.io/v1" (kind: "ClusterConfiguration") is not allowed. You can use the --allow-experimental-api flag if the command supports it.',
    /v1beta4/,
  ],
  [
    'error: no kind "ClusterConfiguration" is registered for version "kubeadm.k8s.io/v1" in scheme "pkg/runtime/scheme.go:110"',
    /version of kubeadm/,
  ],
  [
    'error: json: cannot unmarshal object into Go struct field APIServer.apiServer.extraArgs of type []v1beta4.Arg',
    /real version/,
  ],
  [
    'error: json: cannot unmarshal array into Go struct field APIServer.apiServer.extraArgs of type map[string]string',
    /real version/,
  ],
  [
    'W1125 00:06:13.945957   21776 initconfiguration.go:332] error unmarshaling configuration schema.GroupVersionKind{Group:"kubeadm.k8s.io", Version:"v1beta4", Kind:"ClusterConfiguration"}: strict decoding error: unknown field "apiServer.extraArg"',
    /spelling/,
  ],
  [
    'error: this version of kubeadm only supports deploying clusters with the control plane version >= 1.33.0. Current version: v1.30.0',
    /version of the cluster/,
  ],
  [
    `error: version "1.34" doesn't match patterns for neither semantic version nor labels (stable, latest, ...)`,
    /v1\.34\.0/,
  ],
  ['error: unable to select an IP from lo network interface', /other nodes/],
  ["error: can not mix '--config' with arguments [patches]", /patches\.directory/],
  [
    'W1125 00:06:14.454421   21844 version.go:108] could not fetch a Kubernetes version from the internet: unable to get URL "https://dl.k8s.io/release/stable-1.txt"',
    /kubernetesVersion/,
  ],
  [
    "error execution phase preflight: couldn't validate the identity of the API Server: failed to request the cluster-info ConfigMap: Unauthorized",
    /discovery-file/,
  ],
  [
    'Error from server (BadRequest): error when creating "a.yaml": ClusterRole in version "v1" cannot be handled as a ClusterRole: strict decoding error: unknown field "rule"',
    /spelling/,
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
  [
    'post build failed for \'kanidm\': envsubst error: variable substitution failed: variable not set (strict mode): "HOME_DOMAIN"',
    /substitute: disabled/,
  ],
  [
    'Warning Unhealthy pod/kanidm-0 Liveness probe failed: exec: "/bin/sh": stat /bin/sh: no such file or directory',
    /healthcheck/,
  ],
  ['storageclass.storage.k8s.io "nfs-client" not found', /storageClassName/],
  ["can't access 'ExternalArtifact/flux-system/kaniflux', ExternalArtifact feature gate is disabled", /feature-gates/],
  // The words are in the source of Kanidm 1.11.
  ['ERROR Failed to apply migration', /attribute/],
  [
    'ERROR Duplicate migration UUID found, refusing to proceed!!! All migrations must have a unique ID',
    /did not write/,
  ],
  ['ERROR Invalid JSON SCIM Assertion', /rendered/],
  ['INFO Migration path does not exist - migrations will be skipped.', /migrations\.d/],
  [
    "WARN OAuth2 redirect_uri returns to localhost, but localhost redirection is not allowed. See 'kanidm system oauth2 enable-localhost-redirects'",
    /18000/,
  ],
  [
    'WARN Invalid OAuth2 redirect_uri (must be an exact match to a redirect-url) - got http://localhost:8001/ from client but configured uris do not match (check oauth2_rs_origin entries)',
    /18000/,
  ],
  ['WARN Invalid OAuth2 client_id (have you configured the OAuth2 resource server?)', /oauth2 list/],
  [
    "INFO Invalid OAuth2 authentication - no secret in access token request - this can happen if you're expecting a public client and configured a basic one.",
    /public/,
  ],
  ['WARN Identity does not have access to the requested scopes', /`scopes`/],
  ['Uuid duplicate found in database: 91793d00-d9f0-4f9d-b352-8bb6142e7069', /incarnation/],
  ['http error 409 Conflict', /runbook/],
  ['No matching entries', /name/],
  ['error: could not listen: listen tcp 127.0.0.1:8000: bind: address already in use', /18000/],
  // The words are in the source of kubelogin 1.36 and what it listens with.
  [
    'error: get-token: authentication error: authcode-browser error: authentication error: could not start a local server: no available port: could not listen: listen tcp 127.0.0.1:8000: bind: address already in use',
    /18000/,
  ],
  [
    'error: get-token: authentication error: oidc error: oidc discovery error: Get "https://idm.example.com/oauth2/openid/k8s/.well-known/openid-configuration": dial tcp: connection refused',
    /doctor/,
  ],
  [
    'error: get-token: authentication error: authcode-browser error: authentication error: authorization code flow error: oauth2 error: authorization error: authorization error from server: access_denied ',
    /`scopes`/,
  ],
  ['error: could not refresh the token: oauth2: "invalid_grant"', /oidc-login clean/],
  ['error: authorization error: state does not match (wants a but got b)', /tabs/],
  ['error: authcode-browser error: authentication error: context canceled', /keyboard/],
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

test.each(lines)('%s', (line, fix) => {
  const meaning = meaningOf(line);
  expect(meaning?.means).toMatch(/\.$/);
  expect(meaning?.fix).toMatch(fix);
});

const transcript = readFileSync(join(__dirname, '..', 'fixtures', 'kubelogin', 'oidc-provider.transcript.txt'), 'utf8');
const written = transcript.split('\n').filter((line) => /^(Enter code: )?error: |getting credentials: exec/.test(line));

test('every error in the transcript of the real kubelogin is explained as one of kubelogin, or of kubectl beside it', () => {
  expect(written.length).toBeGreaterThan(5);
  for (const line of written) {
    expect({ line, of: meaningOf(line)?.of }).toEqual({ line, of: expect.stringMatching(/^kube(login|ctl)$/) });
  }
});

test('each meaning has a line here that it is the first to fit', () => {
  const met = new Set([...lines.map(([line]) => line), ...written].map(meaningOf));
  expect(meanings.filter((one) => !met.has(one)).map(({ pattern }) => pattern)).toEqual([]);
});

test('a line that means nothing here is not explained', () => {
  expect(meaningOf('I1124 Starting controller')).toBeUndefined();
});

test.each(['unsupported algorithm, expected [RS256', 'oidc discovery error ', 'audience issuer token oidc '])(
  'no line is slow to explain, however long it is made of %j',
  (part) => {
    const start = process.hrtime.bigint();
    meaningOf(part.repeat(50_000));
    expect(Number(process.hrtime.bigint() - start) / 1e6).toBeLessThan(1000);
  },
);

test('a token in a line is not shown again', () => {
  const jwt = `eyJ${'a'.repeat(40)}.eyJ${'b'.repeat(40)}.${'c'.repeat(86)}`;
  expect(withoutTokens(`curl -H "Authorization: Bearer ${jwt}" 401`)).toBe(
    'curl -H "Authorization: Bearer <token>" 401',
  );
  expect(withoutTokens(unable('oidc: token is expired'))).toBe(unable('oidc: token is expired'));
});
