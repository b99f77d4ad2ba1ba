import type { Principal } from '../access/principals';
import type { Config } from '../config/config';
import { type Entry, type EntryKind, kinds } from '../identity/entries';
import { uuidOf } from '../identity/uuid';

export interface Who {
  readonly kind: EntryKind;
  readonly name: string;
}

/** Under which name somebody of the config was there before; `undefined` for an account that was not. */
export type Predecessor = (who: Who) => string | undefined;

/** The kind of entry that somebody who signs in is, or of the group whose members they are. */
export const kindOfPrincipal = ({ kind }: Pick<Principal, 'kind'>): EntryKind => (kind === 'members' ? 'group' : kind);

/** The entries of a config of one kind. */
export function entriesOfKind(config: Config, kind: EntryKind): ReadonlyMap<string, Entry> {
  const found = kinds.find((one) => one.kind === kind);
  return found ? config[found.map] : new Map();
}

/** The UUID of an entry, given or derived; `undefined` where Kanidm alone knows it. */
export const uuidIn = (config: Config, kind: EntryKind, entry: Entry | undefined): string | undefined =>
  entry && uuidOf(config, kind, entry);

/**
 * Who is who in two configs. The UUID decides: a new name for it is the same account, and a known name with another UUID
 * is somebody else's. Where Kanidm alone knows the UUID it is the name; that `formerly` names the same account is not
 * known then, since the runbook makes a new one where it finds none. In another domain only UUIDs that are given count.
 */
export function predecessors(before: Config, after: Config): Predecessor {
  const sameDomain = before.kanidm.domain === after.kanidm.domain;
  const known = (config: Config, kind: EntryKind, entry: Entry | undefined) =>
    sameDomain ? uuidIn(config, kind, entry) : entry?.id;
  const byUuid = new Map<string, string>();
  for (const { kind, map } of kinds) {
    for (const entry of before[map].values()) {
      const uuid = known(before, kind, entry);
      if (uuid !== undefined) byUuid.set(`${kind}\n${uuid}`, entry.name);
    }
  }
  return ({ kind, name }) => {
    const uuid = known(after, kind, entriesOfKind(after, kind).get(name));
    const old = entriesOfKind(before, kind).get(name);
    const same = uuid === undefined ? undefined : byUuid.get(`${kind}\n${uuid}`);
    if (same !== undefined) return same;
    if (!old) return undefined;
    const was = known(before, kind, old);
    return uuid !== undefined && was !== undefined && uuid !== was ? undefined : name;
  };
}
