import type { Held } from '../access/authorizer';
import { type ClusterAccess, groupOf, type Owner } from '../access/cluster';
import type { BindingObject } from '../access/objects';
import { wayInto } from '../access/principals';
import { memberships } from '../identity/membership';
import type { AccessChange, Standing } from './change';
import { entriesOf, uuidIn } from './predecessors';

/** By which groups somebody holds a role, and what in the other config is different. */
export function reasonOf(
  change: AccessChange['change'],
  held: Held,
  has: Standing,
  other: Standing | undefined,
  otherAccess: ClusterAccess | undefined,
): { way: string[]; reason: string } {
  const group = groupOf(has.access, held.subject);
  const way = group === undefined ? [] : wayInto(has.access.config, has.who.name, group);
  return { way, reason: why(change === 'gained', held, has, other, otherAccess, group, way) };
}

function why(
  gained: boolean,
  held: Held,
  has: Standing,
  other: Standing | undefined,
  otherAccess: ClusterAccess | undefined,
  group: string | undefined,
  way: readonly string[],
): string {
  const { binding } = held;
  const { cluster } = has.access;
  const who = has.who.name;
  const was = (present: string, past: string) => (gained ? present : past);
  if (!otherAccess) return `cluster ${cluster.name} ${was('is new', 'is gone')}`;
  if (!other) return signIn(gained, has, otherAccess);
  const twin = otherAccess.authorizer.bindings.find((one) => same(one, binding));
  if (!twin) return `the grant ${binding.metadata.name} ${was('is new', 'is gone')}`;
  if (twin.roleRef.name !== binding.roleRef.name || twin.roleRef.kind !== binding.roleRef.kind) {
    const [from, to] = gained ? [twin, binding] : [binding, twin];
    return `the grant ${binding.metadata.name} gives ${to.roleRef.name} in place of ${from.roleRef.name}`;
  }
  const owner = keyOf(has.access.ownerOf(held.subject));
  const named = (twin.subjects ?? []).some((subject) => keyOf(otherAccess.ownerOf(subject)) === owner);
  if (owner !== undefined && !named) {
    const subject = group ?? who;
    return `the grant ${binding.metadata.name} ${was('now names', 'no longer names')} ${subject}`;
  }
  if (group !== undefined && !memberships(otherAccess.config).groupsOf.get(who)?.includes(group)) {
    return joined(gained, who, way, otherAccess);
  }
  if (JSON.stringify(otherAccess.authorizer.hold(twin, held.subject).rules) !== JSON.stringify(held.rules)) {
    return `the role ${binding.roleRef.name} allows ${was('more', 'less')}`;
  }
  return `what the API server calls ${group ?? who} ${was('matches the binding now', 'no longer matches the binding')}`;
}

/** Which step of the way is new: the person in a group, or a group in a group. */
function joined(gained: boolean, who: string, way: readonly string[], { config }: ClusterAccess): string {
  const steps = [who, ...way];
  const at = way.findIndex((group, i) => !config.groups.get(group)?.members?.includes(steps[i] as string));
  const [member, group] = at < 0 ? [who, way.at(-1)] : [steps[at], way[at]];
  return `${member} is ${gained ? 'now' : 'no longer'} in ${group}`;
}

function signIn(gained: boolean, { who, access }: Standing, { config }: ClusterAccess): string {
  const { cluster } = access;
  const other = entriesOf(config, who.kind).get(who.name);
  if (!other) return `${who.name} is ${gained ? 'new' : 'gone'} in the config`;
  const [id, otherId] = [
    uuidIn(access.config, who.kind, entriesOf(access.config, who.kind).get(who.name)),
    uuidIn(config, who.kind, other),
  ];
  if (id !== undefined && otherId !== undefined && id !== otherId) {
    return `${who.name} is another account ${gained ? 'than before' : 'from now on'}, with another UUID`;
  }
  if (who.kind === 'members')
    return `who is in ${who.name} is ${gained ? 'no longer said in' : 'now said in'} the config`;
  return `${who.name} can ${gained ? 'now' : 'no longer'} sign in to ${cluster.name}`;
}

const keyOf = (owner: Owner | undefined) => owner && `${owner.kind} ${owner.name}`;

const same = (a: BindingObject, b: BindingObject) =>
  a.kind === b.kind && a.metadata.name === b.metadata.name && a.metadata.namespace === b.metadata.namespace;
