import { listed } from '../../access/rights-in-words';
import type { Config } from '../../config/config';
import { stages } from '../../constructs/migration-order';
import { fileName, fileOfField } from '../../constructs/migrations';
import type { Facts } from '../../existing/facts';
import { keyAt } from '../../findings/finding';
import { type EntryKind, kinds } from '../../identity/entries';
import { differences, type Pair, pairs } from './entry-differences';
import { type CheckResult, failed, judged, type LiveCheck, passed, skipped } from './live-check';
import type { LiveCode } from './live-codes';
import type { LiveSystem } from './live-system';
import { type Observation, reasonOf } from './observation';

const named = ({ kind, entry }: Pair) => `${kind} ${entry.name}`;

/**
 * Returns the fix that brings an entry of Kanidm into the state that the config describes.
 * @param fields the fields that differ. @default - all
 */
function bring(config: Config, { kind, entry }: Pair, fields: readonly string[] = []): string {
  const { provision, cluster, namespace } = config.kanidm;
  if (provision !== 'migrations') return 'run the runbook in `dist/kanidm/`';
  const log = cluster === undefined ? "Kanidm's log" : `\`kubectl -n ${namespace} logs\` of Kanidm`;
  const order = stages(config);
  const own = fields.map((field) => fileOfField(kind, entry.name, order, field));
  const files = own.length > 0 ? [...new Set(own)].sort() : [fileName(kind, entry.name, order)];
  const file = entry.absent ? '' : ` and ${listed(files.map((name) => `\`${name}\``))}`;
  const install =
    cluster === undefined
      ? 'install the files in `dist/kanidm/migrations.d/` on the host of Kanidm (docs/provisioning.md); if they are installed, '
      : '';
  return `${install}check ${log} for \`Failed to apply migration\`${file}: if Kanidm rejects one entry of a file, it skips the whole file`;
}

/** Fields that only the runbook can set; migrations cannot. */
const byRunbook = new Set(['validFrom', 'expires', 'localhostRedirects', 'image']);

/** Returns the fix for fields of an entry that differ. */
function restore(config: Config, pair: Pair, fields: readonly string[]): string {
  if (config.kanidm.provision !== 'migrations') return bring(config, pair);
  const extras = fields.filter((field) => byRunbook.has(field));
  const rest =
    extras.length === 0 ? '' : `; run the runbook in \`dist/kanidm/\` for ${listed(extras)}, which no migration sets`;
  if (extras.length === fields.length) return rest.slice(2);
  return `${undo(
    config,
    pair,
    fields.filter((field) => !byRunbook.has(field)),
  )}${rest}`;
}

function undo(config: Config, pair: Pair, fields: readonly string[]): string {
  return `if the change was made by hand, undo it in Kanidm, because Kanidm does not apply an unchanged migration again; otherwise ${bring(config, pair, fields)}`;
}

/** The kinds of the entries that a check can compare only if Kanidm has them. */
const compared: Partial<Record<LiveCode, readonly EntryKind[]>> = {
  'entry-identity': kinds.map(({ kind }) => kind),
  'members-differ': ['group'],
  'client-differs': ['client'],
  'entry-differs': ['person', 'service account', 'group'],
};

/**
 * Returns a check that judges each entry of the config with its counterparts in Kanidm. If all entries pass, the check
 * has a single result.
 */
function ofPairs(
  code: LiveCode,
  fine: string,
  judge: (pair: Pair, view: { config: Config; names: ReadonlyMap<string, string> }) => CheckResult | undefined,
): LiveCheck {
  return {
    code,
    parts: ['entries'],
    run: (system) =>
      judged("Kanidm's entries", readIn(system), ({ entries }) => {
        const all = pairs(system.config, entries);
        const names = new Map(all.flatMap(({ entry, byId }) => (byId ? [[byId.name, entry.name] as const] : [])));
        const found = all.flatMap((pair) => judge(pair, { config: system.config, names }) ?? []);
        if (found.length > 0) return found;
        const wanted = all.filter(({ kind, entry }) => compared[code]?.includes(kind) && !entry.absent);
        const lacking = wanted.filter(({ byId, byName }) => !byId && !byName).length;
        if (lacking === 0) return passed(fine);
        return lacking === wanted.length
          ? skipped("Kanidm's entries", 'Kanidm has none of the entries to compare (see entry-missing)')
          : passed(`${fine}; entries that Kanidm lacks were not compared`);
      }),
  };
}

const readable: LiveCheck = {
  code: 'kanidm-entries-unreadable',
  parts: ['entries'],
  run: async (system) => {
    const found = await system.entries();
    if (system.tools.token === undefined || found.value) {
      return judged("Kanidm's entries", Promise.resolve(found), ({ entries }) =>
        passed(`${entries.length} entries of Kanidm were read`),
      );
    }
    const { origin } = system.origin;
    const fix =
      system.tools.tokenFor === origin
        ? 'set KANIDM_TOKEN to an API token of a service account that is a member of `idm_admins`; a read-only token is enough'
        : `write \`--kanidm ${origin}\` if that is your Kanidm; otherwise, correct \`kanidm.origin\``;
    return [failed(['kanidm'], reasonOf(found), fix)];
  },
};

