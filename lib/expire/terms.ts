import type { BindingObject } from '../access/objects';
import type { Cluster, Config, Grant, Group, Term } from '../config/config';
import type { Path } from '../findings/finding';
import { own } from '../guards';

/** A grant or a membership with a last day. */
export interface Ending {
  readonly kind: 'grant' | 'membership';
  /** The path in the config: of the grant, or of the item in `members` of the group. */
  readonly path: Path;
  /** The description: `the grant oncall`, `the membership of jane in oncall`. */
  readonly what: string;
  /** The last day, `2027-01-31`. */
  readonly until: string;
}

/**
 * Whether something whose last day is `until` has ended on the day `at`. Days in this form can be compared as texts.
 */
export const hasEnded = (until: string, at: string): boolean => until < at;

/** Returns the current day in UTC, such as `2027-01-31`. */
export const today = (now = new Date()): string => now.toISOString().slice(0, 10);

/** Returns the day that is `days` days after another day. */
export function daysAfter(day: string, days: number): string {
  const time = Date.parse(`${day}T00:00:00Z`) + days * 86_400_000;
  return new Date(time).toISOString().slice(0, 10);
}

/** Whether a day is in the calendar. `2027-02-30`, for example, is not. */
export const isDay = (day: string): boolean => {
  const time = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === day;
};

/** Returns the memberships of a group that have a last day. */
export const membershipsOf = ({ name, path, members = [], memberTerms = {} }: Group): Ending[] =>
  Object.entries(memberTerms).flatMap(([member, { until }]) =>
    until === undefined
      ? []
      : [
          {
            kind: 'membership' as const,
            path: [...path, 'members', members.indexOf(member)],
            what: `the membership of ${member} in ${name}`,
            until,
          },
        ],
  );

/** Returns the grants of a cluster that have a last day. */
export const grantsOf = ({ grants }: Cluster): Ending[] =>
  grants.flatMap(({ name, path, until }) =>
    until === undefined ? [] : [{ kind: 'grant' as const, path, what: `the grant ${name}`, until }],
  );

/** Returns everything in a config that has a last day. A grant on several clusters is returned once. */
export function endings(config: Config): Ending[] {
  const grants = new Map(
    [...config.clusters.values()].flatMap(grantsOf).map((one) => [JSON.stringify(one.path), one] as const),
  );
  return [...[...config.groups.values()].flatMap(membershipsOf), ...grants.values()];
}

/** Returns ` until 2027-01-31 (on call)`; empty if there is neither a last day nor a reason. */
export function termText({ until, reason }: Term, shown: (text: string) => string = (text) => text): string {
  const end = until === undefined ? '' : ` until ${until}`;
  return reason === undefined ? end : `${end} (${shown(reason)})`;
}

/**
 * Returns the term of a membership through which somebody holds a role.
 * @param name whoever holds the role
 * @param way the groups that lead to the role, the group of the grant last
 * @param at the index of a group in `way`: the result is for the membership in this group
 */
export const membershipTerm = (config: Config, name: string, way: readonly string[], at: number): Term =>
  own(config.groups.get(way[at] ?? '')?.memberTerms ?? {}, at === 0 ? name : (way[at - 1] ?? '')) ?? {};

/** Returns the grant that a binding is rendered from; `undefined` for a hand-written binding. */
export const grantOf = (
  { grants }: Pick<Cluster, 'grants'>,
  { kind, metadata: { name, namespace = '' } }: Pick<BindingObject, 'kind' | 'metadata'>,
): Grant | undefined =>
  grants.find(
    (one) =>
      one.name === name &&
      (kind === 'ClusterRoleBinding' ? one.namespaces.length === 0 : one.namespaces.includes(namespace)),
  );

/**
 * Returns the last day on which somebody has a role. It is the earliest of the last days of the grant and the
 * memberships; `undefined` if none of them ends.
 */
export function endOf(
  { config, cluster }: { readonly config: Config; readonly cluster: Cluster },
  binding: Pick<BindingObject, 'kind' | 'metadata'>,
  name: string,
  way: readonly string[],
): string | undefined {
  const terms = [grantOf(cluster, binding) ?? {}, ...way.map((_, i) => membershipTerm(config, name, way, i))];
  return terms.flatMap(({ until }: Term) => until ?? []).sort()[0];
}
