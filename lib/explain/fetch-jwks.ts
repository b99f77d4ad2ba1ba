import { get, NoAnswer } from '../existing/https';

/** The keys of an issuer, or why there are none. */
export type Fetched = { readonly jwks: string } | { readonly reason: string };

/**
 * Asks Kanidm for the keys of a client. Only an issuer of the config is asked, never one that a token names.
 * @param ca PEM of the CA of Kanidm, where the config holds it
 * @see https://github.com/kanidm/kanidm/blob/v1.11.0/server/lib/src/idm/oauth2.rs for the address
 */
export async function fetchJwks(issuer: string, ca?: string): Promise<Fetched> {
  const address = `${issuer}/public_key.jwk`;
  try {
    const { status, text } = await get(address, { timeout: 10_000, ...(ca === undefined ? {} : { ca }) });
    return status === 200 ? { jwks: text } : { reason: `${address} answered ${status}` };
  } catch (error) {
    if (error instanceof NoAnswer) return { reason: `${address}: ${error.message}` };
    throw error;
  }
}
