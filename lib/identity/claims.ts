import type { Client, Config } from '../config/config';
import { entry } from '../config/config';
import { own } from '../guards';
import { everyonesGroups, everyonesUuids } from '../upstream/kanidm-builtin';
import type { Account } from './entries';
import { issuerOf, spn } from './issuer';
import { memberships, parentsOf } from './membership';
import { uuidOf } from './uuid';

/**
 * The scopes that make Kanidm fill the `groups` claim. With `groups` the claim has each group twice: as UUID and as
 * `name@domain`. The other scopes exist from Kanidm 1.8.
 */
export const groupScopes = ['groups', 'groups_spn', 'groups_name', 'groups_uuid'] as const;
/** A scope that puts groups into the token: `groups`, `groups_name`, `groups_spn` or `groups_uuid`. */
export type GroupScope = (typeof groupScopes)[number];

/**
 * The claims of an ID token that an API server can read. A claim is `undefined` if the config does not determine it.
 */
export interface TokenClaims {
  readonly iss: string;
  readonly aud: string;
  /** The UUID of the account; `undefined` if the config does not determine it. */
  readonly sub?: string;
  readonly preferred_username: string;
  readonly name: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly [claim: string]: string | boolean | readonly string[] | undefined;
}

/** Returns the groups scope that kubelogin requests: the first of `groupScopes` in the scope maps of the client. */
export function groupScope(client: Client): GroupScope | undefined {
  const offered = Object.values(client.scopes ?? {});
  return groupScopes.find((scope) => offered.some((scopes) => scopes.includes(scope)));
}

/** The groups scopes in the order in which Kanidm lists their values for a group: UUID, SPN, name. */
const formsInOrder: readonly GroupScope[] = ['groups_uuid', 'groups', 'groups_spn', 'groups_name'];

/** Returns the groups scopes that a client gives to anybody, including its supplementary scopes. */
export function groupScopesOf({ scopes, supplementaryScopes }: Client): GroupScope[] {
  const given = [scopes, supplementaryScopes].flatMap((map) => Object.values(map ?? {}));
  return formsInOrder.filter((scope) => given.some((list) => list.includes(scope)));
}

/** Returns the list of a key. Inherited keys do not count, since a group may be called `constructor`. */
const under = (map: Readonly<Record<string, readonly string[]>> | undefined, key: string): readonly string[] =>
  own(map, key) ?? [];

const opens = (client: Client, groups: readonly string[]): boolean =>
  groups.some((group) => under(client.scopes, group).includes('openid'));

/**
 * Whether an account may use a client. Kanidm requires membership in a group in the scope map, and answers 403 to other
 * accounts. If only Kanidm knows who is in a group of the scope map, the result is `true` for every account.
 */
export const mayUse = (config: Config, account: { readonly name: string }, client: Client): boolean =>
  surelyUses(config, account, client) || mayGive(config, client, ['openid']);

/** Whether the config puts an account into a group of the scope map of a client. */
export const surelyUses = (config: Config, { name }: { readonly name: string }, client: Client): boolean =>
  sharedClaims(config, name, client).opens;

/**
 * Whether the members of a group may use a client: the scope map has the group, one of its parent groups, or a built-in
 * group of everybody.
 */
export const mayUseThrough = (config: Config, group: string, client: Client): boolean =>
  opens(client, [group, ...everyonesGroups, ...parentsOf(config, group)]);

/** Whether only Kanidm knows who is in a group, or in a group inside it. */
export function isUnknown(config: Config, group: string): boolean {
  const kept = memberships(config).keptIn.get(group) ?? (config.groups.has(group) ? [] : [group]);
  return kept.some((name) => !everyonesGroups.includes(name));
}

/** Returns the groups of the config whose members only Kanidm knows. Any account may be in such a group. */
export const possibleGroups = (config: Config): string[] =>
  [...config.groups.values()].filter(({ name, absent }) => !absent && isUnknown(config, name)).map(({ name }) => name);

