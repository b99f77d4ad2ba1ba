import type { Issuer } from '../existing/api-server-issuers';

/** An issuer that the API server trusts, with the ids of the items for the issuer and for its settings. */
export interface AdoptedIssuer {
  readonly issuer: Issuer;
  readonly items: readonly string[];
}

/** An issuer that belongs to a client of Kanidm. */
export interface KanidmIssuer extends AdoptedIssuer {
  readonly origin: string;
  readonly client: string;
}

const form = /^(https:\/\/[A-Za-z0-9.-]+(?::\d+)?)\/oauth2\/openid\/([^/]+)\/?$/;

/** Returns the origin and the client of an issuer URL of Kanidm; `undefined` for the issuer of another provider. */
export function kanidmUrl(url: string): Pick<KanidmIssuer, 'origin' | 'client'> | undefined {
  const [, origin, client] = form.exec(url) ?? [];
  return origin === undefined || client === undefined || !URL.canParse(origin) ? undefined : { origin, client };
}

/** Whether a URL contains a variable, so that its value is unknown. */
export const hasVariable = (url: string): boolean => url.includes('${');
