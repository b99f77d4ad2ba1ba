import { ownerExpression } from '../../cel/claim-expression';
import { expressionFacts, missingClaim } from '../../cel/expression';
import type { Authentication, Cluster, Config } from '../../config/config';
import { type Finding, keyAt, type Path } from '../../findings/finding';
import { own } from '../../guards';
import { type Authenticator, signInKey } from '../../identity/authenticator';
import { groupScope } from '../../identity/claims';
import { neverHas, surelySignsIn, unmetBecause } from '../../identity/required-claims';
import { personSubject } from '../../identity/subject';
import { isKnown } from '../../identity/token-mapping';
import { kanidmClaims } from '../../upstream/kanidm-claims';
import { configFinding } from './config-codes';
import { claimExpressions, escapeSequence } from './mapping-rules';
import { clientMappings, type PlacedMapping } from './placed-mappings';

/** The claims in ID tokens of Kanidm that identify one person. */
const personal = ['sub', 'email', 'preferred_username'];
/** The claims that Kanidm fills from the account alone. Two accounts can have the same `name`, the display name. */
const ofOneAccount = [...personal, 'name'];

/** Reports claims that cannot serve as user or group names, and required claims that no token can match. */
export const claims = (config: Config, cluster: Cluster, trusted: readonly Authenticator[]): Finding[] =>
  clientMappings(cluster, trusted).flatMap((placed) => [
    ...user(cluster.name, placed),
    ...namesakes(config, cluster, placed),
    ...groups(cluster.authentication.method, placed),
    ...required(config, placed),
    ...(cluster.authentication.method === 'structured' ? missing(placed) : []),
  ]);

function user(cluster: string, { mapping, path, clients }: PlacedMapping): Finding[] {
  const { claim, username } = mapping;
  if (username) return expressionName(cluster, username.expression, [...path, 'username', 'expression'], clients);
  const at = [...path, 'claim'];
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
  if (claim === 'email') return emailScope(cluster, at, clients);
  if (personal.includes(claim)) return [];
  const message = kanidmClaims.has(claim)
    ? `the claim \`${claim}\` does not identify a person`
    : clients.every(({ client }) => neverHas(client, claim))
      ? `no token has the claim \`${claim}\`: neither Kanidm nor a claim map sets it`
      : `the claim \`${claim}\` is shared by the members of a group, so it cannot identify a person`;
  return [configFinding('claim-shared', at, message, fix)];
}

const readUuid = 'read `claims.sub`, the UUID';

/**
 * Reports an expression that reads no claim of the account, that reads claims which people can change themselves, or
 * whose user names Kaniflux cannot determine.
 */
function expressionName(cluster: string, expression: string, at: Path, clients: readonly Authenticator[]): Finding[] {
  const { claims: read, error } = expressionFacts(expression);
  const reads = (claim: string) => read?.has(claim) === true;
  if (isKnown({ expression }) && !ofOneAccount.some(reads)) {
    const message = 'the expression reads no claim that identifies a person, so several people can have one user name';
    return [configFinding('claim-shared', at, message, readUuid)];
  }
  const message = (claim: string) =>
    `the expression reads \`${claim}\`, which people can change themselves: the next person with that name gets the access of its former owner`;
  const changeable = ['name', 'preferred_username'].filter(reads);
  return [
    ...changeable.map((claim) => configFinding('changeable-claim', at, message(claim), readUuid)),
    ...(reads('email') ? emailScope(cluster, at, clients) : []),
    ...(error === undefined && !isKnown({ expression })
      ? [
          configFinding(
            'names-not-known',
            at,
            `Kaniflux does not evaluate \`${expression}\`, so it does not know the user names on ${cluster} and cannot check what depends on them`,
            'use a simpler expression, or grant roles to groups, or to user names under `subjects.users`',
          ),
        ]
      : []),
  ];
}

/** The messages of `namesakes`, by the settings that they depend on, since many clusters can have the same settings. */
const namesakeMessages = new WeakMap<Config, Map<string, string | undefined>>();

/**
 * Reports an expression that reads claims of the account, but gives two accounts the same user name. For example, it can
 * cut off the part in which their mail addresses differ. Only accounts that can certainly sign in are compared.
 */
function namesakes(config: Config, cluster: Cluster, { mapping, path, clients }: PlacedMapping): Finding[] {
  const { expression } = mapping.username ?? {};
  if (expression === undefined || !isKnown({ expression })) return [];
  const { claims: read } = expressionFacts(expression);
  if (!ofOneAccount.some((claim) => read?.has(claim)) || personal.includes(ownerExpression(expression)?.claim ?? '')) {
    return [];
  }
  const messages = namesakeMessages.get(config) ?? new Map<string, string | undefined>();
  namesakeMessages.set(config, messages);
  const key = [signInKey(cluster), ...clients.map(({ client }) => client.name)].join('\n');
  if (!messages.has(key)) messages.set(key, namesakeMessage(config, cluster, clients));
  const message = messages.get(key);
  const at = [...path, 'username', 'expression'];
  return message === undefined ? [] : [configFinding('claim-shared', at, message, readUuid)];
}

function namesakeMessage(config: Config, cluster: Cluster, clients: readonly Authenticator[]): string | undefined {
  const accounts = [...config.people.values(), ...config.serviceAccounts.values()].filter(({ absent }) => !absent);
  for (const one of clients) {
    const owners = new Map<string, string>();
    for (const account of accounts) {
      const name = personSubject(config, one, account.name);
      if (name === undefined || !surelySignsIn(config, cluster, account, one)) continue;
      const owner = owners.get(name);
      owners.set(name, account.name);
      if (owner === undefined) continue;
      return `the expression gives ${owner} and ${account.name} the same user name, \`${name}\``;
    }
  }
  return undefined;
}