/** Returns the groups whose members only Kanidm knows, among the groups in the scope maps of a client. */
const keptIn = (config: Config, { scopes, supplementaryScopes }: Client): string[] =>
  Object.keys({ ...scopes, ...supplementaryScopes }).filter((group) => isUnknown(config, group));

/** Whether a client gives one of the scopes to a group whose members only Kanidm knows. */
export const mayGive = (config: Config, { scopes = {} }: Client, wanted: readonly string[]): boolean =>
  Object.entries(scopes).some(([group, list]) => list.some((one) => wanted.includes(one)) && isUnknown(config, group));

/**
 * Returns the values for groups in the `groups` claim of a token with these scopes. Kanidm lists each group in every
 * form that one of the scopes asks for.
 * https://github.com/kanidm/kanidm/blob/v1.11.1/server/lib/src/idm/oauth2.rs (extra_claims_for_account)
 */
export const groupsClaim = (
  config: Config,
  scopes: readonly GroupScope[],
  groups: readonly string[],
  valuesOf = groupClaimValues,
): string[] => [...new Set(groups.flatMap((group) => scopes.flatMap((scope) => valuesOf(config, scope, group))))];

/** Returns the values for one group in the `groups` claim. The scope decides whether these are UUIDs, SPNs or names. */
export function groupClaimValues(config: Config, scope: GroupScope, name: string): string[] {
  const group = entry(config.groups, name);
  const uuid = uuidOf(config, 'group', group);
  const uuids = uuid ? [uuid] : [];
  switch (scope) {
    case 'groups':
      return [...uuids, spn(config.kanidm, name)];
    case 'groups_spn':
      return [spn(config.kanidm, name)];
    case 'groups_name':
      return [name];
    case 'groups_uuid':
      return uuids;
  }
}

/**
 * Returns the values of the `groups` claim for a built-in group of Kanidm. The UUID is known only for the groups in
 * which everybody is.
 */
export function builtInClaimValues({ kanidm }: Config, scope: GroupScope, name: string): string[] {
  const uuid = own(everyonesUuids, name);
  const uuids = uuid === undefined ? [] : [uuid];
  if (scope === 'groups_uuid') return uuids;
  if (scope === 'groups_name') return [name];
  return [...(scope === 'groups' ? uuids : []), spn(kanidm, name)];
}

/**
 * Returns the claims of the ID token that Kanidm issues to an account for a client, as far as the config determines
 * them. If only Kanidm knows whether the account has the scope for a claim, the claim is included. The real token also
 * has built-in groups of Kanidm, such as `idm_all_persons@domain`.
 * @param more groups in which the account is, in addition to the groups that the config puts it into
 */
export function tokenClaims(
  config: Config,
  account: Account,
  client: Client,
  more: readonly string[] = [],
): TokenClaims {
  const { maps, scopes, groups } = sharedClaims(config, account.name, client, more);
  const robot = isServiceAccount(config, account);
  const { mails }: { readonly name: string; readonly mails?: readonly string[] } = account;
  const mail = scopes.has('email') ? mails?.[0] : undefined;
  // If the config has no `mails`, only Kanidm knows whether the account has a mail address. Service accounts can have
  // one.
  const isMailKept = scopes.has('email') && !mails;
  return {
    ...maps,
    ...(groups ? { groups: groups() } : {}),
    iss: issuerOf(config.kanidm, client.name),
    aud: client.name,
    sub: uuidOf(config, robot ? 'service account' : 'person', account),
    preferred_username: client.preferShortUsername ? account.name : spn(config.kanidm, account.name),
    name: account.displayName,
    ...(mail
      ? { email: mail, email_verified: true }
      : isMailKept
        ? { email: undefined, email_verified: undefined }
        : {}),
  };
}

const isServiceAccount = (config: Config, account: Account): boolean =>
  config.serviceAccounts.get(account.name) === account;

