import { because } from '../connection-reasons';
import type { Explanation } from '../explanation';

const describe = '`kubectl -n <namespace> describe pod <name>` shows the events.';
const pods = ['kubelet', 'kube-controller-manager', 'kube-scheduler', 'containerd', 'k3s', 'Flux'] as const;
/** What is concerned, where the line names the pod. */
const concerned = (text: string) =>
  /kanidm/i.test(text)
    ? ' Kanidm does not come up, and nobody can sign in.'
    : /kube-apiserver/.test(text)
      ? ' The API server does not come up.'
      : '';

/** What keeps Kanidm or the API server from coming up on a node, and what Talos, K3s, ingress and browser say. */
export const nodeAnswers: readonly Explanation[] = [
  {
    id: 'storage-class-missing',
    title: 'The storage class does not exist',
    of: 'kube-controller-manager',
    relayed: pods,
    pattern: /storageclass(?:es)?\.storage\.k8s\.io "(?<name>[^"]*)" not found/,
    means: ({ name = '' }) =>
      `A claim names the storage class ${name}, which the cluster does not have, so that its pod waits for ever.${name === 'nfs-client' ? ' The chart of the home lab wants `nfs-client`.' : ''}`,
    fix: 'Set the storage class (`kanidm.manifests.storage.className`, or `storageClassName` in the values where the chart has it, from 0.2.0), or make a class of that name.',
    see: '`kubectl get storageclass`, `kubectl -n kanidm get pvc`.',
    example: ['storageclass.storage.k8s.io "nfs-client" not found'],
  },
  {
    id: 'volume-not-bound',
    title: 'A volume claim is not bound',
    of: 'kube-scheduler',
    relayed: pods,
    pattern:
      /unbound immediate PersistentVolumeClaims|persistentvolumeclaim "(?<name>[^"]*)" not found|no persistent volumes available for this claim and no storage class is set|waiting for a volume to be created/,
    means: ({ name = '' }) =>
      name === ''
        ? 'The pod waits for a volume that nobody makes: the claim names no storage class, or one that does not work.'
        : `The pod waits for the volume claim ${name}, which does not exist.`,
    fix: 'Look at the claim: `kubectl get pvc -A`. Without a default storage class the claim has to name one.',
    see: '`kubectl get storageclass`, `kubectl -n kanidm describe pvc`.',
    example: [
      '0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
    ],
    consequenceOf: ['storage-class-missing'],
  },
  {
    id: 'secret-missing',
    title: 'A Secret or ConfigMap that a pod mounts does not exist',
    of: 'kubelet',
    relayed: pods,
    pattern:
      /(?:MountVolume\.SetUp failed|Error: |couldn't find key|references non-existent|Error syncing pod|failed to sync).{0,200}(?<kind>secret|configmap) "(?<name>[^"]*)" not found(?<rest>.{0,200})|^(?<other>secret|configmap) "(?<second>[^"]*)" not found/,
    shared: {
      sure: /MountVolume|CreateContainerConfigError|Error syncing pod|couldn't find key/,
      tell: 'it is an event of a pod',
    },
    means: ({ kind = '', name = '', other = '', second = '', rest = '' }) =>
      `The ${kind || other} ${name || second} does not exist in the namespace of the pod, which waits for it.${concerned(`${name}${second}${rest}`)}`,
    fix: 'Make it. A TLS secret comes from cert-manager: look at the Certificate (`kubectl get certificate -A`) and at the name of the secret in the values or in `kanidm.manifests`.',
    see: describe,
    example: ['MountVolume.SetUp failed for volume "tls" : secret "kanidm-tls" not found'],
  },
  {
    id: 'image-pull',
    title: 'An image cannot be pulled',
    of: 'kubelet',
    relayed: pods,
    pattern:
      /(?:Failed to pull image "(?<image>[^"]*)"|PullImage from image service failed|Back-off pulling image "(?<other>[^"]*)"|failed to pull and unpack image "(?<third>[^"]*)"|PullImage "(?<fourth>[^"]*)" failed|ErrImagePull|ImagePullBackOff)(?<reason>.*)$/,
    means: ({ image = '', other = '', third = '', fourth = '', reason = '' }) => {
      const name = image || other || third || fourth;
      const from = { from: 'The node', to: 'the registry', trust: '' };
      const plain = reason.replace(/^[:\s"]{1,4}/, '');
      const why = /not found|manifest unknown/.test(plain)
        ? ' The registry has no such image or tag.'
        : /unauthorized|denied|authentication required|pull access/.test(plain)
          ? ' The registry wants credentials (`imagePullSecrets`), or has no such image.'
          : /toomanyrequests|rate limit/i.test(plain)
            ? ' The registry lets nobody pull so often without an account.'
            : plain.length > 3 && because(plain, from).why.length < 200
              ? ` ${because(plain, from).why}`
              : '';
      return `The node cannot pull the image${name === '' ? '' : ` ${name}`}.${why}${concerned(`${name}${reason}`)} This is between the node and the registry: the certificate of Kanidm has no part in it.`;
    },
    fix: 'Look at the name and tag of the image, and pull it on the node: `sudo crictl pull <image>`.',
    see: describe,
    example: [
      'Failed to pull image "docker.io/kanidm/server:1.11.9": rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/kanidm/server:1.11.9": failed to resolve reference: docker.io/kanidm/server:1.11.9: not found',
      'Failed to pull image "registry.example.com/kanidm/server:1.11.1": failed to do request: Head "https://registry.example.com/v2/kanidm/server/manifests/1.11.1": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    ],
  },
  {
    id: 'probe-without-shell',
    title: 'The probe needs a shell that the image does not have',
    of: 'kubelet',
    relayed: pods,
    pattern:
      /(?:[Pp]robe (?:failed|errored)|startup probe).{0,300}"?(?:\/bin\/sh|curl)"?.{0,80}(?:no such file|not found)|exec: "(?:\/bin\/sh|curl)": .{0,60}(?:no such file|not found)/,
    means:
      'The probe of the chart needs a shell and curl, and images of Kanidm have neither from 1.6 on: the pod is ended again and again.',
    fix: 'Take a probe of `kanidmd scripting healthcheck`, or deploy by `kanidm.manifests`.',
    see: describe,
    example: [
      'Liveness probe failed: OCI runtime exec failed: exec failed: unable to start container process: exec: "/bin/sh": stat /bin/sh: no such file or directory: unknown',
    ],
  },
  {
    id: 'container-crashes',
    title: 'A container starts and ends again and again',
    of: 'kubelet',
    relayed: pods,
    pattern:
      /(?:CrashLoopBackOff|Back-off restarting failed container)(?<rest>.{0,300}(?:kanidm|kube-apiserver).{0,100})/,
    means: ({ rest = '' }) => `A container ends as soon as it starts.${concerned(rest)} The kubelet does not see why.`,
    fix: ({ rest = '' }) =>
      /kube-apiserver/.test(rest)
        ? 'Read the log of the API server on that node: `sudo crictl ps -a --name kube-apiserver`, then `sudo crictl logs <id>`, and give it to `kaniflux explain --log -`.'
        : 'Read its log: `kubectl -n kanidm logs kanidm-0 --previous`, and give it to `kaniflux explain --log -`.',
    see: describe,
    example: [
      String.raw`E1124 23:38:14.162985     900 pod_workers.go:1324] "Error syncing pod, skipping" err="failed to \"StartContainer\" for \"kube-apiserver\" with CrashLoopBackOff: \"back-off 40s restarting failed container=kube-apiserver pod=kube-apiserver-node1_kube-system(ab)\"" pod="kube-system/kube-apiserver-node1"`,
    ],
    consequenceOf: [
      'authentication-configuration-rule',
      'authentication-configuration-file',
      'flags-and-file',
      'unknown-oidc-flag',
      'client-id-missing',
      'file-not-mounted',
      'kanidm-start',
    ],
  },
  {
    id: 'static-pod-unreadable',
    title: 'The kubelet cannot read the static pod of the API server',
    of: 'kubelet',
    pattern:
      /(?:[Cc]ould not process manifest file|[Cc]an't process manifest file|Unable to read config path|Failed to parse YAML|failed to read pod from).{0,300}/,
    shared: { sure: /manifest file|manifests\//, tell: 'the line is in the log of the kubelet' },
    means:
      'The kubelet cannot read a file in /etc/kubernetes/manifests, and does not start its pod: an API server that was edited so is gone.',
    fix: 'Correct the YAML of the file that the line names. Keep copies of it elsewhere: the kubelet starts every file in that folder.',
    see: '`journalctl -u kubelet --since=-5min | grep manifest`.',
    example: [
      'E1124 23:38:14.162985     900 file.go:187] "Could not process manifest file" err="/etc/kubernetes/manifests/kube-apiserver.yaml: couldn\'t parse as pod(yaml: line 20: did not find expected key), please check config file" path="/etc/kubernetes/manifests/kube-apiserver.yaml"',
    ],
  },
  {
    id: 'host-path-missing',
    title: 'A folder of the node that the API server mounts is not there',
    of: 'kubelet',
    pattern: /hostPath type check failed: (?<path>\S{1,300}) is not a (?<what>file|directory)/,
    means: ({ path = '', what = '' }) =>
      `The node has no ${what} ${path}, which a pod mounts, so that the pod does not start.${/kubernetes|kaniflux|oidc/.test(path) ? ' The API server does not come up.' : ''}`,
    fix: 'Put the file there on every control-plane node before the settings are applied, and mount its folder with `DirectoryOrCreate`.',
    see: '`ls -l` of that path on the node.',
    example: [
      'MountVolume.SetUp failed for volume "kaniflux" : hostPath type check failed: /etc/kubernetes/kaniflux is not a directory',
    ],
  },
  {
    id: 'talos-extra-argument',
    title: 'Talos does not allow this argument of the API server any more',
    of: 'Talos',
    relayed: ['an application', 'other'],
    pattern: /kube-apiserver extra argument "(?<name>[^"]*)" is not allowed(?:: (?<reason>.{0,120}))?/,
    means: ({ name = '', reason = '' }) =>
      `Talos, from 1.14 on, does not take --${name} as an extra argument${reason === '' ? '' : `: “${reason.trim()}”`}. It runs the API server with an AuthenticationConfiguration, beside which the --oidc-* flags are not allowed.`,
    fix: 'Write `controlPlaneVersion: "1.14"` and `authentication.method: structured` for the cluster: `kaniflux synth` then renders the document `KubeAuthenticationConfig`. It needs no setting for the algorithm: ES256 is accepted.',
    see: '`talosctl validate --config <file> --mode metal`.',
    example: [
      'KubeAPIServerConfig: kube-apiserver extra argument "oidc-signing-algs" is not allowed: use KubeAuthenticationConfig',
    ],
  },
  {
    id: 'talos-document',
    title: 'This Talos does not know the document',
    of: 'Talos',
    relayed: ['an application', 'other'],
    pattern: /"(?<kind>Kube\w{1,60}Config)" .{0,40}not registered|unknown keys found during decoding/,
    shared: { sure: /Kube\w{1,60}Config|unknown keys found during decoding/, tell: 'talosctl was run' },
    means: ({ kind = '' }) =>
      kind === ''
        ? 'The machine configuration has a key that this Talos does not know.'
        : `This Talos does not know the document ${kind}: it comes with 1.14.`,
    fix: 'Set `controlPlaneVersion` of the cluster to its version of Talos, and render again.',
    see: '`talosctl version`.',
    example: [
      'error decoding document /v1alpha1/KubeAuthenticationConfig/ (line 1): "KubeAuthenticationConfig" "v1alpha1": not registered',
    ],
  },
  {
    id: 'browser-form-action',
    title: 'The browser stops on the way back to this machine',
    of: 'the browser',
    relayed: ['an application', 'other'],
    pattern:
      /(?:Refused to send form data to|Sending form data to|[Rr]efused to (?:load|submit)).{0,300}form-action|form-action.{0,200}(?:violat|Content Security Policy)/,
    means:
      "Kanidm 1.4.5 to 1.7.4 allows its pages to send people to https addresses alone (`form-action 'self' https:`). Chromium and its kin therefore stop the way back to http://localhost, and kubelogin waits in vain.",
    fix: 'Upgrade Kanidm to 1.8 or later. Until then: Firefox does not stop it, and `kubeconfig.signIn: keyboard` needs no way back.',
    see: 'The console of the browser (F12) on the page where it stops.',
    example: [
      "Refused to send form data to 'http://localhost:8000/?code=' because it violates the following Content Security Policy directive: \"form-action 'self' https:\".",
    ],
  },
  {
    id: 'ingress-plain-http',
    title: 'The ingress speaks HTTP to Kanidm',
    of: 'the ingress controller',
    relayed: ['an application', 'the browser', 'other'],
    pattern:
      /(?:upstream prematurely closed connection|upstream sent invalid|Connection reset by peer\) while reading).{0,400}(?:kanidm|oauth2\/|idm\.)|[Tt]he plain HTTP request was sent to HTTPS port/,
    means: 'Kanidm speaks nothing but HTTPS, and the ingress asks it by HTTP.',
    fix: 'With ingress-nginx write the annotation `nginx.ingress.kubernetes.io/backend-protocol: "HTTPS"`; with Traefik a ServersTransport and `scheme: https`; or let the TLS go through to Kanidm.',
    see: '`kubectl -n kanidm get ingress -o yaml`.',
    example: [
      '2026/05/01 10:00:00 [error] 31#31: *42 upstream prematurely closed connection while reading response header from upstream, client: 192.0.2.3, server: idm.example.com, request: "GET /oauth2/openid/k8s/.well-known/openid-configuration HTTP/2.0", upstream: "http://10.244.0.9:8443/"',
    ],
  },
  {
    id: 'ingress-no-endpoint',
    title: 'The ingress finds no pod of Kanidm',
    of: 'the ingress controller',
    pattern:
      /Service "(?<service>[^"]{0,60}kanidm[^"]{0,60})" does not have any active Endpoint|(?:Error obtaining Endpoints for Service|service) "(?<other>[^"]{0,60}kanidm[^"]{0,60})".{0,80}(?:no object matching key|not found)|no live upstreams while connecting to upstream.{0,300}kanidm/,
    means: ({ service = '', other = '' }) =>
      `The ingress finds no pod behind the Service${service || other ? ` ${service || other}` : ''}: Kanidm is not ready, and whoever asks for it gets 503.`,
    fix: 'Look at the pod of Kanidm, and at the names of Service and port in the Ingress.',
    see: '`kubectl -n kanidm get pods,endpointslices`.',
    example: [
      'W0501 10:00:00.000000       7 controller.go:1232] Service "kanidm/kanidm" does not have any active Endpoint.',
    ],
  },
  {
    id: 'ingress-certificate',
    title: 'The ingress has no certificate for Kanidm',
    of: 'the ingress controller',
    pattern:
      /(?:Error getting SSL certificate|local SSL certificate|Unexpected error validating SSL certificate) "?(?<secret>[\w./-]{0,60}(?:kanidm|idm|sso)[\w./-]{0,60})"?/,
    means: ({ secret = '' }) =>
      `The ingress does not find the certificate ${secret} and serves one of its own, which nobody trusts: the API server and kubelogin refuse it as x509.`,
    fix: 'Look at the Certificate of cert-manager (`kubectl get certificate -A`), and at the name of the TLS secret.',
    see: '`openssl s_client -connect <host>:443 -servername <host> </dev/null | openssl x509 -noout -issuer -subject`.',
    example: [
      'W0501 10:00:00.000000       7 controller.go:1481] Error getting SSL certificate "kanidm/idm-tls": local SSL certificate kanidm/idm-tls was not found. Using default certificate',
    ],
  },
];
