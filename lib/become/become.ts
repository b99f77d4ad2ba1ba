import type { Actor } from '../access/managers';
import { whoIs } from '../access/rights-in-words';
import { strangers } from '../access/strangers';
import { closure } from './closure';
import { accountFact, type Fact, identityFact } from './fact';
import { type Goal, reaches } from './goal';
import type { Reached } from './reached';
import { kanidmAdministrators } from './steps/kanidm-administrators';
import { assumptionsOf, type Way, waysIn } from './ways';
import type { World } from './world';

/** A person, service account, group or other subject on a cluster, and the facts that they start with. */
export interface Beginner {
  /** `stranger` is a user, group or service account that only a binding names. */
  readonly kind: Actor['kind'] | 'stranger';
  readonly name: string;
  readonly facts: readonly Fact[];
}

/** Somebody who can reach a goal, with the ways to reach it. A way is a chain of steps. */
export interface Becomer extends Beginner {
  /** As text: `jane`, `service account ci`. */
  readonly who: string;
  /** The ways, the shortest first. A way without steps means that somebody may do it now. */
  readonly ways: readonly Way[];
}

/**
 * Everybody on a cluster: the people, service accounts and groups of the config, the administrators of Kanidm, and the
 * users, groups and service accounts that only bindings name.
 */
export function beginners(world: World): readonly Beginner[] {
  const { access } = world;
  const found = new Map<string, { kind: Actor['kind']; name: string; facts: Fact[] }>();
  const begin = (kind: Actor['kind'], name: string) => {
    const key = `${kind}\n${name}`;
    const known = found.get(key) ?? { kind, name, facts: [accountFact({ kind, name })] };
    found.set(key, known);
    return known.facts;
  };
  for (const who of access.principals) begin(who.kind, who.name).push(identityFact(who, whoIs(who)));
  // People who cannot sign in are included, because a step may let them sign in.
  for (const { name, absent } of access.config.people.values()) if (!absent) begin('person', name);
  for (const { name, absent } of access.config.serviceAccounts.values()) if (!absent) begin('service account', name);
  begin('members', kanidmAdministrators);
  return [
    ...found.values(),
    ...strangers(access).map(
      (one): Beginner => ({ kind: 'stranger', name: one.name, facts: [identityFact(one, one.name)] }),
    ),
  ];
}

/** Returns everything that somebody can reach, with all the steps. */
export const reachOf = (world: World, { facts }: Beginner): Reached => closure(world, facts);

/** Returns the ways in which somebody can reach a goal, the shortest first. */
export const waysOf = (world: World, who: Beginner, goal: Goal, most = 10): Way[] =>
  waysIn(most === 1 ? reachUntil(world, who, goal) : reachOf(world, who), goal, most);

/** Searches what somebody can reach, and stops at the first fact that allows the goal. */
export const reachUntil = (world: World, { facts }: Beginner, goal: Goal): Reached =>
  closure(world, facts, { until: untilGoal(goal) });

const untilGoal = (goal: Goal) => (fact: Fact, reached: Reached) => reaches(reached, fact, goal) !== undefined;

/** Returns the shortest way to a goal. A way that assumes nothing comes before all others. */
export function surestWay(world: World, who: Beginner, goal: Goal): Way | undefined {
  const [shortest] = waysOf(world, who, goal, 1);
  if (!shortest || assumptionsOf(shortest).length === 0) return shortest;
  const certain = closure(world, who.facts, { until: untilGoal(goal), isCertain: true });
  return waysIn(certain, goal, 1)[0] ?? shortest;
}

/** Returns everybody who can become able to do something. Those who need no step come first. */
export function whoCanBecome(world: World, goal: Goal, most = 1): Becomer[] {
  const all = beginners(world).flatMap((one): Becomer[] => {
    const ways = waysOf(world, one, goal, most);
    return ways.length === 0 ? [] : [{ ...one, who: nameOf(one), ways }];
  });
  const lengthOf = ({ ways: [way] }: Becomer) => way?.steps.length ?? 0;
  return all.sort((a, b) => lengthOf(a) - lengthOf(b));
}

export const nameOf = ({ kind, name }: Pick<Beginner, 'kind' | 'name'>): string =>
  kind === 'members' && name === kanidmAdministrators ? "Kanidm's administrators (idm_admins)" : whoIs({ kind, name });
