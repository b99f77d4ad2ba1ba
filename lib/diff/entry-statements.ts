import { listed } from '../access/rights-in-words';
import { isMap } from '../guards';
import { kinds } from '../identity/entries';
import { type ConfigChange, leaves, matches } from './config-changes';
import type { Field } from './fields/field';
import { lacksPrefix, withoutPrefix } from './fields/mapping-fields';
import { predecessors } from './predecessors';
import { runbookRenames } from './runbook-renames';
import type { Level, Part, Statement } from './statement';
import { shown } from './values';

interface EntryKind {
  readonly pattern: readonly string[];
  readonly part: Part;
  readonly level: (added: boolean, value: unknown, of: Entry) => Level;
  /** The description of the entry, with `$1` for its key. */
  readonly what: string;
  /** The consequence if an entry is removed. */
  readonly gone?: (name: string, value: unknown, sides: Field['sides']) => string;
  /** The consequence if an entry is added. */
  readonly isNew?: (value: unknown, of: Entry) => string | undefined;
}

interface Entry {
  readonly name: string;
  readonly sides: Field['sides'];
}

const kind = (
  pattern: string,
  [part, level]: readonly [Part, Level | EntryKind['level']],
  what: string,
  gone?: EntryKind['gone'],
): EntryKind => ({
  pattern: pattern.split('.'),
  part,
  level: typeof level === 'function' ? level : () => level,
  what,
  ...(gone ? { gone } : {}),
});

/**
 * Returns a text which says that an entry stays in Kanidm. Neither the runbook nor the migrations delete an entry that
 * was removed from the config.
 */
const stays = (what: string): string => `Kanidm keeps ${what} until somebody deletes the entry (see After merging)`;

/** Returns the consequence of removing a client from the config. */
function withoutClient(name: string, value: unknown): string {
  const url = isMap(value) && typeof value.landingUrl === 'string' ? ` at ${value.landingUrl}` : '';
  return `${stays('the client')}; after the deletion, nobody can sign in to ${name}${url} any more`;
}

/** The consequence of removing a cluster from the config. */
const withoutCluster = (): string =>
  'the API server keeps its settings, and the objects in the cluster stay, until somebody removes them';

/**
 * Returns the consequence if other clusters already accept tokens of the client of a new cluster. The API server of the
 * new cluster gets the tokens of people, and the other API servers accept these tokens too.
 */
function getsTokens(name: string, { before, after }: Field['sides']): string | undefined {
  const { server, client = '' } = after.clusters.get(name) ?? {};
  const old = [...before.clusters.values()];
  const others = old.filter((one) => [one.client, ...one.trust].includes(client));
  return others.length === 0 || old.some((one) => one.server === server)
    ? undefined
    : `kubectl sends tokens of client ${client} to ${server}, and whoever runs the server there can use these tokens on ${listed(others.map((one) => one.name))}`;
}

const appGone =
  'it stays on the cluster until somebody uninstalls it, but people can no longer use it with their tokens';

const mapText = (value: unknown, key: string): string => (isMap(value) ? String(value[key]) : '');

/** Whether an entry of `checks.ignore` accepts that an expectation fails. */
const acceptsFailure = (name: string): boolean => /^expectation-(failed|undecided) /.test(name);

const entryKinds: readonly EntryKind[] = [
  kind('kanidm', ['trust', 'low'], 'Kanidm'),
  kind('people.*', ['kanidm', 'none'], 'person $1', () => stays('the account and its credentials')),
  kind('serviceAccounts.*', ['kanidm', 'none'], 'service account $1', () => stays('the account and its tokens')),
  kind('groups.*', ['kanidm', 'none'], 'group $1', () => stays('the group and its members')),
  kind('clients.*', ['trust', 'low'], 'client $1', withoutClient),
  {
    ...kind(
      'clusters.*',
      ['trust', (added, _, { name, sides }) => (added && getsTokens(name, sides) ? 'high' : 'low')],
      'cluster $1',
      withoutCluster,
    ),
    isNew: (_, { name, sides }) => getsTokens(name, sides),
  },
  {
    ...kind(
      'clusters.*.issuers.*',
      ['trust', (added) => (added ? 'high' : 'low')],
      'the issuer $1, whose tokens the API server accepts,',
    ),
    isNew: () => 'whoever runs the issuer decides who its users are',
  },
  kind(
    'clusters.*.jwt.*',
    ['trust', (added) => (added ? 'high' : 'low')],
    'the entry of the AuthenticationConfiguration for $1, which Kaniflux does not evaluate,',
  ),
  {
    ...kind('clusters.*.apps.*', ['trust', (added) => (added ? 'high' : 'low')], 'the application $1', () => appGone),
    isNew: (app) => `Kanidm redirects people to ${mapText(app, 'url')}, and whoever runs that server gets their tokens`,
  },
  {
    ...kind(
      'clusters.*.authentication.clients.*',
      ['trust', (added, mapping) => (added && lacksPrefix(mapping) ? 'high' : 'medium')],
      'the mapping of token claims to users that applies only to client $1',
    ),
    isNew: (mapping) => (lacksPrefix(mapping) ? withoutPrefix : undefined),
  },
  kind('clusters.*.grants.*', ['settings', 'none'], 'the grant $1'),
  kind('clusters.*.roles.*', ['settings', 'none'], 'the role $1'),
  {
    ...kind(
      'checks.ignore.*',
      ['settings', (added, _, { name }) => (!added ? 'none' : acceptsFailure(name) ? 'medium' : 'low')],
      'the entry of `checks.ignore` for $1',
      () => 'the findings that this entry matched are reported again',
    ),
    isNew: () => 'the findings that this entry matches are no longer reported',
  },
  kind(
    'expect.*',
    ['settings', (added) => (added ? 'none' : 'medium')],
    'the expectation that $1',
    () => '`kaniflux check` no longer tests this expectation',
  ),
];

