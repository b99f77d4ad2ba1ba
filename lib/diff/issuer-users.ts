import type { ClusterAccess } from '../access/cluster';
import type { Requester } from '../access/objects';
import { groupsOfUser } from '../access/strangers';
import { unknownNames } from '../access/unknown-names';
import { canonical, claimExpression } from '../cel/claim-expression';
import type { Cluster, Issuer } from '../config/config';
import type { ClaimName, ExpressionName, IssuerAuthenticator } from '../identity/authenticator';
import { issuerAuthenticators } from '../identity/authenticator';
import { namePrefixes } from '../identity/name-prefixes';

/*
 * Users and groups that bindings name but the config does not list. Each is identified by its kind and name, such as
 * `user ci:jane` and `group ci:ops`. A service account is identified by its user name.
 */

type On = Pick<ClusterAccess, 'config' | 'cluster'>;

/**
 * Returns the same issuer on the other side of a review. This is the issuer with the same URL, because all issuers of
 * an API server have different URLs. If the other side has no issuer with this URL, an issuer with the same name counts
 * as the same issuer. However, an issuer with the same name does not count if its URL is the URL of another issuer on
 * the side of the given `issuer`.
 */
export function sameIssuer(issuer: Pick<Issuer, 'name' | 'url'>, from: Cluster, to: Cluster): Issuer | undefined {
  const byUrl = to.issuers.find(({ url }) => url === issuer.url);
  if (byUrl) return byUrl;
  const byName = to.issuers.find(({ name }) => name === issuer.name);
  return byName && !from.issuers.some(({ url }) => url === byName.url) ? byName : undefined;
}

/**
 * Returns the name of a user or group on the other side of a review; `undefined` if the other side has no such user or
 * group, or if the name is unknown. If an issuer gives the name, the prefix can differ on the other side. Other names,
 * such as those in client certificates, are equal on both sides.
 */
export function onOtherSide(who: string, from: On | undefined, to: On | undefined): string | undefined {
  const giver = from && to && giverOf(who, from);
  if (!giver) return who;
  const issuer = sameIssuer(giver.source, from.cluster, to.cluster);
  if (!issuer) return hasUnknownNames(to) ? who : undefined;
  const { kind, name } = parts(who);
  const other = issuerAuthenticators(to.cluster).find(({ source }) => source === issuer);
  const [was, is] = [giver, other].map((one) => one && readFrom(one[kind]));
  if (was?.prefix !== undefined && is?.prefix !== undefined && was.reads === is.reads) {
    const there = `${words[kind]} ${is.prefix}${name.slice(was.prefix.length)}`;
    // A rule of the issuer can refuse the new name, for example because the rule requires the old prefix.
    return giverOf(there, to)?.source === issuer ? there : undefined;
  }
  // The name stays the same, but the claim or expression that it comes from changes. `diff` has a separate statement
  // about that change.
  return giverOf(who, to)?.source === issuer ? who : undefined;
}

/** Whether nobody can have the name on the side `on`, because only an issuer on the side `other` gives this name. */
export function isNobody(who: string, on: On, other: On | undefined): boolean {
  const giver = other && giverOf(who, other);
  if (!giver || giverOf(who, on)) return false;
  return sameIssuer(giver.source, other.cluster, on.cluster) !== undefined || !hasUnknownNames(on);
}

/** Returns the issuer whose tokens can contain the name of a user or group; `undefined` if there is none. */
export function giverOf(who: string, { cluster }: On): IssuerAuthenticator | undefined {
  const { kind, name } = parts(who);
  // Names that begin with `system:` are given by the API server itself.
  if (name.startsWith('system:')) return undefined;
  return issuerAuthenticators(cluster).find((one) =>
    namePrefixes(one, kind).some(({ prefix }) => name.startsWith(prefix)),
  );
}

/** Returns the user or group as a requester at the API server. */
export function requesterOf(who: string): Requester {
  const { kind, name } = parts(who);
  return kind === 'groups' ? { groups: [name] } : { user: name, groups: groupsOfUser(name) };
}

const hasUnknownNames = ({ config, cluster }: On): boolean => unknownNames(config, cluster).length > 0;

const words = { username: 'user', groups: 'group' } as const;

function parts(who: string): { readonly kind: 'username' | 'groups'; readonly name: string } {
  if (who.startsWith('group ')) return { kind: 'groups', name: who.slice('group '.length) };
  return { kind: 'username', name: who.replace(/^user /, '') };
}

/**
 * Returns what a mapping reads from a token, and its prefix. Two names belong to the same user if both mappings read
 * the same claim and the names differ only in the prefix.
 */
function readFrom(
  read: ClaimName | ExpressionName | undefined,
): { reads: string; prefix: string | undefined } | undefined {
  if (!read) return undefined;
  const claim = read.expression === undefined ? read : claimExpression(read.expression);
  return claim
    ? { reads: `claim ${claim.claim}`, prefix: claim.prefix }
    : { reads: canonical(read.expression ?? ''), prefix: undefined };
}
