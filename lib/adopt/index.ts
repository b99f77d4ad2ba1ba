export { type Adopted, adopt } from './adopt';
export { factsOf } from './documents';
export { type Facts, type Note, nothing, together } from './facts';
export { fromCluster, type Kubectl } from './live';
export { fromKanidm } from './rest';
export { adoptedText, lacking } from './text';
export { differences } from './verify';
