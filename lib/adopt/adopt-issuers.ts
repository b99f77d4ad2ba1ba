import type { AuthenticationInput } from '../config/schema/authentication-schema';
import type { ClusterInput } from '../config/schema/cluster-schema';
import type { ClientInput } from '../config/schema/config-schema';
import type { Issuer } from '../existing/api-server-issuers';
import type { Facts } from '../existing/facts';
import { runWithValue } from '../existing/variables';
import { isWithin } from '../identity/issuer';
import { settingItems } from './adopt-server';
import { isHeadlamp } from './headlamp-client';
import { isExpressible, issuerInput, issuerKey, kanidmMapping } from './issuer-input';
import { takeClient, takeLiteral, takeOther } from './issuer-settings';
import { type AdoptedIssuer, isWithVariable, type KanidmIssuer, kanidmUrl, variablesIn } from './kanidm-issuer';
import { itemOf, type Treatments } from './treatments';
import { originsRead } from './which-kanidm';

/** The issuers that the API server trusts, as fields of a cluster in the config. */
export interface AdoptedIssuers {
  readonly own?: KanidmIssuer;
  /** Other clients of the same Kanidm. */
  readonly trust: readonly KanidmIssuer[];
  /** The other issuers in the config. Those of the field `issuers` come first, then those of `jwt`. */
  readonly others: readonly AdoptedIssuer[];
  /** Issuers that are left out of the config, so the rendered settings lack them. */
  readonly left: readonly AdoptedIssuer[];
  /** Paths of settings that the rendered file lacks, although their issuers are in the config. */
  readonly lacking: readonly string[];
  readonly fields: Pick<ClusterInput, 'trust' | 'issuers' | 'jwt'>;
  readonly authentication: AuthenticationInput;
}

/**
 * Converts the issuers of an API server: the client that kubectl uses, other clients of the same Kanidm, and other
 * issuers.
 * @param index the API server whose settings are used
 * @param refused issuers that validation rejected
 */
export function issuersOf(
  facts: Facts,
  index: number | undefined,
  treatments: Treatments,
  refused: ReadonlyMap<Issuer, string> = new Map(),
): AdoptedIssuers {
  const server = index === undefined ? undefined : facts.apiServers[index];
  if (index === undefined || !server)
    return { trust: [], others: [], left: [], lacking: [], fields: {}, authentication: {} };
  const isStructured = server.method === 'structured';
  const all = server.issuers.map((issuer, j): AdoptedIssuer & Partial<KanidmIssuer> => {
    const items = [itemOf.issuer(index, j), ...settingItems(server, index, issuer, j).map(({ id }) => id)];
    return { issuer, items, ...(isWithVariable(issuer) ? {} : kanidmUrl(issuer.url)) };
  });
  const clientsOfKanidm = all.filter(isKanidm);
  // The cluster's own client is the client that a kubeconfig names. If no kubeconfig names one, adopt takes a client of
  // a Kanidm that was read. A client that kubectl can use takes precedence.
  const origins = originsRead(clientsOfKanidm, facts);
  const candidates = clientsOfKanidm.filter(({ origin }) => origins.has(origin));
  const own =
    clientsOfKanidm.find(({ issuer }) => facts.logins.some((login) => login.issuer === issuer.url)) ??
    candidates.find((one) => isForKubectl(one, facts)) ??
    candidates[0];
  const isRepeated = ({ issuer }: AdoptedIssuer) => server.issuers.find(({ url }) => url === issuer.url) !== issuer;
  const trust = isStructured
    ? clientsOfKanidm.filter((one) => one !== own && !isRepeated(one) && isTrusted(one, own, refused))
    : [];
  for (const one of own ? [own, ...trust] : [])
    takeClient(treatments, one, { isOwn: one === own, entry: entryOf(one, facts) });
  const issuers: Record<string, ReturnType<typeof issuerInput>> = {};
  const jwt: Record<string, unknown>[] = [];
  const [named, literal, left]: AdoptedIssuer[][] = [[], [], []];
  for (const one of all) {
    const { issuer } = one;
    if (one === own || trust.some((other) => other === one)) continue;
    const why = isRepeated(one) ? repeated : (refused.get(issuer) ?? whyNot(issuer, isStructured));
    if (why !== undefined) {
      left?.push(one);
      leave(treatments, one, { why, own });
    } else if (isExpressible(issuer)) {
      issuers[issuerKey(issuer.url, Object.keys(issuers))] = issuerInput(issuer);
      named?.push(one);
      takeOther(treatments, one);
    } else if (issuer.entry) {
      jwt.push(issuer.entry);
      literal?.push(one);
      takeLiteral(treatments, one);
    }
  }
  const { anonymous } = server;
  if (anonymous) treatments.taken(itemOf.server(index, 'anonymous'));
  const mappings = trust.filter(({ issuer }) => own && !makesSameNames(issuer, own.issuer));
  const clients = Object.fromEntries(mappings.map(({ client, issuer }) => [client, kanidmMapping(issuer)]));
  return {
    ...(own ? { own } : {}),
    trust,
    others: [...(named ?? []), ...(literal ?? [])],
    left: left ?? [],
    lacking: [own, ...trust].flatMap((one) =>
      (one?.issuer.settings ?? [])
        .filter(({ name }) => name === 'other' || name === 'connection')
        .map(({ place }) => place),
    ),
    fields: {
      ...(trust.length > 0 ? { trust: trust.map(({ client }) => client) } : {}),
      ...(Object.keys(issuers).length > 0 ? { issuers } : {}),
      ...(jwt.length > 0 ? { jwt } : {}),
    },
    authentication: {
      ...(isStructured ? { method: 'structured' } : {}),
      ...(own ? kanidmMapping(own.issuer) : {}),
      ...(own?.issuer.ca?.nodePath === undefined ? {} : { ca: { nodePath: own.issuer.ca.nodePath } }),
      ...(mappings.length > 0 ? { clients } : {}),
      ...(anonymous
        ? { anonymous: { enabled: anonymous.enabled, ...(anonymous.paths ? { paths: [...anonymous.paths] } : {}) } }
        : {}),
    },
  };
}

