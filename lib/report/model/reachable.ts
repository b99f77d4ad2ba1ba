import { type Model, nodeId } from './access-paths';
import { rankOf } from './danger-words';
import type { WayData } from './data';
import type { Filter } from './filter';

/** Returns the ways that match a filter, each reduced to the cluster and the people of the filter. */
export function waysFor(model: Model, filter: Filter): readonly WayData[] {
  const search = filter.search.trim().toLowerCase();
  const { cluster, group, role, danger } = filter;
  return model.data.becomings.ways.flatMap((way) => {
    if (cluster !== undefined && !way.clusters.includes(cluster)) return [];
    if (group !== undefined && !way.groups.includes(group)) return [];
    if (role !== undefined && !way.roles.includes(role)) return [];
    if (danger !== undefined && rankOf(way.danger) > rankOf(danger)) return [];
    const people = search === '' || isAbout(model, way, search) ? way.people : peopleCalled(model, way, search);
    return people.length === 0 ? [] : [{ ...way, people, ...(cluster === undefined ? {} : { clusters: [cluster] }) }];
  });
}

const peopleCalled = ({ text }: Model, { people }: WayData, search: string) =>
  people.filter((at) => text.get(nodeId.person(at))?.includes(search));

/** Whether a text occurs in the goal, its rights, the steps, the groups or the clusters of a way. */
function isAbout({ data, text }: Model, { goal, may, steps, groups, clusters }: WayData, search: string): boolean {
  const names = [...groups.map(nodeId.group), ...clusters.map(nodeId.cluster)];
  return (
    [goal, may].some((one) => one.toLowerCase().includes(search)) ||
    names.some((id) => text.get(id)?.includes(search)) ||
    steps.some((at) => {
      const { does = '', allowedBy = [], assumes = [] } = data.becomings.steps[at] ?? {};
      return [does, ...allowedBy, ...assumes].some((one) => one.toLowerCase().includes(search));
    })
  );
}
