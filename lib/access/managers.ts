import type { Config } from '../config/config';
import { mayUse, mayUseThrough } from '../identity/claims';
import { everybodysGroups, memberships, parentsOf } from '../identity/membership';
import { groupSubjects, personSubjects } from '../identity/subject';
import { everyonesGroups, isBuiltIn } from '../upstream/kanidm-builtin';
import type { Held } from './authorizer';
import { type ClusterAccess, groupOf } from './cluster';
import type { Principal } from './principals';

export type Actor = Pick<Principal, 'kind' | 'name'>;

/** What a person, a service account or every member of a group can get by changing the entries that they manage. */
export interface Potential {
  readonly actor: Actor;
  /** The groups that the actor is not in but could join, each with the managed group that makes this possible. */
  readonly joins: ReadonlyMap<string, string>;
  /** The service accounts whose tokens the actor can issue. */
  readonly actsAs: ReadonlySet<string>;
  /**
   * For each group or service account that the actor could gain, the managed entry through which the actor would gain
   * it.
   */
  readonly givenBy: ReadonlyMap<string, Managed>;
}

/** A role that an actor could get by changing an entry that they manage. */
export interface Becoming {
  readonly held: Held;
  /** The managed group or service account that leads to the role. */
  readonly managed: string;
  readonly kind: 'group' | 'service account';
  /**
   * The entries to change, one after the other. The last one is the managed entry. The manager of each is the actor, a
   * group of the actor, or an entry that the actor controls since an earlier change.
   */
  readonly chain: readonly Managed[];
}

const worked = new WeakMap<Config, readonly Potential[]>();

/**
 * Returns what people, service accounts and the members of groups could get through the entries that they manage. A
 * manager (`managedBy`) can add members to a group, including themselves, and can issue tokens of a service account.
 * Each group or service account gained this way can manage further entries.
 * @see https://github.com/kanidm/kanidm/blob/v1.11.1/server/lib/src/migration_data (idm_acp_group_entry_manager)
 */
function potentials(config: Config): readonly Potential[] {
  const known = worked.get(config);
  if (known) return known;
  const managed = [
    ...[...config.groups.values()].map((entry) => ({ entry, kind: 'group' as const })),
    ...[...config.serviceAccounts.values()].map((entry) => ({ entry, kind: 'service account' as const })),
  ].flatMap(({ entry, kind }) => {
    const { name, managedBy, absent } = entry;
    return typeof managedBy === 'string' && !absent ? [{ name, managedBy, kind }] : [];
  });
  const found = managed.length === 0 ? [] : actors(config, managed).map((actor) => potential(config, actor, managed));
  const some = found.filter(({ joins, actsAs }) => joins.size + actsAs.size > 0);
  worked.set(config, some);
  return some;
}

/** Returns what one actor can get; `undefined` if the actor can get nothing. */
export function potentialOf(config: Config, { kind, name }: Actor): Potential | undefined {
  let index = byActor.get(config);
  if (!index) {
    index = new Map(potentials(config).map((one) => [`${one.actor.kind}\n${one.actor.name}`, one]));
    byActor.set(config, index);
  }
  return index.get(`${kind}\n${name}`);
}

const byActor = new WeakMap<Config, ReadonlyMap<string, Potential>>();

/** An entry with its manager. */
export interface Managed {
  readonly name: string;
  readonly managedBy: string;
  readonly kind: 'group' | 'service account';
}

function actors(config: Config, managed: readonly Managed[]): Actor[] {
  const present = (map: ReadonlyMap<string, { name: string; absent?: boolean }>) =>
    [...map.values()].filter(({ absent }) => !absent).map(({ name }) => name);
  const kept = present(config.groups).filter((name) => config.groups.get(name)?.members === undefined);
  const builtIn = [...memberships(config).builtIn, ...managed.map(({ managedBy }) => managedBy).filter(isBuiltIn)];
  return [
    ...present(config.people).map((name) => ({ kind: 'person' as const, name })),
    ...present(config.serviceAccounts).map((name) => ({ kind: 'service account' as const, name })),
    ...[...new Set([...kept, ...builtIn])].map((name) => ({ kind: 'members' as const, name })),
  ];
}

