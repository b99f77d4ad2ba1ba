import { listed } from '../../access/rights-in-words';
import type { Config } from '../../config/config';
import { mayUseThrough, surelyUses } from '../../identity/claims';
import { memberships } from '../../identity/membership';
import { everyonesGroups } from '../../upstream/kanidm-builtin';
import type { Level } from '../statement';
import { type Field, parts } from './field';

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

/** Returns the clients whose tokens the API server newly accepts, and those whose tokens it no longer accepts. */
function changedClients({ cluster = '', sides }: Field): { readonly added: string[]; readonly removed: string[] } {
  const of = ({ clusters }: Config): string[] => {
    const { client, trust } = clusters.get(cluster) ?? {};
    return [...(client === undefined ? [] : [client]), ...(trust ?? [])];
  };
  const [was, is] = [of(sides.before), of(sides.after)];
  return { added: is.filter((name) => !was.includes(name)), removed: was.filter((name) => !is.includes(name)) };
}

/** Returns `high` if the field names a client whose tokens the API server did not accept before. */
export const newClients = (field: Field): Level => {
  const { added, removed } = changedClients(field);
  const named = parts(field);
  return named.added.some((name) => added.includes(name))
    ? 'high'
    : named.removed.some((name) => removed.includes(name))
      ? 'none'
      : 'low';
};

const accepted = (name: string, what: string, config: Config): string =>
  `${usersOf(config, name)} may use ${what} and can sign in to the cluster with it; whoever runs the application of this client gets the tokens of its users, and can act as these users`;

const noLonger = (name: string): string => `the API server no longer accepts tokens of client ${name}`;

/** Returns the consequence if a cluster gets another client. */
export function clientMeans(field: Field): string {
  const [before, after] = [String(field.before), String(field.after)];
  const { added, removed } = changedClients(field);
  return [
    added.includes(after)
      ? accepted(after, `client ${after}`, field.sides.after)
      : `the API server already accepted tokens of client ${after}, and kubectl uses this client from now on`,
    removed.includes(before) ? noLonger(before) : `the API server still accepts tokens of client ${before}`,
  ].join('; ');
}

/** Returns the whole statement about a change of `trust`. */
export function trustText(field: Field): string {
  const [named, all] = [parts(field), changedClients(field)];
  return [
    ...named.added.map((name) =>
      all.added.includes(name)
        ? `the API server now accepts tokens of client ${name} too: ${accepted(name, 'this client', field.sides.after)}`
        : `the API server still accepts tokens of client ${name}`,
    ),
    ...named.removed.map((name) =>
      all.removed.includes(name) ? noLonger(name) : `client ${name} is now the client of the cluster`,
    ),
  ].join('; ');
}
