import type { Danger } from '../../access/danger';
import { indexOf, type Model, type NodeId } from './access-paths';
import { worstOf } from './danger-words';
import { type GrantData, grantAt, type PersonData, personAt, type ReportData } from './data';

export type NodeKind = 'person' | 'group' | 'grant' | 'cluster';

/** The text on a node. */
export interface Label {
  readonly kind: NodeKind;
  readonly title: string;
  readonly note: string;
  readonly danger?: Danger;
}

const kinds: Readonly<Record<string, NodeKind>> = { p: 'person', g: 'group', r: 'grant', c: 'cluster' };

export const kindOf = (id: NodeId): NodeKind => kinds[id[0] ?? ''] ?? 'cluster';

export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number.toLocaleString('en')} ${number === 1 ? one : many}`;

export function labelOf(model: Model, id: NodeId): Label {
  const at = indexOf(id);
  const { groups, grants, clusters } = model.data;
  const kind = kindOf(id);
  const danger = (one: Danger | undefined) => (one === undefined ? {} : { danger: one });
  switch (kind) {
    case 'person': {
      const person = personAt(model.data, at);
      const worst = worstOf((model.byPerson[at] ?? []).map(({ grant }) => grants[grant]?.danger));
      const holds = new Set(person.holds.map(({ grant }) => grant)).size;
      const note = person.kind === 'person' ? (person.displayName ?? count(holds, 'grant')) : whoIs(person);
      return { kind, title: person.name, note, ...danger(worst) };
    }
    case 'group': {
      const { name = '', people: members, builtIn } = groups[at] ?? {};
      const note = builtIn
        ? name === 'system:authenticated'
          ? 'everybody who is signed in'
          : 'built into Kubernetes'
        : members === undefined
          ? 'only Kanidm knows the members'
          : count(members, 'person', 'people');
      return { kind, title: name, note };
    }
    case 'grant': {
      const grant = grantAt(model.data, at);
      return { kind, title: grant.role, note: `${whereOf(grant)} · ${grant.name}`, ...danger(grant.danger) };
    }
    case 'cluster': {
      const { name = '', kubernetes = '' } = clusters[at] ?? {};
      return { kind, title: name, note: `Kubernetes ${kubernetes}` };
    }
  }
}

export function whoIs({ kind, displayName }: PersonData): string {
  switch (kind) {
    case 'person':
      return displayName ?? 'person';
    case 'members':
      return 'only Kanidm knows the members';
    case 'other':
      return 'not in the config';
    default:
      return kind;
  }
}

/** Returns where a grant applies: `everywhere`, `in web`, `in web and 3 more namespaces`. */
export function whereOf({ namespaces }: GrantData, most = 1): string {
  if (namespaces.length === 0) return 'everywhere';
  if (namespaces.length <= most) return `in ${namespaces.join(', ')}`;
  return `in ${namespaces.slice(0, most).join(', ')} and ${count(namespaces.length - most, 'more namespace')}`;
}

/** Returns what a screen reader reads after the label of a node: its kind, and where its paths lead. */
export function spoken(model: Model, id: NodeId, leadsTo: readonly NodeId[]): string {
  const kind = kindOf(id);
  const what = kind === 'grant' ? 'role' : kind;
  return `, ${what}${leadsTo.length === 0 ? '' : `; leads to ${names(model, leadsTo)}`}`;
}

const names = (model: Model, ids: readonly NodeId[]) => {
  const shown = ids.slice(0, 4).map((id) => labelOf(model, id).title);
  return [...shown, ...(ids.length > 4 ? [`${ids.length - 4} more`] : [])].join(', ');
};

/** Returns all roles in the order of the grants, the most dangerous first. */
export const rolesOf = ({ grants }: ReportData): string[] => [...new Set(grants.map(({ role }) => role))];
