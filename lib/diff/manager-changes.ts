import { type ClusterAccess, groupOf } from '../access/cluster';
import { worst } from '../access/danger';
import { type Becoming, becomings } from '../access/managers';
import { wayInto } from '../access/principals';
import { distinctRights, RightSet, rightsOf } from '../access/rights';
import { type AccessChange, type Both, idOf, type Subject } from './change';

/** Returns the changes in what people could get through the entries that they manage (`managedBy`). */
export function managerChanges(both: Both): AccessChange[] {
  const was = ofActors(both.before);
  const is = ofActors(both.after);
  const gone = new Map(was);
  // If Kanidm keeps an account in a group, the account can still get what every member of the group can get.
  const lostBy = ({ who, list }: OfActor, now: Subject | undefined, others: readonly Becoming[] = []) => {
    const kept = both.keptAs(who, now);
    return changes(both, {
      change: 'lost',
      who,
      list,
      others: [...others, ...kept.flatMap((id) => is.get(id)?.list ?? [])],
      held: [...(now ? [idOf(now)] : []), ...kept].map((id) => both.is.get(id)),
      access: both.before,
    });
  };
  const gained = [...is].flatMap(([id, { who, list }]) => {
    const from = both.formerOf(who);
    const old = from === undefined ? undefined : was.get(from);
    if (from !== undefined) gone.delete(from);
    const held = [both.is.get(id), from === undefined ? undefined : both.was.get(from)];
    return [
      ...changes(both, { change: 'gained', who, list, others: old?.list ?? [], held, access: both.after }),
      ...(old ? lostBy({ ...old, who }, who, list) : []),
    ];
  });
  const successors = new Map([...both.is.values()].map(({ who }) => [both.formerOf(who), who] as const));
  const lost = [...gone].flatMap(([id, old]) => lostBy(old, successors.get(id)));
  return [...gained, ...lost];
}

interface OfActor {
  readonly who: Subject;
  readonly list: readonly Becoming[];
}

function ofActors(access: ClusterAccess | undefined): Map<string, OfActor> {
  if (!access) return new Map();
  return new Map(becomings(access).map(({ actor, becomings: list }) => [idOf(actor), { who: actor, list }]));
}

interface Change {
  readonly change: AccessChange['change'];
  readonly who: Subject;
  readonly list: readonly Becoming[];
  /** What the same person could get before the change if `change` is `gained`, and after it if `lost`. */
  readonly others: readonly Becoming[];
  /** The roles that the person holds without changing an entry that they manage. */
  readonly held: readonly ({ readonly held: readonly Becoming['held'][] } | undefined)[];
  readonly access: ClusterAccess | undefined;
}

function changes({ cluster, after }: Both, { change, who, list, others, held, access }: Change): AccessChange[] {
  if (!access) return [];
  const anyway = new RightSet(
    [...others.map((one) => one.held), ...held.flatMap((standing) => standing?.held ?? [])].flatMap(rightsOf),
  );
  const verb = ({ kind, name, managedBy }: Becoming['chain'][number]) => {
    const entries = kind === 'group' ? after?.config.groups : after?.config.serviceAccounts;
    return !after || entries?.get(name)?.managedBy === managedBy ? 'is' : 'was';
  };
  return list.flatMap((one): AccessChange[] => {
    const rights = distinctRights(anyway.missing(rightsOf(one.held)));
    const danger = worst(rights);
    if (danger === undefined) return [];
    const group = groupOf(access, one.held.subject);
    return [
      {
        change,
        cluster,
        who: { kind: who.kind, name: who.name },
        held: one.held,
        rights,
        danger,
        way: group === undefined ? [] : wayInto(access.config, one.managed, group),
        reason: one.chain
          .map((link) => `${link.kind} ${link.name} ${verb(link)} managed by ${link.managedBy}`)
          .join(', and '),
        ...(change === 'lost' && !after ? { isClusterGone: true } : {}),
        byManaging: { kind: one.kind, name: one.managed, by: one.chain[0]?.managedBy ?? '' },
      },
    ];
  });
}
