import { because, kubectlToApiServer, kubeloginToKanidm } from '../connection-reasons';
import type { Explanation, Facts } from '../explanation';
import type { Program } from '../programs';
import { startFailures } from './api-server-start';

const of = 'kubectl';
/** Programs that print an answer of the API server. */
const anybody: readonly Program[] = [
  'kubectl',
  'an application',
  'kubelogin',
  'Flux',
  'kubelet',
  'kubeadm',
  'k3s',
  'other',
];
const whoami = '`kubectl auth whoami` prints the user name and groups that the API server sees.';

const get = (issuer: string, reason: string) => `Get "${issuer}/.well-known/openid-configuration": ${reason}`;

/** The users of the administrator kubeconfigs that kubeadm, K3s, RKE2 and minikube write. */
export const certificateUser = /^(?:kubernetes(?:-super)?-admin|system:admin|minikube-user)$/;

/** Whether a program needs a right for its own work, such as leader election, and not for objects that it applies. */
const isForItself = ({ name = '', verb = '', what = '' }: Facts) =>
  what === 'leases' || (/^(?:list|watch)$/.test(verb) && /-controller$/.test(name));

/** Messages of kubectl and other clients about an answer of the API server, from Kubernetes 1.30 to 1.37. */
export const kubectlAnswers: readonly Explanation[] = [
  {
    id: 'anonymous-request',
    title: 'The request has no credentials: no token was sent',
    of: 'kube-apiserver',
    // A kubelet signs in with a certificate of its node, so the fix for people does not apply to a kubelet.
    relayed: anybody.filter((one) => one !== 'kubelet'),
    // Before Kubernetes 1.12, the line does not contain the word `resource`. The last form is a row of `kubectl auth
    // whoami`.
    pattern:
      /User "?system:anonymous"? cannot (?<verb>[\w*]{1,20}) (?:(?:resource|path) )?"?(?<what>[^\s"]{1,200})|^Username:? {1,40}(?:system:anonymous)$/,
    means: ({ verb = '', what = '' }) =>
      `The request${verb === '' ? '' : ` to ${verb} ${what}`} had no credentials, so the API server treats it as \`system:anonymous\`. Nobody signed in. The API server also did not refuse a token: it answers 401 if it refuses one.`,
    fix: 'With kubectl: check that the user of the current context has the `exec` entry of kubelogin (`kubectl config view --minify`), and that no other context or KUBECONFIG is in use. With an application such as Headlamp: sign in on its page, and check that the application is set to send the ID token to the API server, and that no proxy drops the `Authorization` header.',
    see: whoami,
    example: [
      'Error from server (Forbidden): nodes is forbidden: User "system:anonymous" cannot list resource "nodes" in API group "" at the cluster scope',
      String.raw`"message": "nodes.metrics.k8s.io is forbidden: User \"system:anonymous\" cannot list resource \"nodes\" in API group \"metrics.k8s.io\" at the cluster scope",`,
    ],
  },
  {
    id: 'service-account-forbidden',
    title: 'A service account, not a person, lacks a right',
    of: 'kube-apiserver',
    relayed: anybody,
    pattern:
      /User "?system:serviceaccount:(?<namespace>[\w.-]{1,253}):(?<name>[\w.-]{1,253})"? cannot (?<verb>[\w*]{1,20}) (?:resource|path) "?(?<what>[^\s"]{1,200})/,
    means: ({ namespace = '', name = '', verb = '', what = '' }) =>
      `The service account ${name} of namespace ${namespace} may not ${verb} ${what}. A service account belongs to a program in the cluster, not to a person.`,
    fix: (facts) =>
      isForItself(facts)
        ? 'The program needs this right for its own work. Restore the roles and bindings of its installation. For Flux, `flux install` or `flux bootstrap` creates them.'
        : facts.namespace === 'flux-system'
          ? 'Flux applies objects with this account. `serviceAccountName` of the Kustomization or HelmRelease names the account. If that field is not set, `--default-service-account` of the controller names it. Without both, it is the account of the controller. Bind the required role to the account, or name another account in `serviceAccountName`.'
          : 'Bind a role to that service account, or check why the program uses that account.',
    see: 'kubectl auth can-i --list --as=system:serviceaccount:<namespace>:<name>',
    example: [
      'Error from server (Forbidden): pods is forbidden: User "system:serviceaccount:web:default" cannot list resource "pods" in API group "" in the namespace "web"',
    ],
  },
  {
    id: 'component-forbidden',
    title: 'A component of Kubernetes, not a person, lacks a right',
    of: 'kube-apiserver',
    // The kubelet is not in this list, because every kubelet logs such an error about its own node when it starts.
    relayed: ['kubectl', 'an application', 'kubeadm'],
    pattern:
      /User "?system:(?<name>(?:node|kube|bootstrap|cloud|apiserver)[\w:.-]{0,253})"? cannot (?<verb>[\w*]{1,20}) (?:resource|path) "?(?<what>[^\s"]{1,200})/,
    means: ({ name = '', verb = '', what = '' }) =>
      `system:${name}, a component of Kubernetes, may not ${verb} ${what}. No person is affected.`,
    fix: 'Check the component. For example, a kubelet may access only objects of its own node.',
    see: whoami,
    example: [
      'Error from server (Forbidden): secrets "a" is forbidden: User "system:node:node1" cannot get resource "secrets" in API group "" in the namespace "web": no relationship found between node \'node1\' and this object',
    ],
  },
  {
    id: 'pod-security',
    title: 'Pod Security, not RBAC, refuses the pod',
    of: 'kube-apiserver',
    relayed: [...anybody, 'kube-controller-manager'],
    pattern: /(?:is forbidden: |would )?violates? PodSecurity "(?<level>[^"]*)"(?:: (?<reason>.*)$)?/,
    means: ({ level = '', reason = '' }) =>
      `The Pod Security level “${level}” applies to the namespace, and this pod violates it${reason === '' ? '' : `: “${reason.slice(0, 200)}”`}. Signing in works, and RBAC allows the request.`,
    fix: 'Change the security context of the pod, or the label `pod-security.kubernetes.io/enforce` of the namespace.',
    see: 'kubectl get namespace <name> --show-labels',
    example: [
      'Error from server (Forbidden): error when creating "pod.yaml": pods "web" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "web" must set securityContext.allowPrivilegeEscalation=false)',
    ],
  },
  {
    id: 'admission-refused',
    title: 'A quota or an admission check, not RBAC, refuses the request',
    of: 'kube-apiserver',
    relayed: [...anybody, 'kube-controller-manager'],
    pattern:
      /is forbidden: (?<reason>(?:exceeded quota|failed quota|maximum|minimum|must specify|error looking up service account|unable to create new content in namespace|no PriorityClass|ValidatingAdmissionPolicy|not yet ready to handle request).*)$|admission webhook "(?<webhook>[^"]*)" denied the request/,
    means: ({ reason = '', webhook = '' }) =>
      `RBAC allowed the request, but ${webhook === '' ? `an admission check refused it: “${reason.slice(0, 200)}”` : `the admission webhook ${webhook} refused it`}. Signing in works.`,
    fix: 'Change the object or the policy that the line names.',
    see: whoami,
    example: [
      'Error from server (Forbidden): pods "web" is forbidden: exceeded quota: compute, requested: pods=1, used: pods=10, limited: pods=10',
    ],
  },
  {
    id: 'escalation-refused',
    title: 'A user may not grant rights that they do not have',
    of: 'kube-apiserver',
    relayed: anybody,
    pattern: /(?:user "(?<user>[^"]{0,253})" .{0,200})?is attempting to grant RBAC permissions not currently held/,
    means: ({ user = '' }) =>
      `${user === '' ? 'The user' : user} tried to create a role or binding with rights that they do not have. Kubernetes forbids this.`,
    fix: 'Have somebody with these rights apply the object, or apply it with Flux, if Flux runs as cluster-admin.',
    see: whoami,
    example: [
      'Error from server (Forbidden): clusterrolebindings.rbac.authorization.k8s.io "a" is forbidden: user "jane@idm.example.com" (groups=["kanidm:devs@idm.example.com" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:',
    ],
  },
  {
    id: 'forbidden',
    title: 'Signing in works, but no binding gives the right',
    of: 'kube-apiserver',
    relayed: anybody,
    pattern:
      /User "(?!system:(?!admin|masters))(?<user>[^"]{0,300})" cannot (?<verb>[\w*]{1,20}) (?:resource|path) "(?<what>[^"]*)"(?: in API group "(?<group>[^"]*)")?(?: in the namespace "(?<namespace>[^"]*)")?(?:(?: at the cluster scope)?: RBAC: (?<missing>.{1,300} not found))?/,
    means: ({ user = '', verb = '', what = '', namespace = '', missing = '' }) => {
      const right = `the right to ${verb} ${what}${namespace === '' ? '' : ` in the namespace ${namespace}`}`;
      if (certificateUser.test(user))
        return `${user} is the user of an administrator's client certificate: the request was made with this certificate, not with a token of Kanidm. No binding of this user or of a group in the certificate gives ${right}.`;
      const name = `Signing in works: the API server knows the user as ${user === '' ? 'nobody (an empty name)' : `“${user}”`}.`;
      return missing === ''
        ? `${name} No binding of this user or of a group in the token gives ${right}.`
        : `${name} A binding names this user or a group in the token, but the role of the binding does not exist: “${missing}”. No other binding gives ${right}.`;
    },
    fix: ({ user = '', verb = '', what = '', missing = '' }) => {
      if (certificateUser.test(user))
        return 'To sign in with Kanidm, use the kubeconfig that `kaniflux synth` renders. With kubeadm 1.29 or later, /etc/kubernetes/admin.conf gets its rights from the ClusterRoleBinding `kubeadm:cluster-admins`. If this binding is missing, create it with /etc/kubernetes/super-admin.conf, which needs no binding.';
      if (missing !== '')
        return 'Create the role that the line names, or correct `clusterRole` or `role` of the grant and render again.';
      return `Run \`kaniflux explain <person>\`, and compare the user name that the command prints with the user name in the line: a wrong prefix or claim causes the same error. \`kaniflux who-can ${verb} ${what}\` lists everyone who may do this.`;
    },
    see: whoami,
    example: [
      'Error from server (Forbidden): pods is forbidden: User "https://idm.example.com/oauth2/openid/k8s#7b89b6ea-1e8b-4aa8-98fb-a70cba498d16" cannot list resource "pods" in API group "" in the namespace "web"',
    ],
    beside: 'user',
  },
  {
    id: 'unauthorized',
    title: 'The API server refused the token (401)',
    of,
    relayed: ['an application', 'kubelogin', 'other', 'Flux'],
    pattern:
      /^(?:error: )?Unauthorized$|^Unauthorized: Unauthorized kind="Status"|the server has asked for the client to provide credentials|You must be logged in to the server|"?reason"?: ?"?Unauthorized|Error from server \(Unauthorized\)|: Unauthorized$/,
    // A kubelet that refuses the API server, and controllers and proxies, which do not sign in as people.
    unless:
      /unable to upgrade connection|provide credentials \( ?(?:get )?pods\/log\b|webhook authenticator request|Unable to authenticate the request|resource lock|[Ff]ailed to (?:list|watch)(?: \*|.{0,300} type="\*)|(?:update|ensure|acquire|renew) lease| controller="/,
    shared: {
      sure: /asked for the client|You must be logged in|Error from server|kind="Status"/,
      tell: 'the line is the answer of the API server to kubectl or another client',
    },
    means:
      'The API server refused the token that was sent, or the client sent no token. The reason is only in the log of the API server. A missing right would be reported as Forbidden (403).',
    fix: 'Pipe the token into `kaniflux explain --token -`, or the log of the API server into `kaniflux explain --log -`.',
    see: 'Run `kubectl oidc-login get-token … | jq -r .status.token | kaniflux explain --token -`, with the arguments from the kubeconfig in place of `…`.',
    example: [
      'error: You must be logged in to the server (Unauthorized)',
      `E0228 11:34:11.335402   92996 memcache.go:265] "Unhandled Error" err="couldn't get current server API group list: the server has asked for the client to provide credentials"`,
    ],
    consequenceOf: [
      'signing-algorithm',
      'token-signature',
      'token-audience',
      'token-expired',
      'invalid-bearer-token',
      'issuer-not-ready',
      'initializing-plugin',
      'email-not-verified',
      'username-claim',
      'fetching-keys',
      'token-issuer',
      'token-not-yet-valid',
      'token-without-expiry',
      'token-malformed',
      'token-refused',
      'required-claim',
      'groups-claim',
      'claim-validation-rule',
      'user-validation-rule',
      'claim-expression',
      'distributed-claims',
    ],
  },
  {
    id: 'object-for-the-disk',
    title: 'This configuration file is not an object to apply to the cluster',
    of,
    relayed: ['an application', 'other'],
    pattern:
      /no matches for kind "(?<kind>AuthenticationConfiguration|ClusterConfiguration|InitConfiguration|JoinConfiguration|KubeletConfiguration|KubeAuthenticationConfig|\w{1,60}(?=" in version "(?:apiserver\.config|kubeadm|kubelet\.config|audit)\.k8s\.io\/))" in version "(?<version>[^"]*)"/,
    shared: {
      sure: /resource mapping not found|^error: |unable to recognize/,
      tell: 'the line is the output of `kubectl apply`',
    },
    means: ({ kind = '', version = '' }) =>
      `${kind} is not a kind of object that the API server stores. ${/^Kube(let|Auth)/.test(kind) ? 'The node reads files of this kind' : /^(?:apiserver\.config|audit)\./.test(version) ? 'kube-apiserver reads files of this kind from its own disk when it starts' : 'kubeadm reads files of this kind'}. Installing a CRD does not help.`,
    fix: ({ kind = '' }) =>
      kind === 'AuthenticationConfiguration'
        ? 'Put the file on every control-plane node, for example as /etc/kubernetes/kaniflux/authentication-config.yaml, and name it with `--authentication-config`. With Talos 1.14 or later, write the configuration into a document `KubeAuthenticationConfig` instead. `kaniflux synth` renders the file or the document under control-planes/<cluster>/, with a README that says which file goes where.'
        : 'Give the file to the program that reads it; see the README under control-planes/<cluster>/.',
    see: '`kubectl api-resources` lists what the cluster stores.',
    example: [
      'error: resource mapping not found for name: "" namespace: "" from "oidc.yaml": no matches for kind "AuthenticationConfiguration" in version "apiserver.config.k8s.io/v1beta1"',
    ],
  },
  {
    id: 'old-oidc-plugin',
    title: 'The kubeconfig uses the old OIDC plugin of kubectl',
    of,
    relayed: ['an application', 'other'],
    pattern:
      /(?<removed>auth provider "oidc" removed|the (?:oidc )?auth plugin has been removed)|No valid id-token, and cannot refresh without refresh-token|Must provide "id-token" or|failed to (?:renew|refresh) token: (?!getting provider: |refreshing token: )|token response did not contain an id_token|(?<unsaved>could not persist new tokens)/,
    shared: {
      sure: /Unable to connect to the server|^Connection error: |^error: |auth provider/,
      tell: 'the line is from kubectl and not from Headlamp, which also uses client-go',
    },
    means: ({ removed = '', unsaved = '' }) =>
      removed === ''
        ? `The user in the kubeconfig has \`auth-provider: oidc\`, the old OIDC plugin of kubectl. ${unsaved === '' ? 'This plugin cannot start a sign-in. It has no valid token, and could not renew the token' : 'This plugin renewed the token, but could not write it into the kubeconfig'}.`
        : 'The user in the kubeconfig has an `auth-provider`. This version of kubectl no longer has the old OIDC plugin.',
    fix: 'Use the kubeconfig that `kaniflux synth` renders under kubeconfigs/: it starts kubelogin, which opens the browser.',
    see: '`kubectl config view --minify` shows `auth-provider` under the user.',
    example: [
      'Unable to connect to the server: No valid id-token, and cannot refresh without refresh-token',
      'error: auth provider "oidc" removed',
    ],
  },
  {
    id: 'old-oidc-plugin-discovery',
    title: 'The old plugin of kubectl cannot reach the issuer',
    of,
    pattern:
      /Unable to connect to the server: .{0,80}Get "(?<url>https?:[^"]{0,300})\/\.well-known\/openid-configuration": (?<reason>.*)$/,
    means: ({ url = '', reason = '' }) =>
      `The kubeconfig uses the old \`auth-provider: oidc\`, and kubectl itself could not read the discovery document of ${url}. ${because(get(url, reason), { ...kubeloginToKanidm, from: 'kubectl' }).why}`,
    fix: ({ url = '', reason = '' }) =>
      `Use the kubeconfig that \`kaniflux synth\` renders, which starts kubelogin. ${because(get(url, reason), { ...kubeloginToKanidm, from: 'kubectl', trust: 'The rendered kubeconfig contains the CA of Kanidm if `authentication.ca.file` of the cluster is set. The CA of the cluster does not help here.' }).fix}`,
    see: '`kubectl config view --minify` shows `auth-provider` under the user.',
    example: [
      'Unable to connect to the server: Get "https://idm.example.com/oauth2/openid/k8s/.well-known/openid-configuration": x509: certificate signed by unknown authority',
    ],
  },
  {
    id: 'api-server-certificate',
    title: 'kubectl does not trust the certificate of the API server',
    of,
    relayed: ['an application', 'other'],
    pattern:
      /(?:Unable to connect to the server: |couldn't get current server API group list: |^error: )(?:Get "(?![^"]{0,400}\/\.well-known\/)[^"]{0,1000}": )?(?<reason>(?:tls: )?(?:failed to verify certificate: )?x509: .*)$/,
    means: ({ reason = '' }) => `${because(reason, kubectlToApiServer).why} Kanidm is not involved.`,
    fix: ({ reason = '' }) =>
      /certificate is valid for/.test(reason)
        ? 'In `clusters.<name>.server`, use a name or address that the certificate has, or add the missing one to the certificate: with kubeadm `apiServer.certSANs`, with K3s `tls-san`, with Talos `cluster.apiServer.certSANs`.'
        : because(reason, kubectlToApiServer).fix,
    see: '`openssl s_client -connect <host>:6443 </dev/null | openssl x509 -noout -text` shows the names.',
    example: [
      'Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority',
      'Unable to connect to the server: x509: certificate is valid for 10.96.0.1, 192.168.1.10, not 203.0.113.5',
    ],
  },
  {
    id: 'api-server-unreachable',
    title: 'kubectl does not reach the API server',
    of,
    pattern:
      /(?:The connection to the server (?<server>\S{1,253}) was refused|couldn't get current server API group list: (?<list>(?:Get "https?:\/\/(?<host>[^"/]{1,253})[^"]{0,200}": )?(?:dial|net|context|EOF|read|http)[^"]{0,300})|Unable to connect to the server: (?<reason>(?:dial tcp|net\/http|context deadline|EOF|read tcp|proxyconnect|http: server gave|Get "[^"]{0,200}\/api[^"]{0,100}": (?:dial|net|context|EOF|read|http)).*)$)/,
    means: ({ server = '', reason = '', list = '', host = '' }) =>
      server === '' && (host === '' || !/connection refused/.test(list))
        ? because(reason || list, kubectlToApiServer).why
        : `Nothing listens at ${server || host}: the API server is not running there, or the kubeconfig has another address.`,
    fix: ({ reason = '', list = '' }) =>
      /proxyconnect|lookup /.test(reason || list)
        ? because(reason || list, kubectlToApiServer).fix
        : 'Check that `clusters.<name>.server` is the address of the API server, and that the API server runs. If it does not start after a change of its settings, its log has the reason.',
    see: 'Run `kubectl config view --minify`, and on a control-plane node `sudo crictl ps -a --name kube-apiserver`.',
    example: ['The connection to the server 192.0.2.10:6443 was refused - did you specify the right host or port?'],
    consequenceOf: startFailures,
    follows: ({ reason = '', list = '' }) => !/lookup |proxyconnect/.test(reason || list),
  },
];
