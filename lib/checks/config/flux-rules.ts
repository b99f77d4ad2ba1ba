import type { Cluster, Config } from '../../config/config';
import type { Finding } from '../../findings/finding';
import { configFinding } from './config-codes';

/** Flux settings that do not work, or not as intended. */
export function rules(config: Config): Finding[] {
  const clusters = [...config.clusters.values()];
  const slow = clusters.find(({ flux }) => milliseconds(flux.retryInterval) > milliseconds(flux.interval));
  // Reported once, because the clusters usually share this setting.
  return [...(slow ? [slowRetry(slow)] : []), ...clusters.flatMap((cluster) => sharedNamespace(config, cluster))];
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function milliseconds(duration: string): number {
  const parts = [...duration.matchAll(/([0-9.]+)(ms|s|m|h)/g)];
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (units[unit as string] as number), 0);
}

function slowRetry({ flux, path }: Cluster): Finding {
  const { interval, retryInterval } = flux;
  return configFinding(
    'flux-retry',
    [...path, 'flux', 'retryInterval'],
    `Flux would retry ${retryInterval} after a failure, and reconcile ${interval} after a success`,
    `write a \`retryInterval\` below \`${interval}\``,
  );
}

/** The installation of Flux manages its own namespace; two owners of one object overwrite each other. */
function sharedNamespace({ kanidm }: Config, { flux, name }: Cluster): Finding[] {
  if (kanidm.cluster !== name || (!kanidm.helm && !kanidm.manifests)) return [];
  if (kanidm.namespace !== flux.namespace && kanidm.namespace !== flux.source.namespace) return [];
  return [
    configFinding(
      'flux-namespace',
      ['kanidm', 'namespace'],
      `\`${kanidm.namespace}\` is the namespace of Flux on ${name}: both would manage the Namespace and overwrite each other`,
      'give Kanidm a namespace of its own, for example `kanidm`',
    ),
  ];
}
