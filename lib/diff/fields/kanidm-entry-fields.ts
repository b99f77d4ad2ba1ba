import { listed } from '../../access/rights-in-words';
import type { Config } from '../../config/config';
import { authenticators } from '../../identity/authenticator';
import { mayUseThrough } from '../../identity/claims';
import { parentsOf } from '../../identity/membership';
import { isLoopback } from '../../identity/redirects';
import { groupSubjects } from '../../identity/subject';
import { claimsRead } from '../../identity/token-mapping';
import { everyonesGroups } from '../../upstream/kanidm-builtin';
import type { Level } from '../statement';
import { type Field, type FieldRow, joined, parts, row, whenAdded, whenRemoved } from './field';

const validity = (map: string, what: string): FieldRow[] => [
  row(`${map}.*.validFrom`, ['kanidm', 'low'], `when ${what} $1 becomes valid`),
  row(`${map}.*.expires`, ['kanidm', longer], `when ${what} $1 expires`),
];

const history = (map: string, what: string): FieldRow[] => [
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
    ['kanidm', 'medium'],
    `the incarnation of ${what} $1`,
    'Kanidm removes the old entry and creates a new one with another UUID',
  ),
  {
    ...row(`${map}.*.absent`, ['kanidm', 'low'], `the removal of ${what} $1 from Kanidm`),
    instead: ({ keys: [name], after }) =>
      after === true
        ? `${what} ${name} is deleted from Kanidm (absent)`
        : `${what} ${name} is created in Kanidm again (no longer absent)`,
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

const managerMeans = ({ after, keys: [group = ''], sides }: Field): string | undefined =>
  after === undefined || after === null
    ? undefined
    : joined([
        'the manager can add members, including themselves',
        ...(grantsNothing(sides.after, group) ? [noGrant] : []),
      ]);

const noGrant = 'no grant on any cluster names this group or a group that contains it';

export const entryFields: readonly FieldRow[] = [
  row('people.*.displayName', ['kanidm', 'none'], 'the display name of $1'),
  row('people.*.legalName', ['kanidm', 'none'], 'the legal name of $1'),
  row('people.*.mails', ['kanidm', byMail], 'the mail of $1', mailMeans),
  row('people.*.sshKeys', ['kanidm', 'medium'], 'the SSH keys of $1'),
  row('people.*.sshKeys.*', ['kanidm', whenAdded('medium')], 'the SSH key $2 of $1', ({ after }) =>
    after === undefined ? undefined : 'whoever has the private key logs in as this person',
  ),
  row('people.*.posix', ['kanidm', 'low'], 'the POSIX account of $1'),
  row(
    'people.*.posix.gid',
    ['kanidm', 'medium'],
    'the gid number of $1',
    'files on a host belong to this number, not to the name',
  ),
  row('people.*.posix.shell', ['kanidm', 'none'], 'the login shell of $1'),
  ...validity('people', 'person'),
  ...history('people', 'person'),
  row('serviceAccounts.*.displayName', ['kanidm', 'none'], 'the display name of service account $1'),
  row('serviceAccounts.*.managedBy', ['kanidm', 'medium'], 'the manager of service account $1', ({ after }) =>
    after === undefined || after === null ? undefined : 'the manager can issue tokens of the service account',
  ),
  ...validity('serviceAccounts', 'service account'),
  ...history('serviceAccounts', 'service account'),
  row('groups.*.members', ['kanidm', whenAdded('low')], 'the members of group $1', membersMean),
  row('groups.*.memberTerms.*.until', ['kanidm', longer], 'the last day of the membership of $2 in $1', endsBy),
  row('groups.*.memberTerms.*.reason', ['kanidm', 'none'], 'the reason for the membership of $2 in $1'),
  row('groups.*.managedBy', ['kanidm', 'medium'], 'the manager of group $1', managerMeans),
  row('groups.*.posix', ['kanidm', 'low'], 'the POSIX group of $1'),
  row(
    'groups.*.posix.gid',
    ['kanidm', 'medium'],
    'the gid number of group $1',
    'files on a host belong to this number, not to the name',
  ),
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

const clustersThatTrust = (client: string, config: Config): string[] =>
  [...config.clusters.values()]
    .filter((cluster) => [cluster.client, ...cluster.trust].includes(client))
    .map(({ name }) => name);

/** Returns `high` if a website is added to the redirect URLs of a client whose tokens a cluster accepts. */
function newSites(field: Field): Level {
  const [client = ''] = field.keys;
  if (!parts(field).added.some((url) => !isLoopback(url))) return whenAdded('medium')(field);
  return clustersThatTrust(client, field.sides.after).length > 0 ? 'high' : 'medium';
}

/** Returns what the owner of a website can do after people sign in to this website with a client. */
function siteGets(sites: string, { keys: [client = ''], sides }: Field): string {
  const clusters = clustersThatTrust(client, sides.after);
  const place =
    clusters.length > 0 ? `, and can use these tokens to sign in to ${listed(clusters, 10)} as these people` : '';
  return `after sign-in, Kanidm redirects to ${sites} if the request asks for it, and whoever runs that site can get tokens of the people who sign in${place}`;
}

/** Returns what the members of a group lose if the group has no scope map any more. */
function withoutScopes(name: string, group: string, config: Config): string {
  const client = config.clients.get(name);
  return client && mayUseThrough(config, group, client)
    ? `members of ${group} can still use ${name} through another group, with the scopes of that group`
    : `members of ${group} can no longer use ${name}, unless they are in another group of the scope map`;
}

/** Returns who can use a client because of a scope map, and the clusters to which they can then sign in. */
function mayUseMeans(client: string, group: string, config: Config): string | undefined {
  const clusters = clustersThatTrust(client, config);
  const place = clusters.length > 0 ? ` and can sign in to ${listed(clusters, 10)}` : '';
  if (everyonesGroups.includes(group)) return `everybody in Kanidm may use the client${place}`;
  return place === '' ? undefined : `members of ${group} may use the client${place}`;
}

function redirects(field: Field): string | undefined {
  if (field.after === undefined) return 'Kanidm keeps the redirect URLs that it has';
  const landing = field.sides.after.clients.get(field.keys[0] ?? '')?.landingUrl;
  const [added, removed] = [parts(field).added, parts(field).removed.filter((url) => url !== landing)];
  const [local, sites] = [added.filter(isLoopback), added.filter((url) => !isLoopback(url))];
  return joined([
    ...(sites.length > 0 ? [siteGets(sites.join(', '), field)] : []),
    ...(local.length > 0
      ? [
          `a sign-in request can make Kanidm redirect to ${local.join(', ')}, where a program on the machine of the person who signs in gets the answer`,
        ]
      : []),
    ...(removed.length > 0
      ? [`Kanidm no longer redirects to ${removed.join(', ')}: nobody can sign in there any more`]
      : []),
  ]);
}

export const clientFields: readonly FieldRow[] = [
  row('clients.*.displayName', ['kanidm', 'none'], 'the display name of client $1'),
  row('clients.*.type', ['trust', 'medium'], 'the type of client $1', 'a public client has no secret'),
  row(
    'clients.*.landingUrl',
    ['trust', newSites],
    'the landing URL of client $1',
    (field) =>
      `the landing URL is also a redirect URL: ${siteGets(String(field.after), field)}; Kanidm no longer redirects to ${field.before}, unless that URL is one of the redirect URLs`,
  ),
  row('clients.*.redirectUrls', ['trust', newSites], 'the redirect URLs of client $1', redirects),
  row(
    'clients.*.localhostRedirects',
    ['trust', whenAdded('medium')],
    'the setting that accepts any port and path of localhost as a redirect URL of client $1',
    ({ after }) =>
      after === true ? "any program on a person's machine can receive the authorization code" : undefined,
  ),
  row('clients.*.image', ['kanidm', 'none'], 'the logo image of client $1'),
  row('clients.*.image.url', ['kanidm', 'none'], 'the address of the logo image of client $1'),
  row('clients.*.image.sha256', ['kanidm', 'none'], 'the hash of the logo image of client $1'),
  row(
    'clients.*.disablePkce',
    ['trust', whenAdded('medium')],
    'the setting that lets client $1 sign in without PKCE',
    ({ after }) => (after === true ? 'whoever sees the authorization code of a login can sign in with it' : undefined),
  ),
  row('clients.*.scopes', ['trust', 'medium'], 'who may use client $1'),
  row(
    'clients.*.scopes.*',
    ['trust', whenAdded('medium')],
    'the scopes that members of $2 get at client $1',
    ({ keys: [client = '', group = ''], after, sides }) =>
      after === undefined ? withoutScopes(client, group, sides.after) : mayUseMeans(client, group, sides.after),
  ),
  row('clients.*.supplementaryScopes', ['trust', 'low'], 'the supplementary scopes of client $1'),
  row(
    'clients.*.supplementaryScopes.*',
    ['trust', whenAdded('low')],
    'the supplementary scopes of members of $2 at client $1',
  ),
  row('clients.*.claims', ['trust', 'medium'], 'the claims of tokens of client $1'),
  row('clients.*.claims.*.join', ['trust', 'medium'], 'how the values of claim $2 of client $1 are joined'),
  row('clients.*.claims.*.values', ['trust', 'medium'], 'the values of claim $2 of client $1'),
  row(
    'clients.*.claims.*.values.*',
    ['trust', whenAdded('medium')],
    'the values of claim $2 for members of $3 in tokens of client $1',
  ),
  row(
    'clients.*.preferShortUsername',
    ['trust', 'medium'],
    'the setting that leaves the domain out of `preferred_username` of client $1',
  ),
  row('clients.*.consentPrompt', ['trust', 'low'], 'the consent prompt of client $1'),
  row(
    'clients.*.legacyCrypto',
    ['trust', whenAdded('medium')],
    'the setting that signs tokens of client $1 with RS256 instead of ES256',
  ),
  ...history('clients', 'client'),
];
