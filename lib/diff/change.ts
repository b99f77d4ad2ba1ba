import type { Held } from '../access/authorizer';
import type { ClusterAccess } from '../access/cluster';
import type { Danger } from '../access/danger';
import type { PolicyRule } from '../access/objects';
import type { Principal } from '../access/principals';
import type { Right } from '../access/rights';

/** A principal in the config, or a subject of a hand-written binding that is not in the config. */
export interface Subject {
  readonly kind: Principal['kind'] | 'stranger';
  readonly name: string;
}

/** The rights that one subject gains or loses by one binding. */
export interface AccessChange {
  readonly change: 'gained' | 'lost';
  readonly cluster: string;
  readonly who: Subject;
  readonly held: Held;
  /** The rights that no binding gives the subject on the other side. */
  readonly rights: readonly Right[];
  /** Lost rights that the subject keeps for objects with certain names. @default [] */
  readonly still?: readonly Right[];
  readonly danger: Danger;
  /** The groups that lead from the subject to the binding; empty if the binding names the subject itself. */
  readonly way: readonly string[];
  /** The difference in the config that causes the change, as text. */
  readonly reason: string;
  /** The name of the same account on the other side, if it is renamed. */
  readonly otherName?: string;
  /**
   * Whether the cluster was removed from the config. The subject keeps the rights until somebody deletes the objects.
   */
  readonly isClusterGone?: boolean;
  /** The namespaces, if bindings with the same name give the same rights in several of them. */
  readonly namespaces?: readonly string[];
  /** Other roles with fewer rights that the subject gains or loses at the same time, such as `view (by devs)`. */
  readonly also?: readonly string[];
  /** The entry that the subject manages and could change to get the role. Not set if the subject holds the role. */
  readonly byManaging?: {
    readonly kind: 'group' | 'service account';
    readonly name: string;
    /**
     * Who manages this entry: the subject itself, or one of its groups. If the subject must change other entries before
     * this one, `by` is about the entry that the subject changes first.
     */
    readonly by: string;
  };
}

/** A subject, with all roles that it holds on a cluster through any client that the cluster trusts. */
export interface Standing {
  readonly access: ClusterAccess;
  readonly who: Subject;
  readonly held: readonly Held[];
  /** For a subject that is not in the config: the roles that it has only as a signed-in user. @default [] */
  readonly everyones?: readonly Held[];
}

/** Returns a key for the rights of a held role. Equal keys mean equal rights in the same namespace. */
export type Naming = (held: Held) => string;

/** Both sides of one cluster, with the subjects of each side. */
export interface Both {
  readonly cluster: string;
  readonly before?: ClusterAccess;
  readonly after?: ClusterAccess;
  readonly was: ReadonlyMap<string, Standing>;
  readonly is: ReadonlyMap<string, Standing>;
  readonly formerOf: (who: Subject) => string | undefined;
  /**
   * Returns the ids of the groups ("members of GROUP") through which an account keeps access after the change: the
   * config no longer lists the members of these groups, so Kanidm does not remove the account from them.
   */
  readonly keptAs: (was: Subject, is: Subject | undefined) => readonly string[];
  readonly nameOf: Naming;
}

/**
 * Whether a change is about a default binding that lets every signed-in user read information about the API. A binding
 * that gives more rights does not count, even if its name begins with `system:`.
 */
export const isOfEverySignedInUser = ({ held: { subject, binding }, danger }: AccessChange): boolean =>
  subject.kind === 'Group' &&
  subject.name === 'system:authenticated' &&
  binding.metadata.name.startsWith('system:') &&
  (danger === 'read' || danger === 'write');

export const idOf = ({ kind, name }: Subject): string => `${kind}\n${name}`;

/**
 * Returns a function that makes keys for held roles. It converts each list of rules to text only once, since many roles
 * and people share a list.
 */
export function naming(): Naming {
  const written = new Map<readonly PolicyRule[], number>();
  const numbers = new Map<string, number>();
  return ({ namespace, rules }) => {
    let number = written.get(rules);
    if (number === undefined) {
      const text = JSON.stringify(rules);
      number = numbers.get(text) ?? numbers.size;
      numbers.set(text, number);
      written.set(rules, number);
    }
    return `${number} ${namespace ?? ''}`;
  };
}
