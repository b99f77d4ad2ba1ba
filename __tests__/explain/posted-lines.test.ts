import { explainLog } from '../../lib/explain/explain-log';
import { logLines } from '../../lib/explain/log-report';

const refused = (errors: string) =>
  `E1127 10:00:00.000000       1 authentication.go:75] "Unable to authenticate the request" err=${JSON.stringify(errors)}`;
const text = (line: string) => {
  const { answers, open } = explainLog(line);
  return [...answers, ...open.flatMap(({ possibilities }) => possibilities)].map(
    ({ id, means, fix }) => `${id}: ${means} ${fix}`,
  );
};
const tokenRequest = (step: string) =>
  `error: get-token: authentication error: ${step}: oauth2: cannot fetch token: 400 Bad Request`;
const discovery = 'https://idm.example.com/oauth2/openid/k8s/.well-known/openid-configuration';
const plugin = (reason: string) =>
  `E1127 10:00:00.000000       1 oidc.go:419] oidc authenticator: initializing plugin: ${reason}`;

/** Lines as people post them, with the beginning of the answer. */
test.each<[string, RegExp]>([
  [
    'E1104 17:33:49.261285       1 authentication.go:62] Unable to authenticate the request due to an error: [invalid bearer token, [invalid bearer token, oidc: authenticator not initialized]]',
    /^issuer-not-ready: /,
  ],
  [
    'E1104 17:33:49.261285       1 authentication.go:62] Unable to authenticate the request due to an error: [invalid bearer token, [invalid bearer token, invalid bearer token]]',
    /^invalid-bearer-token: No authenticator/,
  ],
  [
    refused('[invalid bearer token, service account token is not valid yet]'),
    /^service-account-token: .* It is not valid yet: the clock of this API server is behind .* Synchronize the clocks/,
  ],
  [
    refused('[invalid bearer token, service account token is issued in the future]'),
    /^service-account-token: .* It is not valid yet: /,
  ],
  [
    refused('[invalid bearer token, service account token has expired]'),
    /^service-account-token: .* It has expired, .* Restart the pod/,
  ],
  [
    refused('[invalid bearer token, oidc: error parsing distributed claim names: json: x]'),
    /^token-refused: .* It reports: “error parsing distributed claim names: json: x”\. /,
  ],
  [
    'E0317 15:17:20.000000       1 run.go:72] "command failed" err="failed to load authentication configuration from file \\"/etc/a.yaml\\": strict decoding error: unknown field \\"jwt[0].a\\", unknown field \\"jwt[0].b\\""',
    /^authentication-configuration-file: .*: the fields `jwt\[0\]\.a`, `jwt\[0\]\.b` do not exist in this version, or are in the wrong place\. /,
  ],
  [
    'strict decoding error: unknown field "jwt[0].a", unknown field "jwt[0].b"',
    /^authentication-configuration-file: .*: the fields `jwt\[0\]\.a`, `jwt\[0\]\.b` do not exist /,
  ],
  [
    'error: You must be logged in to the server (the server has asked for the client to provide credentials ( pods/log calico-node-w622p))',
    /^kubelet-refused: .* has not expired/,
  ],
  [
    'error: get-token: authentication error: authcode-browser error: authentication error: authorization code flow error: could not verify the ID token: oidc: id token signed with unsupported algorithm, expected ["RS256"] got "ES256"',
    /^kubelogin-token: .* kubelogin accepts only the algorithms in `id_token_signing_alg_values_supported`/,
  ],
  [
    'error: get-token: authentication error: authcode-browser error: authentication error: authorization code flow error: could not verify the ID token: oidc: malformed jwt',
    /^kubelogin-token: .* Compare the issuer and the client id/,
  ],
  [
    'Firefox kann keine Verbindung zu dem Server unter localhost:8000 aufbauen.',
    /^browser-localhost: Nothing listens at that address/,
  ],
  [
    refused("[invalid bearer token, expression 'claims.email' resulted in error: no such key: email]"),
    /^claim-expression: The expression for the extra attributes fails for this token: “expression 'claims.email' resulted in error: no such key: email”/,
  ],
  [
    refused(
      '[invalid bearer token, oidc: error evaluating claim validation expression: validation expression \'claims.hd == "a"\' failed: ]',
    ),
    /^claim-validation-rule: .* The expression “claims.hd == "a"” is not true\./,
  ],
  [
    refused(
      '[invalid bearer token, oidc: verify token: oidc: failed to unmarshal claims: json: cannot unmarshal number into Go struct field idToken.aud of type []string]',
    ),
    /^token-malformed: .*the claim `aud` has the wrong type \(number\)/,
  ],
  [
    refused(
      '[invalid bearer token, oidc: verify token: failed to verify signature: fetching keys oidc: failed to decode keys: got Content-Type = application/json, but could not unmarshal as JSON: go-jose/go-jose: unknown curve X25519\' {"keys":[]}]',
    ),
    /^fetching-keys: .*cannot read one of them: “unknown curve X25519”/,
  ],
  [
    refused(
      "[invalid bearer token, oidc: verify token: failed to verify signature: fetching keys oidc: failed to decode keys: got Content-Type = application/json, but could not unmarshal as JSON: invalid character '<' looking for beginning of value <html>]",
    ),
    /^fetching-keys: .*is not JSON/,
  ],
  [
    refused(
      '[invalid bearer token, oidc: verify token: oidc: expected audience "k8s" got ["https://github.com/example-org"]]',
    ),
    /^token-audience: .*comes from another issuer, such as a CI system\. Request the token with the audience k8s\. /,
  ],
  [
    refused('[invalid bearer token, oidc: verify token: oidc: expected audience in ["k8s" "wiki"] got ["a" "B"]]'),
    /^token-audience: .*If the kubeconfig has the client a, B by mistake/,
  ],
  [
    'headlamp: Failed to verify ID Token: oidc: malformed jwt: unexpected signature algorithm "HS256"; expected ["RS256"]',
    /^application-algorithm: .*Kanidm never signs with HS256, so this token comes from another .* If people should sign in/,
  ],
  [
    'headlamp: Failed to verify ID Token: oidc: malformed jwt: unexpected signature algorithm "RS256"; expected ["ES256"]',
    /^application-algorithm: .*if `legacyCrypto` is set for the client\. .* Remove `legacyCrypto` from the client/,
  ],
  [
    'headlamp: Failed to verify ID Token: oidc: malformed jwt: unexpected signature algorithm "ES256"; expected ["RS256"]',
    /^application-algorithm: .* Make the application accept ES256/,
  ],
  [
    plugin(
      'oidc: issuer did not match the issuer returned by provider, expected "https://a.example.com/x" got "https://a.example.com/y"',
    ),
    /^initializing-plugin: .*identity provider\. Set the issuer to https:\/\/a\.example\.com\/y\. The API server tries again/,
  ],
  [
    'error: get-token: authentication error: could not start a local server: no available port: could not listen: listen tcp 127.0.0.1:8000: bind: Der Zugriff wurde verweigert., could not listen: listen tcp 127.0.0.1:18000: bind: Der Zugriff wurde verweigert.',
    /^kubelogin-port: .*for the redirect: “Der Zugriff wurde verweigert\.”\. Either another program .* Look which program/,
  ],
  [
    'error: get-token: could not start a local server: no available port: could not listen: listen tcp 127.0.0.1:8000: bind: Only one usage of each socket address (protocol/network address/port) is normally permitted.',
    /^kubelogin-port: Another program listens .* Stop that program/,
  ],
  [
    'error: get-token: could not write the token cache: could not create directory /h/.kube/cache: mkdir /h/.kube: read-only file system',
    /^kubelogin-cache: .*: “read-only file system”\. Make it possible to write/,
  ],
  [
    'error: get-token: could not write the token cache: could not create file /h/.kube/cache/a: open /h/.kube/cache/a: permission denied',
    /^kubelogin-cache: kubelogin cannot read or write its token cache\. Remove the cache/,
  ],
  [
    'error: authentication error: error while the authorization code flow: error while exchanging authorization code and token: oauth2: cannot fetch token: 401 Unauthorized',
    /^kubelogin-exchange: Kanidm does not accept the client: the client has a secret/,
  ],
  [
    '[2026/10/18 20:42:45] [oauthproxy.go:902] Error redeeming code during OAuth2 callback: token exchange failed: oauth2: cannot fetch token: 502 Bad Gateway Response: <html>',
    /^application-client-refused: .*The answer was 502: Kanidm, or a proxy .* The secret of the client is not the cause\./,
  ],
  [
    "[2026/10/18 20:42:45] [oauthproxy.go:902] Error redeeming code during OAuth2 callback: token exchange failed: oauth2: cannot parse json: invalid character '<' looking for beginning of value",
    /^application-client-refused: .*The answer is a web page/,
  ],
  [
    'error: get-token: authentication error: authcode-keyboard error: could not exchange the authorization code: exchange error: oauth2: "invalid_request"',
    /^kubelogin-exchange: .*PKCE is missing or does not match, or the code was not copied exactly, or kubelogin sent it more than a minute.* paste only/,
  ],
  [
    'error: get-token: authentication error: authcode-browser error: oauth2 error: exchange error: oauth2: "invalid_origin"',
    /^kubelogin-exchange: .*has the error code invalid_origin\. Read the log of Kanidm/,
  ],
  [
    'error: get-token: authentication error: authcode-browser error: oauth2 error: exchange error: oauth2: "unauthorized_client" "Invalid client credentials"',
    /^kubelogin-exchange: .*“Invalid client credentials”\. Kanidm sends no descriptions, so the answer comes from another/,
  ],
  [
    'error: get-token: authentication error: client-credentials error: could not acquire token: Post "https://idm.example.com/oauth2/token": EOF',
    /^kubelogin-exchange: kubelogin got no token from Kanidm\. The connection ended/,
  ],
  [
    'error: get-token: authentication error: authcode-browser error: invalid redirect url: parse "localhost:8000": first path segment in URL cannot contain colon',
    /^kubelogin-settings: .*“invalid redirect url: parse "localhost:8000"/,
  ],
  [
    'error: get-token: authentication error: oidc error: could not load the TLS client config: could not load the certificate from /h/ca.crt: could not read: open /h/ca.crt: no such file or directory',
    /^kubelogin-settings: .*could not load the certificate from \/h\/ca\.crt/,
  ],
  [
    'Unable to connect to the server: could not persist new tokens: open /h/.kube/config.lock: permission denied',
    /^old-oidc-plugin: .*renewed the token, but could not write it/,
  ],
  [
    'Unable to connect to the server: failed to refresh token: Post "https://idm.example.com/oauth2/token": EOF',
    /^old-oidc-plugin: .*has no valid token, and could not renew the token/,
  ],
  [
    'kanidmd[1]: OAuth2 Client Authentcation Required',
    /^kanidm-secret-missing: .*without the id of its client, .* Set the client id/,
  ],
  [
    'kanidmd[1]: Unable to proceed with client credentials grant unless client authentication is provided and valid',
    /^kanidm-secret-missing: .*its client is public\..* use a client with a secret \(`type: basic`\)/,
  ],
  [
    'kanidmd[1]: Invalid OAuth2 authentication - no secret in access token request - this can happen if a public client is expected',
    /^kanidm-secret-missing: The client has a secret/,
  ],
  [
    'kanidmd[1]: Invalid response mode requested, unable to proceed',
    /^kanidm-unsupported-request: .*\(`response_mode`\) that Kanidm does not offer\. Remove `response_mode`/,
  ],
  [
    "kanidmd[1]: Unsupported OAuth2 response_type (should be 'code')",
    /^kanidm-unsupported-request: .*`response_type=token`/,
  ],
  [
    'kubectl : error: get-token: authentication error: oidc error: oidc discovery error: Get \n"https://idm.example.com/oauth2/openid/k8s/.well-known/openid-configuration": tls: failed to verify certificate: x509: \ncertificate signed by unknown authority\n',
    /^kubelogin-discovery: .*signed by a CA that kubelogin does not trust/,
  ],
  [
    'error: get-token: authentication error: oidc error: oidc discovery error: Get "https://idm.example.com/a": dial tcp: lookup idm.example.com: getaddrinfow: Der angegebene Host ist unbekannt.',
    /^kubelogin-discovery: .*cannot look up the host name idm\.example\.com/,
  ],
  [
    'error: error execution phase wait-control-plane: could not initialize a Kubernetes cluster',
    /^kubeadm-api-server-not-ready: Either the kubelet does not run, .*`journalctl -xeu kubelet`\. Otherwise, read the log/,
  ],
  [
    'error: error execution phase wait-control-plane: failed while waiting for the control plane to start: kube-apiserver check failed at https://192.0.2.10:6443/livez: EOF',
    /^kubeadm-api-server-not-ready: The API server does not start/,
  ],
  [
    'Warning  FailedCreate  2s  statefulset-controller  create Pod kanidm-0 in StatefulSet kanidm failed error: pods "kanidm-0" is forbidden: violates PodSecurity "restricted:latest": seccompProfile',
    /^pod-security: /,
  ],
  [
    'kanidmd[1]: SQLite Error | e: SqliteFailure(Error { code: CannotOpen, extended_code: 14 }, Some("unable to open database file"))',
    /^kanidm-database: .*it cannot open or create the file of the database\. Check the volume/,
  ],
  [
    'kanidmd[1]: SQLite Error | e: SqliteFailure(Error { code: DatabaseCorrupt, extended_code: 11 }, None)',
    /^kanidm-database: .*damaged, or is not a database\. Restore a backup/,
  ],
  [
    'kanidmd[1]: SQLite Error | e: SqliteFailure(Error { code: ReadOnly, extended_code: 8 }, None)',
    /^kanidm-database: .*Kanidm is not allowed to write the file/,
  ],
  [
    'kanidmd[1]: SQLite Error | e: SqliteFailure(Error { code: DatabaseLocked, extended_code: 6 }, None)',
    /^kanidm-database: .*another process uses the database/,
  ],
  [
    'kanidmd[1]: SQLite Error | e: SqliteFailure(Error { code: SchemaChanged, extended_code: 17 }, None)',
    /^kanidm-database: .*SQLite reports the error SchemaChanged/,
  ],
  [refused('[invalid bearer token, service account UID (a) does not match claim (b)]'), /^service-account-token: /],
  [
    refused('[invalid bearer token, pod UID (a) does not match service account pod ref claim (b)]'),
    /^service-account-/,
  ],
  [refused('[invalid bearer token, ServiceAccount web/app has been deleted]'), /^service-account-token: /],
  [refused("[invalid bearer token, Token does not match server's copy]"), /^service-account-token: /],
  [
    refused(
      '[x509: certificate signed by unknown authority, verifying certificate SN=1, SKID=, AKID= failed: x509: a]',
    ),
    /^client-certificate: .*metrics-server writes the same line/,
  ],
  [
    refused(
      '[invalid bearer token, oidc: verify token: oidc: id token signed with unsupported algorithm, expected ["RS256"] got "EdDSA"]',
    ),
    /^signing-algorithm: .*Kanidm never signs with this algorithm/,
  ],
  [
    refused(
      '[invalid bearer token, oidc: verify token: oidc: id token signed with unsupported algorithm, expected ["RS256"] got "ES384"]',
    ),
    /^signing-algorithm: (?!.*EKS).*another identity provider.*--oidc-signing-algs=ES384/,
  ],
  [
    refused(
      '[invalid bearer token, oidc: verify token: oidc: id token signed with unsupported algorithm, expected ["RS256"] got "ES256"]',
    ),
    /^signing-algorithm: .*EKS accepts only RS256(?!.*another identity provider)/,
  ],
  [
    JSON.stringify({
      source: '/headlamp/backend/cmd/headlamp.go',
      error: 'getting provider: Get "/.well-known/openid-configuration": unsupported protocol scheme ""',
      message: 'failed to refresh token',
    }),
    /^application-refresh-issuer: .*-oidc-idp-issuer-url/,
  ],
  [
    JSON.stringify({
      source: '/headlamp/backend/cmd/headlamp.go',
      error:
        'getting provider: Get "https://idm.example.com/oauth2/openid/headlamp/.well-known/openid-configuration": dial tcp 192.0.2.9:443: connect: connection refused',
      message: 'failed to refresh token',
    }),
    /^application-discovery: Nothing listens/,
  ],
  [
    JSON.stringify({
      source: '/headlamp/backend/cmd/headlamp.go',
      error: 'getting provider: 404 Not Found: ',
      message: 'failed to refresh token',
    }),
    /^application-discovery: .*answers 404/,
  ],
  ['error: failed to refresh token: oauth2: cannot fetch token: 400 Bad Request', /^old-oidc-plugin: /],
  ['logger=context level=error msg="login.OAuthLogin(missing saved state)"', /^application-state: /],
  [
    'node02 pvedaemon[1418402]: openid authentication failure; rhost=::ffff:192.0.2.5 msg=Failed to contact token endpoint: Request failed',
    /^application-unreachable: .*“Request failed”.*curl -v/,
  ],
  [
    'requests.exceptions.HTTPError: 401 Client Error: Unauthorized for url: https://idm.example.com/oauth2/token',
    /^application-client-refused: .*does not accept the secret or the id/,
  ],
  [
    'requests.exceptions.HTTPError: 400 Client Error: Bad Request for url: https://idm.example.com/oauth2/token',
    /^application-client-refused: .*or PKCE is missing/,
  ],
  [
    `allauth.socialaccount.providers.oauth2.client.OAuth2Error: Error retrieving access token: b'{"error":"invalid_request"}'`,
    /^application-client-refused: .*\(invalid_request\)\. PKCE/,
  ],
  [
    'headlamp[1]: GET /oidc-callback?error=access_denied&state=abc',
    /^application-sign-in-refused: .*is in no group that the scope map/,
  ],
  ['Please enter Username: ', /^kubeconfig-no-credentials: .*`exec` entry/],
  [
    'WARN     │  ┕━ 🚧 [warn]: Invalid oauth2 client_id (have you configured the oauth2 resource server?)',
    /^kanidm-unknown-client: Kanidm has no client with the id/,
  ],
  ['Failed to deserialize query string: missing field `state`', /^kanidm-request-incomplete: .*before 1\.5.* Upgrade/],
  [
    "Failed to deserialize query string: missing field 'client_id'",
    /^kanidm-request-incomplete: (?!.*before 1\.5).*Start the sign-in in the program/,
  ],
  [
    'error: unable to upgrade connection: Unauthorized',
    /^kubelet-refused: .*certificate of the API server.*are not the cause/,
  ],
  [
    'unable to upgrade connection: Forbidden (user=system:anonymous, verb=create, resource=nodes, subresource=proxy)',
    /^kubelet-refused: .*--kubelet-client-certificate/,
  ],
  [
    'Forbidden (user=system:serviceaccount:monitoring:prometheus, verb=get, resource=nodes, subresource(s)=[metrics])',
    /^kubelet-refused: .*A program in the cluster.*nodes\/metrics/,
  ],
  [
    'error: exec plugin: invalid apiVersion "client.authentication.k8s.io/v1"',
    /^plugin-old-version: .*from Kubernetes 1\.22 on.* Update/,
  ],
  ['✘ exec plugin: invalid apiVersion "client.authentication.k8s.io/v1beta1"', /^plugin-old-version: .*1\.11.* Update/],
  [
    'error: exec plugin: invalid apiVersion "client.authentication.k8s.io/v1alpha1"',
    /removed in 1\.24\. Write `apiVersion/,
  ],
  ['F0314 16:42:14.716047   98614 root.go:166] no Auth Provider found for name "oidc"', /^oidc-plugin-missing: /],
  [
    'Connection error: Get https://example.com:8443/api: token response did not contain an id_token',
    /^old-oidc-plugin: /,
  ],
  ['http: proxy error: token response did not contain an id_token', /^application-no-id-token: /],
  [
    'could not refresh the token: id_token is missing in the token response',
    /^kubelogin-refresh: .*“id_token is missing/,
  ],
  ['could not refresh the token: oauth2: "invalid_client"', /^kubelogin-refresh: .*has a secret.*type: public/],
  ['could not refresh the token: oauth2: "invalid_grant"', /^kubelogin-refresh: .*already used or is too old/],
  [
    '00000000-0000-0000-0000-000000000000 ERROR    🚨 [error]: Unable to read migration directory. | err: Os { code: 13, kind: PermissionDenied, message: "Permission denied" }',
    /^kanidm-migration-path: .*cannot be read, so Kanidm applies no migration/,
  ],
  ['INFO     ┕━ ｉ [info]: Migration path does not exist - migrations will be skipped.', /provision: runbook`, ignore/],
  [
    'ERROR kanidm_cli::session: Error during authentication init phase: Http(500, None, "missing_kopid")',
    /^kanidm-unreachable: .*status 500, but not from Kanidm/,
  ],
  [
    'Unable to connect to the server: tls: failed to verify certificate: x509: “kube-apiserver” certificate is not trusted',
    /^api-server-certificate: .*signed by a CA/,
  ],
  ['Unable to connect to the server: x509: “kube-apiserver” certificate is expired', /has expired/],
  [plugin(`Get "${discovery}": Forbidden`), /through a proxy, and the proxy refuses the connection/],
  [plugin(`Get "${discovery}": Bad Gateway`), /the proxy does not reach Kanidm: “Bad Gateway”/],
  [plugin('403 Forbidden: denied'), /refuses the request with 403/],
  [
    plugin('Get https://10.0.0.1/.well-known/openid-configuration: x509: certificate signed by unknown authority'),
    /certificate of 10\.0\.0\.1 is signed/,
  ],
  [
    'ERR 500 Internal Server Error error="tls: failed to verify certificate: x509: cannot validate certificate for 10.42.0.18 because it doesn\'t contain any IP SANs"',
    /^ingress-upstream: /,
  ],
  [
    '{"level":"warn","source":"/headlamp/backend/pkg/kubeconfig/kubeconfig.go","line":457,"message":"API server rejected the forwarded bearer token (401); the token may be expired/invalid"}',
    /^application-token-refused: /,
  ],
  [
    '{":authority":"idm.example.com","response_code":503,"response_flags":"UF","x-envoy-origin-path":"/oauth2/openid/k8s/.well-known/openid-configuration"}',
    /^ingress-upstream: .*answers 503/,
  ],
  [
    '2026/11/27 10:00:00 [error] 31#31: *42 upstream timed out (110: Operation timed out) while connecting to upstream, client: 192.0.2.3, server: idm.example.com, request: "GET /status HTTP/2.0", upstream: "https://10.244.0.9:8443/status", host: "idm.example.com"',
    /^ingress-upstream: .*“110: Operation timed out”/,
  ],
  [
    'level=warning msg="Failed to verify token: failed to verify token: token verification failed for all audiences: error for aud \\"argo-cd\\": failed to verify signature: failed to verify id token signature, error for aud \\"argo-cd-cli\\": oidc: expected audience \\"argo-cd-cli\\" got [\\"argo-cd\\"]"',
    /^application-signature: /,
  ],
  [
    'level=warning msg="Failed to verify token: token verification failed for all audiences: error for aud \\"argo-cd\\": failed to verify signature: fetching keys oidc: get keys failed: Get \\"https://idm.example.com/oauth2/openid/argo-cd/public_key.jwk\\": dial tcp: lookup idm.example.com: no such host, error for aud \\"argo-cd-cli\\": oidc: expected audience \\"argo-cd-cli\\" got [\\"argo-cd\\"]"',
    /^application-unreachable: .*cannot look up the host name idm\.example\.com/,
  ],
  [
    'FATA[0012] rpc error: code = Unauthenticated desc = invalid session: token verification failed for all audiences: error for aud "argo-cd": oidc: expected audience "argo-cd" got ["argo-cd-cli"]',
    /^application-audience: .*client argo-cd, but the token was issued for argo-cd-cli/,
  ],
  [
    'level=warning msg="Failed to verify token: token verification failed for all audiences: error for aud \\"argo-cd\\": oidc: expected audience \\"argo-cd\\" got [\\"wiki\\"], error for aud \\"argo-cd-cli\\": oidc: expected audience \\"argo-cd-cli\\" got [\\"wiki\\"]"',
    /^application-audience: .*client argo-cd, but the token was issued for wiki/,
  ],
  [
    '[2026/11/27 10:00:00] [oauthproxy.go:768] Error redeeming code during OAuth2 callback: error performing request: Post "https://sso.example.org/oauth/access_token": dial tcp: i/o timeout',
    /^application-unreachable: The application got no answer from sso\.example\.org in time/,
  ],
  [
    '[2026/11/27 10:00:00] [oauthproxy.go:768] Error redeeming code during OAuth2 callback: token exchange failed: Post "https://idm.example.com/oauth2/token": EOF',
    /^application-unreachable: .*Kanidm, or a proxy/,
  ],
  [
    'Error redeeming code during OAuth2 callback: token exchange failed: oauth2: cannot fetch token: 400 Bad Request Response: {"error":"invalid_grant","error_description":"Code not valid"}',
    /^application-client-refused: .*\(invalid_grant\)\. .*“Code not valid”\. Kanidm sends no descriptions/,
  ],
  [
    'level=error msg="Failed to authenticate request" client=auth.client.generic_oauth error="[auth.oauth.token.exchange] failed to exchange code to token: oauth2: \\"invalid_client\\" \\"Invalid client credentials\\""',
    /^application-client-refused: .*another identity provider/,
  ],
  [
    'level=error msg=login.OAuthLogin(NewTransportWithCode) logger=context userId=0 error="oauth2: cannot fetch token: 400 Bad Request\\nResponse: \\"Invalid scope: Requested scope is invalid\\""',
    /^application-client-refused: .*The server answered: “Invalid scope: Requested scope is invalid”/,
  ],
  [
    '[oauthproxy.go:762] Error redeeming code during OAuth2 callback: no access token found <!doctype html><meta charset="utf-8">',
    /^application-client-refused: .*web page, so it does not come from the token endpoint/,
  ],
  [
    '[Nest] 7  - 11/27/2026, 10:00:00 AM   ERROR [Api:OAuthRepository~a1] OAuth login failed: server responded with a challenge in the WWW-Authenticate HTTP Header',
    /^application-client-refused: .*got no token\. Kanidm does not accept the secret/,
  ],
  [
    '[Nest] 7  - 11/27/2026, 10:00:00 AM   ERROR [Api:OAuthRepository~a1] OAuth login failed: server responded with an error in the response body',
    /^application-client-refused: .*in one of the next lines/,
  ],
  [
    'OAuth login failed: "response" is not a conform Token Endpoint response (unexpected HTTP status code)',
    /^application-client-refused: .*got no token\. The answer has an unexpected status and no error code/,
  ],
  ['Error in OAuth discovery: TypeError: fetch failed', /^application-discovery: .*“TypeError: fetch failed”/],
  [
    'Error in OAuth discovery: ClientError: "response" is not a conform Authorization Server Metadata response (unexpected HTTP status code)',
    /^application-discovery: .*no discovery document at the path of this issuer/,
  ],
  [
    'Error in OAuth discovery: ClientError: "response" body "issuer" property does not match the expected value',
    /^application-issuer: /,
  ],
  ['OAuth login failed: unexpected "state" response parameter value', /^application-state: /],
  [
    'OAuth login failed: authorization response from the server is an error',
    /^application-sign-in-refused: Kanidm ended the sign-in to the application with an error\. Read/,
  ],
  ['client=auth.client.generic_oauth error="[auth.oauth.state.missing] missing state cookie"', /^application-state: /],
  ['error="[auth.oauth.email.missing] required attribute email was not provided"', /^application-claim-missing: /],
  ['error="[auth.oauth.email.not-allowed] provided email is not allowed"', /^application-person-refused: /],
  [
    plugin(
      `Get "${discovery}": x509: certificate is valid for ${'0a'.repeat(16)}.${'1b'.repeat(16)}.traefik.default, not idm.example.com`,
    ),
    /no certificate for this host, and answers with its default certificate/,
  ],
  [
    plugin(`Get "${discovery}": x509: certificate is valid for ingress.local, not idm.example.com`),
    /answers with its default certificate/,
  ],
  [
    plugin(`Get "${discovery}": x509: certificate is valid for ingress.local.example.com, not idm.example.com`),
    /is valid for ingress\.local\.example\.com/,
  ],
  [
    'WARN     ┕━ 🚧 [warn]: Invalid OAuth2 redirect_uri (must be related to origin) - got Tuple("https", Domain("grafana.example.com"), 443)',
    /^kanidm-redirect-url: A program sent a redirect URL at https:\/\/grafana\.example\.com\. .* of the application at https:\/\/grafana\.example\.com to/,
  ],
  [
    'WARN     ┕━ 🚧 [warn]: Invalid OAuth2 redirect_uri (must be related to origin) - got Tuple("http", Ipv4(127.0.0.1), 41234) from client but configured uris differ',
    /^kanidm-redirect-url: .*at http:\/\/127\.0\.0\.1:41234\. /,
  ],
  [
    'WARN     ┕━ 🚧 [warn]: Invalid OAuth2 redirect_uri (must be related to origin) - got Opaque(OpaqueOrigin(3))',
    /^kanidm-redirect-url: .*mobile app.*Find out which redirect URL/,
  ],
  [
    'WARN     ┕━ 🚧 [warn]: Invalid OAuth2 redirect_uri (must be https for secure origin) - got "http"',
    /^kanidm-redirect-scheme: The redirect URL in a request is not https\./,
  ],
  [
    "WARN     ┕━ 🚧 [warn]: OAuth2 redirect_uri returns to localhost, but localhost redirection is not allowed. See 'kanidm system oauth2 enable-localhost-redirects' | redirect_uri: http://localhost:8085/auth/callback",
    /^kanidm-localhost: A program asked for a redirect to http:\/\/localhost:8085\/auth\/callback, .*Add `http:\/\/localhost:8085\/auth\/callback` to/,
  ],
  ['WARN     ┕━ 🚧 [warn]: Invalid OAuth2 client_id | event_tag_id: 2', /^kanidm-unknown-client: /],
  [
    "WARN     ┕━ 🚧 [warn]: Invalid OAuth2 response_type (should be 'code')",
    /^kanidm-unsupported-request: .*returns only a code/,
  ],
  ['WARN     ┕━ 🚧 [warn]: Invalid prompt value(s): ["create"]', /^kanidm-unsupported-request: .*a value of `prompt`/],
  [
    'WARN     ┕━ 🚧 [warn]: Token exchange resource target mismatch | requested: "https://a.example.com"',
    /^kanidm-token-exchange: .*The parameter `resource`/,
  ],
  [
    'Error Code: UI0003InvalidOauth2Resume - The server attempted to resume OAuth2, but no OAuth2 session is in progress.',
    /^kanidm-cookie: /,
  ],
  [
    'INFO        ┝━ ｉ [info]: Handler::PasswordTotp -> Result::Denied - TOTP Fail, password - | event_tag_id: 10',
    /^kanidm-login-denied: .*: “TOTP Fail, password -”\. /,
  ],
  ['INFO        ┝━ ｉ [info]: account has no available credentials', /^kanidm-login-denied: .*neither a password nor/],
  [
    'ERROR    ┕━ 🚨 [error]: You must change origin or domain name to be consistent. ed: Url { scheme: "https" } - rp_id: "example.org"',
    /^kanidm-start: Kanidm does not start: the host in `origin` is neither `domain` nor a host below it/,
  ],
  ['ERROR    ┕━ 🚨 [error]: Unable to setup query server or idm server -> InvalidState', /^kanidm-start-ended: /],
  [
    '{"app":"user_oidc","level":3,"message":"Could not reach the provider at URL https://idm.example.com/oauth2/openid/cloud/.well-known/openid-configuration","exception":{"Exception":"ConnectException","Message":"cURL error 60: SSL certificate problem: unable to get local issuer certificate"}}',
    /^application-discovery: The certificate of Kanidm is signed by a CA that the application does not trust/,
  ],
  [
    '{"app":"user_oidc","message":"Could not reach the provider at URL https://idm.example.com/oauth2/openid/cloud/.well-known/openid-configuration","exception":{"Message":"Host \\"idm.example.com\\" (idm.example.com:443) violates local access rules"}}',
    /^application-discovery: .*private network.*allow_local_remote_servers/,
  ],
  [
    '{"app":"user_oidc","message":"Could not reach the provider at URL https://sso.example.org/.well-known/openid-configuration","version":"25.0.1.1"}',
    /^application-discovery: The line does not contain the reason\. .*against sso\.example\.org\./,
  ],
  [
    "Failed to create OpenID Connect Provider with name 'kanidm' with url 'https://idm.example.com/oauth2/openid/git/.well-known/openid-configuration': Non-200 response from Discovery URL",
    /^application-discovery: .*no discovery document at the path/,
  ],
  [
    'level=error msg="Failed to authenticate request" client=auth.client.generic_oauth error="[auth.oauth.token.exchange] failed to exchange code to token: oauth2: \\"invalid_origin\\""',
    /^application-client-refused: .*\(invalid_origin\)\. The redirect URL that the application sent with the code differs/,
  ],
  [
    'jellyfin  | System.InvalidOperationException: Error loading discovery document: Endpoint belongs to different authority: https://idm.example.com/ui/oauth2',
    /^application-discovery: .*begins with the issuer.*Do not validate endpoints/,
  ],
  [
    'System.InvalidOperationException: Error loading discovery document: Issuer name does not match authority: https://idm.example.com/oauth2/openid/media',
    /^application-issuer: /,
  ],
  [
    'Error loading discovery document: Error connecting to https://idm.example.com/oauth2/openid/media/.well-known/openid-configuration: Found',
    /^application-discovery: .*“Error connecting to /,
  ],
  [
    'E0522 23:39:18.521099    6787 file_linux.go:114] Can\'t process manifest file "/etc/kubernetes/manifests/4913": open /etc/kubernetes/manifests/4913: no such file or directory',
    /^static-pod-unreadable: The file 4913 .* vim .*ignore/,
  ],
  [
    'E1127 10:00:00.000000     900 file.go:187] "Could not process manifest file" err="open /etc/kubernetes/manifests/kube-apiserver.yaml: no such file or directory"',
    /^static-pod-unreadable: The file kube-apiserver\.yaml .* pod in this file does not run\. .*put the file back/,
  ],
  [
    '2026/11/27 10:00:00 [error] 31#31: *42 upstream timed out (110: Operation timed out) while reading response header from upstream, client: 192.0.2.3, server: idm.example.com, request: "GET /status HTTP/2.0", upstream: "https://10.244.0.9:8443/status", host: "idm.example.com"',
    /^ingress-upstream: The ingress reached Kanidm, but Kanidm did not answer a request in time: “110: Operation timed out”\. Read the log of Kanidm/,
  ],
  [
    'E1104 17:33:49.261285       1 authentication.go:62] Unable to authenticate the request due to an error: [invalid bearer token, [invalid bearer token, Token has been invalidated]]',
    /^service-account-token: /,
  ],
  [
    'E1127 10:00:00.000000     900 file.go:187] "Could not process manifest file" err="/etc/kubernetes/manifests/kube-apiserver.yaml: couldn\'t parse as pod(yaml: line 20: did not find expected key), please check config file"',
    /^static-pod-unreadable: .*Correct the YAML/,
  ],
  [
    "Helm install failed for release kanidm/kanidm with chart kanidm@0.1.2: values don't meet the specifications of the schema(s)",
    /^flux-kanidm-not-ready: Helm did not install or upgrade Kanidm\. It reports: “values don't meet/,
  ],
  [
    '{"level":"error","source":"/headlamp/backend/cmd/headlamp.go","line":1184,"error":"oauth2: \\"invalid_scope\\"","message":"failed to exchange token"}',
    /^application-client-refused: .*\(invalid_scope\)\. The secret of the client is not the cause/,
  ],
  ['No matching entries', /^kanidm-no-entry: /],
  ['error: exec plugin: invalid apiVersion "constructor"', /^plugin-old-version: .*which kubectl does not accept/],
  [
    'error: Internal error occurred: error executing command in container: failed to exec in container: failed to start exec "a": OCI runtime exec failed: exec failed: unable to start container process: exec: "sh": executable file not found in $PATH: unknown',
    /^probe-without-shell: Something runs sh in a container .*kubectl debug/,
  ],
  [
    'Unable to connect to the server: getting credentials: exec: "kubectl": executable file not found in $PATH',
    /^plugin-not-installed: /,
  ],
  [
    "Refused to send form data to 'http://localhost:8000/?code=a' because it violates the following Content Security Policy directive: \"form-action 'self' https:\".",
    /^browser-form-action: /,
  ],
  [
    'Helm install failed for release kanidm/kanidm with chart kanidm@0.1.2: context deadline exceeded',
    /^flux-kanidm-not-ready: Flux applied Kanidm, but/,
  ],
  [
    'Helm upgrade failed for release kanidm/kanidm with chart kanidm@0.1.2: resource StatefulSet/kanidm/kanidm not ready. status: InProgress',
    /^flux-kanidm-not-ready: Flux applied Kanidm, but/,
  ],
  [
    'Helm upgrade failed for release kanidm/kanidm with chart kanidm@0.1.3: cannot patch "kanidm" with kind StatefulSet: StatefulSet.apps "kanidm" is invalid: spec: Forbidden: updates to statefulset spec for fields other than \'replicas\'',
    /^statefulset-immutable: .*Helm therefore does not upgrade/,
  ],
  [
    'ERROR kanidm_cli::session: Error during authentication init phase: Http(404, Some(NoMatchingEntries), "a")',
    /^kanidm-sign-in-refused: Kanidm has no account/,
  ],
  [
    "couldn't upgrade control plane. Errors faced: static Pod hash for component kube-apiserver on Node a did not change after 5m0s: context deadline exceeded",
    /^kubeadm-api-server-not-ready: .*or the kubelet did not restart/,
  ],
  [
    '{"level":"error","controller":"helmrepository","msg":"Reconciler error","error":"failed to fetch Helm repository index: failed to cache index to temporary file: failed to fetch https://charts.example.com/index.yaml : 401 Unauthorized"}',
    /^flux-source: .*Check the credentials for the repository, and what they may read\. This/,
  ],
  [
    "HelmChart 'flux-system/kanidm' is not ready: invalid chart reference: failed to get chart version for remote reference: no 'kanidm' chart with version matching '0.3.x' found",
    /^flux-source: The repository has no chart kanidm with a version that matches 0\.3\.x\. .* Correct the name or the version of the chart\.$/,
  ],
  [
    "HelmChart 'flux-system/web' is not ready: invalid chart reference: failed to get chart version for remote reference: no 'web' chart with version matching '1.x' found",
    /^flux-source: .* Correct the name or the version of the chart\. This line is not about Kanidm\.$/,
  ],
  [
    'Helm install failed for release idm/idm with chart kanidm@0.2.1: context deadline exceeded',
    /^flux-kanidm-not-ready: Flux applied Kanidm, but/,
  ],
  [
    "timeout waiting for: [Deployment/web/web status: 'InProgress', StatefulSet/idm/kanidm status: 'InProgress']",
    /^flux-kanidm-not-ready: Flux applied Kanidm, but/,
  ],
  [
    'Helm install failed for release kanidm/kanidm with chart kanidm@0.2.1: failed pre-install: 1 error occurred:\n\t* job kanidm-init failed: BackoffLimitExceeded\n',
    /^flux-kanidm-not-ready: .*“failed pre-install: 1 error occurred: \* job kanidm-init failed: BackoffLimitExceeded”/,
  ],
  [
    `${tokenRequest('could not refresh the token')}\nResponse: {"error":"invalid_grant"}`,
    /^kubelogin-refresh: The refresh token .* Sign in again/,
  ],
  [
    `${tokenRequest('oauth2 error: exchange error')}\nResponse: {"error":"invalid_grant","error_description":"Code not valid"}`,
    /^kubelogin-refresh: The refresh token .*“Code not valid”\. Kanidm sends no descriptions.* Sign in again/,
  ],
  [
    `${tokenRequest('oauth2 error: exchange error')}\nResponse: {"error":"invalid_scope"}`,
    /^kubelogin-exchange: kubelogin got no token from Kanidm\. The answer has the error code invalid_scope\. Read the log/,
  ],
  [
    tokenRequest('could not refresh the token'),
    /^kubelogin-refresh: .*The token endpoint at the address of Kanidm refuses the request with 400\. .* Sign in again/,
  ],
  [
    'error: get-token: authentication error: authcode-browser error: authentication\nerror: authorization code flow error: oauth2 error: authorization\nerror: context deadline exceeded',
    /^kubelogin-nobody: /,
  ],
  [
    'error: get-token: authentication error: authcode-browser error: authentication error: authorization\ncode flow error: oauth2 error: authorization error: context deadline exceeded',
    /^kubelogin-nobody: /,
  ],
  [
    'Error from server (Forbidden): nodes is forbidden: User "system:anonymous"\ncannot list resource "nodes" in API group "" at the cluster scope',
    /^anonymous-request: /,
  ],
])('%s', (line, answer) => {
  const answers = text(line);
  expect(answers).toHaveLength(1);
  expect(answers[0]).toMatch(answer);
});

