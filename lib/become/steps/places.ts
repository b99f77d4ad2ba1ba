import type { Allowed, Ask, IdentityRights } from '../identity-rights';
import type { World } from '../world';

/** The namespaces in which a right applies. */
export const namespacesOf = ({ namespace }: Allowed, { namespaces }: World): readonly string[] =>
  namespace === undefined ? namespaces : [namespace];

/** The first right for each namespace; a right in the whole cluster is one for each of them. */
export function firstByNamespace(found: readonly Allowed[], world: World): ReadonlyMap<string, Allowed> {
  const first = new Map<string, Allowed>();
  for (const one of found) {
    for (const namespace of namespacesOf(one, world)) if (!first.has(namespace)) first.set(namespace, one);
  }
  return first;
}

/** Rights to change objects that exist. */
export const changes = (rights: IdentityRights, group: string, resource: string): Allowed[] =>
  rights.any(['update', 'patch'].map((verb): Ask => [verb, group, resource]));

/** Rights to create objects of a kind, and where there are none, to change those that exist. */
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
