import { listed } from '../../access/rights-in-words';
import { expressionFacts } from '../../cel/expression';
import { type Cluster, type Config, entry, type Grant } from '../../config/config';
import type { Finding, Path } from '../../findings/finding';
import { own } from '../../guards';
import { type Authenticator, authenticators, signInKey } from '../../identity/authenticator';
import {
  groupScope,
  groupScopesOf,
  isUnknown,
  mayGive,
  mayUse,
  mayUseThrough,
  surelyUses,
} from '../../identity/claims';
import { memberships, parentsOf } from '../../identity/membership';
import { scopesFor, scopesLackedBy, scopesLackedByMembers, scopesLackedThrough } from '../../identity/scopes';
import { groupSubject, personSubjects } from '../../identity/subject';
import { isKnown } from '../../identity/token-mapping';
import { uuidOf } from '../../identity/uuid';
import { configFinding } from './config-codes';
import { missingClaim, NamelessAccounts } from './nameless-accounts';

/**
 * Reports grants without effect. A grant has no effect if no token contains the name of the person or group, or if
 * Kanidm issues no token to the person or to the members of the group. Also reports bindings with equal names, and
 * subjects that belong to Kubernetes.
 */
export function rules(config: Config): Finding[] {
  const alike = new Map<string, Sound>();
  const nameless = new NamelessAccounts(config);
  const findings = [...config.clusters.values()].flatMap((cluster) => {
    const key = signInKey(cluster);
    const sound = alike.get(key) ?? { trusted: authenticators(config, cluster), names: noNames() };
    alike.set(key, sound);
    const onCluster = { config, cluster, sound, nameless };
    const grants = cluster.grants.filter((grant) => !isSound(grant, sound));
    return [...sameNames(cluster), ...grants.flatMap((grant) => ofGrant({ ...onCluster, grant }))];
  });
  return [...findings, ...nameless.findings()];
}

/** Intermediate results of the rules. All clusters on which people have the same names share one object. */
interface Sound {
  readonly trusted: readonly Authenticator[];
  /**
   * The people, service accounts and groups that were checked on one of these clusters without a finding. On the other
   * clusters, the result is the same.
   */
  readonly names: Readonly<Record<GranteeKind, Set<string>>>;
}

const granteeKinds = ['people', 'serviceAccounts', 'groups'] as const;
type GranteeKind = (typeof granteeKinds)[number];

const noNames = (): Sound['names'] => ({ people: new Set(), serviceAccounts: new Set(), groups: new Set() });

/**
 * Whether a grant surely has no finding. Faster than `ofGrant`. This matters because a config can have 100,000 grants.
 */
const isSound = ({ written, subjects }: Grant, { names }: Sound): boolean =>
  granteeKinds.every((kind) => written[kind].every((name) => names[kind].has(name))) &&
  subjects.users.length + subjects.groups.length === 0;

interface OnCluster {
  readonly config: Config;
  readonly cluster: Cluster;
  readonly grant: Grant;
  readonly sound: Sound;
  readonly nameless: NamelessAccounts;
}

function ofGrant({ config, cluster, grant, nameless, sound: { trusted, names } }: OnCluster): Finding[] {
  const findings: Finding[] = [];
  for (const kind of granteeKinds) {
    for (const [i, name] of grant.written[kind].entries()) {
      if (names[kind].has(name)) continue;
      const named = { config, cluster, trusted, name, path: [...grant.path, kind, i] };
      // Neither a UUID nor a mail address depends on the cluster, so a missing one is reported once for all clusters.
      if (kind !== 'groups' && nameless.add(cluster.name, missingClaim({ ...named, kind: kindOf[kind] }))) continue;
      const own = kind === 'groups' ? group(named) : account({ ...named, kind: kindOf[kind] });
      if (own.length === 0) names[kind].add(name);
      else findings.push(...own);
    }
  }
  findings.push(...reserved(grant));
  return findings;
}

const kindOf = { people: 'person', serviceAccounts: 'service account' } as const;

const everywhere = [''];

