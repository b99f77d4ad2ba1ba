import type { Cluster, Config } from '../../config/config';
import { type Finding, keyAt } from '../../findings/finding';
import type { Authenticator } from '../../identity/authenticator';
import { authenticationConfiguration, trustedBy } from '../../node-files/authentication-configuration';
import { controlPlanes } from '../../node-files/kinds/kinds';
import { changedPart, oidcFlags } from '../../node-files/oidc-flags';
import { clusterApiFileLimit, setsAnonymous, talosHasDocument } from '../../upstream/control-planes';
import { has } from '../../upstream/kubernetes';
import { configFinding } from './config-codes';

/** Reports settings that the kind of control plane does not support. */
export function kinds(config: Config, cluster: Cluster, trusted: readonly Authenticator[]): Finding[] {
  const kind = controlPlanes[cluster.controlPlane];
  const at = [...cluster.path, 'controlPlane'];
  if ('unsupported' in kind) return [configFinding('control-plane-managed', at, kind.unsupported, kind.fix)];
  return [
    ...certificate(cluster),
    ...repeated(cluster),
    ...changedValues(cluster, trusted),
    ...carriedFile(config, cluster),
    ...anonymous(cluster),
    ...talos(cluster),
    ...eks(cluster, trusted),
  ];
}

function certificate({ path, controlPlane, authentication: { ca, method } }: Cluster): Finding[] {
  // EKS accepts no CA at all.
  if (!ca || controlPlane === 'eks') return [];
  const at = [...path, 'authentication', 'ca'];
  if (method === 'structured' && ca.nodePath !== undefined) {
    const message = 'an AuthenticationConfiguration contains the CA as PEM and cannot refer to a file on the nodes';
    return [configFinding('ca-node-path', keyAt([...at, 'nodePath']), message, 'write `file` in place of `nodePath`')];
  }
  if (method === 'structured' && ca.pem === undefined) {
    const message = 'an AuthenticationConfiguration contains the CA as PEM, but `ca` has no `file`';
    return [
      configFinding(
        'ca-inline',
        keyAt(at),
        message,
        'write `ca: { file: … }` with the path of a PEM file, relative to the folder of `kaniflux.yaml`',
      ),
    ];
  }
  if (
    controlPlane === 'talos' &&
    ca.pem !== undefined &&
    ca.nodePath !== undefined &&
    !ca.nodePath.startsWith('/var/')
  ) {
    const message = `Talos creates files only below /var: with \`${ca.nodePath}\` in the machine configuration, the node does not start its services`;
    const fix = 'remove `nodePath`, or write a path below /var';
    return [configFinding('talos-node-path', [...at, 'nodePath'], message, fix)];
  }
  if (method === 'flags' && ca.pem === undefined && ca.nodePath === undefined) {
    const message = '`ca` sets neither `file` nor `nodePath`';
    return [configFinding('ca-unnamed', keyAt(at), message, 'write `file`, `nodePath` or both')];
  }
  return [];
}

/**
 * Rejects a second required claim if the control plane accepts each argument only once: each required claim needs its
 * own `--oidc-required-claim`.
 */
function repeated(cluster: Cluster): Finding[] {
  const { authentication, controlPlane, path, kubernetes } = cluster;
  if (authentication.method !== 'flags' || Object.keys(authentication.requiredClaims).length < 2) return [];
  const map: Readonly<Partial<Record<Cluster['controlPlane'], string | false>>> = {
    kubeadm: !has(kubernetes, 'kubeadmV1beta4') && `kubeadm of Kubernetes ${kubernetes.text}`,
    'cluster-api': 'Cluster API',
    talos: 'Talos before 1.13',
    k0s: 'k0s',
  };
  const who = map[controlPlane];
  if (!who) return [];
  const newer = controlPlane === 'talos' ? ', and Kaniflux renders the same flags for all versions of Talos' : '';
  const message = `only one required claim is possible, because ${who} accepts each API server argument only once${newer}`;
  const fix = 'keep one required claim, or write `method: structured`';
  return [configFinding('required-claims', keyAt([...path, 'authentication', 'requiredClaims']), message, fix)];
}