/** The claims that depend only on the groups of an account. */
interface SharedClaims {
  readonly opens: boolean;
  /** The scopes that the account has or may have. If only Kanidm knows who is in a group, the account may be in it. */
  readonly scopes: ReadonlySet<string>;
  readonly maps: Readonly<Record<string, string | string[]>>;
  /** Returns the `groups` claim, if one of the scopes fills it. */
  readonly groups?: () => readonly string[];
  /** The values that the `groups` claim also has, because everybody is in some built-in groups. */
  readonly everyones: readonly string[];
}

/**
 * Returns the values that the built-in groups of everybody have in the `groups` claim of an account. With the kind
 * `members`, `name` is a group, and the values are those in the claim of every member of this group.
 */
export function everyonesClaimValues(
  config: Config,
  { kind, name }: { readonly kind?: 'person' | 'service account' | 'members'; readonly name: string },
  client: Client,
): readonly string[] {
  if (kind !== 'members') return sharedClaims(config, name, client).everyones;
  const scopes = groupScopesOf(client);
  // The members can be people or service accounts, and `idm_all_accounts` contains both.
  const groups = everyonesGroups.filter((one) => one === name || one === 'idm_all_accounts');
  return groupsClaim(config, scopes, groups, builtInClaimValues);
}

/** A cache by list of groups: accounts in the same groups share one list. */
const shared = new WeakMap<readonly string[], Map<Client, SharedClaims>>();

function sharedClaims(config: Config, account: string, client: Client, more: readonly string[] = []): SharedClaims {
  const direct = memberships(config).groupsOf.get(account);
  const everyones = config.serviceAccounts.has(account) ? ['idm_all_accounts'] : everyonesGroups;
  if (more.length > 0) {
    return claimsOfGroups(config, client, [...new Set([...(direct ?? []), ...more])], everyones);
  }
  const byClient = (direct && shared.get(direct)) ?? new Map<Client, SharedClaims>();
  if (direct) shared.set(direct, byClient);
  const claims = byClient.get(client) ?? claimsOfGroups(config, client, direct ?? [], everyones);
  byClient.set(client, claims);
  return claims;
}

function claimsOfGroups(
  config: Config,
  client: Client,
  direct: readonly string[],
  everyones: readonly string[],
): SharedClaims {
  // Looks up each group of the client, not each group of the account: an account can be in a thousand groups.
  const all = new Set([...direct, ...everyones]);
  const isIn = (group: string) => all.has(group);
  const kept = keptIn(config, client);
  const given = [client.scopes, client.supplementaryScopes].flatMap((map) => Object.entries(map ?? {}));
  const scopesOf = (has: (group: string) => boolean) => given.flatMap(([group, list]) => (has(group) ? list : []));
  const scopes = new Set(scopesOf((group) => isIn(group) || kept.includes(group)));
  const forms = formsInOrder.filter((name) => scopes.has(name));
  let values: readonly string[] | undefined;
  const groups = () => {
    values ??= groupsClaim(config, forms, direct);
    return values;
  };
  return {
    opens: Object.entries(client.scopes ?? {}).some(([group, list]) => list.includes('openid') && isIn(group)),
    scopes,
    maps: claimMaps(client, isIn),
    ...(forms.length > 0 ? { groups } : {}),
    everyones: groupsClaim(config, forms, everyones, builtInClaimValues),
  };
}

/** The separator for each value of `join` in a claim map; `undefined` if the claim is a list. */
export const separators = { array: undefined, csv: ',', ssv: ' ' } as const;

function claimMaps(client: Client, isIn: (group: string) => boolean): Record<string, string | string[]> {
  const claims = Object.entries(client.claims ?? {}).flatMap(([claim, { join, values }]) => {
    const held = [...new Set(Object.entries(values).flatMap(([group, list]) => (isIn(group) ? list : [])))].sort();
    const separator = separators[join];
    return held.length > 0 ? [[claim, separator === undefined ? held : held.join(separator)] as const] : [];
  });
  return Object.fromEntries(claims);
}

/** The character that Kanidm stores for each value of `join` in a claim map. */
export const joinChars = { array: ';', csv: ',', ssv: ' ' } as const;
