import type { Explanation } from '../explanation';

/** Messages of the `kanidm` command. */
export const kanidmClientAnswers: readonly Explanation[] = [
  {
    id: 'kanidm-entry-exists',
    title: 'The entry exists already',
    of: 'the kanidm client',
    pattern: /409 Conflict|AttributeUniqueness|UniqueConstraintViolation/,
    shared: { sure: /http error 409|AttributeUniqueness|UniqueConstraint/, tell: 'a `kanidm` command was run' },
    means: 'The entry already exists, or another entry has this name.',
    fix: 'If you ran the runbook a second time, ignore this error.',
    see: '`kanidm person get <name>`, `kanidm group get <name>`.',
    example: ['http error 409 Conflict'],
  },
  {
    id: 'kanidm-no-entry',
    title: 'The entry does not exist, or the account may not see it',
    of: 'the kanidm client',
    pattern: /\bNoMatchingEntries\b|^No matching entries/i,
    means:
      'Kanidm has no entry with this name, or the signed-in account may not see it: Kanidm hides entries from accounts without the right to read them.',
    fix: 'Check the name, and run the part of the runbook that creates the entry. Sign in as `idm_admin`, or as a member of the group that manages such entries (`kanidm session list` shows your account).',
    see: '`kanidm self whoami`, `kanidm person list`.',
    example: [
      '2024-04-18T12:33:30.065096Z ERROR kanidm_cli: Item not found:" NoMatchingEntries" "11111111-2222-4333-8444-666666666666"',
    ],
  },
  {
    id: 'kanidm-session',
    title: 'The `kanidm` command is not signed in',
    of: 'the kanidm client',
    pattern:
      /No valid (?:authentication )?tokens? found|Session has expired for (?<who>\S{1,200})|Privileges have expired for (?<other>\S{1,200})|SessionExpired|NotAuthenticated|Unable to read token for requested user|The current session for \S{1,200} is read-only/,
    shared: {
      sure: /kanidm|login' subcommand|Privileges have expired for|is read-only/,
      tell: 'a `kanidm` command was run',
    },
    means: ({ who = '', other = '' }) =>
      `The \`kanidm\` command has no valid session${who || other ? ` of ${who || other}` : ''}, or the session does not allow changes.`,
    fix: 'Run `kanidm login -D <name>`, and before a change also `kanidm reauth -D <name>`.',
    see: '`kanidm session list`.',
    example: ["ERROR kanidm_cli: No valid authentication tokens found. Please login with the 'login' subcommand."],
  },
  {
    id: 'kanidm-access-denied',
    title: 'The account lacks a right in Kanidm',
    of: 'the kanidm client',
    pattern: /\bAccessDenied\b|\bNotAuthorised\b|SystemProtectedObject/,
    shared: {
      sure: /kanidm|"?NotAuthorised|SystemProtectedObject/,
      tell: 'a `kanidm` command was run; object stores report `AccessDenied` too',
    },
    means: 'The signed-in account lacks the right for this operation, or has to authenticate again first.',
    fix: 'Run `kanidm reauth`, or sign in as `idm_admin`. The account `admin` may not manage people and groups.',
    see: '`kanidm self whoami`.',
    example: ['ERROR kanidm_cli: Error -> Http(403, Some(AccessDenied), "11111111-2222-4333-8444-555555555555")'],
  },
  {
    id: 'kanidm-unreachable',
    title: 'The `kanidm` command does not reach the server',
    of: 'the kanidm client',
    pattern:
      /Transport\(reqwest::Error(?<reason>.{0,600})|error sending request for url \((?<url>[^)]{0,300})\)(?<rest>.{0,300})/,
    shared: { sure: /Transport\(reqwest|kanidm/, tell: 'a `kanidm` command was run; many programs in Rust print this' },
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
      return `The kanidm client does not reach ${address === '' ? 'the server' : address}: ${why}.`;
    },
    fix: 'Check `uri` in ~/.config/kanidm, or KANIDM_URL. With a private CA, set `ca_path` in the same file, or KANIDM_CA_PATH.',
    see: '`curl -v <origin>/status`.',
    example: [
      'error: Error -> Transport(reqwest::Error { kind: Request, url: "https://idm.example.com/v1/auth", source: hyper_util::client::legacy::Error(Connect, ConnectError("tcp connect error", Os { code: 111, kind: ConnectionRefused, message: "Connection refused" })) })',
    ],
  },
];
