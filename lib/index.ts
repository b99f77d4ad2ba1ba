/*
 * The library: constructs for a cdk8s app of your own, and the whole way from a config to its files.
 */
export type { Artifact } from './artifacts/artifact';
export type { KubernetesObject } from './artifacts/objects';
export { OutputError } from './artifacts/output-error';
export { type WriteOptions, type Written, writeArtifacts } from './artifacts/write';
export type { Config } from './config/config';
export type { Issue } from './config/locate';
export { diskReader, memoryReader, type Reader } from './config/reader';
export { HelmApp, type HelmAppProps } from './flux/helm-app';
export { issuerOf } from './identity/issuer';
export { groupSubjects, personSubjects } from './identity/subject';
export { derivedUuid } from './identity/uuid';
export { ConfigError, type Loaded, loadConfig, parseConfig } from './load';
export {
  OidcClusterRoleBinding,
  type OidcClusterRoleBindingProps,
  OidcRoleBinding,
  type OidcRoleBindingProps,
} from './rbac/bindings';
export { clusterFolders, type Folder, render, renderCluster, renderShared } from './render';
