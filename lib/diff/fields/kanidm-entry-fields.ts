import { listed } from '../../access/rights-in-words';
import type { Config } from '../../config/config';
import { authenticators } from '../../identity/authenticator';
import { kinds } from '../../identity/entries';
import { parentsOf } from '../../identity/membership';
import { groupSubjects } from '../../identity/subject';
import { claimsRead } from '../../identity/token-mapping';
import { everyonesGroups } from '../../upstream/kanidm-builtin';
import { predecessors } from '../predecessors';
import { runbookRenames } from '../runbook-renames';
import type { Level } from '../statement';
import { type Field, type FieldRow, joined, row, whenAdded, whenRemoved } from './field';

/** The consequence if the config no longer sets a time. Only `null` removes the time in Kanidm. */
const keepsTime = ({ before, after }: Field): string | undefined =>
  after === undefined && before !== null ? 'Kanidm keeps the time. To remove the time, write `null`' : undefined;

const validity = (map: string, what: string): FieldRow[] => [
  row(`${map}.*.validFrom`, ['kanidm', 'low'], `when ${what} $1 becomes valid`, keepsTime),
  row(
    `${map}.*.expires`,
    ['kanidm', (field) => (field.after === undefined && field.before !== null ? 'low' : longer(field))],
    `when ${what} $1 expires`,
    keepsTime,
  ),
];

const derivesUuids = ({ kanidm }: Config): boolean => kanidm.provision === 'migrations';

export const history = (map: (typeof kinds)[number]['map'], what: string): FieldRow[] => [
  row(
    `${map}.*.id`,
    ['kanidm', ({ before }) => (before === undefined ? 'low' : 'medium')],
    `the UUID of ${what} $1`,
    ({ before, after }) =>
      before === undefined
        ? `the config now identifies the ${what} in Kanidm by UUID`
        : after === undefined
          ? `the config no longer identifies the ${what} in Kanidm by UUID`
          : `the config now means another ${what} in Kanidm`,
  ),
  row(`${map}.*.formerly`, ['kanidm', 'low'], `the former name of ${what} $1`),
  row(
    `${map}.*.incarnation`,
    ['kanidm', ({ sides }) => (derivesUuids(sides.after) ? 'medium' : 'low')],
    `the incarnation of ${what} $1`,
    ({ keys: [name = ''], before, after, sides }) => {
      if (!derivesUuids(sides.after))
        return 'this has no effect with `provision: runbook`: the runbook keeps the entry that has this name';
      if (sides.after[map].get(name)?.absent || Number(after ?? 1) < Number(before ?? 1)) return undefined;
      return sides.before[map].get(name)?.absent
        ? 'the new entry gets a different UUID from the deleted one'
        : 'Kanidm removes the old entry and creates a new one with another UUID';
    },
  ),
  {
    ...row(`${map}.*.absent`, ['kanidm', 'low'], `the removal of ${what} $1 from Kanidm`),
    instead: ({ keys: [name], after, sides }) => {
      if (after !== true) return `${what} ${name} is created in Kanidm again (no longer absent)`;
      const renamed = runbookRenames(sides.before, sides.after, predecessors(sides.before, sides.after)).find(
        ({ kind, from }) => from === name && kinds.some((one) => one.kind === kind && one.map === map),
      );
      return renamed
        ? `the runbook renames ${what} ${name} to ${renamed.to}. If Kanidm already has a ${what} ${renamed.to}, the runbook deletes ${name} (absent)`
        : `${what} ${name} is deleted from Kanidm (absent)`;
    },
  },
  row(`${map}.*.description`, ['kanidm', 'none'], `the description of ${what} $1`),
];

/** Returns the names of the clusters where the user name in tokens of a client comes from the mail address. */
const namedByMail = (config: Config): string[] =>
  [...config.clusters.values()]
    .filter((cluster) =>
      authenticators(config, cluster).some(
        ({ username }) => claimsRead({ username, requiredClaims: {} })?.has('email') ?? true,
      ),
    )
    .map(({ name }) => name);

function mailMeans({ sides, after }: Field): string | undefined {
  const clusters = namedByMail(sides.after);
  if (clusters.length === 0 || after === undefined) return undefined;
  return `the user name on ${listed(clusters, 10)} comes from the first mail address, so whoever has that address in Kanidm signs in as this user`;
}

const byMail = ({ sides }: Field): Level => (namedByMail(sides.after).length > 0 ? 'medium' : 'low');

const strength = ['any', 'mfa', 'passkey', 'attested_passkey'];

const weaker = ({ before, after }: Field): Level =>
  strength.indexOf(String(after ?? 'any')) < strength.indexOf(String(before ?? 'any')) ? 'medium' : 'none';

/** Returns `medium` if a time limit was extended or removed. */
export const longer = ({ before, after }: Field): Level => {
  if (before === undefined || before === null) return 'none';
  if (typeof after === 'number' && typeof before === 'number') return after > before ? 'medium' : 'none';
  if (typeof after === 'string' && typeof before === 'string')
    return Date.parse(after) > Date.parse(before) ? 'medium' : 'none';
  return 'medium';
};

const shorter = ({ before, after }: Field): Level =>
  typeof before === 'number' && !(typeof after === 'number' && after >= before) ? 'medium' : 'none';

/** Returns what happens after the last day of a grant or membership. */
export const endsBy = ({ after }: Field): string | undefined =>
  after === undefined
    ? undefined
    : 'the access does not end by itself: after that day, `kaniflux check` fails, and `kaniflux expire` removes the grant or membership from the config';

