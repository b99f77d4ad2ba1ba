import type { Config, Group, Person, ServiceAccount } from '../config/config';
import { isBuiltIn } from '../upstream/kanidm-builtin';
import { entriesOfKind, type Predecessor, predecessors } from './predecessors';
import { runbookRenames } from './runbook-renames';
import { newNames } from './steps/renamed-references';

/**
 * Returns the config after a change, with the managers that only Kanidm still knows. If the config no longer sets
 * `managedBy` of an entry, Kanidm keeps the manager; only `null` removes it. But migrations give a service account
 * without `managedBy` the manager `idm_admins`.
 */
export function withKeptManagers(before: Config, after: Config): Config {
  if (before.kanidm.domain !== after.kanidm.domain) return after;
  const keeps = keptManagers(before, after, predecessors(before, after));
  const groups = [...after.groups.values()].flatMap((group) => {
    const managedBy = keeps('group', group);
    return managedBy === undefined ? [] : [[group.name, { ...group, managedBy }] as const];
  });
  const accounts = [...after.serviceAccounts.values()].flatMap((account) => {
    const managedBy = after.kanidm.provision === 'migrations' ? undefined : keeps('service account', account);
    return managedBy === undefined ? [] : [[account.name, { ...account, managedBy }] as const];
  });
  if (groups.length + accounts.length === 0) return after;
  const kept = {
    ...after,
    groups: new Map([...after.groups, ...groups]),
    serviceAccounts: new Map([...after.serviceAccounts, ...accounts]),
    people: new Map(after.people),
  };
  for (const { managedBy } of [...groups, ...accounts].map(([, entry]) => entry)) keepEntry(before, kept, managedBy);
  return kept;
}

/** The entries of a config, to which `keepEntry` adds. */
interface Kept extends Config {
  readonly people: Map<string, Person>;
  readonly groups: Map<string, Group>;
  readonly serviceAccounts: Map<string, ServiceAccount>;
}

/** Adds an entry that left the config without being `absent`, and the members that left with it: Kanidm has them still. */
function keepEntry(before: Config, kept: Kept, name: string): void {
  if (kept.people.has(name) || kept.groups.has(name) || kept.serviceAccounts.has(name)) return;
  const person = before.people.get(name);
  const account = before.serviceAccounts.get(name);
  const group = before.groups.get(name);
  if (person) kept.people.set(name, person);
  if (account) kept.serviceAccounts.set(name, account);
  if (!group) return;
  kept.groups.set(name, group);
  for (const member of group.members ?? []) keepEntry(before, kept, member);
}

interface Managed {
  readonly name: string;
  readonly managedBy?: string | null;
  readonly absent?: boolean;
}

/** Returns a function that gives the manager which an entry has only in Kanidm; `undefined` if there is none. */
function keptManagers(before: Config, after: Config, former: Predecessor) {
  const byRunbook = runbookRenames(before, after, former);
  const names = new Map([...newNames(after, former), ...byRunbook.map(({ from, to }) => [from, to] as const)]);
  const isThere = (manager: string) =>
    isBuiltIn(manager) ||
    (['person', 'group', 'service account'] as const).some((kind) => {
      // An entry that left the config without being `absent` stays in Kanidm.
      const now = entriesOfKind(after, kind).get(manager) ?? entriesOfKind(before, kind).get(manager);
      return now?.absent === false;
    });
  return (kind: 'group' | 'service account', { name, managedBy, absent }: Managed): string | undefined => {
    if (absent || managedBy !== undefined) return undefined;
    const from = former({ kind, name }) ?? byRunbook.find((one) => one.kind === kind && one.to === name)?.from;
    const old: Managed | undefined =
      from === undefined ? undefined : (kind === 'group' ? before.groups : before.serviceAccounts).get(from);
    if (old?.absent || typeof old?.managedBy !== 'string') return undefined;
    const manager = names.get(old.managedBy) ?? old.managedBy;
    return isThere(manager) ? manager : undefined;
  };
}
