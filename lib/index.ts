/*
 * The library: constructs for a cdk8s app of your own, and the whole way from a config to its files.
 */

export type { Config } from './config/config';
export { diskReader, memoryReader, type Reader } from './config/reader';
export {
  OidcClusterRoleBinding,
  type OidcClusterRoleBindingProps,
  OidcRoleBinding,
  type OidcRoleBindingProps,
} from './constructs/bindings';
export { HelmApp, type HelmAppProps } from './constructs/helm-app';
export type { LocatedFinding } from './findings/finding';
export { issuerOf } from './identity/issuer';
export { groupSubjects, personSubjects } from './identity/subject';
export { derivedUuid } from './identity/uuid';
export { ConfigError, type Loaded, loadConfig, parseConfig } from './load';
export type { Artifact } from './output/artifact';
export type { KubernetesObject } from './output/kubernetes-object';
export { OutputError } from './output/output-error';
export { type WriteOptions, type Written, writeArtifacts } from './output/write';
export { clusterFolders, type Folder, render, renderCluster, renderShared } from './render';