/** These kinds run kube-apiserver in a static pod, with the arguments in `command` or `args`. */
const inStaticPod: readonly Cluster['controlPlane'][] = ['kubeadm', 'cluster-api', 'rke2', 'talos'];

/** Rejects arguments whose value kube-apiserver would not get unchanged. */
function changedValues({ authentication, controlPlane, path }: Cluster, [own]: readonly Authenticator[]): Finding[] {
  const { method, ca, username, groups } = authentication;
  if (method !== 'flags' || !own || username || groups?.expression !== undefined) return [];
  const at = keyAt([...path, 'authentication']);
  return oidcFlags(own, ca?.nodePath).flatMap(({ name, value }) => {
    const part = changedPart(value, inStaticPod.includes(controlPlane));
    if (part === undefined) return [];
    return [configFinding('argument-value', at, `the value of \`--${name}\` contains ${part}`, 'write another value')];
  });
}

/** Checks the length of the file that a KubeadmControlPlane contains for the nodes, because Cluster API limits it. */
function carriedFile(config: Config, cluster: Cluster): Finding[] {
  const { authentication, controlPlane, path } = cluster;
  if (controlPlane !== 'cluster-api') return [];
  const structured = authentication.method === 'structured';
  const text = structured
    ? authenticationConfiguration(cluster, trustedBy(config, cluster))
    : (authentication.ca?.pem ?? '');
  const length = [...text].length;
  if (length <= clusterApiFileLimit) return [];
  const what = structured ? 'the AuthenticationConfiguration' : 'the CA file';
  const message = `Cluster API accepts files of up to ${clusterApiFileLimit} characters, but ${what} has ${length}`;
  const fix = `in \`ca.file\`, keep only the certificates of the CA that signed the certificate of Kanidm${structured ? ', or trust fewer clients and issuers' : ''}`;
  return [configFinding('cluster-api-file', keyAt([...path, 'authentication']), message, fix)];
}

/** The first versions of each distribution that accept `anonymous`, as text for a message. */
const anonymousVersions: Readonly<Partial<Record<Cluster['controlPlane'], string>>> = {
  k3s: '1.32.5, 1.33.1 and later',
  rke2: '1.32.5, 1.33.1 and later',
  k0s: '1.36.4 and later',
};

/** The path of the ConfigMap that `kubeadm join` reads if it has only a token. */
const clusterInfo = '/api/v1/namespaces/kube-public/configmaps/cluster-info';

/**
 * Checks `anonymous`. The kubelet probes a static pod without credentials, so `anonymous` must allow the paths of the
 * probes. Older K3s, RKE2, k0s and Talos set `--anonymous-auth`, which conflicts with `anonymous` in an
 * AuthenticationConfiguration.
 */
