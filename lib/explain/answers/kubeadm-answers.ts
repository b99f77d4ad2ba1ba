import type { Explanation } from '../explanation';
import { startFailures } from './api-server-start';

const of = 'kubeadm';
const see = '`kubeadm config validate --config <file>` checks a file and changes nothing.';
const kubeadm = { sure: /kubeadm/, tell: 'the line is the output of kubeadm' };

/** Messages of kubeadm 1.34 to 1.37. */
export const kubeadmAnswers: readonly Explanation[] = [
  {
    id: 'kubeadm-old-version',
    title: 'This kubeadm no longer reads v1beta3',
    of,
    pattern: /old API spec: "kubeadm\.k8s\.io\/(?<version>\w{1,20})"/,
    means: ({ version = '' }) => `This kubeadm no longer reads ${version || 'v1beta3'}.`,
    fix: 'In kaniflux.yaml, set `kubernetes` of the cluster to its real Kubernetes version, and render again. For Kubernetes 1.31 and later, Kaniflux renders v1beta4.',
    see,
    example: [
      `error: your configuration file uses an old API spec: "kubeadm.k8s.io/v1beta3" (kind: "ClusterConfiguration"). Please use kubeadm v1.36 instead and run 'kubeadm config migrate --old-config old-config-file --new-config new-config-file', which will write the new, similar spec using a newer API version.`,
    ],
  },
  {
    id: 'kubeadm-experimental-version',
    title: 'kubeadm.k8s.io/v1 is experimental',
    of,
    pattern: /experimental API spec: "kubeadm\.k8s\.io/,
    means: 'kubeadm.k8s.io/v1 is experimental in this version, and kubeadm reads it only with a flag.',
    fix: 'Use v1beta4, which Kaniflux renders.',
    see,
    example: [
      'error: experimental API spec: "kubeadm.k8s.io/v1" (kind: "ClusterConfiguration") is not allowed. You can use the --allow-experimental-api flag if the command supports it.',
    ],
  },
  {
    id: 'kubeadm-unknown-version',
    title: 'kubeadm does not support the API version of its configuration',
    of,
    pattern: /no kind "\w{1,60}" is registered for version "kubeadm\.k8s\.io/,
    means: 'This kubeadm does not support the API version of its configuration file.',
    fix: 'In kaniflux.yaml, set `kubernetes` of the cluster to the version of kubeadm, and render again.',
    see,
    example: [
      'error: no kind "ClusterConfiguration" is registered for version "kubeadm.k8s.io/v1" in scheme "pkg/runtime/scheme.go:110"',
    ],
  },
  {
    id: 'kubeadm-extra-args',
    title: 'extraArgs is written for another API version',
    of,
    pattern: /cannot unmarshal (?:object|array) into Go struct field .{0,80}extraArgs/,
    means: '`extraArgs` is written for another API version: it is a map in v1beta3 and a list in v1beta4.',
    fix: 'In kaniflux.yaml, set `kubernetes` of the cluster to its real Kubernetes version, and render again.',
    see,
    example: [
      'error: json: cannot unmarshal object into Go struct field APIServer.apiServer.extraArgs of type []v1beta4.Arg',
      'error: json: cannot unmarshal array into Go struct field APIServer.apiServer.extraArgs of type map[string]string',
    ],
  },
  {
    id: 'kubeadm-unknown-field',
    title: 'kubeadm does not know a field',
    of,
    pattern: /Group:"kubeadm\.k8s\.io".{0,200}strict decoding error: (?<reason>.{0,200})/,
    means: ({ reason = '' }) =>
      `kubeadm ignores a field of its configuration, because it does not know the field. kubeadm prints the warning “${reason}”.`,
    fix: 'Check the spelling of the field. The files that Kaniflux renders have only fields that exist.',
    see,
    example: [
      'W1125 00:06:13.945957   21776 initconfiguration.go:332] error unmarshaling configuration schema.GroupVersionKind{Group:"kubeadm.k8s.io", Version:"v1beta4", Kind:"ClusterConfiguration"}: strict decoding error: unknown field "apiServer.extraArg"',
    ],
  },
  {
    id: 'kubeadm-cluster-version',
    title: 'The versions of kubeadm and of the cluster differ too much',
    of,
    pattern: /this version of kubeadm only supports deploying clusters with the control plane version/,
    means: '`kubernetesVersion` is more than one minor version behind this kubeadm.',
    fix: 'Use a kubeadm of the same version as the cluster.',
    see,
    example: [
      'error: this version of kubeadm only supports deploying clusters with the control plane version >= 1.33.0. Current version: v1.30.0',
    ],
  },
  {
    id: 'kubeadm-version-form',
    title: 'kubernetesVersion lacks the patch version',
    of,
    pattern: /version "(?<version>[^"]*)" doesn't match patterns for neither semantic version nor labels/,
    means: ({ version = '' }) =>
      `\`kubernetesVersion\` is “${version}”, which kubeadm does not accept: a version needs the major, minor and patch number.`,
    fix: 'Write a full version such as `v1.34.0` in your own file; Kaniflux does not render this field.',
    see,
    example: [
      `error: version "1.34" doesn't match patterns for neither semantic version nor labels (stable, latest, ...)`,
    ],
  },
  {
    id: 'kubeadm-version-lookup',
    title: 'kubeadm looks up a version on the internet',
    of,
    pattern: /could not fetch a Kubernetes version from the internet/,
    means:
      'kubeadm looked up a version on the internet, usually because `kubernetesVersion` is not set or names no exact version. It got no answer, and uses its own version.',
    fix: 'Write an exact `kubernetesVersion`, such as `v1.34.4`, into the ClusterConfiguration.',
    see,
    example: [
      'W1125 00:06:13.945957   21776 version.go:109] could not fetch a Kubernetes version from the internet: unable to get URL "https://dl.k8s.io/release/stable-1.txt"',
    ],
  },
  {
    id: 'kubeadm-loopback',
    title: 'advertiseAddress is a loopback address',
    of,
    pattern: /unable to select an IP from \w{1,20} network interface/,
    means: 'kubeadm does not accept a loopback address as `advertiseAddress`.',
    fix: 'Write the address under which the other nodes reach this node.',
    see,
    example: ['error: unable to select an IP from lo network interface'],
  },
  {
    id: 'kubeadm-config-and-flags',
    title: 'kubeadm accepts a file or flags, not both',
    of,
    pattern: /can not mix '--config' with arguments/,
    means: 'kubeadm was run with `--config` and with a flag whose value belongs in that file.',
    fix: 'Move the value of the flag into the file. For `--patches`, set `patches.directory` of the InitConfiguration.',
    see,
    example: ["error: can not mix '--config' with arguments [patches]"],
  },
  {
    id: 'kubeadm-cluster-info',
    title: 'A node that joins cannot read cluster-info',
    of,
    pattern: /failed to request the cluster-info ConfigMap/,
    means:
      'To join with a token, a node reads `kube-public/cluster-info` without credentials. This request failed, often because the API server refuses anonymous requests.',
    fix: 'If the line says Unauthorized or Forbidden, join with `--discovery-file`, or allow the path `/api/v1/namespaces/kube-public/configmaps/cluster-info` in `authentication.anonymous`. Otherwise check that the node reaches the API server.',
    see: 'On the node, run `curl -k https://<server>:6443/api/v1/namespaces/kube-public/configmaps/cluster-info`.',
    example: [
      'I1125 09:00:00.000000   21776 token.go:217] [discovery] Failed to request cluster-info, will try again: failed to request the cluster-info ConfigMap: Unauthorized',
    ],
  },
  {
    id: 'kubeadm-api-server-not-ready',
    title: 'kubeadm gives up waiting for the API server',
    of,
    pattern:
      /(?:[Tt]he API server is not healthy after|timed out waiting for the condition.{0,60}API ?[Ss]erver|(?<either>could(?: not|n't) initialize a Kubernetes cluster)|kube-apiserver check failed at |control plane components? is not healthy after|kube-apiserver is not healthy after|static Pod hash for component (?<hash>kube-apiserver) on Node \S{1,253} did not change after)/,
    shared: {
      sure: /wait-control-plane|kubeadm|is not healthy after|initialize a Kubernetes cluster|check failed at|static Pod hash/,
      tell: kubeadm.tell,
    },
    means: ({ hash = '', either = '' }) =>
      either !== ''
        ? 'Either the kubelet does not run, or the API server does not start with its settings. The previous lines say which of the two.'
        : hash === ''
          ? 'The API server does not start with its settings: it may reject a flag or the AuthenticationConfiguration. kubeadm does not know the reason.'
          : 'kubeadm wrote a new manifest of the API server, and no pod with this manifest appeared in time: either the API server does not start with its settings, or the kubelet did not restart the pod.',
    fix: ({ either = '' }) =>
      `${either === '' ? 'Read' : 'If the previous lines say that the kubelet is not healthy, run `journalctl -xeu kubelet`. Otherwise, read'} the log of the API server on that node: \`sudo crictl ps -a --name kube-apiserver\`, then \`sudo crictl logs <id>\`, and pipe it into \`kaniflux explain --log -\`.`,
    see: 'Run `sudo crictl ps -a --name kube-apiserver`.',
    example: ['[api-check] The API server is not healthy after 4m0.001s'],
    consequenceOf: startFailures,
  },
];
