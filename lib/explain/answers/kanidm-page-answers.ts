import type { Explanation } from '../explanation';
import { relayed, see } from './kanidm-answers';

const of = 'Kanidm';

/** What the pages of Kanidm show if a sign-in fails, and what Kanidm logs about the passwords and cookies of people. */
export const kanidmPageAnswers: readonly Explanation[] = [
  {
    id: 'kanidm-page-invalid-state',
    title: 'The page of Kanidm shows InvalidState',
    of,
    relayed,
    // Kanidm also uses this error for requests that are not sign-ins, so a line of Kanidm's log
    // matches only if it is about a sign-in.
    pattern: /Error Code: InvalidState|Unable to authorise.{0,120}\bInvalidState\b|^InvalidState$/,
    shared: {
      sure: /Error Code: InvalidState|Unable to authorise/,
      tell: 'the line is from the page of Kanidm',
      wordsOnly: true,
    },
    means:
      'Kanidm refused the request to sign in, and its page does not show the reason. Possible reasons: the client lacks the redirect URL of the program (including the port), PKCE is missing, the page was opened a second time after signing in, or the request has `prompt=none` and the person is not signed in to Kanidm.',
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
      'kanidm-cookie',
      'kanidm-login-required',
    ],
    beside: 'redirect',
  },
  {
    id: 'kanidm-login-required',
    title: 'An application asked Kanidm not to show a page, but the person has to sign in',
    of,
    relayed,
    pattern: /Unable to authorise - Error ID: [0-9a-f-]{36} error: login_required/,
    means:
      'The person is not signed in to Kanidm, or the session has ended. The application asked Kanidm not to show a page (`prompt=none`), so Kanidm does not ask for credentials. From version 1.10 on, it shows the error InvalidState instead.',
    fix: 'Sign in at the address of Kanidm, and then open the application again. To prevent the error, make the application start the sign-in without `prompt=none`.',
    see,
    example: [
      'ERROR    ┕━ 🚨 [error]: Unable to authorise - Error ID: 3f969ab2-a680-49fa-9c4c-7fae23992c44 error: login_required',
    ],
  },
  {
    id: 'kanidm-no-session',
    title: 'A request to Kanidm has no valid session',
    of,
    pattern: /Invalid identity(?::| \| e(?:rr)?:) (?<reason>SessionExpired|NotAuthenticated)(?!\w)/,
    means: ({ reason = '' }) =>
      `${reason === 'SessionExpired' ? 'A session of Kanidm has ended' : 'A request came without a valid session of Kanidm'}. This is normal if a person opens an application and is not signed in to Kanidm: Kanidm then asks for the credentials.`,
    fix: 'Sign in to Kanidm again. If its page shows InvalidState and does not ask for credentials, look at the other lines with the same ID. If the address of the request contains `prompt=none`, this line is the reason: the application does not let Kanidm ask for credentials.',
    see,
    example: ['ERROR    │  ┕━ 🚨 [error]: Invalid identity: SessionExpired'],
  },
  {
    id: 'kanidm-request-incomplete',
    title: 'A request to sign in lacks a parameter',
    of,
    relayed,
    // Other servers that are written in Rust show the same words, about parameters of their own.
    pattern:
      /Failed to deserialize query string: missing field [`'](?<field>state|client_id|response_type|redirect_uri|scope)[`']/,
    shared: { tell: 'the browser shows the line at the address of Kanidm' },
    means: ({ field = '' }) =>
      `The address with which the program opened the page of Kanidm lacks the parameter \`${field}\`.${field === 'state' ? ' Kanidm before 1.5 requires this parameter. Newer versions do not.' : ''}`,
    fix: ({ field = '' }) =>
      field === 'state'
        ? 'Upgrade Kanidm, one minor version at a time, or use a version of the program that sends `state`.'
        : 'Start the sign-in in the program, and not at the address of Kanidm. If the program opened the page, correct the address for authorization in its settings: `<origin>/ui/oauth2`, without further parameters.',
    see,
    example: ['Failed to deserialize query string: missing field `state`'],
  },
  {
    id: 'kanidm-cookie',
    title: 'The browser did not send the cookie of the sign-in to Kanidm',
    of,
    relayed,
    pattern:
      /session id not present in cred (?:presented )?to '(?:begin|cred)' step|unable to resume session, no (?:valid )?auth_req was found in the cookie|UI0003InvalidOauth2Resume/,
    means:
      'Kanidm got a step of a sign-in, but not the cookie that it set when this sign-in began. Either the sign-in was continued in an old page (with the back button, or from a bookmark), or the browser did not keep the cookie. Browsers keep the cookie only over https, and only if the address in the browser is `domain` in server.toml or a host below it.',
    fix: 'Start the sign-in again, from the application or the kubectl command. If the error comes back, open Kanidm at its `origin`, and check that this host is `domain` or is below it, and that a proxy in front of Kanidm passes cookies on. A program that uses the API has to send the cookie too, or the header `X-KANIDM-AUTH-SESSION-ID`.',
    see,
    example: [
      `ERROR       ┕━ 🚨 [error]: Failed to parse AuthEvent | err: InvalidAuthState("session id not present in cred to 'cred' step")`,
      'ERROR    ┕━ 🚨 [error]: unable to resume session, no valid auth_req was found in the cookie. This cookie has been removed.',
    ],
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
    id: 'kanidm-login-denied',
    title: 'Kanidm refused a sign-in',
    of,
    pattern:
      /Handler::\w{1,40} -> Result::Denied - (?<reason>[^|"]{1,100})|^(?<none>account has no available credentials)(?=$| \|)|^(?<expired>account expired)(?=$| \|)|Credential .{1,60} is currently (?<locked>softlocked)/,
    shared: { sure: /Handler::\w{1,40} -> Result|softlocked, unable/, tell: 'the line is in the log of kanidmd' },
    means: ({ reason = '', none = '', expired = '' }) =>
      `Kanidm refused the sign-in of an account: ${
        reason !== ''
          ? `“${reason.trim()}”`
          : none !== ''
            ? 'the account has neither a password nor a passkey'
            : expired !== ''
              ? 'the account is not valid at this time'
              : 'the account is locked after failed attempts'
      }. If somebody entered a wrong password, the line is harmless.`,
    fix: ({ reason = '', none = '', expired = '' }) =>
      reason + none !== ''
        ? 'If the person cannot sign in, give the person a new credential with `kanidm person credential create-reset-token <name>`.'
        : expired !== ''
          ? 'Check from when until when the account is valid (`kanidm person validity show <name>`), and change it with `kanidm person validity expire-at <name> never`.'
          : 'Wait some seconds, and try again.',
    see,
    example: [
      'INFO        ┝━ 🔐 [info]: Handler::Password -> Result::Denied - incorrect password | event_tag_id: 10',
      'INFO        ┝━ 🔐 [info]: account has no available credentials',
    ],
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
    consequenceOf: ['kanidm-login-denied'],
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
      'kanidm-login-required',
      'kanidm-redirect-url',
      'kanidm-pkce',
      'kanidm-scopes',
      'kanidm-unknown-client',
      'kanidm-cookie',
    ],
  },
];
