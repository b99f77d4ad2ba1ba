import type { Facts, Login } from '../existing/facts';
import type { Json } from '../guards';
import { type KanidmIssuer, kanidmUrl } from './kanidm-issuer';

const hostOf = (origin: string) => new URL(origin).hostname;

/** Returns how kubectl signs in with Kanidm, from a kubeconfig. */
export const kanidmLogin = ({ logins }: Facts): Login | undefined =>
  logins.find(({ issuer }) => issuer !== undefined && kanidmUrl(issuer) !== undefined);

const originOfLogin = (facts: Facts): string | undefined => kanidmUrl(kanidmLogin(facts)?.issuer ?? '')?.origin;

/**
 * Returns the domain of Kanidm: from its entries or resources; otherwise the domain of most user and group names, if
 * the origin is that domain or below it; otherwise the host of the origin.
 */
export function kanidmDomain(
  facts: Facts,
  own: KanidmIssuer | undefined,
  named: string | undefined,
): string | undefined {
  const origin = own?.origin ?? facts.origin ?? originOfLogin(facts);
  if (named !== undefined || origin === undefined) return named;
  const host = hostOf(origin);
  const counts = new Map<string, number>();
  for (const { kind, name } of facts.bindings.flatMap(({ object }) => object.subjects ?? [])) {
    const isMail = kind === 'User' && own?.issuer.username?.claim !== 'preferred_username';
    const domain = isMail ? undefined : /@([a-z0-9.-]+)$/.exec(name)?.[1];
    if (domain === host || (domain !== undefined && host.endsWith(`.${domain}`)))
      counts.set(domain, (counts.get(domain) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? host;
}

interface Known {
  readonly own: KanidmIssuer | undefined;
  readonly domain: string | undefined;
  readonly cluster: string;
}

/** Returns the `kanidm` section of a config. */
export function kanidmOf(facts: Facts, { own, domain, cluster }: Known): Json {
  const origin = own?.origin ?? facts.origin ?? originOfLogin(facts);
  const version = /^\d+\.\d+(\.\d+)?$/.exec(facts.kanidmVersion ?? '')?.[0];
  const [release] = facts.releases;
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
