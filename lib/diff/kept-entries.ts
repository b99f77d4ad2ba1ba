import type { Client, Config, Group, Person, ServiceAccount } from '../config/config';
import { authenticators } from '../identity/authenticator';
import { groupScopes } from '../identity/claims';
import type { Entry, EntryKind } from '../identity/entries';
import { isBuiltIn } from '../upstream/kanidm-builtin';
import { entriesOfKind, type Predecessor, predecessors, uuidIn } from './predecessors';
import { runbookRenames } from './runbook-renames';
import { leftBehind } from './steps/rename-lines';
import { withReferences, withRenamedReferences } from './steps/renamed-references';

/**
 * Returns the config after a change, with what only Kanidm still knows. Kanidm keeps:
 * - groups that left the config without being `absent`, with their members and managers
 * - the scope maps and claim maps of a client, if the config no longer has the field; an empty map removes them
 * - the manager of an entry, if the config no longer sets `managedBy`; only `null` removes it. But migrations give a
 *   service account without `managedBy` the manager `idm_admins`.
 */
export function withKept(before: Config, after: Config): Config {
  if (before.kanidm.domain !== after.kanidm.domain) return after;
  const { old, left, formerly } = inKanidm(before, after);
  const clients = [...after.clients.values()].flatMap((client) => {
    const kept = withMaps(client, old.clients.get(formerly('client', client.name) ?? ''), after);
    return kept === client ? [] : [kept];
  });
  const isThere = (name: string) =>
    isBuiltIn(name) ||
    left.has(name) ||
    accountsAndGroups.some((kind) => entriesOfKind(after, kind).get(name)?.absent === false);
  const managed = <T extends Group | ServiceAccount>(kind: 'group' | 'service account', entries: Iterable<T>): T[] =>
    [...entries].flatMap((entry) => {
      const was = formerly(kind, entry.name) ?? '';
      const managedBy = keptManager(entry, kind === 'group' ? old.groups.get(was) : old.serviceAccounts.get(was));
      return managedBy === undefined || !isThere(managedBy) ? [] : [{ ...entry, managedBy }];
    });
  const groups = managed('group', after.groups.values());
  const accounts =
    after.kanidm.provision === 'migrations' ? [] : managed('service account', after.serviceAccounts.values());
  const gone = [...left].flatMap(([name, kind]) => (kind === 'group' ? [name] : []));
  if (clients.length + groups.length + accounts.length + gone.length === 0) return after;
  const kept = {
    ...after,
    people: new Map(after.people),
    groups: withEntries(after.groups, groups),
    serviceAccounts: withEntries(after.serviceAccounts, accounts),
    clients: withEntries(after.clients, clients),
  };
  const keep = keeping(old, left, kept);
  for (const name of gone) keep(name);
  for (const { managedBy } of [...groups, ...accounts]) keep(managedBy);
  return kept;
}

const accountsAndGroups = ['person', 'group', 'service account'] as const;

interface InKanidm {
  /** The config before the change, in which references have the names that Kanidm has after the change. */
  readonly old: Config;
  /** The kinds of the accounts and groups that left the config and keep their names in Kanidm. */
  readonly left: ReadonlyMap<string, EntryKind>;
  /** Returns the name that an entry had before the change. */
  readonly formerly: (kind: EntryKind, name: string) => string | undefined;
}

function inKanidm(before: Config, after: Config): InKanidm {
  const former: Predecessor = predecessors(before, after);
  const renames = runbookRenames(before, after, former);
  const isRenamed = (kind: EntryKind, name: string) => renames.some((one) => one.kind === kind && one.from === name);
  const old = withReferences(
    withRenamedReferences(before, after, former),
    new Map(renames.map(({ from, to }) => [from, to] as const)),
  );
  // If another entry takes the name of an entry that left the config, the old entry gets a new name. No binding
  // contains the new name, but a group with the new name can be in another group. The UUID shows that it is the same.
  const staysInGroups = (kind: EntryKind, name: string) =>
    kind === 'group' && uuidIn(before, kind, before.groups.get(name)) !== undefined;
  const left = leftBehind(before, after, former).filter(
    ({ kind, name, movedTo }) =>
      kind !== 'client' && (movedTo === undefined || staysInGroups(kind, name)) && !isRenamed(kind, name),
  );
  const moved = left.flatMap(({ name, movedTo }) => {
    const group = movedTo === undefined ? undefined : old.groups.get(name);
    return movedTo && group ? [{ ...group, name: movedTo, formerly: group.formerly ?? name }] : [];
  });
  return {
    old: { ...old, groups: withEntries(old.groups, moved) },
    left: new Map(left.map(({ kind, name, movedTo }) => [movedTo ?? name, kind] as const)),
    formerly: (kind, name) =>
      former({ kind, name }) ?? renames.find((one) => one.kind === kind && one.to === name)?.from,
  };
}

