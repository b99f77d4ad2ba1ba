import type { Facts, Login } from '../existing/facts';
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
 * Returns the domain of Kanidm: from its entries or resources; otherwise the domain of most user and group names, if
 * the host of the origin is that domain or a subdomain of it; otherwise the host of the origin.
 */
export function kanidmDomain(facts: Facts, own: KanidmIssuer | undefined, kanidm: OwnKanidm): string | undefined {
  const origin = originOf(facts, own) ?? kanidm.origin;
  if (kanidm.domain !== undefined || origin === undefined) return kanidm.domain;
  const host = hostOf(origin);
  const counts = new Map<string, number>();
  for (const { kind, name } of facts.bindings.flatMap(({ object }) => object.subjects ?? [])) {
    const isMail = kind === 'User' && own?.issuer.username?.claim !== 'preferred_username';
    const domain = isMail ? undefined : /@([a-z0-9.-]+)$/.exec(name)?.[1];
    if (domain !== undefined && isWithin(host, domain)) counts.set(domain, (counts.get(domain) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? host;
}

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