/**
 * Reads the entries of Kanidm. If this fails, the reason refers to `kanidm-entries-unreadable`, which has the details.
 */
async function readIn(system: LiveSystem): Promise<Observation<Facts>> {
  const found = await system.entries();
  return found.value || system.tools.token === undefined
    ? found
    : { reason: 'the entries of Kanidm could not be read (see kanidm-entries-unreadable)' };
}

const missing = ofPairs('entry-missing', 'Kanidm has every entry of the config', (pair, { config }) =>
  pair.entry.absent || pair.byId || pair.byName
    ? undefined
    : failed(keyAt(pair.entry.path), `Kanidm has no ${named(pair)}`, bring(config, pair)),
);

const uuid = ofPairs('entry-identity', 'names and UUIDs match the config', (pair, { config }) => {
  const { entry, id, byId, byName } = pair;
  if (entry.absent) return undefined;
  if (byId && byId.name !== entry.name) {
    const message = `${named(pair)} is called ${byId.name} in Kanidm; bindings still match, because they use the UUID`;
    const fix = `rename the entry to \`${byId.name}\` in the config; if the entry has no \`id\`, also write \`formerly: ${entry.formerly ?? entry.name}\``;
    return failed(keyAt(entry.path), message, fix, { severity: 'warning' });
  }
  if (byId || !byName || id === undefined) return undefined;
  const fate = pair.kind === 'person' ? 'bindings do not match this person' : 'these are different entries';
  const message = `${named(pair)} has the UUID ${byName.id} in Kanidm, and ${id} in the config: ${fate}`;
  const fix =
    config.kanidm.provision === 'migrations' && entry.id === undefined
      ? `write \`id: ${byName.id}\` if the entry was created by hand: without the \`id\`, Kanidm skips the migration`
      : `write \`id: ${byName.id}\``;
  return failed([...entry.path, 'id'], message, fix);
});

const gone = ofPairs('entry-not-removed', 'no entry with `absent: true` is in Kanidm', (pair, { config }) => {
  const there = pair.byId ?? (pair.id === undefined ? pair.byName : undefined);
  return pair.entry.absent && there
    ? failed([...pair.entry.path, 'absent'], `${named(pair)} is still in Kanidm`, bring(config, pair))
    : undefined;
});

/** Returns the fields of an entry that differ in Kanidm. */
function differing({ entry, byId, byName }: Pair, names: ReadonlyMap<string, string>): string[] {
  const found = byId ?? byName;
  return entry.absent || !found ? [] : [...new Set(differences(entry, found, names))];
}

const members = ofPairs('members-differ', 'members of groups match the config', (pair, { config, names }) => {
  if (pair.kind !== 'group' || !differing(pair, names).includes('members')) return undefined;
  const should = new Set('members' in pair.entry ? pair.entry.members : []);
  const live = ((pair.byId ?? pair.byName)?.fields.members ?? []) as readonly string[];
  const is = new Set(live.map((name) => names.get(name) ?? name));
  const lacks = [...should].filter((name) => !is.has(name));
  const more = [...is].filter((name) => !should.has(name));
  const parts = [
    ...(lacks.length > 0 ? [`lacks ${listed(lacks)}`] : []),
    ...(more.length > 0 ? [`has ${listed(more)} in addition to the members in the config`] : []),
  ];
  return failed(
    [...pair.entry.path, 'members'],
    `${named(pair)} ${parts.join(' and ')}`,
    restore(config, pair, ['members']),
  );
});

const client = ofPairs('client-differs', 'clients match the config', (pair, { config, names }) => {
  const fields = pair.kind === 'client' ? differing(pair, names) : [];
  if (fields.length === 0) return undefined;
  return failed(
    [...pair.entry.path, fields[0]?.split('.')[0] ?? ''],
    differs(pair, fields),
    restore(config, pair, fields),
  );
});

const fields = ofPairs(
  'entry-differs',
  'people, service accounts and groups match the config',
  (pair, { config, names }) => {
    const found = pair.kind === 'client' ? [] : differing(pair, names).filter((field) => field !== 'members');
    if (found.length === 0) return undefined;
    return failed(
      [...pair.entry.path, found[0]?.split('.')[0] ?? ''],
      differs(pair, found),
      restore(config, pair, found),
    );
  },
);

/** Returns a message with the names of the fields, but without their values, which can be private. */
function differs(pair: Pair, fields: readonly string[]): string {
  const others = fields.filter((field) => field !== 'image');
  const parts = [
    ...(others.length > 0 ? [`another ${listed(others)}`] : []),
    ...(others.length < fields.length ? ['no logo image'] : []),
  ];
  return `${named(pair)} has ${parts.join(' and ')} in Kanidm`;
}

export const entryChecks: readonly LiveCheck[] = [readable, missing, uuid, gone, members, client, fields];
