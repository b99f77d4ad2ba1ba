import type { Config } from '../config/config';

interface Memberships {
  /** By person or service account: every group it is in, through nested groups too, sorted. */
  readonly groupsOf: ReadonlyMap<string, readonly string[]>;
  /** By group: every person in it, through nested groups too, sorted. */
  readonly peopleIn: ReadonlyMap<string, readonly string[]>;
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
  const groupsOf = new Map<string, readonly string[]>();
  const peopleIn = new Map<string, string[]>([...config.groups.keys()].map((name) => [name, []]));
  const principals = [...config.people.values(), ...config.serviceAccounts.values()];
  for (const principal of principals.filter((entry) => !entry.absent)) {
    const seen = new Set<string>();
    const queue = [principal.name];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      for (const parent of parents.get(next) ?? []) {
        if (seen.has(parent) || config.groups.get(next)?.absent) continue;
        seen.add(parent);
        queue.push(parent);
      }
    }
    groupsOf.set(principal.name, [...seen].sort());
    if (config.people.has(principal.name)) for (const group of seen) peopleIn.get(group)?.push(principal.name);
  }
  for (const people of peopleIn.values()) people.sort();
  return { groupsOf, peopleIn };
}
