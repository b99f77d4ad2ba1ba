import { because, type Connection } from '../connection-reasons';
import type { Explanation, Facts } from '../explanation';
import { clientsOf } from './api-server-tokens';

const of = 'an application';
export const see = 'Sign in to the application, and then read what the application and Kanidm logged at that time.';
/** Words that applications write around an error of their OIDC library. */
export const sure =
  /openid-grant-failed|unexpected JWT "?alg|proxy error|[Ff]ailed to verify (?:the )?(?:ID )?[Tt]oken|failed to verify the token|could not verify id_token|Failed to initialise OAuth2 Proxy|OAuth2 callback|login\.OAuthLogin|[Oo][Aa]uthLogin|OAuth login failed|in OAuth discovery|loading discovery document|OAUTH_|oauthproxy|auth\.oauth|generic_oauth|openid-client|OIDC callback|oidc-callback|passport|authlib/;
export const tell =
  'the line is in the log of an application that people sign in to, such as Headlamp, oauth2-proxy, Argo CD or Grafana';

export const applicationToKanidm: Connection = {
  from: 'The application',
  to: 'Kanidm',
  trust: 'Give the application the CA of Kanidm, mounted into its pod.',
};

/**
 * Returns the error in a line about the discovery document. If the line names the address apart from the error, puts
 * the address before the error, as Go does.
 */
