import type { Explanation } from '../explanation';

const of = 'Kanidm';
const see =
  'Read the log of Kanidm: `kubectl -n kanidm logs statefulset/kanidm --since=5m`, or `journalctl -u kanidmd`.';
/** The hint for messages that other servers also write. */
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
    title: 'A migration creates an entry that was removed before',
    of,
    relayed: ['the kanidm client'],
    pattern: /Uuid duplicate found in database(?:: (?<uuid>[0-9a-f-]{36}))?/i,
    shared: inLog,
    means: ({ uuid = '' }) =>
      `A migration creates an entry that was \`absent\` before, but its UUID${uuid === '' ? '' : ` ${uuid}`} is in the recycle bin.`,
    fix: 'Set `incarnation: 2` for the entry, or revive the old entry by hand.',
    see: '`kanidm recycle-bin list`.',
    example: ['ERROR    ┕━ 🚨 [error]: Uuid duplicate found in database: 91793d00-d9f0-4f9d-b352-8bb6142e7069'],
  },
  {
    id: 'kanidm-migration-id-twice',
    title: 'Two migration files have the same UUID',
    of,
    pattern: /Duplicate migration UUID found/,
    shared: inLog,
    means: 'Two migration files have the same UUID, so Kanidm applies neither.',
    fix: 'Remove the file that Kaniflux did not write.',
    see,
    example: [
      'ERROR    ┕━ 🚨 [error]: Duplicate migration UUID found, refusing to proceed!!! All migrations must have a unique ID',
    ],
  },
  {
    id: 'kanidm-migration-unreadable',
    title: 'A migration file cannot be read',
    of,
    pattern: /Invalid JSON SCIM Assertion|Unable to read migration/,
    shared: inLog,
    means: 'Kanidm cannot read a migration file and skips the whole file.',
    fix: 'Render the file again, and check that the copy in the pod is the same.',
    see,
    example: ['ERROR    ┕━ 🚨 [error]: Invalid JSON SCIM Assertion'],
  },
  {
    id: 'kanidm-migration-path',
    title: 'The folder for the migrations does not exist',
    of,
    pattern: /Migration path does not exist/,
    shared: inLog,
    means: 'The folder in which Kanidm looks for migrations does not exist, so Kanidm creates no entries.',
    fix: 'Mount the migrations at `/data/migrations.d`, as the rendered manifests do.',
    see,
    example: ['INFO     ┕━ ｉ [info]: Migration path does not exist - migrations will be skipped.'],
  },
  {
    id: 'kanidm-start',
    title: 'Kanidm does not start',
    of,
    pattern:
      /Refusing to (?:run|start) - (?<reason>.{1,200})|(?:ERROR: )?(?<what>domain|origin) was not set|Tls Private Key and Certificate Chain are required|Failed to start server core|Unable to build server configuration|Configuration Parse Failure|DB(?:0004DatabaseTooOld)|MG00(?:08SkipUpgradeAttempted|10DowngradeNotAllowed)/,
    shared: {
      sure: /kanidm|Tls Private Key|server core|MG00|DB0004|server configuration/,
      tell: 'the line is in the log of kanidmd',
    },
    means: ({ reason = '', what = '' }) =>
      reason !== ''
        ? `Kanidm does not start: “${reason}”. Nobody can sign in until it starts.`
        : what !== ''
          ? `Kanidm does not start: \`${what}\` is missing in server.toml. Nobody can sign in until it starts.`
          : 'Kanidm does not start: its settings or its certificate are wrong, or the version of its database does not match. Upgrade one minor version at a time; a downgrade is not possible. Nobody can sign in until it starts.',
    fix: 'Read the previous line, and compare server.toml and the mounted files with the rendered files. `kaniflux check --base` reports an upgrade that skips a version.',
    see,
    example: ['ERROR MG0008SkipUpgradeAttempted'],
  },
];
