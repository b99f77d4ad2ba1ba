import type { Identities } from '../existing/kanidm-entries';
import { isTaken } from '../upstream/kanidm-builtin';

/** Returns a text converted to a name that Kanidm allows. */
function nameFrom(text: string): string {
  const plain = text.toLowerCase().replace(/[^a-z0-9_.-]/g, '-');
  return (/^[a-z]/.test(plain) ? plain : `x-${plain}`).slice(0, 60);
}

/**
 * Returns an unused key: the preferred one, or a longer one, or the longer one with a number. Names in Kanidm are
 * unique across entries of all kinds, including built-in ones.
 */
export function freeKey(
  { people, serviceAccounts, groups, clients }: Identities,
  wish: string,
  longer: string,
): string {
  const isFree = (key: string) =>
    !isTaken(key) &&
    [people, serviceAccounts, groups, clients].every((map: ReadonlyMap<string, unknown>) => !map.has(key));
  const [first, second] = [nameFrom(wish), nameFrom(longer)];
  if (isFree(first)) return first;
  if (isFree(second)) return second;
  for (let i = 2; ; i++) if (isFree(`${second}-${i}`)) return `${second}-${i}`;
}
