import type { Config } from '../config/config';
import { memberships } from '../identity/membership';
import type { Entitled } from './entitled';

/**
 * Returns the person or service account with the given name. For a group, returns all members, and the nested groups
 * whose members only Kanidm knows.
 */
export function accountsOf(config: Config, name: string): Pick<Entitled, 'kind' | 'name'>[] {
  if (config.people.has(name)) return [{ kind: 'person', name }];
  if (config.serviceAccounts.has(name)) return [{ kind: 'service account', name }];
  const { peopleIn, keptIn, groupsOf } = memberships(config);
  const accounts = [...config.serviceAccounts.values()].filter(
    (one) => !one.absent && groupsOf.get(one.name)?.includes(name),
  );
  const kept = config.groups.has(name) ? (keptIn.get(name) ?? []) : [name];
  return [
    ...(peopleIn.get(name) ?? []).map((one) => ({ kind: 'person' as const, name: one })),
    ...accounts.map((one) => ({ kind: 'service account' as const, name: one.name })),
    ...kept.map((one) => ({ kind: 'members' as const, name: one })),
  ];
}
