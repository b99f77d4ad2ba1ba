import type { Cluster, Config } from '../../config/config';
import type { Finding } from '../../findings/finding';
import { configFinding } from './config-codes';

/** Reports Flux settings that do not work as intended. */
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
    `Flux would wait ${retryInterval} after a failure, longer than the ${interval} after a success`,
    `write a \`retryInterval\` below \`${interval}\``,
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
