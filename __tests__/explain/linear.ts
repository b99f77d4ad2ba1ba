/*
 * Checks that a pattern examines each character of a line a limited number of times. An unlimited repetition is allowed
 * only if it can begin in a single place: after a literal character that the repetition itself cannot contain. Then two
 * matches of the repetition never overlap. `.*` is also allowed at the very end, after which nothing can fail.
 */

interface Token {
  readonly text: string;
  readonly kind: 'literal' | 'class' | 'open' | 'close' | 'other' | 'repeat';
}

/** Returns the repetitions of a pattern that could make it slow for a hostile line. */
export function unbounded({ source }: RegExp): string[] {
  const tokens = tokensOf(source);
  return tokens.flatMap((token, i) => {
    if (token.kind !== 'repeat') return [];
    const atom = tokens[i - 1];
    const rest = tokens
      .slice(i + 1)
      .map(({ text }) => text)
      .join('');
    if (atom?.text === '.' && /^\)?\$/.test(rest)) return [];
    if (atom?.kind !== 'class') return [`${atom?.text}${token.text}`];
    const run = new RegExp(`^${atom.text}$`, 'i');
    const before = tokens
      .slice(0, i - 1)
      .filter(({ kind }) => kind !== 'open')
      .at(-1);
    const safe = before?.kind === 'literal' && !run.test(before.text.replace(/^\\(?=[^\w])/, ''));
    return safe ? [] : [`${before?.text ?? ''}${atom.text}${token.text}`];
  });
}

function tokensOf(source: string): Token[] {
  const pattern =
    /\((?:\?(?::|=|!|<=|<!|<\w+>))?|\)|\||\[(?:\\.|[^\]\\])*\]|\\[wWdDsS]|\\[bB]|\\u[\da-f]{4}|\\.|\{\d+,\d+\}\??|\{\d+\}|\{\d+,\}\??|[*+]\??|\?|\^|\$|\.|[^\\]/gi;
  return [...source.matchAll(pattern)].map(([text]) => ({ text, kind: kindOf(text) }));
}

function kindOf(text: string): Token['kind'] {
  if (text.startsWith('(')) return 'open';
  if (text === ')') return 'close';
  if (/^[*+]|^\{\d+,\}/.test(text)) return 'repeat';
  if (text.startsWith('[') || /^\\[wWdDsS]$/.test(text)) return 'class';
  if (text === '.' || text === '|' || text === '?' || text === '^' || text === '$' || text.startsWith('{'))
    return 'other';
  if (/^\\[bB]$/.test(text)) return 'other';
  return 'literal';
}
