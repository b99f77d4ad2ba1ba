import { type Cluster, type Config, entry, type Grant } from '../config/config';
import { error, type Problem, warning } from '../config/problem';
import { type Authenticator, authenticators } from '../identity/authenticator';
import { groupScope, mayUse, mayUseThrough } from '../identity/claims';
import { memberships } from '../identity/membership';
import { groupValue } from '../identity/subject';
import { personUuid } from '../identity/uuid';

/** What a grant says that could not come true: somebody no token can name, or who gets no token at all. */
export function rules(config: Config): Problem[] {
  return [...config.clusters.values()].flatMap((cluster) => {
    const trusted = authenticators(config, cluster);
    return [
      ...sameNames(cluster),
      ...cluster.grants.flatMap((grant) => [
        ...grant.people.flatMap((name, i) => person(config, cluster, trusted, grant, name, i)),
        ...grant.groups.flatMap((name, i) => group(config, cluster, trusted, grant, name, i)),
      ]),
    ];
  });
}

function sameNames({ name: cluster, grants }: Cluster): Problem[] {
  const seen = new Map<string, Grant>();
  return grants.flatMap((grant) => {
    const places = grant.namespaces.length > 0 ? grant.namespaces : [''];
    const owner = places.map((place) => seen.get(`${place}/${grant.name}`)).find((found) => found !== undefined);
    for (const place of places) seen.set(`${place}/${grant.name}`, grant);
    if (!owner) return [];
    const message = `two bindings on ${cluster} are called \`${grant.name}\`; the other is ${owner.path.join('.')}`;
    return [error('duplicate-binding', [...grant.path, 'name'], message, 'give one of the two another name')];
  });
}

function person(
  config: Config,
  cluster: Cluster,
  trusted: readonly Authenticator[],
  grant: Grant,
  name: string,
  i: number,
): Problem[] {
  const path = [...grant.path, 'people', i];
  const found = entry(config.people, name);
  const { claim } = cluster.authentication;
  if (claim === 'sub' && !personUuid(config, found)) {
    const mend = `run \`kanidm person get ${name}\` and write its uuid as \`people.${name}.id\`, or set \`kanidm.provision: migrations\``;
    return [
      error(
        'person-uuid-unknown',
        path,
        `${cluster.name} knows people by their UUID, and ${name}'s is not known`,
        mend,
      ),
    ];
  }
  if (claim === 'email' && !found.mails?.length) {
    return [
      error(
        'person-without-mail',
        path,
        `${cluster.name} knows people by their mail, and ${name} has none`,
        `write \`people.${name}.mail\``,
      ),
    ];
  }
  if (trusted.some(({ client }) => mayUse(config, found, client))) return [];
  return [outsideScopeMap(config, cluster, path, name)];
}

function group(
  config: Config,
  cluster: Cluster,
  trusted: readonly Authenticator[],
  grant: Grant,
  name: string,
  i: number,
): Problem[] {
  const path = [...grant.path, 'groups', i];
  const claim = cluster.authentication.groups?.claim ?? 'groups';
  const named = trusted.filter((authenticator) => groupValue(config, authenticator, name) !== undefined);
  if (named.length === 0) return [unnamed(cluster, trusted, path, name, claim)];
  const people = memberships(config).peopleIn.get(name) ?? [];
  if (named.some(({ client }) => mayUseThrough(config, name, client))) return [];
  const outside = people.filter(
    (member) => !named.some(({ client }) => mayUse(config, entry(config.people, member), client)),
  );
  if (outside.length === people.length) return [outsideScopeMap(config, cluster, path, name)];
  if (outside.length === 0) return [];
  const who = outside.slice(0, 5).join(', ') + (outside.length > 5 ? ` and ${outside.length - 5} more` : '');
  const message = `of the members of ${name}, ${who} may not use client ${cluster.client}: Kanidm answers 403`;
  return [
    warning('member-outside-scope-map', path, message, `add \`${name}\` to \`clients.${cluster.client}.scopes\``),
  ];
}

function unnamed(
  cluster: Cluster,
  trusted: readonly Authenticator[],
  path: Problem['path'],
  name: string,
  claim: string,
): Problem {
  const scopes = `clients.${cluster.client}.scopes`;
  const maps = trusted.flatMap(({ client }) => (client.claims?.[claim] ? [client.claims[claim]] : []));
  if (claim === 'groups' && maps.length === 0 && !trusted.some(({ client }) => groupScope(client))) {
    const message = `the tokens of client ${cluster.client} carry no groups, so nobody is in ${name} on ${cluster.name}`;
    return error('group-scope-missing', path, message, `add the scope \`groups\` to \`${scopes}\``);
  }
  if (maps.some(({ values }) => values[name])) {
    const message = `every value that ${name} has in the claim \`${claim}\` belongs to another group too`;
    return error(
      'group-claim-shared',
      path,
      message,
      `give ${name} a value of its own in \`clients.${cluster.client}.claims.${claim}.values\``,
    );
  }
  const message = `the claim \`${claim}\` of client ${cluster.client} says nothing of ${name}`;
  return error('group-not-in-claim', path, message, `add it to \`clients.${cluster.client}.claims.${claim}.values\``);
}

function outsideScopeMap(config: Config, cluster: Cluster, path: Problem['path'], name: string): Problem {
  const groups = Object.keys(entry(config.clients, cluster.client).scopes ?? {});
  const message = `${name} may not use client ${cluster.client} of ${cluster.name}: Kanidm answers 403`;
  const join = groups.length > 0 ? `add it to ${groups.map((group) => `\`${group}\``).join(' or ')}, or ` : '';
  const mend = `${join}give a group of it the scope \`openid\` in \`clients.${cluster.client}.scopes\``;
  return error('outside-scope-map', path, message, mend);
}
