import type { Client, Config, Group, Person, ServiceAccount } from '../../config/config';
import { isMap, type Json, own } from '../../guards';
import { type Entry, kinds } from '../../identity/entries';
import { serverVersion } from '../../identity/server-version';
import { command, comment } from '../../node-files/shell';
import { leaves } from '../config-changes';
import type { FileChange } from '../file-changes';
import { plainConfig } from '../plain-config';
import { type Predecessor, predecessors } from '../predecessors';
import { runbookRenames } from '../runbook-renames';
import { clientLines, extraLines, groupLines, personLines, validityLines } from './kanidm-command-lines';
import type { Step } from './manual-step';
import { freeingLines, freeingValues, leftBehind, renameLines } from './rename-lines';
import { withRenamedReferences } from './renamed-references';
import { managerLines, serviceAccountLines } from './service-account-lines';

interface Sides {
  readonly before: Config;
  readonly after: Config;
  readonly files: readonly FileChange[];
  /** The output folder. */
  readonly folder: string;
}

export function kanidmSteps(sides: Sides): Step[] {
  const { before, after } = sides;
  const former = predecessors(before, after);
  return after.kanidm.provision === 'migrations' ? migrationSteps(sides, former) : runbookSteps(sides, former);
}

/**
 * Returns the step that deletes what Kanidm keeps. It comes last, because people use the old entries, such as a client,
 * until the control planes and the kubeconfigs are updated.
 */
export const deletionSteps = (sides: Sides): Step[] =>
  step(
    'Kanidm keeps entries and values that were removed from the config; delete those that you no longer need',
    kept(sides, predecessors(sides.before, sides.after)),
  );

const step = (title: string, commands: readonly string[]): Step[] => (commands.length > 0 ? [{ title, commands }] : []);

function runbookSteps({ before, after, folder }: Sides, former: Predecessor): Step[] {
  const renamed = runbookRenames(before, after, former);
  const given = withGivenUuid({ before, after }, former);
  if (renamed.length > 0 || given.length > 0) {
    // The runbook prints a reset token for each person whose name is an argument.
    const newPeople = pairs(before.people, after.people, 'person', former)
      .filter(
        ([old, { name }]) => old === undefined && !renamed.some(({ kind, to }) => kind === 'person' && to === name),
      )
      .map(([, { name }]) => name);
    const freed = freeingLines(leftBehind(before, after, former));
    return step('Run the runbook; do not create these entries by hand, because Kanidm would give them other UUIDs', [
      ...(freed.length > 0 ? [...login(after), ...freed] : []),
      ...renamed.map(({ kind, from, to }) => comment(`${kind} ${from} becomes ${to}`)),
      ...given.map(({ kind, name, id }) => comment(`${kind} ${name} has the UUID ${id}`)),
      command('sh', `${folder}/kanidm/runbook.sh`, ...newPeople),
    ]);
  }
  const old = withRenamedReferences(before, after, former);
  const lines = [
    ...removed(before, after, former),
    ...freeingLines(leftBehind(before, after, former)),
    ...renameLines(before, after, former),
    ...freeingValues(before, after, former),
    ...pairs(old.groups, after.groups, 'group', former)
      .filter(([was]) => was === undefined)
      .map(([, group]) => command('kanidm', 'group', 'create', group.name)),
    ...pairs(old.people, after.people, 'person', former).flatMap(([was, person]) =>
      personLines(was, person, serverVersion(after.kanidm)),
    ),
    ...[serviceAccountLines, managerLines].flatMap((linesOf) =>
      pairs(old.serviceAccounts, after.serviceAccounts, 'service account', former).flatMap(([was, account]) =>
        linesOf(was, account),
      ),
    ),
    ...pairs(old.groups, after.groups, 'group', former).flatMap(([was, group]) =>
      groupLines(was ?? { members: [] }, group),
    ),
    ...pairs(old.clients, after.clients, 'client', former).flatMap(([was, client]) => [
      ...clientLines(was, client),
      ...extraLines(was, client),
    ]),
  ];
  const title = `Change Kanidm, as idm_admin (or run ${folder}/kanidm/runbook.sh, which includes these commands and makes all entries match the config)`;
  return step(title, lines.length > 0 ? [...login(after), ...lines] : []);
}

