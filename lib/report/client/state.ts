import type { Danger } from '../../access/danger';
import { dangers } from '../../access/danger';
import type { Model, NodeId } from '../model/access-paths';
import type { Filter } from '../model/filter';
import { labelOf, rolesOf } from '../model/labels';

/** The state of the page. */
export interface State {
  readonly filter: Filter;
  /** The followed node. The paths through it are highlighted. */
  readonly held?: NodeId;
  /** The columns of the table. */
  readonly columns: 'clusters' | 'roles';
}

export const start: State = { filter: { search: '' }, columns: 'clusters' };

/**
 * Returns the state as a fragment of the address. The fragment contains names instead of indices (except for a followed
 * role), so that a link still works after the config has changed.
 */
export function toHash(model: Model, { filter, held, columns }: State): string {
  const { clusters, groups } = model.data;
  const words = new URLSearchParams();
  const put = (key: string, value: string | undefined) => value !== undefined && value !== '' && words.set(key, value);
  put('search', filter.search);
  put('cluster', filter.cluster === undefined ? undefined : clusters[filter.cluster]?.name);
  put('group', filter.group === undefined ? undefined : groups[filter.group]?.name);
  put('role', filter.role);
  put('danger', filter.danger);
  if (columns !== 'clusters') put('columns', columns);
  if (held !== undefined)
    put('follow', `${held[0]}:${held.startsWith('r') ? held.slice(1) : labelOf(model, held).title}`);
  const text = words.toString();
  return text === '' ? '' : `#${text}`;
}

/** Returns the state that a fragment describes. Names that the data does not contain are ignored. */
export function fromHash(model: Model, hash: string): State {
  const words = new URLSearchParams(hash.replace(/^#/, ''));
  const { clusters, groups } = model.data;
  const at = (list: readonly { name: string }[], name: string | null) => {
    const index = list.findIndex((one) => one.name === name);
    return index < 0 ? undefined : index;
  };
  const role = rolesOf(model.data).find((one) => one === words.get('role'));
  const danger = dangers.find((one): one is Danger => one === words.get('danger'));
  const [cluster, group] = [at(clusters, words.get('cluster')), at(groups, words.get('group'))];
  const held = followed(model, words.get('follow') ?? '');
  return {
    filter: {
      search: words.get('search') ?? '',
      ...(cluster === undefined ? {} : { cluster }),
      ...(group === undefined ? {} : { group }),
      ...(role === undefined ? {} : { role }),
      ...(danger === undefined ? {} : { danger }),
    },
    columns: columnsOf(words.get('columns')),
    ...(held === undefined ? {} : { held }),
  };
}

export const columnsOf = (text: string | null): State['columns'] => (text === 'roles' ? 'roles' : 'clusters');

function followed({ data }: Model, text: string): NodeId | undefined {
  const [kind = '', name] = [text[0], text.slice(2)];
  const lists: Record<string, readonly { name: string }[]> = { p: data.people, g: data.groups, c: data.clusters };
  const at =
    kind === 'r'
      ? data.grants[Number(name)]
        ? Number(name)
        : -1
      : (lists[kind] ?? []).findIndex((one) => one.name === name);
  return at < 0 ? undefined : `${kind}${at}`;
}
