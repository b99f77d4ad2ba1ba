import type { AuthenticationInput } from '../config/schema/authentication-schema';
import type { Issuer, NameMapping, Setting } from '../existing/api-server-issuers';
import type { Facts } from '../existing/facts';
import { defaultPrefix } from '../identity/authenticator';
import { kanidmClaims } from '../upstream/kanidm-claims';
import { type Account, itemOf } from './account';
import { settingItems } from './adopt-server';

/** An issuer that belongs to a client of Kanidm. */
export interface KanidmIssuer {
  readonly issuer: Issuer;
  readonly origin: string;
  readonly client: string;
  /** The ids of its item and of the items of its settings. */
  readonly items: readonly string[];
}

/** The issuers that the API server trusts, as fields of a cluster in the config. */
export interface AdoptedIssuers {
  readonly own?: KanidmIssuer;
  /** Other clients of the same Kanidm with equal names for people and groups. */
  readonly trust: readonly KanidmIssuer[];
  /** Issuers that a config cannot express. A rendered AuthenticationConfiguration does not have them. */
  readonly left: readonly Issuer[];
  /** Paths of settings of a taken issuer that a rendered file does not have. */
  readonly lacking: readonly string[];
  readonly authentication: AuthenticationInput;
}

const kanidmIssuer = /^(https:\/\/[A-Za-z0-9.-]+(?::\d+)?)\/oauth2\/openid\/([^/]+)(\/?)$/;

/** Claims that a config can use for user names. */
const personal = ['sub', 'email', 'preferred_username'];

/**
 * Takes the issuer of the client that kubectl uses, and those of other clients with equal names for people and groups.
 * @param index which API server of the facts tells how people sign in
 */
export function issuersOf(facts: Facts, index: number | undefined, account: Account): AdoptedIssuers {
  const server = index === undefined ? undefined : facts.apiServers[index];
  if (index === undefined || !server) return { trust: [], left: [], lacking: [], authentication: {} };
  const method = server.method === 'structured' ? ({ method: 'structured' } as const) : {};
  const candidates = server.issuers.flatMap((issuer, j): KanidmIssuer[] => {
    const [, origin, client] = kanidmIssuer.exec(issuer.url) ?? [];
    const items = [itemOf.issuer(index, j), ...settingItems(server, index, issuer, j).map(({ id }) => id)];
    return origin === undefined || client === undefined ? [] : [{ issuer, origin, client, items }];
  });
  // If a kubeconfig was read, kubectl signs in with its client.
  const own =
    candidates.find(({ issuer }) => facts.logins.some((login) => login.issuer === issuer.url)) ?? candidates[0];
  const trust = candidates.filter((one) => one !== own && own && one.origin === own.origin && makesSameNames(one, own));
  const left: Issuer[] = [];
  for (const [j, issuer] of server.issuers.entries()) {
    const one = candidates.find((candidate) => candidate.issuer === issuer);
    if (one && (one === own || trust.includes(one))) {
      account.taken(itemOf.issuer(index, j));
      for (const text of addedTo(issuer)) account.different(itemOf.issuer(index, j), text);
      for (const { setting, id } of settingItems(server, index, issuer, j))
        decide(account, { id, setting }, one, one === own);
      continue;
    }
    left.push(issuer);
    leave(account, [itemOf.issuer(index, j), ...settingItems(server, index, issuer, j).map(({ id }) => id)], {
      issuer,
      why: whyLeft(issuer, one, own),
    });
  }
  const anonymous = server.anonymous;
  if (anonymous) account.taken(itemOf.server(index, 'anonymous'));
  return {
    ...(own ? { own } : {}),
    trust,
    left,
    lacking: [own, ...trust].flatMap((one) =>
      (one?.issuer.settings ?? []).filter(({ name }) => name === 'other').map(({ place }) => place),
    ),
    authentication: {
      ...method,
      ...(own ? fieldsOf(own.issuer) : {}),
      ...(anonymous
        ? { anonymous: { enabled: anonymous.enabled, ...(anonymous.paths ? { paths: [...anonymous.paths] } : {}) } }
        : {}),
    },
  };
}