const discoveryError = ({
  reason = '',
  gitea = '',
  other = '',
  metadata = '',
  headlamp = '',
  url = '',
  error = '',
}: Facts) => (url === '' ? reason || gitea || other || metadata || headlamp : `Get "${url}": ${error}`);
/** Returns the algorithms that the application accepts, and that of the token; `''` for one that the line does not name. */
function algorithmsIn({ expected, got, list, other, third, fourth, fifth, sixth }: Facts) {
  const [wants = '', has = ''] = [expected || list || fourth || fifth, got || other || third || sixth].map((text) =>
    (text ?? '').replace(/["[\]]/g, ''),
  );
  return { wants, has };
}
/** Whether Kanidm can sign with this algorithm. A line that does not name the algorithm can be about Kanidm. */
const isOfKanidm = (algorithm: string) => /^(?:ES256|RS256|)$/.test(algorithm);
/** Formats `["a" "b"]` as plain text: a, b. */
const namesIn = (list: string) => [...list.matchAll(/"([^"]*)"/g)].map(([, name]) => name).join(', ') || list;

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
      /unexpected JWT alg received, expected (?<expected>[^,\s]{1,40}), got: (?<got>\w{1,20})|id token signed with unsupported algorithm, expected (?<list>\[[^[\]]*\]|"[^"]*") got (?<other>\[[^[\]]*\]|"[^"]*")|unexpected signature algorithm "?(?<third>[A-Z]{2}\d{3})"?; expected (?<fourth>\[[^[\]]*\])|unexpected JWT "alg" header parameter(?:, expected (?<fifth>[^,\s]{1,40}), got: (?<sixth>\w{1,20}))?|The specified alg value is not allowed|(?:[Jj][Ww][Tt]|[Tt]oken).{0,60}(?:invalid algorithm|InvalidAlgorithm)/,
    shared: { sure, tell },
    means: (facts) => {
      const { wants, has } = algorithmsIn(facts);
      return `The application accepts tokens that are signed with ${wants || 'another algorithm'}, and this token is signed with ${has || 'an algorithm that it does not allow'}. ${
        isOfKanidm(has)
          ? 'Kanidm signs with ES256, or with RS256 if `legacyCrypto` is set for the client.'
          : `Kanidm never signs with ${has}, so this token comes from another identity provider.`
      } The API server is not involved.`;
    },
    fix: (facts) => {
      const { has } = algorithmsIn(facts);
      return !isOfKanidm(has)
        ? 'If people should sign in with Kanidm, check the issuer in the settings of the application (`<origin>/oauth2/openid/<client id of the application>`). Otherwise, change the signing algorithm at the other identity provider.'
        : has === 'RS256'
          ? 'Remove `legacyCrypto` from the client of this application (`kanidm system oauth2 disable-legacy-crypto <client>`), or make the application accept RS256. Do not change the client of kubectl.'
          : 'Make the application accept ES256 with a setting such as `id_token_signed_response_alg`, or update the application. If it cannot accept ES256, set `legacyCrypto: true` for the client of this application: Kanidm then signs its tokens with RS256. Do not change the client of kubectl.';
    },
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
    id: 'application-refresh-issuer',
    title: 'Headlamp has no issuer with which it could renew the token',
    of,
    pattern: /getting provider: Get "\/\.well-known\/openid-configuration": unsupported protocol scheme/,
    means:
      'Headlamp cannot renew the token, because its option `-oidc-idp-issuer-url` is not set. When Headlamp 0.34 and 0.35 renew a token, they read the issuer only from this option, and not from the kubeconfig. People have to sign in again when the token expires.',
    fix: 'Set `-oidc-idp-issuer-url` to `<origin>/oauth2/openid/<client id of Headlamp>`. In the values of the Headlamp chart, this option is `config.oidc.issuerURL`.',
    see,
    example: [
      '{"level":"error","cluster":"homelab","source":"/headlamp/backend/cmd/headlamp.go","line":965,"error":"getting provider: Get \\"/.well-known/openid-configuration\\": unsupported protocol scheme \\"\\"","time":"2026-09-26T15:36:50Z","message":"failed to refresh token"}',
    ],
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
      /(?:oidc: expected audience (?:in )?"?(?<expected>[^"\s]{1,200})"? got (?<got>\[[^[\]]*\])|unexpected (?:JWT )?"?aud"?(?: \(audience\))? claim value|audience from claim \S{1,60} with value (?<value>.{1,100}) does not match)/,
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
      /(?:oidc: id token issued by a different provider, expected|issuer did not match the issuer returned by provider, expected|issuer URL provided to client \() ?"(?<expected>[^"]*)"\)? (?:got|did not match the issuer URL returned by provider) \(?"(?<got>[^"]*)"|unexpected (?:JWT )?"?iss"?(?: \(issuer\))? (?:claim |response parameter )?value|"response" body "issuer" property does not match the expected value|Issuer name does not match authority/,
    shared: { sure, tell },
    means: ({ expected = '', got = '' }) =>
      expected === ''
        ? 'The issuer in the settings of the application is not the issuer in the token or in the discovery document.'
        : `The application has the issuer ${expected}, but the token or the discovery document has the issuer ${got}. Both have to be equal, byte for byte.`,
    fix: ({ expected = '', got = '' }) => {
      const { want, has } = clientsOf(expected, got);
      return want !== has
        ? `The token is for the client ${has}. In the application, write ${has} as the client id and in the issuer, or let the application use a token for the client ${want}.`
        : 'Write the issuer as `<origin>/oauth2/openid/<client id of the application>`, without a slash at the end.';
    },
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
      /(?:[Ff]ailed to (?:query|(?:get|fetch|initialize|create|setup)(?=.{0,600}(?:[Oo]pen[Ii][Dd]|OIDC|oidc|discover)))(?: the)?(?: OIDC)? provider|failed to discover OIDC configuration|error initializing(?: OIDC)? provider|could not discover|unable to (?:get|load|fetch) OIDC configuration)(?: "[^"]*")?[^:"]{0,100}: (?<reason>.*)$|Failed to create OpenID Connect Provider with name '[^']{0,100}' with url '[^']{0,300}': (?<gitea>.*)$|Error (?:in OAuth discovery|loading discovery document): (?<other>.*)$|Could not reach the provider at URL (?<url>https?:\/\/\S{1,300}?)(?:: (?<error>.{0,600}?))?(?= [\w.-]{1,40}="|$)|(?<metadata>is not a conform Authorization Server Metadata response)|failed to refresh token: getting provider: (?<headlamp>(?!Get "\/).{1,600}?)(?= cluster="|$)/,
    shared: {
      sure: /getting provider|query provider|discover OIDC configuration|could not discover|create OpenID Connect Provider|in OAuth discovery|loading discovery document|conform Authorization Server Metadata|reach the provider at URL/,
      tell,
    },
    means: (facts) => because(discoveryError(facts), applicationToKanidm).why,
    fix: (facts) => because(discoveryError(facts), applicationToKanidm).fix,
    see,
    example: [
      'Failed to query provider "https://idm.example.com/oauth2/openid/argocd": Get "https://idm.example.com/oauth2/openid/argocd/.well-known/openid-configuration": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    ],
  },
  {
    id: 'application-keys',
    title: 'An application cannot fetch the keys that sign the token',
    of,
    pattern:
      /(?:[Ff]ailed to verify (?:the )?(?:ID )?[Tt]oken|could not verify id_token|token verification failed).{0,300}?: fetching keys (?!(?:oidc: )?get keys failed:? Get ")(?:oidc: )?(?:get keys failed:? )?(?<reason>.{1,600})/,
    shared: { sure, tell },
    means: ({ reason = '' }) =>
      `The application got a token, but it cannot fetch the keys to check the signature. ${because(reason, applicationToKanidm).why}`,
    fix: ({ reason = '' }) => because(reason, applicationToKanidm).fix,
    see,
    example: [
      '[2026/10/18 20:42:45] [oauthproxy.go:902] Error redeeming code during OAuth2 callback: could not verify id_token: failed to verify token: failed to verify signature: fetching keys oidc: get keys failed: 404 Not Found ',
    ],
  },
  {
    id: 'application-audience-claims',
    title: 'oauth2-proxy does not know in which claim the audience is',
    of,
    pattern: /audience claims \[(?<names>[^\]]{0,200})\] do not exist in claims/,
    means: ({ names = '' }) =>
      names === ''
        ? 'The setting with the names of the claims for the audience is empty, so oauth2-proxy refuses every token.'
        : `The token has none of the claims in which oauth2-proxy looks for the audience: ${names}. A token of Kanidm has the audience in \`aud\`.`,
    fix: 'Set `oidc_audience_claims = ["aud"]`, or `audienceClaims: [aud]` under `oidcConfig` of the provider in the alpha configuration.',
    see,
    example: [
      '[2023/02/09 19:24:55] [oauthproxy.go:823] Error redeeming code during OAuth2 callback: could not verify id_token: audience claims [] do not exist in claims: map[aud:test]',
    ],
  },
  {
    id: 'application-session-token',
    title: 'Argo CD does not accept the token of a session, and does not say why',
    of,
    relayed: ['other'],
    pattern: /invalid session: failed to verify the token/,
    means:
      'Argo CD does not accept the token of the request. The program that sent the request does not learn the reason, which is only in the log of the server of Argo CD.',
    fix: 'Pipe the log of `argocd-server` into `kaniflux explain --log -`. If the token has only expired, sign in again (`argocd login --sso`).',
    see,
    example: ['rpc error: code = Unauthenticated desc = invalid session: failed to verify the token'],
    consequenceOf: [
      'application-algorithm',
      'application-audience',
      'application-issuer',
      'application-discovery',
      'application-keys',
      'application-signature',
    ],
  },
  {
    id: 'application-signature',
    title: 'An application finds no key that signed the token',
    of,
    pattern:
      /failed to verify id token signature|no matching key found in JWKS|JWT signature verification failed|JWT verification key, no applicable keys found|[Ii][Dd][ _]?[Tt]oken.{0,60}[Ss]ignature verification failed/,
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
    fix: 'Add the scope `email` to the client, and let the application request it: Kanidm then adds `email_verified: true` to the token of everybody who has a mail address. If the token already has another value, Kanidm did not write it: look for another issuer, or for a claim map `email_verified` of the client.',
    see,
    example: ["Error creating session during OAuth2 callback: email in id_token (jane@example.com) isn't verified"],
  },
];
