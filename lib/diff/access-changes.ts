import type { Held } from '../access/authorizer';
import type { ClusterAccess } from '../access/cluster';
import { dangers, worst } from '../access/danger';
import { distinctRights, type Right, RightSet, rightsOf } from '../access/rights';
import { isSuperuser, type Stranger, strangers } from '../access/strangers';
import { type AccessChange, type Both, idOf, naming, type Standing, type Subject } from './change';
import { isNobody, onOtherSide, requesterOf } from './issuer-users';
import { type KeptGroups, keptGroups } from './kept-members';
import { managerChanges } from './manager-changes';
import { kindOfPrincipal, type Predecessor, predecessors } from './predecessors';
import { reasonOf } from './reason';
import { accessOn, type Side } from './side';

/**
 * Returns the rights that somebody has only before or only after the change, the most dangerous first. This includes
 * rights that somebody could get by changing an entry that they manage (`managedBy`). If another binding still gives a
 * right, the right is neither gained nor lost.
 */
export function accessDiff(before: Side, after: Side): AccessChange[] {
  const names = [...new Set([...before.config.clusters.keys(), ...after.config.clusters.keys()])];
  const former = predecessors(before.config, after.config);
  const sides = { old: before, now: after, former, kept: keptGroups(before.config, after.config, former) };
  return names
    .filter((name) => !(before.isSameOn?.(after, name) ?? false))
    .flatMap((name) => onCluster(name, sides))
    .sort(byDanger);
}

interface OldAndNew {
  readonly old: Side;
  readonly now: Side;
  readonly former: Predecessor;
  readonly kept: KeptGroups;
}

function onCluster(cluster: string, { old, now, former, kept }: OldAndNew): AccessChange[] {
  const [before, after] = [accessOn(old, cluster), accessOn(now, cluster)];
  const both: Both = {
    cluster,
    before,
    after,
    was: standings(before, strangersOf(before, after)),
    is: standings(after, strangersOf(after, before)),
    formerOf: (who) => formerOf(who, { before, after, former }),
    keptAs: (was, is) => kept(was, is, after?.cluster).map(idOf),
    nameOf: naming(),
  };
  const gone = new Map(both.was);
  const pairs: [Standing | undefined, Standing | undefined][] = [];
  for (const b of both.is.values()) {
    const from = both.formerOf(b.who) ?? '';
    pairs.push([gone.get(from), b]);
    gone.delete(from);
  }
  for (const a of gone.values()) pairs.push([a, undefined]);
  return [
    ...pairs.flatMap(([a, b]) => [
      ...compare({ both, change: 'gained', has: unlessListed(b), other: a, otherAccess: before }),
      ...compare({
        both,
        change: 'lost',
        has: unlessListed(a),
        other: b,
        otherAccess: after,
        kept: a ? both.keptAs(a.who, b?.who).flatMap((id) => both.is.get(id)?.held ?? []) : [],
      }),
    ]),
    ...managerChanges(both),
  ];
}

/**
 * Returns the given standing. Returns `undefined` for a stranger if its user or group name belongs to an account or
 * group of the config on this side. Accounts and groups of the config are compared separately.
 */
function unlessListed(one: Standing | undefined): Standing | undefined {
  if (one?.who.kind !== 'stranger') return one;
  const { user, groups } = requesterOf(one.who.name);
  const subject = user === undefined ? { kind: 'Group', name: groups[0] ?? '' } : { kind: 'User', name: user };
  return one.access.ownerOf(subject) ? undefined : one;
}

interface Sides {
  readonly before: ClusterAccess | undefined;
  readonly after: ClusterAccess | undefined;
  readonly former: Predecessor;
}

function formerOf({ kind, name }: Subject, { before, after, former }: Sides): string | undefined {
  const was =
    kind === 'stranger' ? onOtherSide(name, after, before) : former({ kind: kindOfPrincipal({ kind }), name });
  return was === undefined ? undefined : idOf({ kind, name: was });
}

/**
 * Returns the strangers of both sides: the subjects that bindings name and the config does not contain. The name of a
 * stranger can differ between the sides; the returned name is the one on the side of `access`.
 */
function strangersOf(access: ClusterAccess | undefined, other: ClusterAccess | undefined): Asker[] {
  if (!access) return [];
  const own = strangers(access).filter(({ name }) => !isNobody(name, access, other));
  const others = (other ? strangers(other) : []).flatMap((one): Asker[] => {
    const name = onOtherSide(one.name, other, access);
    return name === undefined ? [] : name === one.name ? [one] : [{ name, ...requesterOf(name) }];
  });
  return [...own, ...others];
}

