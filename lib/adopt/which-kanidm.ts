import type { Facts, KanidmServer } from '../existing/facts';
import type { ReadEntry, ServerRef } from '../existing/kanidm-entries';

/** The Kanidm that people of the cluster sign in at. */
export interface OwnKanidm {
  readonly domain?: string;
  readonly origin?: string;
  readonly version?: string;
  /** The CA of its certificate, as PEM. */
  readonly ca?: string;
  /** The servers that were read and are this Kanidm. */
  readonly servers: ReadonlySet<KanidmServer>;
  /** The reason for each entry that belongs to another Kanidm, or may belong to one, by its index. */
  readonly foreign: ReadonlyMap<number, string>;
  readonly release?: Facts['releases'][number];
}

/** Whether a host is that of a domain. Kanidm does not start with an origin that is not at or below its domain. */
export const isBelow = (host: string, domain: string): boolean => host === domain || host.endsWith(`.${domain}`);

/**
 * Selects the Kanidm of the cluster where several were read, such as one for tests, and the entries that are not its own.
 * @param origin the address at which people sign in; `undefined` if nothing says it
 */
export function whichKanidm({ servers, entries, releases }: Facts, origin: string | undefined): OwnKanidm {
  const host = origin === undefined ? undefined : new URL(origin).hostname;
  const domains = [
    ...entries.map((entry) => entry.domain),
    ...servers.map((server) => server.domain),
    ...releases.map((release) => release.domain),
  ].filter((one) => one !== undefined);
  const domain =
    host === undefined
      ? domains[0]
      : domains.filter((one) => isBelow(host, one)).sort((a, b) => b.length - a.length)[0];
  const own = servers.filter((server) => isOwn(server, { host, domain }));
  const foreign = new Map<number, string>();
  const others = servers.filter((server) => !own.includes(server));
  for (const [i, entry] of entries.entries()) {
    const why = whyForeign(entry, { own, others, domain, host, entries });
    if (why !== undefined) foreign.set(i, why);
  }
  const last = <K extends 'origin' | 'version' | 'ca'>(key: K) =>
    own.findLast((server) => server[key] !== undefined)?.[key];
  const [address, version, ca] = [last('origin'), last('version'), last('ca')];
  // A release that names no domain may be the one.
  const release =
    releases.find((one) => one.domain !== undefined && one.domain === domain) ??
    releases.find((one) => one.domain === undefined);
  return {
    ...(release ? { release } : {}),
    ...(domain === undefined ? {} : { domain }),
    ...(address === undefined ? {} : { origin: address }),
    ...(version === undefined ? {} : { version }),
    ...(ca === undefined ? {} : { ca }),
    servers: new Set(own),
    foreign,
  };
}

interface Place {
  readonly host: string | undefined;
  readonly domain: string | undefined;
}

/** Whether a server may be the own one. A source that tells neither domain nor address tells of no other. */
const isOwn = (server: KanidmServer, { host, domain }: Place): boolean => {
  if (server.origin !== undefined && host !== undefined) return new URL(server.origin).hostname === host;
  return server.domain === undefined || server.domain === domain;
};

const isSame = (a: ServerRef, b: ServerRef): boolean =>
  a.name === b.name && (a.namespace === undefined || b.namespace === undefined || a.namespace === b.namespace);

export const serverName = ({ name, namespace }: ServerRef): string =>
  `Kanidm ${namespace === undefined ? '' : `${namespace}/`}${name}`;

interface Known extends Place {
  readonly own: readonly KanidmServer[];
  readonly others: readonly KanidmServer[];
  readonly entries: readonly ReadEntry[];
}

function whyForeign({ domain, server }: ReadEntry, known: Known): string | undefined {
  const at = known.host ?? known.domain;
  if (domain !== undefined && domain !== known.domain) {
    return `its name ends in @${domain}, so it belongs to another Kanidm than that at ${at}`;
  }
  if (server === undefined) return undefined;
  const isIts = ({ resource }: KanidmServer) => resource !== undefined && isSame(resource, server);
  if (known.own.some(isIts)) return undefined;
  const other = known.others.find(isIts);
  if (other)
    return `it belongs to ${serverName(server)} (${other.domain ?? other.origin}), and people sign in at ${at}`;
  if (known.own.some(({ resource }) => resource !== undefined)) {
    return `it belongs to ${serverName(server)}, which was not read, and not to the Kanidm at ${at}`;
  }
  const refs = known.entries.flatMap((entry) => entry.server ?? []);
  const isOnly = refs.every(
    (ref) => isSame(ref, server) || known.others.some(({ resource }) => resource && isSame(resource, ref)),
  );
  return isOnly
    ? undefined
    : `it belongs to ${serverName(server)}, other entries belong to another Kanidm, and adopt cannot tell which of them is the one at ${at ?? 'which people sign in'}: give adopt the resources of kind Kanidm too`;
}
