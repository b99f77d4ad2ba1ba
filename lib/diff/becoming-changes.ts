import { type Danger, dangers, worst } from '../access/danger';
import { distinctRights, type Right, RightSet } from '../access/rights';
import { inWords, listed } from '../access/rights-in-words';
import { type Beginner, beginners, nameOf } from '../become/become';
import { type Becoming, rightsOfBeginner } from '../become/becoming';
import { identityFact } from '../become/fact';
import { shortestBecomings } from '../become/shortest';
import { kanidmAdministrators } from '../become/steps/kanidm-administrators';
import { wayText } from '../become/way-text';
import type { Way } from '../become/ways';
import { type World, worldOf } from '../become/world';
import { isOneOf } from '../guards';
import { fluxUsers } from '../upstream/flux-rbac';
import { idOf } from './change';
import { isNobody, onOtherSide, requesterOf } from './issuer-users';
import { keptGroups } from './kept-members';
import { untilDeleted } from './line-changes';
import { kindOfPrincipal, predecessors } from './predecessors';
import type { Side } from './side';
import { levelOf, type Statement } from './statement';

/** What somebody can become only before or only after the change. */
interface Change {
  readonly change: 'gained' | 'lost';
  readonly cluster: string;
  readonly who: string;
  readonly words: string;
  readonly rights: readonly Right[];
  readonly danger: Danger;
  readonly way: Way;
  /**
   * Whether the cluster was removed from the config. The way remains until somebody deletes the objects of the cluster.
   */
  readonly isClusterGone: boolean;
}

/**
 * Returns statements about what people can become on only one side of the review. Becoming somebody can take several
 * steps. A right is not reported if the person has or can get it on both sides, even if in different ways. Ways that
 * only use `managedBy` are left out, because other statements report them.
 */
export function becomingStatements(before: Side, after: Side): Statement[] {
  const names = [...new Set([...before.config.clusters.keys(), ...after.config.clusters.keys()])];
  const shared = sharedChanges();
  const changes = names
    .filter((name) => !(before.isSameOn?.(after, name) ?? false))
    .flatMap((name) => shared(name, before, after))
    .sort((a, b) => dangers.indexOf(a.danger) - dangers.indexOf(b.danger));
  const alike = new Map<string, Change[]>();
  for (const one of changes) {
    const key = JSON.stringify([one.change, one.cluster, one.words, inWords(one.rights), wayText(one.way)]);
    alike.set(key, [...(alike.get(key) ?? []), one]);
  }
  return [...alike.values()].flatMap(([one, ...more]) => (one ? [statementOf(one, [one, ...more])] : []));
}

/**
 * Returns a function that returns the changes on a cluster. Clusters that are equal to each other before the change,
 * and also after it, share one result.
 */
function sharedChanges(): typeof onCluster {
  const known = new Map<string, readonly Change[]>();
  return (cluster, before, after) => {
    const keys = [before, after].map((side) => (side.config.clusters.has(cluster) ? side.reachKey?.(cluster) : ''));
    if (keys.includes(undefined)) return onCluster(cluster, before, after);
    const key = JSON.stringify(keys);
    const changes = known.get(key) ?? onCluster(cluster, before, after);
    known.set(key, changes);
    return changes.map((one) => ({ ...one, cluster }));
  };
}

const world = (side: Side, name: string): World | undefined => {
  const cluster = side.config.clusters.get(name);
  return cluster && worldOf(side.config, cluster, side.objects(name), side.whole);
};

function onCluster(cluster: string, before: Side, after: Side): Change[] {
  const sides = [world(before, cluster), world(after, cluster)] as const;
  const former = predecessors(before.config, after.config);
  const kept = keptGroups(before.config, after.config, former);
  const [was, is] = [ofSide(sides[0], sides[1]), ofSide(sides[1], sides[0])];
  const gone = new Map(was);
  const pairs: (readonly [Beginner | undefined, Beginner | undefined])[] = [];
  for (const one of is.values()) {
    const { kind, name } = one;
    const old =
      kind === 'stranger'
        ? onOtherSide(name, sides[1]?.access, sides[0]?.access)
        : former({ kind: kindOfPrincipal({ kind }), name });
    const from = keyOf({ kind, name: old ?? '' });
    pairs.push([gone.get(from) ?? (kind === 'stranger' ? unlisted(old) : undefined), one]);
    gone.delete(from);
  }
  for (const one of gone.values()) {
    const name = onOtherSide(one.name, sides[0]?.access, sides[1]?.access);
    pairs.push([one, one.kind === 'stranger' ? unlisted(name) : accountOf(one, sides)]);
  }
  return pairs.flatMap(([a, b]) => {
    const [old, now] = [reachOf(sides[0], a), reachOf(sides[1], b)];
    const asMember = a
      ? kept(a, b, sides[1]?.access.cluster).map((group) => reachOf(sides[1], is.get(keyOf(group))))
      : [];
    return [
      ...(isOf(is, b) ? differences({ change: 'gained', cluster, has: now, others: [old], isClusterGone: false }) : []),
      ...(isOf(was, a)
        ? differences({ change: 'lost', cluster, has: old, others: [now, ...asMember], isClusterGone: !sides[1] })
        : []),
    ];
  });
}

