import type { AuthenticationInput } from '../config/schema/authentication-schema';
import type { Issuer, NameMapping, Setting } from '../existing/api-server-issuers';
import type { Facts } from '../existing/facts';
import { defaultPrefix } from '../identity/authenticator';
import { kanidmClaims } from '../upstream/kanidm-claims';
import { type Account, itemOf } from './account';
import { settingItems } from './adopt-server';

/** An issuer that is a client of Kanidm. */
export interface KanidmIssuer {
  readonly issuer: Issuer;
  readonly origin: string;
  readonly client: string;
  /** Id of its item, and of those of its settings. */
  readonly items: readonly string[];
}

/** Whom the API server trusts, as a cluster of a config says it. */
export interface AdoptedIssuers {
  readonly own?: KanidmIssuer;
  /** Further clients of the same Kanidm that make the same names. */
  readonly trust: readonly KanidmIssuer[];
  /** Issuers that a config has no place for: a rendered AuthenticationConfiguration lacks them. */
  readonly left: readonly Issuer[];
  /** Places of settings of a taken issuer that a rendered file lacks. */
  readonly lacking: readonly string[];
  readonly authentication: AuthenticationInput;
}

const kanidmIssuer = /^(https:\/\/[A-Za-z0-9.-]+(?::\d+)?)\/oauth2\/openid\/([^/]+)(\/?)$/;

/** Claims that a config can name people by. */
const personal = ['sub', 'email', 'preferred_username'];

/**
 * Takes the issuer of kubectl's client, and those of other clients that make the same names.
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
  // kubectl signs in with the client of the kubeconfigs, where one was read.
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

/** What is rendered for an issuer beside what was read. */
function addedTo({ algorithms, settings, entry, audiences, username, groups }: Issuer): string[] {
  const noAudience =
    audiences.join('') === '' ? ['it names no client id, and an API server does not start with it'] : [];
  return [...noAudience, ...(entry ? addedToEntry(settings, [username, groups]) : addedToFlags(algorithms, settings))];
}

function addedToEntry(settings: readonly Setting[], mappings: readonly (NameMapping | undefined)[]): string[] {
  const rules = settings.filter(({ name, place }) => name === 'username' && place.includes('Rules['));
  const prefixes = settings.filter(({ place }) => place.endsWith('.prefix'));
  const wanted = mappings.filter((mapping) => mapping !== undefined && !mapping.expression);
  return [
    ...(rules.length < 2 ? ['rules that refuse names beginning with `system:` are rendered beside it'] : []),
    ...(prefixes.length < wanted.length
      ? ['a claim has no `prefix` beside it, and an API server refuses the file; it is rendered with one']
      : []),
  ];
}

function addedToFlags(algorithms: Issuer['algorithms'], settings: readonly Setting[]): string[] {
  return algorithms?.join() === 'RS256' && !settings.some(({ name }) => name === 'algorithms')
    ? [
        "without --oidc-signing-algs it accepts RS256 only: with what Kanidm signs, nobody can sign in today; the client's algorithm is rendered",
      ]
    : [];
}

/** Marks an issuer as left out, and says what that does. */
export function leave(
  account: Account,
  items: readonly string[],
  { issuer, why }: { issuer: Issuer; why: string },
): void {
  const [first, ...settings] = items;
  const effect = issuer.entry
    ? 'the rendered AuthenticationConfiguration is the whole file and lacks it: its tokens are refused (401) until its entry is put in by hand'
    : 'the rendered flags name another issuer: its tokens are refused (401)';
  if (first !== undefined) account.not(first, `${why}; ${effect}`);
  for (const id of settings) account.not(id, `belongs to ${issuer.url}, which is left out`);
}

function whyLeft(issuer: Issuer, one: KanidmIssuer | undefined, own: KanidmIssuer | undefined): string {
  if (issuer.url.includes('${'))
    return 'a variable stands in the issuer: write its value into a copy and give that to adopt';
  if (!one) return 'it is no issuer of Kanidm, and a config has no field for another';
  if (own && one.origin !== own.origin) return `it is of another Kanidm than ${own.origin}`;
  return `client ${one.client} makes other names than client ${own?.client}, and a cluster has one claim and prefix for all clients`;
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
 * The claim and prefix that a config can say; `sub` where people are named by something that it can't. What was read is
 * written also where it is the default.
 */
export function usernameOf({ username, url, settings }: Issuer): { claim?: string; prefix?: string } {
  if (username?.claim === undefined) return {};
  const isGiven = (what: RegExp) => settings.some(({ name, place }) => name === 'username' && what.test(place));
  const claim = personal.includes(username.claim) ? username.claim : 'sub';
  const isDefault = username.prefix === (isGiven(/prefix|expression/) ? `${url}#` : defaultPrefix(claim, url));
  return { ...(isGiven(/claim|expression/) ? { claim } : {}), ...(isDefault ? {} : { prefix: username.prefix }) };
}

/** What a config says of how names are made. */
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
          "it ends in a slash and Kanidm's does not: nobody can sign in today; Kaniflux writes it without",
        );
      else account.taken(id);
      return;
    case 'audience':
      if (/MatchPolicy$/.test(setting.place))
        account.different(id, 'one audience needs no policy, and is all that is rendered');
      else if (value === client) account.taken(id);
      else
        account.different(
          id,
          `${value === '' ? 'no audience' : value} is not the client of the issuer, ${client}: no token of Kanidm's for it carries that; ${client} is rendered`,
        );
      return;
    case 'algorithms':
      if (value === 'ES256') account.taken(id);
      else
        account.different(
          id,
          `it allows ${value}; what Kanidm signs with for the client is rendered, ES256 unless it has \`legacyCrypto\``,
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
      else account.different(id, 'a cluster has one CA for all clients of Kanidm: that of the first is rendered');
  }
}

function decideName(
  account: Account,
  { id, setting: { place, value } }: SettingItem,
  mapping: NameMapping | undefined,
  what: 'user' | 'group',
): void {
  if (/Rules\[/.test(place)) account.different(id, `${value} is rendered with a message of Kaniflux's own`);
  else if (!mapping)
    account.not(id, 'there is neither `claim` nor `expression` beside it: an API server refuses the file');
  else if (mapping.claim === undefined) {
    const instead =
      what === 'user'
        ? 'without it, `claim: sub` is rendered and users are named by their UUID: bindings to users no longer match'
        : 'without it, no groups are read as it makes them: bindings to groups may no longer match';
    account.not(id, `a config can't hold the expression \`${value}\`; ${instead}`);
  } else if (what === 'user' && !personal.includes(mapping.claim) && /claim|expression/.test(place)) {
    const why =
      mapping.claim === 'name'
        ? '`name` is the display name: two people can have the same, and everybody can change their own'
        : kanidmClaims.has(mapping.claim)
          ? `\`${mapping.claim}\` names no person`
          : `a claim \`${mapping.claim}\` belongs to groups in Kanidm, so it can't tell one person from another`;
    account.different(id, `${why}; \`claim: sub\` is rendered, so that users are named by their UUID`);
  } else if (mapping.expression !== undefined) {
    const more =
      what === 'group' ? '; a token without the claim then has no groups, where the expression refuses it' : '';
    account.different(
      id,
      `the expression becomes \`claim: ${mapping.claim}\` with \`prefix: "${mapping.prefix}"\`, which makes the same names${more}`,
    );
  } else account.taken(id);
}
