import type { Fact } from './fact';
import { type Goal, reaches } from './goal';
import type { Source } from './identity-rights';
import type { Derivation, Reached } from './reached';

/** A chain of steps to a goal. There are no steps if the right is held already. */
export interface Way {
  /** The steps, in the order in which they are taken. */
  readonly steps: readonly Derivation[];
  readonly end: Fact;
  /** The role that allows the goal. Not set for a member of `system:masters`, and for a way from `waysToFact`. */
  readonly by?: Source;
}

/** Returns all assumptions of a way, without duplicates. */
export const assumptionsOf = ({ steps }: Way): string[] => [...new Set(steps.flatMap(({ assumes = [] }) => assumes))];

/** An incomplete way. The search starts at the end of a way and adds the steps before it. */
interface Partial {
  readonly taken: readonly Derivation[];
  /** The keys of the facts for which a step is still missing. */
  readonly open: readonly string[];
  readonly done: ReadonlySet<string>;
  readonly cost: number;
}

/** The cost of a step. The shortest way has the fewest steps, and among these the fewest assumptions. */
const costOf = ({ assumes = [] }: Derivation): number => 1000 + assumes.length;

/** The number of partial ways after which the search stops. */
const mostPartial = 3000;

/**
 * Returns the ways to a goal, the shortest first.
 * @param most no more than this many ways
 */
export function waysIn(reached: Reached, goal: Goal, most: number): Way[] {
  const ends = [...reached.facts.values()].flatMap((fact): End[] => {
    const found = reaches(reached, fact, goal);
    return found ? [{ end: fact, ...found }] : [];
  });
  return waysTo(reached, ends, most);
}

/** Returns the ways to one fact, the shortest first. */
export const waysToFact = (reached: Reached, end: Fact, most: number): Way[] => waysTo(reached, [{ end }], most);

type End = Omit<Way, 'steps'>;

function waysTo(reached: Reached, all: readonly End[], most: number): Way[] {
  if (most === 1) return shortestWay(reached, all);
  const queue = new Queue();
  const ends = new Map(all.map((one) => [one.end.key, one]));
  for (const key of ends.keys()) {
    const open = reached.derivations.has(key) ? [key] : [];
    queue.add(0, [{ taken: [], open, done: new Set([key]), cost: 0 }].values());
  }
  const ways: Way[] = [];
  // With several clients, the same way exists once for each of them.
  const seen = new Set<string>();
  const byFact = new Map<string, Map<number, Derivation[]>>();
  for (let count = 0; count < mostPartial && ways.length < most; count++) {
    const partial = queue.next();
    if (!partial) break;
    const [fact] = partial.open;
    if (fact === undefined) {
      const [first] = partial.done;
      const end = ends.get(first ?? '');
      const steps = inOrder(partial.taken);
      if (!end || !steps) continue;
      const way = { ...end, steps };
      const look = lookOf(way);
      if (!seen.has(look)) ways.push(way);
      seen.add(look);
      continue;
    }
    const choices = byFact.get(fact) ?? byCost(distinct(reached, fact));
    byFact.set(fact, choices);
    for (const [cost, steps] of choices) {
      queue.add(partial.cost + cost, longer(reached, partial, steps));
    }
  }
  return ways.length > 0 ? ways : all.map((end) => ({ ...end, steps: firstSteps(reached, end.end) })).slice(0, most);
}

const bindingOf = ({ held }: Source) => held.binding.metadata.name;

/** Returns what is printed about a step, as a key. */
const lookOfStep = ({ does, assumes = [], setting, uses }: Derivation): string =>
  JSON.stringify([
    does,
    assumes,
    setting,
    ...uses.map((use) => ['names' in use && use.names, use.right, bindingOf(use)]),
  ]);

/** Returns what is printed about a way, as a key. */
const lookOf = ({ steps, by }: Way): string =>
  steps.length > 0 || !by ? steps.map(lookOfStep).join('\n') : bindingOf(by);

/** Returns the steps to a fact. Of those that look the same and need the same steps before them, returns only one. */
function distinct(reached: Reached, fact: string): readonly Derivation[] {
  const found = new Map<string, Derivation>();
  for (const one of reached.derivations.get(fact) ?? []) {
    const before = premises(one).filter((key) => reached.derivations.has(key));
    const key = [lookOfStep(one), ...before].join('\n');
    if (!found.has(key)) found.set(key, one);
  }
  return [...found.values()];
}

/**
 * Yields the partial way extended by each of the given steps. All the steps lead to the first open fact of the partial
 * way, and have the same cost.
 */
function* longer(reached: Reached, partial: Partial, steps: readonly Derivation[]): Generator<Partial> {
  const [fact = '', ...rest] = partial.open;
  for (const derivation of steps) {
    const needs = premises(derivation).filter((key) => !partial.done.has(key) && !rest.includes(key));
    yield {
      taken: [...partial.taken, derivation],
      open: [...rest, ...needs.filter((key) => reached.derivations.has(key))],
      done: new Set([...partial.done, fact, ...needs]),
      cost: partial.cost + costOf(derivation),
    };
  }
}

