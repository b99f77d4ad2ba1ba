import type { Held } from '../access/authorizer';
import { type Danger, dangerOf } from '../access/danger';
import type { Principal } from '../access/principals';
import type { Right } from '../access/rights';

/** `a`, `a and b`, `a, b and 3 more`. */
export function listed(items: readonly string[], most = 4): string {
  if (items.length <= 1) return items[0] ?? '';
  const shown = items.slice(0, items.length <= most ? items.length - 1 : most - 1);
  const rest = items.length - shown.length;
  return `${shown.join(', ')} and ${rest === 1 ? items.at(-1) : `${rest} more`}`;
}

const distinct = (items: Iterable<string>): string[] => [...new Set(items)].sort();

/** What rights let somebody do, the most dangerous first: `read Secrets, run commands in pods and read pods`. */
export function inWords(rights: readonly Right[]): string {
  const by = new Map<Danger, Right[]>();
  for (const right of rights) {
    const danger = dangerOf(right);
    const known = by.get(danger);
    if (known) known.push(right);
    else by.set(danger, [right]);
  }
  if (by.has('everything')) return 'do everything';
  const phrases = [
    ...distinct((by.get('takeover') ?? []).map((right) => `${verbOf(right.verb)} ${resourceOf(right)}`)).slice(0, 6),
    ...(by.has('secrets') ? [`read ${names(by.get('secrets') ?? [], 'Secrets')}`] : []),
    ...(by.has('accounts') ? ['act as service accounts'] : []),
    ...(by.has('exec') ? ['run commands in pods'] : []),
    ...writes(by.get('write') ?? []),
    ...(by.has('read') ? [`read ${listed(distinct((by.get('read') ?? []).map(resourceOf)))}`] : []),
  ];
  return phrases.length === 0 ? 'do nothing' : listed(phrases, 99);
}

function writes(rights: readonly Right[]): string[] {
  const verbs = new Map<string, string[]>();
  for (const right of rights) verbs.set(resourceOf(right), [...(verbs.get(resourceOf(right)) ?? []), right.verb]);
  const few = verbs.size <= 2;
  if (few) return [...verbs].map(([what, list]) => `${listed(distinct(list.map(verbOf)), 9)} ${what}`);
  return [`change ${listed(distinct(verbs.keys()))}`];
}

const verbOf = (verb: string) => (verb === '*' ? 'do anything with' : verb);

/** `pods`, `deployments.apps`, `every resource of apps`, `a path`. */
function resourceOf({ group, resource, name, path }: Right): string {
  if (path !== undefined) return path === '*' ? 'every path' : path;
  const of = group === '' || group === undefined ? '' : group === '*' ? ' of every group' : ` of ${group}`;
  const what =
    resource === '*'
      ? `every resource${of || ' of the core group'}`
      : `${resource}${group === '*' ? '' : group ? `.${group}` : ''}`;
  return name === undefined ? what : `${what} ${name}`;
}

const names = (rights: readonly Right[], what: string) =>
  rights.every(({ name }) => name !== undefined) ? listed(distinct(rights.map(({ name }) => `Secret ${name}`))) : what;

/** ` on homelab`, ` in namespace web on homelab`. */
export const where = (cluster: string, namespace?: string): string =>
  `${namespace === undefined ? '' : ` in namespace ${namespace}`} on ${cluster}`;

/** The role that a binding gives: `view`, `Role seer`. */
export const roleOf = ({ binding: { roleRef } }: Pick<Held, 'binding'>): string =>
  roleRef.kind === 'Role' ? `Role ${roleRef.name}` : roleRef.name;

/** `jane`, `service account ci`, `every member of devs`. */
export function whoIs({ kind, name }: Pick<Principal, 'kind' | 'name'>): string {
  if (kind === 'person') return name;
  return kind === 'members' ? `every member of ${name} (kept in Kanidm)` : `service account ${name}`;
}
