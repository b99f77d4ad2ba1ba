import { because } from '../connection-reasons';
import type { Explanation } from '../explanation';
import { startFailures } from './api-server-start';

const describe = '`kubectl -n <namespace> describe pod <name>` shows the events.';
const pods = ['kubelet', 'kube-controller-manager', 'kube-scheduler', 'containerd', 'k3s', 'Flux'] as const;
/** Returns a sentence about the consequence if the text names Kanidm or kube-apiserver; `''` for any other text. */
const concerned = (text: string) =>
  /kanidm/i.test(text)
    ? ' Kanidm does not start, and nobody can sign in.'
    : /kube-apiserver/.test(text)
      ? ' The API server does not start.'
      : '';

/**
 * Matches the name of a file from which the kubelet starts a pod. Does not match the names of temporary files of
 * editors.
 */
const isManifest = /^[^.].*\.(?:ya?ml|json)$/;

/** Messages about pods that do not start on a node, and messages of Talos, K3s and the browser. */
export const nodeAnswers: readonly Explanation[] = [
  {
    id: 'storage-class-missing',
    title: 'The storage class does not exist',
    of: 'kube-controller-manager',
    relayed: pods,
    pattern: /storageclass(?:es)?\.storage\.k8s\.io "(?<name>[^"]*)" not found/,
    means: ({ name = '' }) =>
      `A volume claim names the storage class ${name}, which the cluster does not have, so the pod that uses the claim cannot start.${name === 'nfs-client' ? ' The chart of https://datosh.github.io/kanidm/ uses `nfs-client`. From version 0.2 of the chart on, you can set another storage class in the value `storageClassName`.' : ''}`,
    fix: 'Set the storage class (`kanidm.manifests.storage.className`, or `storageClassName` in the values of the chart from 0.2.0 on), or create a storage class with that name.',
    see: 'Run `kubectl get storageclass` and `kubectl -n kanidm get pvc`.',
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
        ? 'The pod waits for a volume that is never created: the volume claim names no storage class, or its storage class does not work.'
        : `The pod waits for the volume claim ${name}, which does not exist.`,
    fix: 'Check the claim with `kubectl get pvc -A`. If the cluster has no default storage class, the claim has to name a class.',
    see: 'Run `kubectl get storageclass` and `kubectl -n kanidm describe pvc`.',
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
      tell: 'the line is an event of a pod',
    },
    means: ({ kind = '', name = '', other = '', second = '', rest = '' }) =>
      `The ${kind || other} ${name || second} does not exist in the namespace of the pod, so the pod does not start.${concerned(`${name}${second}${rest}`)}`,
    fix: 'Create the Secret or ConfigMap. If cert-manager creates it as a TLS Secret, check the Certificate (`kubectl get certificate -A`) and the name of the Secret in the values of the chart or in `kanidm.manifests`.',
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
          ? ' The registry requires credentials (`imagePullSecrets`), or has no such image.'
          : /toomanyrequests|rate limit/i.test(plain)
            ? ' The registry limits pulls without an account.'
            : plain.length > 3 && because(plain, from).why.length < 200
              ? ` ${because(plain, from).why}`
              : '';
      return `The node cannot pull the image${name === '' ? '' : ` ${name}`}.${why}${concerned(`${name}${reason}`)} This concerns the node and the registry, not the certificate of Kanidm.`;
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
    title: 'A probe or command needs a program that the image does not have',
    of: 'kubelet',
    relayed: [...pods, 'kubectl'],
    pattern:
      /(?:[Pp]robe (?:failed|errored)|startup probe).{0,300}"?(?:\/bin\/sh|curl)"?.{0,80}(?:no such file|not found)|exec: "(?<program>(?:\/bin\/)?(?:ba|a)?sh|curl)": .{0,60}(?:no such file|not found)/,
    // Every program in Go writes the same words if it does not find a program.
    shared: {
      sure: /[Pp]robe|OCI runtime|runc|container/,
      tell: 'the program that was not found was started in a container',
    },
    means: ({ program = '' }) =>
      program === ''
        ? 'The probe runs a program that the image does not have, so the kubelet restarts the container again and again. From Kanidm 1.6 on, the images of Kanidm have neither a shell nor curl. The probe of the chart of https://datosh.github.io/kanidm/ needs both.'
        : `Something runs ${program} in a container whose image does not have this program: \`kubectl exec\`, a probe, or the command of the container. From Kanidm 1.6 on, the images of Kanidm have neither a shell nor curl.`,
    fix: ({ program = '' }) =>
      `For Kanidm, use \`kanidmd scripting healthcheck\` as the probe, or deploy Kanidm with \`kanidm.manifests\`.${program === '' ? '' : ' With `kubectl exec`, run `kanidmd` itself, as in `kubectl -n kanidm exec service/kanidm -- kanidmd scripting healthcheck`. For a shell, use `kubectl debug`.'}`,
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
    means: ({ rest = '' }) =>
      `A container ends as soon as it starts.${concerned(rest)} The kubelet does not know the reason.`,
    fix: ({ rest = '' }) =>
      /kube-apiserver/.test(rest)
        ? 'Read the log of the API server on that node: `sudo crictl ps -a --name kube-apiserver`, then `sudo crictl logs <id>`, and pipe it into `kaniflux explain --log -`.'
        : 'Read the log of Kanidm: `kubectl -n kanidm logs --selector=app=kanidm --previous --tail=-1`, and pipe it into `kaniflux explain --log -`.',
    see: describe,
    example: [
      String.raw`E1124 23:38:14.162985     900 pod_workers.go:1324] "Error syncing pod, skipping" err="failed to \"StartContainer\" for \"kube-apiserver\" with CrashLoopBackOff: \"back-off 40s restarting failed container=kube-apiserver pod=kube-apiserver-node1_kube-system(ab)\"" pod="kube-system/kube-apiserver-node1"`,
    ],
    follows: ({ rest = '' }, cause) => /kube-apiserver/.test(rest) !== /^kanidm-/.test(cause),
    consequenceOf: [...startFailures, 'kanidm-start', 'kanidm-database'],
  },
  {
    id: 'static-pod-unreadable',
    title: 'The kubelet cannot read the static pod of the API server',
    of: 'kubelet',
    pattern:
      /(?:[Cc]ould not process manifest file|[Cc]an't process manifest file|Unable to read config path|Failed to parse YAML|failed to read pod from)(?:.{0,300}manifests\/(?<gone>[^\s":]{1,200}): no such file|.{0,300})/,
    shared: { sure: /manifest file|manifests\//, tell: 'the line is in the log of the kubelet' },
    means: ({ gone = '' }) =>
      gone === ''
        ? 'The kubelet cannot read a file in /etc/kubernetes/manifests, so it does not start the pod in that file. If the file is that of the API server, the API server does not run.'
        : `The file ${gone} in /etc/kubernetes/manifests was gone before the kubelet read it. ${isManifest.test(gone) ? 'If nobody put it back, the pod in this file does not run.' : 'Editors such as vim create such a file while they save another one.'}`,
    fix: ({ gone = '' }) =>
      gone === ''
        ? 'Correct the YAML of the file that the line names. Keep backups of the file elsewhere: the kubelet starts a pod for every file in that folder.'
        : isManifest.test(gone)
          ? 'If the file is there again, ignore this line: editors replace a file when they save it. Otherwise, put the file back.'
          : 'If it is a temporary file of an editor, ignore this line. To avoid such files, edit a copy in another folder, and move it into this folder.',
    see: 'Run `journalctl -u kubelet --since=-5min | grep manifest`.',
    example: [
      'E1124 23:38:14.162985     900 file.go:187] "Could not process manifest file" err="/etc/kubernetes/manifests/kube-apiserver.yaml: couldn\'t parse as pod(yaml: line 20: did not find expected key), please check config file" path="/etc/kubernetes/manifests/kube-apiserver.yaml"',
    ],
  },
  {
    id: 'host-path-missing',
    title: 'A pod mounts a file or folder that the node does not have',
    of: 'kubelet',
    pattern: /hostPath type check failed: (?<path>\S{1,300}) is not a (?<what>file|directory)/,
    means: ({ path = '', what = '' }) =>
      `The node has no ${what} ${path}, which a pod mounts, so the pod does not start.${/kubernetes|kaniflux|oidc/.test(path) ? ' If this is the pod of the API server, the API server does not start.' : ''}`,
    fix: 'Create the folder with its files on every control-plane node before you apply the settings, and mount the folder with `type: DirectoryOrCreate`.',
    see: 'Run `ls -l` on that path on the node.',
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
      `From 1.14 on, Talos does not accept --${name} as an extra argument${reason === '' ? '' : `: “${reason.trim()}”`}. Talos runs the API server with an AuthenticationConfiguration, which excludes the --oidc-* flags.`,
    fix: 'In kaniflux.yaml, write `controlPlaneVersion: "1.14"` and `authentication.method: structured` for the cluster: `kaniflux synth` then renders the document `KubeAuthenticationConfig`. With this document, the API server accepts ES256 signatures without a further setting.',
    see: 'Run `talosctl validate --config <file> --mode metal`.',
    example: [
      'KubeAPIServerConfig: kube-apiserver extra argument "oidc-signing-algs" is not allowed: use KubeAuthenticationConfig',
    ],
  },
  {
    id: 'talos-document',
    title: 'This version of Talos does not know a part of the machine configuration',
    of: 'Talos',
    relayed: ['an application', 'other'],
    pattern: /"(?<kind>Kube\w{1,60}Config)" .{0,40}not registered|unknown keys found during decoding/,
    shared: {
      sure: /Kube\w{1,60}Config|unknown keys found during decoding/,
      tell: 'the line is the output of talosctl',
    },
    means: ({ kind = '' }) =>
      kind === ''
        ? 'The machine configuration has a key that this version of Talos does not know.'
        : `This version of Talos does not know the document ${kind}, which exists from 1.14 on.`,
    fix: 'In kaniflux.yaml, set `controlPlaneVersion` of the cluster to the version of Talos that runs on the cluster, and render again.',
    see: 'Run `talosctl version`.',
    example: [
      'error decoding document /v1alpha1/KubeAuthenticationConfig/ (line 1): "KubeAuthenticationConfig" "v1alpha1": not registered',
    ],
  },
  {
    id: 'kubelet-refused',
    title: 'The kubelet, not the API server, refuses a request',
    of: 'kubelet',
    relayed: ['kubectl', 'kube-apiserver', 'an application', 'k3s', 'other'],
    // kubectl reads the pod before its log, so the API server has already accepted the token.
    pattern:
      /unable to upgrade connection: (?:<h3>)?Unauthorized|provide credentials \( ?(?:get )?pods\/log\b|Forbidden \(user=(?<user>[^,)]{0,253}), verb=\w{1,20}, resource=nodes, subresource/,
    means: ({ user = '' }) =>
      `The kubelet of a node refuses ${user === '' ? 'the certificate of the API server' : `a request of the user ${user}`}. ${
        /^system:serviceaccount:/.test(user)
          ? 'A program in the cluster connects to kubelets with this service account.'
          : 'For logs, exec and port-forwarding, the API server connects to the kubelet with a certificate of its own, after it has checked the rights of the person.'
      } The sign-in and the rights of people are not the cause.`,
    fix: ({ user = '' }) =>
      /^system:serviceaccount:/.test(user)
        ? 'Give this service account the rights on `nodes/metrics`, `nodes/proxy` or another subresource of nodes that the program needs.'
        : user === '' || user === 'system:anonymous'
          ? 'Check that the API server has `--kubelet-client-certificate` and `--kubelet-client-key`, that this certificate has not expired, and that the kubelet trusts its CA (`authentication.x509.clientCAFile`).'
          : `Bind the ClusterRole \`system:kubelet-api-admin\` to the user ${user}, or to a group in the certificate of the API server.`,
    see: 'On a control-plane node, run `sudo kubeadm certs check-expiration`, which also shows the certificate apiserver-kubelet-client.',
    example: [
      'error: unable to upgrade connection: Unauthorized',
      'error: You must be logged in to the server (the server has asked for the client to provide credentials (pods/log nginx))',
      'Error from server (Forbidden): Forbidden (user=kube-apiserver-kubelet-client, verb=get, resource=nodes, subresource(s)=[proxy])',
    ],
  },
  {
    id: 'browser-form-action',
    title: 'The browser blocks the redirect to this machine',
    of: 'the browser',
    relayed: ['an application', 'other'],
    pattern:
      /(?:Refused to send form data to|Sending form data to|[Rr]efused to (?:load|submit)).{0,300}form-action|form-action.{0,200}(?:violat|Content Security Policy)/,
    // Other sites have such a policy too, so the line must name the address of kubelogin, or exactly this policy.
    shared: {
      sure: /http:\/\/(?:localhost|127\.0\.0\.1):(?:8000|18000)\b|form-action 'self' https:(?!\/)/,
      tell: 'the page of Kanidm redirects to http://localhost',
      wordsOnly: true,
    },
    means:
      "Kanidm 1.4.5 to 1.7.4 allows its pages to redirect only to https addresses (`form-action 'self' https:`). Chromium-based browsers therefore block the redirect to http://localhost, and kubelogin never gets the answer.",
    fix: 'Upgrade Kanidm to 1.8 or later. Until then, use Firefox, which does not block the redirect, or `kubeconfig.signIn: keyboard`, which needs no redirect.',
    see: 'Look at the console of the browser (F12) on the page where the sign-in stops.',
    example: [
      "Refused to send form data to 'http://localhost:8000/?code=' because it violates the following Content Security Policy directive: \"form-action 'self' https:\".",
    ],
  },
  {
    id: 'browser-localhost',
    title: 'The browser reaches nothing at localhost after the sign-in',
    of: 'the browser',
    relayed: ['an application', 'other'],
    pattern:
      /localhost refused to connect|(?:localhost|127\.0\.0\.1)(?::(?:8000|18000))?(?![:\d]).{0,80}ERR_CONNECTION_REFUSED|[Uu]nable to connect.{0,60}server at (?:localhost|127\.0\.0\.1):(?:8000|18000)|Firefox [^/]{1,60}\b(?:localhost|127\.0\.0\.1):(?:8000|18000)\b/,
    shared: {
      tell: 'the browser shows this error after the sign-in, for an address that begins with http://localhost:8000 or http://localhost:18000',
    },
    means:
      'Nothing listens at that address of the machine with the browser. kubelogin has ended because the sign-in took too long, or kubelogin runs on another machine, for example over SSH.',
    fix: 'Run the kubectl command again and finish the sign-in. If kubectl runs on another machine, set `kubeconfig.signIn: keyboard`, or forward the port with `ssh -L 8000:localhost:8000 <machine>`.',
    see: '`ss -ltnp | grep -E ":(8000|18000) "` on the machine with the browser shows whether kubelogin listens.',
    example: [
      "This site can't be reached. localhost refused to connect. ERR_CONNECTION_REFUSED",
      'Firefox can’t establish a connection to the server at localhost:8000.',
    ],
  },
  {
    id: 'probe-without-credentials',
    title: 'The kubelet cannot probe the API server without anonymous requests',
    of: 'kube-apiserver',
    relayed: pods,
    pattern:
      /(?:(?<kind>Startup|Liveness|Readiness) probe failed: |[Pp]robe failed.{0,300}kube-apiserver.{0,300})HTTP probe failed with statuscode: 401/,
    // An event does not name its pod, so the failed probe can be the probe of another pod.
    shared: { sure: /kube-apiserver/, tell: 'the line is an event of the pod of kube-apiserver' },
    means: ({ kind = '' }) =>
      `The probes of the kubelet have no credentials, and the API server refuses anonymous requests (401). The kubelet therefore ${kind === 'Readiness' ? 'counts the API server as not ready' : 'restarts the API server again and again'}.`,
    fix: 'Remove `--anonymous-auth=false`, or allow the paths of the probes: in kaniflux.yaml, `authentication.anonymous: { enabled: true, paths: [/livez, /readyz, /healthz] }` with `authentication.method: structured`.',
    see: describe,
    example: [
      '  Warning  Unhealthy  2m (x12 over 5m)  kubelet  Startup probe failed: HTTP probe failed with statuscode: 401',
    ],
  },
];
