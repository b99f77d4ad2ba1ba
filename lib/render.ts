import { Chart } from 'cdk8s';
import { AccessMd } from './access/access-md';
import { type ClusterCharts, clusterCharts, roleCharts } from './cluster-charts';
import type { Cluster, Config, Role } from './config/config';
import { notAppliable } from './constructs/appliable';
import { clusterWideAccess, namespacedAccess } from './constructs/config-props';
import { clusterRoleBindingJson, roleBindingJson } from './constructs/oidc-bindings';
import { isMap, isText } from './guards';
import { appArtifacts } from './node-files/app-files';
import { controlPlaneArtifacts } from './node-files/control-plane-files';
import { kanidmArtifacts } from './node-files/kanidm-files';
import { kubeconfigArtifacts, mergedKubeconfig } from './node-files/kubeconfig-files';
import type { Artifact } from './output/artifact';
import { identityOf, inOrder, isObject, type KubernetesObject } from './output/kubernetes-object';
import { documents, toYaml } from './output/yaml';

/** The objects of one folder of `dist/clusters/<cluster>/`: what one Flux Kustomization applies. */
export interface Folder {
  /** `kanidm`, `access`, `access-in-namespaces`, or the ID of a chart that an app adds. */
  readonly name: string;
  /** The objects, in the order in which they are rendered. */
  readonly objects: readonly KubernetesObject[];
}

/**
 * Returns the objects that Flux applies to a cluster, by folder. The access folders exist even if they are empty,
 * because Flux prunes the last grant only if the folder exists. Kanidm's folder is left out if it is empty, so that
 * Flux never prunes Kanidm.
 */
export const clusterFolders = (config: Config, cluster: Cluster): Folder[] =>
  rendered(clusterCharts(config, cluster)).folders;

/**
 * The same objects as in {@link clusterFolders}. The JSON of bindings is built without constructs, to save time: a
 * review reads the bindings of a whole fleet.
 */
export function clusterObjects(config: Config, cluster: Cluster): readonly KubernetesObject[] {
  const { cluster: host, helm, manifests } = config.kanidm;
  if (host === cluster.name && (helm || manifests)) return objectsIn(clusterFolders(config, cluster));
  const roles = cluster.roles.flatMap((role) => roleObjects(role));
  return [
    ...roles.filter(({ kind }) => kind === 'ClusterRole'),
    ...clusterWideAccess(config, cluster).map(clusterRoleBindingJson),
    ...roles.filter(({ kind }) => kind === 'Role'),
    ...namespacedAccess(config, cluster).map(roleBindingJson),
  ];
}

const rolesOfConfig = new WeakMap<Role, readonly KubernetesObject[]>();

/** Caches the objects of a role, which are the same on each cluster that has the role. */
function roleObjects(role: Role): readonly KubernetesObject[] {
  const objects = rolesOfConfig.get(role) ?? roleCharts({ roles: [role] }).flatMap(objectsOf);
  rolesOfConfig.set(role, objects);
  return objects;
}

/**
 * Renders all files of a config, one cluster after the other.
 * @param charts builds what Flux applies to a cluster. @default - the charts of the config
 * @throws Error if two objects on a cluster have the same identity, if Flux cannot apply an object, if a chart depends
 * on another one, or if a chart contains another one. The chart `sync` is checked too
 */
export function* render(config: Config, charts = clusterCharts): Generator<Artifact> {
  const access = new AccessMd(config);
  for (const cluster of config.clusters.values()) {
    yield* renderCluster(config, cluster, { access, charts: charts(config, cluster) });
  }
  yield* renderShared(config, access);
}

/**
 * Renders the files that do not belong to a single cluster.
 * @param access the `ACCESS.md` under construction, which has the clusters rendered so far; this function adds the
 * others
 */
export function* renderShared(config: Config, access = new AccessMd(config)): Generator<Artifact> {
  yield* kanidmArtifacts(config);
  yield* mergedKubeconfig(config);
  for (const cluster of config.clusters.values()) {
    if (!access.has(cluster)) access.add(cluster, objectsIn(clusterFolders(config, cluster)));
  }
  yield access.artifact();
}

/** Options of {@link renderCluster}. */
export interface ClusterRendering {
  /**
   * The `ACCESS.md` to add the cluster to. Pass the same object to {@link renderShared}, which then does not render the
   * cluster again.
   */
  readonly access?: AccessMd;
  /** The charts of the cluster. @default - the charts of the config */
  readonly charts?: ClusterCharts;
}

