import type { Model } from '../model/access-paths';
import type { WayData } from '../model/data';
import type { Filter } from '../model/filter';
import { count } from '../model/labels';
import { waysFor } from '../model/reachable';
import { listed, nameOf } from '../model/words';
import { badge } from './badge';
import { byId, h, marked } from './dom';

/** The number of ways that are shown at first. Each click adds twice this number. */
const waysAtOnce = 10;
/** The maximum number of people, and of clusters, that are named for each way. */
const mostNamed = 100;
/** The number of people above which the heading shows only their number. */
const mostInHeading = 3;

/** Shows the ways in which people can become cluster-admin, or get other rights. Further ways are added on demand. */
export function becomings(model: Model) {
  const list = byId('becoming-list');
  const more = byId('becoming-more');
  let shown = waysAtOnce;
  let ways: readonly WayData[] = [];
  const draw = (most: number) => {
    const rest = ways.length - Math.min(ways.length, most);
    const empty =
      model.data.becomings.ways.length === 0
        ? 'By the steps that Kaniflux knows, nobody can get rights that they do not hold yet.'
        : 'By the steps that Kaniflux knows, none of the people that match the filter can get rights that they do not hold yet.';
    list.replaceChildren(
      ...(ways.length === 0
        ? [h('p', { class: 'empty' }, empty)]
        : ways.slice(0, most).map((way) => article(model, way))),
    );
    more.hidden = rest <= 0;
    more.textContent = `Show ${Math.min(rest, 2 * waysAtOnce)} more of ${count(rest, 'way')}`;
  };
  more.addEventListener('click', () => {
    const first = shown;
    shown += 2 * waysAtOnce;
    draw(shown);
    const added = list.children[first]?.querySelector<HTMLElement>('h3');
    added?.setAttribute('tabindex', '-1');
    added?.focus();
  });
  // The printed page has all ways.
  window.addEventListener('beforeprint', () => draw(Number.POSITIVE_INFINITY));
  window.addEventListener('afterprint', () => draw(shown));
  return (filter: Filter): void => {
    shown = waysAtOnce;
    ways = waysFor(model, filter);
    draw(shown);
  };
}

function article(model: Model, { people, clusters, goal, may, danger, steps }: WayData): HTMLElement {
  const { data } = model;
  const names = people.map((at) => nameOf(data, at));
  const who = names.length <= mostInHeading ? listed(names) : count(names.length, 'person', 'people');
  const on = listed(
    clusters.map((at) => data.clusters[at]?.name ?? ''),
    mostNamed,
  );
  return h(
    'article',
    { class: 'finding' },
    h('h3', {}, badge(danger), ` ${who} can become ${goal}`),
    names.length <= mostInHeading ? undefined : h('p', {}, listed(names, mostNamed)),
    h('p', { class: 'quiet' }, `On ${on}, in ${count(steps.length, 'step')}. They may then ${may}.`),
    h('ol', {}, ...steps.map((at) => step(model, at))),
  );
}

function step({ data: { becomings } }: Model, at: number): HTMLElement {
  const { kind, does, allowedBy, assumes = [] } = becomings.steps[at] ?? { kind: 0, does: '', allowedBy: [] };
  const { title = '', closedBy = '', source = '' } = becomings.kinds[kind] ?? {};
  return h(
    'li',
    {},
    h('p', {}, ...marked(does)),
    h(
      'ul',
      { class: 'quiet plain' },
      ...allowedBy.map((one) => h('li', {}, ...marked(`Allowed by: ${one}`))),
      ...assumes.map((clause) => h('li', {}, ...marked(`If ${clause}`))),
      h('li', {}, ...marked(`Prevented by: ${closedBy}`)),
      h('li', {}, 'Why: ', h('a', { href: source }, title)),
    ),
  );
}
