import type { Held } from '../access/authorizer';
import { type Beginner, beginners, nameOf, reachOf } from '../become/become';
import type { Fact } from '../become/fact';
import type { Reached } from '../become/reached';
import { kanidmAdministrators } from '../become/steps/kanidm-administrators';
import { heldText, wayText } from '../become/way-text';
import { assumptionsOf, type Way, waysToFact } from '../become/ways';
import type { World } from '../become/world';
import { type Entitled, isOfWorkloads } from './entitled';

/** Somebody who has a right, or can get it in several steps. */
export interface Reaching {
  readonly kind: Entitled['kind'];
  readonly name: string;
  /** The name, and the steps. */
  readonly text: string;
  /** Whether the steps need no assumption, such as that a namespace contains a certain object. */
  readonly isCertain: boolean;
}

/**
 * Tells whether a role gives what an expectation asks about. `everything` stands for membership in `system:masters`,
 * whose members may do everything without a role.
 */
export type IsAsked = (held: Held | 'everything') => boolean;

interface Known extends Pick<Entitled, 'kind' | 'name'> {
  readonly who: Beginner;
}

/** How many ways to a role or identity are compared at most, to find a way without assumptions. */
const mostWays = 10;

/**
 * The identities and rights that everybody can get on a cluster, and the ways to them. Both are computed once for all
 * expectations.
 */
export class Reach {
  private readonly reached = new Map<Beginner, Reached>();
  private readonly ways = new Map<Reached, Map<Fact, readonly Way[]>>();
  private readonly all: readonly Known[];

  constructor(private readonly world: World) {
    this.all = beginners(world).flatMap((who): Known[] => {
      // Administrators of Kanidm can always become anybody, so they are left out.
      if (who.kind === 'members' && who.name === kanidmAdministrators) return [];
      if (who.kind !== 'stranger') return [{ who, kind: who.kind, name: who.name }];
      const [, kind, name = ''] = /^(user|group) (.*)$/s.exec(who.name) ?? [];
      // Service accounts of Kubernetes are left out, since they matter only as something that a person can become. The
      // group system:masters is left out, since it may do everything anyway.
      if (kind === undefined || name === 'system:masters') return [];
      if (kind === 'user') return [{ who, kind, name }];
      return [{ who, kind: isOfWorkloads({ kind: 'Group', name }) ? 'workload' : 'group', name }];
    });
  }

  /** Returns everybody who can get all of the given roles or rights. */
  able(asked: readonly IsAsked[]): Reaching[] {
    return this.all.flatMap(({ who, kind, name }): Reaching[] => {
      const reached = this.reachedBy(who);
      const ways = asked.map((isAsked) => this.best(reached, isAsked));
      if (!ways.every((way) => way !== undefined)) return [];
      const texts = ways.map((way) =>
        way.steps.length === 0 ? `may do it now (${heldText(this.world.access, who, way)})` : `can ${wayText(way)}`,
      );
      return [
        {
          kind,
          name,
          text: `${nameOf(who)} ${[...new Set(texts)].join('; and ')}`,
          isCertain: ways.every((way) => assumptionsOf(way).length === 0),
        },
      ];
    });
  }

  private reachedBy(who: Beginner): Reached {
    const reached = this.reached.get(who) ?? reachOf(this.world, who);
    this.reached.set(who, reached);
    return reached;
  }

  private waysTo(reached: Reached, fact: Fact): readonly Way[] {
    const ways = this.ways.get(reached) ?? new Map<Fact, readonly Way[]>();
    this.ways.set(reached, ways);
    const found = ways.get(fact) ?? waysToFact(reached, fact, mostWays);
    ways.set(fact, found);
    return found;
  }

  /** Returns the shortest way without assumptions to a role that is asked about; if there is none, the shortest way. */
  private best(reached: Reached, isAsked: IsAsked): Way | undefined {
    const ways = [...reached.facts.values()].flatMap((fact): Way[] => {
      const by = sourcesOf(reached, fact).find((one) => isAsked(one));
      if (by === undefined) return [];
      const source = by === 'everything' ? {} : { by: { held: by } };
      return this.waysTo(reached, fact).map((way) => ({ ...way, ...source }));
    });
    const cost = (way: Way) => (assumptionsOf(way).length > 0 ? 1000 : 0) + way.steps.length;
    return ways.sort((a, b) => cost(a) - cost(b))[0];
  }
}

/**
 * Returns the role of a fact of the kind `role`, or all roles of a fact of the kind `identity`; `everything` for a
 * superuser.
 */
function sourcesOf(reached: Reached, fact: Fact): (Held | 'everything')[] {
  if (fact.kind === 'role') return [fact.held];
  if (fact.kind !== 'identity') return [];
  const rights = reached.ownRightsOf(fact);
  return rights.isSuperuser ? ['everything'] : rights.requests.map(({ held }) => held);
}
