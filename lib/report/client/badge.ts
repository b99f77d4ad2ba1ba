import type { Danger } from '../../access/danger';
import { dangerWords } from '../model/danger-words';
import { h } from './dom';

/** How dangerous something is, in a word and a colour. */
export const badge = (danger: Danger | undefined): HTMLElement =>
  h('span', { class: `badge ${danger ?? 'nothing'}` }, danger === undefined ? 'Nothing' : dangerWords[danger]);
