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
];
