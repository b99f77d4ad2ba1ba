/*
 * Resources by their plural, with the other names that kubectl accepts. `''` is the core group.
 * https://kubernetes.io/docs/reference/kubectl/#resource-types
 */

interface Resource {
  readonly group: string;
  /** Singular and short names. */
  readonly names: readonly string[];
  readonly clusterWide?: true;
}

const inNamespaces = (group: string, all: Readonly<Record<string, string>>): [string, Resource][] =>
  Object.entries(all).map(([plural, names]) => [plural, { group, names: names.split(' ') }]);

const clusterWide = (group: string, all: Readonly<Record<string, string>>): [string, Resource][] =>
  inNamespaces(group, all).map(([plural, resource]) => [plural, { ...resource, clusterWide: true }]);

export const resources: ReadonlyMap<string, Resource> = new Map([
  ...inNamespaces('', {
    pods: 'pod po',
    secrets: 'secret',
    configmaps: 'configmap cm',
    services: 'service svc',
    serviceaccounts: 'serviceaccount sa',
    endpoints: 'endpoint ep',
    events: 'event ev',
    persistentvolumeclaims: 'persistentvolumeclaim pvc',
    replicationcontrollers: 'replicationcontroller rc',
    resourcequotas: 'resourcequota quota',
    limitranges: 'limitrange limits',
    podtemplates: 'podtemplate',
  }),
  ...clusterWide('', {
    nodes: 'node no',
    namespaces: 'namespace ns',
    persistentvolumes: 'persistentvolume pv',
    users: 'user',
    groups: 'group',
  }),
  ...inNamespaces('apps', {
    deployments: 'deployment deploy',
    statefulsets: 'statefulset sts',
    daemonsets: 'daemonset ds',
    replicasets: 'replicaset rs',
    controllerrevisions: 'controllerrevision',
  }),
  ...inNamespaces('batch', { jobs: 'job', cronjobs: 'cronjob cj' }),
  ...inNamespaces('networking.k8s.io', { ingresses: 'ingress ing', networkpolicies: 'networkpolicy netpol' }),
  ...clusterWide('networking.k8s.io', { ingressclasses: 'ingressclass' }),
  ...inNamespaces('rbac.authorization.k8s.io', { roles: 'role', rolebindings: 'rolebinding' }),
  ...clusterWide('rbac.authorization.k8s.io', {
    clusterroles: 'clusterrole',
    clusterrolebindings: 'clusterrolebinding',
  }),
  ...clusterWide('storage.k8s.io', { storageclasses: 'storageclass sc', volumeattachments: 'volumeattachment' }),
  ...inNamespaces('policy', { poddisruptionbudgets: 'poddisruptionbudget pdb' }),
  ...inNamespaces('autoscaling', { horizontalpodautoscalers: 'horizontalpodautoscaler hpa' }),
  ...clusterWide('certificates.k8s.io', { certificatesigningrequests: 'certificatesigningrequest csr' }),
  ...clusterWide('apiextensions.k8s.io', { customresourcedefinitions: 'customresourcedefinition crd crds' }),
  ...clusterWide('admissionregistration.k8s.io', {
    mutatingwebhookconfigurations: 'mutatingwebhookconfiguration',
    validatingwebhookconfigurations: 'validatingwebhookconfiguration',
  }),
  ...clusterWide('scheduling.k8s.io', { priorityclasses: 'priorityclass pc' }),
  ...inNamespaces('coordination.k8s.io', { leases: 'lease' }),
  ...inNamespaces('discovery.k8s.io', { endpointslices: 'endpointslice' }),
  ...inNamespaces('authentication.k8s.io', { tokenrequests: 'tokenrequest' }),
  ...inNamespaces('helm.toolkit.fluxcd.io', { helmreleases: 'helmrelease hr' }),
  ...inNamespaces('kustomize.toolkit.fluxcd.io', { kustomizations: 'kustomization ks' }),
  ...inNamespaces('source.toolkit.fluxcd.io', {
    gitrepositories: 'gitrepository gitrepo',
    helmrepositories: 'helmrepository helmrepo',
    helmcharts: 'helmchart hc',
    ocirepositories: 'ocirepository ocirepo',
    buckets: 'bucket',
  }),
]);

