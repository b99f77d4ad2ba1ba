import { because } from '../connection-reasons';
import type { Explanation } from '../explanation';

const of = 'Flux';
const see = '`flux get all -A --status-selector ready=false` lists what is not ready, with the reason.';
/** Words that the Flux controllers and the `flux` command write around an error. */
const sure =
  /dry-run failed|ReconciliationFailed|BuildFailed|Reconciliation failed|kustomize build failed|HelmRelease|Kustomization\/|kustomization|Helm (?:install|upgrade)|✗/;
const tell = 'the line is in the status of a Kustomization or HelmRelease';
const relayed = ['kubectl'] as const;

const missingChart = /no '(?<chart>[^']{1,100})' chart with version matching '(?<version>[^']{1,60})' found/;

/** Returns why a Git server and source-controller refuse each other, or that a Helm repository lacks the chart. */
function sourceReason(reason: string): { readonly why: string; readonly fix: string } | undefined {
  const renew =
    'create the Secret again with `flux create secret git`, and name it in `secretRef` of the GitRepository.';
  if (/knownhosts: key (?:mismatch|is unknown)/.test(reason))
    return {
      why: 'The host key of the Git server is not the one in `known_hosts` of the Secret.',
      fix: `If the Git server has a new host key, ${renew}`,
    };
  if (/ssh: unable to authenticate|authentication required|invalid credentials/i.test(reason))
    return {
      why: 'The Git server does not accept the key or token in the Secret of the GitRepository, or the GitRepository names no Secret.',
      fix: `Check on the Git server whether the deploy key or token still exists and may read the repository. If not, ${renew}`,
    };
  const { chart, version } = missingChart.exec(reason)?.groups ?? {};
  if (chart !== undefined)
    return {
      why: `The repository has no chart ${chart} with a version that matches ${version}.`,
      fix: 'Correct the name or the version of the chart.',
    };
  return undefined;
}

/** Whether Helm failed for a reason other than a timeout. */
const isOther = (reason: string) =>
  reason !== '' &&
  !/^(?:context deadline|timed out waiting|client rate limiter|resource \S{1,300} not ready)/.test(reason);

/** Messages of the Flux controllers and of Helm about rendered files, from Flux 2.9 and Helm 3.22. */
export const fluxAnswers: readonly Explanation[] = [
  {
    id: 'flux-file-for-nodes',
    title: 'Flux applies a file that belongs on the nodes',
    of,
    pattern:
      /no matches for kind "?(?<kind>ClusterConfiguration|AuthenticationConfiguration|InitConfiguration|KubeAuthenticationConfig)/,
    shared: { sure: /dry-run failed|ReconciliationFailed|Reconciliation failed|kustomization/i, tell },
    means: ({ kind = '' }) =>
      `${kind} is a file for the nodes, but it is in a folder that Flux applies. Flux therefore applies nothing from that folder.`,
    fix: 'Point Flux only at dist/clusters/<cluster>, never at control-planes/.',
    see,
    example: [
      'ClusterConfiguration/homelab dry-run failed: no matches for kind "ClusterConfiguration" in version "kubeadm.k8s.io/v1beta4"',
    ],
  },
  {
    id: 'unknown-kind',
    title: 'The cluster does not know a kind',
    of,
    relayed,
    pattern:
      /no matches for kind "?(?!AuthenticationConfiguration|ClusterConfiguration|InitConfiguration|KubeAuthenticationConfig)(?<kind>\w{1,100})"? in (?:version|group) "?(?<version>[^"\s]{1,100})/,
    shared: { sure, tell },
    means: ({ kind = '', version = '' }) =>
      `The cluster does not know the kind ${kind} of ${version}: its CRD is missing, or the file is not a Kubernetes object at all.`,
    fix: 'Install the CRD of this kind first (`flux install` for the kinds of Flux), or remove the file from the folder that Flux applies.',
    see: 'Run `kubectl api-resources | grep -i <kind>`.',
    example: [
      'HelmRelease/kanidm/kanidm dry-run failed: no matches for kind "HelmRelease" in version "helm.toolkit.fluxcd.io/v2"',
    ],
  },
  {
    id: 'unknown-field',
    title: 'An object has a field that its kind does not have',
    of,
    relayed,
    pattern:
      /(?<field>\.[\w.[\]]{1,200}: )?field not declared in schema|strict decoding error: unknown field "(?<other>(?!jwt\[)[^"]{0,300})"/,
    shared: {
      sure: /field not declared in schema|dry-run failed|Error from server/,
      tell: 'the line is the error with which the API server refused an object',
    },
    means: ({ field = '', other = '' }) =>
      `An object has a field that its kind does not have${field || other ? `: ${(field || other).replace(/: $/, '')}` : ''}.`,
    fix: 'Check the spelling, and compare the versions of Flux and Kubernetes in the cluster with those in kaniflux.yaml.',
    see: 'Run `kubectl explain <kind>`.',
    example: [
      'HelmRelease/kanidm/kanidm dry-run failed: failed to create typed patch object (kanidm/kanidm; helm.toolkit.fluxcd.io/v2, Kind=HelmRelease): .spec.chartx: field not declared in schema',
    ],
  },
  {
    id: 'flux-object-twice',
    title: 'A folder has the same object twice',
    of,
    pattern:
      /may not add resource with an already registered id: (?<id>\S{0,200})|may not add resource with an already registered id/,
    means: ({ id = '' }) => `A folder has the same object twice${id === '' ? '' : `: ${id}`}.`,
    fix: 'Remove one of the two objects, usually the one that was written by hand.',
    see,
    example: [
      'kustomize build failed: accumulating resources: may not add resource with an already registered id: ClusterRoleBinding.v1.rbac.authorization.k8s.io/oidc-cluster-admin.[noNs]',
    ],
  },
  {
    id: 'role-of-binding',
    title: 'The role of a binding cannot be changed',
    of,
    relayed,
    pattern: /cannot change roleRef|roleRef.{0,60}immutable/,
    means: 'The role of a binding was changed, but Kubernetes does not allow a change of `roleRef`.',
    fix: 'Keep the annotation `kustomize.toolkit.fluxcd.io/force: enabled` that Kaniflux renders: with it, Flux recreates the binding. Without Flux, delete the binding and apply it again.',
    see,
    example: [
      'ClusterRoleBinding/oidc-cluster-admin dry-run failed (Invalid): ClusterRoleBinding.rbac.authorization.k8s.io "oidc-cluster-admin" is invalid: roleRef: Invalid value: rbac.RoleRef{}: cannot change roleRef',
    ],
  },
  {
    id: 'flux-namespace-missing',
    title: 'A namespace does not exist',
    of,
    relayed,
    pattern:
      /(?<kind>RoleBinding|Role)\/(?<object>\S{1,200}) (?:namespace not specified|dry-run failed|not found).{0,120}namespaces? "?(?<namespace>[\w-]{1,63})"? not found/,
    means: ({ namespace = '' }) =>
      `The namespace ${namespace} does not exist. Flux therefore applies no other object of the same Kustomization either.`,
    fix: 'Create the namespace, or remove it from `namespaces` of the grant.',
    see,
    example: ['RoleBinding/web/look dry-run failed (NotFound): namespaces "web" not found'],
  },
  {
    id: 'helm-ownership',
    title: 'Helm does not take over an existing object',
    of,
    pattern: /cannot be imported into the current release: invalid ownership metadata/,
    means: 'The chart creates an object that already exists, usually the Namespace.',
    fix: 'Make Flux take over the object: remove `disableTakeOwnership` if it is set.',
    see,
    example: [
      'Helm install failed: Unable to continue with install: Namespace "kanidm" in namespace "" exists and cannot be imported into the current release: invalid ownership metadata',
    ],
  },
  {
    id: 'flux-variable',
    title: 'A variable is not set',
    of,
    pattern:
      /variable not set \(strict mode\): "?(?<name>\w{0,100})|variable not set \(strict mode\)|variable substitution failed/,
    means: ({ name = '' }) =>
      `An object contains a variable (\`$\` and a name in braces${name === '' ? '' : `: ${name}`}) that \`postBuild\` of the Kustomization does not set.`,
    fix: 'Set the variable, or keep `kustomize.toolkit.fluxcd.io/substitute: disabled`, which Kaniflux renders on objects that need it.',
    see,
    example: [
      'post build failed for \'kanidm\': variable substitution failed: variable not set (strict mode): "DOMAIN"',
    ],
  },
  {
    id: 'flux-external-artifact',
    title: 'Flux reads an ExternalArtifact only with a feature gate',
    of,
    pattern: /ExternalArtifact.{0,80}feature gate/,
    means: 'kustomize-controller reads an ExternalArtifact only if a feature gate is set.',
    fix: 'Start kustomize-controller with `--feature-gates=ExternalArtifact=true`.',
    see,
    example: ['ExternalArtifact feature gate is disabled'],
  },
  {
    id: 'flux-source',
    title: 'Flux cannot fetch its source',
    of,
    pattern:
      /(?:failed to (?:fetch|download|checkout|clone|pull|determine|get(?= (?:chart|authentication secret|proxy URL)))(?! (?:the )?(?:\w{1,20} )?(?:token|user|provider))(?=[^:]{0,120}\b(?:artifact|archive|charts?|commit|repository|index|revision|authentication secret|proxy URL|branch|tag|https?)\b)[^:]{0,120}|unable to clone[^:]{0,120}|chart pull error[^:]{0,120}): (?<reason>.{1,400})/,
    shared: {
      sure: /HelmChart|chart version for remote reference|Helm repository index|artifact from|unable to clone|failed to checkout and determine revision|git repository|GitRepository|OCIRepository|HelmRepository|chart pull error/,
      tell: 'the line is in the status of a GitRepository, OCIRepository, HelmRepository or HelmChart',
    },
    means: ({ reason = '' }) =>
      `${sourceReason(reason)?.why ?? because(reason, { from: 'source-controller', to: 'the repository', trust: '' }).why} ${missingChart.test(reason) ? 'Flux therefore does not install the chart, or upgrade it to such a version.' : 'Flux therefore cannot fetch its source, and applies nothing new from it.'}`,
    fix: ({ reason = '' }) =>
      `${sourceReason(reason)?.fix ?? because(reason, { from: 'source-controller', to: 'the repository', trust: 'Give the source object the CA (`certSecretRef`).' }).fix}${/kanidm/i.test(reason) ? '' : ' This line is not about Kanidm.'}`,
    see: 'Run `flux get sources all -A`.',
    example: [
      'failed to fetch Helm repository index: failed to cache index to temporary file: Get "https://charts.example.com/index.yaml": dial tcp: lookup charts.example.com: no such host',
    ],
  },
  {
    id: 'statefulset-immutable',
    title: 'A field of a StatefulSet cannot be changed',
    of,
    relayed: ['kubectl'],
    pattern:
      /(?<helm>Helm upgrade failed.{0,300}?)?StatefulSet(?:\.apps)? "(?<name>[^"]{1,253})" is invalid: spec: Forbidden: updates to statefulset spec for fields other than/,
    means: ({ name = '', helm = '' }) =>
      `A change of the StatefulSet ${name} was refused: Kubernetes allows only a few fields of a StatefulSet to change. ${helm === '' ? 'No other object of the same Kustomization is applied either.' : 'Helm therefore does not upgrade the release.'}`,
    fix: ({ name = '' }) =>
      `Delete the StatefulSet without its pods, \`kubectl delete statefulset ${name} --cascade=orphan --namespace NAMESPACE\`. Flux then creates it again with the new fields. The pods and their volumes stay.`,
    see: '`flux get kustomizations -A`.',
    example: [
      `StatefulSet/kanidm/kanidm dry-run failed (Invalid): StatefulSet.apps "kanidm" is invalid: spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden`,
    ],
  },
  {
    id: 'flux-path-missing',
    title: 'The folder that Flux applies is not in the source of Flux',
    of,
    pattern:
      /kustomization path not found: .{0,200}\/(?<path>(?:dist|clusters)\/\S{1,200}?): no such file|kustomization path not found/,
    means: ({ path = '' }) =>
      `The folder${path === '' ? '' : ` ${path}`} is not in the source of Flux: it was not committed, or \`flux.path\` names another folder.`,
    fix: 'Commit and push dist/, and compare `flux.path` of the cluster with the place of dist/ in the repository.',
    see,
    example: [
      'kustomization path not found: stat /tmp/kustomization-1234/dist/clusters/homelab/access: no such file or directory',
    ],
  },
  {
    id: 'flux-cross-namespace',
    title: 'Flux refuses a source in another namespace',
    of,
    pattern: /can't access '(?<source>\S{1,200}?)', cross-namespace references have been blocked/,
    means: ({ source = '' }) =>
      `The controllers of Flux run with \`--no-cross-namespace-refs\`, and ${source} is not in the namespace of the Kustomization or HelmRelease. Flux therefore does not apply that Kustomization or HelmRelease.`,
    fix: 'Write the namespace of the source in `flux.namespace`, render again, and apply `dist/flux/<cluster>.yaml`. With `flux.lockdown: { noCrossNamespaceRefs: true }` in the config, `kaniflux check` finds this mistake.',
    see,
    example: ["can't access 'GitRepository/flux-system/flux-system', cross-namespace references have been blocked"],
  },
  {
    id: 'flux-kanidm-not-ready',
    title: 'Kanidm does not become ready, and Flux waits for it',
    of,
    // The namespace does not count, because other applications can run in it too.
    pattern:
      /(?:timeout waiting for|health check failed|failed early due to stalled resources).{0,200}\w\/[\w.-]{1,63}\/kanidm status|dependency '(?<dependency>(?:[\w.-]{1,63}\/)?[^'/]{0,60}kanidm[^'/]{0,60})' is not ready|Helm (?:install|upgrade) failed for release (?:[\w.-]{1,63}\/kanidm(?:\.v\d{1,6})? with chart |\S{1,130} with chart kanidm@)[^:]{0,130}: (?<helm>.{1,300})/,
    shared: {
      sure: /health check|dependency '|Helm (?:install|upgrade)|stalled|timeout waiting/,
      tell,
    },
    means: ({ dependency = '', helm = '' }) =>
      isOther(helm)
        ? `Helm did not install or upgrade Kanidm. It reports: “${helm}”. Objects that depend on Kanidm wait.`
        : dependency === ''
          ? 'Flux applied Kanidm, but Kanidm does not become ready. Objects that depend on Kanidm wait, and Flux applies no newer commit until the `timeout` of the Kustomization has passed.'
          : `This Kustomization or HelmRelease depends on ${dependency}. Flux does not apply it before ${dependency} is ready.`,
    fix: ({ dependency = '', helm = '' }) =>
      isOther(helm)
        ? 'Correct what the message names. If Helm does not try again, run `flux reconcile helmrelease <name> -n <namespace> --reset`.'
        : dependency === ''
          ? 'Look at the pod (`kubectl -n kanidm describe pod`), pipe its events into `kaniflux explain --log -`, and read the log of Kanidm.'
          : `Look at the status of ${dependency} (\`flux get all -A --status-selector ready=false\`), and pipe its message into \`kaniflux explain --log -\`.`,
    see: 'Run `kubectl -n kanidm get pods,pvc` and `kubectl -n kanidm describe pods`.',
    example: ["health check failed after 5m0s: timeout waiting for: [StatefulSet/kanidm/kanidm status: 'InProgress']"],
    consequenceOf: [
      'storage-class-missing',
      'volume-not-bound',
      'secret-missing',
      'image-pull',
      'probe-without-shell',
      'kanidm-start',
    ],
  },
];
