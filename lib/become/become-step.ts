import type { Fact, IdentityFact } from './fact';
import type { IdentityRights, Use } from './identity-rights';
import type { World } from './world';

/** What somebody gains by a step, and what the step requires. */
export interface Gain {
  readonly fact: Fact;
  /** What somebody does, as a verb phrase: `run a pod as the service account web/builder`. */
  readonly does: string;
  readonly uses: readonly Use[];
  /** The keys of further facts that the step needs. */
  readonly needs?: readonly string[];
  /** What is assumed because it is unknown, each as a clause after "if". */
  readonly assumes?: readonly string[];
  /** The setting of the config that allows the step, if it is not allowed by a role. */
  readonly setting?: string;
}

/** What somebody has before a step. */
export interface Before {
  readonly facts: ReadonlyMap<string, Fact>;
  readonly identities: readonly IdentityFact[];
  has(key: string): boolean;
}

/** What somebody has when a step begins, such as an identity, and the rights that follow from it. */
export interface Actor {
  readonly fact: Fact;
  /** Empty unless the fact is an identity. */
  readonly rights: IdentityRights;
  readonly reached: Before;
}

/** A kind of step by which somebody gains a fact, such as an identity or a role. Each has a row in docs/becoming.md. */
export interface Step {
  readonly code: string;
  readonly title: string;
  /** The right or the setting that allows the step. */
  readonly allowedBy: string;
  readonly gives: string;
  /** The conditions under which the step does not work. */
  readonly closedBy: string;
  /** Where the documentation of Kubernetes, Flux or Kanidm says that the step works. */
  readonly source: string;
  /** Whether requests to the API server are enough, without a node or a controller. @default false */
  readonly apiServerOnly?: true;
  /** The kind of fact that the step begins with. A step that uses rights needs an identity. @default identity */
  readonly begins?: 'account' | 'node';
  gains(actor: Actor, world: World): Iterable<Gain>;
}
