import { printable } from '../config/printable';
import { isDay, today } from '../expire/terms';
import { type OptionSpec, UserError } from './command';

/** `--at DATE`, for all commands that judge whether a grant has ended. The rendered files never depend on it. */
export const atOption = { type: 'string', value: 'DATE' } as const satisfies Omit<OptionSpec, 'description'>;

/**
 * Returns the day of `--at`, or today in UTC.
 * @throws UserError if it is not a date
 */
export function dayOf(value: unknown): string {
  if (value === undefined) return today();
  const day = String(value);
  if (!isDay(day)) throw new UserError(printable(`--at is a date such as 2027-01-31, not \`${day}\``));
  return day;
}
