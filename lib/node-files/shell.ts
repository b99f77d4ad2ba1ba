/** Words that need no quotes in a POSIX shell. `~` is special only at the beginning, and `=` only before a command. */
const plain = /^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./~-]*$/;

/**
 * Quotes a text, so that a POSIX shell reads it as one word.
 * @throws Error for a NUL character, which an argument cannot contain
 */
export function quote(text: string): string {
  if (text.includes('\0')) throw new Error('a shell argument can hold no NUL character');
  const [, option, value] = /^(--[a-z-]+=)(.*)$/s.exec(text) ?? [];
  if (option !== undefined && value !== undefined) return option + quote(value);
  return plain.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Returns a command line, with each word quoted. */
export const command = (...words: readonly string[]): string => words.map(quote).join(' ');

/** Returns a text as a shell comment, with `#` before every line. */
export const comment = (text: string): string =>
  text
    .split(/\r\n|[\n\r\u0085\u2028\u2029]/)
    .map((line) => `# ${line}`.trimEnd())
    .join('\n');
