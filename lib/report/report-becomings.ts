import { type Danger, dangers, worst } from '../access/danger';
import { inWords, roleOf } from '../access/rights-in-words';
import { type Beginner, beginners } from '../become/become';
import type { Step } from '../become/become-step';
import { steps as allSteps } from '../become/become-steps';
import type { Becoming } from '../become/becoming';
import { shortestBecomings } from '../become/shortest';
import { kanidmAdministrators } from '../become/steps/kanidm-administrators';
import { allowedBy, groupsTo } from '../become/way-text';
import type { Way } from '../become/ways';
import type { World } from '../become/world';
import type { BecomingsData, StepData, StepKindData } from './model/data';
import { compare } from './report-grants';

/** What somebody can become, with the shortest way. */
interface Found {
  readonly goal: string;
  readonly danger: Danger;
  readonly may: string;
  readonly steps: readonly FoundStep[];
  readonly groups: readonly string[];
  readonly roles: readonly string[];
}

type FoundStep = Omit<StepData, 'kind'> & { readonly code: string };

/** A person and one of their ways, with the keys of both. Equal ways have equal keys. */
interface OnWay {
  readonly who: string;
  readonly key: string;
  readonly found: Found;
}

interface Shared extends Found {
  /** The clusters, by person. */
  readonly people: Map<string, number[]>;
}

/**
 * Combines what people can become on several clusters, so that equal ways are listed once. Kanidm's administrators are
 * left out, since they can become everybody.
 */
export class ReportBecomings {
  private readonly byReach = new Map<string, readonly OnWay[]>();
  private readonly ways = new Map<string, Shared>();

  /**
   * Adds a cluster.
   * @param reach a key; on clusters with the same key, people have the same ways
   */
  add(cluster: number, reach: string, worldOf: () => World): void {
    const all = this.byReach.get(reach) ?? foundIn(worldOf());
    this.byReach.set(reach, all);
    for (const { who, key, found } of all) {
      const shared = this.ways.get(key) ?? { ...found, people: new Map<string, number[]>() };
      this.ways.set(key, shared);
      const clusters = shared.people.get(who);
      if (clusters) clusters.push(cluster);
      else shared.people.set(who, [cluster]);
    }
  }

  /**
   * Returns the data, with indices instead of names. The most dangerous ways come first, then the shortest.
   * @param personAt the people of the report, by key; ways of others are left out
   */
  data(personAt: ReadonlyMap<string, number>, groupAt: ReadonlyMap<string, number>): BecomingsData {
    const kinds = new Indexed<StepKindData>();
    const steps = new Indexed<StepData>();
    const sorted = [...this.ways].sort(
      ([keyA, a], [keyB, b]) =>
        rank(a) - rank(b) || a.steps.length - b.steps.length || compare(a.goal, b.goal) || compare(keyA, keyB),
    );
    const ways = sorted.flatMap(([, { people, steps: own, groups, ...way }]) =>
      bySameClusters(people, personAt).map(({ people, clusters }) => ({
        ...way,
        people,
        clusters,
        groups: groups.flatMap((group) => groupAt.get(group) ?? []),
        steps: own.map(({ code, ...step }) => steps.at({ kind: kinds.at(kindOf(code)), ...step })),
      })),
    );
    return { kinds: kinds.list, steps: steps.list, ways };
  }
}

/** Distinct values, each with its index. */
class Indexed<T> {
  readonly list: T[] = [];
  private readonly byText = new Map<string, number>();

  at(value: T): number {
    const key = JSON.stringify(value);
    const at = this.byText.get(key) ?? this.list.push(value) - 1;
    this.byText.set(key, at);
    return at;
  }
}

const rank = ({ danger }: Pick<Found, 'danger'>) => dangers.indexOf(danger);

/** Groups the people of a way by the clusters on which they have this way. */
function bySameClusters(all: Shared['people'], personAt: ReadonlyMap<string, number>) {
  const together = new Map<string, { readonly people: number[]; readonly clusters: readonly number[] }>();
  for (const [who, clusters] of all) {
    const person = personAt.get(who);
    if (person === undefined) continue;
    const key = clusters.join();
    const group = together.get(key) ?? { people: [], clusters };
    together.set(key, group);
    group.people.push(person);
  }
  return [...together.values()].map(({ people, clusters }) => ({ people: people.sort((a, b) => a - b), clusters }));
}

const foundIn = (world: World): OnWay[] =>
  beginners(world).flatMap((who): OnWay[] =>
    who.name === kanidmAdministrators
      ? []
      : shortestBecomings(world, who).flatMap((one) => {
          const [way] = one.ways;
          if (!way) return [];
          const found = foundFor(world, who, { ...one, way });
          return [{ who: personKey(who), key: JSON.stringify(found), found }];
        }),
  );

interface Shortest extends Becoming {
  readonly way: Way;
}

function foundFor({ access }: World, who: Beginner, { words, rights, way }: Shortest): Found {
  const held = way.steps.flatMap(({ uses }) => uses.filter(({ from }) => from === undefined).map(({ held }) => held));
  const last = way.by && way.by.from === undefined ? [way.by.held] : [];
  return {
    goal: words,
    danger: worst(rights) ?? 'read',
    may: inWords(rights),
    groups: [...new Set(held.flatMap((one) => groupsTo(access, who, one)))],
    roles: [...new Set([...held, ...last].map((one) => roleOf({ binding: one.binding })))],
    steps: way.steps.map((step) => ({
      code: step.step.code,
      does: step.does,
      allowedBy: allowedBy(access, who, step),
      ...(step.assumes && step.assumes.length > 0 ? { assumes: step.assumes } : {}),
    })),
  };
}

const personKey = ({ kind, name }: Beginner): string =>
  kind === 'stranger' ? `other ${name.replace(/^user /, '')}` : `${kind} ${name}`;

const stepBy = new Map(allSteps.map((step) => [step.code, step]));

function kindOf(code: string): StepKindData {
  const step = stepBy.get(code);
  if (!step) throw new Error(`internal error: no step ${code}`);
  return { title: step.title, closedBy: closing(step), source: step.source };
}

/** Returns the conditions under which a step does not work. `closedBy` can refer to another step. */
function closing({ closedBy }: Step): string {
  const other = stepBy.get(/^as ([a-z-]+)$/.exec(closedBy)?.[1] ?? '');
  return other ? closing(other) : closedBy;
}
