import type { Model, NodeId } from '../model/access-paths';
import type { Chosen } from '../model/filter';
import { labelOf } from '../model/labels';
import { allowed, factsOf, sentences, summary } from '../model/words';
import { badge } from './badge';
import { byId, h } from './dom';

const mostLines = 40;
const mostRoles = 12;

/** Shows the text next to the picture: sentences about the followed node, or about all nodes. */
export function panel(model: Model) {
  return ({ paths }: Chosen, held: NodeId | undefined): void => {
    const { lines, hidden } = sentences(model, paths, held, mostLines);
    const more = hidden > 0 ? [h('p', { class: 'quiet' }, `And ${hidden.toLocaleString('en')} more.`)] : [];
    const list = h('ul', {}, ...lines.map((line) => h('li', {}, line)));
    if (held === undefined) {
      byId('words-title').replaceChildren('In words');
      const hint = 'Choose somebody, a group, a role or a cluster in the picture to follow their paths.';
      byId('words').replaceChildren(h('p', { class: 'quiet hint' }, hint), list, ...more);
      return;
    }
    const { title, danger } = labelOf(model, held);
    byId('words-title').replaceChildren(title, ...(danger === undefined ? [] : [' ', badge(danger)]));
    const roles = allowed(model, paths, held);
    byId('words').replaceChildren(
      h('p', {}, summary(model, paths, held)),
      ...factsOf(model, held).map((fact) => h('p', { class: 'quiet fact' }, fact)),
      list,
      ...more,
      ...(roles.length > 0 ? [h('h4', {}, 'What the roles allow')] : []),
      h('ul', { class: 'quiet' }, ...roles.slice(0, mostRoles).map((line) => h('li', {}, line))),
    );
  };
}
