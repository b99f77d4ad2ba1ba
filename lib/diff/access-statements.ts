import { by, listed, roleOf } from '../access/rights-in-words';
import { everyonesGroups } from '../upstream/kanidm-builtin';
import { type AccessChange, isOfEverySignedInUser } from './change';
import { sentence } from './line-changes';
import { levelOf, type Statement } from './statement';

/**
 * Returns statements about the changes of access. Similar changes share a statement. If everybody in Kanidm gains or
 * loses something, there is one statement, which lists the affected people in the config. These people get no separate
 * statement about the same change.
 */
export function accessStatements(changes: readonly AccessChange[]): Statement[] {
  changes = folded(changes);
  const ofEverybody = new Map(changes.filter(isEverybody).map((one) => [keyOf(one), one]));
  const people = new Map<string, string[]>();
  const own = changes.filter((one) => {
    const key = keyOf(one);
    if (one.who.kind !== 'person' || everybodysGroup(one) === undefined || !ofEverybody.has(key)) return true;
    people.set(key, [...(people.get(key) ?? []), one.who.name]);
    return false;
  });
  return together(acrossNamespaces(own, (one) => people.get(keyOf(one)))).map((alike) => {
    const [one] = alike;
    return statementOf(one, {
      ...(alike.length > 1
        ? {
            subject: listed(
              alike.map(({ who }) => who.name),
              50,
            ),
          }
        : {}),
      ...(isEverybody(one) ? { people: people.get(keyOf(one)) ?? [] } : {}),
    });
  });
}

/** Merges changes that differ only in the namespace. */
function acrossNamespaces(
  changes: readonly AccessChange[],
  peopleOf: (one: AccessChange) => readonly string[] | undefined,
): AccessChange[] {
  const found = new Map<string, AccessChange>();
  for (const one of changes) {
    const { namespace } = one.held;
    const elsewhere = { ...one, held: { ...one.held, namespace: undefined } };
    const key = JSON.stringify([keyOf(elsewhere), namespace === undefined, sentence(elsewhere), peopleOf(one)]);
    const same = found.get(key);
    if (!same || namespace === undefined) found.set(key, one);
    else
      found.set(key, { ...same, namespaces: [...(same.namespaces ?? [same.held.namespace ?? '']), namespace].sort() });
  }
  return [...found.values()];
}

type Alike = [AccessChange, ...AccessChange[]];

/** Groups the changes that differ only in the person. */
function together(changes: readonly AccessChange[]): Alike[] {
  const found = new Map<string, Alike>();
  for (const one of changes) {
    const isPlain = one.who.kind === 'person' && one.otherName === undefined;
    const key = JSON.stringify([keyOf(one), one.change, sentence(one, one.cluster, isPlain ? '' : undefined)]);
    const alike = found.get(key);
    if (alike) alike.push(one);
    else found.set(key, [one]);
  }
  return [...found.values()];
}

/**
 * Leaves out the smaller changes of subjects that gain or lose the right to do everything on a cluster. The field
 * `also` of the remaining change lists the roles of the omitted changes.
 */
function folded(changes: readonly AccessChange[]): AccessChange[] {
  const subject = ({ change, cluster, who, byManaging }: AccessChange) =>
    JSON.stringify([change, cluster, who.kind, who.name, byManaging?.name]);
  const everything = new Map<string, AccessChange>();
  for (const one of changes) {
    const isWhole = one.danger === 'everything' && one.held.namespace === undefined;
    if (isWhole && !everything.has(subject(one))) everything.set(subject(one), one);
  }
  const also = new Map<AccessChange, string[]>();
  const rest = changes.filter((one) => {
    const whole = everything.get(subject(one));
    if (!whole || whole === one) return true;
    if (isOfEverySignedInUser(one)) return false;
    const { held, way } = one;
    const role = `${roleOf(held)}${held.namespace === undefined ? '' : ` in namespace ${held.namespace}`}${by(way)}`;
    also.set(whole, [...new Set([...(also.get(whole) ?? []), role])]);
    return false;
  });
  return rest.map((one) => ({ ...one, also: also.get(one) ?? [] }));
}

const isEverybody = ({ who }: AccessChange): boolean =>
  (who.kind === 'members' && everyonesGroups.includes(who.name)) || who.name === signedIn;

/** The subject of a change that concerns every signed-in user. */
const signedIn = 'group system:authenticated';

/**
 * Returns the group through which a person has a role, if everybody is a member of this group; otherwise `undefined`.
 */
const everybodysGroup = ({ held, way, byManaging }: AccessChange): string | undefined =>
  [byManaging?.by, way[0]].find((name) => name !== undefined && everyonesGroups.includes(name)) ??
  (held.subject.name === 'system:authenticated' ? signedIn : undefined);

/**
 * Returns a key. Changes with equal keys are all gains or all losses, on the same cluster, by the same binding and by
 * managing the same entry, if any.
 */
const keyOf = ({ change, cluster, held, byManaging }: AccessChange): string =>
  JSON.stringify([
    change,
    cluster,
    held.binding.kind,
    held.binding.metadata.name,
    held.namespace ?? '',
    byManaging?.name ?? '',
  ]);

interface PrintedNames {
  /** The names to print as the subject, if several people share the statement. */
  readonly subject?: string;
  /** The affected people in the config, if the subject is everybody. */
  readonly people?: readonly string[];
}

function statementOf(one: AccessChange, { subject, people }: PrintedNames): Statement {
  const named = people?.length ? `; affected people in the config: ${[...new Set(people)].sort().join(', ')}` : '';
  return {
    part: 'access',
    level: one.change === 'gained' && !isOfEverySignedInUser(one) ? levelOf(one.danger) : 'none',
    change: one.change === 'gained' ? 'added' : 'removed',
    say: (on) => sentence(one, on, subject) + named,
    clusters: [one.cluster],
    details: [],
    danger: one.danger,
  };
}