/** Returns the statement about an entry that enters or leaves the config; `undefined` for a field in an entry. */
export function entryStatement({ path, before, after }: ConfigChange, sides: Field['sides']): Statement | undefined {
  const kind = entryKinds.find(({ pattern }) => matches(path, pattern));
  if (!kind) return undefined;
  const added = before === undefined;
  const inCluster = path[0] === 'clusters' && path.length > 2;
  const what = named(kind.what, [path.at(-1) ?? '']);
  const value = added ? after : before;
  const name = path.at(-1) ?? '';
  if (isAbsent(value)) return absentStatement(what, { path, added, part: kind.part });
  const consequence = added
    ? kind.isNew?.(value, { name, sides })
    : (renamedLater(path[0] ?? '', name, sides) ?? kind.gone?.(name, value, sides));
  const isReplaced =
    !added && kinds.some(({ map }) => map === path[0] && path.length === 2 && sides.after[map].has(name));
  const text = `${isReplaced ? `the present ${what}` : what} is ${added ? 'new' : 'gone from the config'}${consequence === undefined ? '' : `: ${consequence}`}`;
  return {
    part: kind.part,
    level: kind.level(added, value, { name, sides }),
    change: added ? 'added' : 'removed',
    say: (on) => (inCluster ? `${on}: ${text}` : text),
    clusters: inCluster ? [path[1] ?? ''] : [],
    // Only the fields of a new entry are listed. Those of a removed entry can be read on the base branch.
    details: added ? fieldsOf(value) : [],
    path: path.join('.'),
  };
}

/** Returns the statement about an entry with `absent: true` that enters or leaves the config. */
const absentStatement = (
  what: string,
  { path, added, part }: { readonly path: readonly string[]; readonly added: boolean; readonly part: Part },
): Statement => ({
  part,
  level: added ? 'low' : 'none',
  change: 'removed',
  say: () =>
    added
      ? `${what} is \`absent\` in the config: if Kanidm has this entry, the entry is deleted from Kanidm`
      : `${what} was \`absent\`, and is gone from the config: if Kanidm still has this entry, nothing deletes it any more`,
  clusters: [],
  details: [],
  path: path.join('.'),
});

/** Whether an entry of the config is `absent`. */
export const isAbsent = (entry: unknown): boolean => isMap(entry) && entry.absent === true;

/** Returns what happens to an entry that the runbook renames. */
function renamedLater(map: string, name: string, { before, after }: Field['sides']): string | undefined {
  const renamed = runbookRenames(before, after, predecessors(before, after)).find(
    ({ kind, from }) => from === name && kinds.some((one) => one.kind === kind && one.map === map),
  );
  if (!renamed) return undefined;
  const { kind, to } = renamed;
  const what =
    kind === 'group' || kind === 'client'
      ? `the same ${kind}, with its UUID`
      : 'the same account, with its credentials and its UUID';
  return `the runbook renames this ${kind} to ${to}, and ${to} is ${what}. If Kanidm already has a ${kind} ${to}, the runbook does not rename ${name}, and the existing ${to} gets the access`;
}

/**
 * Returns each field of an entry as a line. Empty lists are left out, except the namespaces of a grant, where an empty
 * list means the whole cluster.
 */
export const fieldsOf = (entry: unknown): string[] =>
  [...leaves(entry)].flatMap(({ path, value }) => {
    const isEmpty = Array.isArray(value) ? value.length === 0 : isMap(value) && Object.keys(value).length === 0;
    if (path === 'namespaces' && isEmpty && isGrant(entry))
      return ['namespaces: none, so the grant applies to the whole cluster'];
    if (isEmpty || (path === 'absent' && value === false)) return [];
    return [`${path}: ${shown(value)}`];
  });

const isGrant = (entry: unknown): boolean => isMap(entry) && 'roleName' in entry;

/** Returns a description with `$1` replaced by the first key, `$2` by the second, and so on. */
export const named = (what: string, keys: readonly string[]): string =>
  what.replace(/\$(\d)/g, (place, digit: string) => keys[Number(digit) - 1] ?? place);
