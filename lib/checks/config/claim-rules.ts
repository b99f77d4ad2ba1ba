import type { Cluster, Config } from '../../config/config';
import { type Finding, keyAt } from '../../findings/finding';
import { own } from '../../guards';
import type { Authenticator } from '../../identity/authenticator';
import { groupScope } from '../../identity/claims';
import { unmetBecause } from '../../identity/required-claims';
import { kanidmClaims } from '../../upstream/kanidm-claims';
import { configFinding } from './config-codes';

/** The claims in every ID token of Kanidm that identify one person. */
const personal = ['sub', 'email', 'preferred_username'];

/** Reports claims that cannot serve as user or group names, and required claims that no token can match. */
export const claims = (config: Config, cluster: Cluster, trusted: readonly Authenticator[]): Finding[] => [
  ...user(cluster, trusted),
  ...groups(cluster, trusted),
  ...required(config, cluster, trusted),
];

function user({ path, authentication: { claim }, name }: Cluster, trusted: readonly Authenticator[]) {
  const at = [...path, 'authentication', 'claim'];
  const fix = 'write `sub`, the UUID, which never changes';
  if (claim === 'name') {
    const message = '`name` is the display name: it is not unique, and people can change it themselves';
    return [configFinding('claim-name', at, message, fix)];
  }
  if (claim === 'preferred_username') {
    const message =
      'people can change their own name, and the next person to take a freed name gets the access of its former owner';
    return [configFinding('changeable-claim', at, message, fix)];
  }
  if (claim === 'email') return emailScope(name, path, trusted);
  if (personal.includes(claim)) return [];
  const message = `the claim \`${claim}\` is shared by the members of a group, so it cannot identify a person`;
  return [configFinding('claim-shared', at, message, fix)];
}

/** Requires the scope `email` if user names come from the claim `email`: without the scope, tokens lack the claim. */
function emailScope(cluster: string, path: Cluster['path'], trusted: readonly Authenticator[]): Finding[] {
  return trusted.flatMap(({ client }) => {
    if (Object.values(client.scopes ?? {}).some((scopes) => scopes.includes('email'))) return [];
    const message = `${cluster} identifies people by mail address, and client ${client.name} does not give the scope \`email\``;
    const fix = `add \`email\` to \`clients.${client.name}.scopes\``;
    return [configFinding('claim-email-scope', [...path, 'authentication', 'claim'], message, fix)];
  });
}

function groups({ path, authentication }: Cluster, trusted: readonly Authenticator[]): Finding[] {
  const claim = authentication.groups?.claim;
  if (claim === undefined) return [];
  if (authentication.method === 'structured') {
    // In the name of a claim, CEL reads `__dot__` and similar parts as escape sequences and looks for another claim.
    if (!/__[^_]+__/.test(claim) || trusted.every((one) => one.groups?.separator === undefined)) return [];
    const message = `an expression cannot read the claim \`${claim}\`: Kubernetes reads \`__\` as an escape sequence`;
    const fix = 'choose another name, or write `join: array` for the claim';
    return [configFinding('claim-escape', [...path, 'authentication', 'groups', 'claim'], message, fix)];
  }
  return trusted.flatMap(({ client }) => {
    const join = own(client.claims, claim)?.join;
    if (join === undefined || join === 'array' || (claim === 'groups' && groupScope(client))) return [];
    const message = `the claim \`${claim}\` of client ${client.name} is a single string, which flags read as one group`;
    const fix = `write \`clients.${client.name}.claims.${claim}.join: array\`, or \`method: structured\``;
    return [configFinding('groups-joined', keyAt([...path, 'authentication', 'groups']), message, fix)];
  });
}

/**
 * Rejects a required claim that is a list, because kube-apiserver compares the claim with a string, and one that no token
 * of a trusted client can have.
 */
function required(config: Config, { path, authentication }: Cluster, trusted: readonly Authenticator[]): Finding[] {
  return Object.entries(authentication.requiredClaims).flatMap(([claim, value]) => {
    const at = keyAt([...path, 'authentication', 'requiredClaims', claim]);
    const never = trusted.find(({ client }) => {
      if (claim === 'groups' && groupScope(client)) return true;
      return (kanidmClaims.get(claim) ?? 'text') !== 'text' || own(client.claims, claim)?.join === 'array';
    });
    if (never) {
      const { claims, name } = never.client;
      const message = `a required claim is compared as a string, and \`${claim}\` of client ${name} is a list: every login would be refused`;
      const fix = own(claims, claim)
        ? `write \`clients.${name}.claims.${claim}.join: csv\`, or require another claim`
        : 'require another claim, or remove it: the scope map of the client decides who can sign in';
      return [configFinding('required-claim-list', at, message, fix)];
    }
    return trusted.flatMap(({ client }) => {
      const why = unmetBecause(config, client, claim, value);
      if (why === undefined) return [];
      const message = `no token of client ${client.name} can have \`${claim}: ${value}\`, because ${why}: every login through it would be refused`;
      const fix =
        'require a claim that the tokens have, or remove it: the scope map of the client decides who can sign in';
      return [configFinding('required-claim-unmet', at, message, fix)];
    });
  });
}
