import type { Explanation, Facts } from '../explanation';
import { see } from './kanidm-answers';

const of = 'Kanidm';
/** How a person can tell that a message is from Kanidm, if other servers write the same message. */
const inLog = { tell: 'the line is in the log of kanidmd' };

/** Messages of the Kanidm server about its start and its migrations, from Kanidm 1.9 to 1.11. */
export const kanidmServerAnswers: readonly Explanation[] = [
  {
    id: 'kanidm-migration',
    title: 'Kanidm skipped a migration file',
    of,
    pattern: /Failed to apply migration(?<which>.{0,200})/,
    shared: inLog,
    means: 'Kanidm rejected a part of a migration file and skipped the whole file. Kanidm itself runs.',
    fix: 'Read the previous lines, which name the attribute or the entry. `kaniflux synth` rejects values that Kanidm is known to reject.',
    see,
    example: ['ERROR    ┕━ 🚨 [error]: Failed to apply migration'],
  },
  {
    id: 'kanidm-uuid-twice',
    title: 'The UUID of a new entry belongs to an entry that was removed before',
    of,
    relayed: ['the kanidm client'],
    pattern: /Uuid duplicate found in database(?:: (?<uuid>[0-9a-f-]{36}))?/i,
    shared: inLog,
    means: ({ uuid = '' }) =>
      `A migration or the runbook creates an entry with ${uuid === '' ? 'a UUID that another entry has' : `the UUID ${uuid}, which another entry has`}. Usually the entry was deleted before, and is still in the recycle bin.`,
    fix: 'In kaniflux.yaml, set `incarnation: 2` for the entry, or the next higher number if the entry has an incarnation: Kaniflux then derives a new UUID. If the entry has an `id`, write another `id` instead. You can also revive the old entry by hand.',
    see: 'Run `kanidm recycle-bin list`.',
    example: ['ERROR    ┕━ 🚨 [error]: Uuid duplicate found in database: 91793d00-d9f0-4f9d-b352-8bb6142e7069'],
  },
  {
    id: 'kanidm-migration-id-twice',
    title: 'Two migration files have the same UUID',
    of,
    pattern: /Duplicate migration UUID found/,
    shared: inLog,
    means: 'Two migration files have the same UUID, so Kanidm applies no migration file at all.',
    fix: 'Delete the files in `migration_path` that are not in `dist/kanidm/migrations.d/`. They are usually left over from entries whose file now has another number or name. Then run `kanidmd scripting reload`, or restart Kanidm.',
    see,
    example: [
      'ERROR    ┕━ 🚨 [error]: Duplicate migration UUID found, refusing to proceed!!! All migrations must have a unique ID',
    ],
  },
  {
    id: 'kanidm-migration-unreadable',
    title: 'A migration file cannot be read',
    of,
    pattern: /Invalid JSON SCIM Assertion|Unable to read migration(?! directory)/,
    shared: inLog,
    means: 'Kanidm cannot read a migration file and skips the whole file.',
    fix: 'Render the file again, and check that the copy in the pod is the same.',
    see,
    example: ['ERROR    ┕━ 🚨 [error]: Invalid JSON SCIM Assertion'],
  },
  {
    id: 'kanidm-migration-path',
    title: 'Kanidm does not find the folder with the migrations',
    of,
    pattern: /Migration path does not exist|(?<unreadable>Unable to read migration directory)/,
    shared: inLog,
    means: ({ unreadable = '' }) =>
      `The folder from which Kanidm reads migrations ${unreadable === '' ? 'does not exist' : 'cannot be read'}, so Kanidm applies no migration. Kanidm itself runs.`,
    fix: 'With `provision: migrations`, mount the migrations at `/data/migrations.d`, as the rendered manifests do, and let the user that runs Kanidm read them. With `provision: runbook`, ignore this line.',
    see,
    example: ['INFO     ┕━ ｉ [info]: Migration path does not exist - migrations will be skipped.'],
  },
  {
    id: 'kanidm-start',
    title: 'Kanidm does not start',
    of,
    pattern:
      /Refusing to (?:run|start) - (?<reason>.{1,200})|(?:ERROR: )?(?<what>domain|origin) was not set|Tls Private Key and Certificate Chain are required|Configuration Parse Failure(?:: .{0,80}?message: "(?<toml>.{1,120}))?|Failed to bind tcp listener(?:.{0,40}kind: (?<bind>\w{1,40}))?|Failed to configure TLS acceptor(?:.{0,200}could not be built: (?<tls>\w{1,40}))?|Unable to read metadata for (?:TLS (?:chain|key) file|database folder|configuration file) '(?<file>[^']{1,300})' - Os \{ code: \d{1,4}, kind: (?<kind>\w{1,40})|You are attempting a (?<version>skip update|downgrade) which is NOT SUPPORTED|(?<below>Effective domain (?:\(ed\) )?is not a descendent of server domain name|You must change origin or domain name to be consistent)|(?<origin>Unable to parse origin URL)|This instance is too old|DB(?:0004DatabaseTooOld)|MG00(?:08SkipUpgradeAttempted|10DowngradeNotAllowed)/,
    shared: {
      sure: /kanidm|Tls Private Key|server domain name \(rp_id\)|origin or domain name|origin URL|MG00|DB0004|^ERROR: (?:(?:domain|origin) was not set|Configuration Parse Failure)|NOT SUPPORTED/,
      tell: 'the line is in the log of kanidmd',
    },
    means: (facts) => `Kanidm does not start: ${startReason(facts)}. Nobody can sign in until it starts.`,
    fix: ({ toml = '', bind = '', tls = '', file = '', version = '', below = '', origin = '' }) =>
      below + origin !== ''
        ? 'Correct `origin` in server.toml: it is the whole address, such as `https://idm.example.com`, and its host is `domain` or ends with a dot and `domain`. Do not change `domain` if people have passkeys already.'
        : /unknown field `migration_path`/.test(toml)
          ? 'Write `version = "2"` at the top of server.toml. Without this line, Kanidm reads the file in the older format, which does not have the field `migration_path`.'
          : bind !== ''
            ? 'If another program uses the port, stop that program, or set another port in `bindaddress`. If the port is below 1024, set a higher port: the container of Kanidm lacks the capability that such a port requires.'
            : tls !== '' || /\.(?:pem|crt|key)$/.test(file)
              ? 'Check the files that `tls_chain` and `tls_key` in server.toml name: the first must contain the certificate and its chain, the second must contain the key of that certificate, and the user that runs Kanidm must be able to read both files. If cert-manager creates them, check the Certificate (`kubectl get certificate -A`) and the Secret that the pod mounts.'
              : file !== ''
                ? 'Mount a volume at this path. The user that runs Kanidm must be able to read and write the volume (`fsGroup`).'
                : version !== ''
                  ? 'Use the version of Kanidm that ran last, and upgrade one minor version at a time. `kaniflux check --base` reports an upgrade that skips a version.'
                  : 'Read the previous line, and compare server.toml and the mounted files with the rendered files. `kaniflux check --base` reports an upgrade that skips a version.',
    see,
    example: [
      'ERROR MG0008SkipUpgradeAttempted',
      'ERROR    🚨 [error]: Failed to configure TLS acceptor | err: Custom { kind: Other, error: "Failed to create TLS listener. The TLS Server Configuration could not be built: InconsistentKeys(KeyMismatch)" }',
      `ERROR    🚨 [error]: Unable to read metadata for TLS chain file '/data/chain.pem' - Os { code: 2, kind: NotFound, message: "No such file or directory" }`,
    ],
  },
  {
    id: 'kanidm-database',
    title: 'Kanidm cannot use its database',
    of,
    // The code is the name that Kanidm's library (rusqlite) gives to an error of SQLite.
    pattern: /\bSQLite Error\b.{0,80}\{ code: (?<code>\w{1,40})/,
    shared: { sure: /e: SqliteFailure/, tell: 'the line is in the log of kanidmd' },
    means: ({ code = '' }) => `Kanidm cannot use its database: ${databaseFault(code).why}.`,
    fix: ({ code = '' }) => databaseFault(code).fix,
    see: 'Run `kubectl -n kanidm get pvc,events`.',
    example: [
      'ERROR    🚨 [error]: SQLite Error | e: SqliteFailure(Error { code: DiskFull, extended_code: 13 }, Some("database or disk is full"))',
    ],
  },
  {
    id: 'kanidm-start-ended',
    title: 'Kanidm ended while it started',
    of,
    pattern:
      /Failed to start (?:server core|HTTPS server)|Unable to build server configuration|Unable to setup query server or idm server|Failed to setup BE\b/,
    shared: { sure: /server core|server configuration|idm server|setup BE/, tell: 'the line is in the log of kanidmd' },
    means: 'Kanidm ended while it started. Nobody can sign in until it starts. The previous lines have the reason.',
    fix: 'Read the previous lines of the log, and pipe them into `kaniflux explain --log -`.',
    see,
    example: ['ERROR    🚨 [error]: Failed to start server core!'],
    consequenceOf: ['kanidm-start', 'kanidm-database'],
  },
  {
    id: 'kanidm-proxy-header',
    title: 'A connection to Kanidm has no valid header of the PROXY protocol',
    of,
    pattern:
      /(?:Unable to process|(?<timeout>Timeout receiving)|remote address in) proxy header(?:.{0,40}\bconnection_addr: (?<address>[^ |]{1,60}):\d+)?/,
    shared: inLog,
    means: ({ timeout = '', address = '' }) =>
      `The setting \`http_client_address_info\` in server.toml covers ${address === '' ? 'the address of a program' : address}, so Kanidm expects a header of the PROXY protocol from there. The program sent ${timeout === '' ? 'no valid header' : 'nothing in time'}, and Kanidm closed the connection.`,
    fix: 'If the program is the load balancer or proxy in front of Kanidm, make it send the PROXY protocol in the version that server.toml has (`proxy-v1` or `proxy-v2`). If it is another program, list only the addresses of the load balancer or proxy in `http_client_address_info`.',
    see: 'Run `kaniflux doctor` from a machine whose address the setting does not cover.',
    example: [
      'ERROR    🚨 [error]: Unable to process proxy header | connection_addr: 192.0.2.7:40312 | err: InvalidHeader',
      'ERROR    🚨 [error]: Timeout receiving proxy header | connection_addr: 192.0.2.7:40312',
    ],
  },
  {
    id: 'kanidm-tls-handshake',
    title: 'A TLS connection to Kanidm failed',
    of,
    pattern:
      /Failed to create TLS stream.{0,80}(?:AlertReceived\((?<alert>\w{1,40})\)|(?<plain>InvalidContentType)|(?<eof>UnexpectedEof|handshake eof)|error: (?<other>[^}]{1,120}))/,
    shared: inLog,
    means: ({ alert = '', plain = '', eof = '', other = '' }) =>
      plain !== ''
        ? 'The port of Kanidm serves only HTTPS, but a program sent data that is not TLS, such as HTTP without TLS or a header of the PROXY protocol. Usually the program is the proxy or Ingress in front of Kanidm, a load balancer, or a probe.'
        : eof !== ''
          ? 'A program opened a connection to Kanidm and closed it before the TLS handshake. If a probe or a load balancer only checks the port, the line is harmless.'
          : /UnknownCA|BadCertificate|CertificateUnknown|CertificateExpired/.test(alert)
            ? `A program closed the connection, because it does not accept the certificate of Kanidm (${alert}). The log of Kanidm does not name the program: it can be the API server, kubelogin, an application or the Ingress.`
            : `The TLS handshake with a program failed: “${(alert || other).trim()}”.`,
    fix: ({ alert = '', plain = '', eof = '' }) =>
      plain !== ''
        ? 'Make the proxy or Ingress connect to Kanidm with HTTPS: with ingress-nginx the annotation `nginx.ingress.kubernetes.io/backend-protocol: "HTTPS"`, with Traefik a ServersTransport and `scheme: https`. If it sends the PROXY protocol, turn this off, or list its address in server.toml under `http_client_address_info` as `proxy-v2`.'
        : eof !== ''
          ? 'If people can sign in, ignore this line.'
          : /Certificate|CA$/.test(alert)
            ? 'In the logs of the API server, kubelogin, the applications and the Ingress, look for an x509 or certificate error from the time of this line. The program with this error needs the CA of Kanidm (`authentication.ca.file` for the API server and kubelogin).'
            : 'Run `openssl s_client -connect <host>:<port>` against Kanidm from the machine of that program.',
    see: '`kaniflux doctor` checks the certificate of Kanidm.',
    example: [
      'ERROR    🚨 [error]: Failed to create TLS stream | err: Custom { kind: InvalidData, error: AlertReceived(UnknownCA) }',
      'ERROR    🚨 [error]: Failed to create TLS stream | err: Custom { kind: InvalidData, error: InvalidMessage(InvalidContentType) }',
    ],
  },
];

/** Explains an error of SQLite. For an unknown error, the reason is only its code. */
function databaseFault(code: string) {
  const volume =
    'Check the volume that contains the folder of `db_path`: the user that runs Kanidm must be able to read and write this volume (`fsGroup`).';
  switch (code) {
    case 'DiskFull':
      return { why: 'the volume is full', fix: 'Give the volume more space, or remove old backups from it.' };
    case 'ReadOnly':
    case 'PermissionDenied':
      return { why: 'Kanidm is not allowed to write the file of the database', fix: volume };
    case 'CannotOpen':
      return { why: 'it cannot open or create the file of the database', fix: volume };
    case 'DatabaseBusy':
    case 'DatabaseLocked':
      return { why: 'another process uses the database', fix: 'Let only one kanidmd use the volume.' };
    case 'DatabaseCorrupt':
    case 'NotADatabase':
      return { why: 'the file is damaged, or is not a database', fix: 'Restore a backup, as in docs/backup.md.' };
    default:
      return { why: `SQLite reports the error ${code}`, fix: volume };
  }
}

/** Explains why Kanidm does not start. */
function startReason({
  reason = '',
  what = '',
  toml = '',
  bind = '',
  tls = '',
  file = '',
  kind = '',
  version = '',
  below = '',
  origin = '',
}: Facts): string {
  if (below !== '') return 'the host in `origin` is neither `domain` nor a host below it';
  if (origin !== '') return '`origin` in server.toml is not a URL';
  if (reason !== '') return `“${reason}”`;
  if (what !== '') return `\`${what}\` is missing in server.toml`;
  if (toml !== '') return `server.toml cannot be read: “${toml.replace(/",? .*$/, '')}”`;
  if (bind !== '')
    return bind === 'AddrInUse'
      ? 'another program listens on the port of Kanidm'
      : `Kanidm cannot listen on its port (${bind})`;
  if (tls !== '')
    return /NoCertificates/.test(tls)
      ? 'the file of `tls_chain` has no certificate'
      : /InconsistentKeys/.test(tls)
        ? 'the key does not belong to the certificate'
        : `Kanidm cannot use its certificate (${tls})`;
  if (file !== '') return `it cannot read ${file}${kind === 'NotFound' ? ', which does not exist' : ` (${kind})`}`;
  if (version !== '')
    return version === 'downgrade'
      ? 'the database belongs to a newer version of Kanidm'
      : 'the database belongs to a version of Kanidm that is more than one minor version older';
  return 'the settings or the certificate are wrong, or this version of Kanidm cannot use the database of the previous version. Upgrade one minor version at a time; a downgrade is not possible';
}