test.each([
  "Refused to send form data to 'https://pay.example.com/' because it violates the following Content Security Policy directive: \"form-action 'self'\".",
  '{"level":"error","app":"shop","msg":"verification failed","error":"invalid_origin"}',
  'bucket: NotAuthorised to access queue',
  'svc-1  | Unable to connect to the server: Get "https://dex.example.com/.well-known/openid-configuration": x509: certificate signed by unknown authority',
  'AccessDenied: Access Denied, bucket kanidm-backup',
  'shop: OAuth authentication error: access_denied',
  'docker: Error response: no available port in the range',
  'error sending request for url (https://kanidm.example.com/metrics)',
  'Error: local-exec provisioner error: exec: "kubectl": executable file not found in $PATH',
  'Failed to add ca certificate',
  "Refused to send form data to 'https://pay.example.com/' because it violates the following Content Security Policy directive: \"form-action 'self' https://accounts.example.com\".",
  'Error running command: exec: "bash": executable file not found in $PATH',
])('%s is not certainly about Kanidm', (line) => {
  expect(explainLog(line).answers).toEqual([]);
});

test('a line that ends early does not say more than it contains', () => {
  const lines = [
    refused('[invalid bearer token, oidc: token is expired (Token Expiry: 2026-11-27 09:00:00 +0000 UTC)]'),
    refused(
      `[invalid bearer token, oidc: verify token: failed to verify signature: fetching keys oidc: get keys failed]`,
    ),
  ];
  for (const line of lines) {
    for (let end = 80; end < line.length; end++) {
      expect(text(line.slice(0, end)).join(' ')).not.toMatch(/No authenticator|None of the keys|It reports: “”/);
      for (const mark of ['…', '...', '[truncated]'])
        expect(text(`${line.slice(0, end)}${mark}`).join(' ')).not.toMatch(/No authenticator|None of the keys/);
    }
  }
  expect(text(refused('[invalid bearer token, oidc: a]').slice(0, 95)).join(' ')).toContain('The line ends before');
});

