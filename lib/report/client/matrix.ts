import type { Danger } from '../../access/danger';
import { type Model, type NodeId, nodeId, type Path } from '../model/access-paths';
import { worstOf } from '../model/danger-words';
import type { Chosen } from '../model/filter';
import { count, rolesOf, whereOf, whoIs } from '../model/labels';
import { badge } from './badge';
import { byId, h } from './dom';

/** The number of rows that are shown at first. Each click adds twice this number. */
const rowsAtOnce = 50;
const mostColumns = 16;

interface Line {
  readonly text: string;
  readonly danger?: Danger;
}

interface ColumnOf {
  readonly title: string;
  /** Returns the lines of the cell for a person with these paths. */
  cell(paths: readonly Path[]): readonly Line[];
}

/** Shows the table of who has what: people by clusters, or by roles. Further rows are added on demand. */
export function matrix(model: Model, follow: (node: NodeId) => void) {
  const body = byId('matrix-table');
  const more = byId('matrix-more');
  let shown = rowsAtOnce;
  let draw = (_rows: number) => {};
  more.addEventListener('click', () => {
    const first = shown;
    shown += 2 * rowsAtOnce;
    draw(shown);
    body.querySelectorAll<HTMLElement>('tbody button')[first]?.focus();
  });
  // The printed page has all rows.
  window.addEventListener('beforeprint', () => draw(Number.POSITIVE_INFINITY));
  window.addEventListener('afterprint', () => draw(shown));

  return (chosen: Chosen, by: 'clusters' | 'roles'): void => {
    shown = rowsAtOnce;
    const mine = new Map<number, Path[]>();
    for (const path of chosen.paths) {
      if (path.person === undefined) continue;
      const list = mine.get(path.person);
      if (list) list.push(path);
      else mine.set(path.person, [path]);
    }
    const all = by === 'clusters' ? clusterColumns(model, chosen) : roleColumns(model, chosen);
    const columns = all.slice(0, mostColumns);
    byId('matrix-note').textContent =
      all.length > columns.length ? `${count(all.length - columns.length, 'more column')}: filter to see them.` : '';
    const head = h(
      'thead',
      {},
      h(
        'tr',
        {},
        ...['Person', 'Worst', ...columns.map(({ title }) => title)].map((title) => h('th', { scope: 'col' }, title)),
      ),
    );
    draw = (rows) => {
      const people = chosen.people.slice(0, rows);
      const rest = chosen.people.length - people.length;
      body.replaceChildren(
        h('caption', { class: 'unseen' }, `Who has what, by ${by}`),
        head,
        h('tbody', {}, ...people.map((at) => row(model, { person: at, paths: mine.get(at) ?? [], columns }, follow))),
      );
      more.hidden = rest <= 0;
      more.textContent = `Show ${Math.min(rest, 2 * rowsAtOnce)} more of ${rest.toLocaleString('en')}`;
    };
    draw(shown);
  };
}

interface Row {
  readonly person: number;
  readonly paths: readonly Path[];
  readonly columns: readonly ColumnOf[];
}

function row(model: Model, { person: at, paths, columns }: Row, follow: (node: NodeId) => void) {
  const person = model.data.people[at];
  const name = h('button', { type: 'button', class: 'link' }, person?.name ?? '');
  name.addEventListener('click', () => follow(nodeId.person(at)));
  const note = person ? whoIs(person) : '';
  const worst = worstOf(paths.map(({ grant }) => model.data.grants[grant]?.danger));
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, name, note === 'person' ? undefined : h('span', { class: 'quiet' }, note)),
    h('td', {}, paths.length > 0 ? badge(worst) : nothing()),
    ...columns.map((column) => cell(column.cell(paths))),
  );
}

function cell(lines: readonly Line[]): HTMLElement {
  if (lines.length === 0) return h('td', {}, nothing());
  const distinct = [...new Map(lines.map((line) => [line.text, line])).values()];
  return h('td', {}, ...distinct.map(({ text, danger }) => h('div', { class: `held ${danger ?? 'nothing'}` }, text)));
}

const nothing = () =>
  h('span', { class: 'nothing' }, h('span', { 'aria-hidden': 'true' }, '·'), h('span', { class: 'unseen' }, 'nothing'));

/**
 * Returns a column for each cluster. Clusters on which somebody holds a role come first; with a filter, only these have
 * a column.
 */
function clusterColumns({ data }: Model, { paths, narrowed }: Chosen): ColumnOf[] {
  const used = new Set(paths.flatMap(({ clusters }) => clusters));
  const all = [...data.clusters.keys()];
  const shown = [...all.filter((at) => used.has(at)), ...(narrowed ? [] : all.filter((at) => !used.has(at)))];
  return shown.map((at) => ({
    title: data.clusters[at]?.name ?? '',
    cell: (paths) =>
      paths
        .filter(({ clusters }) => clusters.includes(at))
        .map(({ grant }) => line(data, grant, data.grants[grant]?.role ?? '')),
  }));
}

function roleColumns({ data }: Model, { paths }: Chosen): ColumnOf[] {
  const used = new Set(paths.map(({ grant }) => data.grants[grant]?.role));
  return rolesOf(data)
    .filter((role) => used.has(role))
    .map((title) => ({
      title,
      cell: (paths) =>
        paths
          .filter(({ grant }) => data.grants[grant]?.role === title)
          .map(({ grant, clusters }) => {
            const names = clusters.slice(0, 3).map((at) => data.clusters[at]?.name);
            const rest = clusters.length - names.length;
            return line(data, grant, `${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`);
          }),
    }));
}

function line({ grants }: Model['data'], at: number, text: string): Line {
  const grant = grants[at];
  const where = grant && grant.namespaces.length > 0 ? ` ${whereOf(grant, 2)}` : '';
  return { text: text + where, ...(grant?.danger === undefined ? {} : { danger: grant.danger }) };
}
