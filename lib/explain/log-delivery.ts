import type { Meaning } from './meaning';

const kubeadm = 'kubeadm';

/** kubeadm, Flux, Helm, and what they hand to. The words are those of kubeadm 1.34 and 1.37, Flux 2.9 and Helm 3.22. */
export const deliveryMeanings: readonly Meaning[] = [
  {
    of: kubeadm,
    pattern: /old API spec: "kubeadm\.k8s\.io/,
    means: 'This kubeadm no longer reads v1beta3.',
    fix: 'Set `kubernetes` of the cluster to its real version: from 1.31 on, v1beta4 is rendered.',
  },
  {
    of: kubeadm,
    pattern: /experimental API spec: "kubeadm\.k8s\.io/,
    means: 'kubeadm.k8s.io/v1 is an experiment of this version, and is read when asked for only.',
    fix: 'Take the v1beta4 that Kaniflux renders.',
  },
  {
    of: kubeadm,
    pattern: /no kind "\w+" is registered for version "kubeadm\.k8s\.io/,
    means: 'This kubeadm does not know that version of its own configuration.',
    fix: 'Set `kubernetes` of the cluster to the version of kubeadm, and render again.',
  },
  {
    of: kubeadm,
    pattern: /cannot unmarshal (object|array) into Go struct field .*extraArgs/,
    means: 'The form of `extraArgs` is that of another version: v1beta3 has a map, v1beta4 a list.',
    fix: 'Set `kubernetes` of the cluster to its real version and render again.',
  },
  {
    of: kubeadm,
    pattern: /Group:"kubeadm\.k8s\.io".*strict decoding error/,
    means: 'A field has a name that kubeadm does not know. It warns, and goes on without the field.',
    fix: 'Look at the spelling of the field that the line names; what Kaniflux renders has only known ones.',
  },
  {
    of: kubeadm,
    pattern: /this version of kubeadm only supports deploying clusters with the control plane version/,
    means: '`kubernetesVersion` is more than one minor version behind this kubeadm.',
    fix: 'Use the kubeadm of the version of the cluster.',
  },
  {
    of: kubeadm,
    pattern: /doesn't match patterns for neither semantic version nor labels/,
    means: '`kubernetesVersion` lacks its last part: `1.34` is none for kubeadm.',
    fix: 'Write one such as `v1.34.0`. What Kaniflux renders leaves it to your own file.',
  },
  {
    of: kubeadm,
    pattern: /could not fetch a Kubernetes version from the internet/,
    means: 'Without a `kubernetesVersion` kubeadm asks the internet for one, and takes its own where there is none.',
    fix: 'Write `kubernetesVersion` into the ClusterConfiguration.',
  },
  {
    of: kubeadm,
    pattern: /unable to select an IP from \w+ network interface/,
    means: 'kubeadm takes no loopback address as `advertiseAddress`.',
    fix: 'Write the address under which the other nodes reach this one.',
  },
  {
    of: kubeadm,
    pattern: /can not mix '--config' with arguments/,
    means: 'kubeadm takes a file or flags, not both.',
    fix: 'Name the folder in `InitConfiguration.patches.directory`.',
  },
  {
    of: kubeadm,
    pattern: /failed to request the cluster-info ConfigMap/,
    means: 'Joining by token reads `kube-public/cluster-info` without credentials, and anonymous requests are refused.',
    fix: 'Join with `--discovery-file`, or let that path through in `authentication.anonymous`.',
  },
  {
    of: 'Flux',
    pattern: /no matches for kind "?(ClusterConfiguration|AuthenticationConfiguration|InitConfiguration)/,
    means: 'A file that nodes read lies in a folder that Flux applies; nothing of that folder is applied.',
    fix: 'Point Flux at dist/clusters/<cluster> alone, never at control-planes/.',
  },
  {
    of: 'Flux',
    pattern: /no matches for kind/,
    means: 'The cluster does not know this kind: its CRD is missing, or it is a file for something else.',
    fix: 'Install what brings the kind first, or take the file out of the folder.',
  },
  {
    of: 'Flux',
    pattern: /field not declared in schema/,
    means: 'The object has a field that this kind does not have.',
    fix: 'Compare the versions of Flux in the cluster and of Kaniflux.',
  },
  {
    of: 'Flux',
    pattern: /may not add resource with an already registered id/,
    means: 'The same object stands twice in one folder.',
    fix: 'Remove the one written by hand.',
  },
  {
    of: 'Flux',
    pattern: /cannot change roleRef|roleRef.*immutable/,
    means: 'The role of a binding changed, and that field cannot be changed in place.',
    fix: 'Keep the annotation `kustomize.toolkit.fluxcd.io/force: enabled` that Kaniflux renders, with which Flux makes it anew.',
  },
  {
    of: 'Flux',
    pattern: /namespaces? "?[\w-]+"? not found/,
    means: 'A RoleBinding is for a namespace that does not exist, and holds back the others of its Kustomization.',
    fix: 'Make the namespace, or take it out of `namespaces` of the grant.',
  },
  {
    of: 'Helm',
    pattern: /cannot be imported into the current release: invalid ownership metadata/,
    means: 'The chart wants to make an object, the Namespace mostly, that exists already.',
    fix: 'Let Flux take it over (it does unless `disableTakeOwnership` is set).',
  },
  {
    of: 'Flux',
    pattern: /variable not set \(strict mode\)|variable substitution failed/,
    means:
      'A `$` with a name in braces stands in an object, and the Kustomization replaces variables (`postBuild`) without that one.',
    fix: 'Set the variable, or keep `kustomize.toolkit.fluxcd.io/substitute: disabled`, which Kaniflux renders where it is needed.',
  },
  {
    of: 'Flux',
    pattern: /ExternalArtifact.*feature gate/,
    means: 'kustomize-controller reads an ExternalArtifact only when told to.',
    fix: 'Start it with `--feature-gates=ExternalArtifact=true`.',
  },
  {
    of: 'kubelet',
    pattern:
      /probe failed.*"?(\/bin\/sh|curl)"?.*(no such file|not found)|exec: "(\/bin\/sh|curl)": .*(no such file|not found)/,
    means: 'The probe of the chart needs a shell and curl, and images of Kanidm have neither from 1.6 on.',
    fix: 'Take a probe of `kanidmd scripting healthcheck`, or deploy by `kanidm.manifests`.',
  },
  {
    of: 'Kubernetes',
    pattern: /storageclass(es)?\.storage\.k8s\.io "[^"]*" not found/,
    means:
      'A claim names a storage class that the cluster does not have; the chart of the home lab wants `nfs-client`.',
    fix: 'Set `storageClassName` in the values where the chart has it (from 0.2.0), or make a class of that name.',
  },
];
