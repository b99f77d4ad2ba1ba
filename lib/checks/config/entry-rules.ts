import type { Config } from '../../config/config';
import { type Finding, keyAt, type Path } from '../../findings/finding';
import { cycles } from '../../identity/cycles';
import { type Entry, entriesOf } from '../../identity/entries';
import { uuidOf } from '../../identity/uuid';
import { isBuiltIn, isTaken } from '../../upstream/kanidm-builtin';
import { configFinding } from './config-codes';
import { sshKeyFault } from './ssh-key';

/** Reports people, groups, service accounts and clients that Kanidm would reject. */
export function identityRules(config: Config): Finding[] {
  return [
    ...names(config),
    ...uuids(config),
    ...texts(config),
    ...groupCycles(config),
    ...people(config),
    ...gids(config),
  ];
}

/** Reports names that are already taken. In Kanidm, a name is unique across entries of all kinds. */
function names(config: Config): Finding[] {
  const problems: Finding[] = [];
  const seen = new Map<string, Entry>();
  for (const { entry } of entriesOf(config)) {
    const { name, path } = entry;
    const other = seen.get(name);
    seen.set(name, entry);
    if (other) {
      const message = `\`${other.path.join('.')}\` has the same name, but in Kanidm each name belongs to only one person, group, service account or client`;
      problems.push(configFinding('name-twice', keyAt(path), message, 'give one of the two entries another name'));
    } else if (isTaken(name)) {
      const [message, fix] = isBuiltIn(name)
        ? [
            `\`${name}\` is a built-in entry of Kanidm`,
            'to use the built-in entry, remove this one, because the config can refer to a built-in entry without defining it; otherwise, choose another name',
          ]
        : [`Kanidm does not accept the name \`${name}\``, 'choose another name'];
      problems.push(configFinding('built-in-name', keyAt(path), message, fix));
    } else if (/^([0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.test(name)) {
      problems.push(
        configFinding(
          'name-is-uuid',
          keyAt(path),
          `\`${name}\` looks like a UUID, which Kanidm refuses as a name`,
          'choose another name',
        ),
      );
    }
    if (entry.id !== undefined && (entry.incarnation !== undefined || entry.formerly !== undefined)) {
      const field = entry.incarnation === undefined ? 'formerly' : 'incarnation';
      const message = `\`${field}\` is only for entries whose UUID Kaniflux derives, but the UUID of this entry is its \`id\``;
      const fix =
        field === 'formerly'
          ? 'remove `formerly`: with `id` the UUID stays the same'
          : 'remove `incarnation`; for a new UUID, write another `id`';
      problems.push(configFinding('id-and-history', keyAt([...path, field]), message, fix));
    }
  }
  return problems;
}

/** The first UUID that Kanidm does not reserve for its built-in entries. */
const systemEnd = '00000000-0000-0000-0001-000000000000';

function uuids(config: Config): Finding[] {
  const seen = new Map<string, Entry>();
  return [...entriesOf(config)].flatMap(({ kind, entry }) => {
    const id = uuidOf(config, kind, entry);
    if (id === undefined) return [];
    const path = entry.id === undefined ? entry.path : [...entry.path, 'id'];
    if (id < systemEnd) {
      return [
        configFinding(
          'uuid-system',
          path,
          `\`${id}\` belongs to the built-in entries of Kanidm`,
          'write the UUID that Kanidm shows for this entry',
        ),
      ];
    }
    const other = seen.get(id);
    seen.set(id, entry);
    if (!other) return [];
    const message = `\`${other.path.join('.')}\` also has the UUID ${id}`;
    return [configFinding('uuid-twice', path, message, tellApart(entry, other))];
  });
}

/** Returns the fix for two entries with the same UUID. */
function tellApart(one: Entry, other: Entry): string {
  const [renamed, named] = one.formerly === undefined ? [other, one] : [one, other];
  if (renamed.formerly === undefined) return 'write the UUID that Kanidm shows for each entry';
  const same = 'if both are the same entry of Kanidm, before and after a rename, remove the one with the former name';
  if (named.name !== renamed.formerly || named.id !== undefined) return same;
  return `${same}; if \`${named.path.join('.')}\` is a new entry with this name, write \`incarnation: ${(named.incarnation ?? 1) + 1}\` for it`;
}

const controls = /\p{Cc}/u;

function texts(config: Config): Finding[] {
  const problems: Finding[] = [];
  for (const { entry } of entriesOf(config)) {
    for (const field of ['displayName', 'legalName', 'description'] as const) {
      const fields: Partial<Record<typeof field, string | null>> = entry;
      const text = fields[field];
      if (text && controls.test(text)) problems.push(control([...entry.path, field]));
    }
  }
  return problems;
}

const control = (path: Path): Finding =>
  configFinding(
    'control-character',
    path,
    'Kanidm does not accept line breaks, tabs or other control characters here',
    'write the text on one line',
  );

function groupCycles({ groups }: Config): Finding[] {
  const members = (name: string) => groups.get(name)?.members?.filter((member) => groups.has(member)) ?? [];
  return cycles([...groups.keys()], members).map((cycle) => {
    const [first = '', second = first] = cycle;
    const path = ['groups', first, 'members', groups.get(first)?.members?.indexOf(second) ?? 0];
    const message = `groups are members of each other: ${[...cycle, first].join(' → ')}`;
    return configFinding('group-cycle', path, message, 'remove one of these memberships');
  });
}

function people({ people }: Config): Finding[] {
  const problems: Finding[] = [];
  const owners = new Map<string, string>();
  for (const { name, path, mails = [], sshKeys = {}, absent } of people.values()) {
    for (const [i, mail] of absent ? [] : mails.entries()) {
      const owner = owners.get(mail.toLowerCase());
      owners.set(mail.toLowerCase(), name);
      if (owner === undefined) continue;
      const place = mails.length > 1 ? [...path, 'mail', i] : [...path, 'mail'];
      const message = `\`${mail}\` is ${owner === name ? 'a duplicate' : `also the mail address of ${owner}`}, but mail addresses are unique in Kanidm`;
      problems.push(configFinding('mail-twice', place, message, 'write each mail address once'));
    }
    for (const [label, key] of Object.entries(sshKeys)) {
      const fault = sshKeyFault(key);
      if (fault)
        problems.push(
          configFinding('ssh-key', [...path, 'sshKeys', label], fault, 'write the whole line of the `.pub` file'),
        );
      if (label === '' || controls.test(label)) problems.push(control([...path, 'sshKeys', label]));
    }
  }
  return problems;
}

/**
 * The ranges of gid numbers that systemd and distributions reserve.
 * https://github.com/kanidm/kanidm/blob/v1.11.1/server/lib/src/plugins/gidnumber.rs
 */
const reserved: readonly (readonly [number, number])[] = [
  [60001, 60577],
  [61184, 65519],
  [65534, 65535],
];

/** Reports reserved and duplicate gid numbers. People and groups share one range. */
function gids({ people, groups }: Config): Finding[] {
  const owners = new Map<number, Entry>();
  return [...people.values(), ...groups.values()].flatMap((entry) => {
    const gid = entry.posix?.gid;
    if (gid === undefined || entry.absent) return [];
    const path = [...entry.path, 'posix', 'gid'];
    const other = owners.get(gid);
    owners.set(gid, entry);
    if (other)
      return [
        configFinding(
          'gid-twice',
          path,
          `\`${other.path.join('.')}\` also has the gid ${gid}`,
          'write another gid, or remove `gid`: Kanidm then derives one',
        ),
      ];
    if (!reserved.some(([from, to]) => gid >= from && gid <= to)) return [];
    return [
      configFinding(
        'gid-reserved',
        path,
        `${gid} is in a range that operating systems reserve, which Kanidm refuses`,
        'write a gid of 65536 or more, or remove `gid`: Kanidm then derives one',
      ),
    ];
  });
}
