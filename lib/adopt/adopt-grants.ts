import type { BindingObject } from '../access/objects';
import type { GrantInput } from '../config/schema';
import type { Facts, Note } from '../existing/facts';
import type { Subjects } from './adopt-subjects';

type ClusterGrant = Omit<GrantInput, 'clusters'>;

/** Bindings as grants. One that also binds somebody else stays where it is: a grant would take that away. */
export function grantsOf({ bindings }: Facts, subjects: Subjects): { grants: ClusterGrant[]; notes: Note[] } {
  const grants = new Map<string, ClusterGrant>();
  const notes: Note[] = [];
  const seen = new Set<string>();
  for (const { source, object } of bindings) {
    const identity = nameOf(object);
    if (seen.has(identity)) continue;
    seen.add(identity);
    const named = (object.subjects ?? []).map((subject) => subjects.named(subject));
    const known = named.filter((one) => one !== undefined);
    if (known.length === 0) continue;
    if (known.length < named.length) {
      const others = (object.subjects ?? []).filter((_, i) => !named[i]).map(({ kind, name }) => `${kind} ${name}`);
      notes.push({
        source,
        text: `${identity} binds ${others.join(', ')} too, and stays as it is: split it in two first`,
      });
      continue;
    }
    const of = (kind: 'person' | 'group') => known.filter((one) => one.kind === kind).map(({ key }) => key);
    add(grants, object, [...new Set(of('person'))].sort(), [...new Set(of('group'))].sort());
  }
  return { grants: [...grants.values()], notes };
}

const nameOf = ({ kind, metadata: { namespace, name } }: BindingObject) =>
  `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;

/** The same binding in several namespaces is one grant. */
function add(grants: Map<string, ClusterGrant>, object: BindingObject, people: string[], groups: string[]): void {
  const { roleRef, metadata } = object;
  const key = JSON.stringify([object.kind, metadata.name, roleRef.kind, roleRef.name, people, groups]);
  const grant = grants.get(key);
  if (grant) {
    grants.set(key, { ...grant, namespaces: [...(grant.namespaces ?? []), metadata.namespace ?? 'default'].sort() });
    return;
  }
  grants.set(key, {
    name: metadata.name,
    ...(roleRef.kind === 'Role' ? { role: roleRef.name } : { clusterRole: roleRef.name }),
    ...(object.kind === 'RoleBinding' ? { namespaces: [metadata.namespace ?? 'default'] } : {}),
    ...(people.length > 0 ? { people } : {}),
    ...(groups.length > 0 ? { groups } : {}),
  });
}
