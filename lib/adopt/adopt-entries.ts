import { memberName } from '../config/members';
import { kanidmName } from '../config/schema/field-patterns';
import type { Facts, Note } from '../existing/facts';
import { type Identities, identitiesOf, type ReadEntry } from '../existing/kanidm-entries';
import { type Json, mapAt } from '../guards';
import { isUuid } from '../identity/uuid';
import { isBuiltIn } from '../upstream/kanidm-builtin';
import { itemOf, type Treatments } from './treatments';
import type { OwnKanidm } from './which-kanidm';

/** Puts Kanidm's own entries before those of programs such as kaniop: only they have UUIDs and all attributes. */
export const ownEntriesFirst = (facts: Facts): Facts => ({
  ...facts,
  entries: facts.entries.toSorted((a, b) => Number(a.manager !== undefined) - Number(b.manager !== undefined)),
});

/** Returns the people, service accounts, groups and clients of Kanidm that were read. */
export function entriesOf(facts: Facts, { foreign }: OwnKanidm, treatments: Treatments): Identities {
  const { entries } = facts;
  const ours = entries.filter((_, i) => !foreign.has(i));
  const identities = identitiesOf(ours.filter((entry) => entry.isBuiltIn || isTaken(entry, ours)));
  for (const [i, entry] of entries.entries()) {
    const id = itemOf.entry(i);
    for (const attribute of entry.unread) {
      const attributeId = itemOf.attribute(i, attribute);
      if (foreign.has(i))
        treatments.not(attributeId, `the attribute belongs to ${entry.kind} ${entry.name}, which is not adopted`);
      else if (entry.isBuiltIn) treatments.leave(attributeId, 'this attribute belongs to a built-in entry of Kanidm');
      else if (entry.manager !== undefined)
        treatments.not(attributeId, attribute.startsWith('image') ? imageLeft : notSet);
      else if (attribute === 'image') treatments.not(attributeId, imageKept);
      else
        treatments.not(
          attributeId,
          `a config has no field for this attribute, or its field cannot have a value of this type; Kanidm keeps the value${isPosixRobot(entry, attribute) ? ', and rejects each migration that changes this service account, so do not write `provision: migrations`' : ''}`,
        );
    }
    const stranger = foreign.get(i);
    if (stranger !== undefined) {
      treatments.not(id, stranger);
      continue;
    }
    if (entry.kind === 'other') treatments.not(id, entry.why);
    else if (entry.isBuiltIn) {
      const members =
        entry.kind === 'group' ? (entry.fields.members ?? []).map(memberName).filter((name) => !isBuiltIn(name)) : [];
      if (members.length === 0) treatments.leave(id, 'this is a built-in entry of Kanidm, and stays unchanged');
      else
        treatments.not(
          id,
          `this is a built-in group of Kanidm, whose members a config cannot list: ${members.join(', ')}`,
        );
    } else if (isRepeated(entry, ours)) treatments.taken(id);
    else if (!isTaken(entry, ours)) {
      const isName = new RegExp(kanidmName).test(entry.name);
      treatments.not(id, isName ? whyHidden(entry, ours) : 'Kanidm does not allow this name');
    } else treatments.taken(id);
    for (const difference of entry.differences ?? []) treatments.different(id, difference);
  }
  return identities;
}

/**
 * Whether an attribute shows that a service account has the class `posixaccount`. A migration lists the classes of an
 * entry, and Kanidm 1.11.1 refuses to remove a class while an attribute of this class is left.
 */
const isPosixRobot = ({ kind }: ReadEntry, attribute: string): boolean =>
  kind === 'service account' && (attribute === 'gidnumber' || attribute === 'loginshell');

/**
 * Adds the groups that a scope map or claim map names but that were not read. These groups must exist, because Kanidm
 * has no maps for groups that do not exist. Only Kanidm knows their members. Returns a note for each client that names
 * such groups.
 */