test('a line that ends before the reason of a failed signature says so', () => {
  for (const mark of ['', ' …', ' ...', ' [truncated]'])
    expect(text(`kube-apiserver[1]: oidc: verify token: failed to verify signature:${mark}`)).toEqual([
      expect.stringMatching(/^token-refused: The API server refuses the token\. The line ends before the reason\. /),
    ]);
});

describe('the other fields of an entry', () => {
  const both = (fields: Record<string, string>, more: Record<string, string>) =>
    [fields, { ...fields, ...more }].map((one) => [
      JSON.stringify(one),
      Object.entries(one)
        .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
        .join(' '),
    ]);

  test.each<[Record<string, string>, RegExp]>([
    [
      {
        msg: 'Unable to authenticate the request',
        error: `[invalid bearer token, oidc: error evaluating claim validation expression: validation expression 'claims.hd == "a"' failed: another domain]`,
      },
      /^claim-validation-rule: .*reports: “another domain”/,
    ],
    [
      {
        msg: 'Reconciler error',
        controller: 'helmrelease',
        error: 'Helm install failed for release kanidm/kanidm with chart kanidm@0.2.1: namespaces "kanidm" not found',
      },
      /^flux-kanidm-not-ready: .*reports: “namespaces "kanidm" not found”/,
    ],
    [
      {
        msg: 'command failed',
        err: 'open /etc/kubernetes/pki/kanidm-ca.crt: no such file or directory',
        component: 'kube-apiserver',
      },
      /^start-file-missing: .*: no such file or directory\./,
    ],
    [
      { message: 'Invalid OAuth2 client_id k8s-prod', container: 'kanidm' },
      /^kanidm-unknown-client: Kanidm has no client `k8s-prod`/,
    ],
  ])('are not taken for a part of the message: %j', (fields, answer) => {
    const [alone = [], together = []] = both(fields, { location: 'a.go:73', requestID: 'ab-1' });
    for (const [i, line] of alone.entries()) {
      expect(text(line)).toEqual([expect.stringMatching(answer)]);
      expect(text(together[i] ?? '')).toEqual(text(line));
    }
  });

  test('can have a value that the explanation needs', () => {
    const message = 'OAuth2 redirect_uri returns to localhost, but localhost redirection is not allowed.';
    const fields = { message, redirect_uri: 'http://localhost:8085/a' };
    expect(text(JSON.stringify({ level: 'WARN', fields, target: 'kanidmd_lib::idm::oauth2' }))).toEqual([
      expect.stringMatching(/^kanidm-localhost: A program asked for a redirect to http:\/\/localhost:8085\/a, /),
    ]);
  });
});

