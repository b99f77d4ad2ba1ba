import { because } from '../connection-reasons';
import type { Explanation } from '../explanation';

const of = 'an application';
const see =
  "Read the application's own log of the moment when somebody signs in, and the log of Kanidm of the same moment.";
/** Words around the errors of the OIDC libraries that applications use, as these put them. */
const sure =
  /openid-grant-failed|unexpected JWT alg|proxy error|[Ff]ailed to verify (?:the )?(?:ID )?[Tt]oken|failed to verify the token|login\.OAuthLogin|[Oo][Aa]uthLogin|OAUTH_|oauthproxy|auth\.oauth|generic_oauth|openid-client|OIDC callback|oidc-callback|passport|authlib/;
const tell =
  'the line is in the log of an application that people sign in to, such as Headlamp, oauth2-proxy, Argo CD or Grafana';

/** What applications say that sign people in with Kanidm: of those, this is about the client of the application. */
export const applicationAnswers: readonly Explanation[] = [
  {
    id: 'application-algorithm',
    title: 'An application does not accept the algorithm of the token',
    of,
    pattern:
      /unexpected JWT alg received, expected (?<expected>[^,\s]{1,40}), got: (?<got>\S{1,20})|id token signed with unsupported algorithm, expected (?<list>\[[^[\]]*\]|"[^"]*") got (?<other>\[[^[\]]*\]|"[^"]*")|unexpected signature algorithm "?(?<third>[A-Z]{2}\d{3})"?; expected (?<fourth>\[[^[\]]*\])|The specified alg value is not allowed|invalid algorithm|InvalidAlgorithm/,
    shared: { sure, tell },
    means: ({ expected = '', got = '', list = '', other = '', third = '', fourth = '' }) => {
      const [wants, has] = [expected || list || fourth, got || other || third].map((text) =>
        text.replace(/["[\]]/g, ''),
      );
      return `The application accepts tokens that are signed with ${wants || 'another algorithm'}, and this one is signed with ${has || 'one that it does not allow'}. Kanidm signs with ES256. The API server is not asked here.`;
    },
    fix: 'Tell the application to accept ES256, where it has a setting for that (`id_token_signed_response_alg` or the like), or update it. Where it cannot: `legacyCrypto: true` for the client of this application alone makes Kanidm sign its tokens with RS256. Leave the client of kubectl as it is.',
    see,
    example: ['openid-grant-failed: unexpected JWT alg received, expected RS256, got: ES256'],
    beside: 'algorithm',
  },
  {
    id: 'application-no-id-token',
    title: 'An application has no ID token to pass on',
    of,
    pattern:
      /No valid id-token, and cannot refresh without refresh-token|(?:[Nn]o id_token (?:field )?in|missing id_token|id_token (?:not found|is missing)|did not contain an id_token|token response did not contain an id_token)|getting refresh token: key not found/,
    shared: { sure: /proxy error|oauth2 token|oidc-callback|token response|headlamp|refreshing token/i, tell },
    means:
      'The application has no ID token (or no good one) to pass on to the API server: the scope `openid` was not asked for, the access token was taken in place of the ID token, or it has expired and there is no refresh token.',
    fix: 'Let the application ask for `openid` (and `email`, `profile`, `groups` as the API server needs them), have these in `scopes` of its client, and let it use the ID token: with Headlamp no `-oidc-use-access-token`. Then sign out and in again.',
    see,
    example: ['2023/08/23 17:15:51 http: proxy error: No valid id-token, and cannot refresh without refresh-token'],
  },
  {
    id: 'application-access-token',
    title: 'An application checks something that is no ID token',
    of,
    pattern: /oidc: malformed jwt: (?<reason>.{0,200})|compact JWS format must have three parts/,
    shared: { sure, tell },
    means: 'The application took something else for the ID token: mostly the access token.',
    fix: 'Let it use the ID token: with Headlamp take `-oidc-use-access-token` out.',
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
      /oidc: expected audience (?:in )?"?(?<expected>[^"\s]{1,200})"? got (?<got>\[[^[\]]*\])|unexpected "?aud"? claim value|audience from claim \S{1,60} with value (?<value>.{1,100}) does not match/,
    shared: { sure: /[Ff]ailed to verify|oauthproxy|does not match|openid-client|claim value/, tell },
    means: ({ expected = '', got = '' }) =>
      expected === ''
        ? 'The token was made for another client than the one that the application is.'
        : `The application is the client ${expected}, and the token was made for ${got}.`,
    fix: 'Give the application the client id under which it is in Kanidm.',
    see,
    example: ['Failed to verify ID Token: oidc: expected audience "headlamp" got ["kubernetes"]'],
    beside: 'audience',
  },
  {
    id: 'application-issuer',
    title: 'An application has another issuer set than Kanidm names',
    of,
    pattern:
      /(?:oidc: id token issued by a different provider, expected|issuer did not match the issuer returned by provider, expected|issuer URL provided to client \() ?"(?<expected>[^"]*)"\)? (?:got|did not match the issuer URL returned by provider) \(?"(?<got>[^"]*)"|unexpected (?:JWT )?"?iss"? (?:claim )?value/,
    shared: { sure, tell },
    means: ({ expected = '', got = '' }) =>
      expected === ''
        ? 'The issuer that the application was given is not the one in the token.'
        : `The application has the issuer ${expected}, and Kanidm names ${got}: they have to be equal, byte for byte.`,
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
      /(?:[Ff]ailed to (?:query|get|fetch|initialize|create|setup)(?: the)?(?: OIDC)? provider|failed to discover OIDC configuration|error initializing(?: OIDC)? provider|could not discover|unable to (?:get|load|fetch) OIDC configuration)(?: "[^"]*")?[^:"]{0,100}: (?<reason>.*)$/,
    shared: { sure: /query provider|discover OIDC configuration|could not discover/, tell },
    means: ({ reason = '' }) => because(reason, { from: 'The application', to: 'Kanidm', trust: '' }).why,
    fix: ({ reason = '' }) =>
      because(reason, {
        from: 'the application',
        to: 'Kanidm',
        trust: 'Give the application the CA of Kanidm, mounted into its pod.',
      }).fix,
    see,
    example: [
      'Failed to query provider "https://idm.example.com/oauth2/openid/argocd": Get "https://idm.example.com/oauth2/openid/argocd/.well-known/openid-configuration": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    ],
  },
  {
    id: 'application-client-refused',
    title: 'Kanidm does not accept the secret of an application',
    of,
    pattern:
      /(?:oauth2: (?:cannot fetch token: 40[01]|(?="(?:unauthorized_client|invalid_client|authentication_required|invalid_request)"))|login\.OAuthLogin\(NewTransportWithCode\)|token request failed|[Ee]rror redeeming code)(?<reason>.{0,300})/,
    shared: {
      sure: /OAuthLogin|redeeming code|oauthproxy|token request failed|oauth2: cannot fetch token|auth\.oauth|exchange code to token/,
      tell,
    },
    means: ({ reason = '' }) =>
      `The application came back from Kanidm with a code, and Kanidm gave no token for it${/"(\w{5,40})"/.test(reason) ? ` (${/"(\w{5,40})"/.exec(reason)?.[1]})` : ''}. Mostly the secret of the client is wrong, or PKCE is missing.`,
    fix: 'Compare its secret with `kanidm system oauth2 show-basic-secret <client>`, and switch PKCE with S256 on in the application. The log of Kanidm of that moment says which it was.',
    see,
    example: [
      'level=error msg="login.OAuthLogin(NewTransportWithCode)" logger=context error="oauth2: cannot fetch token: 400 Bad Request"',
    ],
    beside: 'secret',
  },
  {
    id: 'application-email-not-verified',
    title: 'An application wants a verified mail address',
    of,
    pattern:
      /email in id_token \((?<mail>[^)]{0,254})\) isn't verified|oidc: email not verified|email_verified.{0,20}(?:false|is not true)/,
    shared: { sure: /id_token|oauthproxy|isn't verified/, tell },
    means: 'The application takes the mail address as name, and the token does not say that it is verified.',
    fix: 'Let the client have the scope `email`: Kanidm then says `email_verified: true`.',
    see,
    example: ["Error creating session during OAuth2 callback: email in id_token (jane@example.com) isn't verified"],
  },
];
