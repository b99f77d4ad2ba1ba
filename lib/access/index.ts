export { Authorizer, type Decision, type Held, heldAllows, superusers } from './authorizer';
export { type ClusterAccess, clusterAccess, type Owner } from './cluster';
export { type Danger, dangerOf, dangers, worst } from './danger';
export * from './objects';
export { type Principal, principals, wayInto } from './principals';
export { covers, type Right, RightSet, rightsOf, rightsOfRule } from './rights';
