import { superusers } from './authorizer';
import type { ClusterAccess } from './cluster';
import type { BindingObject, Requester, SubjectRef } from './objects';

/** A subject of a binding that is nobody in the config: it comes with bindings that are written by hand. */
export interface Stranger extends Requester {
  /** `group ops`, `user root`, `system:serviceaccount:web:ci`. */
  readonly name: string;
  readonly binding: BindingObject;
}

/** Kubernetes' own bindings, for its own parts. */
const isKubernetesOwn = ({ metadata }: BindingObject) => metadata.name.startsWith('system:');

/** Every subject of a binding that the config does not know, each with the first binding that names it. */
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

/** Whether it is the group that may do everything before RBAC is asked. */
export const isSuperuser = ({ groups }: Requester): boolean => groups.includes(superusers);
