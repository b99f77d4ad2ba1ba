import { type ExplainedLog, explainLog, meaningsOf } from '../../lib/explain/explain-log';
import { logAsJson, logLines } from '../../lib/explain/log-report';

const answer = (log: string) =>
  explainLog(log).answers.map(({ id, of, means, fix }) => ({ id, of, text: `${means} ${fix}` }));
const ids = ({ answers, open }: ExplainedLog) => [
  ...answers.map(({ id }) => id),
  ...open.map(({ possibilities }) => possibilities.map(({ id }) => id)),
];

/** Lines as people post them, in all their forms, with the correct explanation. */
test.each<[string, string, string, RegExp, RegExp?]>([
  [
    'a refused token, in an old form',
    'E1004 10:00:01.000000       1 authentication.go:53] Unable to authenticate the request due to an error: invalid bearer token',
    'invalid-bearer-token',
    /is equal, byte for byte, to the issuer in the token/,
  ],
  [
    'a refused token, in the console of a vcluster',
    '2026-02-09 15:21:41     ERROR   filters/authentication.go:75    Unable to authenticate the request      {"component": "vcluster", "error": "invalid bearer token", "errorCauses": [{"error": "invalid bearer token"}]}',
    'invalid-bearer-token',
    /mail address that is not verified/,
  ],
  [
    'a mail that is not verified',
    'E0614 00:29:57.960378       1 authentication.go:75] "Unable to authenticate the request" err="[invalid bearer token, oidc: email not verified]"',
    'email-not-verified',
    /email_verified/,
  ],
  [
    'a mail that is not verified, in JSON',
    '{"ts":1,"caller":"filters/authentication.go:75","msg":"Unable to authenticate the request","err":"[invalid bearer token, oidc: email not verified]"}',
    'email-not-verified',
    /email_verified/,
  ],
  [
    'kubectl apply of a file for the disk',
    'error: resource mapping not found for name: "" namespace: "" from "oidc.yaml": no matches for kind "AuthenticationConfiguration" in version "apiserver.config.k8s.io/v1beta1"\nensure CRDs are installed first',
    'object-for-the-disk',
    /own disk when it starts.*--authentication-config/,
    /Flux/,
  ],
  [
    'K3s and anonymous requests',
    'May 16 10:00:00 host k3s[2000]: time="2025-05-16T10:00:00Z" level=error msg="apiserver exited: anonymous: Forbidden: --anonynous-auth flag cannot be set when anonymous field is configured in authentication configuration file"',
    'anonymous-twice',
    /does not start.*1\.32\.5 and 1\.33\.1.*paths: \[\/livez/,
  ],
  [
    'Talos without a kind',
    String.raw`"command failed" err="failed to load authentication configuration from file \"/system/config/kubernetes/kube-apiserver/authentication-config.yaml\": Object 'Kind' is missing in '{}'"`,
    'authentication-configuration-file',
    /KubeAuthenticationConfig/,
  ],
  [
    'a flag of kube-apiserver that is misspelt',
    'kube-apiserver[1]: Error: unknown flag: --oidc-issuer-uri',
    'unknown-oidc-flag',
    /write --oidc-issuer-url if you meant/,
  ],
  [
    'a flag of kube-apiserver in K3s',
    'Nov 26 10:00:00 node k3s[900]: time="2026-11-26T10:00:00Z" level=fatal msg="flag provided but not defined: -oidc-groups-claim"',
    'k3s-server-flag',
    /--kube-apiserver-arg=oidc-groups-claim=/,
  ],
  [
    'a flag that no program has in K3s',
    'k3s[900]: flag provided but not defined: -oidc-redirect-url',
    'k3s-server-flag',
    /kube-apiserver does not have this flag either.*Remove the flag/,
    /kube-apiserver-arg/,
  ],
  [
    'kubectl without a kubeconfig',
    'The connection to the server localhost:8080 was refused - did you specify the right host or port?',
    'no-kubeconfig',
    /no kubeconfig.*KUBECONFIG/,
    /clusters\.<name>\.server/,
  ],
  [
    'a context that does not exist',
    'error: context "oidc" does not exist',
    'kubeconfig-entry-missing',
    /no context named “oidc”/,
    /kubelogin/,
  ],
  [
    'a binding whose role does not exist',
    'Error from server (Forbidden): pods is forbidden: User "jane@example.com" cannot list resource "pods" in API group "" at the cluster scope: RBAC: clusterrole.rbac.authorization.k8s.io "vieww" not found',
    'forbidden',
    /A binding names this user.*“clusterrole\.rbac\.authorization\.k8s\.io "vieww" not found”.*Create the role/,
    /No binding gives this name/,
  ],
  [
    'the administrator certificate without its binding',
    'Error from server (Forbidden): nodes is forbidden: User "kubernetes-admin" cannot list resource "nodes" in API group "" at the cluster scope',
    'forbidden',
    /administrator.s client certificate.*kubeadm:cluster-admins/,
    /Signing in works|in the token/,
  ],
  [
    'kubectl apply of another file for the disk',
    'error: resource mapping not found for name: "" namespace: "" from "a.yaml": no matches for kind "EncryptionConfiguration" in version "apiserver.config.k8s.io/v1"',
    'object-for-the-disk',
    /kube-apiserver reads files of this kind from its own disk/,
    /CRD of this kind|kubeadm reads/,
  ],
  [
    'a redirect URL of the command line of an application',
    'WARN Invalid OAuth2 redirect_uri (must be an exact match to a redirect-url) - got http://localhost:8085/auth/callback',
    'kanidm-redirect-url',
    /Add `http:\/\/localhost:8085\/auth\/callback` to/,
    /kubelogin sent|Add `http:\/\/localhost:8000`/,
  ],
  [
    'a redirect URL of kubelogin',
    'WARN Invalid OAuth2 redirect_uri (must be an exact match to a redirect-url) - got http://localhost:18000/',
    'kanidm-redirect-url',
    /kubelogin sent.*Add `http:\/\/localhost:8000`/,
  ],
  [
    'a port that kubelogin may not use',
    'error: get-token: authentication error: authcode-browser error: could not start a local server: no available port: could not listen: listen tcp 127.0.0.1:80: bind: permission denied',
    'kubelogin-port',
    /does not let kubelogin listen/,
    /Another program listens/,
  ],
  [
    'an address that kubelogin does not have',
    'error: get-token: authentication error: authcode-browser error: could not start a local server: no available port: could not listen: listen tcp 192.0.2.1:8000: bind: cannot assign requested address',
    'kubelogin-port',
    /not an address of this machine/,
    /Another program listens/,
  ],
  [
    'a machine without a browser',
    'error: get-token: could not open the browser: exec: "xdg-open,x-www-browser,www-browser": executable file not found in $PATH',
    'kubelogin-browser',
    /still waits.*signIn: keyboard/,
    /curl/,
  ],
  [
    'a token that is not renewed, because Kanidm is down',
    'error: get-token: authentication error: could not refresh the token: token error: Post "https://idm.example.com/oauth2/token": dial tcp 192.0.2.5:443: connect: connection refused',
    'kubelogin-refresh',
    /could not renew the token\. Nothing listens/,
    /already used|clean/,
  ],
  [
    'a client with a secret',
    'error: get-token: authentication error: authcode-browser error: authentication error: authorization code flow error: oauth2 error: token error: oauth2: cannot fetch token: 401 Unauthorized',
    'kubelogin-exchange',
    /does not accept the client.*type: public/,
    /proxy/,
  ],
  [
    'kubelogin failed for a reason of its own',
    'error: get-token: could not acquire the lock: file exists',
    'kubelogin-error',
    /By hand, run the command in the `exec` section of the kubeconfig with `-v1`/,
    /curl/,
  ],
  [
    'a plugin that cannot be started',
    'Unable to connect to the server: getting credentials: exec: fork/exec /usr/local/bin/kubelogin: permission denied',
    'plugin-failed',
    /could not be started.*chmod/,
    /previous line|ended with/,
  ],
  [
    'a plugin that ended, in an old form',
    'Unable to connect to the server: getting credentials: exec: exit status 1',
    'plugin-failed',
    /ended with exit code 1\..*previous line/,
    /could not be (?:run|started)/,
  ],
  [
    'a dependency of a Kustomization',
    "Kustomization/flux-system/access: dependency 'flux-system/kanidm-config' is not ready",
    'flux-kanidm-not-ready',
    /before flux-system\/kanidm-config is ready/,
    /Flux applied Kanidm/,
  ],
  [
    'HTTP on the HTTPS port of nginx',
    '400 Bad Request The plain HTTP request was sent to HTTPS port',
    'http-on-https-port',
    /An nginx/,
    /Kanidm serves/,
  ],
  [
    'a proxy of kubectl that is down',
    'Unable to connect to the server: proxyconnect tcp: dial tcp 192.0.2.1:3128: connect: connection refused',
    'api-server-unreachable',
    /does not reach the proxy.*HTTPS_PROXY/,
    /API server runs/,
  ],
  [
    'the JSON of the token endpoint',
    'level=error msg="login.OAuthLogin(NewTransportWithCode)" error="oauth2: cannot fetch token: 400 Bad Request Response: {\\"error\\":\\"invalid_request\\"}"',
    'application-client-refused',
    /\(invalid_request\)/,
    /\(error\)/,
  ],
  [
    'a flag that does not exist',
    'Error: unknown flag: --oidc-client-secret',
    'unknown-oidc-flag',
    /no flag --oidc-client-secret.*needs no secret/,
  ],
  [
    'another flag that does not exist',
    'Oct 28 21:10:09 host kube-apiserver[7]: Error: unknown flag: --oidc-user-claim',
    'unknown-oidc-flag',
    /write --oidc-username-claim/,
  ],
  [
    'a flag of kubelogin at the API server',
    'Error: unknown flag: --oidc-redirect-url',
    'unknown-oidc-flag',
    /kubelogin has this flag/,
  ],
  [
    'nobody',
    'Error from server (Forbidden): nodes is forbidden: User "system:anonymous" cannot list resource "nodes" in API group "" at the cluster scope',
    'anonymous-request',
    /had no credentials/,
    /Signing in works/,
  ],
  [
    'nobody, in an answer as JSON',
    String.raw`"message": "nodes.metrics.k8s.io is forbidden: User \"system:anonymous\" cannot list resource \"nodes\" in API group \"metrics.k8s.io\" at the cluster scope",`,
    'anonymous-request',
    /Headlamp/,
  ],
  [
    'a missing entry of Kanidm',
    '2024-04-18T12:33:30.065096Z ERROR kanidm_cli: Item not found:" NoMatchingEntries" "11111111-2222-4333-8444-666666666666"',
    'kanidm-no-entry',
    /not allowed to see the entry/,
  ],
  [
    'no PKCE',
    'ERROR │ ┕━ 🚨 [error]: No PKCE code challenge was provided with client in enforced PKCE mode | event_tag_id: 1',
    'kanidm-pkce',
    /S256/,
  ],
  [
    'no PKCE, as the application shows it',
    'error=invalid_request, error_description="No PKCE code challenge was provided with client in enforced PKCE mode"',
    'kanidm-pkce',
    /S256/,
  ],
  [
    'a wrong secret',
    'ERROR ┕━ 🚨 [error]: Invalid OAuth2 client_id secret | event_tag_id: 1',
    'kanidm-client-secret',
    /type: basic.*application/,
    /kubectl/,
  ],
  [
    'a page that is not there',
    'E0929 11:12:31.421256       1 oidc.go:335] oidc authenticator: initializing plugin: 404 Not Found: ',
    'initializing-plugin',
    /404/,
  ],
  [
    'a proxy in the way',
    'E0929 11:12:31.421256       1 oidc.go:335] oidc authenticator: initializing plugin: 503 Service Unavailable: upstream',
    'initializing-plugin',
    /503/,
  ],
  [
    'an end',
    'E0929 11:12:31.421256       1 oidc.go:335] oidc authenticator: initializing plugin: Get "https://idm.example.com/a/.well-known/openid-configuration": EOF',
    'initializing-plugin',
    /ended without an answer/,
  ],
  [
    'no name',
    'E0929 11:12:31.421256       1 oidc.go:335] oidc authenticator: initializing plugin: Get "https://idm.example.com/a/.well-known/openid-configuration": dial tcp: lookup idm.example.com on 10.0.0.1:53: no such host',
    'initializing-plugin',
    /look up the host name idm\.example\.com.*DNS server of the node/,
  ],
  [
    'a timeout',
    'E0612 10:00:00.000000       1 oidc.go:313] oidc authenticator: initializing plugin: Get "https://idm.example.com/a/.well-known/openid-configuration": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
    'initializing-plugin',
    /no answer/,
    /sign-in in the browser was not finished/,
  ],
  [
    'an ending that nobody knows',
    'E0612 10:00:00.000000       1 oidc.go:313] oidc authenticator: initializing plugin: the moon is full',
    'initializing-plugin',
    /“the moon is full”/,
  ],
  [
    'an expression that does not compile',
    String.raw`"command failed" err="failed to validate authentication config: jwt[0].claimMappings.extra[1].valueExpression: Invalid value: \"claims.groups.exists(g, g == 'a')\": compilation failed: ERROR: <input>:1:12: expression of type 'any' cannot be range of a comprehension (must be list, map, or dynamic)"`,
    'authentication-configuration-rule',
    /jwt\[0\]\.claimMappings\.extra\[1\]\.valueExpression.*keeps the settings that it read before.*dyn\(claims\.groups\)/,
  ],
  [
    'two rules at once',
    String.raw`2025-03-17T15:17:20.000000000Z stderr F E0317 15:17:20.000000       1 run.go:72] "command failed" err="[jwt[0].claimValidationRules[0].expression: Invalid value: \"claims.?a.orValue(true)\": must evaluate to bool, jwt[0].claimMappings.username.expression: Invalid value: \"claims.email\": claims.email_verified must be used in claimMappings.username.expression or claimValidationRules[*].expression when claims.email is used in claimMappings.username.expression]"`,
    'authentication-configuration-rule',
    /refuses.*claimValidationRules\[0\]\.expression.*It also refuses.*claimMappings\.username\.expression.*does not start/,
    /not verified/,
  ],
  [
    'an algorithm, quotes not escaped',
    '"Unable to authenticate the request" err="[invalid bearer token, oidc: verify token: oidc: id token signed with unsupported algorithm, expected "RS256" got "ES384""',
    'signing-algorithm',
    /RS256.*ES384.*signing-algs=ES384/,
  ],
  [
    'an algorithm in an application',
    'openid-grant-failed: unexpected JWT alg received, expected RS256, got: ES256',
    'application-algorithm',
    /application accepts.*legacyCrypto/,
    /oidc-signing-algs/,
  ],
  [
    'no ID token in Headlamp',
    '2023/08/23 17:15:51 http: proxy error: No valid id-token, and cannot refresh without refresh-token',
    'application-no-id-token',
    /`openid`.*access token/,
  ],
  [
    'another CA, of the cluster',
    'Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority',
    'api-server-certificate',
    /certificate-authority-data/,
    /authentication\.ca/,
  ],
  [
    'other names of the cluster',
    'Unable to connect to the server: x509: certificate is valid for 10.96.0.1, 192.168.1.10, not 203.0.113.5',
    'api-server-certificate',
    /10\.96\.0\.1, 192\.168\.1\.10.*203\.0\.113\.5.*certSANs/,
  ],
  [
    'the audience of Headlamp',
    String.raw`"Unable to authenticate the request" err="[invalid bearer token, oidc: verify token: oidc: expected audience \"kubernetes\" got [\"headlamp\"]]"`,
    'token-audience',
    /kubernetes.*headlamp.*trust/,
  ],
  [
    'the issuer of kubelogin',
    'error: get-token: authentication error: oidc error: oidc discovery error: oidc: issuer URL provided to client ("https://idm.example.com/a/") did not match the issuer URL returned by provider ("https://idm.example.com/a")',
    'kubelogin-discovery',
    /slash/,
  ],
  [
    'a code that was used',
    'error: could not get token: oidc: failed to get token: oauth2: "invalid_grant" "Invalid authorization code"',
    'kubelogin-refresh',
    /already used/,
  ],
  ['the old plugin of kubectl', 'error: the oidc auth plugin has been removed.', 'old-oidc-plugin', /auth-provider/],
  [
    'the policy of kubectl',
    'Unable to connect to the server: getting credentials: plugin "kubectl-oidc_login" not allowed: policy set to "DenyAll"',
    'plugin-policy',
    /kubectl-oidc_login.*DenyAll/,
  ],
  [
    'a harmless warning',
    'W0412 09:12:01.120000   12345 transport.go:260] Unable to cancel request for *exec.roundTripper',
    'plugin-cancelled',
    /harmless/,
  ],
  [
    'Talos 1.14',
    'KubeAPIServerConfig: kube-apiserver extra argument "oidc-signing-algs" is not allowed: use KubeAuthenticationConfig',
    'talos-extra-argument',
    /structured.*accepts ES256/,
  ],
  [
    'Chromium',
    `Refused to send form data to 'http://localhost:8000/' because it violates the following Content Security Policy directive: "form-action 'self' https:".`,
    'browser-form-action',
    /1\.8/,
  ],
  [
    'PodSecurity',
    'Error from server (Forbidden): pods "web" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true',
    'pod-security',
    /RBAC allows the request/,
    /lacks RBAC|explain <person>/,
  ],
  [
    'a quota',
    'Error from server (Forbidden): pods "web" is forbidden: exceeded quota: compute, requested: pods=1',
    'admission-refused',
    /RBAC allowed/,
    /explain <person>/,
  ],
  [
    "Flux's own account",
    '{"level":"error","ts":"2026-01-01T00:00:00Z","msg":"Reconciler error","controller":"kustomization","error":"pods is forbidden: User \\"system:serviceaccount:flux-system:kustomize-controller\\" cannot list resource \\"pods\\" in API group \\"\\""}',
    'service-account-forbidden',
    /kustomize-controller/,
    /explain <person>/,
  ],
  [
    'a webhook',
    'Error from server (InternalError): Internal error occurred: failed calling webhook "webhook.cert-manager.io": failed to call webhook: Post "https://cert-manager-webhook.cert-manager.svc:443/mutate": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    'webhook-certificate',
    /not about Kanidm/,
    /authentication\.ca/,
  ],
  [
    'an image',
    '  Warning  Failed  2m  kubelet  Failed to pull image "registry.example.com/kanidm/server:1.11.1": failed to do request: tls: failed to verify certificate: x509: certificate signed by unknown authority',
    'image-pull',
    /registry/,
    /authentication\.ca/,
  ],
  [
    'no storage class',
    '  Warning  ProvisioningFailed  2m  persistentvolume-controller  storageclass.storage.k8s.io "nfs-client" not found',
    'storage-class-missing',
    /nfs-client/,
  ],
  [
    'an issuer that is not healthy, with the reason',
    'oidc: authenticator for issuer "https://idm.example.com/oauth2/openid/k8s" is not healthy: fetching keys oidc: get keys failed: 503 Service Unavailable: ',
    'issuer-not-ready',
    /could not fetch the keys of https:\/\/idm.*answers 503.*endpoints/,
    /discovery document|initializing plugin/,
  ],
  [
    'an issuer that is not healthy, because of its discovery document',
    'oidc: authenticator for issuer "https://idm.example.com/oauth2/openid/k8s" is not healthy: Get "https://idm.example.com/": dial tcp: lookup idm.example.com: no such host',
    'issuer-not-ready',
    /could not read the discovery document of .*cannot look up the host name idm\.example\.com/,
    /fetch the keys|initializing plugin/,
  ],
  [
    'an issuer that is not healthy, without a reason',
    'oidc: authenticator for issuer "https://idm.example.com/oauth2/openid/k8s" is not healthy: oidc: authenticator for issuer "https://idm.example.com/oauth2/openid/k8s" is not initialized]"',
    'issuer-not-ready',
    /could not read the discovery document of .*Read the line `oidc authenticator: initializing plugin`/,
    /The program reports/,
  ],
  [
    'no secret',
    'MountVolume.SetUp failed for volume "tls" : secret "kanidm-tls" not found',
    'secret-missing',
    /kanidm-tls.*nobody can sign in/,
  ],
  [
    'a plugin of another provider that is missing',
    'Unable to connect to the server: getting credentials: exec: executable gke-gcloud-auth-plugin not found',
    'plugin-not-installed',
    /gke-gcloud-auth-plugin, which is not kubelogin.*Install gke-gcloud-auth-plugin/,
    /krew/,
  ],
  [
    'a plugin of another provider that fails',
    'Unable to connect to the server: getting credentials: exec: executable aws failed with exit code 255',
    'plugin-failed',
    /aws, which is not kubelogin.*which aws wrote/,
    /which kubelogin wrote/,
  ],
  [
    'a plugin that a signal ended',
    'Unable to connect to the server: getting credentials: exec: executable kubectl failed with exit code -1',
    'plugin-failed',
    /stopped by a signal/,
    /could not be started/,
  ],
  [
    'a plugin whose file is missing',
    'Unable to connect to the server: getting credentials: exec: fork/exec /usr/local/bin/kubectl-oidc_login: no such file or directory',
    'plugin-not-installed',
    /there is no \/usr\/local\/bin\/kubectl-oidc_login/,
    /by hand/,
  ],
  [
    'a flag that an old kubelogin does not have',
    'error: unknown flag: --oidc-use-access-token',
    'unknown-oidc-flag-of-kubelogin',
    /This version of kubelogin has no flag --oidc-use-access-token/,
    /kube-apiserver/,
  ],
  [
    'nobody, as old versions say it',
    'Error from server (Forbidden): User "system:anonymous" cannot list nodes at the cluster scope. (get nodes)',
    'anonymous-request',
    /request to list nodes had no credentials/,
  ],
  [
    'nobody, in the output of kubectl auth whoami',
    'ATTRIBUTE   VALUE\nUsername    system:anonymous\nGroups      [system:unauthenticated]',
    'anonymous-request',
    /The request had no credentials/,
  ],
  [
    'a refused token, in several authenticators',
    'E1104 17:33:49.261285       1 authentication.go:62] Unable to authenticate the request due to an error: [invalid bearer token, [invalid bearer token, invalid bearer token]]',
    'invalid-bearer-token',
    /is equal, byte for byte, to the issuer in the token/,
    /It reports/,
  ],
  [
    'the API server and another provider',
    'E1124 23:37:56.166682   27163 oidc.go:419] oidc authenticator: initializing plugin: Get "https://sso.example.com/realms/main/.well-known/openid-configuration": dial tcp: lookup sso.example.com: no such host',
    'initializing-plugin',
    /names https:\/\/sso\.example\.com\/realms\/main, which does not have the form of an issuer of Kanidm/,
  ],
  [
    'the API server and Kanidm',
    'E1124 23:37:56.166682   27163 oidc.go:419] oidc authenticator: initializing plugin: Get "https://idm.example.com/oauth2/openid/k8s/.well-known/openid-configuration": dial tcp: lookup idm.example.com: no such host',
    'initializing-plugin',
    /cannot look up the host name/,
    /another identity provider/,
  ],
  [
    'oauth2-proxy and a mail address',
    "[2025/10/18 20:42:45] [oauthproxy.go:901] Error redeeming code during OAuth2 callback: email in id_token (jane@example.com) isn't verified",
    'application-email-not-verified',
    /scope `email`/,
    /secret/,
  ],
  [
    'oauth2-proxy and a signature',
    '[2026/10/18 20:42:45] [oauthproxy.go:901] Error redeeming code during OAuth2 callback: could not verify id_token: failed to verify token: failed to verify signature: failed to verify id token signature',
    'application-signature',
    /each client of Kanidm has its own keys/,
    /secret/,
  ],
  [
    'oauth2-proxy and an audience',
    '[2026/10/18 20:42:45] [oauthproxy.go:901] Error redeeming code during OAuth2 callback: could not verify id_token: audience from claim aud with value [wiki] does not match with any of allowed audiences map[web:{}]',
    'application-audience',
    /issued for another client, wiki,/,
    /secret/,
  ],
  [
    'oauth2-proxy without a discovery document',
    '[2026/10/18 20:42:45] [main.go:60] ERROR: Failed to initialise OAuth2 Proxy: error initialising provider: could not create provider data: error building OIDC ProviderVerifier: could not get verifier builder: error while discovery OIDC configuration: failed to discover OIDC configuration: unexpected status "404": ',
    'application-discovery',
    /answers 404: Kanidm has no client/,
    /The program reports/,
  ],
  [
    'oauth2-proxy and a person outside its groups',
    '192.0.2.3:41244 - 1c2d - jane@example.com [2026/10/18 20:42:45] [AuthFailure] Invalid authentication via OAuth2: unauthorized',
    'application-person-refused',
    /--allowed-group/,
  ],
  [
    'Grafana and a CA',
    'logger=authn.service t=2026-02-27T10:00:00Z level=error msg="Failed to authenticate request" client=auth.client.generic_oauth error="[auth.oauth.token.exchange] failed to exchange code to token: Post \\"https://idm.example.com/oauth2/token\\": tls: failed to verify certificate: x509: certificate signed by unknown authority"',
    'application-unreachable',
    /CA of Kanidm, mounted/,
    /API server/,
  ],
  [
    'Grafana and a wrong secret',
    'logger=authn.service t=2026-02-27T10:00:00Z level=error msg="Failed to authenticate request" client=auth.client.generic_oauth error="[auth.oauth.token.exchange] failed to exchange code to token: oauth2: cannot fetch token: 401 Unauthorized\\nResponse: "',
    'application-client-refused',
    /secret or the id of the client.*show-basic-secret/,
    /PKCE/,
  ],
  [
    'Grafana and a code that is not valid',
    'logger=authn.service t=2026-02-27T10:00:00Z level=error msg="Failed to authenticate request" client=auth.client.generic_oauth error="[auth.oauth.token.exchange] failed to exchange code to token: oauth2: \\"invalid_grant\\""',
    'application-client-refused',
    /The code is not valid.*Sign in again/,
    /PKCE|kubelogin/,
  ],
  [
    'Grafana without a mail address',
    'logger=authn.service t=2026-02-27T10:00:00Z level=warn msg="Failed to authenticate request" client=auth.client.generic_oauth error="[auth.oauth.userinfo.missing_email] failed to get user info: missing required email"',
    'application-claim-missing',
    /lack the claim `email`/,
    /Flux/,
  ],
  [
    'Headlamp and a CA',
    '{"level":"error","source":"/headlamp/backend/cmd/headlamp.go","line":1001,"error":"Get \\"https://idm.example.com/oauth2/openid/headlamp/.well-known/openid-configuration\\": tls: failed to verify certificate: x509: certificate signed by unknown authority","time":"2026-09-04T10:00:00Z","message":"failed to get provider"}',
    'application-discovery',
    /CA of Kanidm, mounted/,
    /Flux/,
  ],
  [
    'Gitea and a CA',
    `2023/03/04 10:00:00 .../providers_openid.go:42:CreateGothProvider() [W] [640291c5] Failed to create OpenID Connect Provider with name 'kanidm' with url 'https://idm.example.com/oauth2/openid/gitea/.well-known/openid-configuration': Get "https://idm.example.com/oauth2/openid/gitea/.well-known/openid-configuration": tls: failed to verify certificate: x509: certificate signed by unknown authority`,
    'application-discovery',
    /CA of Kanidm, mounted/,
    /API server/,
  ],
  [
    'an application that knows only RS256, in other words',
    'ERROR [Api:OAuthRepository] Error: unexpected JWT "alg" header parameter, expected RS256, got: ES256',
    'application-algorithm',
    /signed with RS256, and this token is signed with ES256/,
  ],
  [
    'Kanidm and a key of another certificate',
    '00000000-0000-0000-0000-000000000000 ERROR    🚨 [error]: Failed to configure TLS acceptor | err: Custom { kind: Other, error: "Failed to create TLS listener. The TLS Server Configuration could not be built: InconsistentKeys(KeyMismatch)" }',
    'kanidm-start',
    /the key does not belong to the certificate.*tls_key/,
  ],
  [
    'Kanidm and a port in use, in three lines',
    '00000000-0000-0000-0000-000000000000 ERROR    🚨 [error]: Failed to bind tcp listener | err: Os { code: 98, kind: AddrInUse, message: "Address already in use" }\n00000000-0000-0000-0000-000000000000 ERROR    🚨 [error]: Failed to start HTTPS server | err: ()\n00000000-0000-0000-0000-000000000000 ERROR    🚨 [error]: Failed to start server core!',
    'kanidm-start',
    /another program listens on the port of Kanidm/,
    /certificate/,
  ],
  [
    'Kanidm and a server.toml without a version',
    'ERROR: Configuration Parse Failure: Custom { kind: InvalidData, error: Error { message: "unknown field `migration_path`, expected one of `domain`, `origin`", input: Some("a") } }',
    'kanidm-start',
    /version = "2"/,
  ],
  [
    'Kanidm and a program that does not trust it',
    '00000000-0000-0000-0000-000000000000 ERROR    🚨 [error]: Failed to create TLS stream | err: Custom { kind: InvalidData, error: AlertReceived(UnknownCA) }',
    'kanidm-tls-handshake',
    /does not accept the certificate of Kanidm.*CA of Kanidm/,
    /HTTP without TLS/,
  ],
  [
    'Kanidm and a proxy without TLS',
    '00000000-0000-0000-0000-000000000000 ERROR    🚨 [error]: Failed to create TLS stream | err: Custom { kind: InvalidData, error: InvalidMessage(InvalidContentType) }',
    'kanidm-tls-handshake',
    /HTTP without TLS.*backend-protocol/,
    /CA of Kanidm/,
  ],
  [
    'the page of Kanidm for a person without scopes',
    'Access Denied\nIf you believe this is an error, please quote the below Operation ID to support persons.\n\nOperation ID: b548b0b3-e7c4-4ed3-becf-ce005a7b74f0',
    'kanidm-page-access-denied',
    /no group that the scope map of the client names/,
  ],
  [
    'a wrong password of the kanidm command, with colours',
    '\u001b[2m2026-11-26T23:20:28.462860Z\u001b[0m \u001b[31mERROR\u001b[0m \u001b[2mkanidm_cli::session\u001b[0m\u001b[2m:\u001b[0m Authentication Denied: "incorrect password"',
    'kanidm-sign-in-refused',
    /“incorrect password”.*recover-account/,
  ],
  [
    'a name that Kanidm does not accept',
    '2026-11-26T23:21:24.737243Z ERROR kanidm_cli: HTTP Error: 400 Bad Request SchemaViolation(InvalidAttributeSyntax("name"))',
    'kanidm-value-refused',
    /begins with a lower-case letter/,
  ],
  [
    'nginx and Kanidm',
    '2026/05/01 10:00:00 [error] 31#31: *42 connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.3, server: idm.example.com, request: "GET /oauth2/openid/k8s/.well-known/openid-configuration HTTP/2.0", upstream: "https://10.244.0.9:8443/"',
    'ingress-upstream',
    /does not reach Kanidm: “111: Connection refused”/,
  ],
  [
    'a keyring that is too small',
    'error: get-token: could not write the token cache: keyring write kubelogin/tokencache/8f08: data passed to Set was too big',
    'kubelogin-keyring',
    /too large for the keyring.*tokenCache: disk/,
    /no keyring \(/,
  ],
  [
    'Traefik and the address of the pod of Kanidm',
    `[pod/traefik-c88c9f869-b8cm8/traefik] 2026-10-04T10:00:00Z ERR 500 Internal Server Error error="tls: failed to verify certificate: x509: cannot validate certificate for 10.42.0.18 because it doesn't contain any IP SANs" routerName="kanidm@kubernetes"`,
    'ingress-upstream',
    /does not accept the certificate of Kanidm.*serverName/,
    /API server/,
  ],
  [
    'a request that Kanidm or the ingress answers with 500',
    '192.0.2.3 - - [01/May/2026:10:00:00 +0000] "GET /oauth2/openid/k8s/public_key.jwk HTTP/2.0" 500 311',
    'ingress-upstream',
    /Kanidm, or the ingress in front of Kanidm, answered with the status 500.*log of Kanidm/,
    /does not reach/,
  ],
  [
    'a token endpoint that answers 404',
    '[2026/10/18 20:42:45] [oauthproxy.go:841] Error redeeming code during OAuth2 callback: token exchange failed: oauth2: cannot fetch token: 404 Not Found',
    'application-client-refused',
    /The answer was 404.*address of the token endpoint/,
    /PKCE|secret/,
  ],
  [
    'a token endpoint that answers 429, without a frame',
    'argocd-server[1]: time="2026-10-04T10:00:00Z" level=error msg="oauth2: cannot fetch token: 429 Too Many Requests"',
    'application-client-refused',
    /The answer was 429/,
    /PKCE|secret/,
  ],
  [
    'Argo CD and a token of another provider',
    'time="2026-05-01T10:00:00Z" level=warning msg="invalid session: token verification failed for all audiences: error for aud \\"argo-cd\\": oidc: id token issued by a different provider, expected \\"argocd\\" got \\"https://sso.example.com/realms/main\\""',
    'application-issuer',
    /has the issuer argocd, but the token or the discovery document has the issuer https:\/\/sso.*another identity provider/,
    /the issuer of Kanidm is/,
  ],
  [
    'a CA in a kubeconfig that is not PEM',
    'error: unable to load root certificates: unable to parse bytes as PEM block',
    'kubeconfig-unreadable',
    /or in `certificate-authority-data` \(a PEM certificate, encoded in base64\)/,
  ],
  [
    'a probe of the API server without credentials',
    'I0326 10:00:00.000000     900 prober.go:107] "Probe failed" probeType="Startup" pod="kube-system/kube-apiserver-node1" containerName="kube-apiserver" probeResult="failure" output="HTTP probe failed with statuscode: 401"',
    'probe-without-credentials',
    /anonymous requests.*paths: \[\/livez/,
  ],
  [
    'Windows, where nothing listens',
    'Unable to connect to the server: dial tcp 192.0.2.10:6443: connectex: No connection could be made because the target machine actively refused it.',
    'api-server-unreachable',
    /Nothing listens/,
    /The program reports/,
  ],
  [
    'macOS and an old certificate',
    'error: get-token: authentication error: oidc error: oidc discovery error: Get "https://idm.example.com/oauth2/openid/k8s/.well-known/openid-configuration": tls: failed to verify certificate: x509: “idm.example.com” certificate is expired',
    'kubelogin-discovery',
    /has expired/,
  ],
  [
    'a clock behind that of Kanidm',
    'error: get-token: authentication error: authcode-browser error: authentication error: authorization code flow error: could not verify the ID token: oidc: current time 2026-11-24 23:34:58.01 +0000 UTC before the nbf (not before) time: 2026-11-24 23:36:27 +0000 UTC',
    'kubelogin-token',
    /NTP/,
    /openid/,
  ],
  [
    'the kubeconfig of K3s',
    'error: error loading config file "/etc/rancher/k3s/k3s.yaml": open /etc/rancher/k3s/k3s.yaml: permission denied',
    'kubeconfig-unreadable',
    /do not make it readable for everybody/,
    /Correct the file/,
  ],
  [
    'an address in a flag that is not https',
    'E1126 23:46:37.024488    6316 run.go:72] "command failed" err="invalid authentication configuration: jwt[0].issuer.url: Invalid value: \\"http://idm.example.com\\": URL scheme must be https"',
    'authentication-configuration-rule',
    /not https.*value of --oidc-issuer-url/,
  ],
  [
    'a token of another provider at a cluster of Kanidm',
    String.raw`"Unable to authenticate the request" err="[invalid bearer token, oidc: verify token: oidc: id token issued by a different provider, expected \"https://idm.example.com/oauth2/openid/k8s\" got \"https://sso.example.com/realms/main\"]"`,
    'token-issuer',
    /does not come from Kanidm.*clusters\.<name>\.issuers/,
    /without a slash/,
  ],
  [
    'a token of another client',
    String.raw`"Unable to authenticate the request" err="[invalid bearer token, oidc: verify token: oidc: id token issued by a different provider, expected \"https://idm.example.com/oauth2/openid/head\" got \"https://idm.example.com/oauth2/openid/k8s\"]"`,
    'token-issuer',
    /The token is for the client k8s\. Sign in with the client head, or add k8s to `clusters\.<name>\.trust`/,
    /without a slash/,
  ],
  [
    'a token of a client with this name at another Kanidm',
    String.raw`"Unable to authenticate the request" err="[invalid bearer token, oidc: verify token: oidc: id token issued by a different provider, expected \"https://idm.example.com/oauth2/openid/head\" got \"https://old.example.com/oauth2/openid/k8s\"]"`,
    'token-issuer',
    /without a slash/,
    /is for the client/,
  ],
  [
    'an application with a token of another client',
    'Failed to verify ID Token: oidc: id token issued by a different provider, expected "https://idm.example.com/oauth2/openid/wiki" got "https://idm.example.com/oauth2/openid/k8s"',
    'application-issuer',
    /The token is for the client k8s\. In the application, write k8s as the client id and in the issuer/,
    /without a slash/,
  ],
  [
    'a token of another provider at its own cluster',
    String.raw`"Unable to authenticate the request" err="[invalid bearer token, oidc: verify token: oidc: id token issued by a different provider, expected \"https://login.example.org/a/v2.0\" got \"https://sts.example.org/a/\"]"`,
    'token-issuer',
    /names https:\/\/login\.example\.org\/a\/v2\.0, which does not have the form.*If this issuer is meant to be Kanidm/,
  ],
  [
    'a token of a service account for the API itself',
    String.raw`"Unable to authenticate the request" err="[invalid bearer token, oidc: verify token: oidc: expected audience \"k8s\" got [\"https://kubernetes.default.svc\"]]"`,
    'token-audience',
    /service account.*--audience=k8s/,
    /trust/,
  ],
  [
    'Headlamp without a refresh token, in k9s',
    '│ headlamp {"level":"error","cluster":"main","source":"/headlamp/backend/cmd/headlamp.go","line":952,"error":"refreshing token: oauth2: token expired and refresh token is not set","time":"2026-02-25T19:44:09Z","message":"failed to refresh token"}      │',
    'application-no-id-token',
    /expired and there is no refresh token/,
    /auth-provider/,
  ],
  [
    'a redirect URL in quotes, as Kanidm wrote it before 1.5',
    '00000000-0000-0000-0000-000000000000 ERROR    🚨 [error]: Invalid OAuth2 redirect_uri (must be related to origin) - got "http://localhost:8000" from client but configured uris differ (compare oauth2_rs_origin_landing with oauth2_rs_origin entries)',
    'kanidm-redirect-url',
    /kubelogin sent the redirect URL http:\/\/localhost:8000,/,
    /issuer/,
  ],
  [
    'a wrong secret, as next-auth says it',
    '[next-auth][error][OAUTH_CALLBACK_ERROR] invalid_client (unauthorized)',
    'application-client-refused',
    /\(invalid_client\).*secret or the id/,
    /PKCE/,
  ],
  [
    'no PKCE, as allauth says it',
    '[ERROR] [allauth.socialaccount] Error in token response: {"error":"invalid_request"}',
    'application-client-refused',
    /\(invalid_request\).*PKCE/,
    /secret/,
  ],
  [
    'Python and a CA',
    "requests.exceptions.SSLError: HTTPSConnectionPool(host='idm.example.com', port=443): Max retries exceeded with url: /oauth2/openid/wiki/.well-known/openid-configuration (Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate')))",
    'certificate-of-kanidm-to-application',
    /REQUESTS_CA_BUNDLE/,
  ],
  [
    'the page of Kanidm for an account that expired',
    'Login Failed\nReason: account expired\nOperation ID: b548b0b3-e7c4-4ed3-becf-ce005a7b74f0',
    'kanidm-page-login-failed',
    /“account expired”.*validity/,
    /right credentials/,
  ],
  [
    'an API server that does not run, as kubectl logs it',
    String.raw`E1127 10:00:00.000000   12345 memcache.go:265] "Unhandled Error" err="couldn't get current server API group list: Get \"https://192.0.2.10:6443/api?timeout=32s\": dial tcp 192.0.2.10:6443: connect: connection refused"`,
    'api-server-unreachable',
    /Nothing listens at 192\.0\.2\.10:6443/,
  ],
  [
    'an API server that does not answer in time, as kubectl logs it',
    String.raw`E1127 10:00:00.000000   12345 memcache.go:265] "Unhandled Error" err="couldn't get current server API group list: Get \"https://192.0.2.10:6443/api?timeout=32s\": dial tcp 192.0.2.10:6443: i/o timeout"`,
    'api-server-unreachable',
    /no answer from the API server in time/,
    /Nothing listens/,
  ],
  [
    'a deploy key that the Git server does not accept',
    `{"level":"error","ts":"2026-01-01T10:00:00Z","msg":"Reconciler error","controller":"gitrepository","error":"failed to checkout and determine revision: unable to list remote for 'ssh://git@git.example.com/a/b': ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain"}`,
    'flux-source',
    /deploy key or token.*flux create secret git/,
    /curl/,
  ],
  [
    'a Git server with another host key',
    "failed to checkout and determine revision: unable to clone 'ssh://git@git.example.com/a/b': ssh: handshake failed: knownhosts: key mismatch",
    'flux-source',
    /`known_hosts` of the Secret/,
    /curl|deploy key/,
  ],
  [
    'a token cache of kubelogin that may not be read',
    'I1007 18:07:58.541750   49504 get_token.go:76] could not find a token cache: could not open file /home/jane/.kube/cache/oidc-login/e1f6: open /home/jane/.kube/cache/oidc-login/e1f6: permission denied',
    'kubelogin-cache',
    /cannot read or write its token cache/,
  ],
  [
    'a content delivery network that does not reach Kanidm',
    'E1124 23:37:56.166682   27163 oidc.go:419] oidc authenticator: initializing plugin: 525 : error code: 525',
    'initializing-plugin',
    /in front of Kanidm answers 525/,
    /The program reports/,
  ],
])('%s', (...[, log, id, says, never]) => {
  const found = answer(log);
  expect(found.map((one) => one.id)).toEqual([id]);
  expect(found[0]?.text).toMatch(says);
  if (never) expect(found[0]?.text).not.toMatch(never);
});

test('lines that tell one story are one answer, with the line that has the fact', () => {
  const log = [
    'Dec 01 22:22:54 host kanidmd[100]: 22222222 WARN     │  ┕━ 🚧 [warn]: Invalid OAuth2 redirect_uri (must be an exact match to a redirect-url) - got https://monitoring.example.net/login/generic_oauth',
    'Nov 16 21:32:05 host kanidmd[100]: 11111111 ERROR    ┕━ 🚨 [error]: Unable to authorise - Error ID: 11111111-2222-4333-8444-555555555555 error: invalid_origin',
  ].join('\n');
  const explained = explainLog(log);
  expect(ids(explained)).toEqual(['kanidm-redirect-url']);
  const text = logLines(explained, 'docs').join('\n');
  expect(text).toMatch(/An application sent the redirect URL https:\/\/monitoring\.example\.net\/login\/generic_oauth/);
  expect(text).toMatch(/consequence: .*invalid_origin/);
  expect(text).not.toMatch(/18000/);
  const [json] = logAsJson(explained);
  expect(json).toMatchObject({
    id: 'kanidm-redirect-url',
    lines: [expect.stringMatching(/got https/), expect.stringMatching(/invalid_origin/)],
  });
});

test('the lines of a page of Kanidm are one answer', () => {
  const page =
    'An unrecoverable error occurred. Please contact your administrator with the details below.\nOperation ID: 11111111-2222-4333-8444-555555555555\nError Code: InvalidState\n';
  expect(ids(explainLog(page))).toEqual(['kanidm-page-invalid-state']);
  // If the log also contains the line of the server, the error page is not explained separately. The order of the two
  // does not matter.
  const server = 'ERROR ┕━ 🚨 [error]: No PKCE code challenge was provided with client in enforced PKCE mode';
  expect(ids(explainLog(`${page}${server}\n`))).toEqual(['kanidm-pkce']);
});

test('what kubectl says of a refused token follows from the reason in the log of the API server', () => {
  const log =
    'error: You must be logged in to the server (Unauthorized)\nE1 x\nE0614 00:29:57.960378       1 authentication.go:75] "Unable to authenticate the request" err="[invalid bearer token, oidc: email not verified]"';
  expect(ids(explainLog(log))).toEqual(['email-not-verified']);
});

test('lines that say the same are one answer, and others of the same kind are their own', () => {
  const line = (reason: string) =>
    `E0929 11:12:31.421256       1 oidc.go:335] oidc authenticator: initializing plugin: ${reason}`;
  const { answers } = explainLog([line('404 Not Found: '), line('EOF'), line('404 Not Found: <html>')].join('\n'));
  expect(answers.map(({ lines }) => lines.length)).toEqual([2, 1]);
});

describe('a line that does not say who wrote it', () => {
  test.each([
    [
      'E1126 23:46:37.936438    6333 run.go:72] "command failed" err="open /nonexist/ca.crt: no such file or directory"',
      'start-file-missing',
    ],
    [
      '  Warning  Unhealthy  2m  kubelet  Startup probe failed: HTTP probe failed with statuscode: 401',
      'probe-without-credentials',
    ],
    [
      '2026-10-04T10:00:00Z ERR 500 Internal Server Error error="tls: failed to verify certificate: x509: certificate signed by unknown authority"',
      'ingress-upstream',
    ],
    [
      `[pod/traefik-c88c9f869-b8cm8/traefik] 2026-10-04T10:00:00Z ERR 500 Internal Server Error error="tls: failed to verify certificate: x509: cannot validate certificate for 10.42.0.18 because it doesn't contain any IP SANs"`,
      'ingress-upstream',
    ],
    ['kube-apiserver[1]: x509: certificate signed by unknown authority', 'certificate-of-kanidm-to-api-server'],
    ['Error: list: failed to list: Unauthorized', 'unauthorized'],
  ])('%s may mean one thing', (line, id) => {
    expect(ids(explainLog(line))).toEqual([[id]]);
  });

  test('has possibilities in order, each with what would tell', () => {
    const explained = explainLog('oidc: id token signed with unsupported algorithm, expected ["RS256"] got ["ES256"]');
    expect(ids(explained)).toEqual([['signing-algorithm', 'application-algorithm']]);
    const text = logLines(explained, 'docs').join('\n');
    expect(text).toMatch(/does not name the program that wrote it, or the server that it is about\./);
    expect(text).toMatch(
      /1\. kube-apiserver: [\s\S]*This meaning applies if .*kube-apiserver[\s\S]*2\. an application: [\s\S]*This meaning applies if .*Headlamp/,
    );
    expect(logAsJson(explained)).toEqual([
      expect.objectContaining({
        possibilities: [
          expect.objectContaining({ of: 'kube-apiserver', if: expect.any(String) }),
          expect.objectContaining({ of: 'an application' }),
        ],
      }),
    ]);
  });

  test('has one answer where its prefix says who it is', () => {
    const line = 'oidc: id token signed with unsupported algorithm, expected ["RS256"] got ["ES256"]';
    expect(ids(explainLog(`[pod/kube-apiserver-n1/kube-apiserver] ${line}`))).toEqual(['signing-algorithm']);
    const app = explainLog(`argocd-server-1  | ${line}`);
    expect(app.answers).toEqual([expect.objectContaining({ id: 'application-algorithm', of: 'Argo CD' })]);
  });

  test('of an x509 error: nobody is blamed', () => {
    expect(ids(explainLog('x509: certificate signed by unknown authority'))).toEqual([
      [
        'certificate-of-kanidm-to-api-server',
        'certificate-of-kanidm-to-kubelogin',
        'certificate-of-api-server-to-kubectl',
      ],
    ]);
  });
});

test.each([
  [
    'of a registry',
    'Error response from daemon: Get "https://registry.example.com/v2/": x509: certificate signed by unknown authority',
  ],
  [
    'of a repository of charts',
    'Error: Get "https://charts.example.com/index.yaml": x509: certificate signed by unknown authority',
  ],
  [
    'of a kubelet',
    'Error from server: Get "https://192.0.2.11:10250/containerLogs/a/b/c": x509: certificate has expired or is not yet valid',
  ],
  [
    'of a kubelet, without its address',
    'Error from server: error dialing backend: tls: failed to verify certificate: x509: certificate signed by unknown authority',
  ],
  [
    'of etcd',
    '{"level":"warn","ts":"2026-11-26T10:00:00.000Z","caller":"embed/config_logging.go:170","msg":"rejected connection on client endpoint","remote-addr":"192.0.2.4:5555","error":"tls: failed to verify certificate: x509: certificate signed by unknown authority"}',
  ],
  [
    'of an aggregated API server',
    'E1126 10:00:00.000000       1 remote_available_controller.go:462] "Unhandled Error" err="v1beta1.metrics.k8s.io failed with: failing or missing response from https://192.0.2.2:443/apis/metrics.k8s.io/v1beta1: Get \\"https://192.0.2.2:443/apis/metrics.k8s.io/v1beta1\\": tls: failed to verify certificate: x509: certificate signed by unknown authority"',
  ],
  [
    'that a kubelet has not',
    'E1124 10:00:00.000000     900 kubelet_node_status.go:95] "Unable to register node with API server" err="nodes is forbidden: User \\"system:anonymous\\" cannot create resource \\"nodes\\" in API group \\"\\" at the cluster scope" node="node1"',
  ],
])('a certificate %s is not the certificate of Kanidm, of the API server or of a person', (_name, line) => {
  expect(ids(explainLog(line))).toEqual([]);
});

test('a readiness probe does not restart the API server', () => {
  const [open] = explainLog(
    'Warning  Unhealthy  2m  kubelet  Readiness probe failed: HTTP probe failed with statuscode: 401',
  ).open;
  expect(open?.possibilities[0]?.means).toMatch(/counts the API server as not ready\.$/);
});

test('an error of Microsoft Entra ID is not an error of Kanidm', () => {
  const log =
    'error: get-token: authentication error: oauth2: "invalid_client" "AADSTS7000215: Invalid client secret provided."';
  expect(ids(explainLog(log))).toEqual([]);
  expect(ids(explainLog(log.replace('AADSTS7000215', 'Error')))).not.toEqual([]);
});

test('a token in a line is in no answer', () => {
  const token = 'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl';
  const log = `error: get-token: authentication error: ${token}\nerror: get-token: authentication error: id_token is missing in the token response: &oauth2.Token{AccessToken:"opaque-secret"}`;
  const explained = explainLog(log);
  const out = `${logLines(explained, 'docs').join('\n')}${JSON.stringify(logAsJson(explained))}`;
  expect(explained.answers.length).toBe(2);
  expect(out).not.toMatch(/eyJ|opaque-secret/);
});

describe('a request with several credentials', () => {
  // Recorded from kube-apiserver 1.37.2, with another serial number.
  const line = String.raw`E1127 14:39:04.870646    1663 authentication.go:76] "Unable to authenticate the request" err="[invalid bearer token, verifying certificate SN=25, SKID=, AKID= failed: x509: certificate signed by unknown authority, oidc: verify token: oidc: expected audience \"k8s\" got [\"x\"]]"`;

  test('has an answer for each of them', () => {
    const { answers, unexplained } = explainLog(`${line}\n${line}`);
    expect(answers.map(({ id, lines }) => [id, lines.length])).toEqual([
      ['client-certificate', 2],
      ['token-audience', 2],
    ]);
    expect(unexplained).toBe(0);
    expect(meaningsOf(line).map(({ id }) => id)).toEqual(['client-certificate', 'token-audience']);
  });

  test('has an answer for each of them behind an unknown prefix too', () => {
    expect(ids(explainLog(`%% 10:00 ${line}`))).toEqual(['client-certificate', 'token-audience']);
  });

  test('and a token that no authenticator accepts', () => {
    const without = line.replace('invalid bearer token, ', '').replace(/oidc: verify .*/, 'invalid bearer token]"');
    expect(ids(explainLog(without))).toEqual(['client-certificate', 'invalid-bearer-token']);
    for (const reason of ['oidc: email not verified', 'invalid bearer token, oidc: email not verified']) {
      const tokenOnly = line.replace(/\[.*/, `[${reason}, invalid bearer token]"`);
      expect(ids(explainLog(tokenOnly))).toEqual(['email-not-verified']);
    }
  });

  test('with two errors of the same kind has one answer', () => {
    const twice = line.replace(/oidc: verify .*/, 'x509: certificate signed by unknown authority]"');
    expect(explainLog(twice).answers.map(({ id, lines }) => [id, lines.length])).toEqual([['client-certificate', 1]]);
  });

  test('and a webhook', () => {
    const webhook = line.replace(
      /verifying .*/,
      String.raw`oidc: email not verified, Post \"https://auth.example.com/authenticate\": dial tcp 192.0.2.9:443: connect: connection refused]"`,
    );
    const { answers } = explainLog(webhook);
    expect(answers.map(({ id }) => id)).toEqual(['email-not-verified', 'token-webhook']);
    expect(answers[1]?.means).toContain('Nothing listens at the address of the webhook. Tokens of Kanidm');
  });

  test('a comma in one error does not divide it', () => {
    const one = line.replace(/verifying .*/, 'oidc: error evaluating user info validation rule: failed: a, b, c]"');
    expect(ids(explainLog(one))).toEqual(['user-validation-rule']);
  });
});

describe('a changed AuthenticationConfiguration with an issuer that the API server does not reach', () => {
  const of = (errors: string) =>
    `E1127 14:42:37.266677    1663 authentication.go:811] "failed to update authentication config" err=${JSON.stringify(`[${errors}, context deadline exceeded]`)}`;
  const issuer = (name: string, why: string) =>
    `oidc: authenticator for issuer "https://idm.example.com/oauth2/openid/${name}" is not healthy: ${why}`;

  test('is not called faulty, and the timeout is not taken for the reason', () => {
    const mismatch = 'oidc: issuer did not match the issuer returned by provider, expected "https://a" got "https://b"';
    const { answers } = explainLog(of(issuer('k8s', mismatch)));
    expect(answers.map(({ id }) => id)).toEqual(['authentication-configuration-waits']);
    expect(answers[0]?.means).toMatch(/the new file is valid.*openid\/k8s: The issuer in the settings is https:\/\/a,/);
    expect(answers[0]?.means).not.toMatch(/does not start|in time/);
  });

  test('each issuer is named with its reason', () => {
    const errors = `${issuer('k8s', 'dial tcp 192.0.2.7:443: connect: connection refused')}, ${issuer('b', '404 Not Found: ')}`;
    const [answer] = explainLog(of(errors)).answers;
    expect(answer?.means).toMatch(/openid\/k8s: Nothing listens .*openid\/b: The server at .* answers 404/);
  });

  test('a file that cannot be used is still told so', () => {
    const line = `E1127 14:42:37.266677    1663 authentication.go:811] "failed to update authentication config" err="oidc: invalid configuration, a"`;
    expect(ids(explainLog(line))).not.toContain('authentication-configuration-waits');
  });
});

describe('an error before a fix', () => {
  const faulty =
    'E1124 23:49:04.099027   11260 authentication.go:801] "failed to validate authentication config" err="jwt[0].issuer.url: Invalid value: \\"http://x\\": URL scheme must be https"';
  const reloaded = 'I1124 23:50:04.099027   11260 authentication.go:818] "reloaded authentication config"';
  const text = (log: string) => logLines(explainLog(log), 'docs').join('\n');

  test('shows the line according to which it has ended', () => {
    const explained = explainLog(`${faulty}\n${reloaded}`);
    expect(explained).toMatchObject({ answers: [{ endedBy: reloaded }], unexplained: 0 });
    expect(text(`${faulty}\n${reloaded}`)).toContain(
      `  A later line says that the problem has ended on the API server that wrote it: ${reloaded}`,
    );
    expect(logAsJson(explained)).toMatchObject([{ endedBy: reloaded }]);
  });

  test('that comes back has not ended, nor has one of another kind', () => {
    for (const log of [`${reloaded}\n${faulty}`, `${faulty}\n${reloaded}\n${faulty}`]) {
      expect(explainLog(log).answers[0]).not.toHaveProperty('endedBy');
      expect(text(log)).not.toMatch(/has ended/);
      expect(logAsJson(explainLog(log))[0]).not.toHaveProperty('endedBy');
    }
    const expired = `E1124 23:34:58.019437   14833 authentication.go:75] "Unable to authenticate the request" err="oidc: verify token: oidc: token is expired (Token Expiry: 2026-11-24 22:34:57 +0000 UTC)"`;
    expect(explainLog(`${expired}\n${reloaded}`).answers[0]).not.toHaveProperty('endedBy');
  });

  test('that has a consequence afterwards has not ended', () => {
    const plugin =
      'E1124 23:37:56.166682   27163 oidc.go:419] oidc authenticator: initializing plugin: Get "https://idm.example.com/oauth2/openid/k8s/.well-known/openid-configuration": EOF';
    const consequence =
      'E1124 23:51:58.019437       1 authentication.go:75] "Unable to authenticate the request" err="[invalid bearer token, oidc: authenticator not initialized]"';
    const [before] = explainLog([plugin, consequence, reloaded].join('\n')).answers;
    expect(before).toMatchObject({ id: 'initializing-plugin', consequences: [consequence], endedBy: reloaded });
    const [after] = explainLog([plugin, reloaded, consequence].join('\n')).answers;
    expect(after).toMatchObject({ id: 'initializing-plugin', consequences: [consequence] });
    expect(after).not.toHaveProperty('endedBy');
  });

  test('the last of several lines is shown, and tokens with different times are one problem', () => {
    const expired = (at: string) =>
      `E1124 ${at}.019437   14833 authentication.go:75] "Unable to authenticate the request" err="oidc: verify token: oidc: token is expired (Token Expiry: 2026-11-24 ${at} +0000 UTC)"`;
    const said = text(['22:34:57', '22:35:57', '22:36:57'].map(expired).join('\n'));
    expect(said).toMatch(/^E1124 22:34:57.*\n {2}and 2 more lines with the same meaning, the last: E1124 22:36:57/);
    expect(said.match(/token-expired/g)).toHaveLength(1);
  });
});

describe('a line that can be a consequence', () => {
  const refused = (why: string) =>
    `E1124 23:34:58.019437   14833 authentication.go:75] "Unable to authenticate the request" err=${JSON.stringify(`[invalid bearer token, ${why}]`)}`;
  const expired = refused('oidc: verify token: oidc: token is expired (Token Expiry: 2026-11-24 22:34:57 +0000 UTC)');
  const audience = refused('oidc: verify token: oidc: expected audience "k8s" got ["headlamp"]');
  const unauthorized = 'error: You must be logged in to the server (Unauthorized)';
  const crash = (name: string) =>
    String.raw`E1124 23:38:14.162985     900 pod_workers.go:1324] "Error syncing pod, skipping" err="failed to \"StartContainer\" for \"${name}\" with CrashLoopBackOff: \"back-off 40s restarting failed container=${name}\""`;
  const faulty =
    'E1124 23:38:14.162985   28328 run.go:72] "command failed" err="invalid authentication configuration: jwt[0].issuer.url: Invalid value: \\"http://x\\": URL scheme must be https"';
  const discovery =
    'error: get-token: authentication error: oidc error: oidc discovery error: Get "https://idm.example.com/oauth2/openid/k8s/.well-known/openid-configuration": dial tcp: lookup idm.example.com: no such host';
  const plugin = (name: string) =>
    `Unable to connect to the server: getting credentials: exec: executable ${name} failed with exit code 1`;

  test('belongs to the only possible cause', () => {
    expect(explainLog(`${expired}\n${unauthorized}`).answers).toMatchObject([
      { id: 'token-expired', consequences: [unauthorized] },
    ]);
    expect(ids(explainLog(`${faulty}\n${crash('kube-apiserver')}`))).toEqual(['authentication-configuration-rule']);
    expect(ids(explainLog(`${discovery}\n${plugin('kubectl')}`))).toEqual(['kubelogin-discovery']);
    const algorithm = String.raw`E1124 23:38:14.162985   28328 run.go:72] "command failed" err="oidc: unsupported signing alg: \"ES265\""`;
    const silent = 'The connection to the server 192.0.2.10:6443 was refused - did you specify the right host or port?';
    expect(ids(explainLog(`${silent}\n${algorithm}\n${crash('kube-apiserver')}`))).toEqual([
      'unknown-signing-algorithm',
    ]);
  });

  test('belongs to no cause that cannot have it', () => {
    const lookup = 'Unable to connect to the server: dial tcp: lookup api.example.com: no such host';
    expect(ids(explainLog(`${faulty}\n${lookup}`))).toEqual([
      'authentication-configuration-rule',
      'api-server-unreachable',
    ]);
  });

  test('belongs to none of several causes, for example errors of other people', () => {
    expect(ids(explainLog(`${expired}\n${audience}\n${unauthorized}`))).toEqual([
      'token-expired',
      'token-audience',
      'unauthorized',
    ]);
  });

  test('does not belong to a cause of another program', () => {
    expect(ids(explainLog(`${faulty}\n${crash('kanidm')}`))).toEqual([
      'authentication-configuration-rule',
      'container-crashes',
    ]);
    expect(ids(explainLog(`${discovery}\n${plugin('aws')}`))).toEqual(['kubelogin-discovery', 'plugin-failed']);
  });
});

test('the keys of another provider are not said to be those of Kanidm', () => {
  const line = String.raw`E1124 23:34:58.019437       1 authentication.go:75] "Unable to authenticate the request" err="[invalid bearer token, oidc: verify token: failed to verify signature: fetching keys oidc: get keys failed Get \"https://ci.example.com/jwks\": dial tcp 192.0.2.7:443: connect: connection refused]"`;
  const [found] = answer(line);
  expect(found?.text).toMatch(
    /address of ci\.example\.com\. The line names https:\/\/ci\.example\.com\/jwks, which does not/,
  );
  expect(found?.text).not.toMatch(/address of Kanidm|meant to be/);
});

test('the name in the certificate of a front proxy can have spaces', () => {
  const [found] = answer(
    'E1127 14:39:05.109125    1663 authentication.go:76] "Unable to authenticate the request" err="x509: subject with cn=front proxy is not in the allowed list"',
  );
  expect(found?.text).toMatch(/its name front proxy is not in/);
});

test('a missing kubectl is not a missing kubelogin', () => {
  const [found] = answer('getting credentials: exec: executable kubectl not found');
  expect(found?.text).toMatch(/Install kubectl, and kubelogin as its plugin/);
});

test('a scope does not help if a token says that the mail address is not verified, only if the claim is missing', () => {
  const said = (why: string) =>
    answer(`"Unable to authenticate the request" err="[invalid bearer token, oidc: ${why}]"`)[0]?.text ?? '';
  expect(said('email not verified')).toContain('`email_verified` in the token is not `true`');
  expect(said('email not verified')).not.toContain('scope');
  expect(said('parse username claims \\"email\\": claim not present')).toContain('Add the scope `email`');
});

test('a code that was copied with the rest of the address is one of the causes, but not of a late code', () => {
  const text = (line: string) => answer(line)[0]?.text ?? '';
  for (const line of [
    'error: get-token: authentication error: authcode-keyboard error: could not exchange the authorization code: oauth2: "invalid_request"',
    'ERROR    ┕━ 🚨 [error]: Failed to deserialise a valid JWE',
  ])
    expect(text(line)).toContain('paste only the text between `code=` and the next `&`');
  expect(text('ERROR    ┕━ 🚨 [error]: Expired token exchange request')).not.toContain('copied exactly');
});

test('not every failure to get something is a failure of Flux', () => {
  const possible = (line: string) => ids(explainLog(line)).flat();
  for (const line of [
    'E1126 10:00:00.000000     900 csi_attacher.go:300] attacher.MountDevice failed to get driver and volume name: not found',
    'failed to get observed generation: not found',
  ])
    expect(possible(line)).toEqual([]);
  for (const line of [
    "failed to get authentication secret 'flux-system/deploy': not found",
    'failed to download archive: GET https://example.com/a.tar.gz giving up after 10 attempt(s)',
    'failed to determine artifact digest: 401 Unauthorized',
  ])
    expect(possible(line)).toEqual(['flux-source']);
});

test('a line of which only the beginning is read is counted', () => {
  expect(explainLog(`${'x'.repeat(8193)}\n${'x'.repeat(8192)}`).cut).toBe(1);
});

test('the old plugin of kubectl and another provider', () => {
  const [found] = answer(
    'Unable to connect to the server: Get "https://dex.example.org:32000/.well-known/openid-configuration": x509: certificate signed by unknown authority',
  );
  expect(found?.text).toMatch(/certificate of dex\.example\.org:32000 is signed by a CA that kubectl does not trust/);
  expect(found?.text).not.toMatch(/certificate of Kanidm/);
});
