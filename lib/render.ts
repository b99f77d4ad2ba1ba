import { App, Chart } from 'cdk8s';
import { AccessMd } from './access/access-md';
import type { Cluster, Config } from './config/config';
import { notAppliable } from './constructs/appliable';
import { objectsBelow } from './constructs/bindings';
import { syncObjects } from './constructs/flux-sync';
import { clusterWideAccess, namespacedAccess } from './constructs/grant-bindings';
import { kanidmObjects } from './constructs/kanidm';
import { clusterRoles, namespacedRoles } from './constructs/roles';
import { controlPlaneArtifacts } from './node-files/control-plane-files';
import { kanidmArtifacts } from './node-files/kanidm-files';
import { kubeconfigArtifacts, mergedKubeconfig } from './node-files/kubeconfig-files';
import type { Artifact } from './output/artifact';
import { identityOf, inOrder, type KubernetesObject } from './output/kubernetes-object';
import { documents, toYaml } from './output/yaml';

/** The objects of one folder of `dist/clusters/<cluster>/`: what one Flux Kustomization applies. */
export interface Folder {
  readonly name: 'kanidm' | 'access' | 'access-in-namespaces';
  readonly objects: readonly KubernetesObject[];
}

/**
 * What Flux applies to a cluster, before it is text. The folders of access are there also when they are empty: only a
 * folder that exists makes Flux take away the last grant. Kanidm's is left out, which takes nothing away.
 */
export function clusterFolders(config: Config, cluster: Cluster): Folder[] {
  return collect(config, cluster).folders;
}

/**
 * Everything that a config becomes, a file at a time and a cluster after the other.
 * @throws Error for two objects with one identity on a cluster
 */
export function* render(config: Config): Generator<Artifact> {
  const access = new AccessMd(config);
  for (const cluster of config.clusters.values()) yield* renderCluster(config, cluster, access);
  yield* renderShared(config, access);
}

/**
 * The files that belong to no cluster.
 * @param access what the clusters rendered before have put in; the others are looked at here
 */
export function* renderShared(config: Config, access = new AccessMd(config)): Generator<Artifact> {
  yield* kanidmArtifacts(config);
  yield* mergedKubeconfig(config);
  for (const cluster of config.clusters.values()) {
    if (!access.has(cluster)) access.add(cluster, objectsIn(clusterFolders(config, cluster)));
  }
  yield access.artifact();
}

/**
 * The files of one cluster.
 * @param access takes in what `ACCESS.md` says of the cluster, so that {@link renderShared} needs no second look
 */
export function* renderCluster(config: Config, cluster: Cluster, access?: AccessMd): Generator<Artifact> {
  const { folders, sync } = collect(config, cluster);
  access?.add(cluster, objectsIn(folders));
  for (const { name, objects } of folders) {
    const files = objects.length > 0 ? [`${name}.k8s.yaml`] : [];
    const folder = `clusters/${cluster.name}/${name}`;
    for (const file of files) yield { path: `${folder}/${file}`, text: documents(objects) };
    yield { path: `${folder}/kustomization.yaml`, text: toYaml(kustomization(files)) };
  }
  yield { path: `flux/${cluster.name}.yaml`, text: documents(sync) };
  yield* controlPlaneArtifacts(config, cluster);
  yield* kubeconfigArtifacts(config, cluster);
}

const kustomization = (resources: readonly string[]) => ({
  apiVersion: 'kustomize.config.k8s.io/v1beta1',
  kind: 'Kustomization',
  resources,
});

/** A cdk8s app for each folder: cdk8s looks at a whole app again for each of its charts. */
function chartOf(id: string, fill: (chart: Chart) => void): Chart {
  const chart = new Chart(new App(), id, { disableResourceNameHashes: true });
  fill(chart);
  return chart;
}

function collect(config: Config, cluster: Cluster): { folders: Folder[]; sync: KubernetesObject[] } {
  const access = chartOf('access', (chart) => {
    clusterRoles(chart, config, cluster);
    clusterWideAccess(chart, config, cluster);
  });
  const inNamespaces = chartOf('access-in-namespaces', (chart) => {
    namespacedRoles(chart, config, cluster);
    namespacedAccess(chart, config, cluster);
  });
  const folders: Folder[] = [
    { name: 'access', objects: objectsBelow(access) },
    { name: 'access-in-namespaces', objects: objectsBelow(inNamespaces) },
  ];
  if (config.kanidm.cluster === cluster.name) {
    const objects = objectsOf(chartOf('kanidm', (chart) => kanidmObjects(chart, config)));
    if (objects.length > 0) folders.unshift({ name: 'kanidm', objects });
  }
  refuse(objectsIn(folders));
  const rendered = folders.map(({ name }) => name);
  const sync = objectsOf(chartOf('sync', (chart) => void syncObjects(chart, cluster, rendered)));
  return { folders, sync };
}

const objectsIn = (folders: readonly Folder[]) => folders.flatMap(({ objects }) => objects);

const objectsOf = (chart: Chart): KubernetesObject[] => (chart.toJson() as KubernetesObject[]).map(inOrder);

function refuse(objects: readonly KubernetesObject[]): void {
  const seen = new Set<string>();
  for (const object of objects) {
    const identity = identityOf(object);
    if (seen.has(identity)) throw new Error(`two objects are one for Kubernetes: ${identity}`);
    seen.add(identity);
    const reason = notAppliable(object);
    if (reason !== undefined) throw new Error(`${identity} is in a folder that Flux applies: ${reason}`);
  }
}