test('an ID token that oauth2-proxy refuses was returned by Kanidm', () => {
  expect(
    text('Error redeeming code during OAuth2 callback: could not verify id_token: something new').join(' '),
  ).not.toContain('did not return a token');
});

const ofFlux = (name: string, right: string) =>
  `E0707 08:26:55.133509       1 a.go:1] a is forbidden: User "system:serviceaccount:flux-system:${name}" cannot ${right}`;
const callback = '[2026/10/18 20:42:45] [oauthproxy.go:902] Error redeeming code during OAuth2 callback: ';
const grafana = (error: string) =>
  `logger=authn.service level=error msg="a" client=auth.client.generic_oauth error="[auth.oauth.token.exchange] failed to exchange code to token: oauth2: ${error}"`;
const ofAks = 'Get "https://aks.hcp.eastus.azmk8s.io:443/api?timeout=32s": getting credentials: exec: executable';
const invalidHeader = 'net/http: invalid header field value';

/** Similar lines with different answers. */
test.each<[string, RegExp]>([
  [
    `${callback}could not get claim "groups": failed to fetch claims from profile URL: error making request to profile URL: unexpected status "401": `,
    /^application-userinfo: The application has the ID token .* got an error: “unexpected status "401"”\./,
  ],
  [
    `${callback}could not get claim "groups": failed to fetch claims from profile URL: error making request to profile URL: error performing request: Get "https://idm.example.com/a": x509: certificate signed by unknown authority`,
    /^application-unreachable: The certificate of idm\.example\.com/,
  ],
  [
    `${callback}could not verify id_token: failed to verify token: failed to verify signature: fetching keys oidc: get keys failed: 404 Not Found `,
    /^application-keys: .* answers 404/,
  ],
  [`${callback}could not verify id_token: audience claims [] do not exist in claims: map[aud:a]`, /is empty, so/],
  [
    `${callback}could not verify id_token: audience claims [azp] do not exist in claims: map[aud:a]`,
    /none of the claims in which oauth2-proxy looks for the audience: azp\. A token of Kanidm/,
  ],
  [grafana("cannot parse json: invalid character '<' looking for beginning of value"), /The answer is a web page/],
  [grafana('\\"invalid_grant\\"'), /sent a code, .*The code is not valid.*from another identity provider/],
  [`${callback}token exchange failed: oauth2: "invalid_grant"`, /The code is not valid/],
  [
    'grafana[1]: logger=auth.oauth level=error error="oauth2: \\"invalid_grant\\""',
    /sent a code or a refresh token, .*The code or the refresh token is not valid: /,
  ],
  [`${ofAks} kubelogin not found`, /^plugin-of-azure: .*cluster on Azure.*az aks install-cli/],
  [`${ofAks} kubelogin failed with exit code 1`, /^plugin-failed: /],
  [
    'error: unknown command "convert-kubeconfig" for "kubelogin"',
    /^plugin-of-azure: .*a different kubelogin was started/,
  ],
  [
    'error: exec: "kubelogin": executable file not found in %PATH%',
    /^plugin-not-installed: .* under the name kubelogin .*krew does not install a program with the name kubelogin/,
  ],
  [
    'error: exec: "kubectl-oidc_login": executable file not found in $PATH',
    /^plugin-not-installed: .* Install kubelogin \(`kubectl krew install oidc-login`\)/,
  ],
  ['Error: unknown flag: --oidc-issuer-url', /named kubelogin and does not know this flag .* the kubelogin of Azure/],
  [
    ofFlux('kustomize-controller', 'get resource "leases" in API group "coordination.k8s.io"'),
    /for its own work\. Restore/,
  ],
  [ofFlux('kluctl-controller', 'list resource "kluctldeployments" in API group "a"'), /for its own work\. Restore/],
  [ofFlux('apps', 'list resource "pods" in API group ""'), /Flux applies objects with this account/],
  [
    ofFlux('helm-controller', 'patch resource "pods" in API group ""'),
    /Without both, it is the account of the controller/,
  ],
  [`Unable to connect to the server: ${invalidHeader} for "Authorization"`, /^token-with-line-break: /],
  [
    `Unable to connect to the server: ${invalidHeader} "Bearer aaaaaaaaaaaaaaaa\\n" for key Authorization`,
    /^token-with-line-break: /,
  ],
  [`Get "https://192.0.2.10:6443/api?timeout=32s": ${invalidHeader} for "Authorization"`, /^token-with-line-break: /],
  [
    'kanidmd[1]: ERROR    ┕━ 🚨 [error]: Invalid identity: SessionExpired',
    /^kanidm-no-session: A session of Kanidm has ended/,
  ],
  [
    'kanidmd[1]: ERROR    ┕━ 🚨 [error]: Invalid identity | e: NotAuthenticated',
    /^kanidm-no-session: A request came without/,
  ],
  [
    "HelmChart 'flux-system/kanidm' is not ready: invalid chart reference: failed to get chart version for remote reference: no 'kanidm' chart with version matching '0.3.x' found",
    /does not install the chart, or upgrade it to such a version/,
  ],
  ['failed to determine artifact digest: 401 Unauthorized', /applies nothing new from it/],
])('%s has its own answer', (line, answer) => {
  expect(text(line)).toEqual([expect.stringMatching(answer)]);
});

