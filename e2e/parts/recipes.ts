import versions from './versions.json';

/** A program from the Go module proxy. */
export interface GoRecipe {
  readonly kind: 'go';
  readonly version: string;
  readonly module: string;
  /** Packages of the module to build, each with the name of the folder of its binary; `''` is the module itself. */
  readonly packages: readonly string[];
  /**
   * A folder below e2e/schemas whose main.go uses the packages of the module. It is built as `part`, instead of
   * `packages`.
   */
  readonly program?: string;
  /**
   * Versions of modules that are used instead of the versions that upstream requires. They are needed if the proxy does
   * not have the required versions.
   */
  readonly standIns?: Readonly<Record<string, string>>;
  /** Variables that the linker sets, so that the program prints its version. */
  readonly stamp?: Readonly<Record<string, string>>;
  /** The published version of the modules that upstream replaces by folders of its own repository. */
  readonly staging?: string;
  /** Files that the module embeds but does not contain: content by path. */
  readonly missing?: Readonly<Record<string, string>>;
  /** The name of the binary, by name of the part. */
  readonly parts: Readonly<Record<string, string>>;
}

/** A program from crates.io. */
export interface CargoRecipe {
  readonly kind: 'cargo';
  readonly version: string;
  readonly crate: string;
  /** Debian packages that the build needs in addition to Rust. */
  readonly packages: readonly string[];
  readonly parts: Readonly<Record<string, string>>;
}

/** Files that are copied unchanged from a Go module. */
export interface FilesRecipe {
  readonly kind: 'files';
  readonly version: string;
  readonly module: string;
  /** The path in the module, by name of the part. */
  readonly parts: Readonly<Record<string, string>>;
}

/** A Go program of this suite, in a folder that is a module without requirements. */
export interface OwnRecipe {
  readonly kind: 'own';
  readonly version: string;
  /** The folder, below `e2e/`. */
  readonly folder: string;
  readonly parts: Readonly<Record<string, string>>;
}

export type Recipe = GoRecipe | CargoRecipe | FilesRecipe | OwnRecipe;
export type RecipeName = keyof typeof versions.parts;

/** kube-apiserver and other programs of Kubernetes. They are one build, since they share most packages. */
function kubernetes(minor: '1.34' | '1.37', commands: readonly string[]): GoRecipe {
  const version = versions.parts[`kubernetes-${minor}`];
  const [, major, min] = /^v(\d+)\.(\d+)\./.exec(version) ?? [];
  if (major !== '1' || min !== minor.slice(2)) {
    throw new Error(`versions.json: kubernetes-${minor} is ${version}; write a version v${minor}.x`);
  }
  return {
    kind: 'go',
    version,
    module: 'k8s.io/kubernetes',
    packages: commands.map((command) => `cmd/${command}`),
    stamp: {
      'k8s.io/component-base/version.gitVersion': version,
      'k8s.io/component-base/version.gitMajor': '1',
      'k8s.io/component-base/version.gitMinor': min,
    },
    staging: version.replace(/^v1\./, 'v0.'),
    parts: Object.fromEntries(commands.map((command) => [`${command}-${minor}`, command])),
  };
}

/** The reader of machine configurations, which is the published part of Talos. */
const talos = (name: 'talos-1.13' | 'talos-1.14', standIns?: Readonly<Record<string, string>>): GoRecipe => ({
  kind: 'go',
  version: versions.parts[name],
  module: 'github.com/siderolabs/talos/pkg/machinery',
  packages: [],
  program: 'talos',
  standIns,
  parts: { [name]: 'part' },
});

/** The definition of KubeadmControlPlane. */
const clusterApi = (name: 'cluster-api-1.10' | 'cluster-api-1.14'): FilesRecipe => ({
  kind: 'files',
  version: versions.parts[name],
  module: 'sigs.k8s.io/cluster-api',
  parts: {
    [name]: 'controlplane/kubeadm/config/crd/bases/controlplane.cluster.x-k8s.io_kubeadmcontrolplanes.yaml',
  },
});

/** The definition of TLSRoute, which moved to the standard channel with 1.5. */
const gatewayApi = (name: 'gateway-api-1.4' | 'gateway-api-1.6', channel: string): FilesRecipe => ({
  kind: 'files',
  version: versions.parts[name],
  module: 'sigs.k8s.io/gateway-api',
  parts: { [name]: `config/crd/${channel}/gateway.networking.k8s.io_tlsroutes.yaml` },
});

/**
 * How each part is built, the longest build first, since this order is the fastest with two builds at a time. kanidm is
 * first because Cargo and Go share nothing, whereas a Go build that starts later can use the compiled standard library.
 *
 * etcd is built instead of taken from Debian, because installing a package requires root.
 */
