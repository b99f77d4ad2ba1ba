import type { Cluster } from '../../config/config';
import { type Finding, keyAt, type Path } from '../../findings/finding';
import { own } from '../../guards';
import type { Authenticator } from '../../identity/authenticator';
import { groupScope } from '../../identity/claims';
import { configFinding } from './config-codes';

/** Prefixes with which a user could be mistaken for a component of Kubernetes or for a user of another issuer. */
export const prefixes = (cluster: Cluster, trusted: readonly Authenticator[]): Finding[] => [
  ...dashes(cluster),
  ...system(cluster, trusted),
  ...several(cluster, trusted),
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
    const message = `\`${name}\` is a name that Kubernetes reserves for itself`;
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
    const message = 'without a prefix, whoever can edit claims in Kanidm can put people into `system:masters`';
    problems.push(configFinding('groups-prefix-empty', field, message, 'write a prefix such as `kanidm:`'));
  }
  return problems;
}

/** With several issuers: flags support only one, and names of different issuers must differ. */
function several({ path, authentication, trust }: Cluster, trusted: readonly Authenticator[]): Finding[] {
  if (trust.length === 0) return [];
  if (authentication.method === 'flags') {
    const message = 'flags configure one issuer, and in Kanidm each client is an issuer of its own';
    return [
      configFinding(
        'trust-flags',
        keyAt([...path, 'trust']),
        message,
        'write `authentication: { method: structured }`',
      ),
    ];
  }
  const problems: Finding[] = [];
  if (new Set(trusted.map(({ username }) => username.prefix)).size < trusted.length) {
    const message = `users of ${trusted.map(({ client }) => client.name).join(' and ')} get the same prefix, so one could pass for the other`;
    const at = authentication.prefix === undefined ? 'claim' : 'prefix';
    const fix = at === 'prefix' ? 'leave the prefix unset: each issuer then has its own' : 'write `claim: sub`';
    problems.push(configFinding('prefix-shared', [...path, 'authentication', at], message, fix));
  }
  return [...problems, ...sharedGroups(path, authentication.groups?.claim, trusted)];
}

/** Groups of Kanidm are the same for every client; the values of a claim map belong to one client. */
function sharedGroups(path: Path, claim: string | undefined, trusted: readonly Authenticator[]): Finding[] {
  if (claim === undefined) return [];
  const mapped = trusted.filter(
    ({ client }) => own(client.claims, claim) && !(claim === 'groups' && groupScope(client)),
  );
  if (mapped.length === 0) return [];
  const message = `the claim \`${claim}\` of ${mapped.map(({ client }) => client.name).join(' and ')} comes from a claim map, and with one prefix equal values of two clients become the same group`;
  const fix = 'write `groups: { claim: groups }` and give the clients the scope `groups`';
  return [configFinding('prefix-shared', keyAt([...path, 'authentication', 'groups']), message, fix)];
}
