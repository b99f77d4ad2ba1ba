export { parts } from './check';
export { formats } from './format';
export { Patient, type Tools } from './patient';
export { type Diagnosis, examine } from './run';
export { printer, summary } from './text';
