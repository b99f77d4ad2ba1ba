import type { Config } from '../config/config';

interface Memberships {
  /** By person or service account: every group it is in, through nested groups too, sorted. */
  readonly groupsOf: ReadonlyMap<string, readonly string[]>;
  /** By group: every person in it, through nested groups too, sorted. */
  readonly peopleIn: ReadonlyMap<string, readonly string[]>;
  /** By group: every group that it is in, through nested groups too, sorted. */
  readonly parentsOf: ReadonlyMap<string, readonly string[]>;
  /** By whoever is named as a member: the groups that name them, sorted. */
  readonly directly: ReadonlyMap<string, readonly string[]>;
}

const known = new WeakMap<Config, Memberships>();

/** Nested groups flattened, as Kanidm does it for tokens. Entries that are `absent` are in nothing and hold nobody. */
export function memberships(config: Config): Memberships {
  let found = known.get(config);
  if (!found) {
    found = flatten(config);
    known.set(config, found);
  }
  return found;
}

function flatten(config: Config): Memberships {
  const parents = new Map<string, string[]>();
  for (const group of config.groups.values()) {
    if (group.absent) continue;
    for (const member of group.members ?? []) {
      const list = parents.get(member);
      if (list) list.push(group.name);
      else parents.set(member, [group.name]);
    }
  }
  for (const list of parents.values()) list.sort();
  const climb = (start: string): string[] => {
    const seen = new Set<string>();
    const queue = [start];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      for (const parent of parents.get(next) ?? []) {
        if (seen.has(parent)) continue;
        seen.add(parent);
        queue.push(parent);
      }
    }
    return [...seen].sort();
  };
  const present = (entries: ReadonlyMap<string, { name: string; absent?: boolean }>) =>
    [...entries.values()].filter(({ absent }) => !absent).map(({ name }) => name);
  const people = present(config.people);
  const climbed = (names: readonly string[]) => new Map(names.map((name) => [name, climb(name)]));
  const groupsOf = climbed([...people, ...present(config.serviceAccounts)]);
  const peopleIn = new Map<string, string[]>([...config.groups.keys()].map((name) => [name, []]));
  for (const person of [...people].sort())
    for (const group of groupsOf.get(person) ?? []) peopleIn.get(group)?.push(person);
  return { groupsOf, peopleIn, parentsOf: climbed(present(config.groups)), directly: parents };
}

/** Every group that a group is in, through nested groups too, sorted. */
export const parentsOf = (config: Config, group: string): readonly string[] =>
  memberships(config).parentsOf.get(group) ?? [];
