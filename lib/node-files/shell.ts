/** Words that a POSIX shell takes as they are. `~` only means something at the beginning, `=` only before a command. */
const plain = /^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./~-]*$/;

/**
 * A text as one word of a POSIX shell, whatever is in it.
 * @throws Error for a NUL character, which no argument can hold
 */
export function quote(text: string): string {
  if (text.includes('\0')) throw new Error('a shell argument can hold no NUL character');
  const [, option, value] = /^(--[a-z-]+=)(.*)$/s.exec(text) ?? [];
  if (option !== undefined && value !== undefined) return option + quote(value);
  return plain.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A command of its words. */
export const command = (...words: readonly string[]): string => words.map(quote).join(' ');

/** A comment: every line of it, whatever the text holds. */
export const comment = (text: string): string =>
  text
    .split(/\r\n|[\n\r\u0085\u2028\u2029]/)
    .map((line) => `# ${line}`.trimEnd())
    .join('\n');
