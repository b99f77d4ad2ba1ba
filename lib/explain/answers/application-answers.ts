import { because, type Connection } from '../connection-reasons';
import type { Explanation } from '../explanation';

const of = 'an application';
export const see = 'Sign in to the application, and then read what the application and Kanidm logged at that time.';
/** Words that applications write around an error of their OIDC library. */
export const sure =
  /openid-grant-failed|unexpected JWT "?alg|proxy error|[Ff]ailed to verify (?:the )?(?:ID )?[Tt]oken|failed to verify the token|could not verify id_token|token verification failed for all audiences|Failed to initialise OAuth2 Proxy|OAuth2 callback|login\.OAuthLogin|[Oo][Aa]uthLogin|OAUTH_|oauthproxy|auth\.oauth|generic_oauth|openid-client|OIDC callback|oidc-callback|passport|authlib/;
export const tell =
  'the line is in the log of an application that people sign in to, such as Headlamp, oauth2-proxy, Argo CD or Grafana';

const applicationToKanidm: Connection = {
  from: 'The application',
  to: 'Kanidm',
  trust: 'Give the application the CA of Kanidm, mounted into its pod.',
};

/** An error code of OAuth2, alone or in the JSON of the token endpoint. */
const oauthError =
  /"((?!error(?:_description)?")\w{5,40})"|\b(invalid_(?:client|request|grant|scope)|unauthorized_client|authentication_required)\b/;
const codeIn = (reason: string) => {
  const found = oauthError.exec(reason);
  return found?.[1] ?? found?.[2] ?? '';
};
/** Formats `["a" "b"]` as plain text: a, b. */
const namesIn = (list: string) => [...list.matchAll(/"([^"]*)"/g)].map(([, name]) => name).join(', ') || list;
/** Kanidm answers 401 without a text if the secret or the id of the client is wrong. */
const isSecret = (reason: string, code: string) =>
  /^(?:unauthorized_client|invalid_client|authentication_required)$/.test(code) || /\b401 Unauthorized/.test(reason);
/** Codes that an authorization server sends for other reasons than a wrong secret. */
const noSecret = /^(?:invalid_scope|unsupported_grant_type|server_error|temporarily_unavailable)$/;
/** The status of an answer that is neither about the secret (401) nor about the request (400). */
const otherStatus = (reason: string) => /(?:^|cannot fetch token: )(4(?!00|01)\d\d)\b/.exec(reason)?.[1] ?? '';

/**
 * Messages of applications that sign people in with Kanidm. They are about the client of the application, not about the
 * client of kubectl.
 */
