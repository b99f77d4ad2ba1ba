import type { Held } from '../access/authorizer';
import type { ClusterAccess } from '../access/cluster';
import type { Danger } from '../access/danger';
import type { Principal } from '../access/principals';
import type { Right } from '../access/rights';

/** Somebody of the config, or a subject of a hand-written binding that the config does not know. */
export interface Subject {
  readonly kind: Principal['kind'] | 'stranger';
  readonly name: string;
}

/** What somebody can do after a change and could not before, or the other way round, by one binding. */
export interface AccessChange {
  readonly change: 'gained' | 'lost';
  readonly cluster: string;
  readonly who: Subject;
  readonly held: Held;
  /** Only those that no other binding gives, or gave, anyway. */
  readonly rights: readonly Right[];
  readonly danger: Danger;
  /** The group through which, and those on the way to it; empty where the person is named. */
  readonly way: readonly string[];
  /** What in the config made it so. */
  readonly reason: string;
  /** Set where they do not hold it, and could by changing this entry, which they manage. */
  readonly byManaging?: { readonly kind: 'group' | 'service account'; readonly name: string };
}

/** Somebody on a cluster: what all the clients that it trusts give them. */
export interface Standing {
  readonly access: ClusterAccess;
  readonly who: Subject;
  readonly held: readonly Held[];
}

/** Names what a held role allows and where: equal names, equal rights. */
export type Naming = (held: Held) => string;

/** Both sides of one cluster: what everybody holds there, by who they are on that side. */
export interface Both {
  readonly cluster: string;
  readonly before?: ClusterAccess;
  readonly after?: ClusterAccess;
  readonly was: ReadonlyMap<string, Standing>;
  readonly is: ReadonlyMap<string, Standing>;
  readonly formerOf: (who: Subject) => string | undefined;
  readonly nameOf: Naming;
}

export const idOf = ({ kind, name }: Subject): string => `${kind}\n${name}`;