export const recipes: Readonly<Record<RecipeName, Recipe>> = {
  kanidm: {
    kind: 'cargo',
    version: versions.parts.kanidm,
    crate: 'kanidm_tools',
    packages: ['libudev-dev', 'pkg-config'], // security keys
    parts: { kanidm: 'kanidm' },
  },
  'kubernetes-1.34': kubernetes('1.34', [
    'kubelet',
    'kube-proxy',
    'kube-scheduler',
    'kube-apiserver',
    'kubeadm',
    'kube-controller-manager',
    'kubectl',
  ]),
  'kubernetes-1.37': kubernetes('1.37', ['kube-apiserver', 'kubeadm']),
  'kustomize-controller': {
    kind: 'go',
    version: versions.parts['kustomize-controller'],
    module: 'github.com/fluxcd/kustomize-controller',
    packages: [''],
    parts: { 'kustomize-controller': 'kustomize-controller' },
  },
  flux: {
    kind: 'go',
    version: versions.parts.flux,
    module: 'github.com/fluxcd/flux2/v2',
    packages: ['cmd/flux'],
    stamp: { 'main.VERSION': versions.parts.flux.slice(1) },
    // Upstream's release generates the manifests that `flux install` applies, so the module does not contain them.
    missing: { 'cmd/flux/manifests/placeholder.yaml': '# flux install needs the manifests of a release\n' },
    parts: { flux: 'flux' },
  },
  helm: {
    kind: 'go',
    version: versions.parts.helm,
    module: 'helm.sh/helm/v3',
    packages: ['cmd/helm'],
    stamp: { 'helm.sh/helm/v3/internal/version.version': versions.parts.helm },
    parts: { helm: 'helm' },
  },
  'helm-4': {
    kind: 'go',
    version: versions.parts['helm-4'],
    module: 'helm.sh/helm/v4',
    packages: ['cmd/helm'],
    stamp: { 'helm.sh/helm/v4/internal/version.version': versions.parts['helm-4'] },
    parts: { 'helm-4': 'helm' },
  },
  jsonnet: {
    kind: 'go',
    version: versions.parts.jsonnet,
    module: 'github.com/google/go-jsonnet',
    packages: ['cmd/jsonnet'],
    parts: { jsonnet: 'jsonnet' },
  },
  kubelogin: {
    kind: 'go',
    version: versions.parts.kubelogin,
    module: 'github.com/int128/kubelogin',
    packages: [''],
    stamp: { 'main.version': versions.parts.kubelogin },
    parts: { kubelogin: 'kubelogin' },
  },
  etcd: {
    kind: 'go',
    version: versions.parts.etcd,
    module: 'go.etcd.io/etcd/server/v3',
    packages: [''],
    parts: { etcd: 'server' },
  },
  'controller-gen': {
    kind: 'go',
    version: versions.parts['controller-gen'],
    module: 'sigs.k8s.io/controller-tools',
    packages: ['cmd/controller-gen'],
    parts: { 'controller-gen': 'controller-gen' },
  },
  kustomize: {
    kind: 'go',
    version: versions.parts.kustomize,
    module: 'sigs.k8s.io/kustomize/kustomize/v5',
    packages: [''],
    stamp: { 'sigs.k8s.io/kustomize/api/provenance.version': versions.parts.kustomize },
    parts: { kustomize: 'kustomize' },
  },
  coredns: {
    kind: 'go',
    version: versions.parts.coredns,
    module: 'github.com/coredns/coredns',
    packages: [''],
    parts: { coredns: 'coredns' },
  },
  registry: {
    kind: 'go',
    version: versions.parts.registry,
    module: 'github.com/google/go-containerregistry',
    packages: ['cmd/registry'],
    parts: { registry: 'registry' },
  },
  'talos-1.13': talos('talos-1.13'),
  'talos-1.14': talos('talos-1.14', versions.standIns['talos-1.14']),
  eks: {
    kind: 'go',
    version: versions.parts.eks,
    module: 'github.com/aws/aws-sdk-go-v2/service/eks',
    packages: [],
    program: 'eks',
    parts: { eks: 'part' },
  },
  // The authorizer of kube-apiserver and Go's YAML, for `npm run soak`.
  soak: {
    kind: 'go',
    version: versions.parts.soak,
    module: 'k8s.io/kubernetes',
    packages: [],
    program: '../soak/go',
    staging: versions.parts.soak.replace(/^v1\./, 'v0.'),
    parts: { soak: 'part' },
  },
  'kanidmd-stand-in': {
    kind: 'own',
    version: versions.parts['kanidmd-stand-in'],
    folder: 'node/kanidmd',
    parts: { 'kanidmd-stand-in': 'kanidmd' },
  },
  'cluster-api-1.10': clusterApi('cluster-api-1.10'),
  'cluster-api-1.14': clusterApi('cluster-api-1.14'),
  'gateway-api-1.4': gatewayApi('gateway-api-1.4', 'experimental'),
  'gateway-api-1.6': gatewayApi('gateway-api-1.6', 'standard'),
};
