import type { Held } from '../access/authorizer';
import { type ClusterAccess, groupOf, type Owner } from '../access/cluster';
import type { BindingObject } from '../access/objects';
import { wayInto } from '../access/principals';
import { grantOf } from '../expire/terms';
import { authenticators } from '../identity/authenticator';
import { mayUse, tokenClaims } from '../identity/claims';
import { memberships } from '../identity/membership';
import { everyonesGroups } from '../upstream/kanidm-builtin';
import type { AccessChange, Standing, Subject } from './change';
import { giverOf } from './issuer-users';
import { entriesOfKind, kindOfPrincipal, predecessors, uuidIn } from './predecessors';
import { runbookRenames } from './runbook-renames';

/** A role that is held on one side only, and the other side to compare it with. */
interface Explained {
  readonly change: AccessChange['change'];
  readonly held: Held;
  readonly has: Standing;
  readonly other: Standing | undefined;
  readonly otherAccess: ClusterAccess | undefined;
}

/** Returns the groups that lead to a role, and the difference in the config that explains the change. */
export function reasonOf(explained: Explained): { way: string[]; reason: string } {
  const { held, has } = explained;
  const group = groupOf(has.access, held.subject);
  const way = group === undefined ? [] : wayInto(has.access.config, has.who.name, group);
  return { way, reason: why(explained, group, way) };
}

