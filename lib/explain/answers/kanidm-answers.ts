import type { Explanation } from '../explanation';

const of = 'Kanidm';
const see =
  'The log of Kanidm of that moment: `kubectl -n kanidm logs statefulset/kanidm --since=5m`, or `journalctl -u kanidmd`.';
/** Whoever shows or logs what Kanidm answered to a browser or a client. */
const relayed = ['an application', 'the browser', 'kubelogin', 'kubectl'] as const;
/** Words that servers of other kinds use too. */
const inLog = { tell: 'the line is in the log of kanidmd' };
const local = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?(?:\/|$)/;

/** What the server of Kanidm says. The words are those of 1.5 to 1.11. */
export const kanidmAnswers: readonly Explanation[] = [
  {
    id: 'kanidm-localhost',
    title: 'Kanidm sends nobody back to this machine',
    of,
    pattern:
      /redirect_uri returns to localhost, but localhost redirection is not allowed.{0,100}?(?:redirect_uri: (?<url>\S{1,300}))?$/,
    means:
      'The browser should go back to the machine of the person, and the client has neither this address nor `localhostRedirects`.',
    fix: 'Add `http://localhost:8000` and `http://localhost:18000` to `redirectUrls` of the client of kubectl: these are the ports of kubelogin.',
    see,
    example: [
      "WARN OAuth2 redirect_uri returns to localhost, but localhost redirection is not allowed. See 'kanidm system oauth2 enable-localhost-redirects'",
    ],
    beside: 'redirect',
  },
  {
    id: 'kanidm-redirect-url',
    title: 'The redirect URL that was sent is none of the client',
    of,
    pattern:
      /Invalid OAuth2 redirect_uri (?!scheme)(?:\((?:must be an exact match|differs from original)[^)]{0,100}\))?(?: - got (?<url>\S{1,400}))?/,
    means: ({ url = '' }) =>
      url === ''
        ? 'The address that the browser should go back to is none of the client’s redirect URLs, which are compared exactly.'
        : local.test(url)
          ? `kubelogin asked to be sent back to ${url}, which is none of the client’s redirect URLs: they are compared exactly, port and path too.`
          : `An application asked to be sent back to ${url}, which is none of the redirect URLs of its client: they are compared exactly, scheme, path and a slash at the end too.`,
    fix: ({ url = '' }) =>
      url === '' || local.test(url)
        ? 'Add `http://localhost:8000` and `http://localhost:18000` to `redirectUrls` of the client of kubectl: these are the ports of kubelogin.'
        : `Add \`${url}\` to \`redirectUrls\` of the client of that application (\`kanidm system oauth2 add-redirect-url <client> ${url}\`), or correct the address that the application was given as its own.`,
    see,
    example: [
      'Dec 01 22:22:54 host kanidmd[100]: 22222222 WARN     │  ┕━ 🚧 [warn]: Invalid OAuth2 redirect_uri (must be an exact match to a redirect-url) - got https://grafana.example.com/login/generic_oauth',
    ],
    beside: 'redirect',
  },
  {
    id: 'kanidm-redirect-scheme',
    title: 'The redirect URL is not https',
    of,
    pattern: /Invalid OAuth2 redirect_uri scheme \(must be a secure origin\) - got (?<url>\S{1,300})/,
    means: ({ url = '' }) =>
      `${url} is not https, and at least one redirect URL of the client is: then all have to be.`,
    fix: 'Let the application be reached over https, and say so in its own settings.',
    see,
    example: [
      'WARN Invalid OAuth2 redirect_uri scheme (must be a secure origin) - got http://grafana.example.com/login/generic_oauth instead. Secure origins are required when *at least* one redirect_uri is https, then all uris must also be',
    ],
    beside: 'redirect',
  },
  {
    id: 'kanidm-invalid-origin',
    title: 'Kanidm ended the request: the redirect URL is not registered',
    of,
    relayed,
    pattern: /\binvalid_origin\b|\bInvalidOrigin\b/,
    means:
      'The address that the browser should go back to is none of the client’s redirect URLs. The line before it in the log of Kanidm has the address that was sent (`Invalid OAuth2 redirect_uri … got …`).',
    fix: 'Read that line: an address on localhost is kubelogin’s, any other belongs to an application and to its client. Add it to `redirectUrls` of that client.',
    see,
    example: [
      'Nov 16 21:32:05 host kanidmd[100]: 11111111 ERROR    ┕━ 🚨 [error]: Unable to authorise - Error ID: 11111111-2222-4333-8444-555555555555 error: invalid_origin',
    ],
    consequenceOf: ['kanidm-redirect-url', 'kanidm-localhost', 'kanidm-redirect-scheme'],
    beside: 'redirect',
  },
  {
    id: 'kanidm-pkce',
    title: 'Kanidm wants PKCE, and the request has none',
    of,
    relayed,
    pattern: /No PKCE code challenge was provided|PKCE code verification failed|Invalid OAuth2 code_challenge_method/,
    means:
      'Kanidm asks for PKCE with S256, and the program that signs people in sent no code challenge, or not the verifier that belongs to it.',
    fix: 'Switch PKCE on where people sign in: the rendered kubeconfig has `--oidc-pkce-method=S256`, Grafana `use_pkce = true`, oauth2-proxy `code_challenge_method = "S256"`, Headlamp `-oidc-use-pkce`. Where an application cannot do it: `kanidm system oauth2 warning-insecure-client-disable-pkce <client>`, for a basic client only.',
    see,
    example: [
      'ERROR │ ┕━ 🚨 [error]: No PKCE code challenge was provided with client in enforced PKCE mode | event_tag_id: 1',
      'error=invalid_request, error_description="No PKCE code challenge was provided with client in enforced PKCE mode"',
    ],
  },
  {
    id: 'kanidm-page-invalid-state',
    title: 'The page of Kanidm says InvalidState',
    of,
    relayed,
    pattern: /Error Code: InvalidState|\bInvalidState\b/,
    shared: { sure: /Error Code: InvalidState|kanidm/i, tell: 'it stands on the page of Kanidm, or in its log' },
    means:
      'Kanidm refused the request to sign in, and its page says no more than that. The port or redirect URL of the program is not registered at its client, PKCE is missing, or the page was opened a second time after signing in.',
    fix: 'Read the log of Kanidm at the operation ID on the page: it has the reason, and `kaniflux explain --log -` knows it. For kubectl let `redirectUrls` have `http://localhost:8000` and `http://localhost:18000`, and PKCE with S256 be on.',
    see,
    example: ['Error Code: InvalidState'],
    consequenceOf: [
      'kanidm-redirect-url',
      'kanidm-localhost',
      'kanidm-redirect-scheme',
      'kanidm-invalid-origin',
      'kanidm-pkce',
      'kanidm-unknown-client',
      'kanidm-scopes',
    ],
    beside: 'redirect',
  },
  {
    id: 'kanidm-page-lead-in',
    title: 'The page of Kanidm reports an error',
    of,
    relayed,
    pattern:
      /An unrecoverable error occurred\. Please contact your administrator with the details below|^Operation ID: [0-9a-f-]{36}$|Error Code: (?<code>\w{1,60})/,
    shared: { sure: /unrecoverable error occurred|^Operation ID: /, tell: 'it stands on a page of Kanidm' },
    means: ({ code = '' }) =>
      `The page of Kanidm shows an error${code === '' ? '' : `, ${code}`}; the reason stands in the log of Kanidm, at the operation ID.`,
    fix: 'Look for the operation ID in the log of Kanidm, and give the lines to `kaniflux explain --log -`.',
    see,
    example: ['An unrecoverable error occurred. Please contact your administrator with the details below.'],
    consequenceOf: [
      'kanidm-page-invalid-state',
      'kanidm-redirect-url',
      'kanidm-pkce',
      'kanidm-scopes',
      'kanidm-unknown-client',
    ],
  },
  {
    id: 'kanidm-unknown-client',
    title: 'Kanidm has no client of that id',
    of,
    pattern:
      /Invalid OAuth2 client_id \(?(?<client>[\w.-]{0,100})\)? ?\(?[Hh]ave you configured the OAuth2 resource server|Invalid OAuth2 client_id (?!secret\b)(?<other>[\w.-]{1,100})$/,
    means: ({ client = '', other = '' }) =>
      `Kanidm has no client${client || other ? ` \`${client || other}\`` : ' of the id that was sent'}. Client ids are lower case.`,
    fix: 'Compare `clients` with `kanidm system oauth2 list`, and run the part of the runbook that makes the client, or look whether the migrations arrived.',
    see,
    example: ['WARN Invalid OAuth2 client_id (have you configured the OAuth2 resource server?)'],
    beside: 'audience',
  },
  {
    id: 'kanidm-client-secret',
    title: 'The secret of a client is wrong',
    of,
    pattern: /Invalid OAuth2 client_id secret|Basic authz invalid/,
    means:
      'A program sent the id of a client with a secret (`type: basic`), and the secret is another one. kubelogin has none: this is an application.',
    fix: 'Give the application what `kanidm system oauth2 show-basic-secret <client>` prints, without a line break at the end. After `reset-basic-secret` the old one is gone.',
    see,
    example: ['ERROR ┕━ 🚨 [error]: Invalid OAuth2 client_id secret | event_tag_id: 1'],
    beside: 'secret',
  },
  {
    id: 'kanidm-secret-missing',
    title: 'A client has a secret, and the program sends none',
    of,
    pattern:
      /Invalid OAuth2 authentication - no secret in access token request|OAuth2 Client Authentcation Required|Unable to proceed with client credentials grant/,
    means: 'The client has a secret (`type: basic`), and the program sends none: kubelogin never does.',
    fix: 'Make a client of `type: public` for kubectl; give an application its secret.',
    see,
    example: [
      "INFO Invalid OAuth2 authentication - no secret in access token request - this can happen if you're expecting a public client and configured a basic one.",
    ],
    beside: 'secret',
  },
  {
    id: 'kanidm-scopes',
    title: 'The person may not use the client',
    of,
    pattern:
      /(?:Identity|Client) does not have access to the requested scopes|requested scopes \((?<scopes>[^)]{0,200})\) but \((?<bad>[^)]{0,200})\) failed|must contain at least one requested scope|oauth2 scopes requested, invalid/,
    means: ({ bad = '' }) =>
      bad === ''
        ? 'The person is in none of the groups of the scope map of the client, or the program asks for a scope outside of it: 403.'
        : `The program asks for scopes that are no names for Kanidm: ${bad}.`,
    fix: 'Add the person to a group in `scopes` of the client, and let it have every scope that the program asks for.',
    see,
    example: ['WARN Identity does not have access to the requested scopes'],
  },
  {
    id: 'kanidm-refresh',
    title: 'A refresh token was used twice, or is too old',
    of,
    pattern:
      /Attempt to reuse a refresh token detected|refresh token has expired|No OAuth2 session found, unable to proceed with refresh|attempt to refresh with an access token/,
    shared: inLog,
    means: 'Kanidm ended the session: its refresh token was used a second time, or is too old (16 hours).',
    fix: 'Sign in again. Let two programs not share one token cache, and no backup bring an old one back.',
    see,
    example: [
      'WARN     ┕━ 🚧 [warn]: Attempt to reuse a refresh token detected, destroying session | uuid: 7b89b6ea-1e8b-4aa8-98fb-a70cba498d16',
    ],
  },
  {
    id: 'kanidm-code',
    title: 'The code that a program brings is not good any more',
    of,
    pattern:
      /Expired token exchange request|Failed to decrypt (?:token exchange|refresh token) request|Invalid OAuth2 key id/,
    shared: inLog,
    means:
      'A program came with a code that is too old, was used, or is from before the keys of the client were changed.',
    fix: 'Sign in again. Where it is always so: the clock of Kanidm is wrong, or two servers with different keys answer.',
    see,
    example: ['ERROR    ┕━ 🚨 [error]: Expired token exchange request'],
  },
];
