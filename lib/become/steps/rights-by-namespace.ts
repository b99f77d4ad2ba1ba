import type { Allowed, Ask, IdentityRights } from '../identity-rights';
import type { World } from '../world';

/** Returns the namespaces in which a right applies. */
export const namespacesOf = ({ namespace }: Allowed, { namespaces }: World): readonly string[] =>
  namespace === undefined ? namespaces : [namespace];

/** Returns the first right for each namespace. A right in the whole cluster counts for each of them. */
export function firstByNamespace(found: readonly Allowed[], world: World): ReadonlyMap<string, Allowed> {
  const first = new Map<string, Allowed>();
  for (const one of found) {
    for (const namespace of namespacesOf(one, world)) if (!first.has(namespace)) first.set(namespace, one);
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
