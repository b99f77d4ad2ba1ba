import type { Cluster, Config } from '../../config/config';
import { type Finding, keyAt, type Path } from '../../findings/finding';
import { own } from '../../guards';
import type { Authenticator } from '../../identity/authenticator';
import { configFinding } from './config-codes';
import { sharedGroups } from './shared-group-rules';

/** Reports prefixes with which a name could also be that of a Kubernetes component or of another client's group. */
export const prefixes = (config: Config, cluster: Cluster, trusted: readonly Authenticator[]): Finding[] => [
  ...dashes(cluster),
  ...system(cluster, trusted),
  ...several(config, cluster, trusted),
];

function dashes({ path, authentication: { prefix, groups } }: Cluster): Finding[] {
  const at = [...path, 'authentication'];
  const fix = 'write `""` for no prefix';
  const message = (what: string) => `\`-\` would be put in front of each ${what} literally`;
  return [
    ...(prefix === '-' ? [configFinding('prefix-dash', [...at, 'prefix'], message('user name'), fix)] : []),
    ...(groups?.prefix === '-'
      ? [configFinding('prefix-dash', [...at, 'groups', 'prefix'], message('group'), fix)]
      : []),
  ];
}

/** Components of Kubernetes get their rights by names that begin with `system:`; `system:masters` has full access. */
function system({ path, authentication }: Cluster, trusted: readonly Authenticator[]): Finding[] {
  const at: Path = [...path, 'authentication'];
  const { prefix = '', groups, method } = authentication;
  const reserved = (name: string) => name.startsWith('system:');
  const refuse = (field: Path, name: string) => {
    const message = `\`${name}\` begins with \`system:\`, which Kubernetes reserves`;
    return configFinding('system-subject', field, message, 'write a prefix such as `kanidm:`');
  };
  const problems: Finding[] = [];
  if (reserved(prefix)) problems.push(refuse([...at, 'prefix'], prefix));
  if (!groups) return problems;
  const field = [...at, 'groups', 'prefix'];
  const values = trusted.flatMap(({ client }) => Object.values(own(client.claims, groups.claim)?.values ?? {}).flat());
  const name = [groups.prefix, ...values.map((value) => groups.prefix + value)].find(reserved);
  if (name !== undefined) problems.push(refuse(field, name));
  else if (groups.prefix === '' && method === 'flags') {
    const message = 'without a prefix, anyone who can edit claims in Kanidm can put people into `system:masters`';
    problems.push(configFinding('groups-prefix-empty', field, message, 'write a prefix such as `kanidm:`'));
  }
  return problems;
}

/** Checks a cluster that trusts several clients: flags support one issuer, and equal names must mean the same group. */
function several(config: Config, { path, authentication, trust }: Cluster, trusted: readonly Authenticator[]) {
  if (trust.length === 0) return [];
  if (authentication.method === 'structured') return sharedGroups(config, path, trusted);
  const message = 'flags configure one issuer, and each client of Kanidm has its own issuer';
  const fix = 'write `authentication: { method: structured }`';
  return [configFinding('trust-flags', keyAt([...path, 'trust']), message, fix)];
}
