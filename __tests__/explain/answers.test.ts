import { explainLog } from '../../lib/explain/explain-log';

/** The meanings and fixes that a line has, certain or possible. */
function textsOf(line: string): { id: string; means: string; fix: string }[] {
  const { answers, open } = explainLog(line);
  return [...answers, ...open.flatMap(({ possibilities }) => possibilities)].map(({ id, means, fix }) => ({
    id,
    means,
    fix,
  }));
}

const failed = (why: string) => `E1124 23:38:14.162985   28328 run.go:72] "command failed" err=${JSON.stringify(why)}`;
const refused = (why: string) =>
  `E1124 23:34:58.019437   14833 authentication.go:75] "Unable to authenticate the request" err=${JSON.stringify(`[invalid bearer token, ${why}]`)}`;
const file = (reason: string) => failed(`failed to load authentication configuration from file "/etc/a.yaml"${reason}`);
const stops =
  ' With this error, an API server does not start. An API server that already runs keeps the settings that it read before.';
const unreadable = (why: string) => `The AuthenticationConfiguration in /etc/a.yaml cannot be used: ${why}.${stops}`;
const startFails = (why: string) => `Kanidm does not start: ${why}. Nobody can sign in until it starts.`;
const unreachable = (where: string, why: string) => `The kanidm client does not reach ${where}: ${why}.`;
const redirect = 'kanidmd[1]: Invalid OAuth2 redirect_uri (must be an exact match to a redirect-url)';
const sending = 'ERROR kanidm_client: error sending request for url (https://idm.example.com/v1/auth)';
const proxied = (status: number) =>
  `192.0.2.3 - - [01/May/2026:10:00:00 +0000] "GET /oauth2/openid/k8s/.well-known/openid-configuration HTTP/2.0" ${status} 11 "-"`;

