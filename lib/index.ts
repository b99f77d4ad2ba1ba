/*
 * The public library: constructs for a cdk8s app, and functions that load a config and render it.
 */

export { type ClusterCharts, clusterCharts } from './cluster-charts';
export type { Cluster, Config } from './config/config';
export { memoryReader, type Reader } from './config/reader';
export { ApiServerSignIn, type ApiServerSignInProps, type KubeadmPart } from './constructs/api-server-sign-in';
export {
  clusterRoles,
  clusterWideAccess,
  fluxAlertProps,
  fluxSyncProps,
  kanidmHelmAppProps,
  kanidmServerProps,
  namespacedAccess,
  namespacedRoles,
} from './constructs/config-props';
export { FluxAlert, type FluxAlertProps } from './constructs/flux-alert';
export { FluxSync, type FluxSyncProps } from './constructs/flux-sync';
export { HelmApp, type HelmAppProps } from './constructs/helm-app';
export type { IssuerProps, ValidationRule } from './constructs/issuer-props';
export { KanidmClient, type KanidmClientProps } from './constructs/kanidm-client';
export { KanidmExposure, type KanidmExposureProps } from './constructs/kanidm-exposure';
export { KanidmHelmApp, type KanidmHelmAppProps } from './constructs/kanidm-helm-app';
export { KanidmMigrations, type KanidmMigrationsProps } from './constructs/kanidm-migrations';
export { KanidmServer, type KanidmServerProps } from './constructs/kanidm-server';
export { type KubeconfigProps, kubeconfig } from './constructs/kubeconfig-file';
export { type Migration, type MigrationMaps, migrationMaps } from './constructs/migration-maps';
export { migrations } from './constructs/migrations';
export {
  OidcClusterRoleBinding,
  type OidcClusterRoleBindingProps,
  OidcRoleBinding,
  type OidcRoleBindingProps,
} from './constructs/oidc-bindings';
export { ClusterRole, type ClusterRoleProps, type NamespacedRoleProps, Role } from './constructs/rbac-roles';
export { diskReader } from './existing/disk-reader';
export type { LocatedFinding } from './findings/finding';
export { issuerOf } from './identity/issuer';
export { groupSubjects, personSubjects } from './identity/subject';
export { derivedUuid } from './identity/uuid';
export { ConfigError, type Loaded, parseConfig } from './load';
export { loadConfig } from './load-config';
export type { Artifact } from './output/artifact';
export type { KubernetesObject } from './output/kubernetes-object';
export { OutputError } from './output/output-error';
export { type WriteOptions, type Written, writeArtifacts } from './output/write';
export { documents, toYaml } from './output/yaml';
export { type ClusterRendering, clusterFolders, type Folder, render, renderCluster, renderShared } from './render';