/**
 * Returns the new entries whose UUID is in the config. The kanidm client cannot create these entries, because it lets
 * Kanidm choose the UUID.
 */
const withGivenUuid = ({ before, after }: Pick<Sides, 'before' | 'after'>, former: Predecessor) =>
  kinds.flatMap(({ kind, map }) => {
    const entries: Iterable<Entry> = after[map].values();
    return [...entries].flatMap(({ name, absent, id }) => {
      const from = former({ kind, name });
      const old = from === undefined ? undefined : before[map].get(from);
      return id !== undefined && !absent && (!old || old.absent) ? [{ kind, name, id }] : [];
    });
  });

const login = ({ kanidm }: Config): string[] => [
  `export KANIDM_URL=${command(kanidm.origin)} KANIDM_NAME=idm_admin`,
  'kanidm login',
];

function migrationSteps({ before, after, files, folder }: Sides, former: Predecessor): Step[] {
  const people = pairs(before.people, after.people, 'person', former).filter(([old]) => old === undefined);
  const lines = [
    ...pairs(before.people, after.people, 'person', former).flatMap(([old, one]) => validityLines('person', old, one)),
    ...pairs(before.serviceAccounts, after.serviceAccounts, 'service account', former).flatMap(([old, one]) =>
      validityLines('service-account', old, one, one.managedBy),
    ),
    ...pairs(before.clients, after.clients, 'client', former).flatMap(([old, client]) => extraLines(old, client)),
    ...people.map(([, { name }]) => command('kanidm', 'person', 'credential', 'create-reset-token', name)),
  ];
  return [
    ...installSteps(after, files, folder),
    ...step(
      'After Kanidm has applied the migrations, make these changes as idm_admin, because migrations cannot make them',
      lines.length > 0 ? [...login(after), ...lines] : [],
    ),
  ];
}

/**
 * Returns the step to install the changed migrations by hand, if Kaniflux does not deploy Kanidm. A file whose number
 * or name changed keeps its `id`. The old file must be deleted, because Kanidm 1.11.1 applies no file at all if two
 * files have the same `id`.
 * @see https://github.com/kanidm/kanidm/blob/v1.11.1/server/core/src/lib.rs (migration_apply)
 */
function installSteps({ kanidm: { helm, manifests } }: Config, files: readonly FileChange[], output: string): Step[] {
  const folder = 'kanidm/migrations.d/';
  const changed = files.filter(({ path }) => path.startsWith(folder));
  if (helm || manifests || changed.length === 0) return [];
  const gone = changed.flatMap(({ change, path }) => (change === 'removed' ? [path.slice(folder.length)] : []));
  return step('Install the migrations on the host of Kanidm', [
    comment(`copy ${output}/${folder} into the folder that \`migration_path\` of server.toml names`),
    ...(gone.length > 0
      ? [comment(`delete these files in that folder, or Kanidm may apply no file at all: ${gone.join(', ')}`)]
      : []),
    'kanidmd scripting reload',
    comment(
      'if Kanidm refuses files, only its log says so: Failed to apply migration, or Duplicate migration UUID found',
    ),
  ]);
}

const plainEntries = (config: Config): Json => plainConfig({ ...config, clusters: new Map() });

type Named = Person | ServiceAccount | Group | Client;

/**
 * Returns a pair for each entry that is not `absent`: the old state of the entry, which is `undefined` for a new entry,
 * and the entry itself.
 */
function pairs<T extends Named>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
  kind: Parameters<Predecessor>[0]['kind'],
  former: Predecessor,
): (readonly [T | undefined, T])[] {
  return [...after.values()]
    .filter(({ absent }) => !absent)
    .map((entry): readonly [T | undefined, T] => {
      const from = former({ kind, name: entry.name });
      const old = from === undefined ? undefined : before.get(from);
      return [old?.absent ? undefined : old, entry];
    });
}

const words = {
  people: ['person'],
  serviceAccounts: ['service-account'],
  groups: ['group'],
  clients: ['system', 'oauth2'],
} as const;
const maps = ['clients', 'groups', 'serviceAccounts', 'people'] as const;
const kindOf = { people: 'person', serviceAccounts: 'service account', groups: 'group', clients: 'client' } as const;

