import type { Explanation } from '../explanation';

/** Messages of the `kanidm` command. */
export const kanidmClientAnswers: readonly Explanation[] = [
  {
    id: 'kanidm-sign-in-refused',
    title: 'Kanidm refuses the sign-in of the `kanidm` command',
    of: 'the kanidm client',
    pattern:
      /Authentication Denied: "(?<reason>[^"]{1,200})"|(?:authentication (?:begin|init|phase)[^:]{0,40}): (?:AuthenticationFailed|(?<unknown>Http\(404, Some\(NoMatchingEntries))/,
    shared: {
      sure: /kanidm|Authentication Denied: "(?:incorrect|invalid|account|Account)/,
      tell: 'the line is the output of a `kanidm` command',
    },
    means: ({ reason = '', unknown = '' }) =>
      unknown !== ''
        ? 'Kanidm has no account with the name with which the `kanidm` command signs in.'
        : `Kanidm refuses the sign-in${reason === '' ? '' : `: “${reason}”`}. ${reason === '' ? 'After a wrong password, Kanidm locks the account for some seconds. During this time, Kanidm refuses the right password too.' : 'The password or the second factor is wrong, or the account is not valid at this time.'}`,
    fix: ({ unknown = '' }) =>
      unknown !== ''
        ? 'Check the name after `-D`, or in KANIDM_NAME. Every Kanidm server has the accounts `admin` and `idm_admin`.'
        : 'Wait some seconds, and try again. An administrator of the server can set a new password for `admin` or `idm_admin` with `kanidmd scripting recover-account <name>`.',
    see: 'Run `kanidm person validity show <name>`, and read the log of Kanidm.',
    example: [
      'ERROR kanidm_cli::session: Authentication Denied: "incorrect password"',
      'ERROR kanidm_cli::session: Error during authentication begin phase: AuthenticationFailed',
    ],
    consequenceOf: ['kanidm-login-denied'],
  },
  {
    id: 'kanidm-entry-exists',
    title: 'The entry exists already, or another entry has the same unique value, such as the name',
    of: 'the kanidm client',
    relayed: ['Kanidm'],
    pattern:
      /AttributeUniqueness\(\[(?<attribute>\w+)\]\)|failed to assert uniqueness(?:.{0,40}\battr: (?<logged>\w+))?|409 Conflict|Http\(409, |AttributeUniqueness|UniqueConstraintViolation/,
    shared: {
      sure: /http error 409|Http\(409, |AttributeUniqueness|UniqueConstraint|assert uniqueness/i,
      tell: 'the line is the output of a `kanidm` command',
    },
    means: ({ attribute = '', logged = '' }) => {
      switch ((attribute || logged).toLowerCase()) {
        case 'mail':
          return 'Another entry has the same mail address.';
        case 'gidnumber':
          return 'Another entry has the same gid number.';
        case 'name':
        case 'spn':
          return 'Kanidm already has this entry, or another entry has this name.';
        default:
          return 'Kanidm already has this entry, or another entry has the same name, mail address or gid number.';
      }
    },
    fix: 'If the command creates an entry that Kanidm already has, ignore this error. Otherwise, use another value: the log of Kanidm names the attribute and the other entry, in the line with `failed to assert uniqueness`.',
    see: 'Run `kanidm person get <name>` and `kanidm group get <name>`.',
    example: ['http error 409 Conflict', 'ERROR kanidm_cli: HTTP Error: 409 Conflict'],
  },
  {
    id: 'kanidm-no-entry',
    title: 'The entry does not exist, or the account is not allowed to see it',
    of: 'the kanidm client',
    // The operator kaniop quotes errors of Kanidm too, but nobody runs it as a command.
    unless: /\bkaniop|KanidmClientError/,
    pattern: /\bNoMatchingEntries\b|^No matching entries\.?$|Item not found: Check all names are correct/i,
    means:
      'Kanidm has no entry with this name, or the signed-in account is not allowed to see the entry: Kanidm hides entries from accounts without the right to read them.',
    fix: 'Check the name. If kaniflux.yaml contains the entry, run the runbook, which creates the entry. Sign in as `idm_admin`, or as a member of the group that manages such entries (`kanidm session list` shows your account).',
    see: 'Run `kanidm self whoami` and `kanidm person list`.',
    example: [
      '2024-04-18T12:33:30.065096Z ERROR kanidm_cli: Item not found:" NoMatchingEntries" "11111111-2222-4333-8444-666666666666"',
    ],
  },
  {
    id: 'kanidm-member-missing',
    title: 'A command or a migration names an entry that does not exist',
    of: 'the kanidm client',
    relayed: ['Kanidm'],
    pattern: /Plugin\(ReferentialIntegrity|some uuids that were referenced in this operation do not exist/,
    means:
      'The command or the migration refers to an entry that Kanidm does not have, for example a member of a group. Kanidm therefore changed nothing.',
    fix: 'Check the names, and create the person or group first. The runbook and the migrations that Kaniflux renders create people and groups before they add members.',
    see: 'Run `kanidm person list` and `kanidm group list`.',
    example: [
      'ERROR kanidm_cli: Internal Server Error in response:  Plugin(ReferentialIntegrity("Uuid referenced not found in database"))',
    ],
  },
  {
    id: 'kanidm-value-refused',
    title: 'Kanidm does not accept a value',
    of: 'the kanidm client',
    pattern:
      /SchemaViolation\(InvalidAttributeSyntax\("(?<attribute>\w{1,60})"\)|SchemaViolation\(AttributeNotValidForClass\("(?<class>\w{1,60})"\)|InvalidAttribute\("(?<text>[^"]{1,120})"\)|SchemaViolation\(MissingMustAttribute\(\[(?<missing>[\w, ]{1,200})\]|(?<denied>\bValueDenyName\b)|(?<gid>PL0001GidOverlapsSystemRange)/,
    shared: {
      sure: /kanidm|HTTP Error: 400|SchemaViolation|ValueDenyName|PL0001Gid/,
      tell: 'the line is the output of a `kanidm` command',
    },
    means: ({ attribute = '', class: other = '', text = '', missing = '', denied = '', gid = '' }) => {
      if (attribute !== '') return `Kanidm does not accept the value of the attribute \`${attribute}\`.`;
      if (other !== '') return `The entry is of a kind that cannot have the attribute \`${other}\`.`;
      if (missing !== '') return `The entry lacks a required attribute: ${missing}.`;
      if (denied !== '') return 'The name is in the list of names that this Kanidm denies.';
      if (gid !== '') return 'The gid number is in a range that operating systems use themselves.';
      return `Kanidm does not accept a value in the \`kanidm\` command: “${text}”.`;
    },
    fix: ({ attribute = '', class: other = '', text = '', denied = '', gid = '' }) => {
      if (denied !== '')
        return 'Use another name, or remove the name from the list: `kanidm system denied-names remove <name>`.';
      if (gid !== '') return 'Use a gid number from 1000 to 60000, or from 65536 to 524287.';
      return attribute === 'name'
        ? 'Use a name that begins with a lower-case letter and has only lower-case letters, digits, `-`, `_` and `.`.'
        : /disable_pkce|localhost_redirect|basic_secret/.test(other)
          ? 'Check whether the client is public or basic (`kanidm system oauth2 get <client>`). Only a basic client has a secret, and only a basic client can work without PKCE. Only a public client can allow redirects to every URL on localhost.'
          : /Url/.test(text)
            ? 'Write the whole URL, with https://.'
            : /Scope/.test(text)
              ? 'Write each scope with letters, digits and `_`. Between two of these characters, `-`, `.` and `:` are also allowed.'
              : 'Correct the value. The log of Kanidm has more details, in the lines with the operation ID.';
    },
    see: 'Read the log of Kanidm: `kubectl -n kanidm logs --selector=app=kanidm --since=5m --tail=-1`.',
    example: [
      'ERROR kanidm_cli: HTTP Error: 400 Bad Request SchemaViolation(InvalidAttributeSyntax("name"))',
      'ERROR kanidm_cli: HTTP Error: 400 Bad Request InvalidAttribute("Invalid Url (whatwg/url) syntax")',
      'ERROR kanidm_cli: Internal Server Error in response:  ValueDenyName',
    ],
  },
  {
    id: 'kanidm-client-settings',
    title: 'The `kanidm` command lacks a setting',
    of: 'the kanidm client',
    pattern:
      /Configuration option '(?<option>uri)' missing from client configuration|(?<ca>Failed to add ca certificate)|(?<name>Please specify a username with -D)|instance \S{1,100} does not exist in config file/,
    shared: {
      sure: /kanidm|client configuration|-D <|config file/,
      tell: 'the line is the output of a `kanidm` command',
    },
    means: ({ option = '', ca = '', name = '' }) =>
      option !== ''
        ? 'The `kanidm` command does not know the address of the server.'
        : ca !== ''
          ? 'The `kanidm` command cannot read the file of the CA.'
          : name !== ''
            ? 'The `kanidm` command does not know which account signs in.'
            : 'The configuration of the `kanidm` command has no instance with this name.',
    fix: ({ option = '', ca = '', name = '' }) =>
      option !== ''
        ? 'Write `uri = "https://<origin of Kanidm>"` into ~/.config/kanidm, or set KANIDM_URL.'
        : ca !== ''
          ? 'Check the path in `ca_path` of ~/.config/kanidm, or in KANIDM_CA_PATH: the file has to exist and to be a PEM certificate.'
          : name !== ''
            ? 'Write `-D <name>` after the command, or set KANIDM_NAME.'
            : 'Compare `--instance`, or KANIDM_INSTANCE, with the instances in ~/.config/kanidm.',
    see: 'Run `kanidm --help`.',
    example: [
      "ERROR kanidm_client: Configuration option 'uri' missing from client configuration, cannot continue client startup without specifying a server to connect to.",
      'ERROR kanidm_cli::session: Please specify a username with -D <USERNAME> to login.',
    ],
  },
  {
    id: 'kanidm-session',
    title: 'The `kanidm` command is not signed in',
    of: 'the kanidm client',
    pattern:
      /No valid (?:authentication )?tokens? found|Session has expired for (?<who>\S{1,200})|Privileges have expired for (?<other>\S{1,200})|SessionExpired|NotAuthenticated|Unable to read token for requested user|The current session for \S{1,200} is read-only/,
    shared: {
      sure: /kanidm_|Http\(\d{3}, |login' subcommand|Privileges have expired for|is read-only/,
      tell: 'the line is the output of a `kanidm` command',
    },
    means: ({ who = '', other = '' }) =>
      `The \`kanidm\` command has no valid session${who || other ? ` of ${who || other}` : ''}, or the session does not allow changes.`,
    fix: 'Run `kanidm login -D <name>`, and before a change also `kanidm reauth -D <name>`.',
    see: 'Run `kanidm session list`.',
    example: ["ERROR kanidm_cli: No valid authentication tokens found. Please login with the 'login' subcommand."],
  },
  {
    id: 'kanidm-access-denied',
    title: 'The account lacks a right in Kanidm',
    of: 'the kanidm client',
    // An error of the sign-in itself does not match: no account is signed in yet.
    pattern:
      /^(?!.{0,200}authentication init phase).{0,8192}?(?:\bAccessDenied\b|\bNotAuthorised\b|SystemProtectedObject)/,
    shared: {
      sure: /kanidm_|Http\(\d{3}, |Some\(NotAuthorised|^"?NotAuthorised"?$|SystemProtectedObject/,
      tell: 'the line is the output of a `kanidm` command (object stores report `AccessDenied` too)',
    },
    means: 'The signed-in account lacks the right for this operation, or has to authenticate again first.',
    fix: 'Run `kanidm reauth`, or sign in as `idm_admin`. The account `admin` may not manage people and groups.',
    see: 'Run `kanidm self whoami`.',
    example: ['ERROR kanidm_cli: Error -> Http(403, Some(AccessDenied), "11111111-2222-4333-8444-555555555555")'],
  },
  {
    id: 'kanidm-unreachable',
    title: 'The `kanidm` command does not reach the server',
    of: 'the kanidm client',
    pattern:
      /(?:Transport\(|HTTP-Transport Related Error: )reqwest::Error(?<reason>.{0,600})|Http\((?<status>5\d\d), None, "missing_kopid"|Untrusted Certificate Error: (?<certificate>.{0,200})|error sending request for url \((?<url>[^)]{0,300})\)(?<rest>.{0,300})/,
    shared: {
      sure: /Transport\(reqwest|HTTP-Transport Related Error|missing_kopid|kanidm_|Untrusted Certificate Error/,
      tell: 'the line is the output of a `kanidm` command (other programs written in Rust print the same text)',
    },
    means: ({ reason = '', rest = '', url = '', certificate = '', status = '' }) => {
      // Kanidm sends an id of the operation (kopid) with each of its answers.
      if (status !== '')
        return `The kanidm client got the status ${status}, but not from Kanidm: a proxy or Ingress in front of Kanidm answered, usually because it cannot connect to Kanidm.`;
      const address = url || (/url: "([^"]{1,300})"/.exec(reason)?.[1] ?? '');
      const text = `${reason}${rest}${certificate && `certificate ${certificate}`}`;
      const why = /NotValidForName/.test(text)
        ? 'the certificate of the server is not valid for the name in this address'
        : /Parse\(Version\)|InvalidContentType/.test(text)
          ? 'the address has http:// where the server has https://, or the reverse'
          : /certificate|UnknownIssuer|self.signed/i.test(text)
            ? 'the client does not trust the certificate of the server'
            : /dns error|failed to lookup/i.test(text)
              ? 'the name cannot be looked up'
              : /refused/i.test(text)
                ? 'nothing listens at this address'
                : 'the server did not answer, or the client does not trust its certificate';
      return `The kanidm client does not reach ${address === '' ? 'the server' : address}: ${why}.`;
    },
    fix: ({ status = '' }) =>
      status === ''
        ? 'Check `uri` in ~/.config/kanidm, or KANIDM_URL. With a private CA, set `ca_path` in the same file, or KANIDM_CA_PATH.'
        : 'Read the log of the proxy or Ingress, and check that it connects to Kanidm with HTTPS (Kanidm does not serve HTTP) and accepts the certificate of Kanidm.',
    see: 'Run `curl -v <origin>/status`.',
    example: [
      'error: Error -> Transport(reqwest::Error { kind: Request, url: "https://idm.example.com/v1/auth", source: hyper_util::client::legacy::Error(Connect, ConnectError("tcp connect error", Os { code: 111, kind: ConnectionRefused, message: "Connection refused" })) })',
      'ERROR kanidm_cli: HTTP-Transport Related Error: reqwest::Error { kind: Request, url: "https://idm.example.com/v1/person", source: TimedOut }',
    ],
  },
];
