import { isMap, isText, mapAt, own } from '../guards';
import type { TokenMapping } from '../identity/authenticator';
import { signingAlgorithms } from '../upstream/kubernetes';
import { isSignedBy, type Jwt, signatureFault, unreadableKey } from './jwt';

type Claims = Jwt['claims'];

/** go-oidc 2 accepts an `nbf` this many seconds in the future. It has no such tolerance for `exp`. */
const grace = 60;

/** The claims that go-oidc decodes in every token, even if no setting uses them. */
const decoded = new Set([
  'iss',
  'sub',
  'aud',
  'exp',
  'iat',
  'nbf',
  'nonce',
  'at_hash',
  '_claim_names',
  '_claim_sources',
]);

/**
 * Returns the claims as go-oidc decodes them. For the names in `decoded`, Go ignores upper and lower case: a claim
 * `Aud` is an audience too. If names differ only in case, the last claim counts. For all other claims, and for the
 * claims that the settings name, upper and lower case count.
 */
export const decodedClaims = (claims: Claims): Claims =>
  Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [decoded.has(name.toLowerCase()) ? name.toLowerCase() : name, value]),
  );

/** Returns the claims of the wrong type. go-oidc decodes these claims of every token, even if no setting uses them. */
export function malformed(claims: Claims): string[] {
  const no = (what: string) => (name: string) => `the ${name} of the token is not a ${what}`;
  const texts = ['sub', 'nonce', 'at_hash'].filter((name) => typeof (claims[name] ?? '') !== 'string');
  const { exp, iat, nbf } = claims;
  const times = Object.entries({ exp, iat, nbf: nbf === null ? undefined : nbf })
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
  const isSource = (one: unknown) =>
    isMap(one ?? {}) && ['endpoint', 'access_token'].every((field) => isText(mapAt({ one }, 'one')[field] ?? ''));
  if (!Object.values(isMap(sources) ? sources : {}).every(isSource)) {
    return [
      'an entry in the _claim_sources of the token is not an object, or its `endpoint` or `access_token` is not a string',
    ];
  }
  return Object.values(isMap(names) ? names : {}).every(
    (source) => isMap(sources) && isText(source) && source !== '' && Object.hasOwn(sources, source),
  )
    ? []
    : [
        'the token says that a claim is at another address (_claim_names), but does not contain this address (_claim_sources)',
      ];
}

/** Why the API server refuses a token, or what could not be checked. `undefined` if it fetches no groups. */
type Fetched = { readonly refused: string } | { readonly unchecked: string } | undefined;

/**
 * Checks a token that has an address in place of the groups (distributed claims). The API server fetches the groups
 * from there.
 */
export function fetched({ groups }: TokenMapping, claims: Claims): Fetched {
  const { _claim_names: names, _claim_sources: sources } = claims;
  const claim = groups?.claim;
  if (claim === undefined || Object.hasOwn(claims, claim) || !Object.hasOwn(claims, '_claim_names')) return undefined;
  if (!Object.hasOwn(claims, '_claim_sources')) return { refused: 'the token has _claim_names, but no _claim_sources' };
  const source = isMap(names) ? own(names, claim) : undefined;
  if (!isText(source) || !isText(mapAt(sources, source).endpoint) || mapAt(sources, source).endpoint === '') {
    return undefined;
  }
  return {
    unchecked:
      'the groups: the token has an address in place of the groups, and the API server refuses the token if it cannot fetch the groups from there',
  };
}

/**
 * Checks the signing algorithm of a token.
 * @param only the one algorithm that the flags allow; `undefined` for an AuthenticationConfiguration, which accepts all
 * algorithms that kube-apiserver supports
 */
export function algorithm(only: string | undefined, header: Jwt['header']): string[] {
  const accepted = only === undefined ? signingAlgorithms : [only];
  const refused: string[] = [];
  const { alg } = header;
  if (!isText(alg)) refused.push('the header of the token has no algorithm (alg), or the algorithm is not a string');
  else if (!accepted.includes(alg)) {
    const list = accepted.length === 1 ? accepted[0] : 'only algorithms of the families RS, ES and PS';
    refused.push(`the token is signed with ${alg}, but the API server accepts ${list}`);
  }
  const crit = header.crit ?? [];
  if (!Array.isArray(crit) || crit.some((name) => name !== 'b64')) {
    refused.push('the header of the token has an extension (crit) that the API server does not support');
  }
  for (const name of ['kid', 'nonce']) {
    if (!isText(header[name] ?? '')) refused.push(`the ${name} in the header of the token is not a string`);
  }
  return refused;
}

/**
 * Checks the signature of a token: without keys, only its length.
 * @param source the origin of the keys; by default, the option --jwks
 * @throws TokenError if `jwks` is not a JWKS
 */
export function signature(token: Jwt, jwks: string | undefined, source: string | undefined): string[] {
  const incomplete = signatureFault(token);
  if (incomplete !== undefined) return [incomplete];
  if (jwks === undefined) return [];
  const keys = `the keys ${source === undefined ? 'given with --jwks' : `of ${source}`}`;
  const fault = unreadableKey(jwks, source);
  if (fault !== undefined) return [`the API server cannot read ${keys}, and refuses each token: ${fault}`];
  return isSignedBy(token, jwks, source) ? [] : [`none of ${keys} signed the token`];
}

export function audience(wanted: readonly string[], aud: unknown): string[] {
  const list = Array.isArray(aud) ? aud : [aud];
  const texts = list.filter((one) => typeof one === 'string');
  if (texts.some((text) => wanted.includes(text)) && list.every((one) => typeof (one ?? '') === 'string')) return [];
  const found =
    texts.length === list.length ? texts.join(', ') : aud === undefined ? '' : 'not a string or a list of strings';
  return [
    `the audience of the token is ${found || 'missing'}, but the API server requires the client id ${wanted.join(' or ')}`,
  ];
}

export function times(claims: Claims, now: number): string[] {
  const [exp, nbf] = [seconds(claims.exp), seconds(claims.nbf)];
  const refused: string[] = [];
  if (claims.exp === undefined) refused.push('the token has no expiry time, so the API server treats it as expired');
  else if (exp !== undefined && exp < now)
    refused.push(
      `the token expired on ${utc(exp)}${isText(claims.iss) && !claims.iss.includes('/oauth2/openid/') ? '' : '; tokens of Kanidm are valid for 15 minutes, and kubelogin renews them'}`,
    );
  if (nbf !== undefined && nbf > now + grace)
    refused.push(`the token is not valid before ${utc(nbf)}: check the clocks`);
  return refused;
}

/**
 * Reads a time as go-oidc does: in whole seconds, from a number or from a string that is a number of JSON. A number
 * that is too large for Go gives `undefined`, because Go would turn it into a time in the past.
 */
function seconds(value: unknown): number | undefined {
  const isNumber = isText(value) && /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(value);
  const number = isNumber ? Number(value) : value;
  return typeof number === 'number' && Math.abs(number) < 9.2e18 ? Math.trunc(number) : undefined;
}

const utc = (time: number) =>
  Math.abs(time) < 8e12 ? `${new Date(time * 1000).toISOString().slice(0, 19)}Z` : `second ${time}`;

export function required({ requiredClaims }: TokenMapping, claims: Claims): string[] {
  return Object.entries(requiredClaims)
    .filter(([claim, value]) => own(claims, claim) !== value)
    .map(([claim, value]) => `the value of the claim ${claim} has to be ${value}`);
}
