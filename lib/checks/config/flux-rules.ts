import type { Cluster, Config } from '../../config/config';
import type { Finding, Path } from '../../findings/finding';
import { configFinding } from './config-codes';

/** Reports Flux settings that do not work as intended. */
export function rules(config: Config): Finding[] {
  const clusters = [...config.clusters.values()];
  return [...slowRetries(clusters), ...clusters.flatMap((cluster) => sharedNamespace(config, cluster))];
}

/** Returns where a field of `flux` is written: in the section of the cluster, or at the top level of the config. */
export const fluxPath = ({ path, ownFlux }: Cluster, field: string): Path => [
  ...(ownFlux.includes(field) ? path : []),
  'flux',
  field,
];

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function milliseconds(duration: string): number {
  const parts = [...duration.matchAll(/([0-9.]+)(ms|s|m|h)/g)];
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (units[unit as string] as number), 0);
}

/** Reports each slow setting once, with all clusters that share it. */
function slowRetries(clusters: readonly Cluster[]): Finding[] {
  const found = new Map<string, { readonly finding: Finding; readonly names: string[] }>();
  for (const cluster of clusters) {
    const { interval, retryInterval } = cluster.flux;
    if (milliseconds(retryInterval) <= milliseconds(interval)) continue;
    const own = ['retryInterval', 'interval'].find((field) => cluster.ownFlux.includes(field));
    const at = fluxPath(cluster, own ?? 'retryInterval');
    const message = `Flux would wait ${retryInterval} after a failure, longer than the ${interval} after a success`;
    const finding = configFinding('flux-retry', at, message, `write a \`retryInterval\` below \`${interval}\``);
    const one = found.get(at.join('.')) ?? { finding, names: [] };
    found.set(at.join('.'), one);
    one.names.push(cluster.name);
  }
  return [...found.values()].map(({ finding, names: [cluster = '', ...others] }) =>
    others.length > 0 ? { ...finding, clusters: [cluster, ...others] } : { ...finding, cluster },
  );
}

/** Rejects the namespace of Flux as the namespace of Kanidm: two owners of one Namespace overwrite each other. */
function sharedNamespace({ kanidm }: Config, { flux, name }: Cluster): Finding[] {
  if (kanidm.cluster !== name || (!kanidm.helm && !kanidm.manifests)) return [];
  if (kanidm.namespace !== flux.namespace && kanidm.namespace !== flux.source.namespace) return [];
  return [
    configFinding(
      'flux-namespace',
      ['kanidm', 'namespace'],
      `\`${kanidm.namespace}\` is the namespace of Flux on ${name}: Flux and Kaniflux would both manage it and overwrite each other`,
      'choose another namespace for Kanidm, for example `kanidm`',
    ),
  ];
}