function anonymous(cluster: Cluster): Finding[] {
  const { authentication, controlPlane, kubernetes, path } = cluster;
  const { anonymous: setting, method } = authentication;
  if (!setting || method !== 'structured' || !has(kubernetes, 'structuredAnonymous')) return [];
  const at = [...path, 'authentication', 'anonymous'];
  if (!setting.enabled && setting.paths) {
    const message = '`anonymous` has `paths`, but is not enabled: the API server would not start';
    const fix = 'write `enabled: true` to accept anonymous requests for these paths only, or remove `paths`';
    return [configFinding('anonymous-paths', [...at, 'paths'], message, fix)];
  }
  if (setsAnonymous(cluster)) {
    const message = `${controlPlane} starts its API server with \`--anonymous-auth=false\`, which conflicts with \`anonymous\``;
    const versions = anonymousVersions[controlPlane];
    const newer = versions
      ? ` (${controlPlane} ${versions} do not set the flag; if the cluster runs one of these versions, write the full version in \`kubernetes\`)`
      : '';
    const fix = `remove \`anonymous\`: this API server already rejects anonymous requests${newer}`;
    return [configFinding('anonymous-flag-set', keyAt(at), message, fix)];
  }
  // K3s and RKE2 probe with a certificate, and k0s does not probe. For the control planes `flags` and `eks`, Kaniflux
  // does not know the probes.
  if (!['kubeadm', 'cluster-api', 'talos'].includes(controlPlane)) return [];
  const allowed = (probe: string) => setting.enabled && (!setting.paths || setting.paths.includes(probe));
  const refused = ['/livez', '/readyz'].filter((probe) => !allowed(probe));
  if (refused.length > 0) {
    const message = `the kubelet probes ${refused.join(' and ')} of the API server without credentials: the probes would fail, and the API server would be restarted again and again`;
    return [
      configFinding(
        'anonymous-probes',
        at,
        message,
        'write `enabled: true` with the paths /livez, /readyz and /healthz',
      ),
    ];
  }
  if (controlPlane === 'talos' || !setting.paths || setting.paths.includes(clusterInfo)) return [];
  const message =
    '`kubeadm join` with a token reads the ConfigMap cluster-info without credentials, and `paths` does not include it';
  return [
    configFinding('anonymous-join', at, message, `join nodes with \`--discovery-file\`, or add \`${clusterInfo}\``),
  ];
}

function talos(cluster: Cluster): Finding[] {
  const { authentication, controlPlane, controlPlaneVersion: version, path } = cluster;
  const talosOrApi = controlPlane === 'talos' || controlPlane === 'cluster-api';
  if (version && !talosOrApi) {
    const message = '`controlPlaneVersion` is the version of Talos or Cluster API, but this cluster uses neither';
    return [
      configFinding(
        'control-plane-version',
        keyAt([...path, 'controlPlaneVersion']),
        message,
        'remove `controlPlaneVersion`',
      ),
    ];
  }
  if (controlPlane !== 'talos') return [];
  const method = [...path, 'authentication', 'method'];
  if (authentication.method === 'structured' && !version) {
    const message = 'Kaniflux needs the version of Talos to render an AuthenticationConfiguration for it';
    return [
      configFinding(
        'talos-version',
        method,
        message,
        'write `controlPlaneVersion: "1.14"`, or what `talosctl version` prints',
      ),
    ];
  }
  if (authentication.method === 'flags' && talosHasDocument(cluster)) {
    const message =
      'machine configurations generated by Talos 1.14 reject `--oidc-*` flags; those from older versions accept them';
    return [configFinding('talos-flags', method, message, 'write `method: structured`')];
  }
  return [];
}

function eks(cluster: Cluster, trusted: readonly Authenticator[]): Finding[] {
  if (cluster.controlPlane !== 'eks') return [];
  const { authentication, path } = cluster;
  const problems: Finding[] = [];
  if (authentication.method === 'structured') {
    const message = 'EKS does not accept an AuthenticationConfiguration';
    problems.push(
      configFinding('eks-structured', [...path, 'authentication', 'method'], message, 'write `method: flags`'),
    );
  }
  if (authentication.ca) {
    const message = 'EKS does not accept a CA: Kanidm needs a certificate from a public CA';
    problems.push(configFinding('eks-ca', keyAt([...path, 'authentication', 'ca']), message, 'remove `ca`'));
  }
  const wrong = trusted.find(({ signingAlgorithm }) => signingAlgorithm !== 'RS256');
  if (wrong) {
    const message = `EKS accepts only RS256, but Kanidm signs with ${wrong.signingAlgorithm} for client ${wrong.client.name}`;
    const fix = `write \`clients.${wrong.client.name}.legacyCrypto: true\`, preferably on a client that only this cluster uses`;
    problems.push(configFinding('eks-algorithm', [...path, 'client'], message, fix));
  }
  return problems;
}
