import { dangers, worst } from '../access/danger';
import { distinctRights, type Right, RightSet, rightsOf } from '../access/rights';
import { type Beginner, reachUntil, surestWay, waysOf } from './become';
import type { Fact } from './fact';
import { Reached } from './reached';
import { type Way, waysIn, waysToFact } from './ways';
import type { World } from './world';

/** Somebody or something that a person can become, and the rights that come with it. */
export interface Becoming {
  /** As a noun phrase: `the service account web/builder`, `cluster-admin`. */
  readonly words: string;
  /** The rights that the person gains by this and does not hold now. */
  readonly rights: readonly Right[];
  /** The ways to become it, the shortest first. */
  readonly ways: readonly Way[];
}

/**
 * Returns what somebody can become, the most dangerous first. If they can become cluster-admin, returns only
 * cluster-admin. If they may do everything now, returns an empty list. Leaves out everything that gives them no further
 * right.
 */
export function becomingsOf(world: World, who: Beginner, most = 10): Becoming[] {
  const reached = reachUntil(world, who, 'everything');
  const [held] = waysIn(reached, 'everything', 1);
  if (held) {
    if (held.steps.length === 0) return [];
    if (most > 1) return [clusterAdmin(waysOf(world, who, 'everything', most))];
    return [clusterAdmin([surestWay(world, who, 'everything') ?? held])];
  }
  const begun = new Set(who.facts.map(({ key }) => key));
  const facts = [...reached.facts.values()];
  const anyway = new RightSet(who.facts.flatMap((fact) => rightsIn(reached, fact)));
  return facts
    .filter(({ key }) => !begun.has(key))
    .flatMap((fact): Becoming[] => {
      const rights = distinctRights(anyway.missing(rightsIn(reached, fact)));
      return rights.length === 0 ? [] : [{ words: fact.words, rights, ways: waysToFact(reached, fact, most) }];
    })
    .sort((a, b) => rank(a) - rank(b) || lengthOf(a) - lengthOf(b));
}

const clusterAdmin = (ways: readonly Way[]): Becoming => ({ words: 'cluster-admin', rights: [everyRight], ways });

/** Returns the rights that somebody has without taking a step. */
export const rightsOfBeginner = (world: World, { facts }: Beginner): Right[] => {
  const reached = new Reached(world);
  return facts.flatMap((fact) => rightsIn(reached, fact));
};

const rank = ({ rights }: Becoming) => dangers.indexOf(worst(rights) ?? 'read');
const lengthOf = ({ ways: [way] }: Becoming) => way?.steps.length ?? 0;

const everyRight: Right = { verb: '*', group: '*', resource: '*' };

function rightsIn(reached: Reached, fact: Fact): Right[] {
  if (fact.kind === 'role') return rightsOf(fact.held);
  const rights = reached.ownRightsOf(fact);
  return rights.isSuperuser ? [everyRight] : rights.requests.flatMap(({ held }) => rightsOf(held));
}