/** Returns the actor's own name and the names of the actor's groups. */
function namesOf(config: Config, { kind, name }: Actor): Set<string> {
  const { groupsOf } = memberships(config);
  if (kind === 'person') return new Set([name, ...everyonesGroups, ...(groupsOf.get(name) ?? [])]);
  if (kind === 'service account') return new Set([name, 'idm_all_accounts', ...(groupsOf.get(name) ?? [])]);
  return new Set([name, ...everyonesGroups, ...parentsOf(config, name), ...everybodysGroups(config)]);
}

function potential(config: Config, actor: Actor, managed: readonly Managed[]): Potential {
  const names = namesOf(config, actor);
  const joins = new Map<string, string>();
  const actsAs = new Set<string>();
  const givenBy = new Map<string, Managed>();
  const add = (name: string, one: Managed) => {
    if (!names.has(name)) givenBy.set(name, one);
    names.add(name);
  };
  const rest = new Set(managed);
  for (let before = -1; before !== rest.size; ) {
    before = rest.size;
    for (const one of rest) {
      if (!names.has(one.managedBy)) continue;
      rest.delete(one);
      if (one.kind === 'service account') {
        // A token of a service account gives the rights of its groups, which can manage further entries. But the actor
        // does not become a member of these groups.
        add(one.name, one);
        for (const group of memberships(config).groupsOf.get(one.name) ?? []) add(group, one);
        if (one.name !== actor.name) actsAs.add(one.name);
        continue;
      }
      for (const group of [one.name, ...parentsOf(config, one.name)]) {
        if (!names.has(group)) joins.set(group, one.name);
        add(group, one);
      }
    }
  }
  return { actor, joins, actsAs, givenBy };
}

/**
 * Returns the roles that actors could get on a cluster by changing entries that they manage. These can include roles
 * that the actors already hold through other bindings.
 */
export function becomings(access: ClusterAccess): { readonly actor: Actor; readonly becomings: readonly Becoming[] }[] {
  const { config } = access;
  return potentials(config).map((potential) => ({
    actor: potential.actor,
    becomings: [...byGroups(access, potential), ...byAccounts(access, potential)],
  }));
}

/**
 * Returns the entries to change, in this order, to gain a group or service account. The manager of the first one is the
 * actor or one of the actor's groups.
 */
export function chainTo(name: string, givenBy: ReadonlyMap<string, Managed>): Managed[] {
  const chain: Managed[] = [];
  for (let one = givenBy.get(name); one && !chain.includes(one); one = givenBy.get(one.managedBy)) chain.unshift(one);
  return chain;
}

function byGroups(access: ClusterAccess, { actor, joins, givenBy }: Potential): Becoming[] {
  const { config, cluster, authorizer } = access;
  const clients = [cluster.client, ...cluster.trust].flatMap((name) => config.clients.get(name) ?? []);
  const signsIn = actor.kind === 'members' || clients.some((client) => mayUse(config, actor, client));
  const door = [...joins.keys()].find((group) => clients.some((client) => mayUseThrough(config, group, client)));
  if (!signsIn && door === undefined) return [];
  // An actor who cannot sign in may be able to join a group whose members can. Such an actor also gains the roles that
  // bindings give to the actor's own name and to the groups that the actor is already in.
  const own = signsIn ? [] : (memberships(config).groupsOf.get(actor.name) ?? []);
  const users = signsIn ? [] : personSubjects(config, cluster, actor.name);
  const groups = [...joins.keys(), ...own].flatMap((group) => groupSubjects(config, cluster, group));
  const held = [...authorizer.held({ groups }), ...users.flatMap((user) => authorizer.held({ user, groups: [] }))];
  return held.flatMap((one): Becoming[] => {
    const group = groupOf(access, one.subject);
    const isOfAll = one.subject.name === 'system:authenticated';
    const managed =
      (group === undefined ? undefined : joins.get(group)) ?? (signsIn || isOfAll ? undefined : joins.get(door ?? ''));
    return managed === undefined ? [] : [{ held: one, managed, kind: 'group', chain: chainTo(managed, givenBy) }];
  });
}

/** Returns the roles of the service accounts whose tokens the actor can issue. */
const byAccounts = ({ authorizer, principals }: ClusterAccess, { actsAs, givenBy }: Potential): Becoming[] =>
  principals
    .filter(({ kind, name }) => kind === 'service account' && actsAs.has(name))
    .flatMap((who) =>
      authorizer
        .held(who)
        .filter(({ subject }) => subject.name !== 'system:authenticated')
        .map((held) => ({
          held,
          managed: who.name,
          kind: 'service account' as const,
          chain: chainTo(who.name, givenBy),
        })),
    );
