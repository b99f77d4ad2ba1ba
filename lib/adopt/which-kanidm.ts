import type { Facts, KanidmServer } from '../existing/facts';
import type { ReadEntry, ServerRef } from '../existing/kanidm-entries';
import { isWithin } from '../identity/issuer';

/** The Kanidm with which people sign in to the cluster. */
export interface OwnKanidm {
  readonly domain?: string;
  readonly origin?: string;
  readonly version?: string;
  /** The CA of its certificate, as PEM. */
  readonly ca?: string;
  /**
   * The reason why no Kanidm is chosen, if several servers were read and nothing says which one belongs to the cluster.
   */
  readonly unclear?: string;
  /** The servers that are, or may be, another Kanidm, each with the reason. */
  readonly others: ReadonlyMap<KanidmServer, string>;
  /** The indexes of the entries that belong, or may belong, to another Kanidm, each with the reason. */
  readonly foreign: ReadonlyMap<number, string>;
  readonly release?: Facts['releases'][number];
}

/**
 * Returns the origins of the clients whose entries were read. An entry does not count if it was read from a Kanidm at
 * another origin than that of the client. If no entry of a client counts, returns the origins at which any entry was
 * read. If there are none either, returns the origins of all clients.
 */
export function originsRead(clients: readonly OriginClient[], { entries, servers }: Facts): Set<string> {
  const placesOf = ({ domain, server }: ReadEntry): Place[] =>
    domain === undefined
      ? servers.flatMap((one) =>
          server && one.resource && isSame(one.resource, server) && hasPlace(one) ? [placeOf(one)] : [],
        )
      : [{ host: undefined, domain }];
  const isAt = (origin: string) => (place: Place) => {
    const { hostname } = new URL(origin);
    return place.host === undefined ? isWithin(hostname, place.domain ?? '') : place.host === hostname;
  };
  const ofClient = clients.filter(({ origin, client }) =>
    entries.some((entry) => {
      const places = placesOf(entry);
      return entry.kind === 'client' && entry.name === client && (places.length === 0 || places.some(isAt(origin)));
    }),
  );
  const ofEntry = clients.filter(({ origin }) => entries.some((entry) => placesOf(entry).some(isAt(origin))));
  const best = [ofClient, ofEntry, clients].find((some) => some.length > 0) ?? [];
  return new Set(best.map(({ origin }) => origin));
}

interface OriginClient {
  readonly origin: string;
  readonly client: string;
}

/**
 * If several Kanidm servers were read, such as one for tests, selects the server of the cluster, and finds the entries
 * that belong to another server.
 * @param origin the origin at which people sign in; `undefined` if it is unknown
 */
export function whichKanidm({ servers, entries, releases }: Facts, origin: string | undefined): OwnKanidm {
  const host = origin === undefined ? undefined : new URL(origin).hostname;
  const domains = [
    ...entries.map((entry) => entry.domain),
    ...servers.map((server) => server.domain),
    ...releases.map((release) => release.domain),
  ].filter((one) => one !== undefined);
  const unclear = host === undefined ? whyUnclear(servers, domains) : undefined;
  const domain =
    unclear === undefined
      ? domains.filter((one) => host === undefined || isWithin(host, one)).sort((a, b) => b.length - a.length)[0]
      : undefined;
  const others = new Map(
    servers.flatMap((server): [KanidmServer, string][] => {
      const why = isEmpty(server)
        ? undefined
        : (unclear ?? whyOther(server, { host, domain, servers, at: origin ?? domain }));
      return why === undefined ? [] : [[server, why]];
    }),
  );
  const own = servers.filter((server) => !others.has(server));
  const foreign = new Map<number, string>();
  for (const [i, entry] of entries.entries()) {
    const why = unclear ?? whyForeign(entry, { own, others, domain, host, entries });
    if (why !== undefined) foreign.set(i, why);
  }
  const last = <K extends 'origin' | 'version' | 'ca'>(key: K) =>
    own.findLast((server) => server[key] !== undefined)?.[key];
  const [address, version, ca] = [last('origin'), last('version'), last('ca')];
  // If no release has the domain of this Kanidm, a release with an unknown domain is chosen, but only if there is no
  // other such release.
  const nameless = releases.filter((one) => one.domain === undefined);
  const release =
    unclear === undefined
      ? (releases.find((one) => one.domain !== undefined && one.domain === domain) ??
        (nameless.every((one) => nameless[0] && isSame(one, nameless[0])) ? nameless[0] : undefined))
      : undefined;
  return {
    ...(release ? { release } : {}),
    ...(domain === undefined ? {} : { domain }),
    ...(address === undefined ? {} : { origin: address }),
    ...(version === undefined ? {} : { version }),
    ...(ca === undefined ? {} : { ca }),
    ...(unclear === undefined ? {} : { unclear }),
    others,
    foreign,
  };
}

interface Place {
  readonly host: string | undefined;
  readonly domain: string | undefined;
}

