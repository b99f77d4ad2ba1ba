import { ApiObject, App, Chart } from 'cdk8s';
import type { Cluster, Config } from './config/config';
import {
  clusterRoles,
  clusterWideAccess,
  fluxAlertProps,
  fluxSyncProps,
  kanidmHelmAppProps,
  kanidmServerProps,
  namespacedAccess,
  namespacedRoles,
} from './constructs/config-props';
import { FluxAlert } from './constructs/flux-alert';
import { FluxSync } from './constructs/flux-sync';
import { KanidmHelmApp } from './constructs/kanidm-helm-app';
import { KanidmServer } from './constructs/kanidm-server';
import { OidcClusterRoleBinding, OidcRoleBinding } from './constructs/oidc-bindings';
import { ClusterRole, Role } from './constructs/rbac-roles';

/** The cdk8s charts of one cluster. Flux applies the files that are rendered from them. */
export interface ClusterCharts {
  /** The charts whose objects Flux applies. Each is written to `dist/clusters/<cluster>/<ID of the chart>/`. */
  readonly folders: readonly Chart[];
  /** The chart of the Flux Kustomizations that apply the folders, written to `dist/flux/<cluster>.yaml`. */
  readonly sync: Chart;
}

/** Returns the charts of a cluster. A test checks that the cdk8s app of `main.ts` has the same charts. */
export function clusterCharts(config: Config, cluster: Cluster): ClusterCharts {
  const [access, inNamespaces] = roleCharts(cluster);
  for (const props of clusterWideAccess(config, cluster)) {
    new OidcClusterRoleBinding(access, `binding ${props.name}`, props);
  }
  for (const props of namespacedAccess(config, cluster)) {
    new OidcRoleBinding(inNamespaces, `binding ${props.namespace} ${props.name}`, props);
  }

  const folders = [...kanidmCharts(config, cluster), access, inNamespaces];
  const sync = chart('sync');
  for (const { node } of folders) new FluxSync(sync, node.id, fluxSyncProps(cluster, node.id));
  for (const props of fluxAlertProps(cluster)) new FluxAlert(sync, 'alert', props);
  return { folders, sync };
}

/**
 * Returns the charts `access` and `access-in-namespaces` with the roles of the config. The bindings are added by the
 * caller.
 */
export function roleCharts(cluster: Pick<Cluster, 'roles'>): [Chart, Chart] {
  const access = chart('access');
  for (const props of clusterRoles(cluster)) new ClusterRole(access, `role ${props.name}`, props);
  const inNamespaces = chart('access-in-namespaces');
  for (const props of namespacedRoles(cluster)) new Role(inNamespaces, `role ${props.namespace} ${props.name}`, props);
  return [access, inNamespaces];
}

/** Empty if Kaniflux does not deploy Kanidm on this cluster. */
function kanidmCharts(config: Config, cluster: Cluster): Chart[] {
  const { cluster: host, helm, manifests } = config.kanidm;
  if (host !== cluster.name || (!helm && !manifests)) return [];
  const kanidm = chart('kanidm');
  if (helm) new KanidmHelmApp(kanidm, 'kanidm', kanidmHelmAppProps(config, helm));
  if (manifests) new KanidmServer(kanidm, 'server', kanidmServerProps(config, manifests));
  return [kanidm];
}

/**
 * cdk8s sorts the objects of a chart by their dependencies, which takes 4 µs for each object. Without dependencies, it
 * keeps the order in which the objects were added, so this class skips the sorting.
 */
class AccessChart extends Chart {
  // biome-ignore lint/suspicious/noExplicitAny: the type of cdk8s
  override toJson(): any[] {
    const constructs = this.node.findAll();
    const isPlain = constructs.every(
      (one) =>
        (one === this || !Chart.isChart(one)) && one.node.dependencies.length === 0 && one.node.validate().length === 0,
    );
    if (!isPlain || App.of(this).node.children.length > 1) return super.toJson();
    return constructs.filter(ApiObject.isApiObject).map((object) => object.toJson());
  }
}

/** Each chart has an app of its own, because cdk8s validates the whole app again for each chart. */
const chart = (id: string): Chart => new AccessChart(new App(), id, { disableResourceNameHashes: true });
