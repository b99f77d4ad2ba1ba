export { noPruning, noSubstitution, recreation } from './annotations';
export { notAppliable } from './appliable';
export { rules } from './rules';
export { syncObjects } from './sync';
