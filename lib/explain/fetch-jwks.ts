import { get, NoAnswer } from '../existing/https';

/** The JWKS of an issuer, or the reason why it could not be fetched. */
export type Fetched = { readonly jwks: string } | { readonly reason: string };

/**
 * Fetches the keys of a client from Kanidm. The address comes from the config, never from a token.
 * @param ca the CA of Kanidm in PEM form, if the config has it
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
