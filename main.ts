/**
 * The cdk8s app that `cdk8s synth` runs. It builds what `kaniflux synth` renders. Add your own objects to one of the
 * charts, or add a chart: each chart in `folders` becomes a folder that Flux applies.
 */
import { App, Chart } from 'cdk8s';
import * as kaniflux from './lib/index';

export function charts(config: kaniflux.Config, cluster: kaniflux.Cluster): kaniflux.ClusterCharts {
  const app = new App();
  const chart = (id: string) => new Chart(app, id, { disableResourceNameHashes: true });

  const access = chart('access');
  for (const role of kaniflux.clusterRoles(cluster)) {
    new kaniflux.ClusterRole(access, `role ${role.name}`, role);
  }
  for (const binding of kaniflux.clusterWideAccess(config, cluster)) {
    new kaniflux.OidcClusterRoleBinding(access, `binding ${binding.name}`, binding);
  }

  const inNamespaces = chart('access-in-namespaces');
  for (const role of kaniflux.namespacedRoles(cluster)) {
    new kaniflux.Role(inNamespaces, `role ${role.namespace} ${role.name}`, role);
  }
  for (const binding of kaniflux.namespacedAccess(config, cluster)) {
    new kaniflux.OidcRoleBinding(inNamespaces, `binding ${binding.namespace} ${binding.name}`, binding);
  }

  const folders = [access, inNamespaces];
  const { cluster: host, helm, manifests } = config.kanidm;
  if (cluster.name === host && (helm || manifests)) {
    const kanidm = chart('kanidm');
    if (helm) new kaniflux.KanidmHelmApp(kanidm, 'helm', kaniflux.kanidmHelmAppProps(config, helm));
    if (manifests) new kaniflux.KanidmServer(kanidm, 'server', kaniflux.kanidmServerProps(config, manifests));
    folders.unshift(kanidm);
  }

  const sync = chart('sync');
  for (const { node } of folders) new kaniflux.FluxSync(sync, node.id, kaniflux.fluxSyncProps(cluster, node.id));
  for (const props of kaniflux.fluxAlertProps(cluster)) new kaniflux.FluxAlert(sync, 'alert', props);
  return { folders, sync };
}

async function main(): Promise<void> {
  const config = kaniflux.loadConfig('kaniflux.yaml', console.error);
  await kaniflux.writeArtifacts(process.env.CDK8S_OUTDIR ?? 'dist', kaniflux.render(config, charts));
}

if (require.main === module) {
  main().catch((error: unknown) => {
    const expected = error instanceof kaniflux.ConfigError || error instanceof kaniflux.OutputError;
    console.error(expected ? error.message : error);
    process.exitCode = 2;
  });
}