type Asker = Pick<Stranger, 'name' | 'user' | 'groups'>;

/**
 * Returns the roles of each subject.
 * @param others the strangers of both sides: a stranger in the bindings of one side is looked up on the other side too
 */
function standings(access: ClusterAccess | undefined, others: readonly Asker[]): Map<string, Standing> {
  const found = new Map<string, Standing>();
  if (!access) return found;
  for (const who of access.principals) {
    const held = access.authorizer.held(who);
    const known = found.get(idOf(who));
    found.set(idOf(who), {
      access,
      who: known?.who ?? who,
      held: known
        ? [...known.held, ...held.filter(({ binding }) => !known.held.some((one) => one.binding === binding))]
        : held,
    });
  }
  for (const stranger of others) {
    if (isSuperuser(stranger) || found.has(idOf({ kind: 'stranger', name: stranger.name }))) continue;
    const who: Subject = { kind: 'stranger', name: stranger.name };
    // Rights that every signed-in user has are reported once, for the group system:authenticated.
    const all = access.authorizer.held(stranger);
    const isOwn = ({ subject }: Held) =>
      subject.name !== 'system:authenticated' || stranger.groups.includes(subject.name);
    const everyones = all.filter((held) => !isOwn(held));
    found.set(idOf(who), { access, who, held: all.filter(isOwn), everyones });
  }
  return found;
}

interface Comparison {
  readonly both: Both;
  readonly change: AccessChange['change'];
  readonly has: Standing | undefined;
  readonly other: Standing | undefined;
  readonly otherAccess: ClusterAccess | undefined;
  /**
   * Roles that the subject keeps on the other side, because Kanidm does not remove the subject from a group when the
   * config no longer sets the members of this group.
   * @default []
   */
  readonly kept?: readonly Held[];
}

function compare({ both, change, has, other, otherAccess, kept = [] }: Comparison): AccessChange[] {
  if (!has) return [];
  // Most roles are held on both sides. Only the rights of the other roles are compared.
  const same = new Set(other?.held.map(both.nameOf));
  const different = has.held.filter((held) => !same.has(both.nameOf(held)));
  if (different.length === 0) return [];
  const onOther = [...(other?.held ?? []), ...(other?.everyones ?? []), ...kept].flatMap(rightsOf);
  const anyway = new RightSet(onOther);
  return different.flatMap((held): AccessChange[] => {
    const rights = distinctRights(anyway.missing(rightsOf(held)));
    const danger = worst(rights);
    if (danger === undefined) return [];
    const { kind, name } = has.who;
    const { way, reason } = reasonOf({ change, held, has, other, otherAccess });
    const still = change === 'lost' ? byName(onOther, rights) : [];
    const gone = change === 'lost' && otherAccess === undefined ? { isClusterGone: true } : {};
    const renamed = other && other.who.name !== name ? { otherName: other.who.name } : {};
    return [
      {
        change,
        cluster: both.cluster,
        who: { kind, name },
        held,
        rights,
        ...(still.length > 0 ? { still } : {}),
        danger,
        way,
        reason,
        ...renamed,
        ...gone,
      },
    ];
  });
}

/** Returns the rights to single objects that somebody still has after losing the same rights to all objects. */
function byName(has: readonly Right[], lost: readonly Right[]): Right[] {
  const keyOf = ({ verb, group, resource, namespace }: Right) => JSON.stringify([verb, group, resource, namespace]);
  const all = new Set(lost.filter(({ name }) => name === undefined).map(keyOf));
  return distinctRights(has.filter((right) => right.name !== undefined && all.has(keyOf(right))));
}

/** Subjects that cover many people come first. */
const kinds = ['members', 'person', 'service account', 'stranger'] as const;

function byDanger(a: AccessChange, b: AccessChange): number {
  return (
    dangers.indexOf(a.danger) - dangers.indexOf(b.danger) ||
    compareText(a.change, b.change) ||
    Number(a.held.namespace !== undefined) - Number(b.held.namespace !== undefined) ||
    kinds.indexOf(a.who.kind) - kinds.indexOf(b.who.kind) ||
    compareText(sortKey(a), sortKey(b))
  );
}

const sortKey = ({ cluster, who, held }: AccessChange) =>
  [cluster, who.name, held.namespace ?? '', held.binding.metadata.name].join('\n');

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