function sameNames({ name: cluster, grants }: Cluster): Finding[] {
  if (new Set(grants.map(({ name }) => name)).size === grants.length) return [];
  const seen = new Map<string, Grant>();
  return grants.flatMap((grant) => {
    const places = grant.namespaces.length > 0 ? grant.namespaces : everywhere;
    const owner = places.map((place) => seen.get(`${place}/${grant.name}`)).find((found) => found !== undefined);
    for (const place of places) seen.set(`${place}/${grant.name}`, grant);
    if (!owner) return [];
    const message = `on ${cluster}, the bindings of two grants have the name \`${grant.name}\`; the other grant is ${owner.path.join('.')}`;
    return [
      configFinding('duplicate-binding', [...grant.path, 'name'], message, 'give one of the two grants another name'),
    ];
  });
}

/**
 * Reports subjects that belong to Kubernetes. A binding for `system:authenticated` gives its role to everybody who
 * signs in. No rendered issuer gives a user a name that begins with `system:`.
 */
function reserved({ name, path, subjects }: Grant): Finding[] {
  return [...subjects.users, ...subjects.groups]
    .filter((subject) => subject.startsWith('system:'))
    .map((subject) => {
      const message = `\`${name}\` grants its role to \`${subject}\`, but names that begin with \`system:\` are reserved for Kubernetes`;
      const fix = `remove \`${subject}\`; to bind a role to a component of Kubernetes, write a manifest of your own`;
      return configFinding('system-subject', [...path, 'subjects'], message, fix);
    });
}

/** A person, service account or group in a grant. */
interface Named {
  readonly config: Config;
  readonly cluster: Cluster;
  readonly trusted: readonly Authenticator[];
  readonly name: string;
  readonly path: Path;
}

/** Reports an account that no binding can name, or that cannot sign in. */
function account({ config, cluster, trusted, kind, name, path }: Named & { kind: 'person' | 'service account' }) {
  const robot = kind === 'service account';
  const found = robot ? entry(config.serviceAccounts, name) : entry(config.people, name);
  // A name in the tokens of one trusted client is enough, whichever client this is.
  if (personSubjects(config, cluster, name).length === 0) {
    const [nameless] = trusted.flatMap((one) => withoutName({ name, path }, one));
    if (nameless) return [nameless];
  }
  const open = trusted.filter(({ client }) => surelyUses(config, found, client));
  if (open.length === 0) {
    const outside = outsideScopeMap({ config, cluster, trusted, path, name });
    return [trusted.some(({ client }) => mayUse(config, found, client)) ? unsure(outside, name) : outside];
  }
  // The rest checks the scopes that kubelogin requests. Kubelogin uses only the cluster's own client. An account that
  // can use another trusted client can sign in without kubelogin, so it does not need these scopes.
  if (open.some((authenticator) => authenticator !== trusted[0])) return [];
  const lacked = open.flatMap((authenticator) => scopesLackedBy(config, authenticator, name));
  if (lacked.length === 0) return [];
  const groups = memberships(config).groupsOf.get(name) ?? [];
  const finding = scopesLacked({ config, cluster, trusted, path, name }, groups, lacked);
  return [open.some(({ client }) => mayGive(config, client, lacked)) ? unsure(finding, name) : finding];
}

/**
 * Returns a finding as a warning. The config does not list the members of every group, so an unlisted membership may
 * give `who` the missing scope.
 */
const unsure = (finding: Finding, who: string): Finding => ({
  ...finding,
  severity: 'warning',
  message: `${finding.message}, unless another group of the scope map contains ${who} (the config does not list the members of every group)`,
});

/** Reports an account that no binding can name, because the user names of a client come from an expression. */
function withoutName({ name, path }: Pick<Named, 'name' | 'path'>, { username, client }: Authenticator): Finding[] {
  const { expression } = username;
  if (expression === undefined || expressionFacts(expression).error !== undefined) return [];
  if (!isKnown(username)) {
    const message = `the user names of client ${client.name} come from an expression that Kaniflux does not evaluate, so no binding can name ${name}`;
    const fix = `grant the role to a group, or write the user name of ${name} under \`subjects.users\``;
    return [configFinding('subject-not-known', path, message, fix)];
  }
  const message = `the expression \`${expression}\` gives ${name} no user name, so no binding can name ${name}`;
  return [configFinding('subject-not-known', path, message, 'correct the expression, or grant the role to a group')];
}

