import type { Cluster, Config } from '../../config/config';
import type { Authenticator } from '../../identity/authenticator';
import { authenticators } from '../../identity/authenticator';
import type { TokenClaims } from '../../identity/claims';
import { groupNamesFrom, userNameFrom } from '../../identity/subject';
import { isSignedBy, type Jwt } from './jwt';

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

/** What kube-apiserver takes at all. Without a list in flags it takes RS256 alone. */
const asymmetric = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512'];

/** go-oidc lets `nbf` be this much in the future, and gives no such grace to `exp`. */
const grace = 5 * 60;

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
    ...algorithm(cluster, trusted, token.header.alg),
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

function algorithm(cluster: Cluster, { signingAlgorithm }: Authenticator, alg: unknown): string[] {
  const accepted = cluster.authentication.method === 'flags' ? [signingAlgorithm] : asymmetric;
  if (accepted.includes(String(alg))) return [];
  const list = accepted.length === 1 ? accepted[0] : 'asymmetric algorithms alone';
  return [`it is signed with ${String(alg ?? 'nothing')}, and the API server accepts ${list}`];
}

function audience({ audience: wanted }: Authenticator, aud: unknown): string[] {
  const list = (Array.isArray(aud) ? aud : [aud]).filter((one) => typeof one === 'string');
  if (list.includes(wanted)) return [];
  return [`its audience is ${list.join(', ') || 'not there'}, and the API server wants ${wanted}, the client id`];
}

function times({ exp, nbf }: Jwt['claims'], now: number): string[] {
  const refused: string[] = [];
  if (typeof exp !== 'number') refused.push('it has no time of expiry, and is taken as expired');
  else if (exp < now) refused.push(`it expired on ${utc(exp)}; Kanidm's live 15 minutes, and kubelogin renews them`);
  if (typeof nbf === 'number' && nbf > now + grace)
    refused.push(`it is not valid before ${utc(nbf)}: look at the clocks`);
  return refused;
}

const utc = (seconds: number) =>
  Math.abs(seconds) < 8e12 ? `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z` : `second ${seconds}`;

function required({ requiredClaims }: Authenticator, claims: Jwt['claims']): string[] {
  return Object.entries(requiredClaims)
    .filter(([claim, value]) => claims[claim] !== value)
    .map(([claim, value]) => `the claim ${claim} has to be ${value}`);
}

function identityOf(cluster: Cluster, trusted: Authenticator, claims: Jwt['claims']) {
  const refused: string[] = [];
  const { claim } = trusted.username;
  if (typeof claims[claim] !== 'string') refused.push(`it has no ${claim}, of which the user name is made`);
  if (claim === 'email' && claims.email_verified !== undefined && claims.email_verified !== true) {
    refused.push('its mail address is not verified (email_verified)');
  }
  const list = trusted.groups ? claims[trusted.groups.claim] : undefined;
  const fits = list === undefined || typeof list === 'string' || (Array.isArray(list) && list.every(isText));
  if (!fits) refused.push(`its claim ${trusted.groups?.claim} is no list of names`);
  const user = userNameFrom(trusted, claims as unknown as TokenClaims);
  const groups = fits ? groupNamesFrom(trusted, claims as unknown as TokenClaims) : [];
  if (cluster.authentication.method === 'structured') {
    for (const name of [user, ...groups]) {
      if (name?.startsWith('system:')) refused.push(`${name} begins with system:, which the rendered rules refuse`);
    }
  }
  return { refused, user, groups };
}

const isText = (value: unknown): value is string => typeof value === 'string';