test.each([
  `${callback}could not initialise claim extractor: failed to parse ID Token payload: unexpected EOF`,
  '2018/10/23 12:01:49 oauthproxy.go:541: error redeeming code json: cannot unmarshal string into Go struct field .email_verified of type bool',
])('nobody says that a token is missing: %s', (line) => {
  expect(text(line)).toEqual([]);
});

test('on Azure, a missing kubelogin has one answer', () => {
  const log = [
    'Unable to connect to the server: getting credentials: exec: executable kubelogin not found',
    'kubelogin is not installed which is required to connect to AAD enabled cluster.',
  ].join('\n');
  expect(explainLog(log).answers.map(({ id }) => id)).toEqual(['plugin-of-azure']);
  expect(explainLog(log.replace('kubelogin not', 'kubectl not')).answers.map(({ id }) => id)).toEqual([
    'plugin-not-installed',
    'plugin-of-azure',
  ]);
});

test('InvalidState follows from a request without a page, but not from every request without a session', () => {
  const log = ['Error Code: InvalidState', 'kanidmd[1]: ERROR    ┕━ 🚨 [error]: Invalid identity: NotAuthenticated'];
  const required = 'Unable to authorise - Error ID: 3f969ab2-a680-49fa-9c4c-7fae23992c44 error: login_required';
  const idsOf = (lines: readonly string[]) => explainLog(lines.join('\n')).answers.map(({ id }) => id);
  expect(idsOf(log)).toEqual(['kanidm-page-invalid-state', 'kanidm-no-session']);
  expect(idsOf([...log, required])).toEqual(['kanidm-no-session', 'kanidm-login-required']);
});