function group({ config, cluster, trusted, name, path }: Named): Finding[] {
  const claim = cluster.authentication.groups?.claim ?? 'groups';
  const named = trusted.filter((authenticator) => groupSubject(config, authenticator, name) !== undefined);
  if (named.length === 0) return [unnamed({ config, cluster, trusted, path, name }, claim)];
  const open = named.filter(({ client }) => mayUseThrough(config, name, client));
  if (open.length > 0) {
    const [own] = trusted;
    if (!own || open.some((authenticator) => authenticator !== own)) return [];
    const known = entry(config.groups, name).members !== undefined;
    const lacked = known ? scopesLackedByMembers(config, own, name) : scopesLackedThrough(config, own, name);
    if (lacked.length === 0) return [];
    const groups = [name, ...parentsOf(config, name)];
    const finding = scopesLacked({ config, cluster, trusted, path, name }, groups, lacked);
    return [mayGive(config, own.client, lacked) ? unsure(finding, `members of ${name}`) : finding];
  }
  const mayBeOpen = named.some(({ client }) => mayGive(config, client, ['openid']));
  const { peopleIn, groupsOf } = memberships(config);
  const robots = [...config.serviceAccounts.keys()].filter((robot) => groupsOf.get(robot)?.includes(name));
  const accounts = [...(peopleIn.get(name) ?? []), ...robots];
  const outside = accounts.filter(
    (member) => !named.some(({ client }) => surelyUses(config, { name: member }, client)),
  );
  if (outside.length === accounts.length) {
    // If the config does not list the members of the group, some of them may be in a group of the scope map.
    const isOpen = named.some(({ client }) =>
      Object.values(client.scopes ?? {}).some((list) => list.includes('openid')),
    );
    const finding = outsideScopeMap({ config, cluster, trusted, path, name });
    return [mayBeOpen || (isOpen && isUnknown(config, name)) ? unsure(finding, `members of ${name}`) : finding];
  }
  if (outside.length === 0) return [];
  const who = outside.slice(0, 5).join(', ') + (outside.length > 5 ? ` and ${outside.length - 5} more` : '');
  const message = `some members of ${name} (${who}) cannot use client ${cluster.client}: Kanidm rejects their login with 403`;
  const scopeMap = `clients.${cluster.client}.scopes`;
  const given = own(entry(config.clients, cluster.client).scopes, name);
  const lacked = scopesInWords(signInScopes(trusted).filter((scope) => !given?.includes(scope)));
  const fix = given ? `add ${lacked} to \`${scopeMap}.${name}\`` : `add \`${name}\` to \`${scopeMap}\`, with ${lacked}`;
  const finding = configFinding('member-outside-scope-map', path, message, fix);
  return [mayBeOpen ? unsure(finding, 'these members') : finding];
}

