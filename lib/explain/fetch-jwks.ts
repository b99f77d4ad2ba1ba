import { get, NoAnswer } from '../existing/https';
import { isText, mapAt } from '../guards';
import { parsed } from './json-in-text';

/** The JWKS of an issuer, or the reason why it could not be fetched. */
export type Fetched = { readonly jwks: string } | { readonly reason: string };

/**
 * Fetches the keys of an issuer as the API server does: from the address in the discovery document. The issuer comes
 * from the config, never from a token.
 * @param ca the CA of the issuer in PEM form, if the config has it
 */
export async function fetchJwks(issuer: string, ca?: string): Promise<Fetched> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const discovery = await fetched(address, ca);
  if ('reason' in discovery) return discovery;
  const { issuer: named, jwks_uri: keys } = mapAt({ document: parsed(discovery.text) }, 'document');
  if (named !== issuer) return { reason: `${address} is not the discovery document of ${issuer}` };
  if (!isText(keys) || !URL.canParse(keys) || new URL(keys).protocol !== 'https:') {
    return { reason: `${address} has no https address of the keys (jwks_uri)` };
  }
  const answer = await fetched(keys, ca);
  return 'reason' in answer ? answer : { jwks: answer.text };
}

async function fetched(address: string, ca: string | undefined): Promise<{ text: string } | { reason: string }> {
  try {
    const { status, text } = await get(address, { timeout: 10_000, ...(ca === undefined ? {} : { ca }) });
    return status === 200 ? { text } : { reason: `${address} answered ${status}` };
  } catch (error) {
    if (error instanceof NoAnswer) return { reason: `${address}: ${error.message}` };
    throw error;
  }
}
