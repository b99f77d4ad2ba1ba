import type { Jwt } from './jwt';

/** Kinds of tokens that are taken for ID tokens, and what they are. */
interface Kind {
  readonly says: string;
  /** Whether an API server takes it all the same where everything else fits. */
  readonly judged: boolean;
}

/**
 * What a token is, where it is no ID token; `undefined` for an ID token. Those of Kanidm are known by what its server
 * puts into them.
 * @see https://github.com/kanidm/kanidm/blob/v1.11.0/proto/src/internal/token.rs
 */
export function kindOf({ header, claims }: Pick<Jwt, 'header' | 'claims'>): Kind | undefined {
  if ('account_id' in claims && 'token_id' in claims) {
    const label = typeof claims.label === 'string' ? ` with the label “${claims.label}”` : '';
    return {
      says: `this is an API token of Kanidm${label}: it is for Kanidm's own API, names no issuer, and no API server takes it. Exchange it for an ID token at /oauth2/token (RFC 8693), or sign in with kubelogin`,
      judged: false,
    };
  }
  if ('session_id' in claims && ('spn' in claims || 'purpose' in claims) && !('iss' in claims)) {
    return {
      says: "this is a session of Kanidm's own command line or pages (~/.cache/kanidm_tokens), and no API server takes it. Sign in with kubelogin",
      judged: false,
    };
  }
  if (header.typ === 'at+jwt') {
    return {
      says: 'this is an access token (typ at+jwt), and not an ID token: it has no groups and no user name but `sub`. Let kubelogin or the application use the ID token',
      judged: true,
    };
  }
  if (claims.iss === 'kubernetes/serviceaccount' || 'kubernetes.io' in claims) {
    return { says: 'this is a token of a service account of Kubernetes, and not of a person', judged: true };
  }
  return undefined;
}
