import type { GroupInput } from '../config/schema/config-schema';
import { kanidmName } from '../config/schema/field-types';
import type { Facts } from '../existing/facts';
import { type Identities, identitiesOf, type ReadEntry } from '../existing/kanidm-entries';
import { isBuiltIn } from '../upstream/kanidm-builtin';
import { type Account, itemOf } from './account';

/** People, groups and clients of Kanidm, as far as they were read. */
export function entriesOf({ entries }: Facts, account: Account): Identities {
  const identities = identitiesOf(entries.filter((entry, i) => entry.isBuiltIn || isTaken(entry, i, entries)));
  const { people, serviceAccounts, groups } = identities;
  const isHere = (name: string) => people.has(name) || serviceAccounts.has(name) || groups.has(name) || isBuiltIn(name);
  for (const [i, entry] of entries.entries()) {
    const id = itemOf.entry(i);
    for (const attribute of entry.unread) {
      const attributeId = itemOf.attribute(i, attribute);
      if (entry.isBuiltIn) account.leave(attributeId, "it is of Kanidm's own entry");
      else if (attribute === 'image') account.not(attributeId, imageKept);
      else account.not(attributeId, 'it has no field in a config: Kanidm keeps it');
    }
    if (entry.kind === 'other') account.not(id, entry.why);
    else if (entry.isBuiltIn) {
      const members =
        entry.kind === 'group' ? (entry.fields.members ?? []).filter((name) => isHere(name) && !isBuiltIn(name)) : [];
      if (members.length === 0) account.leave(id, 'it comes with Kanidm, and stays as it is');
      else
        account.not(
          id,
          `it comes with Kanidm, and that ${members.join(', ')} is a member of it can't be said in a config`,
        );
    } else if (isRepeated(entry, i, entries)) account.taken(id);
    else if (!isTaken(entry, i, entries)) {
      const isName = new RegExp(kanidmName).test(entry.name);
      account.not(
        id,
        isName
          ? 'an entry of this kind and name that says otherwise was read before it'
          : `Kanidm has no entries of such a name`,
      );
    } else account.taken(id);
    for (const difference of entry.differences ?? []) account.different(id, difference);
  }
  for (const [name, group] of groups) {
    const strangers = (group.members ?? []).filter((member) => !isHere(member));
    if (strangers.length === 0) continue;
    groups.set(name, { ...group, members: (group.members ?? []).filter(isHere) } satisfies GroupInput);
    const i = entries.findIndex((entry) => entry.kind === 'group' && entry.name === name);
    account.different(
      itemOf.entry(i),
      `members that were not read are left out: ${strangers.join(', ')}; with \`provision: migrations\` Kanidm then removes them from the group`,
    );
  }
  return identities;
}

const imageKept =
  'Kanidm shows a hash of it, not the image: Kanidm keeps it, and a config can name a file or an address';

/** The first of its kind and name, where the name is one that Kanidm allows. */
const isTaken = (entry: ReadEntry, i: number, entries: Facts['entries']): boolean =>
  new RegExp(kanidmName).test(entry.name) &&
  entries.findIndex(({ kind, name, isBuiltIn }) => kind === entry.kind && name === entry.name && !isBuiltIn) === i;

/** Says the same as one that was read before it. */
function isRepeated(entry: ReadEntry, i: number, entries: Facts['entries']): boolean {
  const first = entries.find(({ kind, name, isBuiltIn }) => kind === entry.kind && name === entry.name && !isBuiltIn);
  if (!first || first === entries[i] || first.kind === 'other' || entry.kind === 'other') return false;
  return JSON.stringify(first.fields) === JSON.stringify(entry.fields);
}

/** Kanidm's domain, as its entries name it. */
export const domainIn = ({ entries, domain, releases }: Facts): string | undefined =>
  entries.find((entry) => entry.domain !== undefined)?.domain ??
  domain ??
  releases.find((release) => release.domain !== undefined)?.domain;
