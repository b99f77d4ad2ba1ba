import { builtinRbac } from '../upstream/builtin-rbac';
import { fluxRbac } from '../upstream/flux-rbac';
import { superusers } from './authorizer';
import type { ClusterAccess } from './cluster';
import { type BindingObject, isBinding, type RbacObject, type Requester, type SubjectRef } from './objects';

/** A subject that a binding names and that is not in the config. */
export interface Stranger extends Requester {
  /** `group ops`, `user root`, `system:serviceaccount:web:ci`. */
  readonly name: string;
  readonly binding: BindingObject;
}

/** Whether a binding is one of the default bindings that the API server creates, and unchanged. */
export const isDefaultBinding = ({ kubernetes }: ClusterAccess['cluster'], binding: BindingObject): boolean =>
  defaultsOf(builtinRbac(kubernetes)).keys.has(keyOf(binding));

/**
 * Whether the default binding of the same name and role names a subject too. A name or a subject alone proves nothing,
 * because anybody can give a binding a name that begins with `system:`, and add-ons have service accounts in
 * `kube-system`.
 */
export const isDefaultSubject = (
  { kubernetes }: ClusterAccess['cluster'],
  binding: BindingObject,
  subject: SubjectRef,
): boolean => defaultsOf(builtinRbac(kubernetes)).subjects.has(keyOf({ ...binding, subjects: [subject] }));

interface Defaults {
  readonly keys: ReadonlySet<string>;
  /** The key that each binding has if it has only one of its subjects. */
  readonly subjects: ReadonlySet<string>;
}

const defaultsByVersion = new WeakMap<readonly RbacObject[], Defaults>();

/** The default bindings of a Kubernetes version, which all clusters with this version share. */
function defaultsOf(builtIn: readonly RbacObject[]): Defaults {
  const known = defaultsByVersion.get(builtIn);
  if (known) return known;
  const bindings = builtIn.filter(isBinding);
  const made = {
    keys: new Set(bindings.map(keyOf)),
    subjects: new Set(
      bindings.flatMap((binding) => (binding.subjects ?? []).map((one) => keyOf({ ...binding, subjects: [one] }))),
    ),
  };
  defaultsByVersion.set(builtIn, made);
  return made;
}

const keyOf = ({ kind, metadata, roleRef, subjects }: BindingObject): string =>
  JSON.stringify([
    kind,
    metadata.namespace ?? '',
    metadata.name,
    roleRef.kind,
    roleRef.name,
    (subjects ?? []).map((one) => [one.kind, one.namespace ?? '', one.name]).sort(),
  ]);

const strangersOf = new WeakMap<ClusterAccess, readonly Stranger[]>();

/**
 * Returns every subject that a binding names and that is not in the config, each with the first such binding. Left out
 * are the components of Kubernetes in its default bindings, and the bindings that Kaniflux assumes for Flux.
 */
export function strangers(access: ClusterAccess): readonly Stranger[] {
  const known = strangersOf.get(access) ?? strangersOn(access);
  strangersOf.set(access, known);
  return known;
}

function strangersOn(access: ClusterAccess): Stranger[] {
  const { authorizer, ownerOf } = access;
  const flux = new Set<object>(fluxRbac(access.fluxHome));
  const found = new Map<string, Stranger>();
  for (const binding of authorizer.bindings) {
    if (flux.has(binding)) continue;
    const isSystem = binding.metadata.name.startsWith('system:');
    for (const subject of binding.subjects ?? []) {
      if (ownerOf(subject) || (isSystem && isDefaultSubject(access.cluster, binding, subject))) continue;
      const stranger = strangerOf(subject, binding);
      if (!found.has(stranger.name)) found.set(stranger.name, stranger);
    }
  }
  return [...found.values()];
}

/** Returns a subject that is not in the config. A binding can name a service account also as a user. */
export function strangerOf({ kind, name, namespace }: SubjectRef, binding: BindingObject): Stranger {
  if (kind === 'Group') return { name: `group ${name}`, groups: [name], binding };
  const home = namespace ?? binding.metadata.namespace ?? '';
  const user = kind === 'User' ? name : `system:serviceaccount:${home}:${name}`;
  return { name: serviceAccountOf(user) ? user : `user ${user}`, user, groups: groupsOfUser(user), binding };
}

/** Returns the service account of Kubernetes that has a user name; `undefined` if this is another user. */
export function serviceAccountOf(user: string): { readonly namespace: string; readonly name: string } | undefined {
  const [, namespace, name] = /^system:serviceaccount:([^:]*):([^:]+)$/.exec(user) ?? [];
  return namespace === undefined || name === undefined ? undefined : { namespace, name };
}

/** Returns the groups, besides `system:authenticated`, that the API server gives a user because of the name. */
export function groupsOfUser(user: string): string[] {
  if (user === 'system:anonymous') return ['system:unauthenticated'];
  const home = serviceAccountOf(user)?.namespace;
  return home === undefined ? [] : ['system:serviceaccounts', `system:serviceaccounts:${home}`];
}

/** Whether the requester is in `system:masters`, which may do everything without RBAC. */
export const isSuperuser = ({ groups }: Requester): boolean => groups.includes(superusers);
