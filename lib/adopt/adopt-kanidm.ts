import type { Facts, Login, Note } from '../existing/facts';
import type { Json } from '../guards';
import { isWithin } from '../identity/issuer';
import { type KanidmIssuer, kanidmUrl } from './kanidm-issuer';
import type { OwnKanidm } from './which-kanidm';

const hostOf = (origin: string) => new URL(origin).hostname;

/** Returns the origin of Kanidm that the API server or a kubeconfig names. */
export const originOf = (facts: Facts, own: KanidmIssuer | undefined): string | undefined =>
  own?.origin ?? originOfLogin(facts);

/** Returns the first login with Kanidm in the kubeconfigs that were read. */
export const kanidmLogin = ({ logins }: Facts): Login | undefined =>
  logins.find(({ issuer }) => issuer !== undefined && kanidmUrl(issuer) !== undefined);

const originOfLogin = (facts: Facts): string | undefined => kanidmUrl(kanidmLogin(facts)?.issuer ?? '')?.origin;

/**
 * Returns the domain of Kanidm, from its entries or resources. If these have none, returns the most frequent domain in
 * user and group names. Only the host of the origin and its parent domains count. If no name has such a domain, returns
 * the host of the origin.
 */
export function kanidmDomain(facts: Facts, own: KanidmIssuer | undefined, kanidm: OwnKanidm): string | undefined {
  const origin = originOf(facts, own) ?? kanidm.origin;
  if (kanidm.domain !== undefined || origin === undefined) return kanidm.domain;
  return domainInNames(facts, own, hostOf(origin)) ?? hostOf(origin);
}

function domainInNames(facts: Facts, own: KanidmIssuer | undefined, host: string): string | undefined {
  const counts = new Map<string, number>();
  for (const { kind, name } of facts.bindings.flatMap(({ object }) => object.subjects ?? [])) {
    const isMail = kind === 'User' && own?.issuer.username?.claim !== 'preferred_username';
    const domain = isMail ? undefined : /@([a-z0-9.-]+)$/.exec(name)?.[1];
    if (domain !== undefined && isWithin(host, domain)) counts.set(domain, (counts.get(domain) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** Returns a note if the domain is only a guess, because nothing that was read contains it. */
export function domainNote(facts: Facts, own: KanidmIssuer | undefined, kanidm: OwnKanidm): Note[] {
  const origin = originOf(facts, own) ?? kanidm.origin;
  const isNoted = facts.notes.some(({ text }) => text.includes('`kanidm.domain`'));
  if (kanidm.domain !== undefined || origin === undefined || isNoted) return [];
  const host = hostOf(origin);
  if (domainInNames(facts, own, host) !== undefined) return [];
  const source =
    own?.issuer.source ?? kanidmLogin(facts)?.source ?? facts.servers.find((server) => server.origin)?.source ?? '';
  const text = `adopt did not find the domain of Kanidm, and assumes ${host}, the host of its address. The domain can also be a parent domain of this host. Names in tokens end in the domain, so verify \`kanidm.domain\``;
  return [{ source, text }];
}

/**
 * Returns a note for each description of the cluster's Kanidm whose origin is not the origin of the issuer that the API
 * server trusts. Kanidm derives the issuer from its origin, so a different port alone makes the issuer different.
 * @see https://github.com/kanidm/kanidm/blob/v1.11.1/server/lib/src/idm/oauth2.rs
 */
export function originNotes({ servers }: Facts, own: KanidmIssuer | undefined, kanidm: OwnKanidm): Note[] {
  if (!own) return [];
  return servers.flatMap((server): Note[] => {
    const { source, domain, origin } = server;
    // Without the domain, the origin is only the address at which adopt read Kanidm.
    const isOther =
      domain !== undefined && origin !== undefined && new URL(origin).origin !== new URL(own.origin).origin;
    if (!isOther || kanidm.others.has(server)) return [];
    const text = `the origin of Kanidm is ${origin}, so its tokens have the issuer ${new URL(origin).origin}/oauth2/openid/${own.client}, but the API server trusts ${own.issuer.url}: if both settings are in use, the API server rejects all tokens; the config has the origin from the issuer that the API server trusts`;
    return [{ source, text }];
  });
}

/**
 * Returns a note for each file that describes a Kanidm other than the one at which people sign in. If adopt cannot tell
 * at which Kanidm people sign in, each file gets a note. Resources of kaniop get none, because the report lists them as
 * items.
 */
export const otherKanidms = ({ servers }: Facts, { others }: OwnKanidm): Note[] =>
  servers.flatMap((server): Note[] => {
    const why = server.resource ? undefined : others.get(server);
    return why === undefined
      ? []
      : [{ source: server.source, text: `Kanidm ${server.domain ?? server.origin}: ${why}` }];
  });

interface Known {
  readonly own: KanidmIssuer | undefined;
  readonly kanidm: OwnKanidm;
  readonly domain: string | undefined;
  readonly cluster: string;
}

/** Returns the `kanidm` section of a config. */
export function kanidmOf(facts: Facts, { own, kanidm, domain, cluster }: Known): Json {
  const origin = originOf(facts, own) ?? kanidm.origin;
  const version = /^\d+\.\d+(\.\d+)?$/.exec(kanidm.version ?? '')?.[0];
  const { release } = kanidm;
  return {
    domain: domain ?? null,
    ...(origin !== undefined && origin !== `https://${domain}` ? { origin } : {}),
    ...(version === undefined ? {} : { version }),
    ...(release
      ? {
          cluster,
          ...(release.namespace === undefined || release.namespace === 'kanidm'
            ? {}
            : { namespace: release.namespace }),
          helm: release.helm,
        }
      : {}),
  };
}
