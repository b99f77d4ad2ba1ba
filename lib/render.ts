import type { Chart } from 'cdk8s';
import { AccessMd } from './access/access-md';
import { type ClusterCharts, clusterCharts } from './cluster-charts';
import type { Cluster, Config } from './config/config';
import { notAppliable } from './constructs/appliable';
import { controlPlaneArtifacts } from './node-files/control-plane-files';
import { kanidmArtifacts } from './node-files/kanidm-files';
import { kubeconfigArtifacts, mergedKubeconfig } from './node-files/kubeconfig-files';
import type { Artifact } from './output/artifact';
import { identityOf, inOrder, type KubernetesObject } from './output/kubernetes-object';
import { documents, toYaml } from './output/yaml';

/** The objects of one folder of `dist/clusters/<cluster>/`: what one Flux Kustomization applies. */
export interface Folder {
  /** `kanidm`, `access`, `access-in-namespaces`, and what else an app of somebody's own adds. */
  readonly name: string;
  readonly objects: readonly KubernetesObject[];
}

/**
 * What Flux applies to a cluster, before it is text. The folders of access are there also when they are empty: only a
 * folder that exists makes Flux take away the last grant. Kanidm's is left out, which takes nothing away.
 */
export const clusterFolders = (config: Config, cluster: Cluster): Folder[] => foldersOf(clusterCharts(config, cluster));

/**
 * Everything that a config becomes, a file at a time and a cluster after the other.
 * @param charts what Flux applies to a cluster, where it isn't just what the config says
 * @throws Error for two objects with one identity on a cluster
 */
export function* render(config: Config, charts = clusterCharts): Generator<Artifact> {
  const access = new AccessMd(config);
  for (const cluster of config.clusters.values()) {
    yield* renderCluster(config, cluster, { access, charts: charts(config, cluster) });
  }
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

export interface ClusterRendering {
  /** Takes in what `ACCESS.md` says of the cluster, so that {@link renderShared} needs no second look. */
  readonly access?: AccessMd;
  /** @default - what the config says */
  readonly charts?: ClusterCharts;
}

/** The files of one cluster. */
export function* renderCluster(
  config: Config,
  cluster: Cluster,
  { access, charts = clusterCharts(config, cluster) }: ClusterRendering = {},
): Generator<Artifact> {
  const folders = foldersOf(charts);
  access?.add(cluster, objectsIn(folders));
  for (const { name, objects } of folders) {
    const files = objects.length > 0 ? [`${name}.k8s.yaml`] : [];
    const folder = `clusters/${cluster.name}/${name}`;
    for (const file of files) yield { path: `${folder}/${file}`, text: documents(objects) };
    yield { path: `${folder}/kustomization.yaml`, text: toYaml(kustomization(files)) };
  }
  yield { path: `flux/${cluster.name}.yaml`, text: documents(objectsOf(charts.sync)) };
  yield* controlPlaneArtifacts(config, cluster);
  yield* kubeconfigArtifacts(config, cluster);
}

const kustomization = (resources: readonly string[]) => ({
  apiVersion: 'kustomize.config.k8s.io/v1beta1',
  kind: 'Kustomization',
  resources,
});

function foldersOf({ folders }: ClusterCharts): Folder[] {
  const rendered = folders.map((chart) => ({ name: chart.node.id, objects: objectsOf(chart) }));
  refuse(objectsIn(rendered));
  return rendered;
}

const objectsIn = (folders: readonly Folder[]) => folders.flatMap(({ objects }) => objects);

const objectsOf = (chart: Chart): KubernetesObject[] => chart.toJson().map(inOrder);

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
