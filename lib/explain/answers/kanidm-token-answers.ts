import type { Explanation } from '../explanation';
import { see } from './kanidm-answers';

const of = 'Kanidm';
/** Programs that show or log an answer of Kanidm. */
const relayed = ['an application', 'the browser', 'kubelogin', 'kubectl'] as const;
/** How a person can tell that a message is from Kanidm, if other servers write the same message. */
const inLog = { tell: 'the line is in the log of kanidmd' };

/** Formats `"openid", "groups"` as plain text. */
const namesIn = (list: string) => [...list.matchAll(/"([^"]{1,100})"/g)].map(([, name = '']) => name);

/** Messages of the Kanidm server about PKCE, scopes, secrets and tokens, from Kanidm 1.5 to 1.11. */
export const kanidmTokenAnswers: readonly Explanation[] = [
  {
    id: 'kanidm-redirect-changed',
    title: 'The redirect URL that a program sends with the code is not the one of the sign-in',
    of,
    pattern: /Invalid OAuth2 redirect_uri \(differs from original request uri\)/,
    means:
      'A program sent Kanidm a code, but with another redirect URL than the one with which it started the sign-in. The redirect URLs of the client are not the cause: Kanidm accepted the first of the two URLs.',
    fix: 'Set the address of the application in its own settings, so that it does not derive the address from each request. If a proxy or Ingress is in front of the application, make it pass on the host and the scheme of the request (`X-Forwarded-Host` and `X-Forwarded-Proto`).',
    see,
    example: ['INFO     ┕━ ｉ [info]: Invalid OAuth2 redirect_uri (differs from original request uri)'],
  },
  {
    id: 'kanidm-pkce',
    title: 'Kanidm requires PKCE, but the request has none or a wrong one',
    of,
    relayed,
    pattern:
      /No PKCE code challenge was provided|PKCE code verification failed(?: - (?:(?<wrong>this may indicate malicious)|(?<lost>code challenge is present, but no verifier)|(?<late>a code verifier is present, but no code challenge|no code challenge present)))?|(?<plain>Invalid OAuth2 code_challenge_method)/,
    means: ({ wrong = '', lost = '', late = '', plain = '' }) =>
      wrong !== ''
        ? 'A program sent a code with a PKCE verifier that belongs to another sign-in.'
        : lost !== ''
          ? 'A program started the sign-in with PKCE, but sent the code without the PKCE verifier.'
          : late !== ''
            ? 'A program started the sign-in without PKCE, so Kanidm cannot check the code with PKCE.'
            : plain !== ''
              ? 'A program uses PKCE with another method than S256, the only one that Kanidm accepts.'
              : 'Kanidm requires PKCE with S256, but the program sent no code challenge, or sent a verifier that does not match the challenge.',
    fix: ({ wrong = '', lost = '' }) =>
      wrong !== ''
        ? 'Close the other tabs with a sign-in, and sign in again. If the error comes back, and several replicas of the application run, make them share their sessions.'
        : lost !== ''
          ? 'Sign in again. If the error comes back, update the application: it has to send the verifier with the code.'
          : 'Turn on PKCE with S256 in the program: with `--oidc-pkce-method=S256` in kubelogin (as in the rendered kubeconfig), `use_pkce = true` in Grafana, `code_challenge_method = "S256"` in oauth2-proxy, or `-oidc-use-pkce` in Headlamp. If an application does not support PKCE, and its client is a basic client, run `kanidm system oauth2 warning-insecure-client-disable-pkce <client>`.',
    see,
    example: [
      'ERROR │ ┕━ 🚨 [error]: No PKCE code challenge was provided with client in enforced PKCE mode | event_tag_id: 1',
      'error=invalid_request, error_description="No PKCE code challenge was provided with client in enforced PKCE mode"',
    ],
  },
  {
    id: 'kanidm-client-secret',
    title: 'The secret of a client is wrong',
    of,
    pattern: /Invalid OAuth2 client_id secret|Basic authz invalid(?<form> \w{1,10})?/,
    means: ({ form = '' }) =>
      form === ''
        ? 'A program sent a wrong secret for a client of `type: basic`. The program is an application: kubelogin sends no secret.'
        : 'A program sent the id and the secret of a client in a form that Kanidm cannot decode: the header `Authorization: Basic` does not have the form `<id>:<secret>` in base64. The program is an application: kubelogin sends no secret.',
    fix: 'Set the secret of the application to the output of `kanidm system oauth2 show-basic-secret <client>`, without a line break at the end. After `reset-basic-secret` the old secret is no longer valid.',
    see,
    example: ['ERROR ┕━ 🚨 [error]: Invalid OAuth2 client_id secret | event_tag_id: 1'],
    beside: 'secret',
  },
  {
    id: 'kanidm-secret-missing',
    title: 'A program sends no secret, or no client id',
    of,
    pattern:
      /Invalid OAuth2 authentication - no secret in access token request|(?<nameless>OAuth2 Client Authentcation Required|no basic auth or missing client_id in access token request)|(?<itself>Unable to proceed with client credentials grant)/,
    means: ({ nameless = '', itself = '' }) =>
      nameless !== ''
        ? 'A program requested a token without the id of its client, or with a header `Authorization: Basic` that Kanidm cannot decode. In the second case, the previous line says so.'
        : itself !== ''
          ? 'A program requested a token for itself (grant type `client_credentials`), but its client is public. Kanidm gives such tokens only to clients with a secret (`type: basic`). No person is affected.'
          : 'The client has a secret (`type: basic`), but the program sends none. kubelogin and the command `argocd login --sso` never send a secret.',
    fix: ({ nameless = '', itself = '' }) =>
      nameless !== ''
        ? 'Set the client id in the settings of the program, and also the secret if its client is of `type: basic`.'
        : itself !== ''
          ? 'If people sign in to the program, configure it to use the authorization code flow. Otherwise, use a client with a secret (`type: basic`) for the program.'
          : 'If the program is kubelogin or `argocd`, use a client of `type: public`. If it is another application, set the secret in its settings.',
    see,
    example: [
      "INFO Invalid OAuth2 authentication - no secret in access token request - this can happen if you're expecting a public client and configured a basic one.",
    ],
    beside: 'secret',
  },
  {
    id: 'kanidm-scopes',
    title: 'The person may not use the client, or not with these scopes',
    of,
    pattern:
      /(?:Identity|(?<itself>Client)) does not have access to the requested scopes(?:.{0,400}?requested_scopes: \{(?<requested>[^}]{0,400})\} \| available_scopes: \{(?<available>[^}]{0,400})\})?|requested scopes \((?<scopes>[^)]{0,200})\) but \((?<bad>[^)]{0,200})\) failed|(?<none>must contain at least one requested scope)|(?<more>oauth2 scopes requested, invalid)/,
    means: ({ itself = '', requested = '', available = '', bad = '', none = '', more = '' }) => {
      if (bad !== '') return `The program requests scopes whose names Kanidm does not accept: ${bad}.`;
      if (none !== '') return 'The program requests no scope at all.';
      if (more !== '') return 'A program renews its token with a scope that it did not request at the sign-in.';
      if (itself !== '')
        return 'An application requested a token for itself (grant type `client_credentials`), and no scope map of the client gives the client itself the requested scopes. No person is affected.';
      const wanted = namesIn(requested);
      const has = namesIn(available);
      const missing = wanted.filter((scope) => !has.includes(scope));
      return wanted.length === 0
        ? 'The person is in no group that the scope map of the client names, or the program requests a scope that the scope map does not have. Kanidm answers 403.'
        : has.length === 0
          ? 'The person is in no group that the scope map of the client names. Kanidm answers 403.'
          : `The program requests the scopes ${missing.join(', ')}, which the scope map of the client does not give to any group of the person. Kanidm answers 403.`;
    },
    fix: ({ itself = '', requested = '', available = '', none = '', more = '' }) =>
      none !== ''
        ? 'Make the program request at least `openid`.'
        : more !== ''
          ? 'Sign in again, so that the program requests all of its scopes.'
          : itself !== ''
            ? 'If people sign in to the application, configure it to use the authorization code flow.'
            : requested === '' || namesIn(available).length === 0
              ? 'Add the person to a group in `scopes` of the client, and give that group every scope that the program requests.'
              : 'In `scopes` of the client, give a group of the person every scope that the program requests, or make the program request fewer scopes.',
    see,
    example: [
      'WARN Identity does not have access to the requested scopes',
      'WARN     │  ┕━ 🚧 [warn]: Identity does not have access to the requested scopes | ident: User( jane@idm.example.com, 7b89b6ea-1e8b-4aa8-98fb-a70cba498d16 ) | requested_scopes: {"groups", "openid"} | available_scopes: {"openid"}',
    ],
  },
  {
    id: 'kanidm-refresh',
    title: 'A program cannot renew a token',
    of,
    pattern:
      /(?<twice>Attempt to reuse a refresh token detected)|(?<old>refresh token has expired)|(?<gone>No OAuth2 session found, unable to proceed with refresh|access token has no account not valid)|(?<access>attempt to refresh with an access token)/,
    shared: inLog,
    means: ({ twice = '', old = '', gone = '' }) =>
      twice !== ''
        ? 'A program used a refresh token a second time, so Kanidm ended the session.'
        : old !== ''
          ? 'A program used a refresh token that is too old. Refresh tokens are valid for 16 hours by default.'
          : gone !== ''
            ? 'The session of a refresh token has ended, or its account has expired or was removed.'
            : 'A program sent an access token in place of a refresh token.',
    fix: ({ twice = '', gone = '', access = '' }) =>
      twice !== ''
        ? 'Sign in again. Do not share one token cache between two programs, and do not restore a token cache from a backup.'
        : access !== ''
          ? 'Correct the settings of that program, or update it. Then sign in again.'
          : gone !== ''
            ? 'Sign in again. If Kanidm refuses the sign-in too, check the account with `kanidm person validity show <name>`.'
            : 'Sign in again.',
    see,
    example: [
      'WARN     ┕━ 🚧 [warn]: Attempt to reuse a refresh token detected, destroying session | uuid: 7b89b6ea-1e8b-4aa8-98fb-a70cba498d16',
      'INFO     ┕━ ｉ [info]: refresh token has expired,  | uuid: 7b89b6ea-1e8b-4aa8-98fb-a70cba498d16',
    ],
  },
  {
    id: 'kanidm-code',
    title: 'The code that a program sends is no longer valid',
    of,
    pattern:
      /(?<late>Expired token exchange request)|Failed to decrypt (?:token exchange|refresh token) request|Failed to deserialise (?:a valid JWE|token exchange code)|Invalid OAuth2 key id/,
    shared: inLog,
    means: ({ late = '' }) =>
      late !== ''
        ? 'A program sent a code more than one minute after Kanidm had issued it.'
        : 'A program sent a code or a refresh token that was not copied exactly, that was not issued by this Kanidm for this client, or that was issued before the keys of the client changed.',
    fix: ({ late = '' }) =>
      late !== ''
        ? 'Sign in again. With `kubeconfig.signIn: keyboard`, paste the code within a minute.'
        : 'Sign in again. With `kubeconfig.signIn: keyboard`, paste only the text between `code=` and the next `&`. If the error comes back every time, two servers with different keys answer.',
    see,
    example: [
      'ERROR    ┕━ 🚨 [error]: Expired token exchange request',
      'ERROR    ┕━ 🚨 [error]: Failed to decrypt refresh token request',
    ],
  },
  {
    id: 'kanidm-token-exchange',
    title: 'Kanidm does not exchange the API token of a service account',
    of,
    pattern:
      /(?<audience>Token exchange audience mismatch)(?:.{0,80}?expected: (?<expected>[\w.-]{1,100}) \| requested: "?(?<requested>[^\s"|]{1,200}))?|(?<resource>Token exchange resource target mismatch|Invalid resource parameter in token exchange|Resource parameter must not contain a fragment)|(?<secret>Client secret is not accepted when exchanging a service account token)|(?<type>Unsupported (?:requested|subject)_token_type|actor_token is not supported for token exchange)|(?<other>Failed to deserialise subject token for token exchange|Token exchange subject_token must be a service account api token)|Unable to validate subject token for token exchange|Service account api token rejected during token exchange/,
    means: ({ audience = '', expected = '', requested = '', resource = '', secret = '', type = '', other = '' }) =>
      `A program sent Kanidm an API token of a service account to get an ID token. ${
        audience !== ''
          ? `The request names ${expected === '' ? 'an audience that is not the client' : `the audience ${requested}, but the client is ${expected}`}.`
          : resource !== ''
            ? 'The parameter `resource` of the request is not a URL of the client.'
            : secret !== ''
              ? 'The request has a secret of the client, which Kanidm does not accept in such a request.'
              : type !== ''
                ? 'The request names a type of token that Kanidm does not accept.'
                : other !== ''
                  ? 'The token in the request is not an API token of a service account.'
                  : 'The API token is not valid: it was destroyed, it or its service account has expired, or it comes from another Kanidm.'
      }`,
    fix: ({ audience = '', resource = '', secret = '', type = '' }) =>
      audience + resource + secret + type !== ''
        ? 'Use the script in docs/robots.md, which sends the request that Kanidm accepts.'
        : 'Generate a new API token for the service account (`kanidm service-account api-token generate <name> <label>`), as in docs/robots.md, and check that the service account has not expired.',
    see,
    example: [
      'INFO     ┕━ ｉ [info]: Service account api token rejected during token exchange | err: SessionExpired',
      'WARN     ┕━ 🚧 [warn]: Token exchange audience mismatch | expected: k8s | requested: "kubernetes"',
    ],
  },
];
