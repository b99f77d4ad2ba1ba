import type { Cluster, Config } from '../config/config';
import { signInKey } from '../identity/authenticator';
import { groupSubjects, personSubjects } from '../identity/subject';
import { builtinRbac } from '../upstream/builtin-rbac';
import { Authorizer } from './authorizer';
import { isRbac } from './objects';
import { type Principal, principals } from './principals';

/** A cluster with its objects, the people who sign in to it, and their rights. */
export interface ClusterAccess {
  readonly config: Config;
  readonly cluster: Cluster;
  readonly authorizer: Authorizer;
  readonly principals: readonly Principal[];
  /** Returns the entry of the config that a subject of a binding names; `undefined` if there is none. */
  ownerOf(subject: { readonly kind: string; readonly name: string }): Owner | undefined;
}

export interface Owner {
  readonly kind: 'person' | 'service account' | 'group';
  readonly name: string;
}

/** Returns the name of the group in the config that a subject names; `undefined` if there is none. */
export function groupOf(access: ClusterAccess, subject: { readonly kind: string; readonly name: string }) {
  const owner = access.ownerOf(subject);
  return owner?.kind === 'group' ? owner.name : undefined;
}

/**
 * @param objects rendered for the cluster, and others of the same cluster such as hand-written ones; any kind
 * @param whole whether Kubernetes' own roles are among them already. @default false
 */
export function clusterAccess(
  config: Config,
  cluster: Cluster,
  objects: Iterable<object>,
  whole = false,
): ClusterAccess {
  const builtIn = whole ? [] : builtinRbac(cluster.kubernetes);
  let owners: ReadonlyMap<string, Owner> | undefined;
  return {
    config,
    cluster,
    authorizer: new Authorizer([...objects].filter(isRbac), builtIn),
    principals: principals(config, cluster),
    ownerOf({ kind, name }) {
      owners ??= ownersOf(config, cluster);
      return owners.get(`${kind}\n${name}`);
    },
  };
}

/** The owners on the last cluster: most clusters of a config sign people in alike. */
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
