import { superusers } from './authorizer';
import type { ClusterAccess } from './cluster';
import type { BindingObject, Requester, SubjectRef } from './objects';

/** A subject of a hand-written binding that is not in the config. */
export interface Stranger extends Requester {
  /** `group ops`, `user root`, `system:serviceaccount:web:ci`. */
  readonly name: string;
  readonly binding: BindingObject;
}

/** Whether a binding is one of the default bindings for components of Kubernetes. */
const isKubernetesOwn = ({ metadata }: BindingObject) => metadata.name.startsWith('system:');

/** Returns every subject of a binding that is not in the config, each with the first binding that names it. */
export function strangers({ authorizer, ownerOf }: ClusterAccess): Stranger[] {
  const found = new Map<string, Stranger>();
  for (const binding of authorizer.bindings) {
    if (isKubernetesOwn(binding)) continue;
    for (const subject of binding.subjects ?? []) {
      if (ownerOf(subject)) continue;
      const stranger = strangerOf(subject, binding);
      if (!found.has(stranger.name)) found.set(stranger.name, stranger);
    }
  }
  return [...found.values()];
}

function strangerOf({ kind, name, namespace }: SubjectRef, binding: BindingObject): Stranger {
  if (kind === 'Group') return { name: `group ${name}`, groups: [name], binding };
  if (kind === 'User') return { name: `user ${name}`, user: name, groups: [], binding };
  const home = namespace ?? binding.metadata.namespace ?? '';
  const user = `system:serviceaccount:${home}:${name}`;
  return { name: user, user, groups: ['system:serviceaccounts', `system:serviceaccounts:${home}`], binding };
}

/** Whether the requester is in `system:masters`, which may do everything without RBAC. */
export const isSuperuser = ({ groups }: Requester): boolean => groups.includes(superusers);
