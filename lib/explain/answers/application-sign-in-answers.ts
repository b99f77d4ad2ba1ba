import type { Explanation } from '../explanation';
import { see, sure, tell } from './application-answers';

const of = 'an application';

/** Messages of applications after the browser came back from the sign-in, or about a person whom they do not accept. */
export const applicationSignInAnswers: readonly Explanation[] = [
  {
    id: 'application-state',
    title: 'An application does not recognise the sign-in that the browser finished',
    of,
    pattern:
      /unable to obtain CSRF cookie|CSRF token mismatch, potential attack|(?:OAuth|oidc|callback|invalid request).{0,60}state mismatch|could not find a matching session for this request|Invalid state returned from OAuth provider|mismatching_state|login\.OAuthLogin\((?:missing saved state|state mismatch)\)|auth\.oauth\.(?:state|pkce)\.(?:missing|invalid)|unexpected "state" response parameter value|response parameter "state" missing|OAuth state (?:cookie|parameter).{0,60}(?:missing|mismatch|invalid|expired|not (?:found|match))/,
    shared: {
      sure: /CSRF cookie|CSRF token mismatch|matching session for this request|mismatching_state|OAuth|oidc|auth\.oauth|response parameter/,
      tell,
    },
    means:
      'The browser came back from Kanidm without the cookie that the application set before, or with the cookie of another sign-in. The sign-in took too long, was open in two tabs, or began at another address of the application than the one in its redirect URL.',
    fix: 'Open the application at exactly the address that its settings and its redirect URL have, with https, and sign in again in one tab. Check the cookie settings of the application, and that a proxy in front of it passes cookies on.',
    see,
    example: [
      '[2026/10/18 20:42:45] [oauthproxy.go:870] Error while parsing OAuth2 state: unable to obtain CSRF cookie',
      '...rs/web/auth/oauth.go:849:SignInOAuthCallback() [E] UserSignIn: could not find a matching session for this request',
    ],
  },
  {
    id: 'application-sign-in-refused',
    title: 'Kanidm ended the sign-in to an application with an error',
    of,
    pattern:
      /(?:parsing OAuth2 callback: |[?&]error=|^error=(?=\w{1,40}&)|[Ee]rror from (?:the )?(?:provider|OAuth2? provider): |login provider denied login request.{0,200}?error="?)(?<code>access_denied|invalid_request|invalid_scope|unsupported_response_type|login_required|interaction_required|server_error)(?!\w)|authorization response from the server is an error/,
    shared: { sure: /OAuth2 callback|OAuthLogin|denied login request|authorization response from the server/, tell },
    means: ({ code = '' }) =>
      `Kanidm ended the sign-in to the application with an error${code === '' ? '' : `, \`${code}\``}${
        code === 'access_denied'
          ? ': the person declined, or is in no group that the scope map of the client names.'
          : code === 'invalid_request'
            ? ': the request of the application lacks PKCE, or has another fault.'
            : code === 'invalid_scope'
              ? ': the application requests a scope that the scope map of its client does not have.'
              : '.'
      }`,
    fix: ({ code = '' }) =>
      code === 'access_denied' || code === 'invalid_scope'
        ? 'Add the person to a group in `scopes` of the client of the application, and give that group every scope that the application requests.'
        : `${code === 'invalid_request' ? 'Turn on PKCE with S256 in the application. ' : ''}Read the log of Kanidm, which has the reason, and pipe it into \`kaniflux explain --log -\`.`,
    see,
    example: ['[2026/10/18 20:42:45] [oauthproxy.go:841] Error while parsing OAuth2 callback: access_denied'],
  },
  {
    id: 'application-person-refused',
    title: 'An application itself refuses a person who signed in',
    of,
    pattern:
      /\[AuthFailure\] Invalid authentication via OAuth2: unauthorized|role_attribute_strict_violation|idP did not return a role attribute|auth\.oauth\.email\.not-allowed/,
    means:
      'Kanidm signed the person in, but the settings of the application do not accept that person: the mail domain, group or role that the application requires is not in the token.',
    fix: 'Compare the groups and the mail address in the token with the settings of the application, for example `--email-domain` and `--allowed-group` of oauth2-proxy, or `role_attribute_path` of Grafana. Groups of Kanidm have the form `name@domain` if the scope is `groups_spn` or `groups`. The application has to request that scope.',
    see,
    example: [
      '192.0.2.3:41244 - 1c2d - jane@example.com [2026/10/18 20:42:45] [AuthFailure] Invalid authentication via OAuth2: unauthorized',
      'level=warn msg="Failed to extract role" error="[oauth.role_attribute_strict_violation] idP did not return a role attribute"',
    ],
  },
  {
    id: 'application-claim-missing',
    title: 'An application gets no mail address or user name',
    of,
    pattern:
      /missing required email|userinfo\.missing_email|auth\.oauth\.email\.missing|neither the id_token nor the profileURL set an email|(?:claim|field(?! ['"]?name)) ['"]?(?<claim>email|groups|preferred_username|name)(?:'|")? (?:not found|is missing|missing)|(?<no>email) (?:not found in|missing from) (?:id_token|token|claims|userinfo)/,
    shared: { sure, tell },
    means: ({ claim = '', no = '' }) =>
      `The token and the user info that the application gets from Kanidm lack the claim \`${claim || no || 'email'}\`.`,
    fix: ({ claim = '' }) =>
      claim === 'groups'
        ? 'Add the scope `groups_spn` (or `groups`) to `scopes` of the client, and make the application request it.'
        : /name/.test(claim)
          ? 'Add the scope `profile` to `scopes` of the client, and make the application request it.'
          : 'Add the scope `email` to `scopes` of the client, make the application request it, and give the person a mail address in Kanidm.',
    see,
    example: [
      'logger=authn.service level=warn msg="Failed to authenticate request" client=auth.client.generic_oauth error="[auth.oauth.userinfo.missing_email] failed to get user info: missing required email"',
    ],
  },
];
