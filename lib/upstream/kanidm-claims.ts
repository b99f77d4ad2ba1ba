/**
 * The claims that Kanidm itself sets in ID tokens, whatever the claim maps contain, with their types. `groups` is not
 * among them, because a claim map can set it if no scope does.
 * @see https://github.com/kanidm/kanidm/blob/v1.11.1/server/lib/src/idm/oauth2.rs
 */
export const kanidmClaims: ReadonlyMap<string, 'text' | 'number' | 'list' | 'boolean'> = new Map([
  ['iss', 'text'],
  ['sub', 'text'],
  ['aud', 'text'],
  ['exp', 'number'],
  ['nbf', 'number'],
  ['iat', 'number'],
  ['auth_time', 'number'],
  ['nonce', 'text'],
  ['azp', 'text'],
  ['jti', 'text'],
  ['scopes', 'list'],
  ['name', 'text'],
  ['preferred_username', 'text'],
  ['email', 'text'],
  ['email_verified', 'boolean'],
  ['updated_at', 'number'],
]);