/** Returns a function that adds an entry that left the config, with its manager and members if they left too. */
function keeping(old: Config, left: InKanidm['left'], kept: Kept): (name: string | null | undefined) => void {
  const add = <T>(from: ReadonlyMap<string, T>, to: Map<string, T>, name: string): T | undefined => {
    const entry = to.has(name) ? undefined : from.get(name);
    if (entry) to.set(name, entry);
    return entry;
  };
  return function keep(name) {
    const kind = left.get(name ?? '');
    if (typeof name !== 'string' || kind === undefined) return;
    if (kind === 'person') add(old.people, kept.people, name);
    if (kind === 'service account') keep(add(old.serviceAccounts, kept.serviceAccounts, name)?.managedBy);
    if (kind !== 'group') return;
    const group = add(old.groups, kept.groups, name);
    for (const one of [group?.managedBy, ...(group?.members ?? [])]) keep(one);
  };
}

/** The entries of a config, to which `keeping` adds. */
interface Kept {
  readonly people: Map<string, Person>;
  readonly groups: Map<string, Group>;
  readonly serviceAccounts: Map<string, ServiceAccount>;
}

const withEntries = <T extends Entry>(all: ReadonlyMap<string, T>, changed: readonly T[]): Map<string, T> =>
  new Map([...all, ...changed.map((entry) => [entry.name, entry] as const)]);

/** Returns the manager that an entry has only in Kanidm; `undefined` if there is none. */
function keptManager(
  { managedBy, absent }: Group | ServiceAccount,
  old: Group | ServiceAccount | undefined,
): string | undefined {
  if (absent || managedBy !== undefined || old?.absent) return undefined;
  return old?.managedBy ?? undefined;
}

/** Returns a client with the scope maps and claim maps that it has only in Kanidm. */
function withMaps(client: Client, old: Client | undefined, after: Config): Client {
  if (!old || client.absent || old.absent || client.type !== old.type) return client;
  const { scopes, supplementaryScopes, claims } = client;
  const lacks = (field: 'scopes' | 'supplementaryScopes' | 'claims') => !client[field] && old[field];
  if (!lacks('scopes') && !lacks('supplementaryScopes') && !lacks('claims')) return client;
  const clusters = [...after.clusters.values()];
  const isOfKubectl = clusters.some((cluster) => cluster.client === client.name);
  const isReadAsGroups = (claim: string) =>
    clusters.some((cluster) =>
      authenticators(after, cluster).some((one) => one.client === client && one.groups?.claim === claim),
    );
  return {
    ...client,
    scopes: scopes ?? (isOfKubectl ? withoutGroups(old.scopes) : old.scopes),
    supplementaryScopes: supplementaryScopes ?? old.supplementaryScopes,
    claims: claims ?? unsplit(old.claims, isReadAsGroups),
  };
}

/** Removes the scopes for groups, which the kubeconfig no longer requests if the config has no scope map. */
const withoutGroups = (scopes: Client['scopes']): Client['scopes'] =>
  scopes &&
  Object.fromEntries(
    Object.entries(scopes).map(([group, list]) => [
      group,
      list.filter((scope) => !groupScopes.some((one) => one === scope)),
    ]),
  );

/** Removes the claims whose values the API server no longer splits into groups if the config has no claim map. */
const unsplit = (claims: Client['claims'], isReadAsGroups: (claim: string) => boolean): Client['claims'] =>
  claims &&
  Object.fromEntries(
    Object.entries(claims).filter(
      ([claim, { join, values }]) =>
        join === 'array' || new Set(Object.values(values).flat()).size < 2 || !isReadAsGroups(claim),
    ),
  );
