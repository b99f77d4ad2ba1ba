import { listed } from '../../access/rights-in-words';
import type { Config } from '../../config/config';
import { mayUseThrough } from '../../identity/claims';
import { isLoopback } from '../../identity/redirects';
import { everyonesGroups } from '../../upstream/kanidm-builtin';
import { predecessors } from '../predecessors';
import type { Level } from '../statement';
import { type Field, type FieldRow, joined, parts, row, whenAdded } from './field';
import { history } from './kanidm-entry-fields';

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

/** What Kanidm keeps if the config no longer has a field of a client. */
const keptFields = {
  scopes: 'the scope map. To remove the scope map, write `scopes: {}`',
  supplementaryScopes: 'the supplementary scope map. To remove this map, write `supplementaryScopes: {}`',
  claims: 'the claim maps. To remove the claim maps, write `claims: {}`',
  localhostRedirects: 'this setting. To turn it off, write `localhostRedirects: false`',
  consentPrompt: 'this setting. To turn it off, write `consentPrompt: false`',
} as const;

/** Returns the consequence if the config no longer has a field of a client. */
const keeps =
  (name: keyof typeof keptFields) =>
  ({ keys: [client = ''], sides }: Field): string | undefined => {
    const now = sides.after.clients.get(client);
    const was = sides.before.clients.get(
      predecessors(sides.before, sides.after)({ kind: 'client', name: client }) ?? '',
    );
    // The type of a client cannot change: somebody must delete the client and create it again.
    const isKept = now && now[name] === undefined && now.type === was?.type && (was[name] ?? false) !== false;
    return isKept ? `Kanidm keeps ${keptFields[name]}` : undefined;
  };

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
  return joined([...redirectsTo(parts(field).added, field), ...noLongerTo(parts(field).removed, field)]);
}

function redirectsTo(urls: readonly string[], field: Field): string[] {
  const [local, sites] = [urls.filter(isLoopback), urls.filter((url) => !isLoopback(url))];
  return [
    ...(sites.length > 0 ? [siteGets(sites.join(', '), field)] : []),
    ...(local.length > 0
      ? [
          `a sign-in request can make Kanidm redirect to ${local.join(', ')}, where a program on the machine of the person who signs in gets the answer`,
        ]
      : []),
  ];
}

/** Returns the consequence for removed URLs, except those that the client still accepts because of another setting. */
function noLongerTo(urls: readonly string[], { keys: [name = ''], sides }: Field): string[] {
  // Kanidm keeps a setting that the config no longer has.
  const former = predecessors(sides.before, sides.after)({ kind: 'client', name }) ?? name;
  const { localhostRedirects: kept } = sides.before.clients.get(former) ?? {};
  const { landingUrl, redirectUrls, localhostRedirects = kept } = sides.after.clients.get(name) ?? {};
  const isAccepted = (url: string) =>
    url === landingUrl || redirectUrls?.includes(url) || (localhostRedirects === true && isLoopback(url));
  const refused = urls.filter((url) => !isAccepted(url)).join(', ');
  if (refused === '') return [];
  return redirectUrls
    ? [`Kanidm no longer redirects to ${refused}: nobody can sign in there any more`]
    : [`from now on, Kanidm redirects to ${refused} only if this is one of the redirect URLs in Kanidm`];
}

export const clientFields: readonly FieldRow[] = [
  row('clients.*.displayName', ['kanidm', 'none'], 'the display name of client $1'),
  row('clients.*.type', ['trust', 'medium'], 'the type of client $1', 'a public client has no secret'),
  row('clients.*.landingUrl', ['trust', newSites], 'the landing URL of client $1', (field) =>
    joined([
      `the landing URL is also a redirect URL: ${redirectsTo([String(field.after)], field).join()}`,
      ...noLongerTo([String(field.before)], field),
    ]),
  ),
  row('clients.*.redirectUrls', ['trust', newSites], 'the redirect URLs of client $1', redirects),
  row(
    'clients.*.localhostRedirects',
    ['trust', whenAdded('medium')],
    'the setting that accepts any port and path of localhost as a redirect URL of client $1',
    (field) =>
      field.after === true
        ? "any program on a person's machine can receive the authorization code"
        : keeps('localhostRedirects')(field),
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
    (field) => {
      const { after, sides } = field;
      const [client = '', group = ''] = field.keys;
      if (after !== undefined) return mayUseMeans(client, group, sides.after);
      return keeps('scopes')(field) ?? withoutScopes(client, group, sides.after);
    },
  ),
  row('clients.*.supplementaryScopes', ['trust', 'low'], 'the supplementary scopes of client $1'),
  row(
    'clients.*.supplementaryScopes.*',
    ['trust', whenAdded('low')],
    'the supplementary scopes of members of $2 at client $1',
    keeps('supplementaryScopes'),
  ),
  row('clients.*.claims', ['trust', 'medium'], 'the claims of tokens of client $1'),
  row(
    'clients.*.claims.*.join',
    ['trust', 'medium'],
    'how the values of claim $2 of client $1 are joined',
    keeps('claims'),
  ),
  row('clients.*.claims.*.values', ['trust', 'medium'], 'the values of claim $2 of client $1'),
  row(
    'clients.*.claims.*.values.*',
    ['trust', whenAdded('medium')],
    'the values of claim $2 for members of $3 in tokens of client $1',
    keeps('claims'),
  ),
  row(
    'clients.*.preferShortUsername',
    ['trust', 'medium'],
    'the setting that leaves the domain out of `preferred_username` of client $1',
  ),
  row('clients.*.consentPrompt', ['trust', 'low'], 'the consent prompt of client $1', keeps('consentPrompt')),
  row(
    'clients.*.legacyCrypto',
    ['trust', whenAdded('medium')],
    'the setting that signs tokens of client $1 with RS256 instead of ES256',
  ),
  ...history('clients', 'client'),
];
