/** The programs whose log lines are explained. `other` stands for a known program without explanations. */
export type Program =
  | 'kube-apiserver'
  | 'kubectl'
  | 'kubelogin'
  | 'kubeadm'
  | 'kubelet'
  | 'kube-scheduler'
  | 'kube-controller-manager'
  | 'containerd'
  | 'Flux'
  | 'Kanidm'
  | 'the kanidm client'
  | 'Talos'
  | 'k3s'
  | 'the ingress controller'
  | 'the browser'
  | 'an application'
  | 'other';

/** The programs that may have written a line. */
export interface Speaker {
  readonly programs: readonly Program[];
  /** The usual name of the application. */
  readonly application?: string;
  /** Whether the name is not in the list, so that the program can be an application or any other program. */
  readonly isUnknown?: boolean;
}

/** The components that K3s and similar programs run in one process and log under one name. */
const together: readonly Program[] = [
  'k3s',
  'kube-apiserver',
  'kubelet',
  'kube-scheduler',
  'kube-controller-manager',
  'containerd',
];

/** Patterns that match the beginning of the name of a systemd unit, container, pod or logger. The most specific is first. */
const names: readonly (readonly [RegExp, Speaker])[] = [
  [/^kube-?apiserver/, { programs: ['kube-apiserver'] }],
  [/^(vcluster|syncer)\b/, { programs: ['kube-apiserver'] }],
  [/^kube-?scheduler/, { programs: ['kube-scheduler'] }],
  [/^kube-?controller-?manager/, { programs: ['kube-controller-manager'] }],
  [
    /^persistentvolume-(controller|binder)|^statefulset-controller|^attachdetach-controller/,
    { programs: ['kube-controller-manager'] },
  ],
  [/^default-scheduler/, { programs: ['kube-scheduler'] }],
  [/^kubelet\b/, { programs: ['kubelet'] }],
  [/^(k3s|rke2|kubelite|microk8s)\b|^snap\.microk8s/, { programs: together }],
  [/^kubeadm\b/, { programs: ['kubeadm'] }],
  [/^kubectl-oidc_login|^kubelogin|^oidc-login/, { programs: ['kubelogin'] }],
  [/^kubectl\b/, { programs: ['kubectl', 'kubelogin'] }],
  [/^(kustomize|source|helm|notification|image-automation|image-reflector)-controller/, { programs: ['Flux'] }],
  [/^flux\b/, { programs: ['Flux'] }],
  [/^kanidm_(cli|client|tools)/, { programs: ['the kanidm client'] }],
  [/^kanidm[-_]unix/, { programs: ['other'] }],
  [/^kanidmd/, { programs: ['Kanidm'] }],
  // The pod and container of the server have the same name as the command-line client.
  [/^kanidm/, { programs: ['Kanidm', 'the kanidm client'] }],
  [/^containerd\b|^crio\b|^cri-o\b/, { programs: ['containerd'] }],
  [/^(talos|machined|apid)\b/, { programs: ['Talos'] }],
  [
    /^(ingress-nginx|nginx-ingress|nginx|traefik|haproxy|caddy|envoy|cilium-envoy)\b/,
    { programs: ['the ingress controller'] },
  ],
  [/^(chromium|chrome|firefox|safari)\b/, { programs: ['the browser'] }],
  [/^headlamp/, { programs: ['an application'], application: 'Headlamp' }],
  [/^oauth2-proxy/, { programs: ['an application'], application: 'oauth2-proxy' }],
  [/^argo-?cd/, { programs: ['an application'], application: 'Argo CD' }],
  [/^grafana/, { programs: ['an application'], application: 'Grafana' }],
  // These identity providers are normally used instead of Kanidm. Dex can also be used in front of Kanidm.
  [/^(keycloak|authentik|authelia|zitadel|hydra|adfs)/, { programs: ['other'] }],
  [/^dex\b/, { programs: ['an application'], application: 'Dex' }],
  [/^(gitea|forgejo)/, { programs: ['an application'], application: 'Gitea or Forgejo' }],
  [
    /^(etcd|coredns|kube-proxy|metrics-server|cert-manager|cilium|calico|flannel|kindnet|konnectivity|longhorn)/,
    { programs: ['other'] },
  ],
  [/^(sshd|sudo|kernel|systemd|cron|crond|dbus|NetworkManager|audit)\b/i, { programs: ['other'] }],
];

/** Programs that only pass on the output of others, so their name does not tell who wrote a line. */
const carriers =
  /^(dockerd?|podman|conmon|k0s|sh|bash|env|node|python3?|java|logger|root|app|main|controller|manager|server)\b/i;

/**
 * Returns the programs behind the name of a systemd unit, container, pod or component,
 * or `undefined` if the name does not identify a program. An unknown name counts as an application.
 */
export function speakerNamed(name: string): Speaker | undefined {
  const plain = name.toLowerCase().trim();
  if (plain === '' || carriers.test(plain)) return undefined;
  const entry = names.find(([pattern]) => pattern.test(plain));
  return entry?.[1] ?? { programs: ['an application'], application: name.trim().slice(0, 40), isUnknown: true };
}

/** Source files from which only a few programs log, these programs, and the name of the application, if it is known. */
const files: readonly (readonly [RegExp, readonly Program[], string?])[] = [
  [/^oidc\.go$/, ['kube-apiserver']],
  [/^headlamp\.go$/, ['an application'], 'Headlamp'],
  [/^(get_token|authcode|standalone)\.go$/, ['kubelogin']],
  [/^memcache\.go$/, ['kubectl', 'an application', 'other']],
  [
    /^(kubelet\w*|kuberuntime_\w+|pod_workers|nestedpendingoperations|reconciler_common|reconciler|prober|prober_manager|remote_(image|runtime)|status_manager|file|file_linux|mirror_client|log|operation_generator|desired_state_of_world_populator|kubelet_volumes|manager|container_manager_linux|server_v1|eviction_manager|scope|topology_manager|cpu_manager|memory_manager|policy_none|state_mem|plugin_manager|volume_manager|fs_resource_analyzer|ratelimit|image_gc_manager|secret|configmap|generic|pod_container_deletor|pod_startup_latency_tracker|csi_plugin)\.go$/,
    ['kubelet'],
  ],
  // The kubelet and kube-rbac-proxy write some lines in the words of kube-apiserver.
  [/^server\.go$/, ['kubelet', 'other']],
  [/^proxy\.go$/, ['other']],
  // kube-rbac-proxy and Headlamp.
  [/^auth\.go$/, ['an application', 'other']],
  [/^(initconfiguration|joinconfiguration|strict|checks)\.go$/, ['kubeadm']],
  // Every Kubernetes component logs `command failed` from run.go when it exits with an error.
  [/^run\.go$/, ['kube-apiserver', 'kubelet', 'kube-scheduler', 'kube-controller-manager', 'k3s', 'other']],
];

/** Returns the programs that log from a source file, or `undefined` if the file is not listed. */
export const speakerOfFile = (file: string): Speaker | undefined => {
  const entry = files.find(([pattern]) => pattern.test(file));
  if (!entry) return undefined;
  const [, programs, application] = entry;
  return application === undefined ? { programs } : { programs, application };
};
