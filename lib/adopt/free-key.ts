import type { Identities } from '../existing/kanidm-entries';
import { isTaken } from '../upstream/kanidm-builtin';

/** What Kanidm lets a name be, made of any text. */
function nameFrom(text: string): string {
  const plain = text.toLowerCase().replace(/[^a-z0-9_.-]/g, '-');
  return (/^[a-z]/.test(plain) ? plain : `x-${plain}`).slice(0, 60);
}

/**
 * A key that nobody has: the first of a wish and a longer one, and then with a number. Kanidm's names are unique over
 * entries of every kind, its own among them.
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