function byCost(derivations: readonly Derivation[]): Map<number, Derivation[]> {
  const groups = new Map<number, Derivation[]>();
  for (const derivation of derivations) {
    const cost = costOf(derivation);
    const group = groups.get(cost);
    if (group) group.push(derivation);
    else groups.set(cost, [derivation]);
  }
  return groups;
}

/**
 * Returns the shortest way without searching for all ways: it consists of the steps by which each fact was first
 * reached.
 */
function shortestWay(reached: Reached, ends: readonly End[]): Way[] {
  const ways = ends.map((end): Way => ({ ...end, steps: firstSteps(reached, end.end) }));
  const [first, ...others] = ways;
  return first
    ? [others.reduce((best, way) => (costOfAll(way.steps) < costOfAll(best.steps) ? way : best), first)]
    : [];
}

const costOfAll = (steps: Iterable<Derivation>): number => [...steps].reduce((sum, step) => sum + costOf(step), 0);

/**
 * Returns the steps by which a fact was first reached. Each step needs only facts that were reached before the step was
 * taken. If one of the steps assumes something and there is a cheaper way, returns the steps of the cheaper way.
 */
function firstSteps(reached: Reached, end: Fact): Derivation[] {
  const first = stepsTo(end, (key) => reached.derivations.get(key)?.[0]);
  if (first.every(({ assumes = [] }) => assumes.length === 0)) return first;
  const last = lastSteps(reached, end);
  const other = stepsTo(end, (key) => last.get(key));
  return costOfAll(other) < costOfAll(first) ? other : first;
}

/** Returns the steps that lead to a fact. Each fact on the way is gained by the step that `lastStep` returns for it. */
function stepsTo(end: Fact, lastStep: (key: string) => Derivation | undefined): Derivation[] {
  const steps = new Map<string, Derivation>();
  const queue = [end.key];
  for (const key of queue) {
    const derivation = lastStep(key);
    if (!derivation || steps.has(key)) continue;
    steps.set(key, derivation);
    queue.push(...premises(derivation));
  }
  return inOrder([...steps.values()]) ?? [];
}

/**
 * Returns the last step of the cheapest way to `end`, and to each fact that was reached before `end`. Leaves out a step
 * if a fact that it needs was reached after the fact that it gives. Otherwise, two facts could need each other.
 */
function lastSteps(reached: Reached, end: Fact): ReadonlyMap<string, Derivation> {
  const last = new Map<string, Derivation>();
  const ways = new Map<string, ReadonlySet<Derivation>>();
  for (const key of reached.facts.keys()) {
    let cheapest: ReadonlySet<Derivation> = new Set();
    for (const derivation of reached.derivations.get(key) ?? []) {
      const before = premises(derivation).map((one) => ways.get(one));
      if (before.includes(undefined)) continue;
      const way = new Set([...before.flatMap((steps) => [...(steps ?? [])]), derivation]);
      if (cheapest.size > 0 && costOfAll(way) >= costOfAll(cheapest)) continue;
      cheapest = way;
      last.set(key, derivation);
    }
    ways.set(key, cheapest);
    if (key === end.key) break;
  }
  return last;
}

function premises({ from, needs = [], uses }: Derivation): string[] {
  const keys = [from.key];
  const add = (key: string) => {
    if (!keys.includes(key)) keys.push(key);
  };
  for (const key of needs) add(key);
  for (const use of uses) if (use.from !== undefined) add(use.from);
  return keys;
}

/** Sorts steps so that each comes after those that it needs; `undefined` if they need each other. */
function inOrder(taken: readonly Derivation[]): Derivation[] | undefined {
  const steps: Derivation[] = [];
  const made = new Set<string>();
  let rest = taken.toReversed();
  while (rest.length > 0) {
    const open = new Set(rest.map(({ fact }) => fact.key));
    const next = rest.filter((one) => premises(one).every((key) => made.has(key) || !open.has(key)));
    if (next.length === 0) return undefined;
    for (const one of next) made.add(one.fact.key);
    steps.push(...next);
    rest = rest.filter((one) => !next.includes(one));
  }
  return steps;
}

/** Partial ways, ordered by cost. They are generated lazily, because most are never looked at. */
class Queue {
  private readonly byCost = new Map<number, { readonly all: Iterator<Partial>[]; first: number }>();

  add(cost: number, partials: Iterator<Partial>): void {
    const list = this.byCost.get(cost);
    if (list) list.all.push(partials);
    else this.byCost.set(cost, { all: [partials], first: 0 });
  }

  next(): Partial | undefined {
    while (this.byCost.size > 0) {
      const cost = Math.min(...this.byCost.keys());
      const list = this.byCost.get(cost);
      const partial = list?.all[list.first]?.next();
      if (partial && !partial.done) return partial.value;
      if (!list || ++list.first >= list.all.length) this.byCost.delete(cost);
    }
    return undefined;
  }
}
