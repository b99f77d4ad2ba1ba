import type { Kanidm } from '../config/config';

/**
 * Returns the issuer of a client, which is the `iss` claim of its tokens. Each client has its own issuer, without a
 * slash at the end. An API server compares issuers byte for byte.
 * @see https://kanidm.github.io/kanidm/master/integrations/oauth2.html
 */
export const issuerOf = (kanidm: Pick<Kanidm, 'origin'>, clientId: string): string =>
  `${kanidm.origin}/oauth2/openid/${clientId}`;

/** Returns the security principal name in Kanidm: `name@domain`. */
export const spn = (kanidm: Pick<Kanidm, 'domain'>, name: string): string => `${name}@${kanidm.domain}`;

/**
 * Returns the host of Kanidm's origin; `undefined` if the text is anything else than `https://`, a host and an optional
 * port.
 */
export function hostOfOrigin(origin: string): string | undefined {
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  return url?.protocol === 'https:' && url.origin === origin ? url.hostname : undefined;
}

/**
 * Returns whether a host is the domain or a subdomain of it. Kanidm starts only if the host of its origin is the domain
 * or a subdomain of it.
 */
export const isWithin = (host: string, domain: string): boolean => host === domain || host.endsWith(`.${domain}`);
