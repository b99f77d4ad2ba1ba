import { because, hasReason, kubeloginToKanidm } from '../connection-reasons';
import type { Explanation } from '../explanation';

const of = 'kubelogin';
const relayed = ['kubectl'] as const;
const see =
  'By hand, run the command in the `exec` section of the kubeconfig with `-v1`: kubelogin then logs every step, without the token.';
/** Words that only kubelogin writes around an error. */
const sure =
  /\bget-token: |\bsetup: |authcode-(?:browser|keyboard) error|device-code error|oidc discovery error|oauth2 error: authorization error|^(?:error: )?authentication error: /;
const tell = 'a kubectl command printed the line, and the line begins with `error: get-token:`';
const shared = { sure, tell };
const flow = 'error: get-token: authentication error: authcode-browser error: authentication error: ';

/** 401 comes from the token endpoint if the client has a secret and the request has none. */
const clientRefused = /unauthorized_client|invalid_client|authentication_required|cannot fetch token: 401/;

/** Returns the OAuth2 error code that the token endpoint sent. Older versions of kubelogin print the answer as JSON. */
const oauthCode = (answer: string): string | undefined => /(?:oauth2: |"error": ?)"(\w{1,40})"/.exec(answer)?.[1];
/** Returns a sentence if the answer has a description, as in `"invalid_grant" "Code not valid"` or in JSON. */
const ofAnother = (answer: string): string => {
  const text = /(?:" ?|^ |"error_description": ?)"([^"]{1,200})"/.exec(answer);
  return text
    ? ` The answer has the description “${text[1]}”. Kanidm sends no descriptions, so the answer comes from another identity provider, or from a proxy.`
    : '';
};

/** Messages of kubelogin 1.36. */
export const kubeloginAnswers: readonly Explanation[] = [
  {
    id: 'kubelogin-discovery',
    title: 'kubelogin cannot read the discovery document of the issuer',
    of,
    relayed,
    pattern:
      /(?:oidc discovery error|invalid discovery document|could not determine supported PKCE methods): (?<reason>.*)$/,
    shared,
    means: ({ reason = '' }) =>
      `kubelogin, on the machine where kubectl runs, could not read the discovery document of the issuer. ${because(reason, kubeloginToKanidm).why}`,
    fix: ({ reason = '' }) => because(reason, kubeloginToKanidm).fix,
    see: 'On the same machine, run `curl -v <issuer>/.well-known/openid-configuration`.',
    example: [
      'error: get-token: authentication error: oidc error: oidc discovery error: Get "https://idm.example.com/oauth2/openid/k8s/.well-known/openid-configuration": dial tcp: lookup idm.example.com: no such host',
      'error: get-token: authentication error: oidc error: oidc discovery error: oidc: issuer URL provided to client ("https://idm.example.com/oauth2/openid/k8s/") did not match the issuer URL returned by provider ("https://idm.example.com/oauth2/openid/k8s")',
    ],
    beside: 'issuer',
  },
  {
    id: 'kubelogin-device-code',
    title: 'Kanidm does not offer device codes',
    of,
    relayed,
    pattern:
      /device-code error: (?<reason>.{0,300})|no verification URI in the authorization response|unable to exchange device code: |device-code: exchange failed: /,
    means: ({ reason = '' }) =>
      reason === '' || /unsupported protocol scheme/.test(reason)
        ? 'kubelogin requests a device code, but Kanidm does not offer device codes: its discovery document has no address for them.'
        : `kubelogin requested a device code and got none. ${because(reason, kubeloginToKanidm).why} Kanidm offers device codes only if it was built with that feature.`,
    fix: 'Set `kubeconfig.signIn: keyboard`. Like a device code, this setting needs no browser on this machine.',
    see,
    example: [
      'error: get-token: authentication error: device-code error: authorization error: Post "": unsupported protocol scheme ""',
    ],
  },
  {
    id: 'kubelogin-access-denied',
    title: 'Kanidm refused the request, or the person declined',
    of,
    relayed,
    pattern: /authorization error from server: access_denied|\baccess_denied\b/,
    shared,
    means:
      'The person declined, or Kanidm refused the request. Kanidm refuses a request if the scope map of the client names no group of the person, or if kubelogin requests a scope that the scope map does not have.',
    fix: 'Add the person to a group in `scopes` of the client, and check which scopes the kubeconfig requests.',
    see,
    example: [
      `${flow}authorization code flow error: oauth2 error: authorization error: authorization error from server: access_denied `,
    ],
  },
  {
    id: 'kubelogin-server-error',
    title: 'Kanidm or a proxy ended the sign-in with an error',
    of,
    relayed,
    pattern:
      /(?:authorization error from server: |authorization code flow error: )(?<code>server_error|temporarily_unavailable|invalid_[a-z]{1,20}|unauthorized_client|unsupported_response_type|request_not_supported|[a-z_]{1,30}_required)(?: (?<description>.{0,200}))?$/,
    shared,
    means: ({ code = '', description = '' }) =>
      `The sign-in failed with the error \`${code}\` from Kanidm, or from a proxy in front of Kanidm${description === '' ? '' : `: “${description.trim()}”`}.${
        code === 'server_error' || code === 'temporarily_unavailable'
          ? ' The cause is in Kanidm or the proxy, not in kubelogin.'
          : ''
      }`,
    fix: ({ code = '' }) =>
      code === 'invalid_scope'
        ? 'The kubeconfig requests a scope that the scope map of the client does not have: add the scope to the map, or render the kubeconfig again.'
        : 'Read the log of Kanidm, which has the reason, and pipe it into `kaniflux explain --log -`.',
    see: 'Run `kubectl -n kanidm logs --selector=app=kanidm --since=5m --tail=-1`.',
    example: [
      'error: get-token: authentication error: authcode-browser error: authentication error: oauth2 error: authorization error: authorization code flow error: server_error The authorization server encountered an unexpected condition',
    ],
  },
  {
    id: 'kubelogin-state',
    title: 'The answer of the browser belongs to another sign-in',
    of,
    relayed,
    pattern: /state does not match|nonce did not match/,
    shared,
    means: 'The answer of the browser belongs to another sign-in, or comes from a page that does not belong to Kanidm.',
    fix: 'Close the old browser tabs, and try again.',
    see,
    example: [
      'error: get-token: authentication error: authcode-browser error: authentication error: authorization code flow error: oauth2 error: authorization error: state does not match (wants a but got b)',
    ],
  },
  {
    id: 'kubelogin-refresh',
    title: 'The refresh token or the authorization code is no longer valid',
    of,
    relayed,
    pattern:
      /could not refresh the token: (?<reason>.{0,600})|"?invalid_grant"?(?<description>(?: |, ?"error_description": ?)"[^"]{1,200}")?/,
    shared: {
      sure: /authcode-(?:browser|keyboard) error|could not refresh the token|get-token: |could not get token: /,
      tell,
    },
    means: ({ reason = '', description = '' }) =>
      reason === '' || /invalid_grant/.test(reason)
        ? `The refresh token or the authorization code was already used or is too old, or the session in Kanidm has ended. By default, refresh tokens of Kanidm are valid for 16 hours, and a session ends 24 hours after the sign-in. Using a refresh token twice ends the session too.${ofAnother(reason || description)}`
        : `kubelogin could not renew the token. ${
            clientRefused.test(reason)
              ? 'Kanidm does not accept the client: the client has a secret (`type: basic`), but kubelogin sends no secret or a wrong one.'
              : because(reason, kubeloginToKanidm).why
          }`,
    fix: ({ reason = '' }) =>
      clientRefused.test(reason)
        ? 'Use a client of `type: public` for kubectl: a secret in a kubeconfig does not stay secret.'
        : hasReason(reason) && !/invalid_grant/.test(reason)
          ? because(reason, kubeloginToKanidm).fix
          : 'Sign in again: `kubectl oidc-login clean`, then any kubectl command. Do not share one token cache between two programs.',
    see,
    example: [
      'error: get-token: authentication error: could not refresh the token: oauth2: "invalid_grant"',
      'error: could not get token: oidc: failed to get token: oauth2: "invalid_grant" "Invalid authorization code"',
    ],
  },
  {
    id: 'kubelogin-keyboard',
    title: 'Signing in with a pasted code needs a terminal',
    of,
    relayed,
    pattern: /could not read (?:an authorization code|a username|a password): (?<reason>.{0,120})/,
    means: ({ reason = '' }) =>
      `kubelogin asks for input, but there is no terminal, for example in a script: “${reason}”.`,
    fix: 'Sign in once in a terminal. Later commands need no terminal as long as the token can be renewed.',
    see,
    example: [
      'error: get-token: authentication error: authcode-keyboard error: could not read an authorization code: read error: EOF',
    ],
  },
  {
    id: 'kubelogin-nobody',
    title: 'The sign-in was not finished',
    of,
    relayed,
    pattern:
      /authcode-browser error: (?:authentication error: )?.{0,200}context (?:deadline exceeded|cancell?ed)|context cancelled while waiting for the local server/,
    means: 'The sign-in in the browser was not finished in time, or kubectl was interrupted.',
    fix: 'Try again. If this machine has no browser, set `kubeconfig.signIn: keyboard`.',
    see,
    example: [
      'error: get-token: authentication error: authcode-browser error: authentication error: authorization code flow error: oauth2 error: authorization error: context deadline exceeded',
    ],
  },
  {
    id: 'kubelogin-exchange',
    title: 'kubelogin gets no token from Kanidm',
    of,
    relayed,
    pattern:
      /(?:exchange error|could not exchange the authorization code|error while exchanging authorization code and token|could not acquire token|oauth2 error(?!: a(?:uth|$))): (?<reason>.{0,300})/,
    shared,
    means: ({ reason = '' }) =>
      clientRefused.test(reason)
        ? `Kanidm does not accept the client: the client has a secret (\`type: basic\`), but kubelogin sends no secret or a wrong one.${ofAnother(reason)}`
        : /invalid_request|PKCE|code_verifier/.test(reason)
          ? `Kanidm refuses the request: PKCE is missing or does not match${/PKCE|code_verifier/.test(reason) ? '' : ', or the code was not copied exactly, or kubelogin sent it more than a minute after Kanidm had issued it'}.${ofAnother(reason)}`
          : `kubelogin got no token from Kanidm. ${oauthCode(reason) ? `The answer has the error code ${oauthCode(reason)}.${ofAnother(reason)}` : because(reason, kubeloginToKanidm).why}`,
    fix: ({ reason = '' }) =>
      clientRefused.test(reason)
        ? 'Use a client of `type: public` for kubectl: a secret in a kubeconfig does not stay secret.'
        : /invalid_request|PKCE|code_verifier/.test(reason)
          ? 'Sign in again. With `kubeconfig.signIn: keyboard`, paste only the text between `code=` and the next `&`, within a minute. If the error comes back, use the kubeconfig that Kaniflux renders: it has `--oidc-pkce-method=S256`.'
          : oauthCode(reason)
            ? 'Read the log of Kanidm, which has the reason, and pipe it into `kaniflux explain --log -`.'
            : `${because(reason, kubeloginToKanidm).fix} The log of Kanidm has more details.`,
    see,
    example: [`${flow}authorization code flow error: oauth2 error: exchange error: oauth2: "invalid_request"`],
    beside: 'secret',
  },
  {
    id: 'kubelogin-token',
    title: 'kubelogin does not accept the token from Kanidm',
    of,
    relayed,
    pattern:
      /you got an invalid token: (?<reason>.{0,300})|could not verify the (?:ID|access) token: (?<verify>.{0,300})|(?<missing>id_token|access_token) is missing in the token response/,
    means: ({ reason = '', verify = '', missing = '' }) =>
      missing === ''
        ? `kubelogin does not accept the token from Kanidm: “${(reason || verify).slice(0, 200)}”.`
        : `The answer of Kanidm has no ${missing}${missing === 'id_token' ? ': the scope `openid` was not requested, or is not in the scope map' : ''}.`,
    fix: ({ reason = '', verify = '', missing = '' }) => {
      const text = `${reason}${verify}`;
      return missing !== ''
        ? 'Add `openid` to `scopes` of the client, and make kubelogin request it.'
        : /token is expired|before the nbf/.test(text)
          ? 'Synchronize the clocks of Kanidm and of the machine that runs kubelogin with NTP.'
          : /fetching keys/.test(text)
            ? because(text, kubeloginToKanidm).fix
            : /expected audience|different provider/.test(text)
              ? 'Compare `--oidc-issuer-url` and `--oidc-client-id` with those in the rendered kubeconfig.'
              : /unsupported algorithm/.test(text)
                ? 'kubelogin accepts only the algorithms in `id_token_signing_alg_values_supported` of `<issuer>/.well-known/openid-configuration`. If `legacyCrypto` of the client was just changed, sign in again. If a proxy in front of Kanidm caches the document, clear the cache.'
                : 'Compare the issuer and the client id with those in the rendered kubeconfig, and check the clock of the machine that runs kubelogin.';
    },
    see,
    example: [
      'error: get-token: authentication error: authcode-browser error: authentication error: authorization code flow error: id_token is missing in the token response: &oauth2.Token{}',
      'error: get-token: authentication error: authcode-browser error: authentication error: authorization code flow error: could not verify the ID token: oidc: id token signed with unsupported algorithm, expected ["RS256"] got "ES256"',
    ],
  },
  {
    id: 'kubelogin-password',
    title: 'Kanidm does not accept a password from kubelogin',
    of,
    relayed,
    pattern: /resource owner password credentials flow error: |ropc error: |client-credentials error: /,
    shared,
    means:
      'The kubeconfig makes kubelogin send a password or a secret (`--grant-type`), but Kanidm does not let people sign in through a program in this way.',
    fix: 'Use the kubeconfig that Kaniflux renders. With that kubeconfig, people sign in with the browser, or with a pasted code if `kubeconfig.signIn: keyboard` is set.',
    see,
    example: [
      'error: get-token: authentication error: ropc error: resource owner password credentials flow error: oauth2: "unsupported_grant_type"',
    ],
  },
  {
    id: 'kubelogin-settings',
    title: 'kubelogin does not accept its arguments',
    of,
    relayed,
    pattern:
      /--oidc-(?<flag>issuer-url|client-id) is missing|(?<option>oidc-pkce-method|grant-type|token-cache-storage) must be one of|(?<file>could not load the (?:TLS client config|certificate).{0,300}|invalid redirect url: .{0,200})|could not read the input of credential plugin|invalid KUBERNETES_EXEC_INFO|unknown apiVersion: |auth-provider(?:\.name|\.config)? (?:is missing|must be oidc)|could not find the current (?:authentication|auth) provider|any authorization grant must be set|could not (?:load|update) (?:the kubeconfig|\S{1,200}: )|\b(?:user|context) [^\s"]{1,100} does not exist/,
    shared: {
      sure: /get-token|--oidc-|(?:pkce-method|grant-type|token-cache-storage) must be one of|auth-provider|credential plugin|KUBERNETES_EXEC_INFO/,
      tell,
    },
    means: ({ flag = '', option = '', file = '' }) =>
      flag !== ''
        ? `The kubeconfig starts kubelogin without --oidc-${flag}.`
        : option !== ''
          ? `kubelogin does not accept the value of --${option} in the kubeconfig.`
          : `kubelogin cannot use its arguments or the kubeconfig${file === '' ? '' : `: “${file}”`}.`,
    fix: 'Use the kubeconfig that `kaniflux synth` renders under kubeconfigs/. It runs only the command `get-token` of kubelogin.',
    see: '`kubectl oidc-login get-token --help` lists the arguments that kubelogin accepts.',
    example: ['error: get-token: --oidc-issuer-url is missing'],
  },
  {
    id: 'kubelogin-error',
    title: 'kubelogin failed for an uncommon reason',
    of,
    relayed,
    pattern: /\bget-token: (?<reason>.*)$/,
    means: ({ reason = '' }) =>
      `kubelogin got no token. ${because(reason.replace(/^(?:authentication error: |authcode-browser error: ){1,3}/, ''), kubeloginToKanidm).why}`,
    fix: ({ reason = '' }) =>
      hasReason(reason)
        ? because(reason, kubeloginToKanidm).fix
        : 'By hand, run the command in the `exec` section of the kubeconfig with `-v1`, and read the lines before the error.',
    see,
    example: ['error: get-token: authentication error: could not generate a state: read error: entropy'],
  },
];
