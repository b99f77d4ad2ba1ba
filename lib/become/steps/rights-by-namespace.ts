import type { Allowed, Ask, IdentityRights } from '../identity-rights';
import type { World } from '../world';

/** Returns the namespaces in which a right applies. */
export const namespacesOf = ({ namespace }: Allowed, { namespaces }: World): readonly string[] =>
  namespace === undefined ? namespaces : [namespace];

/**
 * Returns the first right for each namespace, if possible one that is not limited to names. A right in the whole
 * cluster counts for each of them.
 */
export function firstByNamespace(found: readonly Allowed[], world: World): ReadonlyMap<string, Allowed> {
  const first = new Map<string, Allowed>();
  for (const one of found) {
    for (const namespace of namespacesOf(one, world)) {
      const before = first.get(namespace);
      if (!before || (before.names && !one.names)) first.set(namespace, one);
    }
  }
  return first;
}

/** Returns the rights to change existing objects. */
export const changes = (rights: IdentityRights, group: string, resource: string): Allowed[] =>
  rights.any(['update', 'patch'].map((verb): Ask => [verb, group, resource]));

/**
 * Returns the rights to create objects of a kind. Where there is no such right, returns the rights to change existing
 * objects.
 */
export function writes(rights: IdentityRights, group: string, resource: string) {
  const creates = rights.creates(group, resource).map((use) => ({ use, isNew: true }));
  const isEverywhere = creates.some(({ use }) => use.namespace === undefined);
  const created = new Set(creates.map(({ use }) => use.namespace));
  const others = isEverywhere ? [] : changes(rights, group, resource);
  return [
    ...creates,
    ...others.filter(({ namespace }) => !created.has(namespace)).map((use) => ({ use, isNew: false })),
  ];
}

/** Names of objects. `undefined` stands for every name. */
export type Names = readonly string[] | undefined;

/** Returns the names that two lists have in common. */
export const both = (a: Names, b: Names): Names => (a && b ? a.filter((name) => b.includes(name)) : (a ?? b));

/** Returns an object with one of the names as text: `the Secret a`, `one of the Secrets a, b`, `a Secret`. */
export const oneOf = (kind: string, names: Names): string =>
  names === undefined
    ? `a ${kind}`
    : names.length === 1
      ? `the ${kind} ${names.join()}`
      : `one of the ${kind}s ${names.join(', ')}`;

/** Returns the assumption that a namespace has an object that can be changed. */
export const hasOne = (namespace: string, kind: string, names: Names): string =>
  `namespace ${namespace} has ${oneOf(kind, names)}${names ? '' : ' to change'}`;