function why(
  { change, held, has, other, otherAccess }: Explained,
  group: string | undefined,
  way: readonly string[],
): string {
  const gained = change === 'gained';
  const { binding } = held;
  const isGrant = grantOf(has.access.cluster, binding) !== undefined;
  const what = `the ${isGrant ? 'grant' : 'binding'} ${binding.metadata.name}`;
  const who = has.who.name;
  const was = (present: string, past: string) => (gained ? present : past);
  if (!otherAccess) return was('the cluster is new', 'the cluster is gone from the config');
  if (!other && has.who.kind !== 'stranger') {
    const reason = signIn(gained, has, otherAccess, way[0]);
    const isBound = otherAccess.authorizer.bindings.some(
      (one) => same(one, binding) && one.subjects?.some((subject) => isSubject(subject, held.subject)),
    );
    if (gained || has.who.kind === 'members' || !isBound) return reason;
    const isUser = held.subject.kind === 'User';
    if (renewsTokens(has, otherAccess) && (isUser || (group !== undefined && isIn(has.who, group, otherAccess))))
      return `${reason}, but a session that already exists keeps this access until it ends, by default a day after the sign-in`;
    // A hand-written binding can still name an account whose entry was removed from the config.
    return isUser
      ? `${reason}, but ${what} still names the account, which has the role as long as it can sign in`
      : reason;
  }
  const there = other?.who ?? has.who;
  const isRenamed = there.name !== who;
  const twin = otherAccess.authorizer.bindings.find((one) => same(one, binding));
  // If the binding names the renamed account before and after the change, only the role differs.
  const isStillNamed = isRenamed && other?.held.some((one) => same(one.binding, binding));
  if (isRenamed && twin && !isStillNamed) {
    const now = gained ? who : there.name;
    if (group === undefined) return `${what} ${was('names', 'does not name')} ${now}`;
    if (!isIn(there, group, otherAccess)) return `${now} is ${was('in', 'not in')} ${way[0] ?? group}`;
  }
  if (!twin) {
    const elsewhere = otherAccess.cluster.grants.find(({ name }) => name === binding.metadata.name)?.namespaces;
    const isMoved =
      isGrant &&
      elsewhere !== undefined &&
      (held.namespace === undefined ? elsewhere.length > 0 : !elsewhere.includes(held.namespace));
    const place = held.namespace === undefined ? 'to the whole cluster' : `to namespace ${held.namespace}`;
    return isMoved
      ? `${what} ${was('now applies', 'no longer applies')} ${place}`
      : `${what} ${was('is new', 'is gone')}`;
  }
  if (twin.roleRef.name !== binding.roleRef.name || twin.roleRef.kind !== binding.roleRef.kind) {
    const [from, to] = gained ? [twin, binding] : [binding, twin];
    const isUnknown = (gained ? has.access : otherAccess).authorizer.isRoleUnknown(to);
    const open = isUnknown ? `, and what ${to.roleRef.name} allows is not known` : '';
    return `${what} gives ${to.roleRef.name} in place of ${from.roleRef.name}${open}`;
  }
  const owner = keyOf(has.access.ownerOf(held.subject));
  const named = (twin.subjects ?? []).some((subject) =>
    owner === undefined ? isSubject(subject, held.subject) : keyOf(otherAccess.ownerOf(subject)) === owner,
  );
  if (!named && !isStillNamed) {
    const grant = otherAccess.cluster.grants.find(({ name }) => name === binding.metadata.name);
    const isPending = grant && group === undefined && [...grant.people, ...grant.serviceAccounts].includes(there.name);
    if (isGrant && isPending) return `no binding can name ${there.name} ${was('before', 'any more')}`;
    // The binding is the same, but the tokens changed, for example because of a claim map.
    if (group !== undefined && twin.subjects?.some((subject) => isSubject(subject, held.subject)))
      return `the API server ${was('now puts', 'no longer puts')} the members of ${group} into the group ${held.subject.name}`;
    const subject = group ?? who;
    return `${what} ${was('now names', 'no longer names')} ${subject}`;
  }
  if (group !== undefined && !isStillNamed && !isIn(there, group, otherAccess))
    return joined(gained, who, way, otherAccess);
  if (JSON.stringify(otherAccess.authorizer.hold(twin, held.subject).rules) !== JSON.stringify(held.rules)) {
    if (otherAccess.authorizer.isRoleUnknown(twin))
      return `what the role ${binding.roleRef.name} ${was('allowed before', 'allows from now on')} is not known`;
    const now = (gained ? has.access : otherAccess).cluster;
    const isOther = has.access.cluster.kubernetes.text !== otherAccess.cluster.kubernetes.text;
    const isOwn = has.access.cluster.roles.some(({ name }) => name === binding.roleRef.name);
    const version = isOther && !isOwn ? ` in Kubernetes ${now.kubernetes.text}` : '';
    return `the role ${binding.roleRef.name} allows ${was('more', 'less')}${version}`;
  }
  const giver = has.who.kind === 'stranger' ? giverOf(who, has.access) : undefined;
  if (giver) return `the issuer ${giver.source.name} ${was('now gives', 'no longer gives')} this name`;
  if (held.subject.kind !== 'Group')
    return `the name that the API server uses for ${who} ${was('now matches the binding', 'no longer matches the binding')}`;
  // The group and its members are the same, so the tokens or the settings of the API server differ.
  if (group !== undefined && listsGroups(has.access, who) && !listsGroups(otherAccess, there.name))
    return `the tokens of ${who} ${was('now list', 'no longer list')} the groups of ${who}`;
  return `at the API server, ${who} is ${was('now', 'no longer')} in the group ${held.subject.name}`;
}

/** Whether a token that gives an account access to the cluster has the claim `groups`. */
function listsGroups({ config, cluster }: ClusterAccess, name: string): boolean {
  const account = config.people.get(name) ?? config.serviceAccounts.get(name);
  return (
    account !== undefined &&
    authenticators(config, cluster).some(({ client }) => tokenClaims(config, account, client).groups !== undefined)
  );
}

/**
 * Returns the membership that was added or removed and that leads to the role. Built-in groups that contain everybody
 * are skipped.
 */
