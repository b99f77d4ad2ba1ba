import type { Fact, IdentityFact } from './fact';
import type { IdentityRights, Use } from './identity-rights';
import type { World } from './world';

/** What a step gives. */
export interface Gain {
  readonly fact: Fact;
  /** What is done: `run a pod as the service account web/builder`. */
  readonly does: string;
  readonly uses: readonly Use[];
  /** The keys of further facts that the step needs. */
  readonly needs?: readonly string[];
  /** What is assumed and not known, each as a clause after "if". */
  readonly assumes?: readonly string[];
  /** The setting of the config that allows the step, where no rule of a role does. */
  readonly setting?: string;
}

/** What somebody has got before a step. */
export interface Before {
  readonly facts: ReadonlyMap<string, Fact>;
  readonly identities: readonly IdentityFact[];
  has(key: string): boolean;
}

/** The fact that a step begins with, and what is known about it. */
export interface Actor {
  readonly fact: Fact;
  /** Empty unless the fact is an identity. */
  readonly rights: IdentityRights;
  readonly reached: Before;
}

/** A way to get further, as a row of docs/becoming.md. */
export interface Step {
  readonly code: string;
  readonly title: string;
  /** The right or setting that allows it. */
  readonly allowedBy: string;
  readonly gives: string;
  /** The conditions under which it does not work. */
  readonly closedBy: string;
  /** Where Kubernetes, Flux or Kanidm document why it works. */
  readonly source: string;
  /** Whether requests to the API server are enough, without a node or a controller. @default false */
  readonly apiServerOnly?: true;
  /** The kind of fact that it begins with. Only an identity has rights. @default identity */
  readonly begins?: 'account' | 'node';
  gains(actor: Actor, world: World): Iterable<Gain>;
}
