import type { Explanation } from '../explanation';

const of = 'Kanidm';
const see =
  'Read the log of Kanidm: `kubectl -n kanidm logs statefulset/kanidm --since=5m`, or `journalctl -u kanidmd`.';
/** Programs that show or log an answer of Kanidm. */
const relayed = ['an application', 'the browser', 'kubelogin', 'kubectl'] as const;
const local = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?(?:\/|$)/;
/** Matches the redirect URLs that kubelogin sends by default. */
const ofKubelogin = /^http:\/\/localhost:(?:8000|18000)\/?$/;

/** Messages of the Kanidm server about sign-in requests, from Kanidm 1.5 to 1.11. */
export const kanidmAnswers: readonly Explanation[] = [
  {
    id: 'kanidm-localhost',
    title: 'Kanidm does not allow a redirect to localhost for this client',
    of,
    pattern:
      /redirect_uri returns to localhost, but localhost redirection is not allowed.{0,100}?(?:redirect_uri: (?<url>\S{1,300}))?$/,
    means:
      'The program asked for a redirect to localhost, but the client has neither this redirect URL nor `localhostRedirects`.',
    fix: 'Add `http://localhost:8000` and `http://localhost:18000` to `redirectUrls` of the client of kubectl. kubelogin listens on these ports.',
    see,
    example: [
      "WARN OAuth2 redirect_uri returns to localhost, but localhost redirection is not allowed. See 'kanidm system oauth2 enable-localhost-redirects'",
    ],
    beside: 'redirect',
  },
  {
    id: 'kanidm-redirect-url',
    title: 'The redirect URL in the request is not registered for the client',
    of,
    pattern:
      /Invalid OAuth2 redirect_uri (?!scheme)(?!\(differs)(?:\((?:must be an exact match|must be related to origin)[^)]{0,100}\))?(?: - got "?(?<url>[^\s"]{1,400}))?/,
    means: ({ url = '' }) =>
      url === ''
        ? 'The redirect URL in the request is not one of the redirect URLs of the client. Kanidm compares the whole URL.'
        : local.test(url)
          ? `${ofKubelogin.test(url) ? 'kubelogin' : 'A program on the machine of a person'} sent the redirect URL ${url}, which is not one of the redirect URLs of the client. Kanidm compares the whole URL, including port and path.${ofKubelogin.test(url) ? '' : ' The program may be kubelogin with `--listen-address` or `--oidc-redirect-url`, or the command-line program of an application.'}`
          : `An application sent the redirect URL ${url}, which is not one of the redirect URLs of its client. Kanidm compares the whole URL, including the scheme, the path and a slash at the end.`,
    fix: ({ url = '' }) =>
      url === '' || ofKubelogin.test(url)
        ? 'Add `http://localhost:8000` and `http://localhost:18000` to `redirectUrls` of the client of kubectl. kubelogin listens on these ports.'
        : local.test(url)
          ? `Add \`${url}\` to \`redirectUrls\` of the client of that program. If that program is kubelogin, you can instead remove \`--listen-address\` and \`--oidc-redirect-url\`: kubelogin then uses http://localhost:8000 or http://localhost:18000, as in the kubeconfig that Kaniflux renders.`
          : `Add \`${url}\` to \`redirectUrls\` of the client of that application (\`kanidm system oauth2 add-redirect-url <client> ${url}\`), or correct the application's own address in its settings.`,
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
    pattern:
      /Invalid OAuth2 redirect_uri scheme \(must be (?:a secure origin|https for secure origin)\) - got (?<url>\S{1,300})/,
    means: ({ url = '' }) =>
      `${url} is not https. If the landing URL of a client or one of its redirect URLs is https, Kanidm requires https for all its redirect URLs.${local.test(url) ? ' Kanidm 1.9 and later make an exception for loopback addresses, older versions do not.' : ''}`,
    fix: ({ url = '' }) =>
      local.test(url)
        ? 'Upgrade Kanidm to 1.9 or later, one minor version at a time. Until then, write `localhostRedirects: true` for the client if it is public, or make a client without https URLs for the program that listens on this address.'
        : 'Serve the application over https, and set its own address to https in its settings.',
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
    // Other programs use this word for checks of other origins.
    shared: { sure: /Unable to authorise|Error ID/, tell: 'the line is from Kanidm' },
    means:
      'The redirect URL in the request is not one of the redirect URLs of the client. The previous line in the log of Kanidm shows the redirect URL (`Invalid OAuth2 redirect_uri … got …`).',
    fix: 'Read the previous line. A redirect URL on localhost usually comes from kubelogin, any other URL from an application. Add the URL to `redirectUrls` of the client of that program.',
    see,
    example: [
      'Nov 16 21:32:05 host kanidmd[100]: 11111111 ERROR    ┕━ 🚨 [error]: Unable to authorise - Error ID: 11111111-2222-4333-8444-555555555555 error: invalid_origin',
    ],
    consequenceOf: ['kanidm-redirect-url', 'kanidm-localhost', 'kanidm-redirect-scheme', 'kanidm-redirect-changed'],
    beside: 'redirect',
  },
  {
    id: 'kanidm-page-invalid-state',
    title: 'The page of Kanidm shows InvalidState',
    of,
    relayed,
    // Kanidm also uses this error for requests that are not sign-ins, so a line of its log must show what it is about.
    pattern: /Error Code: InvalidState|Unable to authorise.{0,120}\bInvalidState\b|^InvalidState$/,
    shared: {
      sure: /Error Code: InvalidState|Unable to authorise/,
      tell: 'the line is from the page of Kanidm',
      wordsOnly: true,
    },
    means:
      'Kanidm refused the request to sign in, and its page does not show the reason. Possible reasons: the client lacks the redirect URL of the program (including the port), PKCE is missing, or the page was opened a second time after signing in.',
    fix: 'Search the log of Kanidm for the operation ID on the page, and pipe the lines into `kaniflux explain --log -`. For kubectl, add `http://localhost:8000` and `http://localhost:18000` to `redirectUrls`, and turn on PKCE with S256.',
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
    id: 'kanidm-page-access-denied',
    title: 'The page of Kanidm shows “Access Denied”',
    of,
    relayed,
    pattern: /If you believe this is an error, please quote the below Operation ID to support persons/,
    means:
      'The person signed in, but may not use the client: the person is in no group that the scope map of the client names, or the program requests a scope that the scope map does not have.',
    fix: 'Add the person to a group in `scopes` of the client, and give that group every scope that the program requests.',
    see,
    example: ['If you believe this is an error, please quote the below Operation ID to support persons.'],
    consequenceOf: ['kanidm-scopes'],
  },
  {
    id: 'kanidm-page-login-failed',
    title: 'The page of Kanidm shows “Login Failed”',
    of,
    relayed,
    pattern:
      /^Reason: (?<reason>incorrect (?:password|totp)|invalid (?:webauthn authentication|backup code|authentication method in this context|credential (?:message|state))|account expired|(?:Account|Credential) is temporarily locked|the credential no longer meets account policy requirements|password is in badlist)$/,
    means: ({ reason = '' }) =>
      `Kanidm refused the sign-in of the person: “${reason}”. The program that started the sign-in is not the cause.`,
    fix: ({ reason = '' }) =>
      reason === 'account expired'
        ? 'Check from when until when the account is valid (`kanidm person validity show <name>`), and change it with `kanidm person validity expire-at <name> never`.'
        : /locked$/.test(reason)
          ? 'Wait some seconds, and try again: Kanidm locks an account after failed attempts.'
          : 'Enter the right credentials. An administrator gives the person a new credential with `kanidm person credential create-reset-token <name>`.',
    see: 'Run `kanidm person validity show <name>`, and search the log of Kanidm for the operation ID.',
    example: ['Reason: incorrect password'],
  },
  {
    id: 'kanidm-page-lead-in',
    title: 'The page of Kanidm reports an error',
    of,
    relayed,
    pattern:
      /An unrecoverable error occurred\. Please contact your administrator with the details below|^Operation ID: [0-9a-f-]{36}$|Error Code: (?<code>\w{1,60})/,
    shared: { sure: /unrecoverable error occurred|^Operation ID: /, tell: 'the line is from a web page of Kanidm' },
    means: ({ code = '' }) =>
      `The page of Kanidm shows an error${code === '' ? '' : `, ${code}`}. The log of Kanidm has the reason, in the lines with the operation ID.`,
    fix: 'Search the log of Kanidm for the operation ID, and pipe the lines into `kaniflux explain --log -`.',
    see,
    example: ['An unrecoverable error occurred. Please contact your administrator with the details below.'],
    consequenceOf: [
      'kanidm-page-invalid-state',
      'kanidm-page-access-denied',
      'kanidm-page-login-failed',
      'kanidm-redirect-url',
      'kanidm-pkce',
      'kanidm-scopes',
      'kanidm-unknown-client',
    ],
  },
  {
    id: 'kanidm-unknown-client',
    title: 'Kanidm has no client with this id',
    of,
    pattern:
      /Invalid OAuth2 client_id \(?(?<client>[\w.-]{0,100})\)? ?\(?[Hh]ave you configured the OAuth2 resource server|Invalid OAuth2 client_id (?!secret\b)(?<other>[\w.-]{1,100})$|Unable to access discovery info.{0,20}NoMatchingEntries/,
    means: ({ client = '', other = '' }) =>
      `Kanidm has no client${client || other ? ` \`${client || other}\`` : ' with the id in the request'}. Client ids are lower case.`,
    fix: 'Compare `clients` in kaniflux.yaml with the output of `kanidm system oauth2 list`. If Kanidm lacks the client, run the runbook in `dist/kanidm/`, or check that Kanidm applied the migrations.',
    see,
    example: ['WARN Invalid OAuth2 client_id (have you configured the OAuth2 resource server?)'],
    beside: 'audience',
  },
  {
    id: 'kanidm-unsupported-request',
    title: 'A program requests a kind of sign-in that Kanidm does not offer',
    of,
    relayed,
    pattern:
      /Unsupported OAuth2 response_type|Invalid response mode requested, unable to proceed|unknown variant `(?<grant>\w{1,40})`, expected one of `authorization_code`/,
    means: ({ grant = '' }) =>
      grant === ''
        ? 'A program requests a token directly from the page of Kanidm (`response_type=token` or `id_token`), but Kanidm returns only a code.'
        : `A program requests a token with the grant type \`${grant}\`, which Kanidm does not offer.`,
    fix: 'Configure the application to use the authorization code flow (`response_type=code`) with PKCE. kubelogin uses this flow with the kubeconfig that `kaniflux synth` renders.',
    see,
    example: [
      "WARN     │  ┕━ 🚧 [warn]: Unsupported OAuth2 response_type (should be 'code') | event_tag_id: 2",
      'Failed to deserialize form body: unknown variant `password`, expected one of `authorization_code`, `client_credentials`, `refresh_token`',
    ],
    consequenceOf: ['kubelogin-password'],
  },
  {
    id: 'kanidm-authorise-ended',
    title: 'Kanidm ended a request to sign in',
    of,
    pattern: /Unable to authorise - Error ID: [0-9a-f-]{36} error: (?<code>\w{1,40})/,
    means: ({ code = '' }) =>
      `Kanidm refused a request to sign in, and answered with the error \`${code}\`. The previous lines with the same ID have the reason.`,
    fix: 'Search the log of Kanidm for that ID, and pipe the lines into `kaniflux explain --log -`.',
    see,
    example: [
      'ERROR    ┕━ 🚨 [error]: Unable to authorise - Error ID: 114a6fbb-ae66-4ea8-9e26-cc386d30e6fe error: invalid_request',
    ],
    consequenceOf: [
      'kanidm-unsupported-request',
      'kanidm-redirect-url',
      'kanidm-localhost',
      'kanidm-redirect-scheme',
      'kanidm-pkce',
      'kanidm-scopes',
      'kanidm-unknown-client',
    ],
  },
];