function joined(gained: boolean, who: string, way: readonly string[], { config }: ClusterAccess): string {
  const steps = [who, ...way];
  const at = way.findIndex(
    (group, i) => !everyonesGroups.includes(group) && !config.groups.get(group)?.members?.includes(steps[i] ?? ''),
  );
  const [member, group] = at < 0 ? [who, way.at(-1)] : [steps[at], way[at]];
  return `${member} is ${gained ? 'now' : 'no longer'} in ${group}`;
}

function signIn(gained: boolean, { who, access }: Standing, { config }: ClusterAccess, into?: string): string {
  if (who.kind === 'stranger') return `${who.name} is ${gained ? 'new' : 'gone'}`;
  const kind = kindOfPrincipal({ kind: who.kind });
  const own = entriesOfKind(access.config, kind).get(who.name);
  const other = entriesOfKind(config, kind).get(who.name);
  // A built-in group of Kanidm is not an entry of the config. In the config, it only occurs as a member of a group.
  if (!own) return `${who.name} is ${gained ? 'now' : 'no longer'} a member of ${into ?? 'a group in the config'}`;
  const [before, after] = gained ? [config, access.config] : [access.config, config];
  if (!other) {
    const renamed = runbookRenames(before, after, predecessors(before, after)).find(
      (one) => one.kind === kind && (gained ? one.to : one.from) === who.name,
    );
    const rename = renamed ? `, and the runbook renames ${renamed.from} to ${renamed.to}` : '';
    return `${who.name} is ${gained ? 'new' : 'no longer'} in the config${rename}`;
  }
  const [id, otherId] = [uuidIn(access.config, kind, own), uuidIn(config, kind, other)];
  if (id !== undefined && otherId !== undefined && id !== otherId) {
    return `${who.name} is another account ${gained ? 'than before' : 'from now on'}, with another UUID`;
  }
  if (predecessors(before, after)({ kind, name: who.name }) !== who.name)
    return `${who.name} is another account ${gained ? 'than before' : 'from now on'}`;
  if (who.kind === 'members')
    return gained
      ? `the config no longer lists the members of ${who.name}`
      : `the config now lists the members of ${who.name}, so Kaniflux compares them one by one`;
  return `${who.name} can ${gained ? 'now' : 'no longer'} sign in to this cluster`;
}

/**
 * Whether Kanidm renews the tokens of an existing session although the scope map no longer allows a new sign-in: to
 * renew a token, it reads the groups of the person again, but not the scope map.
 * @see https://github.com/kanidm/kanidm/blob/v1.11.1/server/lib/src/idm/oauth2.rs (check_oauth2_token_refresh)
 */
function renewsTokens({ who, access }: Standing, after: ClusterAccess): boolean {
  const person = who.kind === 'person' ? after.config.people.get(who.name) : undefined;
  if (!person || person.absent) return false;
  const trusted = authenticators(after.config, after.cluster);
  return authenticators(access.config, access.cluster).some(
    ({ issuer, client }) =>
      mayUse(access.config, who, client) &&
      trusted.some((one) => one.issuer === issuer && !mayUse(after.config, who, one.client)),
  );
}

/** Whether the given config has the subject in `group`. The subject is an account, or the members of a group. */
function isIn({ kind, name }: Subject, group: string, { config }: ClusterAccess): boolean {
  if (everyonesGroups.includes(group)) return true;
  const { groupsOf, parentsOf } = memberships(config);
  if (kind === 'members') return name === group || (parentsOf.get(name)?.includes(group) ?? false);
  return groupsOf.get(name)?.includes(group) ?? false;
}

/** Whether two subjects are equal. Used for subjects that are not in the config. */
const isSubject = (a: Held['subject'], b: Held['subject']): boolean =>
  a.kind === b.kind && a.name === b.name && a.namespace === b.namespace;

const keyOf = (owner: Owner | undefined) => owner && `${owner.kind} ${owner.name}`;

const same = (a: BindingObject, b: BindingObject) =>
  a.kind === b.kind && a.metadata.name === b.metadata.name && a.metadata.namespace === b.metadata.namespace;
