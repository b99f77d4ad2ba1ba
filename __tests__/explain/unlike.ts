/** For each explanation, lines of other programs with the same words, which it must not explain. */
export const unlike: Readonly<Record<string, readonly string[]>> = {
  'kubelet-refused': [
    'error: unable to upgrade connection: unexpected EOF',
    'error: unable to upgrade connection: pod does not exist',
    'Error from server (Forbidden): nodes "a" is forbidden: User "jane" cannot get resource "nodes/proxy" in API group "" at the cluster scope',
  ],
  'oidc-plugin-missing': ['error: no Auth Provider found for name "gcp"'],
  'application-token-refused': ['headlamp[1]: API server rejected the request (403)'],
  'initializing-plugin': [
    'kubelet[900]: E1124 10:00:00.000000     900 plugin_manager.go:118] "Error initializing plugin" err="timeout"',
    'coredns-abc [ERROR] plugin/errors: 2 initializing plugin: 404 Not Found',
  ],
  'unknown-oidc-flag': [
    'Error: unknown flag: --oidc-issuer-url',
    'helm: Error: unknown flag: --oidc-issuer',
    'kubeadm[1]: error: unknown flag: --oidc-groups-claim',
  ],
  'oidc-flag-of-another-program': ['Error: unknown flag: --oidc-issuer', 'error: unknown flag: --oidc-username-claims'],
  'k3s-server-flag': [
    'headlamp[1]: flag provided but not defined: -oidc-issuer-url',
    'k3s[1]: flag provided but not defined: -authentication-configs',
  ],
  'no-kubeconfig': [
    'curl: (7) connection to the server localhost:8080 failed',
    'The connection to the server localhost:6443 was refused - did you specify the right host or port?',
  ],
  'kubeconfig-entry-missing': [
    'error: get-token: could not find the current authentication provider: context oidc does not exist',
    'etcd[1]: error: cluster "main" does not exist',
  ],
  'unknown-oidc-flag-of-kubelogin': [
    'error: unknown flag: --oidc-client-id',
    'Error: unknown flag: --oidc-client-secret',
    'Error: unknown flag: --listen-addresses',
  ],
  'unknown-authentication-config-flag': [
    'error: unknown flag: --authentication-token',
    'Error: unknown flag: --authentication-configuration',
  ],
  'flags-and-file': ['error: --config and --oidc flags are mutually exclusive'],
  'client-id-missing': ['error: client-id and issuer must be specified together'],
  'unknown-signing-algorithm': ['cert-manager: unsupported signing algorithm: "XS256"'],
  'oidc-settings': ['grafana[1]: level=error msg="Failed to load the CA bundle"'],
  'file-not-mounted': [
    'kanidmd[100]: ERROR Unable to open /etc/kanidm/authentication: No such file',
    'sshd[12]: error: open /etc/ssh/authentication_keys: no such file or directory',
  ],
  'anonymous-twice': ['kubelet[900]: anonymous-auth flag is set'],
  'anonymous-changed': ['etcd[1]: changed from initial configuration file'],
  'authentication-configuration-rule': [
    'Error from server (Invalid): admission policy: spec.validations[0].expression: Invalid value: "x": compilation failed: ERROR: <input>:1:1: undeclared reference',
    'envoy[1]: jwt: Invalid token',
  ],
  'authentication-configuration-file': [
    `kubectl[1]: error: error parsing pod.yaml: error converting YAML to JSON: Object 'Kind' is missing in '{}'`,
    'kube-scheduler[1]: "command failed" err="failed to load configuration from file \\"/etc/a.yaml\\": empty config data"',
  ],
  'fetching-keys': [
    'argocd-server-1: failed to verify signature: fetching keys oidc: get keys failed: dial tcp: connection refused',
  ],
  'signing-algorithm': [
    'openid-grant-failed: unexpected JWT alg received, expected RS256, got: ES256',
    'argocd-server[1]: level=warning msg="Failed to verify token: oidc: id token signed with unsupported algorithm, expected [\\"RS256\\"] got \\"ES256\\""',
  ],
  'token-signature': [
    'kanidmd[100]: ERROR failed to verify signature',
    'source-controller-1: failed to verify signature of the artifact',
  ],
  'token-audience': [
    'headlamp-1: Failed to verify ID Token: oidc: expected audience "headlamp" got ["kubernetes"]',
    'oauth2-proxy-1: oidc: expected audience "wiki" got ["k8s"]',
  ],
  'token-not-yet-valid': ['argocd-server[1]: current time is before the nbf (not before) time: 2026-11-24'],
  'token-expired': [
    'grafana[1]: level=error msg="oidc: token is expired (Token Expiry: 2026-11-24)"',
    'kanidmd[1]: INFO token is expired',
    'E1126 10:00:00.000000       1 authentication.go:75] "Unable to authenticate the request" err="[invalid bearer token, oidc: verify token: oidc: token is expired (Token Expiry: 0001-01-01 00:00:00 +0000 UTC)]"',
  ],
  'token-without-expiry': [
    'grafana[1]: level=error msg="oidc: token is expired (Token Expiry: 0001-01-01 00:00:00 +0000 UTC)"',
    'E1126 10:00:00.000000       1 authentication.go:75] "Unable to authenticate the request" err="[invalid bearer token, oidc: verify token: oidc: token is expired (Token Expiry: 2026-11-24 22:34:57 +0000 UTC)]"',
  ],
  'token-issuer': [
    'headlamp-1: Failed to verify ID Token: oidc: id token issued by a different provider, expected "a" got "b"',
  ],
  'issuer-not-ready': ['grafana[1]: authenticator not initialized'],
  'email-not-verified': [
    `oauth2-proxy-1: Error creating session during OAuth2 callback: email in id_token (jane@example.com) isn't verified`,
    'failed: claims.email_verified must be used in claimMappings.username.expression',
  ],
  'username-claim': ['argocd-server[1]: parse username claim "email": claim not present'],
  'required-claim': ['grafana[1]: required claim groups not found'],
  'groups-claim': ['argocd-server[1]: failed to parse groups claim'],
  'claim-validation-rule': ['kyverno[1]: error evaluating claim validation'],
  'user-validation-rule': ['kyverno[1]: error evaluating user info rule'],
  'claim-expression': ['envoy[1]: error evaluating username expression'],
  'distributed-claims': ['crossplane[1]: could not expand distributed claims'],
  'token-malformed': [
    'argocd-server[1]: oidc: malformed jwt: go-jose/go-jose: compact JWS format must have three parts',
  ],
  'token-refused': ['headlamp[1]: oidc: could not refresh'],
  'service-account-token': [
    'kubelet[900]: E1124 10:00:00.000000     900 server.go:330] "Unable to authenticate the request due to an error" err="token has been invalidated"',
    'service account token has been invalidated',
  ],
  'authentication-configuration-waits': [
    'kube-apiserver[1]: "failed to update authentication config" err="oidc: invalid configuration, a"',
    'E1127 14:42:37.266677    1663 authentication.go:76] "Unable to authenticate the request" err="[invalid bearer token, oidc: authenticator for issuer \\"https://idm.example.com/oauth2/openid/k8s\\" is not healthy: 404 Not Found: ]"',
  ],
  'front-proxy-certificate': ['haproxy[1]: x509: subject with cn=jane is not in the allowed list'],
  'token-webhook': [
    'E1126 10:00:00.000000     900 webhook.go:154] Failed to make webhook authenticator request: Post "https://192.0.2.1:6443/apis/authentication.k8s.io/v1/tokenreviews": context deadline exceeded',
    'kube-apiserver[1]: failed calling webhook "a": Post "https://a.b.svc:443/validate": context deadline exceeded',
  ],
  'client-certificate': [
    'Nov 26 10:00:00 node1 kubelet[900]: E1126 10:00:00.000000     900 server.go:311] "Unable to authenticate the request due to an error" err="verifying certificate SN=3 failed: x509: certificate signed by unknown authority"',
    'E1126 10:00:00.000000     900 server.go:311] "Unable to authenticate the request due to an error" err="verifying certificate SN=3 failed: x509: certificate signed by unknown authority"',
    'metrics-server[1]: "Unable to authenticate the request" err="x509: certificate has expired"',
  ],
  'invalid-bearer-token': [
    'E1126 10:00:00.000000       1 proxy.go:67] Unable to authenticate the request due to an error: [invalid bearer token, token lookup failed]',
    'kubelet[900]: E1124 10:00:00.000000     900 server.go:330] "Unable to authenticate the request due to an error" err="invalid bearer token"',
    'harbor[1]: invalid bearer token',
  ],
  'kubelogin-discovery': ['vault[1]: oidc discovery error: 404'],
  'kubelogin-device-code': ['az[1]: device code expired'],
  'kubelogin-keyring': ['docker-credential-helper[1]: keyring write failed'],
  'kubelogin-port': [
    'nginx[1]: could not listen: listen tcp 0.0.0.0:80: bind: address already in use',
    'kubelet[9]: no available port',
  ],
  'kubelogin-access-denied': ['grafana[1]: error="access_denied"', 'access_denied'],
  'kubelogin-server-error': ['grafana[1]: authorization code flow error: server_error'],
  'kubelogin-state': ['oauth2-proxy[1]: state does not match'],
  'kubelogin-refresh': ['grafana[1]: oauth2: "invalid_grant"', 'oauth2: "invalid_grant"'],
  'kubelogin-keyboard': ['ssh[1]: could not read a password'],
  'kubelogin-nobody': [
    'E0612 10:00:00.000000       1 oidc.go:313] oidc authenticator: initializing plugin: Get "https://idm.example.com/x": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
    'flux[1]: context deadline exceeded',
  ],
  'kubelogin-exchange': ['grafana[1]: oauth2 error: 400', 'dex[1]: exchange error: 400'],
  'kubelogin-token': ['harbor[1]: you got an invalid token: expired'],
  'kubelogin-cache': [
    'vault[1]: invalid token cache',
    // kubelogin logs this at the first sign-in.
    'I1007 18:07:58.541750   49504 get_token.go:76] could not find a token cache: could not open file /home/jane/.kube/cache/oidc-login/e1f6: open /home/jane/.kube/cache/oidc-login/e1f6: no such file or directory',
  ],
  'kubelogin-password': ['keycloak[1]: resource owner password credentials flow error: disabled'],
  'kubelogin-browser': ['gh[1]: could not open the browser: exec: "xdg-open": executable file not found'],
  'http-on-https-port': ['nginx[1]: the HTTP request was sent to the HTTPS port of the API server'],
  'kubelogin-settings': ['etcdctl: error: user root does not exist', 'terraform[1]: grant-type must be one of (a|b)'],
  'kubelogin-error': ['aws: error: get-token failed', 'aws eks get-token --cluster-name a'],
  'plugin-not-installed': [
    'error: unknown command "login" for "kubectl"',
    'kubelet[9]: exec: "/bin/sh": executable file not found in $PATH',
  ],
  'plugin-policy': ['containerd[1]: plugin "io.containerd.grpc.v1.cri" not loaded'],
  'plugin-output': ['helm: error decoding output'],
  'plugin-version': ['helm: plugin returned version 3'],
  'plugin-old-version': ['error: invalid apiVersion "v1alpha1"'],
  'plugin-interactive-mode': ['error: mode must be specified'],
  'plugin-no-terminal': [
    'error: cannot support interactive mode',
    'Unable to use a TTY - input is not a terminal or the right kind of file',
  ],
  'plugin-empty-answer': [`vault: plugin didn't return a token`],
  'plugin-failed': [
    'kubelet[9]: exec: executable foo failed with exit code 1',
    'docker: error getting credentials - err: exit status 1',
  ],
  'plugin-cancelled': ['kubelet[9]: Unable to cancel request for *http.Transport'],
  'anonymous-request': [
    'Error from server (Forbidden): pods is forbidden: User "jane@idm.example.com" cannot list resource "pods" in API group ""',
    'mongodb[1]: User "system:anonymous" logged in',
  ],
  'service-account-forbidden': [
    'Error from server (Forbidden): pods is forbidden: User "jane" cannot list resource "pods" in API group ""',
  ],
  'component-forbidden': [
    'Error from server (Forbidden): pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group ""',
  ],
  'pod-security': [
    'Error from server (Forbidden): pods is forbidden: User "jane" cannot create resource "pods" in API group ""',
    'falco[1]: violates policy "restricted"',
  ],
  'admission-refused': [
    'Error from server (Forbidden): pods is forbidden: User "jane" cannot create resource "pods" in API group "" in the namespace "web"',
  ],
  'escalation-refused': ['postgres[1]: user "jane" is attempting to grant a role'],
  forbidden: [
    'pods "web" is forbidden: violates PodSecurity "restricted:latest": x',
    'pods "web" is forbidden: exceeded quota: compute',
    'postgres[1]: ERROR: User "jane" cannot drop resource',
    'Error from server (Forbidden): nodes is forbidden: User "system:anonymous" cannot list resource "nodes" in API group ""',
  ],
  unauthorized: [
    'grafana[1]: level=info msg="Request Completed" status=401 reason=Unauthorized-user',
    'containerd[1]: failed to authorize: 401 Unauthorized',
  ],
  'object-for-the-disk': [
    'kustomize-controller-1: ClusterConfiguration/homelab dry-run failed: no matches for kind "ClusterConfiguration" in version "kubeadm.k8s.io/v1beta4"',
    'error: no matches for kind "HelmRelease" in version "helm.toolkit.fluxcd.io/v2"',
  ],
  'old-oidc-plugin': [
    '2023/08/23 17:15:51 http: proxy error: No valid id-token, and cannot refresh without refresh-token',
  ],
  'old-oidc-plugin-discovery': [
    'Unable to connect to the server: Get "https://192.0.2.10:6443/api?timeout=32s": x509: certificate signed by unknown authority',
  ],
  'api-server-certificate': [
    'E1124 23:37:56.166682   27163 oidc.go:419] oidc authenticator: initializing plugin: Get "https://idm.example.com/": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    'kubelet[9]: Failed to pull image "registry.example.com/a": x509: certificate signed by unknown authority',
  ],
  'api-server-unreachable': [
    'psql: The connection to the server was refused',
    `E1127 10:00:00.1 12345 memcache.go:265] "Unhandled Error" err="couldn't get current server API group list: the server has asked for the client to provide credentials"`,
    'kubelet[9]: dial tcp 192.0.2.10:6443: connect: connection refused',
  ],
  'kanidm-localhost': ['keycloak[1]: localhost redirection is not allowed'],
  'kanidm-redirect-url': [
    'kanidmd[1]: Invalid OAuth2 redirect_uri (differs from original request uri)',
    'keycloak[1]: error=invalid_redirect_uri',
    'WARN Invalid OAuth2 redirect_uri scheme (must be a secure origin) - got http://a.example.com',
  ],
  'kanidm-redirect-scheme': ['keycloak[1]: redirect_uri scheme must be https'],
  'kanidm-invalid-origin': ['nginx[1]: CORS: invalid_origin'],
  'kanidm-redirect-changed': [
    'kanidmd[1]: Invalid OAuth2 redirect_uri (must be an exact match to a redirect-url) - got http://localhost:9000',
    'kanidmd[1]: Invalid OAuth2 state (differs from original request)',
  ],
  'kanidm-token-exchange': [
    'kanidmd[1]: ERROR    ┕━ 🚨 [error]: Expired token exchange request',
    'keycloak[1]: Unable to validate subject token for the session',
  ],
  'kanidm-pkce': ['keycloak[1]: PKCE code_challenge missing'],
  'kanidm-page-invalid-state': [
    'ERROR    ┕━ 🚨 [error]: Unable to update the credential | err: InvalidState',
    'grafana[1]: login.OAuthLogin(InvalidState)',
    'argocd-server[1]: InvalidState',
  ],
  'kanidm-page-lead-in': ['An error occurred. Please contact your administrator', 'windows: Error Code: 0x80070005'],
  'kanidm-unknown-client': ['keycloak[1]: invalid client_id wiki'],
  'kanidm-client-secret': ['keycloak[1]: Invalid client or Invalid client credentials secret'],
  'kanidm-secret-missing': ['keycloak[1]: no secret in access token request'],
  'kanidm-scopes': ['grafana[1]: user does not have access to the requested dashboards'],
  'kanidm-refresh': ['keycloak[1]: refresh token has expired'],
  'kanidm-code': ['keycloak[1]: Expired token exchange request'],
  'kanidm-migration': ['gitea[1]: Failed to apply migration 42'],
  'kanidm-uuid-twice': ['longhorn[1]: uuid duplicate found in database'],
  'kanidm-migration-id-twice': ['gitea[1]: Duplicate migration UUID found'],
  'kanidm-migration-unreadable': ['grafana[1]: Unable to read migration'],
  'kanidm-migration-path': ['grafana[1]: Migration path does not exist'],
  'kanidm-start': ['etcd[1]: Refusing to start - data dir is locked', 'gitea[1]: domain was not set'],
  'kanidm-entry-exists': [
    'Error from server (Conflict): Operation cannot be fulfilled: 409 Conflict',
    'flux[1]: 409 Conflict',
  ],
  'kanidm-no-entry': ['ldapsearch: No such object, no matching entries found', 'journalctl: -- No entries --'],
  'kanidm-session': ['vault[1]: Session has expired for jane'],
  'kanidm-access-denied': [
    'source-controller-1: AccessDenied: Access Denied',
    'velero[1]: api error AccessDenied: Access Denied',
  ],
  'application-algorithm': [
    'E1124 23:34:58.019437   14833 authentication.go:75] "Unable to authenticate the request" err="[invalid bearer token, oidc: verify token: oidc: id token signed with unsupported algorithm, expected [\\"RS256\\"] got \\"ES256\\"]"',
    'sshd[1]: no mutual signature algorithm',
    'restic[1]: invalid algorithm',
    'wiki-server[1]: jwt error: invalid algorithm',
  ],
  'application-no-id-token': [
    'Unable to connect to the server: No valid id-token, and cannot refresh without refresh-token',
  ],
  'application-access-token': [
    'E1124 23:34:58.019437   14833 authentication.go:75] "Unable to authenticate the request" err="[invalid bearer token, oidc: verify token: oidc: malformed jwt: square/go-jose: compact JWS format must have three parts]"',
  ],
  'application-audience': [
    'E1124 23:34:58.019437   14833 authentication.go:75] "Unable to authenticate the request" err="[invalid bearer token, oidc: verify token: oidc: expected audience \\"kubernetes\\" got [\\"headlamp\\"]]"',
  ],
  'application-issuer': [
    'error: get-token: authentication error: oidc error: oidc discovery error: oidc: issuer URL provided to client ("https://a.example.com/") did not match the issuer URL returned by provider ("https://a.example.com")',
  ],
  'application-discovery': [
    'terraform: Failed to query provider schema',
    'error: get-token: authentication error: oidc error: oidc discovery error: 404 Not Found: ',
  ],
  'application-client-refused': [
    'error: get-token: authentication error: authcode-browser error: authentication error: authorization code flow error: oauth2 error: exchange error: oauth2: "invalid_client"',
  ],
  'application-email-not-verified': [
    'E0614 00:29:57.960378       1 authentication.go:75] "Unable to authenticate the request" err="[invalid bearer token, oidc: email not verified]"',
  ],
  'kubeadm-old-version': ['error: your configuration file uses an old API spec: "kubelet.config.k8s.io/v1alpha1"'],
  'kubeadm-experimental-version': ['error: experimental API spec: "kubelet.config.k8s.io/v2" is not allowed'],
  'kubeadm-unknown-version': [
    'error: no kind "HelmRelease" is registered for version "helm.toolkit.fluxcd.io/v2beta1" in scheme',
  ],
  'kubeadm-extra-args': [
    'error: json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container',
  ],
  'kubeadm-unknown-field': [
    'Error from server (BadRequest): Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.foo"',
  ],
  'kubeadm-cluster-version': ['error: this version of kubectl only supports clusters of version >= 1.33.0'],
  'kubeadm-version-form': ['helm: error: version "1.34" is not a semantic version'],
  'kubeadm-version-lookup': ['minikube: could not fetch a version from the internet'],
  'kubeadm-loopback': ['flannel[1]: unable to select an IP'],
  'kubeadm-config-and-flags': ["kind: can not mix '--config' with flags"],
  'kubeadm-cluster-info': ['kubectl cluster-info: failed to request the ConfigMap'],
  'kubeadm-api-server-not-ready': [
    'etcd[1]: could not initialize the cluster',
    'kubelet[1]: the API server is not ready',
  ],
  'flux-file-for-nodes': [
    'error: resource mapping not found for name: "" namespace: "" from "a.yaml": no matches for kind "AuthenticationConfiguration" in version "apiserver.config.k8s.io/v1"',
    'error: unable to recognize "a.yaml": no matches for kind "ClusterConfiguration" in version "kubeadm.k8s.io/v1beta3"',
  ],
  'unknown-kind': [
    'helm: no kind is registered',
    'error: resource mapping not found for name: "" namespace: "" from "a.yaml": no matches for kind "AuthenticationConfiguration" in version "apiserver.config.k8s.io/v1"',
  ],
  'unknown-field': [
    '"command failed" err="failed to load authentication configuration from file \\"/etc/a.yaml\\": strict decoding error: unknown field \\"jwt[0].issuer.audience\\""',
  ],
  'flux-object-twice': ['kubeadm[1]: resource with an already registered id'],
  'role-of-binding': ['vault[1]: cannot change role'],
  'statefulset-immutable': ['The Deployment "web" is invalid: spec.selector: Invalid value: {}: field is immutable'],
  'flux-namespace-missing': [
    'Error from server (NotFound): namespaces "web" not found',
    'calico[1]: namespaces "web" not found',
  ],
  'helm-ownership': ['terraform: object cannot be imported into the current state'],
  'flux-variable': ['bash: DOMAIN: unbound variable', 'helm: variable not set'],
  'flux-external-artifact': ['kubelet[1]: ExternalArtifact'],
  'flux-kanidm-not-ready': [
    "health check failed after 5m0s: timeout waiting for: [Deployment/web/web status: 'InProgress']",
    'kanidmd[1]: health check failed',
  ],
  'flux-source': [
    'attacher.MountDevice failed to get CSIPersistentVolumeSource: not found',
    'docker: failed to pull image: not found',
    'kanidmd[1]: failed to get entry: not found',
  ],
  'flux-cross-namespace': ["rsync: can't access 'a/b', permission denied"],
  'flux-path-missing': ['kustomize: path not found: stat dist: no such file or directory'],
  'storage-class-missing': ['Error from server (NotFound): storageclasses "a" not found'],
  'volume-not-bound': ['0/3 nodes are available: 3 Insufficient cpu.'],
  'secret-missing': ['kanidmd[1]: secret "a" not found', 'vault[1]: secret "a" not found'],
  'image-pull': [
    'kubelet[9]: Successfully pulled image "docker.io/kanidm/server:1.11.1"',
    'git[1]: Failed to pull: not found',
  ],
  'probe-without-shell': ['kubelet[9]: Readiness probe failed: HTTP probe failed with statuscode: 503'],
  'container-crashes': ['kubelet[9]: Back-off restarting failed container web in pod web-0_web(1)'],
  'static-pod-unreadable': ['helm: Failed to parse YAML: manifest.yaml', 'docker: could not process manifest'],
  'host-path-missing': ['rsync: path type check failed: /a is not a directory'],
  'talos-extra-argument': ['kube-apiserver: extra argument "a"', 'docker: argument "oidc" is not allowed'],
  'talos-document': [
    'containerd[1]: "KubeConfig" not registered',
    'error: no kind "KubeletConfiguration": not registered in scheme',
  ],
  'browser-form-action': [
    "Refused to load the script 'https://a.example.com/x.js' because it violates the following Content Security Policy directive: \"script-src 'self'\"",
  ],
  'ingress-plain-http': [
    'nginx[1]: upstream prematurely closed connection while reading response header from upstream, upstream: "http://10.0.0.1:80/shop"',
    '2026/05/01 10:00:00 [error] 31#31: *42 upstream prematurely closed connection while reading response header from upstream, client: 192.0.2.3, server: app.example.com, request: "GET /oauth2/callback HTTP/2.0", upstream: "http://10.244.0.9:4180/oauth2/callback"',
    '2026/05/01 10:00:00 [error] 31#31: *42 upstream prematurely closed connection while reading response header from upstream, client: 192.0.2.3, server: idm.example.com, request: "GET /status HTTP/2.0", upstream: "https://10.244.0.9:8443/status"',
  ],
  'ingress-no-endpoint': ['nginx[1]: Service "web/web" does not have any active Endpoint.'],
  'ingress-certificate': [
    'nginx[1]: Error getting SSL certificate "web/tls": local SSL certificate web/tls was not found',
  ],
  'webhook-certificate': ['nginx[1]: failed calling webhook: x509: certificate signed by unknown authority'],
  'certificate-of-kanidm-to-api-server': [
    'Error from server: error dialing backend: tls: failed to verify certificate: x509: certificate signed by unknown authority',
    'kubelet[9]: x509: certificate signed by unknown authority',
    'kube-apiserver[1]: W0501 10:00:00.000000 1 logging.go:55] [core] grpc: addrConn.createTransport failed to connect to {Addr: 127.0.0.1:2379}. Err: authentication handshake failed: tls: failed to verify certificate: x509: certificate signed by unknown authority',
  ],
  'certificate-of-kanidm-to-kubelogin': [
    'flux[9]: x509: certificate signed by unknown authority',
    '* error checking oidc discovery URL: x509: certificate signed by unknown authority',
  ],
  'certificate-of-api-server-to-kubectl': ['containerd[9]: x509: certificate signed by unknown authority'],
  'oidc-flag-value': ['helm: Error: invalid argument "a" for "--set" flag: key has no value'],
  'kanidm-unreachable': [
    'cargo[1]: error sending request for url (https://index.crates.example.com/a)',
    'kanidm_unixd[12]: ERROR Transport(reqwest::Error { kind: Request })',
  ],
  'application-state': [
    'terraform: error: state mismatch for resource a',
    'mdadm[1]: state mismatch on /dev/sda',
    'OAuth state cookie set, redirecting',
    'level=info msg="OAuth state parameter verified"',
  ],
  'application-sign-in-refused': [
    'error: get-token: authentication error: authcode-browser error: authentication error: authorization code flow error: oauth2 error: authorization error: authorization error from server: access_denied ',
    'velero[1]: Error from provider: access_denied_by_policy of the bucket',
  ],
  'application-person-refused': [
    '[2026/10/18 20:42:45] [AuthSuccess] Authenticated via OAuth2: Session{email:jane@example.com}',
  ],
  'application-claim-missing': [
    'postfix[1]: missing required header',
    'grafana[1]: field "title" is missing',
    'grafana[1]: field name missing in the dashboard',
  ],
  'application-signature': [
    'fwupd[300]: signature verification failed',
    'cosign[1]: id token signature verification failed',
    'E1124 23:34:58.019437   14833 authentication.go:75] "Unable to authenticate the request" err="[invalid bearer token, oidc: verify token: failed to verify signature: failed to verify id token signature]"',
    'source-controller-1: failed to verify signature of the artifact',
  ],
  'application-unreachable': [
    'E1124 23:37:56.166682   27163 oidc.go:419] oidc authenticator: initializing plugin: Get "https://idm.example.com/oauth2/openid/k8s/.well-known/openid-configuration": EOF',
    'grafana[1]: Get "https://prometheus.example.com/api/v1/query": EOF',
  ],
  'kanidm-start-ended': ['etcd[1]: Failed to start server core', 'gitea[1]: Unable to build server configuration'],
  'kanidm-tls-handshake': [
    'nginx[1]: Failed to create TLS stream | err: AlertReceived(UnknownCA)',
    'http: TLS handshake error from 192.0.2.3:41244: remote error: tls: unknown certificate authority',
  ],
  'kanidm-member-missing': [
    'postgres[1]: violates ReferentialIntegrity',
    'freeipa[1]: some uuids that were referenced do not exist',
  ],
  'kanidm-value-refused': ['openldap[1]: SchemaViolation(InvalidAttributeSyntax("name"))'],
  'kanidm-sign-in-refused': ['vault[1]: authentication init phase: AuthenticationFailed', 'az: AuthenticationFailed'],
  'kanidm-client-settings': ['bao[1]: Failed to add ca certificate', 'mongosh: Please specify a username'],
  'kanidm-unsupported-request': [
    'keycloak[1]: Unsupported OAuth2 response_type',
    'cargo: unknown variant `password`, expected one of `a`, `b`',
  ],
  'kanidm-authorise-ended': [
    'keycloak[1]: Unable to authorise - Error ID: 114a6fbb-ae66-4ea8-9e26-cc386d30e6fe error: a',
  ],
  'kanidm-page-access-denied': ['If you believe this is an error, please contact your administrator.'],
  'kanidm-page-login-failed': ['Reason: invalid reference format', 'Reason: Unauthorized'],
  'ingress-upstream': [
    '192.0.2.3 - - [01/May/2026:10:00:00 +0000] "GET /oauth2/openid/k8s/.well-known/openid-configuration HTTP/2.0" 200 11',
    '2026/05/01 10:00:00 [error] 31#31: *42 connect() failed (111: Connection refused) while connecting to upstream, server: shop.example.com, upstream: "http://10.0.0.1:80/shop"',
    '192.0.2.3 - - [01/May/2026:10:00:00 +0000] "GET /oauth2/callback HTTP/2.0" 502 11 "-" "-" 42 "app@kubernetes" "http://10.42.0.12:4180" 2ms',
    '192.0.2.3 - - [01/May/2026:10:00:00 +0000] "POST /oauth2/token HTTP/2.0" 502 11 "-" "-" 42 "hydra@kubernetes" "https://10.42.0.12:4444" 2ms',
    '192.0.2.3 - - [01/May/2026:10:00:00 +0000] "POST /v1/auth/kubernetes/login HTTP/1.1" 503 300',
    `[pod/traefik-5d8/traefik] time="2026-05-01T10:00:00Z" level=debug msg="'502 Bad Gateway' caused by: dial tcp 10.42.0.19:8080: connect: connection refused"`,
    '2026/05/01 10:00:00 [error] 31#31: *42 connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.3, server: grafana.example.com, request: "GET /login/generic_oauth HTTP/2.0", upstream: "http://10.244.0.9:3000/login", host: "grafana.example.com", referrer: "https://idm.example.com/ui/oauth2"',
  ],
  'probe-without-credentials': [
    'kubelet[9]: Readiness probe failed: HTTP probe failed with statuscode: 503',
    '  Warning  Unhealthy  2m  kubelet  Startup probe failed: HTTP probe failed with statuscode: 403',
  ],
  'kubeconfig-unreadable': ['nginx[1]: error loading config file "/etc/nginx/nginx.conf"'],
  'start-file-missing': [
    'E1124 23:38:14.162985   28328 run.go:72] "command failed" err="stat /etc/kubernetes/scheduler.conf: no such file or directory"',
    'kubelet[900]: E1126 10:00:00.000000     900 run.go:74] "command failed" err="open /var/lib/a.yaml: no such file or directory"',
  ],
  'browser-localhost': [
    'curl: (7) Failed to connect to localhost port 8000: Connection refused',
    'GET http://localhost:3000/api net::ERR_CONNECTION_REFUSED',
  ],
  'certificate-of-kanidm-to-application': [
    "fatal: unable to access 'https://git.example.com/a.git/': SSL certificate problem: unable to get local issuer certificate",
    'wiki-server[1]: Error: unable to verify the first certificate',
    'grafana[1]: certificate verify failed for smtp.example.com',
    'argocd-repo-server[1]: level=error msg="failed exit status 128: fatal: unable to access: SSL certificate problem: unable to get local issuer certificate"',
    'Error: unable to verify the first certificate at https://accounts.example.org/.well-known/openid-configuration',
  ],
};
