import type { Danger } from '../../access/danger';
import { type Model, nodeId, type Path, stepsOf } from './access-paths';
import { rankOf } from './danger-words';

/** The conditions of the filter form; a field that is not set restricts nothing. */
export interface Filter {
  /** A part of a name, in upper or lower case. */
  readonly search: string;
  readonly cluster?: number;
  readonly group?: number;
  readonly role?: string;
  /** The least danger to show. */
  readonly danger?: Danger;
}

export const everything: Filter = { search: '' };

export interface Chosen {
  readonly paths: readonly Path[];
  /** The indices of the people, in the order of the model. */
  readonly people: readonly number[];
  /** Whether the filter has a condition. */
  readonly narrowed: boolean;
}

/**
 * Returns the paths that match a filter, and their people. People without grants are included if the search finds them
 * and no other field of the filter is set.
 */
export function choose(model: Model, filter: Filter): Chosen {
  const search = filter.search.trim().toLowerCase();
  const structural = [filter.cluster, filter.group, filter.role, filter.danger].some((one) => one !== undefined);
  const paths = model.paths.flatMap((path) => {
    const kept = narrowed(model, filter, path);
    return kept && (search === '' || named(model, kept, search)) ? [kept] : [];
  });
  const holders = new Set(paths.map(({ person }) => person));
  const people = model.people.filter(
    (at) =>
      holders.has(at) ||
      (!structural && model.byPerson[at]?.length === 0 && (model.text.get(nodeId.person(at)) ?? '').includes(search)),
  );
  return { paths, people, narrowed: structural || search !== '' };
}

/** Returns the path if it matches, reduced to the cluster of the filter. */
function narrowed({ data }: Model, { cluster, group, role, danger }: Filter, path: Path): Path | undefined {
  const grant = data.grants[path.grant];
  if (!grant || (role !== undefined && grant.role !== role)) return undefined;
  if (danger !== undefined && rankOf(grant.danger) > rankOf(danger)) return undefined;
  if (group !== undefined && !path.way.includes(group)) return undefined;
  if (cluster === undefined) return path;
  return path.clusters.includes(cluster) ? { ...path, clusters: [cluster] } : undefined;
}

const named = ({ text }: Model, path: Path, search: string) =>
  [...stepsOf(path), ...path.clusters.map(nodeId.cluster)].some((id) => text.get(id)?.includes(search));
