import { inWords } from '../access/rights-in-words';
import { beginners } from '../become/become';
import { notModelled } from '../become/become-steps';
import { type Becoming, becomingsOf } from '../become/becoming';
import { wayData, wayLines } from '../become/way-text';
import { type World, worldOf } from '../become/world';
import type { Config } from '../config/config';
import type { Side } from '../diff/side';

/** What the person or service account `name` can become on a cluster, such as cluster-admin. */
export interface PersonBecomings {
  readonly world: World;
  readonly name: string;
  readonly kind: 'person' | 'service account';
  readonly becomings: readonly Becoming[];
}

/** Returns what a person or service account can become on each cluster, and in which ways. */
export const personBecomings = (
  config: Config,
  name: string,
  { clusters, side }: { readonly clusters: readonly string[]; readonly side: Side },
): PersonBecomings[] =>
  clusters.flatMap((key): PersonBecomings[] => {
    const cluster = config.clusters.get(key);
    if (!cluster) return [];
    const kind = config.people.has(name) ? 'person' : 'service account';
    const world = worldOf(config, cluster, side.objects(key), side.whole);
    const who = beginners(world).find((one) => one.kind === kind && one.name === name);
    return [{ world, name, kind, becomings: who ? becomingsOf(world, who) : [] }];
  });

/** Formats, for a terminal, what a person or service account can become on clusters. The text is not escaped yet. */
export function becomingLines(all: readonly PersonBecomings[]): string[] {
  const lines = all.flatMap(linesOn);
  return lines.length === 0 ? [] : [...lines, 'Not modelled:', ...notModelled.map((what) => `  ${what}`)];
}

const linesOn = ({ world, name, kind, becomings }: PersonBecomings): string[] =>
  becomings.length === 0
    ? []
    : [
        `${world.access.cluster.name}, step by step:`,
        ...becomings.flatMap(({ words, rights, ways }) => [
          `  can become ${words}: may ${inWords(rights)}`,
          ...ways.flatMap((way, i) => [
            ...(ways.length > 1 ? [`    way ${i + 1}:`] : []),
            ...wayLines(world.access, { kind, name }, way).map((line) => `      ${line}`),
          ]),
        ]),
      ];

/** Returns as data for JSON what a person or service account can become. */
export const becomingsData = ({ becomings }: PersonBecomings) =>
  becomings.map(({ words, rights, ways }) => ({ becomes: words, may: inWords(rights), ways: ways.map(wayData) }));
