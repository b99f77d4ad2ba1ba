import type { ClusterAccess } from '../access/cluster';
import { type Danger, dangers, worst } from '../access/danger';
import type { BindingObject } from '../access/objects';
import { rightsOf } from '../access/rights';
import { mayOf, roleOf } from '../access/rights-in-words';
import { termText } from '../expire/terms';

/** Bindings of the same role for the same people, with all their namespaces and clusters. */
export interface Grant {
  readonly name: string;
  readonly role: string;
  readonly groups: readonly string[];
  readonly danger?: Danger;
  readonly may: string;
  readonly term?: string;
  readonly file?: string;
  readonly namespaces: readonly string[];
  readonly clusters: number[];
}

/** Combines the bindings of several clusters into as few grants as possible. */
export class Grants {
  private readonly grants = new Map<string, Grant>();

  /**
   * Adds the bindings of a cluster.
   * @param bindings those bindings of the cluster that the report shows
   * @param fileOf the hand-written file of a binding
   * @returns the key of each binding's grant
   */
  add(
    access: ClusterAccess,
    cluster: number,
    bindings: readonly BindingObject[],
    fileOf: (binding: BindingObject) => string | undefined,
  ): Map<BindingObject, string> {
    const judge = judgeOf(access);
    const terms = new Map(access.cluster.grants.map((one) => [one.name, termText(one)]));
    const alike = new Map<string, { grant: Omit<Grant, 'namespaces' | 'clusters'>; bindings: BindingObject[] }>();
    for (const binding of bindings) {
      const owners = (binding.subjects ?? []).map((subject) => {
        const owner = access.ownerOf(subject);
        return owner ? `${owner.kind} ${owner.name}` : `${subject.kind} ${subject.namespace ?? ''} ${subject.name}`;
      });
      const role = roleOf({ binding });
      const file = fileOf(binding);
      const term = file === undefined ? terms.get(binding.metadata.name) : undefined;
      const grant = {
        name: binding.metadata.name,
        role,
        groups: groupsOf(access, binding),
        ...judge(binding),
        ...(term ? { term } : {}),
        ...(file === undefined ? {} : { file }),
      };
      const key = JSON.stringify([grant, binding.kind, owners.sort()]);
      const same = alike.get(key);
      if (same) same.bindings.push(binding);
      else alike.set(key, { grant, bindings: [binding] });
    }
    const keys = new Map<BindingObject, string>();
    for (const [start, { grant, bindings }] of alike) {
      const namespaces = bindings.flatMap(({ metadata: { namespace } }) => namespace ?? []).sort();
      const key = `${start}${namespaces.join('\n')}`;
      const existing = this.grants.get(key);
      if (existing) existing.clusters.push(cluster);
      else this.grants.set(key, { ...grant, namespaces, clusters: [cluster] });
      for (const binding of bindings) keys.set(binding, key);
    }
    return keys;
  }

  /** Returns all grants with their keys, the most dangerous first. */
  sorted(): [string, Grant][] {
    const rank = ({ danger }: Grant) => (danger === undefined ? dangers.length : dangers.indexOf(danger));
    const label = ({ role, name, namespaces, file = '' }: Grant) => [role, name, ...namespaces, file].join('\n');
    return [...this.grants].sort(
      ([keyA, a], [keyB, b]) => rank(a) - rank(b) || compare(label(a), label(b)) || compare(keyA, keyB),
    );
  }
}

export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Returns the groups that a binding names: groups of the config by key, built-in groups of Kubernetes by name. */
export function groupsOf(access: ClusterAccess, { subjects }: BindingObject): string[] {
  const names = (subjects ?? []).flatMap((subject) => {
    const owner = access.ownerOf(subject);
    if (owner) return owner.kind === 'group' ? [owner.name] : [];
    return isBuiltIn(subject) ? [subject.name] : [];
  });
  return [...new Set(names)].sort();
}

/** Whether a subject is one of the built-in groups of Kubernetes that the report shows. */
export const isBuiltIn = ({ kind, name }: { readonly kind: string; readonly name: string }): boolean =>
  kind === 'Group' && (name === 'system:authenticated' || name === 'system:masters');

/** Returns a function that returns what a binding allows. It classifies the rules of each role only once. */
function judgeOf({ authorizer }: ClusterAccess): (binding: BindingObject) => Pick<Grant, 'danger' | 'may'> {
  const judged = new Map<string, Pick<Grant, 'danger' | 'may'>>();
  return (binding) => {
    const { kind, roleRef, metadata } = binding;
    const key = [kind, roleRef.kind, roleRef.name, roleRef.kind === 'Role' ? metadata.namespace : ''].join('\n');
    let found = judged.get(key);
    if (!found) {
      const held = authorizer.hold(binding, { kind: 'User', name: '' });
      const danger = worst(rightsOf(held));
      found = { ...(danger === undefined ? {} : { danger }), may: mayOf(held) };
      judged.set(key, found);
    }
    return found;
  };
}
