import { because } from '../connection-reasons';
import type { Explanation, Facts } from '../explanation';
import { applicationToKanidm, see, tell } from './application-answers';

const of = 'an application';
const secret = 'ompare the secret with `kanidm system oauth2 show-basic-secret <client>`';
const pkce = 'urn on PKCE with S256 in the application';
const inLog = 'The log of Kanidm has the reason.';
const readLog = 'Read the log of Kanidm, which has the reason, and pipe it into `kaniflux explain --log -`.';

/** An error code of OAuth2, alone or in the JSON of the token endpoint. */
const oauthError =
  /"((?!(?:error(?:_description)?|response)")\w{5,40})"|\b(invalid_(?:client|request|grant|scope|origin)|unauthorized_client|authentication_required)\b/;
/** The description of an error, as in `"error_description":"…"` and `oauth2: "code" "…"`. */
const description = /"error_description": ?"([^"]{1,200})"|(?:^|oauth2: )"\w{1,40}" "([^"]{1,200})"/;
/** An answer that is neither JSON nor a web page. */
const otherText = /Response: "?([A-Za-z][^"<{=]{4,200}?)(?:"| \w{1,40}=|$)/;

/** The message of openid-client, which does not log the status. */
const notConform = /^"response" is not a conform Token Endpoint response/;

interface Refusal {
  /** Whether the application exchanged a code, and not a refresh token. */
  readonly isOfCode: boolean;
  /** The error, without the text that the application writes before it. */
  readonly reason: string;
  readonly code: string;
  readonly described: string;
}

interface Kind {
  matches(refusal: Refusal): boolean;
  means(refusal: Refusal): string;
  readonly fix: string;
  /** Ids of explanations of the lines that Kanidm writes if it gives this answer. */
  readonly causes?: readonly string[];
}

const ofSecret = ['kanidm-client-secret', 'kanidm-secret-missing', 'kanidm-unknown-client'];
const ofRequest = ['kanidm-pkce', 'kanidm-code'];

/** Returns the status of an answer that is neither about the secret (401) nor about the request (400). */
const otherStatus = (reason: string) => /(?:^|cannot fetch token: )(4(?!00|01)\d\d|5\d\d)\b/.exec(reason)?.[1] ?? '';

/** The reasons for which an application gets no token, the most specific first. The last one applies to all others. */
const kinds: readonly Kind[] = [
  {
    matches: ({ reason }) => otherStatus(reason).startsWith('5'),
    means: ({ reason }) =>
      `The answer was ${otherStatus(reason)}: Kanidm, or a proxy or Ingress in front of Kanidm, has an error. The secret of the client is not the cause.`,
    fix: 'Check that Kanidm runs, and read its log and the log of the proxy or Ingress in front of it.',
  },
  {
    matches: ({ reason }) => /<!?(?:doctype|html)\b|invalid character '<'/i.test(reason),
    means: () => 'The answer is a web page, so it does not come from the token endpoint of Kanidm.',
    fix: 'Check the address of the token endpoint in the application (`<origin>/oauth2/token`), and the proxy or Ingress in front of Kanidm.',
  },
  {
    // Kanidm answers with an `error`, but never with an `error_description`.
    matches: ({ described }) => described !== '',
    means: ({ described }) =>
      `The answer has the description “${described}”. Kanidm sends no descriptions, so the answer comes from another identity provider, or from a proxy.`,
    fix: 'Read the log of that identity provider. If the application should use Kanidm, check the issuer and the address of the token endpoint (`<origin>/oauth2/token`) in its settings.',
  },
  {
    // If the secret or the id of the client is wrong, Kanidm answers 401 with the header WWW-Authenticate and without a
    // text. openid-client of Node.js logs only the header.
    matches: ({ reason, code }) =>
      /^(?:unauthorized_client|invalid_client|authentication_required)$/.test(code) ||
      /\b401 (?:Client Error: )?Unauthorized|challenge in the WWW-Authenticate/.test(reason),
    means: () => 'Kanidm does not accept the secret or the id of the client.',
    causes: ofSecret,
    fix: `C${secret}, and the client id with \`kanidm system oauth2 list\`. If the program is a command such as \`argocd login --sso\`, which sends no secret, it needs a client of \`type: public\`. ${inLog}`,
  },
  {
    matches: ({ reason, code }) => code === '' && /^server responded with an error in the response body/.test(reason),
    means: () => 'The answer has an error code, which the application logs in one of the next lines (`error: …`).',
    causes: [...ofRequest, 'kanidm-redirect-changed', 'kanidm-refresh'],
    fix: readLog,
  },
  {
    matches: ({ code }) => code === 'invalid_request',
    means: () =>
      'PKCE is missing or wrong, or the code or refresh token is not valid. A code of Kanidm is valid for one minute.',
    fix: `T${pkce}, and sign in again. ${inLog}`,
    causes: [...ofRequest, 'kanidm-refresh'],
  },
  {
    matches: ({ code }) => code === 'invalid_origin',
    means: () =>
      'The redirect URL that the application sent with the code differs from the one with which it started the sign-in.',
    fix: `Set the address of the application in its own settings. If a proxy or Ingress is in front of the application, make it pass on the host and the scheme of the request. ${inLog}`,
    causes: ['kanidm-redirect-changed'],
  },
  {
    // Kanidm answers `invalid_request` to a code that is not valid.
    matches: ({ code, isOfCode }) => code === 'invalid_grant' && isOfCode,
    means: () =>
      'The code is not valid, for example because it is too old or was already used. Kanidm has another error for this case, so the answer comes from another identity provider, or from a proxy.',
    fix: 'Sign in again. If the error comes back, read the log of that identity provider. If the application should use Kanidm, check the issuer and the address of the token endpoint (`<origin>/oauth2/token`) in its settings.',
  },
  {
    matches: ({ code }) => code === 'invalid_grant',
    means: () =>
      'The code or the refresh token is not valid: it is too old or was already used, or the session has ended. Kanidm gives this answer only to a refresh token.',
    fix: `Sign out of the application, and sign in again. ${inLog}`,
    causes: ['kanidm-refresh'],
  },
  {
    matches: ({ reason }) => otherStatus(reason) !== '' || notConform.test(reason),
    means: ({ reason }) =>
      `The answer ${notConform.test(reason) ? 'has an unexpected status and no error code' : `was ${otherStatus(reason)}`}, and it may come from a proxy or Ingress in front of Kanidm, or from another server.`,
    fix: `Check the address of the token endpoint in the application (\`<origin>/oauth2/token\`), and the proxy or Ingress in front of Kanidm. ${inLog}`,
  },
  {
    matches: ({ code }) => /^(?:server_error|temporarily_unavailable)$/.test(code),
    means: () => 'The cause is in Kanidm or in a proxy, not in the application.',
    fix: readLog,
  },
  {
    matches: ({ code }) => /^(?:invalid_scope|unsupported_grant_type)$/.test(code),
    means: () => 'The secret of the client is not the cause.',
    fix: `Compare the settings of the application with those of its client. ${inLog}`,
  },
  {
    matches: ({ reason }) => otherText.test(reason),
    means: ({ reason }) => `The server answered: “${(otherText.exec(reason)?.[1] ?? '').trim()}”.`,
    fix: `Compare the settings of the application with those of its client. ${inLog}`,
  },
  {
    matches: () => true,
    means: () => 'Usually the secret of the client is wrong, or PKCE is missing.',
    fix: `C${secret}, and t${pkce}. ${inLog}`,
    causes: [...ofSecret, ...ofRequest],
  },
];

function refusalIn({ reason = '', exchanged = '', redeemed = '' }: Facts): Refusal {
  const found = oauthError.exec(reason);
  const described = description.exec(reason);
  const isOfCode = exchanged !== '' || redeemed !== '';
  return { reason, isOfCode, code: found?.[1] ?? found?.[2] ?? '', described: described?.[1] ?? described?.[2] ?? '' };
}

const kindOf = (refusal: Refusal) => kinds.find(({ matches }) => matches(refusal));

/** Messages of applications that get no token for a code or a refresh token. */
export const applicationTokenAnswers: readonly Explanation[] = [
  {
    id: 'application-unreachable',
    title: 'An application does not reach Kanidm',
    of,
    pattern:
      /(?:(?:redeeming code|exchange(?:d|s| failed)?\b|OAuthLogin|fetch token: ).{0,200}?(?=(?:Get|Post) ")|(?=(?:Get|Post) "https?:\/\/[^"]{1,300}\/(?:\.well-known\/openid-configuration|oauth2\/(?:token|openid\/[^"]{1,200}))": ))(?<request>(?:Get|Post) "https?:\/\/[^"]{1,300}": .{1,400})$|[Ff]ailed to contact token endpoint: (?<rust>Request failed)/,
    shared: { sure: /auth\.oauth|openid authentication failure|OAuthLogin|OAuth2 callback|oidc-callback/, tell },
    means: ({ request = '', rust = '' }) => because(request || rust, applicationToKanidm).why,
    fix: ({ request = '', rust = '' }) => because(request || rust, applicationToKanidm).fix,
    see,
    example: [
      'logger=authn.service level=error msg="Failed to authenticate request" client=auth.client.generic_oauth error="[auth.oauth.token.exchange] failed to exchange code to token: Post \\"https://idm.example.com/oauth2/token\\": tls: failed to verify certificate: x509: certificate signed by unknown authority"',
    ],
  },
  {
    id: 'application-client-refused',
    title: 'An application gets no token',
    of,
    pattern:
      /(?:(?:exchange (?<exchanged>code) to token: )?oauth2: (?:cannot fetch token: (?=[45]\d\d)|cannot parse json: (?=invalid character '<')|(?="(?:unauthorized_client|unsupported_grant_type|authentication_required|server_error|invalid_(?:client|request|grant|scope|origin))"))|(?<redeemed>login\.OAuthLogin\(NewTransportWithCode\)|[Ee]rror redeeming code(?!.{0,60}(?:id_token|missing code|could not get claim|claim extractor|cannot unmarshal)))|token request failed(?=.{0,60}(?:400|401|invalid_|unauthorized_client))|OAuthError: (?=\w{5,40}:)|[Ee]rror retrieving access token: (?=b?['"]?\{"error")|(?=40[01] Client Error: .{1,40} for url: https?:\/\/[^\s/]{1,253}\/oauth2\/token\b)|(?:[Tt]oken response: |OAUTH_CALLBACK_ERROR\] )(?=\W{0,4}(?:\w{1,20}\W{1,4})?(?:invalid_|unauthorized_client))|(?=server responded with (?:an error in the response body|a challenge in the WWW-Authenticate)|"response" is not a conform Token Endpoint response))(?<reason>.{0,300})/,
    // Every program in Go that uses OAuth2 writes `oauth2: cannot fetch token`, also about other servers than Kanidm.
    shared: {
      sure: /server responded with an? (?:error in|challenge in)|is not a conform Token Endpoint|OAuthLogin|redeeming code|oauthproxy|auth\.oauth|exchange code to token|authlib|allauth|next-auth/,
      tell,
    },
    means: (facts) => {
      const refusal = refusalIn(facts);
      return `The application sent ${refusal.isOfCode ? 'a code' : 'a code or a refresh token'}, and got no token${refusal.code === '' ? '' : ` (${refusal.code})`}. ${kindOf(refusal)?.means(refusal) ?? ''}`;
    },
    fix: (facts) => kindOf(refusalIn(facts))?.fix ?? '',
    see,
    example: [
      'level=error msg="login.OAuthLogin(NewTransportWithCode)" logger=context error="oauth2: cannot fetch token: 400 Bad Request"',
    ],
    consequenceOf: kinds.flatMap(({ causes = [] }) => causes),
    follows: (facts, cause) => kindOf(refusalIn(facts))?.causes?.includes(cause) ?? false,
    beside: 'secret',
  },
  {
    id: 'application-userinfo',
    title: 'An application has a token, but its request for more claims failed',
    of,
    pattern: /failed to fetch claims from profile URL: (?:error making request to profile URL: )?(?<reason>.{0,300})/,
    means: ({ reason = '' }) =>
      `The application has the ID token of the person, so the secret and PKCE are right. The ID token lacks a claim that oauth2-proxy looks for, such as the groups. oauth2-proxy therefore asked the userinfo endpoint, and got an error: “${reason.trim().replace(/:$/, '')}”.`,
    fix: 'Set `skip_claims_from_profile_url = true` in a current version of oauth2-proxy, which then reads claims only from the ID token. If a claim such as the groups is needed, make oauth2-proxy request the scope that gives the claim, and add this scope to `scopes` of its client. With Kanidm 1.6.0 and 1.6.1, such requests can fail even with a valid token: update Kanidm.',
    see,
    example: [
      '[2022/02/17 20:39:10] [oauthproxy.go:777] Error redeeming code during OAuth2 callback: could not get claim "groups": failed to fetch claims from profile URL: error making request to profile URL: unexpected status "401": ',
    ],
  },
];
