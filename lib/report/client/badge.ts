import type { Danger } from '../../access/danger';
import { dangerWords } from '../model/danger-words';
import { h } from './dom';

/** Returns an element that shows the danger, by a word and a colour. */
export const badge = (danger: Danger | undefined): HTMLElement =>
  h('span', { class: `badge ${danger ?? 'nothing'}` }, danger === undefined ? 'Nothing' : dangerWords[danger]);
