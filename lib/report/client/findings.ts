import type { FindingData, ReportData } from '../model/data';
import { count } from '../model/labels';
import { listed } from '../model/words';
import { byId, h, marked } from './dom';

const mostAtFirst = 4;

/** Shows the findings of `check`, on the chosen cluster or on all. */
export function findings({ findings: all, ignored, clusters }: ReportData) {
  const on = (cluster: number | undefined) => (cluster === undefined ? '' : ` on ${clusters[cluster]?.name}`);
  const onAll = (about: FindingData['clusters']) =>
    about === undefined ? '' : ` on ${listed(about.map((at) => clusters[at]?.name ?? ''))}`;
  const item = ({ message, fix, place, clusters: about }: FindingData, shared: boolean) =>
    h(
      'li',
      {},
      h('p', {}, ...marked(message), '.'),
      shared ? undefined : h('p', {}, h('strong', {}, 'Fix: '), ...marked(fix)),
      h('p', { class: 'quiet' }, h('code', {}, place), onAll(about)),
    );
  const group = (list: readonly FindingData[]) => {
    const [first] = list;
    if (!first) return undefined;
    const { severity, code, title, fix, page } = first;
    const shared = list.every((one) => one.fix === fix);
    return h(
      'article',
      { class: 'finding' },
      h('h3', {}, h('span', { class: `severity ${severity}` }, severity), ` ${title}`),
      items(list.map((one) => () => item(one, shared))),
      shared ? h('p', {}, h('strong', {}, 'Fix: '), ...marked(fix)) : undefined,
      h('p', { class: 'quiet' }, h('code', {}, code), ' is explained in ', h('code', {}, page)),
    );
  };
  const aside = ignored.map(({ code, reason, count: number, cluster }) =>
    h('li', {}, h('code', {}, code), `${on(cluster)}: ${reason} (${count(number, 'finding')})`),
  );
  return (cluster: number | undefined): void => {
    const shown = all.filter((one) => cluster === undefined || one.clusters?.includes(cluster) !== false);
    byId('finding-list').replaceChildren(
      shown.length > 0
        ? h('div', {}, ...together(shown).map(group))
        : h('p', { class: 'empty' }, all.length === 0 ? 'Nothing was found.' : 'Nothing was found on this cluster.'),
      ...(aside.length > 0
        ? [h('h3', {}, 'Findings that the config ignores, with the reason'), h('ul', {}, ...aside)]
        : []),
    );
  };
}

/** Creates a list that shows its first entries, and the others on demand. */
function items(makers: readonly (() => HTMLElement)[]): HTMLElement {
  const list = h('ul', { class: 'plain' }, ...makers.slice(0, mostAtFirst).map((make) => make()));
  const rest = makers.slice(mostAtFirst);
  if (rest.length === 0) return list;
  const more = h('button', { type: 'button', class: 'more' }, `Show ${rest.length.toLocaleString('en')} more`);
  more.addEventListener('click', () => {
    more.remove();
    const added = rest.map((make) => make());
    list.append(...added);
    added[0]?.setAttribute('tabindex', '-1');
    added[0]?.focus();
  });
  return h('div', {}, list, more);
}

/** Groups findings by severity and code, in the order in which each group first occurs. */
function together(all: readonly FindingData[]): FindingData[][] {
  const groups = new Map<string, FindingData[]>();
  for (const one of all) {
    const key = `${one.severity} ${one.code}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}
