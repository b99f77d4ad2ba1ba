export { clusterWideAccess, namespacedAccess } from './access';
export * from './bindings';
export { rules } from './rules';