/** Whether a side lists somebody. Somebody who was added only for the comparison does not count. */
const isOf = (side: ReadonlyMap<string, Beginner>, one: Beginner | undefined): boolean =>
  one !== undefined && side.get(keyOf(one)) === one;

/**
 * Returns a stranger with this name. A stranger is a subject that is not in the config. If an account is in the config
 * of one side and a stranger on the other side, a stranger with this name is also added to the side that lists the
 * account. The rights of the name can then be compared.
 */
function unlisted(name: string | undefined): Beginner | undefined {
  if (name === undefined || !/^(?:user |group |system:serviceaccount:)/.test(name)) return undefined;
  return { kind: 'stranger', name, facts: [identityFact(requesterOf(name), name)] };
}

/**
 * Returns the account of a person who is only in the config before the change. Bindings after the change may still name
 * the account, so it keeps its user names, but it is in no group any more.
 */
function accountOf({ kind, name }: Beginner, [before, after]: readonly [World | undefined, World | undefined]) {
  if (!before || !after || kind === 'members') return undefined;
  const users = before.access.principals.flatMap((one) =>
    one.kind === kind && one.name === name && one.user !== undefined ? [one.user] : [],
  );
  const free = users.filter((user) => after.access.ownerOf({ kind: 'User', name: user }) === undefined);
  return { kind, name, facts: free.map((user) => identityFact({ user, groups: [] }, `user ${user}`)) };
}

/**
 * Returns everybody on one side of a review. A name that only an issuer of the other side gives is left out: nobody can
 * have it on this side, even if a binding contains it.
 */
function ofSide(side: World | undefined, other: World | undefined): Map<string, Beginner> {
  const shown = (side ? beginners(side) : []).filter(
    (one) => side && isShown(side, one) && !(one.kind === 'stranger' && isNobody(one.name, side.access, other?.access)),
  );
  return new Map(shown.map((one) => [keyOf(one), one]));
}

const keyOf = ({ kind, name }: Pick<Beginner, 'kind' | 'name'>) => idOf({ kind, name });

/**
 * Whether changes for somebody are reported. Kanidm's administrators are left out, because they can become everybody
 * before and after the change. The controllers of Flux are left out too.
 */
const isShown = ({ access }: World, { name }: Beginner): boolean =>
  name !== kanidmAdministrators && !fluxUsers(access.fluxHome).includes(name);

interface Reach {
  readonly who: string;
  readonly becomings: readonly Becoming[];
  /** Returns those of the rights that somebody neither has nor can get. */
  missing(rights: readonly Right[]): readonly Right[];
}

function reachOf(side: World | undefined, one: Beginner | undefined): Reach | undefined {
  if (!side || !one) return undefined;
  const becomings = shortestBecomings(side, one);
  const gained = once(() => new RightSet(becomings.flatMap(({ rights }) => rights)));
  const held = once(() => new RightSet(rightsOfBeginner(side, one)));
  // Computed only when needed: for most people, nothing changes in what they can become.
  const missing = (rights: readonly Right[]) => {
    const left = gained().missing(rights);
    return left.length === 0 ? left : held().missing(left);
  };
  return { who: nameOf(one), becomings, missing };
}

/** Returns a function that computes a value at the first call. */
function once<T>(compute: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => {
    known ??= { value: compute() };
    return known.value;
  };
}

interface Difference {
  readonly change: Change['change'];
  readonly cluster: string;
  readonly has: Reach | undefined;
  readonly others: readonly (Reach | undefined)[];
  readonly isClusterGone: boolean;
}

function differences({ change, cluster, has, others, isClusterGone }: Difference): Change[] {
  if (!has) return [];
  return has.becomings.flatMap(({ words, rights, ways: [way] }): Change[] => {
    const missing = distinctRights(others.reduce<readonly Right[]>((left, one) => one?.missing(left) ?? left, rights));
    const danger = worst(missing);
    if (!way || danger === undefined || isReportedElsewhere(way)) return [];
    return [{ change, cluster, who: has.who, words, rights: missing, danger, way, isClusterGone }];
  });
}

/** Whether every step of a way uses `managedBy`. Other statements report such ways. */
const isReportedElsewhere = ({ steps }: Way): boolean =>
  steps.every(({ step }) => isOneOf(['join-managed-group', 'issue-kanidm-token'], step.code));

function statementOf(one: Change, alike: readonly Change[]): Statement {
  const { change, cluster, words, rights, danger, way } = one;
  const who = listed(
    alike.map((each) => each.who),
    50,
  );
  const gained = change === 'gained';
  const can = one.isClusterGone ? 'can still' : gained ? 'can now' : 'can no longer';
  const get = gained ? 'get' : `${can} get`;
  return {
    part: 'access',
    level: gained ? levelOf(danger) : 'none',
    change: gained ? 'added' : 'removed',
    say: (on) =>
      `${who} ${can} become ${words} on ${on}, and so ${get} the right to ${inWords(rights)}${untilDeleted(one)}: ${wayText(way)}`,
    clusters: [cluster],
    details: [],
    danger,
  };
}
