import { superusers } from '../access/authorizer';
import type { Gain, Step } from './become-step';
import { everyRule, type Fact, type IdentityFact, type RoleFact, rightsFact } from './fact';
import { IdentityRights, type Source } from './identity-rights';
import { onlyRequests } from './only-requests';
import type { World } from './world';

/** A step that somebody takes: it begins with the fact `from`, and gives the fact `fact`. */
export interface Derivation extends Gain {
  readonly step: Step;
  readonly from: Fact;
}

/** The facts that somebody has gained, each with all steps that lead to it. */
export class Reached {
  readonly facts = new Map<string, Fact>();
  readonly derivations = new Map<string, Derivation[]>();
  private readonly seen = new Map<string, Derivation>();
  private readonly beginning = new Set<string>();
  private readonly given: RoleFact[] = [];
  private readonly own = new WeakMap<Fact, IdentityRights>();

  constructor(readonly world: World) {}

  has(key: string): boolean {
    return this.facts.has(key);
  }

  /** Adds a fact that needs no step. Later steps that lead to it are ignored. */
  begin(fact: Fact): void {
    this.beginning.add(fact.key);
    this.facts.set(fact.key, fact);
  }

  /** Adds a step. Returns whether the fact that it gives is new. */
  take(derivation: Derivation): boolean {
    const { step, from, fact, uses, needs = [] } = derivation;
    if (this.beginning.has(fact.key)) return false;
    // If several roles allow the same step, this is still only one way: the one with the fewest assumptions.
    const id = [step.code, from.key, fact.key, ...needs, ...new Set(uses.flatMap((use) => use.from ?? []))].join(
      '\n\n',
    );
    const before = this.seen.get(id);
    if (before && (before.assumes ?? []).length <= (derivation.assumes ?? []).length) return false;
    this.seen.set(id, derivation);
    const list = this.derivations.get(fact.key) ?? [];
    this.derivations.set(fact.key, list);
    if (before) {
      list[list.indexOf(before)] = derivation;
      return false;
    }
    list.push(derivation);
    const isNew = !this.facts.has(fact.key);
    if (isNew) {
      this.facts.set(fact.key, fact);
      if (fact.kind === 'role') this.given.push(fact);
    }
    return isNew;
  }

  get identities(): IdentityFact[] {
    return [...this.facts.values()].filter((fact): fact is IdentityFact => fact.kind === 'identity');
  }

  /**
   * The number of roles that were gained. Each of them can be given to every identity, so if this number grows, every
   * identity can have more rights.
   */
  get givenCount(): number {
    return this.given.length;
  }

  /** Returns the rights of an identity, including those of the gained roles, which the person can give it. */
  rightsOf(fact: Fact): IdentityRights {
    return this.given.length === 0 ? this.ownRightsOf(fact) : this.rights(fact, this.given);
  }

  /** Returns the rights of an identity without those of the gained roles. */
  ownRightsOf(fact: Fact): IdentityRights {
    const rights = this.own.get(fact) ?? this.rights(fact, []);
    this.own.set(fact, rights);
    return rights;
  }

  private rights(fact: Fact, roles: readonly RoleFact[]): IdentityRights {
    if (fact.kind !== 'identity') return nothing;
    const { who, only } = fact;
    const held = this.world.access.authorizer.held(who);
    const own = who.groups.includes(superusers) ? [...held, superuserRole] : held;
    const given = roles.map((role): Source => ({ held: role.held, from: role.key }));
    const sources = [...own.map((one): Source => ({ held: one })), ...given];
    return only ? new IdentityRights(who, onlyRequests(sources, only), sources) : new IdentityRights(who, sources);
  }
}

const nothing = new IdentityRights({ groups: [] }, []);

const { held: superuserRole } = rightsFact(everyRule, undefined, superusers);
