import type { Kanidm } from '../config/config';

/**
 * The issuer that Kanidm announces for a client, and that stands in `iss`: one for each client, no slash at the end.
 * An API server compares it byte for byte.
 * @see https://kanidm.github.io/kanidm/master/integrations/oauth2.html
 */
export const issuerOf = (kanidm: Pick<Kanidm, 'origin'>, clientId: string): string =>
  `${kanidm.origin}/oauth2/openid/${clientId}`;

/** Kanidm's security principal name, `name@domain`. */
export const spn = (kanidm: Pick<Kanidm, 'domain'>, name: string): string => `${name}@${kanidm.domain}`;
