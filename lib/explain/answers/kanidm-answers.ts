import type { Explanation } from '../explanation';

const of = 'Kanidm';
export const see =
  'Read the log of Kanidm: `kubectl -n kanidm logs --selector=app=kanidm --since=5m --tail=-1`, or `journalctl -u kanidmd`.';
/** Programs that show or log an answer of Kanidm. */
export const relayed = ['an application', 'the browser', 'kubelogin', 'kubectl'] as const;
const local = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?(?:\/|$)/;
const ofKubectl =
  'Add `http://localhost:8000` and `http://localhost:18000` to `redirectUrls` of the client of kubectl. kubelogin listens on these ports.';

/** Returns the address in `Tuple("https", Domain("a.example.com"), 443)`, the form in which Rust prints an origin. */
function addressOf(origin: string): string {
  const {
    scheme = '',
    host = '',
    port = '',
  } = /"(?<scheme>\w{1,20})", \w{1,10}\("?(?<host>[^")]{1,253})"?\), (?<port>\d{1,5})/.exec(origin)?.groups ?? {};
  const isDefault = (scheme === 'https' && port === '443') || (scheme === 'http' && port === '80');
  return `${scheme}://${host}${isDefault ? '' : `:${port}`}`;
}
/** Matches the redirect URLs that kubelogin sends by default. */
const ofKubelogin = /^http:\/\/localhost:(?:8000|18000)\/?$/;

/** Messages of the Kanidm server about sign-in requests, from Kanidm 1.5 to 1.11. */
export const kanidmAnswers: readonly Explanation[] = [
  {
    id: 'kanidm-localhost',
    title: 'Kanidm does not allow a redirect to localhost for this client',
    of,
    pattern:
      /redirect_uri returns to localhost, but localhost redirection is not allowed.{0,100}?(?:redirect_uri(?:: |=")(?<url>[^\s"]{1,300})"?)?$/,
    means: ({ url = '' }) =>
      `A program asked for a redirect to ${url === '' ? 'localhost' : url}, but the client has neither this redirect URL nor \`localhostRedirects\`.`,
    fix: ({ url = '' }) =>
      url === '' || ofKubelogin.test(url)
        ? ofKubectl
        : `Add \`${url}\` to \`redirectUrls\` of the client of that program. If the client is public, you can instead set \`localhostRedirects: true\`, which allows every URL on localhost.`,
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
      /Invalid OAuth2 redirect_uri (?!scheme|\((?!must be (?:an exact match|related to origin)))(?:\([^)]{0,130}\))?(?: - got (?:(?<opaque>Opaque\()|(?<origin>Tuple\([^)]{1,200}\)?, \d{1,5}\))|"?(?<url>[a-z][\w+.-]{0,40}:[^\s"]{1,400})))?/,
    means: ({ url = '', origin = '', opaque = '' }) =>
      opaque !== ''
        ? 'A program sent a redirect URL whose scheme is neither http nor https, for example the scheme of a mobile app. It is not one of the redirect URLs of the client.'
        : origin !== ''
          ? `A program sent a redirect URL at ${addressOf(origin)}. The landing URL and the redirect URLs of the client are all at other addresses.`
          : url === ''
            ? 'The redirect URL in the request is not one of the redirect URLs of the client. Kanidm compares the whole URL.'
            : local.test(url)
              ? `${ofKubelogin.test(url) ? 'kubelogin' : 'A program on the machine of a person'} sent the redirect URL ${url}, which is not one of the redirect URLs of the client. Kanidm compares the whole URL, including port and path.${ofKubelogin.test(url) ? '' : ' The program may be kubelogin with `--listen-address` or `--oidc-redirect-url`, or the command-line program of an application.'}`
              : `An application sent the redirect URL ${url}, which is not one of the redirect URLs of its client. Kanidm compares the whole URL, including the scheme, the path and a slash at the end.`,
    fix: ({ url = '', origin = '' }) => {
      const sent = origin === '' ? url : addressOf(origin);
      if (sent === '')
        return 'Find out which redirect URL the program sends: it is in the address of the page on which Kanidm refuses the sign-in (`redirect_uri=…`). Add this URL to `redirectUrls` of the client of that program. For kubelogin, the URLs are `http://localhost:8000` and `http://localhost:18000`.';
      return ofKubelogin.test(sent)
        ? ofKubectl
        : local.test(sent)
          ? `Add \`${sent}\` to \`redirectUrls\` of the client of that program. If that program is kubelogin, you can instead remove \`--listen-address\` and \`--oidc-redirect-url\`: kubelogin then uses http://localhost:8000 or http://localhost:18000, as in the kubeconfig that Kaniflux renders.`
          : origin === ''
            ? `Add \`${url}\` to \`redirectUrls\` of the client of that application (\`kanidm system oauth2 add-redirect-url <client> ${url}\`), or correct the application's own address in its settings.`
            : `Add the redirect URL of the application at ${sent} to \`redirectUrls\` of its client, or correct the application's own address in its settings.`;
    },
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
      /Invalid OAuth2 redirect_uri (?:scheme )?\(must be (?:a secure origin|https for secure origin)\)(?: - got "?(?<insecure>\w{1,20}:[^\s"]{1,300}))?/,
    means: ({ insecure: url = '' }) =>
      `${url === '' ? 'The redirect URL in a request' : url} is not https. If the landing URL of a client or one of its redirect URLs is https, Kanidm requires https for all its redirect URLs.${local.test(url) ? ' Kanidm 1.9 and later make an exception for loopback addresses, older versions do not.' : ''}`,
    fix: ({ insecure: url = '' }) =>
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
    // Other programs write `invalid_origin` too, when they check other origins.
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
    id: 'kanidm-unknown-client',
    title: 'Kanidm has no client with this id',
    of,
    pattern:
      /Invalid (?:OA|oa)uth2 client_id \(?(?<client>[\w.-]{0,100})\)? ?\(?[Hh]ave you configured the (?:OA|oa)uth2 resource server|Invalid (?:OA|oa)uth2 client_id(?: (?!secret\b)(?<other>[\w.-]{1,100}))?(?=$| \|)|Unable to access discovery info.{0,20}NoMatchingEntries/,
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
      /(?:Unsupported|Invalid) OAuth2 response_type|(?<mode>Invalid response mode requested, unable to proceed|Invalid response_mode .{1,40} for response_type)|(?<prompt>Invalid prompt value\(s\)|Prompt cannot be none and contain other values)|unknown variant `(?<grant>\w{1,40})`, expected one of `authorization_code`/,
    means: ({ grant = '', prompt = '', mode = '' }) =>
      mode !== ''
        ? 'A program requests the answer in a form (`response_mode`) that Kanidm does not offer.'
        : prompt !== ''
          ? 'A program requests a sign-in with a value of `prompt` that Kanidm does not accept.'
          : grant === ''
            ? 'A program requests a token directly from the page of Kanidm (`response_type=token` or `id_token`), but Kanidm returns only a code.'
            : `A program requests a token with the grant type \`${grant}\`, which Kanidm does not offer.`,
    fix: ({ prompt = '', mode = '' }) =>
      mode !== ''
        ? 'Remove `response_mode` from the settings of the application, or set it to `query`.'
        : prompt === ''
          ? 'Configure the application to use the authorization code flow (`response_type=code`) with PKCE. kubelogin uses this flow with the kubeconfig that `kaniflux synth` renders.'
          : 'Remove `prompt` from the settings of the application, or correct its value.',
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
