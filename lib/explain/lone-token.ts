import { isMap, isText } from '../guards';
import { signatureFault } from './jwt';
import type { Judged, Verdict } from './token';
import { algorithm, decodedClaims, malformed, signature, times } from './token-checks';
import { kindOf } from './token-kind';

/** What a token shows without the config of a cluster. */
export interface LoneVerdict extends Pick<Verdict, 'refused' | 'unchecked'> {
  /**
   * `false` if no API server accepts the token; otherwise `null`, because that depends on the settings of a cluster.
   */
  readonly accepted: false | null;
  /** The kind of the token. */
  readonly kind: string;
  /** The claims from which an API server makes the user and the groups, or decides whether it trusts the token. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** The claims that are shown, in this order. */
const shown = ['iss', 'aud', 'sub', 'preferred_username', 'name', 'email', 'email_verified', 'groups', 'exp'];

/**
 * Checks a token without the settings of a cluster. Makes only those checks that every API server makes.
 * @throws TokenError if `jwks` is not a JWKS
 */
export function judgeAlone({ token, now, jwks, source }: Judged): LoneVerdict {
  const { claims } = token;
  const basic = decodedClaims(claims);
  const header = 'header' in token ? token.header : {};
  const incomplete = 'header' in token ? signatureFault(token) : undefined;
  const kind = kindOf({ header, claims });
  const base = {
    kind: kind?.says ?? kindByClaims(claims),
    claims: Object.fromEntries(shown.flatMap((name) => (name in claims ? [[name, claims[name]]] : []))),
  };
  if (kind && !kind.judged) return { ...base, accepted: false, refused: [kind.says], unchecked: [] };
  if (kind?.judged === 'elsewhere')
    return {
      ...base,
      accepted: incomplete === undefined ? null : false,
      refused: incomplete === undefined ? [] : [incomplete],
      unchecked: incomplete === undefined ? ['which cluster issued the token: only that cluster accepts it'] : [],
    };
  const hasHeader = 'header' in token;
  const refused = [
    ...(isText(basic.iss) ? [] : ['the token has no issuer']),
    ...(basic.aud === undefined ? ['the token has no audience'] : []),
    ...malformed(basic),
    ...(hasHeader ? algorithm(undefined, header) : []),
    ...(hasHeader ? signature(token, jwks, source) : []),
    ...times(basic, now),
  ];
  const unsigned = !hasHeader
    ? ['the algorithm and the signature, because the input has only claims']
    : jwks === undefined && incomplete === undefined
      ? ['the signature: pass the keys of the issuer with --jwks']
      : [];
  const settings =
    'whether a cluster trusts the issuer and the audience, and which user and groups the cluster derives from the claims';
  return { ...base, accepted: refused.length > 0 ? false : null, refused, unchecked: [settings, ...unsigned] };
}

/**
 * Describes a token of no special kind. The issuer shows the client of Kanidm, because each client has its own issuer.
 */
function kindByClaims(claims: Judged['token']['claims']): string {
  const isIdToken = ['iss', 'sub', 'aud', 'exp'].every((name) => claims[name] !== undefined);
  const kind = isIdToken
    ? 'this token has the claims of an ID token'
    : 'this token lacks a claim that each ID token has';
  const [, client] = /^https:\/\/[^/]+\/oauth2\/openid\/([^/]+)$/.exec(isText(claims.iss) ? claims.iss : '') ?? [];
  return client === undefined ? kind : `${kind}, and its issuer looks like that of Kanidm's client ${client}`;
}

/** Formats the verdict for a terminal. The text is not escaped yet. */
export function loneVerdictLines({ kind, refused, claims, unchecked }: LoneVerdict, why: string): string[] {
  const reasons = refused.filter((reason) => reason !== kind);
  return [
    `${why}, so the token is not compared with the settings of a cluster`,
    kind,
    ...Object.entries(claims)
      .flatMap(([name, value]) => (Array.isArray(value) ? value.map((one) => [name, one]) : [[name, value]]))
      .map(([name, value]) => `  ${name} ${plain(String(name), value)}`),
    ...(reasons.length > 0 ? ['no API server accepts the token'] : []),
    ...reasons.map((reason) => `  because ${reason}`),
    ...unchecked.map((what) => `  not checked: ${what}`),
  ];
}

function plain(name: string, value: unknown): string {
  if (name === 'exp' && typeof value === 'number' && Math.abs(value) < 8e12)
    return `${value} (${new Date(value * 1000).toISOString().slice(0, 19)}Z)`;
  return isText(value) ? value : isMap(value) ? '{…}' : JSON.stringify(value);
}
