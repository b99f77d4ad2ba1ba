import type { Explanation } from '../explanation';

/** What the command line of Kanidm says. */
export const kanidmClientAnswers: readonly Explanation[] = [
  {
    id: 'kanidm-entry-exists',
    title: 'The entry exists already',
    of: 'the kanidm client',
    pattern: /409 Conflict|AttributeUniqueness|UniqueConstraintViolation/,
    shared: { sure: /http error 409|AttributeUniqueness|UniqueConstraint/, tell: 'a `kanidm` command was run' },
    means: 'The entry exists already, or another one has this name.',
    fix: 'Nothing is to be done when the runbook runs a second time.',
    see: '`kanidm person get <name>`, `kanidm group get <name>`.',
    example: ['http error 409 Conflict'],
  },
  {
    id: 'kanidm-no-entry',
    title: 'There is no such entry, or the account may not see it',
    of: 'the kanidm client',
    pattern: /\bNoMatchingEntries\b|^No matching entries/i,
    means:
      'Kanidm has no entry of that name, or the account that is signed in may not see it: without rights Kanidm shows less and does not say so.',
    fix: 'Look at the name, and at the part of the runbook that makes the entry. Sign in as `idm_admin`, or as somebody in the group that manages such entries (`kanidm session list` says who you are).',
    see: '`kanidm self whoami`, `kanidm person list`.',
    example: [
      '2024-04-18T12:33:30.065096Z ERROR kanidm_cli: Item not found:" NoMatchingEntries" "11111111-2222-4333-8444-666666666666"',
    ],
  },
  {
    id: 'kanidm-session',
    title: 'The command line of Kanidm is not signed in',
    of: 'the kanidm client',
    pattern:
      /No valid (?:authentication )?tokens? found|Session has expired for (?<who>\S{1,200})|Privileges have expired for (?<other>\S{1,200})|SessionExpired|NotAuthenticated|Unable to read token for requested user|The current session for \S{1,200} is read-only/,
    shared: {
      sure: /kanidm|login' subcommand|Privileges have expired for|is read-only/,
      tell: 'a `kanidm` command was run',
    },
    means: ({ who = '', other = '' }) =>
      `The session${who || other ? ` of ${who || other}` : ''} is over, or may not change anything any more.`,
    fix: '`kanidm login -D <name>`, and before a change `kanidm reauth -D <name>`.',
    see: '`kanidm session list`.',
    example: ["ERROR kanidm_cli: No valid authentication tokens found. Please login with the 'login' subcommand."],
  },
  {
    id: 'kanidm-access-denied',
    title: 'The account may not do that in Kanidm',
    of: 'the kanidm client',
    pattern: /\bAccessDenied\b|\bNotAuthorised\b|SystemProtectedObject/,
    shared: {
      sure: /kanidm|"?NotAuthorised|SystemProtectedObject/,
      tell: 'a `kanidm` command was run; object stores say `AccessDenied` too',
    },
    means: 'The account that is signed in may not do that, or has to confirm who it is first.',
    fix: '`kanidm reauth`, or sign in as `idm_admin`. `admin` may not manage people and groups.',
    see: '`kanidm self whoami`.',
    example: ['ERROR kanidm_cli: Error -> Http(403, Some(AccessDenied), "11111111-2222-4333-8444-555555555555")'],
  },
  {
    id: 'kanidm-unreachable',
    title: 'The command line of Kanidm does not reach the server',
    of: 'the kanidm client',
    pattern:
      /Transport\(reqwest::Error(?<reason>.{0,600})|error sending request for url \((?<url>[^)]{0,300})\)(?<rest>.{0,300})/,
    shared: { sure: /Transport\(reqwest|kanidm/, tell: 'a `kanidm` command was run; many programs in Rust say this' },
    means: ({ reason = '', rest = '', url = '' }) => {
      const address = url || (/url: "([^"]{1,300})"/.exec(reason)?.[1] ?? '');
      const text = `${reason}${rest}`;
      const why = /certificate|UnknownIssuer|self.signed/i.test(text)
        ? 'it does not trust the certificate of the server'
        : /dns error|failed to lookup/i.test(text)
          ? 'the name cannot be looked up'
          : /refused/i.test(text)
            ? 'nothing listens there'
            : 'it got no answer, or does not trust the certificate';
      return `The client of Kanidm does not reach ${address === '' ? 'the server' : address}: ${why}.`;
    },
    fix: 'Look at `uri` in ~/.config/kanidm or KANIDM_URL. With a CA of your own set `ca_path` there, or KANIDM_CA_PATH.',
    see: '`curl -v <origin>/status`.',
    example: [
      'error: Error -> Transport(reqwest::Error { kind: Request, url: "https://idm.example.com/v1/auth", source: hyper_util::client::legacy::Error(Connect, ConnectError("tcp connect error", Os { code: 111, kind: ConnectionRefused, message: "Connection refused" })) })',
    ],
  },
];
