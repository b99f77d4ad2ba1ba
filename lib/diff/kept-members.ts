import { type Client, type Cluster, type Config, entry } from '../config/config';
import { mayUse, mayUseThrough } from '../identity/claims';
import { memberships } from '../identity/membership';
import type { Subject } from './change';
import { entriesOfKind, kindOfPrincipal, type Predecessor } from './predecessors';
import { newNames } from './steps/renamed-references';

/**
 * Returns the groups of which an account stays a member in Kanidm, although the config no longer lists the members.
 * Returns none if the account can no longer sign in to the cluster.
 * @param now the account after the change, unless it left the config
 * @param cluster the cluster after the change, unless it left the config
 */
export type KeptGroups = (was: Subject, now: Subject | undefined, cluster: Cluster | undefined) => readonly Subject[];

/**
 * Returns a function that gives the groups in which Kanidm keeps an account. These are the groups whose members the
 * config listed before the change and no longer lists: neither the runbook nor the migrations change their members any
 * more. The account can have left the config, but must not be `absent`.
 */
export function keptGroups(before: Config, after: Config, former: Predecessor): KeptGroups {
  const inKanidm = withKeptMembers(before, after, former);
  if (inKanidm === after) return () => [];
  const groups = new Set(
    [...after.groups].flatMap(([name, group]) => (inKanidm.groups.get(name) === group ? [] : [name])),
  );
  const { directly, parentsOf } = memberships(inKanidm);
  return (was, { kind, name } = was, cluster) => {
    if (kind === 'stranger' || entriesOfKind(after, kindOfPrincipal({ kind })).get(name)?.absent) return [];
    const all = (directly.get(name) ?? []).flatMap((group) => [group, ...(parentsOf.get(group) ?? [])]);
    const clients = cluster ? [cluster.client, ...cluster.trust].map((client) => entry(after.clients, client)) : [];
    const isOpen = (client: Client) =>
      mayUse(inKanidm, { name }, client) || all.some((group) => mayUseThrough(inKanidm, group, client));
    if (cluster && !clients.some(isOpen)) return [];
    return [...new Set(all)].filter((group) => groups.has(group)).map((group) => ({ kind: 'members', name: group }));
  };
}

/** Returns the config after a change, with the members that Kanidm keeps because the config no longer lists them. */
export function withKeptMembers(before: Config, after: Config, former: Predecessor): Config {
  const names = newNames(after, former);
  const kept = [...after.groups.values()].flatMap((group) => {
    const from = former({ kind: 'group', name: group.name });
    const old = from === undefined ? undefined : before.groups.get(from);
    if (group.absent || group.members !== undefined || old?.absent || old?.members === undefined) return [];
    return [[group.name, { ...group, members: old.members.map((member) => names.get(member) ?? member) }] as const];
  });
  return kept.length === 0 ? after : { ...after, groups: new Map([...after.groups, ...kept]) };
}
