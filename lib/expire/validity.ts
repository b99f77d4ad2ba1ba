import type { Config } from '../config/config';
import type { Account } from '../identity/entries';

/** The times between which an account is valid. At any other time, Kanidm lets nobody sign in with the account. */
export type Validity = Pick<Account, 'validFrom' | 'expires'>;

/** Returns the validity of the person or service account with a name; empty if the account is always valid. */
export function validityOf(config: Config, name: string): Validity {
  const { validFrom, expires } = config.people.get(name) ?? config.serviceAccounts.get(name) ?? {};
  return { ...(validFrom ? { validFrom } : {}), ...(expires ? { expires } : {}) };
}

/** Returns `from 2026-09-01T08:00:00Z until 2027-01-31T00:00:00Z`; `undefined` if the account is always valid. */
export function validityText({ validFrom, expires }: Validity): string | undefined {
  const times = [...(validFrom ? [`from ${validFrom}`] : []), ...(expires ? [`until ${expires}`] : [])];
  return times.length > 0 ? times.join(' ') : undefined;
}

/** Whether an account is valid during at least a part of a day, in UTC. */
export function isValidOn({ validFrom, expires }: Validity, day: string): boolean {
  const start = Date.parse(`${day}T00:00:00Z`);
  const isOver = expires ? Date.parse(expires) <= start : false;
  const isLater = validFrom ? Date.parse(validFrom) >= start + 86_400_000 : false;
  return !isOver && !isLater;
}