/** Requires the scope `email` if user names come from the claim `email`: without the scope, tokens lack the claim. */
function emailScope(cluster: string, at: Path, trusted: readonly Authenticator[]): Finding[] {
  return trusted.flatMap(({ client }) => {
    if (Object.values(client.scopes ?? {}).some((scopes) => scopes.includes('email'))) return [];
    const message = `${cluster} identifies people by mail address, but no scope map of client ${client.name} grants the scope \`email\``;
    const fix = `add \`email\` to \`clients.${client.name}.scopes\``;
    return [configFinding('claim-email-scope', at, message, fix)];
  });
}

function groups(method: Authentication['method'], { mapping, path, clients }: PlacedMapping): Finding[] {
  const { claim, expression } = mapping.groups ?? {};
  if (claim === undefined) return [];
  if (expression !== undefined) {
    if (isKnown({ expression }) || expressionFacts(expression).error !== undefined) return [];
    const message = `Kaniflux does not evaluate \`${expression}\`, so it does not know the names of the groups and cannot check what depends on them`;
    const fix =
      'use a simpler expression, or under `subjects.groups` of the grants, write the names that the API server has for the groups';
    return [configFinding('names-not-known', [...path, 'groups', 'expression'], message, fix)];
  }
  if (method === 'structured') {
    // In the name of a claim, CEL reads `__dot__` and similar parts as escape sequences, so it would read another
    // claim.
    if (!/__[^_]+__/.test(claim) || clients.every((one) => one.groups?.separator === undefined)) return [];
    const message = `an expression cannot read the claim \`${claim}\`: Kubernetes reads \`__\` as an escape sequence`;
    const fix = 'choose another name for the claim, or set `join: array` for it';
    return [configFinding('claim-escape', [...path, 'groups', 'claim'], message, fix)];
  }
  return clients.flatMap(({ client }) => {
    const join = own(client.claims, claim)?.join;
    if (join === undefined || join === 'array' || (claim === 'groups' && groupScope(client))) return [];
    const message = `the claim \`${claim}\` of client ${client.name} is a single string: with \`method: flags\`, the API server reads the whole string as one group`;
    const fix = `write \`clients.${client.name}.claims.${claim}.join: array\`, or \`method: structured\``;
    return [configFinding('groups-joined', keyAt([...path, 'groups']), message, fix)];
  });
}

const isOfOtherType = (claim: string): boolean => (kanidmClaims.get(claim) ?? 'text') !== 'text';

/**
 * Rejects a required claim that is not a string, such as a list, because kube-apiserver compares a required claim with
 * a string. Also rejects a required claim if no token of a trusted client can have the claim with the required value.
 */
function required(config: Config, { mapping, path, clients: trusted }: PlacedMapping): Finding[] {
  return Object.entries(mapping.requiredClaims).flatMap(([claim, value]) => {
    const at = keyAt([...path, 'requiredClaims', claim]);
    const never = trusted.find(({ client }) => {
      if (claim === 'groups' && groupScope(client)) return true;
      return isOfOtherType(claim) || own(client.claims, claim)?.join === 'array';
    });
    if (never) {
      const { claims, name } = never.client;
      const type = isOfOtherType(claim) ? kanidmClaims.get(claim) : 'list';
      const message = `the API server compares a required claim as a string, but the claim \`${claim}\` of client ${name} is a ${type}, so every login would be refused`;
      const fix = own(claims, claim)
        ? `write \`clients.${name}.claims.${claim}.join: csv\`, or require another claim`
        : 'require another claim, or remove this one: the scope map of the client already decides who can sign in';
      return [configFinding('required-claim-list', at, message, fix)];
    }
    return trusted.flatMap(({ client }) => {
      const why = unmetBecause(config, client, claim, value);
      if (why === undefined) return [];
      const message = `the API server would refuse every token of client ${client.name}: no token can have the claim \`${claim}: ${value}\`, because ${why}`;
      const fix =
        'require a claim that the tokens have, or remove this one: the scope map of the client already decides who can sign in';
      return [configFinding('required-claim-unmet', at, message, fix)];
    });
  });
}

/** Reports expressions that fail for every token of a client, because no token has a claim that they read. */
function missing({ mapping, path, clients }: PlacedMapping): Finding[] {
  const at = [...path, 'uid', 'claim'];
  return clients.flatMap(({ client, claimsByName }) => {
    const message = (claim: string) =>
      `the API server would refuse every token of client ${client.name}: it needs the claim \`${claim}\`, but neither Kanidm nor a claim map sets this claim`;
    const fix = 'read a claim that the tokens have, or give the client a claim map for this claim';
    const uid = mapping.uid?.claim;
    return [
      ...(uid !== undefined && neverHas(client, uid)
        ? [configFinding('required-claim-unmet', at, message(uid), fix)]
        : []),
      ...claimExpressions({ mapping, path }).flatMap(([text = '', at]) => {
        // Without `claimsByName`, the name of the claim contains the escape sequence itself, not what it stands for.
        if (claimsByName === false && escapeSequence(text) !== undefined) return [];
        const claim = missingClaim(text, (one) => neverHas(client, one));
        return claim === undefined ? [] : [configFinding('required-claim-unmet', at, message(claim), fix)];
      }),
    ];
  });
}