/**
 * Whether kubectl can use a client, as far as is known: it is neither confidential (`basic`) nor the client of
 * Headlamp.
 */
function isForKubectl(one: KanidmIssuer, facts: Facts): boolean {
  const fields = entryOf(one, facts);
  return fields?.type !== 'basic' && !isHeadlamp(one.client, fields);
}

/** Returns the entry of a client, if it was read from the Kanidm of the issuer. */
function entryOf({ client, origin }: KanidmIssuer, { entries }: Facts): ClientInput | undefined {
  const { hostname } = new URL(origin);
  const entry = entries.find(
    ({ kind, name, domain }) =>
      kind === 'client' && name === client && (domain === undefined || isWithin(hostname, domain)),
  );
  return entry?.kind === 'client' ? entry.fields : undefined;
}

const isKanidm = (one: AdoptedIssuer & Partial<KanidmIssuer>): one is KanidmIssuer => one.client !== undefined;

/**
 * Whether a client of Kanidm, other than the cluster's own client, can be in `trust`. A client in the config has no
 * fields for the settings `other` and `connection`. An issuer with such a setting goes to `issuers` or `jwt` instead,
 * so that the setting is rendered.
 */
const isTrusted = (one: KanidmIssuer, own: KanidmIssuer | undefined, refused: ReadonlyMap<Issuer, string>): boolean =>
  own?.origin === one.origin &&
  !refused.has(one.issuer) &&
  one.issuer.username !== undefined &&
  one.issuer.settings.every(({ name }) => name !== 'other' && name !== 'connection');

const repeated = 'another entry has this issuer URL, so an API server rejects the file';

/** Returns the reason why an issuer cannot be in a config. */
function whyNot(issuer: Issuer, isStructured: boolean): string | undefined {
  const { url, entry } = issuer;
  const variables = variablesIn(issuer);
  if (variables.length > 0) return `the issuer contains a variable in ${variables.join(', ')}: ${runWithValue}`;
  if (!isStructured)
    return /^http:/i.test(url)
      ? 'the URL is not https, so an API server does not start with it; if this is the URL of Kanidm, write https in the file, and run adopt again'
      : 'with flags, the only issuer that a config can have is the issuer of a client of Kanidm';
  return entry === undefined || url === ''
    ? 'the entry has no `issuer.url`, so an API server rejects the file'
    : undefined;
}

const mappingKey = (issuer: Issuer): string =>
  JSON.stringify(kanidmMapping(issuer), (_, value: unknown) =>
    typeof value === 'string' ? value.replaceAll(`${issuer.url}#`, '#') : value,
  );

const makesSameNames = (a: Issuer, b: Issuer): boolean => mappingKey(a) === mappingKey(b);

/**
 * Records that an issuer is left out, with the effect. If the issuer contains a variable and no other issuer is
 * Kanidm's, the effect is unknown, because this issuer may be Kanidm's.
 */
function leave(
  treatments: Treatments,
  { issuer, items }: AdoptedIssuer,
  { why, own }: { why: string; own: KanidmIssuer | undefined },
): void {
  const [first, ...settings] = items;
  const effect = issuer.entry
    ? 'the rendered AuthenticationConfiguration replaces the whole file and does not have this issuer: its tokens are rejected (401) until you add the entry of this issuer by hand'
    : 'the rendered flags name another issuer: tokens of this one are rejected (401)';
  const isUnknown = !own && isWithVariable(issuer);
  if (first !== undefined) treatments.not(first, isUnknown ? why : `${why}; ${effect}`);
  for (const id of settings) treatments.not(id, `part of ${issuer.url}, which is left out`);
}
