import { listed } from '../../access/rights-in-words';
import type { Config } from '../../config/config';
import { mayUseThrough, surelyUses } from '../../identity/claims';
import { memberships } from '../../identity/membership';
import { everyonesGroups } from '../../upstream/kanidm-builtin';

/**
 * Returns who may use a client, as the start of a sentence with `may`: `jane and ann`, `everybody in Kanidm`, `every
 * member of devs (only Kanidm knows the members)`.
 */
export function usersOf(config: Config, name: string): string {
  const client = config.clients.get(name);
  if (!client) return 'nobody in the config';
  if (everyonesGroups.some((group) => mayUseThrough(config, group, client))) return 'everybody in Kanidm';
  const accounts = [...config.people.values(), ...config.serviceAccounts.values()]
    .filter((account) => !account.absent && surelyUses(config, account, client))
    .map((account) => account.name);
  const scoped = Object.keys(client.scopes ?? {}).filter((group) => mayUseThrough(config, group, client));
  const kept = new Set(scoped.flatMap((group) => memberships(config).keptIn.get(group) ?? []));
  const who = [
    ...(accounts.length > 0 ? [listed(accounts, 6)] : []),
    ...(kept.size > 0 ? [`every member of ${listed([...kept])} (only Kanidm knows the members)`] : []),
  ];
  return who.length > 0 ? who.join(', and ') : 'nobody in the config';
}
