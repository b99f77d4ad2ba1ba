import { lookAlikes } from '../config/look-alike';
import type { Statement } from './statement';

/**
 * For each name that looks like another name or has misleading characters, adds a line to the first statement with this
 * name. A reviewer can mistake the name for the other one, so the level of the statement becomes at least 🟠, except if
 * the statement is about a removal.
 */
export function withLookAlikes(statements: readonly Statement[]): Statement[] {
  const noted = new Set<string>();
  return statements.map((one) => {
    const text = [one.say(''), ...one.details].join('\n');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a quick test for ASCII
    if (/^[\x00-\x7e]*$/.test(text)) return one;
    const names = [...lookAlikes(text)].filter(([name]) => !noted.has(name));
    if (names.length === 0) return one;
    for (const [name] of names) noted.add(name);
    const level = one.change !== 'removed' && (one.level === 'low' || one.level === 'none') ? 'medium' : one.level;
    return { ...one, level, details: [...one.details, ...names.map(note)] };
  });
}

const note = ([name, like]: readonly [string, string | undefined]): string =>
  like === undefined
    ? `${name} contains characters that are invisible or that look like others`
    : `${name} looks like ${like}, but it is another name: it contains other characters, printed here as codes`;
