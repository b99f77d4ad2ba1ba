import type { Held } from '../access/authorizer';
import { dangerOf } from '../access/danger';
import { type Right, rightsOf } from '../access/rights';
import type { Step } from './become-step';
import { steps } from './become-steps';
import type { Fact } from './fact';
import type { IdentityRights } from './identity-rights';
import { Reached } from './reached';
import type { World } from './world';

interface Limits {
  /** The steps that may be taken. @default all */
  readonly steps?: readonly Step[];
  /** The search ends as soon as this function returns true for a new fact. */
  readonly until?: (fact: Fact, reached: Reached) => boolean;
  /** Whether steps that assume something are left out. @default false */
  readonly isCertain?: boolean;
}

/**
 * Takes every possible step from the given facts, then from the facts that these steps give, until there are no new
 * facts. Facts that give every right are not followed further. Steps are taken in rounds, so each fact is first reached
 * in as few rounds as possible.
 */
export function closure(world: World, begin: readonly Fact[], limits: Limits = {}): Reached {
  const { steps: allowed = steps, until, isCertain = false } = limits;
  const reached = new Reached(world);
  for (const fact of begin) reached.begin(fact);
  if (until && begin.some((fact) => until(fact, reached))) return reached;
  let fresh: readonly Fact[] = begin;
  let before = '';
  while (fresh.length > 0) {
    const added: Fact[] = [];
    // A new role or condition can give more rights to every identity, so all facts are tried again.
    const context = contextOf(reached);
    const from = context === before ? fresh : [...reached.facts.values()];
    before = context;
    for (const fact of from) {
      const rights = reached.rightsOf(fact);
      if (rights.isSuperuser || rights.whole) continue;
      if (fact.kind === 'identity' && isHarmless(rights, reached)) continue;
      for (const step of allowed) {
        if ((step.begins ?? 'identity') !== fact.kind) continue;
        for (const gain of step.gains({ fact, rights, reached }, world)) {
          if (gain.fact.key === fact.key || (isCertain && gain.assumes?.length)) continue;
          if (!reached.take({ ...gain, step, from: fact })) continue;
          added.push(gain.fact);
          if (until?.(gain.fact, reached)) return reached;
        }
      }
    }
    fresh = added;
  }
  return reached;
}

/**
 * Whether an identity has only rights that no step can use. Never true if the rules of some role can be changed,
 * because an identity that holds this role can then get any right.
 */
const isHarmless = ({ requests }: IdentityRights, reached: Reached): boolean =>
  requests.every(({ held }) => isUseless(held)) &&
  ![...reached.facts.values()].some(({ kind }) => kind === 'written-roles');

const useless = { wide: new WeakMap<object, boolean>(), inside: new WeakMap<object, boolean>() };

/** Whether no step can use the rights of a role. */
function isUseless({ rules, namespace }: Held): boolean {
  const answers = namespace === undefined ? useless.wide : useless.inside;
  let answer = answers.get(rules);
  if (answer === undefined) {
    answer = rightsOf({ rules, ...(namespace === undefined ? {} : { namespace }) }).every(
      (right) => isRead(right) || isSelfReview(right),
    );
    answers.set(rules, answer);
  }
  return answer;
}

const isRead = (right: Right): boolean =>
  right.path !== undefined || (dangerOf(right) === 'read' && right.verb !== '*');

/** Questions about oneself, which `system:basic-user` lets every signed-in user ask. */
const selfReviews: readonly Right[] = [
  { verb: 'create', group: 'authentication.k8s.io', resource: 'selfsubjectreviews' },
  { verb: 'create', group: 'authorization.k8s.io', resource: 'selfsubjectaccessreviews' },
  { verb: 'create', group: 'authorization.k8s.io', resource: 'selfsubjectrulesreviews' },
];

const isSelfReview = ({ verb, group, resource }: Right): boolean =>
  selfReviews.some((one) => one.verb === verb && one.group === group && one.resource === resource);

/** Returns a key that changes if a new fact can make further steps possible from facts that were tried before. */
const contextOf = (reached: Reached): string =>
  `${reached.givenCount} ${[...reached.facts.values()].filter(({ kind }) => kind !== 'identity' && kind !== 'role').length} ${reached.identities.length > 1}`;