/** Lines that look like one about a sign-in, and are about something else. */
test.each([
  'E0705 06:18:03.897282 1167454 auth.go:47] Unable to authenticate the request due to an error: [invalid bearer token, service account token is not valid yet]',
  'E0705 06:18:31.605597 1167454 webhook.go:154] Failed to make webhook authenticator request: Unauthorized',
  'E0705 06:18:31.605670 1167454 auth.go:47] Unable to authenticate the request due to an error: Unauthorized',
  'level=error msg="Failed to authenticate: oidc: invalid_request"',
  'Firefox opened http://localhost:8000/',
  'E1127 10:00:00.000000       1 leaderelection.go:330] error retrieving resource lock kube-system/kube-scheduler: Unauthorized',
  'E1127 10:00:00.000000       1 reflector.go:138] factory.go:134: Failed to watch *v1.Node: failed to list *v1.Node: Unauthorized',
  't=2026-11-27T10:00:00+0000 lvl=dbug msg="Received id_token" logger=oauth.generic_oauth raw_json="{\\"email_verified\\":false,\\"name\\":\\"a\\"}"',
  'x509: certificate signed by unknown authority (possibly because of "x509: ECDSA verification failure" while trying to verify candidate authority certificate "etcd-ca")',
  'error: unable to upgrade connection: unexpected EOF',
  '[2026/08/21 10:00:00] [oauthproxy.go:901] Error redeeming code during OAuth2 callback: missing code',
  '[2021-02-13T00:21:32Z ERROR kanidm_cli::login] Error during authentication init phase: Http(403, Some(AccessDenied), "a")',
  'No matching entries found in keyring',
  '{":authority":"shop.example.com","response_code":503,"x-envoy-origin-path":"/api"}',
  '{":authority":"idm.example.com","response_code":200,"x-envoy-origin-path":"/oauth2/openid/k8s/public_key.jwk"}',
  '2026/11/27 10:00:00 [error] 31#31: *42 upstream timed out (110: Operation timed out) while connecting to upstream, client: 192.0.2.3, server: shop.example.com, request: "GET / HTTP/2.0", upstream: "https://10.244.0.9:8443/", host: "shop.example.com"',
  '{"level":"error","logger":"http.log.error","msg":"tls: failed to verify certificate: x509: certificate signed by unknown authority","request":{"host":"shop.example.com"},"status":502}',
  '{"level":"error","msg":"Reconciler error","controller":"kustomization","namespace":"a","error":"failed to get API group resources: apps/v1: Unauthorized"}',
  'static Pod hash for component etcd on Node a did not change after 5m0s: context deadline exceeded',
])('%s has no answer', (line) => {
  expect(text(line)).toEqual([]);
});