test.each<[string, string, string]>([
  [
    failed('Failed to read the CA contents: data does not contain any valid RSA or ECDSA certificates'),
    'oidc-settings',
    'The CA file is empty or is not a certificate: “data does not contain any valid RSA or ECDSA certificates”; the API server does not start.',
  ],
  [
    failed('missing content for CA bundle "oidc-authenticator: a"'),
    'oidc-settings',
    'The CA file is empty or is not a certificate: “"oidc-authenticator: a"”; the API server does not start.',
  ],
  [
    failed(`Failed to read the CA contents: ${'x'.repeat(250)}`),
    'oidc-settings',
    `The CA file is empty or is not a certificate: “${'x'.repeat(200)}”; the API server does not start.`,
  ],
  [
    failed('missing content for CA bundle'),
    'oidc-settings',
    'The CA file is empty or is not a certificate; the API server does not start.',
  ],
  [
    failed(`'oidc-issuer-url' ("http://idm.example.com") has invalid scheme ("http"), require 'https'`),
    'oidc-settings',
    'The address in --oidc-issuer-url is not https, so the API server does not start.',
  ],
  [
    failed('oidc: unknown egress selector type a'),
    'oidc-settings',
    '`egressSelectorType` names an egress selector that the API server does not have, so the API server does not start.',
  ],
  [
    failed('oidc: invalid discovery URL: parse "://idm.example.com": missing protocol scheme'),
    'oidc-settings',
    'The address of the issuer or of its discovery document is not a valid URL: “parse "://idm.example.com": missing protocol scheme”. The API server therefore does not start.',
  ],
  [failed('init verifier failed: a'), 'oidc-settings', 'The API server cannot use its OIDC settings: “a”.'],
  [failed('oidc: invalid configuration, a'), 'oidc-settings', 'The API server cannot use its OIDC settings: “a”.'],
  [file(': a: b'), 'authentication-configuration-file', unreadable('“a: b”')],
  [
    failed('invalid authentication configuration: a: b'),
    'authentication-configuration-file',
    `The AuthenticationConfiguration cannot be used: “a: b”.${stops}`,
  ],
  [
    file(''),
    'authentication-configuration-file',
    unreadable('the file is empty or incomplete, has a field that this API server does not know, or breaks a rule'),
  ],
  [
    file(': empty config data'),
    'authentication-configuration-file',
    unreadable('the file is empty (perhaps because the API server read the file while it was being written)'),
  ],
  [
    file(`: Object 'Kind' is missing in '{}'`),
    'authentication-configuration-file',
    unreadable('the file is incomplete, because it lacks `kind: AuthenticationConfiguration`'),
  ],
  [
    file(': strict decoding error: unknown field "jwt[0].x"'),
    'authentication-configuration-file',
    unreadable('the field `jwt[0].x` does not exist in this version, or is in the wrong place'),
  ],
  [
    file(': open /etc/a.yaml: no such file or directory'),
    'authentication-configuration-file',
    unreadable('there is no such file'),
  ],
  [
    file(': open /etc/a.yaml: permission denied'),
    'authentication-configuration-file',
    unreadable('the API server is not allowed to read the file'),
  ],
  [
    file(': no kind "AuthenticationConfiguration" is registered for version "apiserver.config.k8s.io/v1" in scheme'),
    'authentication-configuration-file',
    unreadable(
      'this API server does not know the kind AuthenticationConfiguration in the version apiserver.config.k8s.io/v1',
    ),
  ],
  [
    file(': expected AuthenticationConfiguration, got *v1.Pod'),
    'authentication-configuration-file',
    unreadable('its kind is not AuthenticationConfiguration'),
  ],
  [file(': yaml: line 3: a'), 'authentication-configuration-file', unreadable('it is not valid YAML')],
  [
    refused('oidc: could not expand distributed claims: a [b] c'),
    'distributed-claims',
    'The token does not contain the groups: it says that the API server has to fetch them from an address (distributed claims). The API server cannot do this: “a [b] c”. Kanidm does not issue such tokens.',
  ],
  [
    refused('oidc: parse username claims "sub": json: cannot unmarshal [a] into string'),
    'username-claim',
    'The API server uses the claim `sub` as the user name, but its value is not a string: “json: cannot unmarshal [a] into string”.',
  ],
  [
    refused('oidc: parse username claims "email": claim not present'),
    'username-claim',
    'The token lacks the claim `email`, which the API server uses as the user name.',
  ],
  [
    refused('oidc: required claim unit value does not match. Got = a, want = b'),
    'required-claim',
    'The API server requires the value “b” for the claim `unit`, but the token has “a”.',
  ],
  [
    refused('oidc: parse claim unit: json: cannot unmarshal array into Go value of type string'),
    'required-claim',
    'The API server requires a certain value of the claim `unit` (--oidc-required-claim), but the token has a value that is not a string.',
  ],
  [
    refused(
      `oidc: error evaluating user info validation rule: validation expression 'user.username != "a"' failed: a [b] c`,
    ),
    'user-validation-rule',
    'A rule of `userValidationRules` refuses the user. The API server reports: “a [b] c”. The rules that Kaniflux renders refuse names that begin with `system:`, which Kubernetes reserves for its own components.',
  ],
  ...[
    ['username', 'user name'],
    ['group', 'groups'],
    ['uid', 'UID'],
    ['extra', 'extra attributes'],
  ].map(([what, called]): [string, string, string] => [
    refused(`oidc: error evaluating ${what} claim expression: expression 'claims.a' resulted in error: no such key: a`),
    'claim-expression',
    `The expression for the ${called} fails for this token: “expression 'claims.a' resulted in error: no such key: a”.`,
  ]),
  [
    refused('oidc: parse uid claim "employee": claim not present'),
    'claim-expression',
    'The API server uses the claim `employee` as the UID, but the token lacks this claim, or its value is not a string.',
  ],
  [
    refused('oidc: empty username via CEL expression is not allowed'),
    'claim-expression',
    'The expression for the user name returns an empty string for this token.',
  ],
  [
    refused('oidc: verify token: oidc: id token signed with unsupported algorithm, expected [] got "ES256"'),
    'signing-algorithm',
    'The API server accepts tokens that are signed with nothing, but this token is signed with ES256.',
  ],
  [
    refused('oidc: verify token: oidc: token is expired (Token Expiry: 2026-11-24 22:34:57 +0000 UTC)'),
    'token-expired',
    'The token has expired. Tokens of Kanidm are valid for 15 minutes. If a new token is refused with this error, the clocks of the issuer and of the API server differ.',
  ],
  [
    refused('oidc: verify token: oidc: token is expired'),
    'token-expired',
    'The token has expired. Tokens of Kanidm are valid for 15 minutes. If a new token is refused with this error, the clocks of the issuer and of the API server differ.',
  ],
  [
    'error: unknown flag: --oidc-client-id',
    'oidc-flag-of-another-program',
    'The program that was started has no flag --oidc-client-id. kube-apiserver has this flag, and so has the command `get-token` of kubelogin.',
  ],
  [
    'error: unknown flag: --oidc-groups-claim',
    'oidc-flag-of-another-program',
    'The program that was started has no flag --oidc-groups-claim. kube-apiserver has this flag.',
  ],
  [
    'nginx[1]: 2026/05/01 10:00:00 [error] 31#31: *42 connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.3, server: idm.example.com, request: "GET / HTTP/2.0"',
    'ingress-upstream',
    'The ingress does not reach Kanidm: “111: Connection refused”. Nobody can sign in.',
  ],
  [
    "traefik[1]: '502 Bad Gateway' caused by: dial tcp 10.42.0.18:8443: connect: connection refused",
    'ingress-upstream',
    'The ingress does not reach Kanidm: “dial tcp 10.42.0.18:8443: connect: connection refused”. Nobody can sign in.',
  ],
  [
    `traefik[1]: '502 Bad Gateway' caused by: dial tcp 10.42.0.18:8443: i/o timeout"`,
    'ingress-upstream',
    'The ingress does not reach Kanidm: “dial tcp 10.42.0.18:8443: i/o timeout”. Nobody can sign in.',
  ],
  [
    'traefik[1]: 500 Internal Server Error: x509: certificate signed by unknown authority"',
    'ingress-upstream',
    'The ingress does not accept the certificate of Kanidm: “x509: certificate signed by unknown authority”.',
  ],
  [proxied(502), 'ingress-upstream', 'The ingress does not reach Kanidm and answers 502. Nobody can sign in.'],
  [
    proxied(500),
    'ingress-upstream',
    'Kanidm, or the ingress in front of Kanidm, answered with the status 500, because it has an internal error.',
  ],
  [
    'nginx[1]: upstream SSL certificate verify error: (21:unable to verify the first certificate) while SSL handshaking to upstream, client: 192.0.2.3, server: idm.example.com',
    'ingress-upstream',
    'The ingress does not accept the certificate of Kanidm: “upstream SSL certificate verify error: (21:unable to verify the first certificate) while SSL handshaking to upstream”.',
  ],
  [
    'controller.go:1232] Service "kanidm/kanidm" does not have any active Endpoint.',
    'ingress-no-endpoint',
    'The ingress finds no pod behind the Service kanidm/kanidm: Kanidm is not ready, and every request gets 503.',
  ],
  [
    'nginx[1]: Error obtaining Endpoints for Service "kanidm/server": no object matching key "kanidm/server" in local store',
    'ingress-no-endpoint',
    'The ingress finds no pod behind the Service kanidm/server: Kanidm is not ready, and every request gets 503.',
  ],
  [
    'nginx[1]: no live upstreams while connecting to upstream, client: 192.0.2.3, upstream: "https://kanidm/"',
    'ingress-no-endpoint',
    'The ingress finds no pod behind the Service: Kanidm is not ready, and every request gets 503.',
  ],
  [
    'WARN Invalid OAuth2 client_id (have you configured the OAuth2 resource server?)',
    'kanidm-unknown-client',
    'Kanidm has no client with the id in the request. Client ids are lower case.',
  ],
  [
    'WARN Invalid OAuth2 client_id (wiki) Have you configured the OAuth2 resource server?',
    'kanidm-unknown-client',
    'Kanidm has no client `wiki`. Client ids are lower case.',
  ],
  [
    'kanidmd[1]: Invalid OAuth2 client_id grafana',
    'kanidm-unknown-client',
    'Kanidm has no client `grafana`. Client ids are lower case.',
  ],
  [
    `${redirect} - got http://localhost:8085/auth/callback`,
    'kanidm-redirect-url',
    'A program on the machine of a person sent the redirect URL http://localhost:8085/auth/callback, which is not one of the redirect URLs of the client. Kanidm compares the whole URL, including port and path. The program may be kubelogin with `--listen-address` or `--oidc-redirect-url`, or the command-line program of an application.',
  ],
  [
    `${redirect} - got http://localhost:18000`,
    'kanidm-redirect-url',
    'kubelogin sent the redirect URL http://localhost:18000, which is not one of the redirect URLs of the client. Kanidm compares the whole URL, including port and path.',
  ],
  [
    `${redirect} - got https://a.example.com/x`,
    'kanidm-redirect-url',
    'An application sent the redirect URL https://a.example.com/x, which is not one of the redirect URLs of its client. Kanidm compares the whole URL, including the scheme, the path and a slash at the end.',
  ],
  [
    redirect,
    'kanidm-redirect-url',
    'The redirect URL in the request is not one of the redirect URLs of the client. Kanidm compares the whole URL.',
  ],
  [
    'WARN Invalid OAuth2 redirect_uri scheme (must be https for secure origin) - got http://localhost:8000/ from resource server instead',
    'kanidm-redirect-scheme',
    'http://localhost:8000/ is not https. If the landing URL of a client or one of its redirect URLs is https, Kanidm requires https for all its redirect URLs. Kanidm 1.9 and later make an exception for loopback addresses, older versions do not.',
  ],
  [
    'kustomize-controller[1]: kustomization path not found: stat /tmp/a/dist/homelab/access: no such file or directory',
    'flux-path-missing',
    'The folder dist/homelab/access is not in the source of Flux: it was not committed, or `flux.path` names another folder.',
  ],
  [
    'kustomize-controller[1]: kustomization path not found',
    'flux-path-missing',
    'The folder is not in the source of Flux: it was not committed, or `flux.path` names another folder.',
  ],
  [
    'dry-run failed: .spec.x: field not declared in schema',
    'unknown-field',
    'An object has a field that its kind does not have: .spec.x.',
  ],
  [
    'Error from server: strict decoding error: unknown field "spec.y"',
    'unknown-field',
    'An object has a field that its kind does not have: spec.y.',
  ],
  [
    'dry-run failed: field not declared in schema',
    'unknown-field',
    'An object has a field that its kind does not have.',
  ],
  [
    'ERROR kanidm_cli: Session has expired for jane',
    'kanidm-session',
    'The `kanidm` command has no valid session of jane, or the session does not allow changes.',
  ],
  [
    'ERROR kanidm_cli: Privileges have expired for joe',
    'kanidm-session',
    'The `kanidm` command has no valid session of joe, or the session does not allow changes.',
  ],
  [
    'ERROR kanidm_cli: No valid authentication tokens found',
    'kanidm-session',
    'The `kanidm` command has no valid session, or the session does not allow changes.',
  ],
  [
    'error: Error -> Transport(reqwest::Error { kind: Request, url: "https://idm.example.com/v1/auth", source: ConnectError("dns error") })',
    'kanidm-unreachable',
    unreachable('https://idm.example.com/v1/auth', 'the name cannot be looked up'),
  ],
  [
    'error: Error -> Transport(reqwest::Error { kind: Request, source: Os { message: "Connection refused" } })',
    'kanidm-unreachable',
    unreachable('the server', 'nothing listens at this address'),
  ],
  [
    `${sending}: InvalidContentType`,
    'kanidm-unreachable',
    unreachable(
      'https://idm.example.com/v1/auth',
      'the address has http:// where the server has https://, or the reverse',
    ),
  ],
  [
    `${sending}: NotValidForName`,
    'kanidm-unreachable',
    unreachable(
      'https://idm.example.com/v1/auth',
      'the certificate of the server is not valid for the name in this address',
    ),
  ],
  [
    `${sending}: UnknownIssuer`,
    'kanidm-unreachable',
    unreachable('https://idm.example.com/v1/auth', 'the client does not trust the certificate of the server'),
  ],
  [
    sending,
    'kanidm-unreachable',
    unreachable(
      'https://idm.example.com/v1/auth',
      'the server did not answer, or the client does not trust its certificate',
    ),
  ],
  [
    'ERROR kanidm_cli: HTTP-Transport Related Error: reqwest::Error { kind: Request, url: "https://idm.example.com/v1/person", source: Os { message: "Connection refused" } }',
    'kanidm-unreachable',
    unreachable('https://idm.example.com/v1/person', 'nothing listens at this address'),
  ],
  [
    'ERROR kanidm_cli: HTTP Error: 400 Bad Request SchemaViolation(MissingMustAttribute([DisplayName]))',
    'kanidm-value-refused',
    'The entry lacks a required attribute: DisplayName.',
  ],
  [
    'ERROR kanidm_cli: Internal Server Error in response:  ValueDenyName',
    'kanidm-value-refused',
    'The name is in the list of names that this Kanidm denies.',
  ],
  [
    'ERROR kanidm_cli: Internal Server Error in response:  PL0001GidOverlapsSystemRange',
    'kanidm-value-refused',
    'The gid number is in a range that operating systems use themselves.',
  ],
  [
    'ERROR kanidm_cli: HTTP Error: 409 Conflict',
    'kanidm-entry-exists',
    'Kanidm already has this entry, or another entry has the same name, mail address or gid number.',
  ],
  ['kanidmd[1]: ERROR AttributeUniqueness([Mail])', 'kanidm-entry-exists', 'Another entry has the same mail address.'],
  [
    'kanidmd[1]: The following filter conditions failed to assert uniqueness | attr: gidnumber | value: 1000',
    'kanidm-entry-exists',
    'Another entry has the same gid number.',
  ],
  [
    'kanidmd[1]: ERROR AttributeUniqueness([Name])',
    'kanidm-entry-exists',
    'Kanidm already has this entry, or another entry has this name.',
  ],
  [
    'kanidmd[1]: Uuid duplicate found in database: 91793d00-d9f0-4f9d-b352-8bb6142e7069',
    'kanidm-uuid-twice',
    'A migration or the runbook creates an entry with the UUID 91793d00-d9f0-4f9d-b352-8bb6142e7069, which another entry has. Usually the entry was deleted before, and is still in the recycle bin.',
  ],
  [
    'kanidmd[1]: Timeout receiving proxy header | connection_addr: 192.0.2.7:40312',
    'kanidm-proxy-header',
    'The setting `http_client_address_info` in server.toml covers 192.0.2.7, so Kanidm expects a header of the PROXY protocol from there. The program sent nothing in time, and Kanidm closed the connection.',
  ],
  [
    'kanidmd[1]: remote address in proxy header is invalid | remote_addr: Unix',
    'kanidm-proxy-header',
    'The setting `http_client_address_info` in server.toml covers the address of a program, so Kanidm expects a header of the PROXY protocol from there. The program sent no valid header, and Kanidm closed the connection.',
  ],
  [
    'ERROR kanidm_cli: Untrusted Certificate Error: a',
    'kanidm-unreachable',
    unreachable('the server', 'the client does not trust the certificate of the server'),
  ],
  ['kanidmd[1]: Refusing to run - a', 'kanidm-start', startFails('“a”')],
  ['ERROR: domain was not set', 'kanidm-start', startFails('`domain` is missing in server.toml')],
  ['ERROR: origin was not set', 'kanidm-start', startFails('`origin` is missing in server.toml')],
  [
    'kanidmd[1]: Failed to bind tcp listener | err: Os { code: 98, kind: AddrInUse }',
    'kanidm-start',
    startFails('another program listens on the port of Kanidm'),
  ],
  [
    'kanidmd[1]: Failed to bind tcp listener | err: Os { code: 13, kind: PermissionDenied }',
    'kanidm-start',
    startFails('Kanidm cannot listen on its port (PermissionDenied)'),
  ],
  [
    'kanidmd[1]: Failed to configure TLS acceptor | The TLS Server Configuration could not be built: NoCertificatesPresented',
    'kanidm-start',
    startFails('the file of `tls_chain` has no certificate'),
  ],
  [
    'kanidmd[1]: Failed to configure TLS acceptor | The TLS Server Configuration could not be built: InconsistentKeys',
    'kanidm-start',
    startFails('the key does not belong to the certificate'),
  ],
  [
    'kanidmd[1]: Failed to configure TLS acceptor | The TLS Server Configuration could not be built: General',
    'kanidm-start',
    startFails('Kanidm cannot use its certificate (General)'),
  ],
  [
    "kanidmd[1]: Unable to read metadata for TLS chain file '/data/chain.pem' - Os { code: 2, kind: NotFound }",
    'kanidm-start',
    startFails('it cannot read /data/chain.pem, which does not exist'),
  ],
  [
    "kanidmd[1]: Unable to read metadata for database folder '/data/' - Os { code: 13, kind: PermissionDenied }",
    'kanidm-start',
    startFails('it cannot read /data/ (PermissionDenied)'),
  ],
  [
    'kanidmd[1]: You are attempting a downgrade which is NOT SUPPORTED',
    'kanidm-start',
    startFails('the database belongs to a newer version of Kanidm'),
  ],
  [
    'kanidmd[1]: You are attempting a skip update which is NOT SUPPORTED',
    'kanidm-start',
    startFails('the database belongs to a version of Kanidm that is more than one minor version older'),
  ],
  [
    'kanidmd[1]: Failed to create TLS stream | err: AlertReceived(HandshakeFailure)',
    'kanidm-tls-handshake',
    'The TLS handshake with a program failed: “HandshakeFailure”.',
  ],
  [
    'kanidmd[1]: Failed to create TLS stream | err: Custom { kind: Other, error: Elapsed(()) }',
    'kanidm-tls-handshake',
    'The TLS handshake with a program failed: “Elapsed(())”.',
  ],
])('%s is explained in full', (line, id, means) => {
  expect(textsOf(line)).toContainEqual({ id, means, fix: expect.anything() });
});
