import type { Cluster, Config } from '../config/config';
import { signInKey } from '../identity/authenticator';
import { groupSubjects, personSubjects } from '../identity/subject';
import { builtinRbac } from '../upstream/builtin-rbac';
import { fluxAppliers, fluxRbac } from '../upstream/flux-rbac';
import { has } from '../upstream/kubernetes';
import { Authorizer } from './authorizer';
import { type EveryonesNames, everyonesNames, withEveryones } from './everyones-groups';
import { isBinding, isRbac, type RbacObject } from './objects';
import { type Principal, principals } from './principals';
import { reconciled } from './reconciled';

/** A cluster with its objects, the people who sign in to it, and their rights. */
export interface ClusterAccess {
  readonly config: Config;
  readonly cluster: Cluster;
  readonly authorizer: Authorizer;
  readonly principals: readonly Principal[];
  /** Returns the entry of the config that a subject of a binding names; `undefined` if there is none. */
  ownerOf(subject: { readonly kind: string; readonly name: string }): Owner | undefined;
  /** The group names in bindings that refer to a built-in Kanidm group that contains everybody. */
  readonly everyones: EveryonesNames;
  /** The namespace of the Flux controllers. */
  readonly fluxHome: string;
}

export interface Owner {
  readonly kind: 'person' | 'service account' | 'group';
  readonly name: string;
}

/**
 * Returns the name in Kanidm of the group that an RBAC subject names. The group is in the config, or it is a built-in
 * group that contains everybody. Returns `undefined` for any other subject.
 */
export function groupOf(access: ClusterAccess, subject: { readonly kind: string; readonly name: string }) {
  const owner = access.ownerOf(subject);
  if (owner) return owner.kind === 'group' ? owner.name : undefined;
  return subject.kind === 'Group' ? access.everyones.get(subject.name) : undefined;
}

/**
 * Evaluates the RBAC objects of a cluster.
 * @param objects objects of any kind: those rendered for the cluster, and others of the same cluster such as
 * hand-written ones
 * @param whole whether the objects include the roles of Kubernetes and of Flux. @default false
 */
export function clusterAccess(
  config: Config,
  cluster: Cluster,
  objects: Iterable<object>,
  whole = false,
): ClusterAccess {
  const rbac = [...objects].filter(isRbac);
  const everyones = everyonesNames(config, cluster, rbac);
  const installed = installedFlux(rbac, cluster.flux.source.namespace);
  const fluxHome = installed ?? cluster.flux.source.namespace;
  let owners: ReadonlyMap<string, Owner> | undefined;
  return {
    config,
    cluster,
    authorizer: new Authorizer(
      whole ? rbac : reconciled(rbac, builtinRbac(cluster.kubernetes)),
      whole ? [] : installed === undefined ? builtInRbac(cluster) : builtinRbac(cluster.kubernetes),
      {
        ...(isLockedDown(cluster) ? { lockedFlux: fluxHome } : {}),
        execNeedsCreate: has(cluster.kubernetes, 'execNeedsCreate'),
        ignoresConstrained: !has(cluster.kubernetes, 'constrainedImpersonation'),
      },
    ),
    principals: withEveryones(config, cluster, principals(config, cluster), everyones),
    everyones,
    fluxHome,
    ownerOf({ kind, name }) {
      owners ??= ownersOf(config, cluster);
      return owners.get(`${kind}\n${name}`);
    },
  };
}

/**
 * Whether the Flux controllers run with `--default-service-account`. A Kustomization or HelmRelease that names no
 * service account is then applied as this service account of its own namespace, and not as cluster-admin.
 */
const isLockedDown = ({ flux: { lockdown } }: Cluster): boolean => lockdown?.defaultServiceAccount !== undefined;

/**
 * Returns the namespace of the Flux controllers if the objects include one of the two bindings of an installation of
 * Flux, even if somebody removed the other one. Otherwise returns `undefined`, and a default installation is assumed.
 * Other bindings of a controller only add rights, and other programs have a controller of the same name.
 * @param usual the namespace that is returned if there are several installations and it is one of theirs
 */
function installedFlux(objects: readonly RbacObject[], usual: string): string | undefined {
  const homes = objects
    .filter(isBinding)
    .flatMap(({ kind, metadata, subjects }) =>
      kind === 'ClusterRoleBinding' && /^(crd-controller|cluster-reconciler)(-|$)/.test(metadata.name)
        ? (subjects ?? []).flatMap(({ kind, name, namespace }) =>
            kind === 'ServiceAccount' && fluxAppliers.some((one) => one === name) ? (namespace ?? []) : [],
          )
        : [],
    );
  return homes.includes(usual) ? usual : homes[0];
}

const withFlux = new WeakMap<readonly RbacObject[], Map<string, readonly RbacObject[]>>();

/**
 * The roles and bindings that Kubernetes and Flux create for themselves. Every cluster has those of Flux, because Flux
 * applies the output of Kaniflux. `flux bootstrap` creates the source in the namespace of the controllers. Clusters
 * with the same version of Kubernetes and the same namespace of Flux share one list.
 */
export function builtInRbac({ kubernetes, flux }: Cluster): readonly RbacObject[] {
  const { namespace } = flux.source;
  const builtIn = builtinRbac(kubernetes);
  const byNamespace = withFlux.get(builtIn) ?? new Map<string, readonly RbacObject[]>();
  withFlux.set(builtIn, byNamespace);
  const all = byNamespace.get(namespace) ?? [...builtIn, ...fluxRbac(namespace)];
  byNamespace.set(namespace, all);
  return all;
}

/**
 * Caches who has which user or group name on the last evaluated cluster. On most clusters of a config, people have the
 * same names.
 */
const lastOwners = new WeakMap<Config, { readonly key: string; readonly owners: ReadonlyMap<string, Owner> }>();

function ownersOf(config: Config, cluster: Cluster): ReadonlyMap<string, Owner> {
  const key = signInKey(cluster);
  const last = lastOwners.get(config);
  const owners = last?.key === key ? last.owners : namedOn(config, cluster);
  lastOwners.set(config, { key, owners });
  return owners;
}

function namedOn(config: Config, cluster: Cluster): Map<string, Owner> {
  const owners = new Map<string, Owner>();
  for (const name of config.groups.keys()) {
    for (const subject of groupSubjects(config, cluster, name))
      owners.set(`Group\n${subject}`, { kind: 'group', name });
  }
  for (const name of config.people.keys()) {
    for (const subject of personSubjects(config, cluster, name))
      owners.set(`User\n${subject}`, { kind: 'person', name });
  }
  for (const name of config.serviceAccounts.keys()) {
    for (const subject of personSubjects(config, cluster, name))
      owners.set(`User\n${subject}`, { kind: 'service account', name });
  }
  return owners;
}
