import { memberName } from '../config/members';
import type { GroupInput } from '../config/schema/config-schema';
import { kanidmName } from '../config/schema/field-types';
import type { Facts } from '../existing/facts';
import { type Identities, identitiesOf, type ReadEntry } from '../existing/kanidm-entries';
import { isBuiltIn } from '../upstream/kanidm-builtin';
import { type Account, itemOf } from './account';

/** Returns the people, service accounts, groups and clients of Kanidm that were read. */
export function entriesOf({ entries }: Facts, account: Account): Identities {
  const identities = identitiesOf(entries.filter((entry, i) => entry.isBuiltIn || isTaken(entry, i, entries)));
  const { people, serviceAccounts, groups } = identities;
  const isHere = (name: string) => people.has(name) || serviceAccounts.has(name) || groups.has(name) || isBuiltIn(name);
  for (const [i, entry] of entries.entries()) {
    const id = itemOf.entry(i);
    for (const attribute of entry.unread) {
      const attributeId = itemOf.attribute(i, attribute);
      if (entry.isBuiltIn) account.leave(attributeId, 'this attribute belongs to a built-in entry of Kanidm');
      else if (attribute === 'image') account.not(attributeId, imageKept);
      else account.not(attributeId, 'a config has no field for this attribute; Kanidm keeps the value');
    }
    if (entry.kind === 'other') account.not(id, entry.why);
    else if (entry.isBuiltIn) {
      const members =
        entry.kind === 'group'
          ? (entry.fields.members ?? []).map(memberName).filter((name) => isHere(name) && !isBuiltIn(name))
          : [];
      if (members.length === 0) account.leave(id, 'this is a built-in entry of Kanidm, and stays unchanged');
      else
        account.not(
          id,
          `this is a built-in group of Kanidm, and a config cannot list its members: ${members.join(', ')}`,
        );
    } else if (isRepeated(entry, i, entries)) account.taken(id);
    else if (!isTaken(entry, i, entries)) {
      const isName = new RegExp(kanidmName).test(entry.name);
      account.not(
        id,
        isName ? 'a different entry with this kind and name was read first' : `Kanidm does not allow this name`,
      );
    } else account.taken(id);
    for (const difference of entry.differences ?? []) account.different(id, difference);
  }
  for (const [name, group] of groups) {
    const members = (group.members ?? []).map(memberName);
    const strangers = members.filter((member) => !isHere(member));
    if (strangers.length === 0) continue;
    groups.set(name, { ...group, members: members.filter(isHere) } satisfies GroupInput);
    const i = entries.findIndex((entry) => entry.kind === 'group' && entry.name === name);
    account.different(
      itemOf.entry(i),
      `these members are left out, because their entries were not read: ${strangers.join(', ')}; with \`provision: migrations\` Kanidm then removes them from the group`,
    );
  }
  return identities;
}

const imageKept =
  'Kanidm shows only a hash of the image, and keeps the image; to set an image, write its file or address into the config';

/** Whether an entry is the first of its kind and name, with a name that Kanidm allows. */
const isTaken = (entry: ReadEntry, i: number, entries: Facts['entries']): boolean =>
  new RegExp(kanidmName).test(entry.name) &&
  entries.findIndex(({ kind, name, isBuiltIn }) => kind === entry.kind && name === entry.name && !isBuiltIn) === i;

/** Whether an entry equals one that was read before. */
function isRepeated(entry: ReadEntry, i: number, entries: Facts['entries']): boolean {
  const first = entries.find(({ kind, name, isBuiltIn }) => kind === entry.kind && name === entry.name && !isBuiltIn);
  if (!first || first === entries[i] || first.kind === 'other' || entry.kind === 'other') return false;
  return JSON.stringify(first.fields) === JSON.stringify(entry.fields);
}

/** Returns the domain of Kanidm, from its entries or resources. */
export const domainIn = ({ entries, domain, releases }: Facts): string | undefined =>
  entries.find((entry) => entry.domain !== undefined)?.domain ??
  domain ??
  releases.find((release) => release.domain !== undefined)?.domain;
