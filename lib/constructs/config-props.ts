import type { Cluster, Config, Grant, Helm, Manifests } from '../config/config';
import { groupSubjects, personSubjects } from '../identity/subject';
import type { FluxAlertProps } from './flux-alert';
import type { FluxSyncProps } from './flux-sync';
import type { KanidmHelmAppProps } from './kanidm-helm-app';
import type { KanidmServerProps } from './kanidm-server';
import { type MigrationMaps, migrationMaps } from './migration-maps';
import { migrations } from './migrations';
import type { OidcClusterRoleBindingProps, OidcRoleBindingProps } from './oidc-bindings';
import type { ClusterRoleProps, NamespacedRoleProps } from './rbac-roles';

/*
 * The props of the constructs, from a config.
 */

/** The props that do not depend on whether a Helm chart or manifests deploy Kanidm. */
const common = (config: Config) => ({
  domain: config.kanidm.domain,
  namespace: config.kanidm.namespace,
  ...provisioning(config),
});

const provisioning = (config: Config): { migrations?: MigrationMaps } =>
  config.kanidm.provision === 'migrations' ? { migrations: migrationMaps(migrations(config)) } : {};

/** Returns the props of Kanidm deployed by a Helm chart. */
export const kanidmHelmAppProps = (config: Config, helm: Helm): KanidmHelmAppProps => ({
  ...helm,
  ...common(config),
  serverVersion: config.kanidm.version?.text,
});

/** Returns the props of Kanidm deployed by manifests. */
export const kanidmServerProps = (config: Config, manifests: Manifests): KanidmServerProps => ({
  ...manifests,
  ...common(config),
  origin: config.kanidm.origin,
  version: config.kanidm.version?.text,
});

/** Returns the ClusterRoles that the config defines for a cluster. */
export const clusterRoles = ({ roles }: Pick<Cluster, 'roles'>): ClusterRoleProps[] =>
  roles.filter(({ namespaces }) => namespaces.length === 0);

/** Returns the Roles that the config defines for a cluster. A role for several namespaces is returned once for each. */
export const namespacedRoles = ({
  roles,
}: Pick<Cluster, 'roles'>): (NamespacedRoleProps & { readonly namespace: string })[] =>
  roles.flatMap(({ name, rules, namespaces }) => namespaces.map((namespace) => ({ name, namespace, rules })));

/** Returns the cluster-wide grants as bindings. */
export const clusterWideAccess = (config: Config, cluster: Cluster): OidcClusterRoleBindingProps[] =>
  cluster.grants
    .filter(({ namespaces }) => namespaces.length === 0)
    .map((grant) => ({ name: grant.name, clusterRole: grant.roleName, ...subjectsOf(config, cluster, grant) }))
    .filter(namesSomebody);

/** Returns the namespaced grants as bindings, one for each namespace. */
export const namespacedAccess = (
  config: Config,
  cluster: Cluster,
): (OidcRoleBindingProps & { readonly namespace: string })[] =>
  cluster.grants
    .flatMap((grant) =>
      grant.namespaces.map((namespace) => ({
        name: grant.name,
        namespace,
        role: { kind: grant.roleKind, name: grant.roleName },
        ...subjectsOf(config, cluster, grant),
      })),
    )
    .filter(namesSomebody);

/**
 * Returns false if no subject has a name at the API server, for example because the UUIDs are unknown. Kaniflux then
 * reports why no binding can name them.
 */
const namesSomebody = ({ users, groups }: { users: readonly string[]; groups: readonly string[] }) =>
  users.length + groups.length > 0;

const subjectsOf = (config: Config, cluster: Cluster, { people, groups, serviceAccounts, subjects }: Grant) => ({
  users: [...people, ...serviceAccounts]
    .flatMap((account) => personSubjects(config, cluster, account))
    .concat(subjects.users),
  groups: groups.flatMap((group) => groupSubjects(config, cluster, group)).concat(subjects.groups),
});

/**
 * Returns the props of the Flux Kustomization for a folder of `dist/clusters/<cluster>/`. No Kustomization depends on
 * another one, because Flux must apply the bindings even if Kanidm does not run. The Kustomization of Kanidm is ready
 * when Kanidm runs. If this Kustomization is removed, Kanidm and its database stay. Names and paths must never change
 * between versions of Kaniflux: Flux would delete the Kustomization with the old name, and with it perhaps the objects
 * that the new Kustomization applies.
 */
export function fluxSyncProps(cluster: Cluster, folder: string): FluxSyncProps {
  const { path, timeout, alerts, ...flux } = cluster.flux;
  return {
    ...flux,
    name: `kaniflux-${folder}`,
    path: `${path}/clusters/${cluster.name}/${folder}`,
    ...(folder === 'kanidm' ? { waitFor: timeout, keepOnRemoval: true } : {}),
  };
}

/**
 * The props of the construct that makes Flux send messages about a cluster; empty if the config has no `flux.alerts`.
 * Add the construct to the chart with the FluxSyncs of the cluster.
 */
export const fluxAlertProps = ({ flux }: Cluster): FluxAlertProps[] =>
  flux.alerts ? [{ ...flux.alerts, namespace: flux.namespace, source: flux.source }] : [];
