import { pluralOf, resources } from '../../lib/upstream/resource-names';

// Printed by `kubectl api-resources` with kube-apiserver 1.34.4: the resource, its group, whether it is in namespaces,
// and
// its kind and short names.
const printed: [string, string, boolean, string][] = [
  ['configmaps', '', true, 'configmap cm'],
  ['endpoints', '', true, 'endpoints ep'],
  ['events', '', true, 'event ev'],
  ['limitranges', '', true, 'limitrange limits'],
  ['namespaces', '', false, 'namespace ns'],
  ['nodes', '', false, 'node no'],
  ['persistentvolumeclaims', '', true, 'persistentvolumeclaim pvc'],
  ['persistentvolumes', '', false, 'persistentvolume pv'],
  ['pods', '', true, 'pod po'],
  ['podtemplates', '', true, 'podtemplate'],
  ['replicationcontrollers', '', true, 'replicationcontroller rc'],
  ['resourcequotas', '', true, 'resourcequota quota'],
  ['secrets', '', true, 'secret'],
  ['serviceaccounts', '', true, 'serviceaccount sa'],
  ['services', '', true, 'service svc'],
  ['mutatingwebhookconfigurations', 'admissionregistration.k8s.io', false, 'mutatingwebhookconfiguration'],
  ['validatingwebhookconfigurations', 'admissionregistration.k8s.io', false, 'validatingwebhookconfiguration'],
  ['customresourcedefinitions', 'apiextensions.k8s.io', false, 'customresourcedefinition crd crds'],
  ['controllerrevisions', 'apps', true, 'controllerrevision'],
  ['daemonsets', 'apps', true, 'daemonset ds'],
  ['deployments', 'apps', true, 'deployment deploy'],
  ['replicasets', 'apps', true, 'replicaset rs'],
  ['statefulsets', 'apps', true, 'statefulset sts'],
  ['horizontalpodautoscalers', 'autoscaling', true, 'horizontalpodautoscaler hpa'],
  ['cronjobs', 'batch', true, 'cronjob cj'],
  ['jobs', 'batch', true, 'job'],
  ['certificatesigningrequests', 'certificates.k8s.io', false, 'certificatesigningrequest csr'],
  ['leases', 'coordination.k8s.io', true, 'lease'],
  ['endpointslices', 'discovery.k8s.io', true, 'endpointslice'],
  ['ingressclasses', 'networking.k8s.io', false, 'ingressclass'],
  ['ingresses', 'networking.k8s.io', true, 'ingress ing'],
  ['networkpolicies', 'networking.k8s.io', true, 'networkpolicy netpol'],
  ['poddisruptionbudgets', 'policy', true, 'poddisruptionbudget pdb'],
  ['clusterrolebindings', 'rbac.authorization.k8s.io', false, 'clusterrolebinding'],
  ['clusterroles', 'rbac.authorization.k8s.io', false, 'clusterrole'],
  ['rolebindings', 'rbac.authorization.k8s.io', true, 'rolebinding'],
  ['roles', 'rbac.authorization.k8s.io', true, 'role'],
  ['priorityclasses', 'scheduling.k8s.io', false, 'priorityclass pc'],
  ['storageclasses', 'storage.k8s.io', false, 'storageclass sc'],
  ['volumeattachments', 'storage.k8s.io', false, 'volumeattachment'],
];

test.each(printed)('%s of kube-apiserver', (plural, group, isInNamespaces, names) => {
  expect(resources.get(plural)).toMatchObject({ group, ...(isInNamespaces ? {} : { clusterWide: true }) });
  expect(resources.get(plural)?.clusterWide).toBe(isInNamespaces ? undefined : true);
  expect(names.split(' ').map(pluralOf)).toEqual(names.split(' ').map(() => plural));
  expect(pluralOf(plural.toUpperCase())).toBe(plural);
});

// The resources of Flux v2.9.5, and resources that Kubernetes authorizes but that `kubectl api-resources` does not
// list.
test.each<[string, string, boolean, string]>([
  ['users', '', false, 'user'],
  ['groups', '', false, 'group'],
  ['tokenrequests', 'authentication.k8s.io', true, 'tokenrequest'],
  ['helmreleases', 'helm.toolkit.fluxcd.io', true, 'helmrelease hr'],
  ['kustomizations', 'kustomize.toolkit.fluxcd.io', true, 'kustomization ks'],
  ['gitrepositories', 'source.toolkit.fluxcd.io', true, 'gitrepository gitrepo'],
  ['helmrepositories', 'source.toolkit.fluxcd.io', true, 'helmrepository helmrepo'],
  ['helmcharts', 'source.toolkit.fluxcd.io', true, 'helmchart hc'],
  ['ocirepositories', 'source.toolkit.fluxcd.io', true, 'ocirepository ocirepo'],
  ['buckets', 'source.toolkit.fluxcd.io', true, 'bucket'],
])('%s', (plural, group, isInNamespaces, names) => {
  expect(resources.get(plural)).toEqual({
    group,
    names: names.split(' '),
    ...(isInNamespaces ? {} : { clusterWide: true }),
  });
  expect(names.split(' ').map(pluralOf)).toEqual(names.split(' ').map(() => plural));
});

test('a name that is not in the table is kept, in lower case', () => expect(pluralOf('Widgets')).toBe('widgets'));