/** Returns the parts of a rendered issuer that the existing one does not have. */
function addedTo({ algorithms, settings, entry, audiences, username, groups }: Issuer): string[] {
  const noAudience =
    audiences.join('') === '' ? ['the client id is missing, and an API server does not start without one'] : [];
  return [...noAudience, ...(entry ? addedToEntry(settings, [username, groups]) : addedToFlags(algorithms, settings))];
}

function addedToEntry(settings: readonly Setting[], mappings: readonly (NameMapping | undefined)[]): string[] {
  const rules = settings.filter(({ name, place }) => name === 'username' && place.includes('Rules['));
  const prefixes = settings.filter(({ place }) => place.endsWith('.prefix'));
  const wanted = mappings.filter((mapping) => mapping !== undefined && !mapping.expression);
  return [
    ...(rules.length < 2 ? ['Kaniflux also renders rules that reject names beginning with `system:`'] : []),
    ...(prefixes.length < wanted.length
      ? ['a claim has no `prefix`, and an API server rejects the file; Kaniflux renders a prefix']
      : []),
  ];
}

function addedToFlags(algorithms: Issuer['algorithms'], settings: readonly Setting[]): string[] {
  return algorithms?.join() === 'RS256' && !settings.some(({ name }) => name === 'algorithms')
    ? [
        'without --oidc-signing-algs the API server accepts only RS256, which this client does not use, so nobody can sign in today; Kaniflux renders the algorithm of the client',
      ]
    : [];
}

/** Marks an issuer as left out, with the effect. */
export function leave(
  account: Account,
  items: readonly string[],
  { issuer, why }: { issuer: Issuer; why: string },
): void {
  const [first, ...settings] = items;
  const effect = issuer.entry
    ? 'the rendered AuthenticationConfiguration replaces the whole file and does not have this issuer: its tokens are rejected (401) until you add its entry by hand'
    : 'the rendered flags name another issuer: tokens of this one are rejected (401)';
  if (first !== undefined) account.not(first, `${why}; ${effect}`);
  for (const id of settings) account.not(id, `part of ${issuer.url}, which is left out`);
}

function whyLeft(issuer: Issuer, one: KanidmIssuer | undefined, own: KanidmIssuer | undefined): string {
  if (issuer.url.includes('${')) return 'the issuer contains a variable: give adopt a copy with the value';
  if (!one) return 'this issuer is not Kanidm, and a config has no field for other issuers';
  if (own && one.origin !== own.origin) return `this issuer belongs to another Kanidm server than ${own.origin}`;
  return `client ${one.client} produces other user or group names than client ${own?.client}, and a cluster has one claim and prefix for all clients`;
}

const mappingKey = (mapping: NameMapping | undefined, url: string) =>
  JSON.stringify([
    mapping?.claim,
    mapping?.claim === undefined ? mapping?.expression : mapping.prefix.replace(`${url}#`, '#'),
  ]);

function makesSameNames({ issuer: a }: KanidmIssuer, { issuer: b }: KanidmIssuer): boolean {
  return (
    mappingKey(a.username, a.url) === mappingKey(b.username, b.url) &&
    mappingKey(a.groups, a.url) === mappingKey(b.groups, b.url) &&
    JSON.stringify([...a.requiredClaims].sort()) === JSON.stringify([...b.requiredClaims].sort())
  );
}

/**
 * Returns the claim and prefix for a config; `sub` if the existing mapping cannot be expressed. Existing values are
 * written even if they are the default.
 */
export function usernameOf({ username, url, settings }: Issuer): { claim?: string; prefix?: string } {
  if (username?.claim === undefined) return {};
  const isGiven = (what: RegExp) => settings.some(({ name, place }) => name === 'username' && what.test(place));
  const claim = personal.includes(username.claim) ? username.claim : 'sub';
  const isDefault = username.prefix === (isGiven(/prefix|expression/) ? `${url}#` : defaultPrefix(claim, url));
  return { ...(isGiven(/claim|expression/) ? { claim } : {}), ...(isDefault ? {} : { prefix: username.prefix }) };
}

