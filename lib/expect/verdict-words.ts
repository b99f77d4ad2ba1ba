import { type ClusterAccess, groupOf } from '../access/cluster';
import { wayInto } from '../access/principals';
import { by, listed, roleOf, whoIs } from '../access/rights-in-words';
import type { Config, Expectation } from '../config/config';
import { grantOf } from '../expire/terms';
import { isValidOn, validityOf, validityText } from '../expire/validity';
import { own } from '../guards';
import { builtinClusterRoles } from '../upstream/builtin-names';
import { type Entitled, type Entitlements, isOfWorkloads } from './entitled';

/** Returns the name as text: `jane`, `group ci:deployers`. */
export const nameOf = ({ kind, name }: Pick<Entitled, 'kind' | 'name'>): string => {
  if (kind === 'workload' && !isOfWorkloads({ kind: 'Group', name })) return name;
  if (kind === 'user') return `user ${name}`;
  if (kind === 'group' || kind === 'workload') return whoIs({ kind: 'stranger', name: `group ${name}` });
  return whoIs({ kind, name });
};

/** Returns how somebody holds a role: `jane (edit in namespace prod, by oncall through devs; grant ops)`. */
export const wayOf = (on: Entitlements, who: Entitled): string => `${nameOf(who)} (${heldText(on.access, who)})`;

/** Returns how somebody holds several roles. */
export const someHold = (on: Entitlements, who: Entitled, held: readonly Entitled[]): string =>
  `${nameOf(who)} (${held.map((one) => heldText(on.access, one)).join('; and ')})`;

/** Returns one text for each role of the holders: which rules of the role are unknown, and who holds the role. */
export function unknownRoles(holders: readonly Entitled[]): string[] {
  const byRole = new Map<string, string[]>();
  for (const who of holders) {
    const { kind, name } = who.held.binding.roleRef;
    const isBuiltIn = kind === 'ClusterRole' && builtinClusterRoles.includes(name);
    const role = `${isBuiltIn ? 'which rules a chart adds to' : 'the rules of'} the ${kind} ${name}`;
    byRole.set(role, [...(byRole.get(role) ?? []), nameOf(who)]);
  }
  return [...byRole].map(
    ([role, names]) => `${role}, which ${listed(names, names.length)} hold${names.length > 1 ? '' : 's'}`,
  );
}

/** Returns as text what is unknown: whether somebody can sign in. */
export const unknownLogin = (who: Pick<Entitled, 'kind' | 'name'>): string =>
  `whether ${nameOf(who)} can sign in: only Kanidm knows the members of a group in the scope map`;

function heldText(access: ClusterAccess, { name, held: { binding, subject, namespace } }: Entitled): string {
  const group = groupOf(access, subject);
  const way = group === undefined ? [] : wayInto(access.config, name, group);
  const everybody =
    subject.kind === 'Group' && subject.name === 'system:authenticated' ? ', by system:authenticated' : '';
  const place = namespace === undefined ? '' : ` in namespace ${namespace}`;
  const isGrant = grantOf(access.cluster, binding) !== undefined;
  return `${roleOf({ binding })}${place}${by(way)}${everybody}; ${isGrant ? 'grant' : 'binding'} ${binding.metadata.name}`;
}

/** Returns why somebody lacks a right that they must always have. */
export function enough({ access, day }: Entitlements, who: Pick<Entitled, 'kind' | 'name'>): string {
  const validity = validityOf(access.config, who.name);
  if (day !== undefined && !isValidOn(validity, day))
    return `${nameOf(who)} cannot sign in on ${day}, because the account is valid only ${validityText(validity) ?? ''}`;
  const canSignIn = access.principals.some(({ kind, name }) => kind === who.kind && name === who.name);
  return canSignIn ? `${nameOf(who)} may not` : `${nameOf(who)} cannot sign in`;
}

/** Returns an expectation as a sentence without a full stop. */
export function expectationText(config: Config, expectation: Expectation): string {
  const { except, exceptSubjects, kind } = expectation;
  const out = [...except, ...exceptSubjects.users, ...exceptSubjects.groups];
  const but = out.length === 0 ? '' : `, except ${out.join(', ')}`;
  const place = expectation.in
    ? ` in ${expectation.in.length > 1 ? 'namespaces' : 'namespace'} ${expectation.in.join(', ')}`
    : '';
  const may = expectation.become ? 'can become able to' : 'may';
  switch (kind) {
    case 'never':
      return `nobody ${may} ${rightText(expectation.right)}${place}${but}`;
    case 'atMost':
      return `at most ${expectation.most} ${may} ${rightText(expectation.right)}${place}${but}`;
    case 'always':
      return `${expectation.who ? expectation.who.map((name) => everyone(config, name)).join(' and ') : 'somebody'} ${may} ${rightText(expectation.right)}${place}`;
    case 'exclusive':
      return `nobody ${expectation.become ? 'can get' : 'holds'} two of the roles ${expectation.roles.join(', ')}${place}${but}`;
  }
}

const everyone = ({ people, serviceAccounts }: Config, name: string): string =>
  people.has(name) || serviceAccounts.has(name) ? name : `everybody in ${name}`;

const rightText = (right: string): string =>
  own(wholes, right.trim()) ?? right.trim().replace(/\s+/g, ' ').replace(/,/g, ', ');

const wholes: Readonly<Record<string, string>> = { everything: 'do everything', 'cluster-admin': 'do everything' };
