import type { Config, Expectation } from '../config/config';
import { memberships, parentsOf } from '../identity/membership';
import { everyonesGroups } from '../upstream/kanidm-builtin';
import type { Entitled } from './entitled';

/**
 * Whether an expectation does not apply to somebody because of `except`. `unknown` if only Kanidm knows the members of
 * a group in `except`.
 */
export type Exemption = 'yes' | 'no' | 'unknown';

/** Returns a function that tells whether `except` of an expectation exempts somebody. */
export function exemptions(
  config: Config,
  { except, exceptSubjects }: Pick<Expectation, 'except' | 'exceptSubjects'>,
): (who: Pick<Entitled, 'kind' | 'name'>) => Exemption {
  const left = new Set(except);
  const everybody = everyonesGroups.some((one) => left.has(one));
  const { groupsOf, keptIn } = memberships(config);
  const isOpen = except.some(
    (name) => !config.people.has(name) && !config.serviceAccounts.has(name) && isKept(config, name),
  );
  return ({ kind, name }) => {
    const subjects = [...exceptSubjects.users, ...exceptSubjects.groups];
    if (kind === 'workload') return subjects.includes(name) ? 'yes' : 'no';
    if (kind === 'user') return exceptSubjects.users.includes(name) ? 'yes' : 'no';
    if (kind === 'group') return exceptSubjects.groups.includes(name) ? 'yes' : 'no';
    const groups = kind === 'members' ? [name, ...parentsOf(config, name)] : [name, ...(groupsOf.get(name) ?? [])];
    if (groups.some((one) => left.has(one))) return 'yes';
    // Of the built-in groups that contain every person, only `idm_all_accounts` also contains the service accounts.
    if (everybody && (kind === 'person' || left.has('idm_all_accounts'))) return 'yes';
    return isOpen ? 'unknown' : 'no';
  };

  function isKept(of: Config, group: string): boolean {
    return !of.groups.has(group) ? !everyonesGroups.includes(group) : (keptIn.get(group) ?? []).length > 0;
  }
}