export const applicationAnswers: readonly Explanation[] = [
  {
    id: 'application-algorithm',
    title: 'An application does not accept the algorithm of the token',
    of,
    pattern:
      /unexpected JWT alg received, expected (?<expected>[^,\s]{1,40}), got: (?<got>\S{1,20})|id token signed with unsupported algorithm, expected (?<list>\[[^[\]]*\]|"[^"]*") got (?<other>\[[^[\]]*\]|"[^"]*")|unexpected signature algorithm "?(?<third>[A-Z]{2}\d{3})"?; expected (?<fourth>\[[^[\]]*\])|unexpected JWT "alg" header parameter(?:, expected (?<fifth>[^,\s]{1,40}), got: (?<sixth>\S{1,20}))?|The specified alg value is not allowed|(?:[Jj][Ww][Tt]|[Tt]oken).{0,60}(?:invalid algorithm|InvalidAlgorithm)/,
    shared: { sure, tell },
    means: ({ expected = '', got = '', list = '', other = '', third = '', fourth = '', fifth = '', sixth = '' }) => {
      const [wants, has] = [expected || list || fourth || fifth, got || other || third || sixth].map((text) =>
        text.replace(/["[\]]/g, ''),
      );
      return `The application accepts tokens that are signed with ${wants || 'another algorithm'}, and this token is signed with ${has || 'an algorithm that it does not allow'}. Kanidm signs with ES256. The API server is not involved.`;
    },
    fix: 'Make the application accept ES256 with a setting such as `id_token_signed_response_alg`, or update the application. If it cannot accept ES256, set `legacyCrypto: true` for the client of this application: Kanidm then signs its tokens with RS256. Do not change the client of kubectl.',
    see,
    example: ['openid-grant-failed: unexpected JWT alg received, expected RS256, got: ES256'],
  },
  {
    id: 'application-no-id-token',
    title: 'An application has no ID token for the API server',
    of,
    pattern:
      /No valid id-token, and cannot refresh without refresh-token|(?:[Nn]o id_token (?:field )?in|missing id_token|id_token (?:not found|is missing)|did not contain an id_token|token response did not contain an id_token)|getting refresh token: key not found|token expired and refresh token is not set/,
    shared: { sure: /proxy error|oauth2 token|oidc-callback|headlamp|refreshing token/i, tell },
    means:
      'The application has no valid ID token to send to the API server. Either it did not request the scope `openid`, or it uses the access token instead of the ID token, or the ID token has expired and there is no refresh token.',
    fix: 'Make the application request `openid` (and `email`, `profile` and `groups` if the API server needs them), and add these scopes to `scopes` of its client. Make the application use the ID token: with Headlamp, remove `-oidc-use-access-token`. Then sign out and sign in again.',
    see,
    example: ['2023/08/23 17:15:51 http: proxy error: No valid id-token, and cannot refresh without refresh-token'],
  },
  {
    id: 'application-token-refused',
    title: 'The API server refuses the token of an application',
    of,
    pattern: /API server rejected the forwarded bearer token \(401\)/,
    means:
      'The application sent the token of a person to the API server, and the API server refused the token. The reason is only in the log of the API server. Often the API server does not trust the client of the application.',
    fix: 'Pipe the log of the API server into `kaniflux explain --log -`. If the client of the application is not the client of the cluster, add it to `clusters.<name>.trust`.',
    see,
    example: [
      '{"level":"warn","context":"main","source":"/headlamp/backend/pkg/kubeconfig/kubeconfig.go","line":457,"time":"2026-08-21T10:00:00Z","message":"API server rejected the forwarded bearer token (401); the token may be expired/invalid, or the API server may not trust the same OIDC issuer and client-id as Headlamp"}',
    ],
  },
  {
    id: 'application-access-token',
    title: 'An application checks a token that is not an ID token',
    of,
    pattern:
      /oidc: malformed jwt: (?<reason>.{0,200})|compact JWS format must have three parts|(?:[Ii][Dd]|[Aa]ccess)[ _]?[Tt]oken.{0,80}token contains an invalid number of segments|Invalid Compact JWS/,
    shared: { sure, tell },
    means: 'The application used another token as the ID token, usually the access token.',
    fix: 'Make the application use the ID token: with Headlamp, remove `-oidc-use-access-token`.',
    see,
    example: [
      'Failed to verify ID Token: oidc: malformed jwt: go-jose/go-jose: compact JWS format must have three parts',
    ],
  },
  {
    id: 'application-audience',
    title: 'An application expects a token for another client',
    of,
    pattern:
      /oidc: expected audience (?:in )?"?(?<expected>[^"\s]{1,200})"? got (?<got>\[[^[\]]*\])|unexpected (?:JWT )?"?aud"?(?: \(audience\))? claim value|audience from claim \S{1,60} with value (?<value>.{1,100}) does not match/,
    shared: { sure: /[Ff]ailed to verify|oauthproxy|does not match|openid-client|claim value/, tell },
    means: ({ expected = '', got = '', value = '' }) =>
      expected === ''
        ? `The token was issued for another client${value === '' ? '' : `, ${value.replace(/[[\]]/g, '')}`}, not for the client of the application.`
        : `The application accepts tokens for the client ${expected}, but the token was issued for ${namesIn(got)}.`,
    fix: 'Set the client id of the application to the name of its client in Kanidm.',
    see,
    example: ['Failed to verify ID Token: oidc: expected audience "headlamp" got ["kubernetes"]'],
  },
  {
    id: 'application-issuer',
    title: 'The issuer in an application differs from the issuer of Kanidm',
    of,
    pattern:
      /(?:oidc: id token issued by a different provider, expected|issuer did not match the issuer returned by provider, expected|issuer URL provided to client \() ?"(?<expected>[^"]*)"\)? (?:got|did not match the issuer URL returned by provider) \(?"(?<got>[^"]*)"|unexpected (?:JWT )?"?iss"?(?: \(issuer\))? (?:claim |response parameter )?value/,
    shared: { sure, tell },
    means: ({ expected = '', got = '' }) =>
      expected === ''
        ? 'The issuer in the settings of the application is not the issuer in the token.'
        : `The application has the issuer ${expected}, but the token or the discovery document has the issuer ${got}. Both have to be equal, byte for byte.`,
    fix: 'Write the issuer as `<origin>/oauth2/openid/<client id of the application>`, without a slash at the end.',
    see,
    example: [
      'Failed to verify ID Token: oidc: id token issued by a different provider, expected "https://idm.example.com/oauth2/openid/wiki/" got "https://idm.example.com/oauth2/openid/wiki"',
    ],
  },
  {
    id: 'application-discovery',
    title: 'An application cannot read the discovery document',
    of,
    pattern:
      /(?:[Ff]ailed to (?:query|get|fetch|initialize|create|setup)(?: the)?(?: OIDC)? provider|failed to discover OIDC configuration|error initializing(?: OIDC)? provider|could not discover|unable to (?:get|load|fetch) OIDC configuration)(?: "[^"]*")?[^:"]{0,100}: (?<reason>.*)$|Failed to create OpenID Connect Provider with name '[^']{0,100}' with url '[^']{0,300}': (?<gitea>.*)$/,
    shared: {
      sure: /query provider|discover OIDC configuration|could not discover|create OpenID Connect Provider/,
      tell,
    },
    means: ({ reason = '', gitea = '' }) => because(reason || gitea, applicationToKanidm).why,
    fix: ({ reason = '', gitea = '' }) => because(reason || gitea, applicationToKanidm).fix,
    see,
    example: [
      'Failed to query provider "https://idm.example.com/oauth2/openid/argocd": Get "https://idm.example.com/oauth2/openid/argocd/.well-known/openid-configuration": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    ],
  },
  {
    id: 'application-signature',
    title: 'An application finds no key that signed the token',
    of,
    pattern:
      /failed to verify id token signature|no matching key found in JWKS|[Ii][Dd][ _]?[Tt]oken.{0,60}[Ss]ignature verification failed/,
    shared: { sure, tell },
    means:
      'None of the keys that the application fetched from Kanidm signed the token. Either Kanidm has replaced the keys of the client, or the application uses the issuer or the keys of another client.',
    fix: 'Write the issuer of the application as `<origin>/oauth2/openid/<client id of the application>`, because each client of Kanidm has its own keys. Restart the application, so that it fetches the keys again.',
    see,
    example: [
      'Error redeeming code during OAuth2 callback: could not verify id_token: failed to verify token: failed to verify signature: failed to verify id token signature',
    ],
  },
  {
    id: 'application-email-not-verified',
    title: 'An application requires a verified mail address',
    of,
    pattern:
      /email in id_token \((?<mail>[^)]{0,254})\) isn't verified|oidc: email not verified|email_verified(?: claim)? (?:(?:is|was) )?(?:false|not true)/,
    shared: { sure: /id_token|oauthproxy|isn't verified/, tell },
    means:
      'The application uses the mail address as the user name, but the token does not have `email_verified: true`.',
    fix: 'Add the scope `email` to the client: Kanidm then adds `email_verified: true` to the token.',
    see,
    example: ["Error creating session during OAuth2 callback: email in id_token (jane@example.com) isn't verified"],
  },
  {
    id: 'application-unreachable',
    title: 'An application does not reach Kanidm',
    of,
    pattern:
      /(?:Get|Post) "https?:\/\/[^"]{1,300}\/(?:\.well-known\/openid-configuration|oauth2\/(?:token|openid\/[^"]{1,200}))": (?<reason>.*)$/,
    shared: { sure: /auth\.oauth|OAuthLogin|OAuth2 callback|oidc-callback/, tell },
    means: ({ reason = '' }) => because(reason, applicationToKanidm).why,
    fix: ({ reason = '' }) => because(reason, applicationToKanidm).fix,
    see,
    example: [
      'logger=authn.service level=error msg="Failed to authenticate request" client=auth.client.generic_oauth error="[auth.oauth.token.exchange] failed to exchange code to token: Post \\"https://idm.example.com/oauth2/token\\": tls: failed to verify certificate: x509: certificate signed by unknown authority"',
    ],
  },
  {
    id: 'application-client-refused',
    title: 'Kanidm returns no token to an application',
    of,
    pattern:
      /(?:oauth2: (?:cannot fetch token: (?=4\d\d)|(?="(?:unauthorized_client|unsupported_grant_type|authentication_required|server_error|invalid_(?:client|request|grant|scope))"))|login\.OAuthLogin\(NewTransportWithCode\)|token request failed|[Ee]rror redeeming code(?!.{0,60}(?:id_token|missing code))|OAuthError: (?=\w{5,40}:)|(?:[Tt]oken response: |OAUTH_CALLBACK_ERROR\] )(?=\W{0,4}(?:\w{1,20}\W{1,4})?(?:invalid_|unauthorized_client)))(?<reason>.{0,300})/,
    shared: {
      sure: /OAuthLogin|redeeming code|oauthproxy|token request failed|oauth2: cannot fetch token|auth\.oauth|exchange code to token|authlib|allauth|next-auth/,
      tell,
    },
    means: ({ reason = '' }) => {
      const code = codeIn(reason);
      return `The application sent Kanidm a code or a refresh token, and Kanidm did not return a token${code === '' ? '' : ` (${code})`}. ${
        isSecret(reason, code)
          ? 'Kanidm does not accept the secret or the id of the client.'
          : code === 'invalid_request'
            ? 'PKCE is missing, or the code is too old or was already used.'
            : code === 'invalid_grant'
              ? 'The refresh token is too old or was already used, or the session has ended.'
              : otherStatus(reason) !== ''
                ? `The answer was ${otherStatus(reason)}, and it may come from a proxy or Ingress in front of Kanidm, or from another server.`
                : noSecret.test(code)
                  ? 'The secret of the client is not the cause.'
                  : 'Usually the secret of the client is wrong, or PKCE is missing.'
      }`;
    },
    fix: ({ reason = '' }) => {
      const code = codeIn(reason);
      const secret = 'Compare the secret with `kanidm system oauth2 show-basic-secret <client>`';
      const pkce = 'urn on PKCE with S256 in the application';
      return `${
        isSecret(reason, code)
          ? `${secret}, and the client id with \`kanidm system oauth2 list\`.`
          : code === 'invalid_request'
            ? `T${pkce}, and sign in again.`
            : code === 'invalid_grant'
              ? 'Sign out of the application, and sign in again.'
              : otherStatus(reason) !== ''
                ? 'Check the address of the token endpoint in the application (`<origin>/oauth2/token`), and the proxy or Ingress in front of Kanidm.'
                : noSecret.test(code)
                  ? 'Compare the settings of the application with those of its client.'
                  : `${secret}, and t${pkce}.`
      } The log of Kanidm has the reason.`;
    },
    see,
    example: [
      'level=error msg="login.OAuthLogin(NewTransportWithCode)" logger=context error="oauth2: cannot fetch token: 400 Bad Request"',
    ],
    beside: 'secret',
  },
];