/** Renders the files of one cluster. */
export function* renderCluster(
  config: Config,
  cluster: Cluster,
  { access, charts = clusterCharts(config, cluster) }: ClusterRendering = {},
): Generator<Artifact> {
  const { folders, sync } = rendered(charts);
  access?.add(cluster, [...objectsIn(folders), ...sync]);
  for (const { name, objects } of folders) {
    const files = objects.length > 0 ? [`${name}.k8s.yaml`] : [];
    const folder = `clusters/${cluster.name}/${name}`;
    for (const file of files) yield { path: `${folder}/${file}`, text: documents(objects) };
    yield { path: `${folder}/kustomization.yaml`, text: toYaml(kustomization(files)) };
  }
  yield { path: `flux/${cluster.name}.yaml`, text: documents(sync) };
  yield* controlPlaneArtifacts(config, cluster);
  yield* kubeconfigArtifacts(config, cluster);
  yield* appArtifacts(config, cluster);
}

const kustomization = (resources: readonly string[]) => ({
  apiVersion: 'kustomize.config.k8s.io/v1beta1',
  kind: 'Kustomization',
  resources,
});

function rendered(charts: ClusterCharts): { folders: Folder[]; sync: KubernetesObject[] } {
  const folders = charts.folders.map((chart) => ({ name: chart.node.id, objects: objectsOf(chart) }));
  const sync = objectsOf(charts.sync);
  refuse([...objectsIn(folders), ...sync]);
  for (const chart of [...charts.folders, charts.sync]) {
    refuseCharts(chart);
    refuseDependencies(chart);
  }
  return { folders, sync };
}

/** Refuses a chart inside a chart: the JSON of the outer chart does not contain the objects of the inner one. */
function refuseCharts(chart: Chart): void {
  const inner = chart.node.findAll().find((one) => one !== chart && Chart.isChart(one));
  if (inner === undefined) return;
  throw new Error(
    `the chart ${inner.node.path} is inside the chart ${chart.node.id}, so the files of ${chart.node.id} would not contain the objects of the inner chart; add the inner chart to \`folders\` and a FluxSync for its folder to \`sync\`, or put its objects into ${chart.node.id}`,
  );
}

/** Refuses a dependency on another chart, since Flux applies the folders independently of each other. */
function refuseDependencies(chart: Chart): void {
  // A chart that is alone in its app, as each chart of a config is, cannot depend on another one.
  const { root, scope } = chart.node;
  if (scope === root && root.node.children.length === 1) return;
  const others = chart.node.findAll().flatMap(({ node }) => node.dependencies.map((one) => Chart.of(one)));
  const other = others.find((one) => one !== chart);
  if (other === undefined) return;
  throw new Error(
    `the chart ${chart.node.id} depends on the chart ${other.node.id}, but Flux applies the folders of charts in any order; put the objects into one chart, or remove the dependency: Flux tries again until it succeeds`,
  );
}

const objectsIn = (folders: readonly Folder[]) => folders.flatMap(({ objects }) => objects);

const objectsOf = (chart: Chart): KubernetesObject[] =>
  chart
    .toJson()
    .flatMap((object) => inlined(object, chart.node.id))
    .map(inOrder);

/**
 * Returns the items of a list, and any other object itself. Flux, too, reads a list in this way. Without `items`, an
 * object whose kind ends in `List` is not a list.
 * @see https://github.com/kubernetes-sigs/kustomize/blob/api/v0.21.1/api/resource/factory.go
 */
function inlined(object: unknown, chart: string): KubernetesObject[] {
  if (isMap(object) && isText(object.kind) && object.kind.endsWith('List') && 'items' in object) {
    if (Array.isArray(object.items)) return object.items.flatMap((item) => inlined(item, chart));
    throw new Error(`Flux cannot apply ${object.kind} in the chart ${chart}: its \`items\` is not a list`);
  }
  if (isObject(object)) return [object];
  throw new Error(`Flux cannot apply an object of the chart ${chart}: ${notAppliable(object) ?? 'it has no name'}`);
}

function refuse(objects: readonly KubernetesObject[]): void {
  const seen = new Set<string>();
  for (const object of objects) {
    const identity = identityOf(object);
    if (seen.has(identity)) throw new Error(`two objects have the same identity: ${identity}`);
    seen.add(identity);
    const reason = notAppliable(object);
    if (reason !== undefined) throw new Error(`Flux cannot apply ${identity}: ${reason}`);
  }
}
