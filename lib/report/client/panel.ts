import type { Chosen } from '../model/filter';
import { labelOf } from '../model/labels';
import type { Model, NodeId } from '../model/paths';
import { factsOf, sentences, summary } from '../model/words';
import { badge } from './badge';
import { byId, h } from './dom';

const mostLines = 40;

/** What the picture shows, in words: of the node that is held fast, or of everything. */
export function panel(model: Model) {
  return ({ paths }: Chosen, held: NodeId | undefined): void => {
    const { lines, hidden } = sentences(model, paths, held, mostLines);
    const label = held === undefined ? undefined : labelOf(model, held);
    byId('words-title').replaceChildren(
      label?.title ?? 'In words',
      ...(label?.danger === undefined ? [] : [' ', badge(label.danger)]),
    );
    byId('words').replaceChildren(
      h(
        'p',
        {},
        held === undefined
          ? 'Choose somebody, a group, a role or a cluster in the picture to follow their paths.'
          : summary(model, paths, held),
      ),
      ...(held === undefined ? [] : factsOf(model, held).map((fact) => h('p', { class: 'quiet fact' }, fact))),
      h('ul', {}, ...lines.map((line) => h('li', {}, line))),
      ...(hidden > 0 ? [h('p', { class: 'quiet' }, `And ${hidden.toLocaleString('en')} more.`)] : []),
    );
  };
}
