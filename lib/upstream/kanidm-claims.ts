/**
 * The claims that Kanidm puts into every ID token itself, whatever claim maps say, and what they are made of.
 * `groups` is not among them: it is there with a scope only.
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
