import type { Principal } from '../access/principals';
import type { Config, Group, Person, ServiceAccount } from '../config/config';
import type { EntryKind } from '../identity/entries';
import { uuidOf } from '../identity/uuid';

type Who = Pick<Principal, 'kind' | 'name'>;

/** Whom somebody of the config now was before: what {@link idOf} gave them there. */
export type Predecessor = (who: Who) => string | undefined;

export const idOf = ({ kind, name }: Who): string => `${kind}\n${name}`;

type Entry = Person | ServiceAccount | Group;

/** The entries of a config that a kind of principal is made of. */
export const entriesOf = (config: Config, kind: Principal['kind']): ReadonlyMap<string, Entry> =>
  kind === 'person' ? config.people : kind === 'members' ? config.groups : config.serviceAccounts;

const entryKind = (kind: Principal['kind']): EntryKind => (kind === 'members' ? 'group' : kind);

/** The UUID of an entry, given or derived; `undefined` where Kanidm alone knows it. */
export function uuidIn(config: Config, kind: Principal['kind'], entry: Entry | undefined): string | undefined {
  return entry && uuidOf(config, entryKind(kind), entry);
}

/**
 * Who is who in two configs. The UUID decides where both have one: a new name for it is the same account, and a known
 * name with another UUID is somebody else. Without UUIDs it is `formerly`, or the name; so it is in another domain too,
 * where every derived UUID is another.
 */
export function predecessors(before: Config, after: Config): Predecessor {
  const sameDomain = before.kanidm.domain === after.kanidm.domain;
  const known = (config: Config, kind: Principal['kind'], entry: Entry | undefined) =>
    sameDomain ? uuidIn(config, kind, entry) : entry?.id;
  const byId = new Map<string, string>();
  for (const kind of ['person', 'service account', 'members'] as const) {
    for (const entry of entriesOf(before, kind).values()) {
      const id = known(before, kind, entry);
      if (id !== undefined) byId.set(`${kind}\n${id}`, entry.name);
    }
  }
  return ({ kind, name }) => {
    const entry = entriesOf(after, kind).get(name);
    const id = known(after, kind, entry);
    const same = id === undefined ? undefined : byId.get(`${kind}\n${id}`);
    if (same !== undefined) return idOf({ kind, name: same });
    const old = entriesOf(before, kind).get(name);
    // Whoever had the name already is not renamed again by a `formerly` that was left in.
    if (!old) return idOf({ kind, name: entry?.formerly ?? name });
    const another = id !== undefined && known(before, kind, old) !== undefined;
    return another ? undefined : idOf({ kind, name });
  };
}
