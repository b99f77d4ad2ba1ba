import { isMap, isText, own } from '../guards';
import type { TokenMapping } from '../identity/authenticator';
import type { Jwt } from './jwt';

type Claims = Jwt['claims'];

/** All signing algorithms that kube-apiserver supports. Without --oidc-signing-algs it accepts only RS256. */
const supported = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512'];

/** go-oidc 2 accepts an `nbf` this many seconds in the future. It has no such tolerance for `exp`. */
const grace = 60;

/** Returns the claims of the wrong type. go-oidc decodes these claims of every token, even if no setting uses them. */
export function malformed(claims: Claims): string[] {
  const no = (what: string) => (name: string) => `the ${name} of the token is not a ${what}`;
  const texts = ['sub', 'nonce', 'at_hash'].filter((name) => typeof (claims[name] ?? '') !== 'string');
  const nbf = claims.nbf === null ? undefined : claims.nbf;
  const times = Object.entries({ iat: claims.iat, nbf })
    .filter(([, value]) => value !== undefined && seconds(value) === undefined)
    .map(([name]) => name);
  return [...texts.map(no('string')), ...times.map(no('time in seconds')), ...withoutSource(claims)];
}

/**
 * Returns a fault if a claim that the token only refers to (a distributed claim) has no address in the token. go-oidc
 * refuses such a token, even if no setting uses the claim.
 */
function withoutSource({ _claim_names: names, _claim_sources: sources }: Claims): string[] {
  const wrong = Object.entries({ _claim_names: names ?? {}, _claim_sources: sources ?? {} })
    .filter(([, value]) => !isMap(value))
    .map(([name]) => `the ${name} of the token is not an object`);
  if (wrong.length > 0) return wrong;
  return Object.values(isMap(names) ? names : {}).every(
    (source) => isMap(sources) && isText(source) && source in sources,
  )
    ? []
    : ['the token refers to a claim that is at another address, and does not have that address (_claim_names)'];
}

/** Returns what cannot be checked if the token has an address in place of the groups, as the API server fetches them. */
export function fetched({ groups }: TokenMapping, claims: Claims): string[] {
  const { _claim_names: names } = claims;
  const claim = groups?.claim;
  if (claim === undefined || claim in claims || !isMap(names) || !(claim in names)) return [];
  return [
    'the groups: the token has an address in place of the groups, and the API server refuses the token if it cannot fetch the groups from there',
  ];
}

/**
 * Checks the signing algorithm of a token.
 * @param only the one algorithm that the flags allow; `undefined` for an AuthenticationConfiguration, which accepts all
 * algorithms that kube-apiserver supports
 */
export function algorithm(only: string | undefined, header: Jwt['header']): string[] {
  const accepted = only === undefined ? supported : [only];
  const refused: string[] = [];
  const { alg } = header;
  if (!isText(alg)) refused.push('the header of the token has no algorithm (alg), or the algorithm is not a string');
  else if (!accepted.includes(alg)) {
    const list = accepted.length === 1 ? accepted[0] : 'only algorithms of the families RS, ES and PS';
    refused.push(`the token is signed with ${alg}, but the API server accepts ${list}`);
  }
  const { crit = [] } = header;
  if (!Array.isArray(crit) || crit.some((name) => name !== 'b64')) {
    refused.push('the header of the token has an extension (crit) that the API server does not support');
  }
  return refused;
}

export function audience(wanted: readonly string[], aud: unknown): string[] {
  const list = Array.isArray(aud) ? aud : [aud];
  const texts = list.filter((one) => typeof one === 'string');
  if (texts.some((text) => wanted.includes(text)) && list.every((one) => typeof (one ?? '') === 'string')) return [];
  const found = texts.length === list.length ? texts.join(', ') : '';
  return [
    `the audience of the token is ${found || 'missing'}, but the API server requires the client id ${wanted.join(' or ')}`,
  ];
}

export function times(claims: Claims, now: number): string[] {
  const [exp, nbf] = [seconds(claims.exp), seconds(claims.nbf)];
  const refused: string[] = [];
  if (exp === undefined) refused.push('the token has no expiry time, so the API server treats it as expired');
  else if (exp < now)
    refused.push(
      `the token expired on ${utc(exp)}; tokens of Kanidm are valid for 15 minutes, and kubelogin renews them`,
    );
  if (nbf !== undefined && nbf > now + grace)
    refused.push(`the token is not valid before ${utc(nbf)}: check the clocks`);
  return refused;
}

/** Reads a time as go-oidc does: in whole seconds, from a number or from a string that holds a number. */
function seconds(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof number === 'number' ? Math.trunc(number) : undefined;
}

const utc = (time: number) =>
  Math.abs(time) < 8e12 ? `${new Date(time * 1000).toISOString().slice(0, 19)}Z` : `second ${time}`;

export function required({ requiredClaims }: TokenMapping, claims: Claims): string[] {
  return Object.entries(requiredClaims)
    .filter(([claim, value]) => own(claims, claim) !== value)
    .map(([claim, value]) => `the value of the claim ${claim} has to be ${value}`);
}
