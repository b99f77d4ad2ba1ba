export { type Adopted, adopt } from './adopt';
export { adoptedText, lacking } from './text';
export { differences } from './verify';