export function assumeGroups({ entries }: Facts, { foreign }: OwnKanidm, identities: Identities): Note[] {
  const { people, serviceAccounts, groups, clients } = identities;
  const isOther = (name: string) =>
    isBuiltIn(name) ||
    people.has(name) ||
    serviceAccounts.has(name) ||
    // An entry of kind `other` is one that a config cannot contain, or that a state file of kanidm-provision removes.
    entries.some((entry, i) => entry.kind === 'other' && entry.name === name && !foreign.has(i));
  const read = new Set(groups.keys());
  return [...clients].flatMap(([client, { scopes, supplementaryScopes, claims }]): Note[] => {
    const maps = [scopes, supplementaryScopes, ...Object.values(claims ?? {}).map(({ values }) => values)];
    const named = [...new Set(maps.flatMap((map) => Object.keys(map ?? {})))].filter(
      (name) => new RegExp(kanidmName).test(name) && !isUuid(name) && !read.has(name) && !isOther(name),
    );
    if (named.length === 0) return [];
    for (const name of named) groups.set(name, {});
    const source = entries.find(({ kind, name }, i) => kind === 'client' && name === client && !foreign.has(i))?.source;
    const text = `client ${client} names groups that were not read: ${named.join(', ')}; adopt assumes that these groups exist, and does not know their members; to read the groups, use --kanidm, or run adopt with the JSON of the groups`;
    return [{ source: source ?? client, text }];
  });
}

/**
 * Removes from the groups the members whose entries were not read, and returns these members by group. If no member of
 * a group is left, the group gets no `members`, so that Kanidm keeps its members. With an empty list, the runbook would
 * remove them all.
 */
export function withoutStrangers({ people, serviceAccounts, groups }: Identities): Map<string, string[]> {
  const isHere = (name: string) => people.has(name) || serviceAccounts.has(name) || groups.has(name) || isBuiltIn(name);
  const left = new Map<string, string[]>();
  for (const [name, { members = [], ...group }] of groups) {
    const strangers = members.map(memberName).filter((member) => !isHere(member));
    if (strangers.length === 0) continue;
    left.set(name, strangers);
    const rest = members.filter((member) => isHere(memberName(member)));
    groups.set(name, rest.length > 0 ? { ...group, members: rest } : group);
  }
  return left;
}

/** Records that the config does not contain the members that {@link withoutStrangers} removed. */
export function recordStrangers(
  { entries }: Facts,
  { foreign }: OwnKanidm,
  { config, strangers, treatments }: { config: Json; strangers: Map<string, string[]>; treatments: Treatments },
): void {
  const isClient = (name: string) =>
    entries.some((entry, at) => entry.kind === 'client' && entry.name === name && !foreign.has(at));
  for (const [name, left] of strangers) {
    const effect = mapAt(config, 'groups', name).members
      ? 'the rendered runbook and migrations remove these members from the group'
      : 'Kanidm keeps these members, because the config lists no members of this group at all';
    const i = entries.findIndex((entry, at) => entry.kind === 'group' && entry.name === name && !foreign.has(at));
    const say = (why: string, members: readonly string[]) => {
      if (members.length === 0) return;
      const text = `the config does not have these members, because ${why}: ${members.join(', ')}; ${effect}`;
      treatments.different(itemOf.entry(i), text);
    };
    say(
      'their entries were not read',
      left.filter((member) => !isClient(member)),
    );
    say('a config cannot list a client as a member', left.filter(isClient));
  }
}

const notSet =
  'a config has no such field, or its field cannot have a value of this type; Kaniflux does not set it in Kanidm';

const imageLeft =
  'adopt does not take over the logo image; to let Kaniflux set it, write its file, or its address and its SHA-256, into the config as `image` of the client';

const imageKept =
  'Kanidm shows only a hash of the logo image of this client, and keeps the logo image; to replace it, write the file or address of a logo image into the config';

/** Whether an entry has a name that Kanidm allows, and no earlier entry has the same kind and name. */
const isTaken = (entry: ReadEntry, entries: Facts['entries']): boolean =>
  new RegExp(kanidmName).test(entry.name) && firstOf(entry, entries) === entry;

const whyHidden = (entry: ReadEntry, entries: Facts['entries']): string =>
  entry.manager !== undefined && firstOf(entry, entries)?.manager === undefined
    ? 'this entry was also read from Kanidm, and the config has it as it is in Kanidm'
    : 'a different entry with this kind and name was read first';

const firstOf = (entry: ReadEntry, entries: Facts['entries']): ReadEntry | undefined =>
  entries.find(({ kind, name, isBuiltIn }) => kind === entry.kind && name === entry.name && !isBuiltIn);

/** Whether an entry with the same kind, name and fields was read earlier. */
function isRepeated(entry: ReadEntry, entries: Facts['entries']): boolean {
  const first = firstOf(entry, entries);
  if (!first || first === entry || first.kind === 'other' || entry.kind === 'other') return false;
  return JSON.stringify(first.fields) === JSON.stringify(entry.fields);
}