test('a refusal by kubectl follows from a rule about claims, and lines that are not shown are counted', () => {
  const log = [
    refused('[invalid bearer token, oidc: required claim team not present in ID token]'),
    ...[1, 2, 3, 4, 5].map((i) => `${i}: error: You must be logged in to the server (Unauthorized)`),
  ].join('\n');
  const lines = logLines(explainLog(log), 'docs');
  expect(lines.filter((one) => one.startsWith('  perhaps a consequence: '))).toHaveLength(3);
  expect(lines).toContain('  and 2 more lines, perhaps a consequence too');
  expect(logLines(explainLog(log.replace(/\n4: .*$/s, '')), 'docs').join('\n')).not.toContain('a consequence too');
});

test('a program in place of kubelogin may be one that starts kubelogin', () => {
  expect(text('getting credentials: exec: executable /home/jane/bin/oidc.sh failed with exit code 1')).toEqual([
    expect.stringMatching(
      /oidc\.sh, which is not kubelogin\. So Kaniflux did not render this kubeconfig, which may be/,
    ),
  ]);
});

const exchange = (code: string) =>
  `grafana-1  | logger=authn.service level=error msg="a" error="[auth.oauth.token.exchange] failed to exchange code to token: oauth2: \\"${code}\\""`;
const pkceFailed =
  'kanidmd-1  | INFO     ┕━ ｉ [info]: PKCE code verification failed - code challenge is present, but no verifier was provided';
test.each([
  ['invalid_request', ['kanidm-pkce']],
  ['invalid_client', ['application-client-refused', 'kanidm-pkce']],
])('the reason in the log of Kanidm explains the error %s of an application, or not', (code, ids) => {
  const { answers } = explainLog(`${exchange(code)}\n${pkceFailed}`);
  expect(answers.map(({ id }) => id)).toEqual(ids);
});
