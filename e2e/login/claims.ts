import { type Config, entry } from '../../lib/config/config';
import type { Authenticator } from '../../lib/identity/authenticator';
import { tokenClaims } from '../../lib/identity/claims';
import type { Row } from './rows';

type Claims = Readonly<Record<string, unknown>>;

/**
 * Returns the claims of the token for a row's person: those that lib/identity predicts, or those that a real Kanidm
 * wrote, with the issuer and times of this test.
 */
export function claimsOf(row: Row, config: Config, { client, issuer }: Authenticator): Claims {
  const foretold = tokenClaims(config, entry(config.people, 'datosh'), client);
  if (!row.real) return foretold;
  const later = Math.floor(Date.now() / 1000) - Number(row.real.iat);
  const times = ['iat', 'nbf', 'exp', 'auth_time', 'updated_at'];
  const moved = times.map((name) => [name, Number(row.real?.[name]) + later]);
  return { ...row.real, ...Object.fromEntries(moved), iss: issuer };
}
