import type { Cluster, Config } from '../config/config';
import type { Authenticator } from '../identity/authenticator';
import { authenticators } from '../identity/authenticator';
import type { TokenClaims } from '../identity/claims';
import { groupNamesFrom, userNameFrom } from '../identity/subject';
import { isSignedBy, type Jwt } from './jwt';
import { algorithm, audience, malformed, required, times } from './token-checks';

/** What one cluster's API server makes of a token. */
export interface Verdict {
  readonly cluster: string;
  /** Why it is refused: all that is wrong with it. Empty: it is accepted, as far as can be told. */
  readonly refused: readonly string[];
  readonly user?: string;
  readonly groups: readonly string[];
  /** What could not be looked at here. */
  readonly unchecked: readonly string[];
}

/**
 * What a cluster's API server would make of a token.
 * @param now in seconds
 * @param jwks the issuer's keys; without them the signature is not checked
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.4/staging/src/k8s.io/apiserver/plugin/pkg/authenticator/token/oidc/oidc.go
 */
export function judge(config: Config, cluster: Cluster, token: Jwt, now: number, jwks?: string): Verdict {
  const { claims } = token;
  const known = authenticators(config, cluster);
  const trusted = known.find(({ issuer }) => issuer === claims.iss);
  const unchecked = jwks === undefined ? ['the signature: give the keys of the issuer with --jwks'] : [];
  if (!trusted) return { cluster: cluster.name, refused: [untrusted(claims.iss, known)], groups: [], unchecked };
  const made = identityOf(cluster, trusted, claims);
  const refused = [
    ...malformed(claims),
    ...algorithm(cluster, trusted, token.header),
    ...(jwks !== undefined && !isSignedBy(token, jwks) ? ['none of the keys given with --jwks has signed it'] : []),
    ...audience(trusted, claims.aud),
    ...times(claims, now),
    ...required(trusted, claims),
    ...made.refused,
  ];
  return {
    cluster: cluster.name,
    refused,
    ...(made.user === undefined ? {} : { user: made.user }),
    groups: made.groups,
    unchecked,
  };
}

function untrusted(iss: unknown, known: readonly Authenticator[]): string {
  const trusted = known.map(({ issuer }) => issuer).join(' or ');
  if (typeof iss !== 'string') return `it names no issuer, and the API server trusts ${trusted}`;
  const near = known.find(({ issuer }) => issuer.toLowerCase() === iss.toLowerCase().replace(/\/+$/, ''));
  const hint = near ? '; they are compared byte for byte, a slash at the end included' : '';
  return `its issuer is ${iss}, and the API server trusts ${trusted}${hint}`;
}

function identityOf(cluster: Cluster, trusted: Authenticator, claims: Jwt['claims']) {
  const { username, groups: wanted } = trusted;
  const refused: string[] = [];
  // Go reads null as the empty value of the type that it wants.
  const name = claims[username.claim] === null ? '' : claims[username.claim];
  if (!isText(name)) refused.push(`it has no ${username.claim}, of which the user name is made`);
  if (username.claim === 'email' && claims.email_verified !== undefined && claims.email_verified !== true) {
    refused.push('its mail address is not verified (email_verified)');
  }
  const list = wanted ? listed(claims[wanted.claim], wanted.separator !== undefined) : undefined;
  if (list === null) {
    refused.push(`its claim ${wanted?.claim} is no ${wanted?.separator === undefined ? 'list of names' : 'text'}`);
  }
  const read = { [wanted?.claim ?? '']: list ?? undefined, [username.claim]: isText(name) ? name : undefined };
  const user = userNameFrom(trusted, read as unknown as TokenClaims);
  const groups = groupNamesFrom(trusted, read as unknown as TokenClaims);
  if (cluster.authentication.method === 'structured') {
    for (const one of [user, ...groups]) {
      if (one?.startsWith('system:')) refused.push(`${one} begins with system:, which the rendered rules refuse`);
    }
  }
  return { refused, user, groups };
}

/** The claim of the groups as it is read; null: it can't be. An expression takes nothing but a text apart. */
function listed(value: unknown, joined: boolean): string | string[] | undefined | null {
  if (value === undefined || isText(value)) return value;
  if (joined) return null;
  if (value === null) return [];
  if (!Array.isArray(value)) return null;
  const names = value.map((name: unknown) => (name === null ? '' : name));
  return names.every(isText) ? names : null;
}

const isText = (value: unknown): value is string => typeof value === 'string';
