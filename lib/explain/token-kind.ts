import type { Jwt } from './jwt';

/** A kind of token that people mistake for an ID token. */
interface Kind {
  readonly says: string;
  /**
   * `true`: checked like an ID token. `false`: no API server accepts it. `elsewhere`: the API server checks it without
   * the settings that the config describes.
   */
  readonly judged: boolean | 'elsewhere';
}

/**
 * Returns the kind of a token, or `undefined` for an ID token. Tokens of Kanidm are recognised by the claims that its
 * server writes.
 * @see https://github.com/kanidm/kanidm/blob/v1.11.0/proto/src/internal/token.rs
 */
export function kindOf({ header, claims }: Pick<Jwt, 'header' | 'claims'>): Kind | undefined {
  if ('account_id' in claims && 'token_id' in claims) {
    const label = typeof claims.label === 'string' ? ` with the label “${claims.label}”` : '';
    return {
      says: `this is an API token of Kanidm${label}: it is for Kanidm's own API, has no issuer, and no API server accepts it. Exchange it for an ID token at /oauth2/token (RFC 8693), or sign in with kubelogin`,
      judged: false,
    };
  }
  if ('session_id' in claims && ('spn' in claims || 'purpose' in claims) && !('iss' in claims)) {
    return {
      says: "this is a session token of the `kanidm` command (~/.cache/kanidm_tokens) or of Kanidm's web pages, and no API server accepts it. Sign in with kubelogin",
      judged: false,
    };
  }
  if (header.typ === 'at+jwt') {
    return {
      says: 'this is an access token (typ at+jwt), not an ID token: access tokens of Kanidm have no groups, and `sub` is their only user name. Make kubelogin or the application use the ID token',
      judged: true,
    };
  }
  const sub = typeof claims.sub === 'string' ? claims.sub : '';
  if (claims.iss === 'kubernetes/serviceaccount' || 'kubernetes.io' in claims || /^system:serviceaccount:/.test(sub)) {
    return {
      says: `this is the token of a Kubernetes service account${sub && ` (${sub})`}, not of a person`,
      judged: 'elsewhere',
    };
  }
  return undefined;
}
