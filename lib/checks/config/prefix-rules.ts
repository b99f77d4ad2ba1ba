import { literalPrefixes } from '../../cel/literal-prefix';
import type { Authentication, Cluster, Config } from '../../config/config';
import { type Finding, keyAt, type Path } from '../../findings/finding';
import { own } from '../../guards';
import type { Authenticator } from '../../identity/authenticator';
import { configFinding } from './config-codes';
import { clientMappings, issuerMappings, type PlacedMapping } from './placed-mappings';
import { sharedGroups } from './shared-group-rules';
import { sharedNames } from './shared-name-rules';

/**
 * Reports prefixes with which a token could give somebody the name of a Kubernetes component, or the name of a user or
 * group of another issuer.
 */
export const prefixes = (config: Config, cluster: Cluster, trusted: readonly Authenticator[]): Finding[] => [
  ...[...clientMappings(cluster, trusted), ...issuerMappings(cluster)].flatMap((placed) =>
    onePrefix(cluster.authentication.method, placed),
  ),
  ...several(config, cluster, trusted),
];

/** Reports mistakes in the prefixes of one mapping. */
export const onePrefix = (method: Authentication['method'], placed: PlacedMapping): Finding[] => [
  ...dashes(placed),
  ...system(method, placed),
];

function dashes({ path, mapping: { prefix, groups } }: PlacedMapping): Finding[] {
  const fix = 'write `""` for no prefix';
  const message = (what: string) =>
    `\`-\` is not a prefix for ${what}: it means “no prefix” only in the argument --oidc-username-prefix, not in a config`;
  return [
    ...(prefix === '-' ? [configFinding('prefix-dash', [...path, 'prefix'], message('user names'), fix)] : []),
    ...(groups?.prefix === '-'
      ? [configFinding('prefix-dash', [...path, 'groups', 'prefix'], message('groups'), fix)]
      : []),
  ];
}

/**
 * Reports a prefix with which a user or group name could begin with `system:`. Components of Kubernetes get their
 * rights by such names, and `system:masters` may do everything.
 */
function system(method: Authentication['method'], { path, mapping, clients }: PlacedMapping): Finding[] {
  const { prefix = '', username, groups } = mapping;
  const reserved = (name: string) => name.startsWith('system:');
  const refuse = (field: Path, name: string) => {
    const message = `\`${name}\` begins with \`system:\`, which Kubernetes reserves`;
    return configFinding('system-subject', [...path, ...field], message, 'write a prefix such as `kanidm:`');
  };
  const problems: Finding[] = [];
  const start = (username ? literalPrefixes(username.expression) : [prefix]).find(reserved);
  if (start !== undefined) problems.push(refuse(username ? ['username', 'expression'] : ['prefix'], start));
  if (!groups) return problems;
  if (groups.expression !== undefined) {
    const name = literalPrefixes(groups.expression).find(reserved);
    return name === undefined ? problems : [...problems, refuse(['groups', 'expression'], name)];
  }
  const values = clients.flatMap(({ client }) => Object.values(own(client.claims, groups.claim)?.values ?? {}).flat());
  const name = [groups.prefix, ...values.map((value) => groups.prefix + value)].find(reserved);
  if (name !== undefined) problems.push(refuse(['groups', 'prefix'], name));
  else if (groups.prefix === '' && method === 'flags') {
    const message = 'without a prefix, anyone who can edit claims in Kanidm can put people into `system:masters`';
    const fix = 'write a prefix such as `kanidm:`';
    problems.push(configFinding('groups-prefix-empty', [...path, 'groups', 'prefix'], message, fix));
  }
  return problems;
}

/** Checks a cluster that trusts several clients: flags support one issuer, and equal names must mean the same group. */
function several(config: Config, cluster: Cluster, trusted: readonly Authenticator[]): Finding[] {
  const { path, authentication, trust } = cluster;
  if (authentication.method === 'structured') {
    return [...sharedGroups(config, path, trusted), ...sharedNames(cluster, trusted)];
  }
  if (trust.length === 0) return [];
  const message = 'flags configure only one issuer, but each client of Kanidm has its own issuer';
  const fix = 'write `authentication: { method: structured }`';
  return [configFinding('trust-flags', keyAt([...path, 'trust']), message, fix)];
}
