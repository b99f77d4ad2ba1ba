import type { Cluster, Config } from '../config/config';
import { error, type Problem, warning } from '../config/problem';

const unit: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A Flux duration in milliseconds. */
function milliseconds(duration: string): number {
  const parts = [...duration.matchAll(/([0-9.]+)(ms|s|m|h)/g)];
  return parts.reduce((sum, [, amount, name]) => sum + Number(amount) * (unit[name as string] as number), 0);
}

/** What the Flux settings of a config say that Flux could not do, or not as meant. */
export function rules(config: Config): Problem[] {
  return [...config.clusters.values()].flatMap((cluster) => [
    ...path(cluster),
    ...durations(cluster),
    ...namespace(config, cluster),
  ]);
}

function path({ flux, path }: Cluster): Problem[] {
  const problems: Problem[] = [];
  if (flux.path.startsWith('/') || flux.path.includes('\\') || flux.path.split('/').includes('..')) {
    problems.push(
      error(
        'flux-path',
        [...path, 'flux', 'path'],
        `Flux cannot find '${flux.path}': a path in a source begins at the source's root and stays in it`,
        "Write the output folder's place in the repository, such as `./dist`.",
      ),
    );
  }
  return problems;
}

function durations({ flux, path }: Cluster): Problem[] {
  const problems: Problem[] = [];
  for (const field of ['interval', 'retryInterval', 'timeout'] as const) {
    if (milliseconds(flux[field]) > 0) continue;
    problems.push(
      error(
        'flux-duration',
        [...path, 'flux', field],
        `'${flux[field]}' is no time at all`,
        'Write one above zero, such as `10m`.',
      ),
    );
  }
  if (problems.length === 0 && milliseconds(flux.retryInterval) > milliseconds(flux.interval)) {
    problems.push(
      warning(
        'flux-retry',
        [...path, 'flux', 'retryInterval'],
        `after a failure Flux would wait ${flux.retryInterval}, longer than the ${flux.interval} after a success`,
        'Write a retryInterval below the interval.',
      ),
    );
  }
  return problems;
}

/** `flux bootstrap` owns its namespace; a second owner of the same Namespace object would fight it. */
function namespace({ kanidm }: Config, { flux, name, path }: Cluster): Problem[] {
  if (kanidm.cluster !== name || (!kanidm.helm && !kanidm.manifests)) return [];
  if (kanidm.namespace !== flux.namespace && kanidm.namespace !== flux.source.namespace) return [];
  return [
    error(
      'flux-namespace',
      ['kanidm', 'namespace'],
      `'${kanidm.namespace}' is Flux's own namespace on ${name}: Flux and Kaniflux would both write the Namespace`,
      'Give Kanidm a namespace of its own, such as `kanidm`.',
    ),
  ].map((problem) => (kanidm.namespace === 'kanidm' ? { ...problem, path: [...path, 'flux', 'namespace'] } : problem));
}
