import { distance } from 'fastest-levenshtein';

/** The candidate that `name` most likely means, or `undefined` where none is near. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[-_.\s]/g, '');
  let best: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    const cost = plain(name) === plain(candidate) ? 0 : distance(name, candidate);
    if (cost < least) {
      best = candidate;
      least = cost;
    }
  }
  return best;
}

/** "write `x`", or the choices where nothing is near. `none` is what to do where there is nothing to choose from. */
export function suggest(name: string, candidates: readonly string[], none = 'there is none to choose from'): string {
  // Kanidm calls an entry `name@domain` as well.
  const found = nearest(name, candidates) ?? nearest(name.split('@')[0] ?? name, candidates);
  if (found !== undefined) return `write \`${found}\``;
  if (candidates.length === 0) return none;
  const shown = [...candidates].sort().slice(0, 12);
  return `choose one of ${shown.map((choice) => `\`${choice}\``).join(', ')}${shown.length < candidates.length ? ', …' : ''}`;
}
