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

/**
 * Returns a function that tells whether a binding is for components of Kubernetes, or is one of the bindings that
 * Kaniflux assumes for Flux.
 */
function componentsOwn({ cluster }: ClusterAccess): (binding: BindingObject) => boolean {
  const isKubernetesOwn = kubernetesOwn(cluster);
  const flux = new Set<object>(fluxRbac(cluster.flux.namespace));
  return (binding) => flux.has(binding) || isKubernetesOwn(binding);
}

/**
 * Returns a function that tells whether a binding is one of the default bindings for components of Kubernetes, and
 * unchanged. A name or a subject alone proves nothing, because anybody can give a binding a name that begins with
 * `system:`, and add-ons have service accounts in `kube-system`.
 */
function kubernetesOwn(cluster: ClusterAccess['cluster']): (binding: BindingObject) => boolean {
  const defaults = defaultsOf(builtinRbac(cluster.kubernetes));
  return (binding) =>
    binding.metadata.name.startsWith('system:') && (defaults.objects.has(binding) || defaults.keys.has(keyOf(binding)));
}

/** Whether a binding is one of the default bindings that the API server creates, and unchanged. */
export const isDefaultBinding = ({ kubernetes }: ClusterAccess['cluster'], binding: BindingObject): boolean =>
  defaultsOf(builtinRbac(kubernetes)).keys.has(keyOf(binding));

interface Defaults {
  readonly objects: ReadonlySet<RbacObject>;
  readonly keys: ReadonlySet<string>;
}

const defaultsByVersion = new WeakMap<readonly RbacObject[], Defaults>();

/** The default bindings of a Kubernetes version, which all clusters with this version share. */
function defaultsOf(builtIn: readonly RbacObject[]): Defaults {
  const known = defaultsByVersion.get(builtIn);
  if (known) return known;
  const bindings = builtIn.filter(isBinding);
  const made = { objects: new Set<RbacObject>(bindings), keys: new Set(bindings.map(keyOf)) };
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
 * Returns every subject that a binding names and that is not in the config, each with the first such binding. Bindings
 * for components of Kubernetes and Flux are left out.
 */
export function strangers(access: ClusterAccess): readonly Stranger[] {
  const known = strangersOf.get(access) ?? strangersOn(access);
  strangersOf.set(access, known);
  return known;
}

function strangersOn(access: ClusterAccess): Stranger[] {
  const { authorizer, ownerOf } = access;
  const isComponentsOwn = componentsOwn(access);
  const found = new Map<string, Stranger>();
  for (const binding of authorizer.bindings) {
    if (isComponentsOwn(binding)) continue;
    for (const subject of binding.subjects ?? []) {
      if (ownerOf(subject)) continue;
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
  const isAccount = serviceAccount.test(user);
  return { name: isAccount ? user : `user ${user}`, user, groups: groupsOfUser(user), binding };
}

const serviceAccount = /^system:serviceaccount:([^:]*):[^:]+$/;

/** Returns the groups, besides `system:authenticated`, that the API server gives a user because of the name. */
export function groupsOfUser(user: string): string[] {
  if (user === 'system:anonymous') return ['system:unauthenticated'];
  const home = serviceAccount.exec(user)?.[1];
  return home === undefined ? [] : ['system:serviceaccounts', `system:serviceaccounts:${home}`];
}

/** Whether the requester is in `system:masters`, which may do everything without RBAC. */
export const isSuperuser = ({ groups }: Requester): boolean => groups.includes(superusers);
