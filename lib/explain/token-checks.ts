import type { Cluster } from '../config/config';
import { isText, own } from '../guards';
import type { Authenticator } from '../identity/authenticator';
import type { Jwt } from './jwt';

type Claims = Jwt['claims'];

/** All signing algorithms that kube-apiserver supports. Without --oidc-signing-algs it accepts only RS256. */
const asymmetric = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512'];

/** go-oidc 2 accepts an `nbf` this many seconds in the future. It has no such tolerance for `exp`. */
const grace = 60;

/** go-oidc decodes these claims of every token and refuses the token if one has the wrong type. */
export function malformed(claims: Claims): string[] {
  const no = (what: string) => (name: string) => `its ${name} is no ${what}`;
  const texts = ['sub', 'nonce', 'at_hash'].filter((name) => typeof (claims[name] ?? '') !== 'string');
  const nbf = claims.nbf === null ? undefined : claims.nbf;
  const times = Object.entries({ iat: claims.iat, nbf })
    .filter(([, value]) => value !== undefined && seconds(value) === undefined)
    .map(([name]) => name);
  return [...texts.map(no('text')), ...times.map(no('time in seconds'))];
}

export function algorithm(cluster: Cluster, { signingAlgorithm }: Authenticator, header: Jwt['header']): string[] {
  const accepted = cluster.authentication.method === 'flags' ? [signingAlgorithm] : asymmetric;
  const refused: string[] = [];
  const { alg } = header;
  if (!isText(alg)) refused.push('its header names no algorithm (alg) as a text');
  else if (!accepted.includes(alg)) {
    const list = accepted.length === 1 ? accepted[0] : 'asymmetric algorithms alone';
    refused.push(`it is signed with ${alg}, and the API server accepts ${list}`);
  }
  const { crit = [] } = header;
  if (!Array.isArray(crit) || crit.some((name) => name !== 'b64')) {
    refused.push('its header has an extension (crit) that the API server does not know');
  }
  return refused;
}

export function audience({ audience: wanted }: Authenticator, aud: unknown): string[] {
  const list = Array.isArray(aud) ? aud : [aud];
  const texts = list.filter((one) => typeof one === 'string');
  if (texts.includes(wanted) && list.every((one) => typeof (one ?? '') === 'string')) return [];
  const found = texts.length === list.length ? texts.join(', ') : '';
  return [`its audience is ${found || 'not there'}, and the API server wants ${wanted}, the client id`];
}

export function times(claims: Claims, now: number): string[] {
  const [exp, nbf] = [seconds(claims.exp), seconds(claims.nbf)];
  const refused: string[] = [];
  if (exp === undefined) refused.push('it has no time of expiry, and is taken as expired');
  else if (exp < now) refused.push(`it expired on ${utc(exp)}; Kanidm's live 15 minutes, and kubelogin renews them`);
  if (nbf !== undefined && nbf > now + grace) refused.push(`it is not valid before ${utc(nbf)}: look at the clocks`);
  return refused;
}

/** Reads a time as go-oidc does: in whole seconds, from a number or from a string that holds a number. */
function seconds(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof number === 'number' ? Math.trunc(number) : undefined;
}

const utc = (time: number) =>
  Math.abs(time) < 8e12 ? `${new Date(time * 1000).toISOString().slice(0, 19)}Z` : `second ${time}`;

export function required({ requiredClaims }: Authenticator, claims: Claims): string[] {
  return Object.entries(requiredClaims)
    .filter(([claim, value]) => own(claims, claim) !== value)
    .map(([claim, value]) => `the claim ${claim} has to be ${value}`);
}
