export { noPruning, noSubstitution, recreation } from './annotations';
export { notAppliable } from './appliable';
export { HelmApp, type HelmAppProps, type HelmAppValuesFrom } from './helm-app';
export { rules } from './rules';
export { syncObjects } from './sync';