/** Whether a group leads to no grant, so that its members get nothing on a cluster through it. */
const grantsNothing = (config: Config, group: string): boolean => {
  const ways = [group, ...parentsOf(config, group)];
  return ![...config.clusters.values()].some((cluster) =>
    cluster.grants.some(
      ({ groups, subjects }) =>
        groups.some((name) => ways.includes(name)) ||
        (subjects.groups.length > 0 &&
          ways.some((name) => groupSubjects(config, cluster, name).some((one) => subjects.groups.includes(one)))),
    ),
  );
};

const membersMean = ({ before, after, keys: [group = ''], sides }: Field): string | undefined => {
  if (after === undefined) return 'the members stay in Kanidm as they are, and the config no longer says who they are';
  const old = new Set(Array.isArray(before) ? before : []);
  const added = Array.isArray(after) ? after.filter((one) => !old.has(one)).map(String) : undefined;
  return joined([
    ...(added?.some((one) => everyonesGroups.includes(one)) ? ['everybody in Kanidm is a member from now on'] : []),
    ...(added?.length !== 0 && grantsNothing(sides.after, group) ? [noGrant] : []),
  ]);
};

const managerMeans = ({ before, after, keys: [group = ''], sides }: Field): string | undefined =>
  after === undefined
    ? before === null
      ? undefined
      : keepsManager
    : after === null
      ? undefined
      : joined([
          'the manager can add members, including themselves',
          ...(grantsNothing(sides.after, group) ? [noGrant] : []),
        ]);

const keepsManager = 'Kanidm keeps the manager. To remove the manager, write `managedBy: null`';

const accountManagerMeans = ({ before, after, sides }: Field): string | undefined => {
  if (after === null) return undefined;
  if (after !== undefined) return 'the manager can issue tokens of the service account';
  if (sides.after.kanidm.provision === 'migrations') return 'the migrations set the manager idm_admins';
  return before === null ? undefined : keepsManager;
};

function gidMeans({ keys: [name = ''], after, sides }: Field): string {
  const { people, groups, kanidm } = sides.after;
  if (after !== undefined) return 'files on a host belong to this number, not to the name';
  const person = people.get(name);
  if (kanidm.provision !== 'migrations' || (person ?? groups.get(name))?.posix) return 'Kanidm keeps the gid number';
  return `after the migrations, ${name} is no longer a POSIX ${person ? 'account' : 'group'}`;
}

function sshKeyMeans({ keys: [name = ''], after, sides }: Field): string | undefined {
  if (after !== undefined) return 'whoever has the private key logs in as this person';
  return sides.after.people.get(name)?.sshKeys
    ? undefined
    : 'Kanidm keeps the key. To remove the keys of this person, write `sshKeys: {}`';
}

const noGrant = 'no grant on any cluster names this group or a group that contains it';

export const entryFields: readonly FieldRow[] = [
  row('people.*.displayName', ['kanidm', 'none'], 'the display name of $1'),
  row('people.*.legalName', ['kanidm', 'none'], 'the legal name of $1'),
  row('people.*.mails', ['kanidm', byMail], 'the mail of $1', mailMeans),
  row('people.*.sshKeys', ['kanidm', 'medium'], 'the SSH keys of $1'),
  row('people.*.sshKeys.*', ['kanidm', whenAdded('medium')], 'the SSH key $2 of $1', sshKeyMeans),
  row('people.*.posix', ['kanidm', 'low'], 'the POSIX account of $1'),
  row('people.*.posix.gid', ['kanidm', 'medium'], 'the gid number of $1', gidMeans),
  row('people.*.posix.shell', ['kanidm', 'none'], 'the login shell of $1'),
  ...validity('people', 'person'),
  ...history('people', 'person'),
  row('serviceAccounts.*.displayName', ['kanidm', 'none'], 'the display name of service account $1'),
  row('serviceAccounts.*.managedBy', ['kanidm', 'medium'], 'the manager of service account $1', accountManagerMeans),
  ...validity('serviceAccounts', 'service account'),
  ...history('serviceAccounts', 'service account'),
  row('groups.*.members', ['kanidm', whenAdded('low')], 'the members of group $1', membersMean),
  row('groups.*.memberTerms.*.until', ['kanidm', longer], 'the last day of the membership of $2 in $1', endsBy),
  row('groups.*.memberTerms.*.reason', ['kanidm', 'none'], 'the reason for the membership of $2 in $1'),
  row('groups.*.managedBy', ['kanidm', 'medium'], 'the manager of group $1', managerMeans),
  row('groups.*.posix', ['kanidm', 'low'], 'the POSIX group of $1'),
  row('groups.*.posix.gid', ['kanidm', 'medium'], 'the gid number of group $1', gidMeans),
  row('groups.*.policy', ['trust', whenRemoved('medium')], 'the account policy of the members of $1'),
  row(
    'groups.*.policy.credentialMinimum',
    ['trust', weaker],
    'the weakest credential that members of $1 may sign in with',
    ({ after }) =>
      after === 'any'
        ? 'a password alone is enough, unless the policy of another of their groups is stricter'
        : undefined,
  ),
  row('groups.*.policy.sessionExpiry', ['trust', longer], 'the seconds after which a session of members of $1 ends'),
  row(
    'groups.*.policy.privilegeExpiry',
    ['trust', longer],
    'the seconds for which a session of members of $1 stays privileged',
  ),
  row('groups.*.policy.passwordMinimumLength', ['trust', shorter], 'the minimum password length of members of $1'),
  ...history('groups', 'group'),
];