/**
 * Further resources of Kubernetes 1.30 to 1.37, by API group. The map also has resources that kube-apiserver names only
 * in requests to an authorizer: signers, uids and userextras.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.37.2/api/discovery/aggregated_v2.json
 */
const furtherClusterWide = {
  '': 'componentstatuses',
  'admissionregistration.k8s.io':
    'mutatingadmissionpolicies mutatingadmissionpolicybindings validatingadmissionpolicies validatingadmissionpolicybindings',
  'apiregistration.k8s.io': 'apiservices',
  'authentication.k8s.io': 'selfsubjectreviews tokenreviews uids userextras',
  'authorization.k8s.io': 'selfsubjectaccessreviews selfsubjectrulesreviews subjectaccessreviews',
  'certificates.k8s.io': 'clustertrustbundles signers',
  'flowcontrol.apiserver.k8s.io': 'flowschemas prioritylevelconfigurations',
  'internal.apiserver.k8s.io': 'storageversions',
  'networking.k8s.io': 'ipaddresses servicecidrs',
  'node.k8s.io': 'runtimeclasses',
  'resource.k8s.io': 'deviceclasses devicetaintrules resourcepoolstatusrequests resourceslices',
  'storage.k8s.io': 'csidrivers csinodes volumeattributesclasses',
  'storagemigration.k8s.io': 'storageversionmigrations',
};
const furtherInNamespaces = {
  '': 'bindings',
  'authorization.k8s.io': 'localsubjectaccessreviews',
  'certificates.k8s.io': 'podcertificaterequests',
  'coordination.k8s.io': 'leasecandidates',
  'events.k8s.io': 'events',
  'lifecycle.k8s.io': 'evictionrequests evictions',
  'resource.k8s.io': 'resourceclaims resourceclaimtemplates',
  'scheduling.k8s.io': 'compositepodgroups podgroups workloads',
  'storage.k8s.io': 'csistoragecapacities',
};

const further = (all: Readonly<Record<string, string>>, clusterWide: boolean) =>
  Object.entries(all).flatMap(([group, names]) =>
    names
      .split(' ')
      .map((plural): [string, { group: string; clusterWide: boolean }] => [plural, { group, clusterWide }]),
  );

export const furtherResources: ReadonlyMap<string, { readonly group: string; readonly clusterWide: boolean }> = new Map(
  [...further(furtherClusterWide, true), ...further(furtherInNamespaces, false)],
);

const plurals = new Map([...resources].flatMap(([plural, { names }]) => names.map((name) => [name, plural])));

/**
 * Returns the plural of a name that kubectl accepts for a resource. Any other name is only converted to lower case.
 */
export const pluralOf = (name: string): string => plurals.get(name.toLowerCase()) ?? name.toLowerCase();

/** The verbs that a rule can have: those that kube-apiserver authorizes. */
export const verbs: readonly string[] = [
  ...['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'],
  ...['bind', 'escalate', 'impersonate', 'approve', 'sign', 'attest', 'use', 'proxy', 'head', 'options', 'post', 'put'],
  // The admission plugin NodeRestriction asks the authorizer whether a node has these verbs.
  ...['request-serviceaccounts-token-audience', 'request-serviceaccounts-podcertificate-signer'],
];

/**
 * The subresources of Kubernetes, and the subresources that occur only in requests to an authorizer.
 * https://github.com/kubernetes/kubernetes/tree/v1.37.2/pkg/registry (the REST storage of each API group), and
 * https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz/
 */
export const subresources: ReadonlySet<string> = new Set(
  [
    'approval attach binding ephemeralcontainers eviction exec finalize finalizers log portforward proxy resize scale',
    'status token checkpoint configz healthz metrics pods spec stats nodeclient selfnodeclient',
  ].flatMap((names) => names.split(' ')),
);
