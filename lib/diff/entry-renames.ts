import type { Config } from '../config/config';
import { isMap, type Json, own } from '../guards';
import type { ConfigChange } from './config-changes';
import { sameIssuer } from './issuer-users';
import type { Predecessor, ReplacedEntry } from './predecessors';
import type { Statement } from './statement';

/** An entry whose name changed but which is still the same entry. */
export interface Renamed {
  /** The path of the map that contains the entry: `['people']`, `['clusters', 'lab', 'issuers']`. */
  readonly map: readonly string[];
  readonly kind: keyof typeof same;
  readonly from: string;
  readonly to: string;
  /** Whether the entry is `absent` under its new name. */
  readonly isDeleted: boolean;
}

/** What remains when an entry is renamed. */
const same = {
  person: 'the same account, with its credentials and its UUID',
  'service account': 'the same account, with its tokens and its UUID',
  group: 'the same group, with its members and its UUID',
  client:
    'the same client, with its settings and its UUID, but with another issuer URL, because the URL contains the name',
  issuer: 'the same server',
} as const;

const kindOf = { people: 'person', serviceAccounts: 'service account', groups: 'group', clients: 'client' } as const;

/** Returns the entries whose name changed but which are still the same account, group, client or issuer. */
export function renames(before: Config, after: Config, former: Predecessor): Renamed[] {
  const ofKanidm = (['people', 'serviceAccounts', 'groups', 'clients'] as const).flatMap((map) =>
    [...after[map].values()].map(({ name: to, absent }) => ({
      map: [map],
      kind: kindOf[map],
      from: former({ kind: kindOf[map], name: to }),
      to,
      isDeleted: absent,
    })),
  );
  const issuers = [...after.clusters.values()].flatMap((cluster) => {
    const old = before.clusters.get(cluster.name);
    const map = ['clusters', cluster.name, 'issuers'];
    return cluster.issuers.map((issuer) => ({
      map,
      kind: 'issuer' as const,
      from: old && sameIssuer(issuer, cluster, old)?.name,
      to: issuer.name,
      isDeleted: false,
    }));
  });
  return [...ofKanidm, ...issuers].flatMap(({ from, ...one }) =>
    from === undefined || from === one.to ? [] : [{ ...one, from }],
  );
}

/**
 * Returns the tree with renamed entries under their new names, so that each is compared with its earlier state. If the
 * new name belonged to another entry before, that other entry counts as removed.
 * @param others the other entries whose names belong to new entries now
 */
export function withNewNames(
  tree: Json,
  renamed: readonly Renamed[],
  others: readonly ReplacedEntry[] = [],
): { readonly tree: Json; readonly replaced: readonly ConfigChange[] } {
  const byMap = new Map<string, Renamed[]>();
  const add = (map: readonly string[], list: readonly Renamed[]) =>
    byMap.set(map.join('\n'), [...(byMap.get(map.join('\n')) ?? []), ...list]);
  for (const one of renamed) add(one.map, [one]);
  for (const { map } of others) add([map], []);
  const replaced: ConfigChange[] = [];
  for (const [key, list] of byMap) {
    const path = key.split('\n');
    const names = new Map(list.map(({ from, to }) => [from, to]));
    const taken = new Set([...names.values(), ...others.flatMap(({ map, name }) => (map === key ? [name] : []))]);
    tree = changedAt(tree, path, (entries) =>
      Object.fromEntries(
        Object.entries(entries).flatMap(([name, entry]) => {
          const to = names.get(name);
          if (to === undefined && taken.has(name)) {
            replaced.push({ path: [...path, name], before: entry, after: undefined });
            return [];
          }
          return [[to ?? name, entry]];
        }),
      ),
    );
  }
  return { tree, replaced };
}

/** Returns a copy of the tree, with `change` applied to the map at the path; the same tree if there is no such map. */
function changedAt(tree: Json, [key, ...rest]: readonly string[], change: (map: Json) => Json): Json {
  if (key === undefined) return change(tree);
  const inside = own(tree, key);
  return isMap(inside) ? { ...tree, [key]: changedAt(inside, rest, change) } : tree;
}

/** Returns the statement about a rename. Two entries that swap their names have one statement. */
export function renameStatement({ map, kind, from, to, isDeleted }: Renamed, all: readonly Renamed[]): Statement[] {
  const isSwap = all.some((other) => other.map.join() === map.join() && other.from === to && other.to === from);
  if (isSwap && from > to) return [];
  const text = isDeleted
    ? `${kind} ${from} has the key ${to} now, and is deleted from Kanidm`
    : isSwap
      ? `${kind} ${from} and ${kind} ${to} swap their names: ${from} becomes ${to}, and ${to} becomes ${from}. Each remains ${same[kind]}`
      : `${kind} ${from} is renamed to ${to}: ${same[kind]}`;
  const [, cluster] = map;
  return [
    {
      part: kind === 'issuer' ? 'trust' : 'kanidm',
      level: 'medium',
      change: 'changed',
      say: (on) => (cluster === undefined ? text : `${on}: ${text}`),
      clusters: cluster === undefined ? [] : [cluster],
      details: [],
      path: [...map, to].join('.'),
    },
  ];
}