/** Returns the commands that delete the entries which became `absent`, under the names that they have in Kanidm. */
const removed = (before: Config, after: Config, former: Predecessor): string[] =>
  maps.flatMap((map) =>
    [...after[map].values()].flatMap(({ name, absent }) => {
      const was = former({ kind: kindOf[map], name }) ?? name;
      return absent && !before[map].get(was)?.absent ? [command('kanidm', ...words[map], 'delete', was)] : [];
    }),
  );

/**
 * Returns the commands to delete entries that were removed from the config, since neither the runbook nor the
 * migrations delete them. Entries that the runbook renames are left out.
 */
function kept({ before, after }: Pick<Sides, 'before' | 'after'>, former: Predecessor): string[] {
  if (before.kanidm.domain !== after.kanidm.domain) return [];
  const migrates = after.kanidm.provision === 'migrations';
  const renamed = runbookRenames(before, after, former);
  const left = leftBehind(before, after, former).filter(
    ({ kind, name, movedTo }) =>
      !renamed.some((one) => one.kind === kind && one.from === name) &&
      // With migrations, the name can already belong to another entry, which must not be deleted.
      !(migrates && movedTo !== undefined),
  );
  const plain = { before: plainEntries(before), after: plainEntries(after), migrates };
  return maps.flatMap((map) => [
    ...left
      .filter(({ kind }) => kind === kindOf[map])
      .flatMap(({ kind, name, movedTo }) => {
        const now = movedTo ?? name;
        return [
          comment(`${kind} ${name} stays in Kanidm${now === name ? '' : ` as ${now}`}; to delete it:`),
          command('kanidm', ...words[map], 'delete', now),
        ];
      }),
    ...[...after[map].keys()].flatMap((name) => keptFields(plain, map, former({ kind: kindOf[map], name }), name)),
  ]);
}

/** Returns a comment for each field that was removed from the config but keeps its value in Kanidm. */
function keptFields(
  { before, after, migrates }: { readonly before: Json; readonly after: Json; readonly migrates: boolean },
  map: (typeof maps)[number],
  from: string | undefined,
  name: string,
): string[] {
  if (from === undefined) return [];
  const [old, now] = [before[map], after[map]];
  const [was, is] = [isMap(old) ? own(old, from) : undefined, isMap(now) ? own(now, name) : undefined];
  if (isMap(is) && is.absent === true) return [];
  const left = fieldsOf(is);
  const removes = migrates ? removedByMigrations : [];
  const isKept = (field: string): boolean => {
    const [section = ''] = field.split('.');
    if (left.has(field) || notKept.includes(section)) return false;
    // `null` already removed the value.
    if (isMap(was) && own(was, field) === null) return false;
    // Migrations give such a service account the manager `idm_admins`.
    if (migrates && map === 'serviceAccounts' && section === 'managedBy') return false;
    return !removes.includes(section) || [...left].some((one) => one === section || one.startsWith(`${section}.`));
  };
  return [...fieldsOf(was)]
    .filter(isKept)
    .map((field) => (field === 'mails' ? 'mail' : field))
    .map((field) => comment(`${map}.${name}.${field} is no longer in the config: Kanidm keeps its value`));
}

/** Returns the paths of the fields of an entry that have a value, such as `mails` and `policy.sessionExpiry`. */
const fieldsOf = (entry: unknown): Set<string> =>
  new Set(
    [...leaves(entry)].map(({ path }) => {
      const [field = '', inner] = path.split('.');
      return inner !== undefined && ['policy', 'posix'].includes(field) ? `${field}.${inner}` : field;
    }),
  );

/**
 * Fields whose values Kanidm does not keep when the fields are removed from the config. These are fields that Kanidm
 * does not have, fields about the entry itself, and flags that the removal turns off.
 */
const notKept = [
  'id',
  'formerly',
  'incarnation',
  'absent',
  'memberTerms',
  'preferShortUsername',
  'legacyCrypto',
  'disablePkce',
];

/** Sections that a migration removes from the entry, with all their values, by removing their class. */
const removedByMigrations = ['posix', 'policy'];
