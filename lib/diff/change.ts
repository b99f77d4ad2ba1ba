import type { Held } from '../access/authorizer';
import type { ClusterAccess } from '../access/cluster';
import type { Danger } from '../access/danger';
import type { Principal } from '../access/principals';
import type { Right } from '../access/rights';

/** What somebody can do after a change and could not before, or the other way round, by one binding. */
export interface AccessChange {
  readonly change: 'gained' | 'lost';
  readonly cluster: string;
  readonly who: Pick<Principal, 'kind' | 'name'>;
  readonly held: Held;
  /** Only those that no other binding gives, or gave, anyway. */
  readonly rights: readonly Right[];
  readonly danger: Danger;
  /** The group through which, and those on the way to it; empty where the person is named. */
  readonly way: readonly string[];
  /** What in the config made it so. */
  readonly reason: string;
}

/** Somebody on a cluster: what all the clients that it trusts give them. */
export interface Standing {
  readonly access: ClusterAccess;
  readonly who: Principal;
  readonly held: readonly Held[];
}
