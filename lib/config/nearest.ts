import { distance } from 'fastest-levenshtein';

/** The candidate that is most similar to `name`, or `undefined` if none is similar. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[-_.\s]/g, '');
  let best: string | undefined;
  const half = Math.floor(name.length / 2);
  let least = Math.min(Math.max(2, Math.floor(name.length / 3)), half) + 1;
  for (const candidate of candidates) {
    const cost = plain(name) === plain(candidate) ? 0 : distance(name, candidate);
    if (cost < least) {
      best = candidate;
      least = cost;
    }
  }
  return best;
}

/**
 * The fix for a misspelt name: "write `x`", or the list of choices if no candidate is similar.
 * @param none the fix if there are no candidates
 */
export function suggest(
  name: string,
  candidates: readonly string[],
  none = 'there are no names to choose from',
): string {
  // Kanidm also prints a name as `name@domain`.
  const similar = nearest(name, candidates) ?? nearest(name.split('@')[0] ?? name, candidates);
  if (similar !== undefined) return `write \`${similar}\``;
  if (candidates.length === 0) return none;
  const shown = [...candidates].sort().slice(0, 12);
  return `choose one of ${shown.map((choice) => `\`${choice}\``).join(', ')}${shown.length < candidates.length ? ', …' : ''}`;
}
