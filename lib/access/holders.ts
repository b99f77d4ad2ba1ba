import type { Cluster, Config } from '../config/config';
import { authenticators } from '../identity/authenticator';
import { memberships } from '../identity/membership';
import { signsIn } from '../identity/required-claims';
import { groupSubjects, personSubjects } from '../identity/subject';
import { type BindingObject, isBinding, isRbac } from './objects';
import { type Principal, wayInto } from './principals';

/** A subject that holds the role of a binding. */
export interface Holder {
  readonly binding: BindingObject;
  /**
   * `stranger` is a subject that is not one of the people, service accounts and groups in the grants of the cluster.
   */
  readonly kind: Principal['kind'] | 'stranger';
  readonly name: string;
  /**
   * The groups that lead to the binding, the group in the binding last; empty if the binding names the subject itself.
   */
  readonly way: readonly string[];
}

/**
 * Returns every person, group, service account and other subject that gets a role from a binding among the objects,
 * directly or as a member of a group. The cost grows with the subjects of these bindings and the members of their
 * groups, not with all people of the config.
 */
export function holders(config: Config, cluster: Cluster, objects: readonly object[]): Holder[] {
  const owners = grantees(config, cluster);
  const trusted = authenticators(config, cluster);
  const known = new Map<string, boolean>();
  const canSignIn = (name: string): boolean => {
    const account = config.people.get(name) ?? config.serviceAccounts.get(name);
    const may =
      known.get(name) ?? (account !== undefined && trusted.some((client) => signsIn(config, cluster, account, client)));
    known.set(name, may);
    return may;
  };
  const accounts = [...config.serviceAccounts.values()].filter(({ absent }) => !absent).map(({ name }) => name);
  // The groups that lead to the binding are computed lazily, because callers with many holders do not need them.
  const through = (binding: BindingObject, kind: Holder['kind'], name: string, group: string): Holder => ({
    binding,
    kind,
    name,
    get way() {
      return wayInto(config, name, group);
    },
  });
  return objects
    .filter(isRbac)
    .filter(isBinding)
    .flatMap((binding) =>
      (binding.subjects ?? []).flatMap(({ kind, name }): Holder[] => {
        const owner = owners.get(`${kind}\n${name}`);
        if (!owner) return [{ binding, kind: 'stranger', name: `${kind.toLowerCase()} ${name}`, way: [] }];
        if (owner.kind !== 'group') {
          return canSignIn(owner.name) ? [{ binding, kind: owner.kind, name: owner.name, way: [] }] : [];
        }
        const { peopleIn, keptIn, groupsOf } = memberships(config);
        const inGroup = accounts.filter((one) => groupsOf.get(one)?.includes(owner.name));
        return [
          ...(peopleIn.get(owner.name) ?? [])
            .filter(canSignIn)
            .map((one) => through(binding, 'person', one, owner.name)),
          ...inGroup.filter(canSignIn).map((one) => through(binding, 'service account', one, owner.name)),
          ...(keptIn.get(owner.name) ?? []).map((one) => through(binding, 'members', one, owner.name)),
        ];
      }),
    );
}

interface Grantee {
  readonly kind: 'person' | 'service account' | 'group';
  readonly name: string;
}

/**
 * Returns the people, service accounts and groups in the grants of the cluster. The keys are the kinds and names of
 * their subjects in the rendered bindings.
 */
function grantees(config: Config, cluster: Cluster): Map<string, Grantee> {
  const found = new Map<string, Grantee>();
  for (const name of new Set(cluster.grants.flatMap(({ people }) => people))) {
    for (const subject of personSubjects(config, cluster, name))
      found.set(`User\n${subject}`, { kind: 'person', name });
  }
  for (const name of new Set(cluster.grants.flatMap(({ serviceAccounts }) => serviceAccounts))) {
    for (const subject of personSubjects(config, cluster, name))
      found.set(`User\n${subject}`, { kind: 'service account', name });
  }
  for (const name of new Set(cluster.grants.flatMap(({ groups }) => groups))) {
    for (const subject of groupSubjects(config, cluster, name)) found.set(`Group\n${subject}`, { kind: 'group', name });
  }
  return found;
}
