import type { ClusterAccess } from '../access/cluster';
import type { BindingObject } from '../access/objects';
import { listed } from '../access/rights-in-words';
import { ofUnknownRoles } from '../access/unknown-roles';
import { accessOn, type Side } from './side';
import type { Statement } from './statement';

/**
 * Returns a statement for each binding that newly gives, or no longer gives, a role that is neither built in nor in the
 * config. Kaniflux does not know its rules, so these rights are in no other statement.
 */
export function unknownRoleStatements(before: Side, after: Side): Statement[] {
  const names = [...new Set([...before.config.clusters.keys(), ...after.config.clusters.keys()])];
  return names
    .filter((name) => !(before.isSameOn?.(after, name) ?? false))
    .flatMap((name) => {
      const [was, is] = [before, after].map((side) => bindingsOn(accessOn(side, name)));
      return [...only('added', is, was, name), ...only('removed', was, is, name)];
    });
}

type Bindings = ReadonlyMap<string, { readonly binding: BindingObject; readonly who: readonly string[] }>;

function bindingsOn(access: ClusterAccess | undefined): Bindings {
  if (!access) return new Map();
  return new Map(
    ofUnknownRoles(access).map((binding) => {
      const { kind, roleRef, metadata } = binding;
      const who = (binding.subjects ?? []).map(
        (subject) => access.ownerOf(subject)?.name ?? `${subject.kind.toLowerCase()} ${subject.name}`,
      );
      return [JSON.stringify([kind, metadata.namespace, metadata.name, roleRef]), { binding, who }];
    }),
  );
}

function only(change: 'added' | 'removed', has: Bindings = new Map(), other: Bindings = new Map(), cluster: string) {
  return [...has].flatMap(([key, { binding, who }]): Statement[] => {
    const there = other.get(key)?.who ?? [];
    const those = who.filter((one) => !there.includes(one));
    if (those.length === 0) return [];
    const { kind, name } = binding.roleRef;
    const { namespace } = binding.metadata;
    const verb = change === 'added' ? 'now gives' : 'no longer gives';
    return [
      {
        part: 'access',
        level: change === 'added' ? 'medium' : 'none',
        change,
        clusters: [cluster],
        details: [],
        say: (clusters) =>
          `the binding ${binding.metadata.name} ${verb} ${listed(those, 50)} the ${kind} ${name} ${namespace === undefined ? `on ${clusters}` : `in namespace ${namespace} of ${clusters}`}: what this role allows is not known, because it is neither built in nor in the config`,
      },
    ];
  });
}
