import { dangers, worst } from '../access/danger';
import { distinctRights, type Right, RightSet, rightsOf } from '../access/rights';
import { type Beginner, reachOf } from './become';
import type { Fact } from './fact';
import { reaches } from './goal';
import type { Reached } from './reached';
import { type Way, waysToFact } from './ways';
import type { World } from './world';

/** Somebody or something that a person can become, and the rights that come with it. */
export interface Becoming {
  readonly fact: Fact;
  /** The rights that the person does not hold. */
  readonly rights: readonly Right[];
  /** The shortest first. */
  readonly ways: readonly Way[];
}

/**
 * Returns what somebody can become, the most dangerous first. If they can become able to do everything, only that is
 * returned. What gives no right that they don't hold is left out.
 */
export function becomingsOf(world: World, who: Beginner, most = 10): Becoming[] {
  const reached = reachOf(world, who);
  const begun = new Set(who.facts.map(({ key }) => key));
  const facts = [...reached.facts.values()];
  if (who.facts.some((fact) => reaches(reached, fact, 'everything'))) return [];
  const whole = facts.filter((fact) => reaches(reached, fact, 'everything'));
  const held = who.facts.flatMap((fact) => rightsIn(reached, fact));
  const anyway = new RightSet(held);
  return (whole.length > 0 ? whole : facts.filter(({ key }) => !begun.has(key)))
    .flatMap((fact): Becoming[] => {
      const rights = distinctRights(anyway.missing(rightsIn(reached, fact)));
      return rights.length === 0 ? [] : [{ fact, rights, ways: waysToFact(reached, fact, most) }];
    })
    .sort((a, b) => rank(a) - rank(b) || lengthOf(a) - lengthOf(b));
}

const rank = ({ rights }: Becoming) => dangers.indexOf(worst(rights) ?? 'read');
const lengthOf = ({ ways: [way] }: Becoming) => way?.steps.length ?? 0;

const everyRight: Right = { verb: '*', group: '*', resource: '*' };

function rightsIn(reached: Reached, fact: Fact): Right[] {
  if (fact.kind === 'role') return rightsOf(fact.held);
  const rights = reached.ownRightsOf(fact);
  return rights.isSuperuser ? [everyRight] : rights.requests.flatMap(({ held }) => rightsOf(held));
}