function unnamed({ config, cluster, trusted, path, name }: Named, claim: string): Finding {
  const expression = trusted.find(({ groups }) => groups?.expression !== undefined)?.groups?.expression;
  if (expression !== undefined) {
    const isUnknown = trusted.some(({ groups }) => !isKnown(groups));
    const message = isUnknown
      ? `the groups come from an expression that Kaniflux does not evaluate, so no binding can name ${name}`
      : `the expression \`${expression}\` returns no name that stands only for ${name}, so no binding can name this group`;
    const fix = isUnknown
      ? `under \`subjects.groups\`, write the name that the API server has for ${name}`
      : `change the expression, or the claims that it reads, so that ${name} gets a name that no other group has`;
    return configFinding(isUnknown ? 'subject-not-known' : 'group-not-in-claim', path, message, fix);
  }
  const scopes = `clients.${cluster.client}.scopes`;
  const maps = trusted.flatMap(({ client }) => own(client.claims, claim) ?? []);
  if (claim === 'groups' && maps.length === 0 && !trusted.some(({ client }) => groupScope(client))) {
    const [extra] = trusted.flatMap(({ client }) => groupScopesOf(client));
    const message =
      extra === undefined
        ? `the tokens of client ${cluster.client} carry no groups, so nobody is in ${name} on ${cluster.name}`
        : `the scope \`${extra}\` is only in \`supplementaryScopes\`, but only a scope in \`scopes\` tells Kaniflux in which form to write the names of groups into bindings`;
    const fix = `add the scope \`${extra ?? 'groups'}\` to \`${scopes}\``;
    return configFinding('group-scope-missing', path, message, fix);
  }
  const isByUuid = claim === 'groups' && trusted.some(({ client }) => groupScope(client) === 'groups_uuid');
  if (isByUuid && uuidOf(config, 'group', entry(config.groups, name)) === undefined) {
    const message = `with the scope \`groups_uuid\`, tokens name ${name} by its UUID, which is not in the config`;
    const fix = `set \`groups.${name}.id\` to the UUID that \`kanidm group get ${name}\` prints, or use the scope \`groups_spn\``;
    return configFinding('group-not-in-claim', path, message, fix);
  }
  if (maps.some(({ values }) => own(values, name))) {
    const message = `every value that ${name} has in the claim \`${claim}\` is also a value of another group`;
    return configFinding(
      'group-claim-shared',
      path,
      message,
      `in \`clients.${cluster.client}.claims.${claim}.values\`, add a value for ${name} that no other group has`,
    );
  }
  const message = `the claim \`${claim}\` of client ${cluster.client} has no value for ${name}`;
  return configFinding(
    'group-not-in-claim',
    path,
    message,
    `add ${name} to \`clients.${cluster.client}.claims.${claim}.values\``,
  );
}

/** Returns the finding for scopes that the scope map does not give. Kanidm rejects a login that requests them. */
function scopesLacked(
  { config, cluster, path, name }: Named,
  groups: readonly string[],
  lacked: readonly string[],
): Finding {
  const scopes = entry(config.clients, cluster.client).scopes ?? {};
  const words = lacked.map((scope) => `\`${scope}\``).join(' and ');
  const key = groups.find((group) => own(scopes, group)?.includes('openid')) ?? name;
  const message = `sign-in to ${cluster.name} requests ${words}, which client ${cluster.client} does not grant to ${name}: Kanidm rejects the login with 403`;
  return configFinding('scope-not-given', path, message, `add ${words} to \`clients.${cluster.client}.scopes.${key}\``);
}

/** Returns the scopes that a sign-in to a cluster requests. Kubelogin uses only the cluster's own client. */
const signInScopes = (trusted: readonly Authenticator[]): string[] => [
  'openid',
  ...trusted.slice(0, 1).flatMap(scopesFor),
];

const scopesInWords = (scopes: readonly string[]): string =>
  `the scope${scopes.length > 1 ? 's' : ''} ${listed(scopes.map((scope) => `\`${scope}\``))}`;

function outsideScopeMap({ config, cluster, trusted, path, name }: Named): Finding {
  const wanted = signInScopes(trusted);
  const opening = Object.entries(entry(config.clients, cluster.client).scopes ?? {})
    .filter(([group, scopes]) => group !== name && wanted.every((scope) => scopes.includes(scope)))
    .map(([group]) => `\`${group}\``);
  const message = `${name} cannot use client ${cluster.client} of ${cluster.name}: Kanidm rejects the login with 403`;
  const fix = [
    ...(opening.length > 0 ? [`add ${name} to ${opening.join(' or ')}`] : []),
    `give ${config.groups.has(name) ? name : `a group of ${name}`} ${scopesInWords(wanted)} in \`clients.${cluster.client}.scopes\``,
  ].join(', or ');
  return configFinding('outside-scope-map', path, message, fix);
}
