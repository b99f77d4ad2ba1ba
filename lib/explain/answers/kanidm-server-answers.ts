import type { Explanation } from '../explanation';

const of = 'Kanidm';
const see =
  'The log of Kanidm of that moment: `kubectl -n kanidm logs statefulset/kanidm --since=5m`, or `journalctl -u kanidmd`.';
/** Words that servers of other kinds use too. */
const inLog = { tell: 'the line is in the log of kanidmd' };

/** What the server of Kanidm says of its start and of its migrations. The words are those of 1.9 to 1.11. */
export const kanidmServerAnswers: readonly Explanation[] = [
  {
    id: 'kanidm-migration',
    title: 'Kanidm left out a migration file',
    of,
    pattern: /Failed to apply migration(?<which>.{0,200})/,
    shared: inLog,
    means: 'Kanidm refused something in a migration file, and left out the whole file; it runs all the same.',
    fix: 'Look at the lines before for the attribute or the entry; `kaniflux synth` refuses what is known to be refused.',
    see,
    example: ['ERROR    ┕━ 🚨 [error]: Failed to apply migration'],
  },
  {
    id: 'kanidm-uuid-twice',
    title: 'An entry comes back that was removed',
    of,
    relayed: ['the kanidm client'],
    pattern: /Uuid duplicate found in database(?:: (?<uuid>[0-9a-f-]{36}))?/i,
    shared: inLog,
    means: ({ uuid = '' }) =>
      `An entry comes back that was made \`absent\`: its UUID${uuid === '' ? '' : ` ${uuid}`} lies in the recycle bin.`,
    fix: 'Write `incarnation: 2` for it, or revive the old entry by hand.',
    see: '`kanidm recycle-bin list`.',
    example: ['ERROR    ┕━ 🚨 [error]: Uuid duplicate found in database: 91793d00-d9f0-4f9d-b352-8bb6142e7069'],
  },
  {
    id: 'kanidm-migration-id-twice',
    title: 'Two migration files have one UUID',
    of,
    pattern: /Duplicate migration UUID found/,
    shared: inLog,
    means: 'Two migration files have one UUID; Kanidm applies none of them.',
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
    means: 'A migration file cannot be read, and is left out whole.',
    fix: 'Render it again, and look whether it arrives as it was rendered.',
    see,
    example: ['ERROR    ┕━ 🚨 [error]: Invalid JSON SCIM Assertion'],
  },
  {
    id: 'kanidm-migration-path',
    title: 'The folder of the migrations is not there',
    of,
    pattern: /Migration path does not exist/,
    shared: inLog,
    means: 'Kanidm looks for migrations in a folder that is not there: nothing is provisioned.',
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
      tell: 'it is in the log of kanidmd',
    },
    means: ({ reason = '', what = '' }) =>
      reason !== ''
        ? `Kanidm does not start: “${reason}”. Nobody can sign in until it does.`
        : what !== ''
          ? `Kanidm does not start: \`${what}\` is missing in server.toml. Nobody can sign in until it does.`
          : 'Kanidm does not start: its settings, its certificate or the version of its database do not fit. An upgrade goes one minor version at a time, and never back. Nobody can sign in until it starts.',
    fix: 'Look at the line before it, and compare server.toml and the mounted files with what is rendered. `kaniflux diff` refuses an upgrade that skips a version.',
    see,
    example: ['ERROR MG0008SkipUpgradeAttempted'],
  },
];
