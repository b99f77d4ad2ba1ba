import type { Document } from 'yaml';

/** The deepest nesting that is read. */
const deepest = 500;

/** Check this before `yaml` parses a text: the parser is recursive, and would overflow the stack on deep nesting. */
export function nestsTooDeep(text: string): boolean {
  let open = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    open = bracket === '[' || bracket === '{' ? open + 1 : Math.max(0, open - 1);
    if (open > deepest) return isDeep(text);
  }
  return /^[ ?-]{500}/m.test(text) && isDeep(text);
}

/** The token with which the lexer begins each document. */
const documentStart = '\u0002';

/** Whether a text nests too deep. The brackets, dashes and spaces in its strings do not count. */
function isDeep(text: string): boolean {
  // Loaded only for a text that may nest too deep, since loading the library `yaml` takes time.
  const { Lexer } = require('yaml') as typeof import('yaml');
  let open = 0;
  let indent: number | undefined = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') open++;
    if (token === ']' || token === '}') open = Math.max(0, open - 1);
    if (/\n$/.test(token)) indent = 0;
    else if (token !== documentStart && indent !== undefined)
      indent = /^[ ?-]+$/.test(token) ? indent + token.length : undefined;
    if (open > deepest || (indent ?? 0) >= deepest) return true;
  }
  return false;
}

/** The message for a text that nests too deep. */
export const tooDeep = 'it is nested too deeply to be read';

/**
 * Returns the value of a document that other people wrote, with its aliases resolved.
 * @throws Error if the aliases expand to too much, or one of them is inside the value that it stands for
 */
export function plainValue(document: Document): unknown {
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  if (containsItself(value)) throw new Error('an alias is inside the value that it stands for');
  return value;
}

function containsItself(value: unknown, above = new Set<object>(), done = new Set<object>()): boolean {
  if (typeof value !== 'object' || value === null || done.has(value)) return false;
  if (above.has(value)) return true;
  above.add(value);
  const contains = Object.values(value).some((one) => containsItself(one, above, done));
  above.delete(value);
  done.add(value);
  return contains;
}
