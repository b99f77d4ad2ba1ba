import { memberName } from '../config/members';
import type { GroupInput } from '../config/schema/config-schema';
import { kanidmName } from '../config/schema/field-types';
import type { Facts } from '../existing/facts';
import { type Identities, identitiesOf, type ReadEntry } from '../existing/kanidm-entries';
import { isBuiltIn } from '../upstream/kanidm-builtin';
import { type Account, itemOf } from './account';
import type { OwnKanidm } from './which-kanidm';

/** Returns the people, service accounts, groups and clients of Kanidm that were read. */
export function entriesOf(facts: Facts, { foreign }: OwnKanidm, account: Account): Identities {
  const { entries } = facts;
  const ours = entries.filter((_, i) => !foreign.has(i));
  const identities = identitiesOf(ours.filter((entry) => entry.isBuiltIn || isTaken(entry, ours)));
  const { people, serviceAccounts, groups } = identities;
  const isHere = (name: string) => people.has(name) || serviceAccounts.has(name) || groups.has(name) || isBuiltIn(name);
  for (const [i, entry] of entries.entries()) {
    const id = itemOf.entry(i);
    for (const attribute of entry.unread) {
      const attributeId = itemOf.attribute(i, attribute);
      if (foreign.has(i)) account.not(attributeId, `it belongs to ${entry.kind} ${entry.name}, which is not taken`);
      else if (entry.isBuiltIn) account.leave(attributeId, 'this attribute belongs to a built-in entry of Kanidm');
      else if (attribute === 'image') account.not(attributeId, imageKept);
      else
        account.not(
          attributeId,
          'a config has no field for this attribute, or not for a value of this type; Kanidm keeps the value',
        );
    }
    const stranger = foreign.get(i);
    if (stranger !== undefined) {
      account.not(id, stranger);
      continue;
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
    } else if (isRepeated(entry, ours)) account.taken(id);
    else if (!isTaken(entry, ours)) {
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
    const i = entries.findIndex((entry, at) => entry.kind === 'group' && entry.name === name && !foreign.has(at));
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
const isTaken = (entry: ReadEntry, entries: Facts['entries']): boolean =>
  new RegExp(kanidmName).test(entry.name) && firstOf(entry, entries) === entry;

const firstOf = (entry: ReadEntry, entries: Facts['entries']): ReadEntry | undefined =>
  entries.find(({ kind, name, isBuiltIn }) => kind === entry.kind && name === entry.name && !isBuiltIn);

/** Whether an entry equals one that was read before. */
function isRepeated(entry: ReadEntry, entries: Facts['entries']): boolean {
  const first = firstOf(entry, entries);
  if (!first || first === entry || first.kind === 'other' || entry.kind === 'other') return false;
  return JSON.stringify(first.fields) === JSON.stringify(entry.fields);
}
