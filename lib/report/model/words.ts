import { type Model, type NodeId, type Path, pathsOn, through } from './access-paths';
import { grantAt } from './data';
import { count, labelOf, whereOf } from './labels';

export const listed = (items: readonly string[], most = 6): string => {
  const shown = items.slice(0, most);
  const rest = items.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest.toLocaleString('en')} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
};

/** Returns a path as a sentence: `jane has view in web on homelab, through devs in ops (grant viewers).` */
export function sentence({ data }: Model, { person, way, terms = [], grant, clusters }: Path): string {
  const one = grantAt(data, grant);
  const where = one.namespaces.length === 0 ? '' : ` ${whereOf(one, 4)}`;
  const on = listed(clusters.map((at) => data.clusters[at]?.name ?? ''));
  const groups = way.map((at, i) => `${groupName(data, at)}${terms[i] ?? ''}`);
  const by = groups.length === 0 || person === undefined ? '' : `, through ${groups.join(' in ')}`;
  const file = one.file === undefined ? '' : ` of ${one.file}`;
  const who = person === undefined ? `Nobody in the config is in ${groups.join()}, which` : nameOf(data, person);
  return `${who} has ${one.role}${where} on ${on}${by} (grant ${one.name}${one.term ?? ''}${file}).`;
}

const groupName = ({ groups }: Model['data'], at = -1) => groups[at]?.name ?? '';

export function nameOf({ people }: Model['data'], at: number): string {
  const { kind, name } = people[at] ?? { kind: 'person', name: '' };
  if (kind === 'members') return `Every member of ${name}`;
  return kind === 'service account' ? `Service account ${name}` : name;
}

/** Returns the lines that are shown about a node of the picture, in addition to its paths. */
export function factsOf({ data }: Model, id: NodeId): string[] {
  const at = Number(id.slice(1));
  switch (id[0]) {
    case 'p':
      return [
        ...(data.people[at]?.valid === undefined ? [] : [`The account is valid only ${data.people[at].valid}`]),
        ...(data.people[at]?.knownAs ?? []).map((name) => `API servers call them ${name}`),
        ...signInUnknown(data, at),
        ...reach(data, at),
      ];
    case 'r': {
      const { file, namespaces = [] } = data.grants[at] ?? {};
      return [
        ...(file === undefined ? [] : [`Written by hand in ${file}`]),
        ...(namespaces.length > 1 ? [`Namespaces: ${namespaces.join(', ')}`] : []),
      ];
    }
    case 'c':
      return [`API server ${data.clusters[at]?.server ?? ''}`];
    default:
      return [];
  }
}

function signInUnknown({ people, clusters }: Model['data'], at: number): string[] {
  const on = people[at]?.signInUnknown ?? [];
  if (on.length === 0) return [];
  const names = listed(on.map((cluster) => clusters[cluster]?.name ?? ''));
  return [`Can sign in to ${names} only if Kanidm lists them in a group of the client's scope map`];
}

/** Returns what a person can become, one line for each way. */
function reach({ becomings, clusters }: Model['data'], person: number, most = 4): string[] {
  const ways = becomings.ways.filter(({ people }) => people.includes(person));
  const lines = ways
    .slice(0, most)
    .map(({ goal, clusters: on }) => `Can become ${goal} on ${listed(on.map((at) => clusters[at]?.name ?? ''))}`);
  return ways.length <= most
    ? lines
    : [...lines, `${count(ways.length - most, 'more way')} to get rights: not shown here`];
}

/** Returns a sentence about a node, for screen readers. */
export function summary(model: Model, paths: readonly Path[], id: NodeId): string {
  const { nodes } = through(paths, id);
  const { kind, title } = labelOf(model, id);
  const number = (letter: string) => [...nodes].filter((one) => one.startsWith(letter)).length;
  const [people, grants, clusters] = [number('p'), number('r'), number('c')];
  if (kind === 'person') {
    if (grants === 0) return `${title} holds no role.`;
    return `${title} holds ${count(grants, 'role')} on ${count(clusters, 'cluster')}.`;
  }
  const who = `${count(people, 'person', 'people')} ${people === 1 ? 'holds' : 'hold'}`;
  if (kind === 'grant') return `${who} ${title} through this grant, on ${count(clusters, 'cluster')}.`;
  if (kind === 'cluster') return `${who} ${count(grants, 'role')} on ${title}.`;
  return `${who} ${count(grants, 'role')} through ${title}, on ${count(clusters, 'cluster')}.`;
}

/**
 * Returns the paths through a node, or all paths, as sentences.
 * @param most the maximum number of sentences
 */
export function sentences(model: Model, paths: readonly Path[], id: NodeId | undefined, most: number) {
  const chosen = id === undefined ? paths : pathsOn(paths, id);
  return {
    lines: chosen.slice(0, most).map((path) => sentence(model, path)),
    hidden: Math.max(0, chosen.length - most),
  };
}

/** Returns what each role on the paths through a node allows: `view: may read pods and 56 more`. */
export function allowed({ data }: Model, paths: readonly Path[], id: NodeId): string[] {
  const grants = pathsOn(paths, id).map(({ grant }) => grantAt(data, grant));
  return [...new Set(grants.map(({ role, may }) => `${role}: may ${may}`))];
}