const hostOf = ({ origin }: KanidmServer): string | undefined =>
  origin === undefined ? undefined : new URL(origin).hostname;

const placeOf = (server: KanidmServer): Place => ({ host: hostOf(server), domain: server.domain });

const hasPlace = ({ domain, origin }: KanidmServer): boolean => domain !== undefined || origin !== undefined;

/** Whether a source has only a CA or a version, and so may describe any Kanidm. */
const isEmpty = (server: KanidmServer): boolean => !hasPlace(server) && server.resource === undefined;

/** Whether two servers are described by different resources of a cluster. */
const areTwo = (a: KanidmServer, b: KanidmServer): boolean =>
  a.resource !== undefined && b.resource !== undefined && !isSame(a.resource, b.resource);

/** Returns the reason why no Kanidm is chosen, if there are several and nothing says with which one people sign in. */
function whyUnclear(servers: readonly KanidmServer[], domains: readonly string[]): string | undefined {
  const isVague = servers.some((a) => !hasPlace(a) && servers.some((b) => areTwo(a, b)));
  const hosts = servers.flatMap((server) => (server.resource ? (hostOf(server) ?? []) : []));
  const names = [domains, hosts].map((all) => [...new Set(all)]).find((all) => all.length > 1);
  if (!isVague && !names) return undefined;
  const list = names ?? servers.flatMap(({ resource }) => (resource ? serverName(resource) : []));
  return `several Kanidm servers were read (${list.join(', ')}), and it is not known at which of them people sign in: run adopt with the settings of the API server too`;
}

/** Returns the reason why a server is, or may be, another Kanidm than the Kanidm of the cluster. */
function whyOther(
  server: KanidmServer,
  { host, domain, servers, at }: Place & { readonly servers: readonly KanidmServer[]; readonly at: string | undefined },
): string | undefined {
  const isAt = (one: KanidmServer) =>
    host !== undefined && one.origin !== undefined
      ? hostOf(one) === host
      : one.domain === undefined || one.domain === domain;
  // The same resource may have been read twice: from Git, where it has variables, and from the cluster, where it has
  // their values.
  const same = hasPlace(server) ? [server] : servers.filter((one) => hasPlace(one) && isOne(one, server));
  if (same.length > 0) return same.some(isAt) ? undefined : `people sign in at ${at}, which is another Kanidm`;
  const rivals = servers.filter((one) => isAt(one) && areTwo(one, server));
  const [rival] = [...rivals.filter(hasPlace), ...rivals];
  return rival?.resource === undefined
    ? undefined
    : `adopt does not know the domain of this Kanidm, so it cannot tell whether people sign in at this Kanidm or at ${serverName(rival.resource)}${hasPlace(rival) ? `, which is at ${at}` : ''}: copy the resource of this Kanidm to a file, add the domain there, and run adopt with this file`;
}

const isOne = (a: KanidmServer, b: KanidmServer): boolean =>
  a.resource !== undefined && b.resource !== undefined && isSame(a.resource, b.resource);

const isSame = (a: ServerRef, b: ServerRef): boolean =>
  a.name === b.name && (a.namespace === undefined || b.namespace === undefined || a.namespace === b.namespace);

export const serverName = ({ name, namespace }: ServerRef): string =>
  `Kanidm ${namespace === undefined ? '' : `${namespace}/`}${name}`;

interface Known extends Place {
  readonly own: readonly KanidmServer[];
  readonly others: ReadonlyMap<KanidmServer, string>;
  readonly entries: readonly ReadEntry[];
}

function whyForeign({ domain, server }: ReadEntry, known: Known): string | undefined {
  const at = known.host ?? known.domain;
  if (domain !== undefined && domain !== known.domain) {
    return `the name of the entry ends in @${domain}, so the entry belongs to another Kanidm than that at ${at}`;
  }
  if (server === undefined) return undefined;
  const isIts = ({ resource }: KanidmServer) => resource !== undefined && isSame(resource, server);
  if (known.own.some(isIts)) return undefined;
  const others = [...known.others.keys()];
  const other = others.find(isIts);
  if (other) {
    const place = other.domain ?? other.origin;
    return place === undefined
      ? `the entry belongs to ${serverName(server)}: ${known.others.get(other)}`
      : `the entry belongs to ${serverName(server)} (${place}), but people sign in at another Kanidm (${at})`;
  }
  if (known.own.some(({ resource }) => resource !== undefined)) {
    return `the entry belongs to ${serverName(server)}, which was not read and is not the Kanidm at ${at}`;
  }
  const refs = known.entries.flatMap((entry) => entry.server ?? []);
  const isOnly = refs.every(
    (ref) => isSame(ref, server) || others.some(({ resource }) => resource && isSame(resource, ref)),
  );
  return isOnly
    ? undefined
    : `the entry belongs to ${serverName(server)}, but other entries belong to another Kanidm, and adopt cannot tell ${at === undefined ? 'at which of these Kanidms people sign in' : `which of these Kanidms is at ${at}`}: run adopt with the resources of kind Kanidm too`;
}