/** Returns the fields of a config that determine user and group names. */
function fieldsOf(issuer: Issuer): AuthenticationInput {
  const { groups, requiredClaims, ca } = issuer;
  return {
    ...usernameOf(issuer),
    ...(groups?.claim === undefined ? {} : { groups: { claim: groups.claim, prefix: groups.prefix } }),
    ...(requiredClaims.size > 0 ? { requiredClaims: Object.fromEntries(requiredClaims) } : {}),
    ...(ca?.nodePath === undefined ? {} : { ca: { nodePath: ca.nodePath } }),
  };
}

interface SettingItem {
  readonly id: string;
  readonly setting: Setting;
}

function decide(
  account: Account,
  { id, setting }: SettingItem,
  { issuer, client }: KanidmIssuer,
  isOwn: boolean,
): void {
  const { name, value } = setting;
  switch (name) {
    case 'issuer':
      if (issuer.url.endsWith('/'))
        account.different(
          id,
          'the URL ends in a slash, and the issuer of Kanidm does not, so nobody can sign in today; Kaniflux renders it without the slash',
        );
      else account.taken(id);
      return;
    case 'audience':
      if (/MatchPolicy$/.test(setting.place))
        account.different(id, 'Kaniflux renders a single audience, which needs no policy');
      else if (value === client) account.taken(id);
      else
        account.different(
          id,
          `${value === '' ? 'no audience' : value} is not the client of the issuer, so no token of this issuer has it as its audience; Kaniflux renders ${client}`,
        );
      return;
    case 'algorithms':
      if (value === 'ES256') account.taken(id);
      else
        account.different(
          id,
          `the setting allows ${value}; Kaniflux renders the algorithm of the client: ES256, or RS256 with \`legacyCrypto\``,
        );
      return;
    case 'username':
      decideName(account, { id, setting }, issuer.username, 'user');
      return;
    case 'groups':
      decideName(account, { id, setting }, issuer.groups, 'group');
      return;
    case 'other':
      account.not(id, `a config has no field for \`${value}\`; without it, ${setting.without}`);
      return;
    case 'ca':
    case 'required':
      if (isOwn || name === 'required') account.taken(id);
      else
        account.different(
          id,
          'a cluster has one CA for all clients of Kanidm; Kaniflux renders that of the first client',
        );
  }
}

function decideName(
  account: Account,
  { id, setting: { place, value } }: SettingItem,
  mapping: NameMapping | undefined,
  what: 'user' | 'group',
): void {
  if (/Rules\[/.test(place)) account.different(id, `${value} is rendered with another message`);
  else if (!mapping && place.startsWith('--')) account.not(id, 'without --oidc-groups-claim this flag has no effect');
  else if (!mapping) account.not(id, '`claim` and `expression` are both missing: an API server rejects the file');
  else if (mapping.claim === undefined) {
    const instead =
      what === 'user'
        ? 'Kaniflux renders `claim: sub`, which names users by their UUID, so existing bindings to users no longer match'
        : 'the rendered settings produce other group names, so existing bindings to groups may no longer match';
    account.not(id, `a config can't hold the expression \`${value}\`; ${instead}`);
  } else if (what === 'user' && !personal.includes(mapping.claim) && /claim|expression/.test(place)) {
    const why =
      mapping.claim === 'name'
        ? '`name` is the display name: two people can have the same one, and people can change theirs'
        : kanidmClaims.has(mapping.claim)
          ? `\`${mapping.claim}\` does not identify a person`
          : `Kanidm fills the claim \`${mapping.claim}\` by group, so it does not identify a person`;
    account.different(id, `${why}; \`claim: sub\` is rendered, so that users are named by their UUID`);
  } else if (mapping.expression !== undefined) {
    const more =
      what === 'group' ? '; a token without the claim then has no groups, while the expression rejects the token' : '';
    account.different(
      id,
      `the expression becomes \`claim: ${mapping.claim}\` with \`prefix: "${mapping.prefix}"\`, which makes the same names${more}`,
    );
  } else account.taken(id);
}
