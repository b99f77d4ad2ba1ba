import { explainLog } from '../../lib/explain/explain-log';

const ofKanidm = (text: string) => `11111111-2222-4333-8444-555555555555 ERROR    ┕━ 🚨 [error]: ${text}`;
const noScopes = (requested: string, available: string) =>
  ofKanidm(
    `Identity does not have access to the requested scopes | ident: User( jane@idm.example.com, 7b89b6ea-1e8b-4aa8-98fb-a70cba498d16 ) | requested_scopes: {${requested}} | available_scopes: {${available}}`,
  );
const only = (line: string) => {
  const { answers, open } = explainLog(line);
  expect(open).toEqual([]);
  expect(answers).toHaveLength(1);
  return answers[0];
};

test.each([
  [
    noScopes('"groups", "openid"', ''),
    'kanidm-scopes',
    /in no group that the scope map .* names\. Kanidm/,
    /Add the person/,
  ],
  [
    noScopes('"groups", "openid"', '"email", "openid"'),
    'kanidm-scopes',
    /requests the scopes groups, which the scope map/,
    /fewer scopes/,
  ],
  [ofKanidm('Client does not have access to the requested scopes'), 'kanidm-scopes', /token for itself/, /code flow/],
  [
    ofKanidm('Invalid OAuth2 request - must contain at least one requested scope'),
    'kanidm-scopes',
    /no scope at all/,
    /openid/,
  ],
  [ofKanidm('oauth2 scopes requested, invalid.'), 'kanidm-scopes', /renews its token/, /Sign in again/],
  [
    ofKanidm('Invalid OAuth2 redirect_uri (differs from original request uri)'),
    'kanidm-redirect-changed',
    /redirect URLs of the client are not the cause/,
    /X-Forwarded-Proto/,
  ],
  [
    ofKanidm('PKCE code verification failed - this may indicate malicious activity'),
    'kanidm-pkce',
    /belongs to another sign-in/,
    /other tabs/,
  ],
  [
    ofKanidm('PKCE code verification failed - code challenge is present, but no verifier was provided'),
    'kanidm-pkce',
    /without the PKCE verifier/,
    /update the application/,
  ],
  [
    ofKanidm('PKCE code verification failed - no code challenge present in PKCE enforced mode'),
    'kanidm-pkce',
    /started the sign-in without PKCE/,
    /Turn on PKCE/,
  ],
  [
    ofKanidm("Invalid OAuth2 code_challenge_method (must be 'S256')"),
    'kanidm-pkce',
    /another method than S256/,
    /S256/,
  ],
  [ofKanidm('Basic authz invalid base64'), 'kanidm-client-secret', /cannot decode/, /show-basic-secret/],
  [ofKanidm('refresh token has expired,  | uuid: 7b89b6ea'), 'kanidm-refresh', /too old/, /^Sign in again\.$/],
  [
    ofKanidm('attempt to refresh with an access token'),
    'kanidm-refresh',
    /access token in place of a refresh token/,
    /settings of that program/,
  ],
  [
    ofKanidm('No OAuth2 session found, unable to proceed with refresh | session_id: a'),
    'kanidm-refresh',
    /has ended/,
    /validity show/,
  ],
  [ofKanidm('Attempt to reuse a refresh token detected, destroying session'), 'kanidm-refresh', /second time/, /cache/],
  [ofKanidm('Expired token exchange request'), 'kanidm-code', /more than one minute/, /within a minute/],
  [ofKanidm('Failed to decrypt token exchange request'), 'kanidm-code', /not issued by this Kanidm/, /different keys/],
  [
    ofKanidm('Token exchange audience mismatch | expected: k8s | requested: "kubernetes"'),
    'kanidm-token-exchange',
    /the audience kubernetes, but the client is k8s\.$/,
    /docs\/robots\.md/,
  ],
  [
    ofKanidm('Client secret is not accepted when exchanging a service account token'),
    'kanidm-token-exchange',
    /secret of the client/,
    /docs\/robots\.md/,
  ],
  [
    ofKanidm('Token exchange subject_token must be a service account api token'),
    'kanidm-token-exchange',
    /not an API token/,
    /Generate a new/,
  ],
  [
    ofKanidm('Unable to validate subject token for token exchange | err: SessionExpired'),
    'kanidm-token-exchange',
    /destroyed/,
    /Generate a new/,
  ],
])('%s', (line, id, means, fix) => {
  expect(only(line)).toMatchObject({
    id,
    means: expect.stringMatching(means),
    fix: expect.stringMatching(fix),
  });
});

test('the redirect URL that changed is the cause of invalid_origin', () => {
  const log = [
    ofKanidm('Invalid OAuth2 redirect_uri (differs from original request uri)'),
    ofKanidm('Unable to authorise - Error ID: 11111111-2222-4333-8444-555555555555 error: invalid_origin'),
  ];
  expect(explainLog(log.join('\n')).answers.map(({ id }) => id)).toEqual(['kanidm-redirect-changed']);
});
