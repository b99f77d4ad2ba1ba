/**
 * Returns the words of a command line, a systemd unit or a file of arguments. Quotes and backslashes work as in a
 * shell, and comments are skipped. A quoted word that is itself a command line (`INSTALL_K3S_EXEC="server
 * --tls-san=x"`) is split too. A quoted word that is a single option (`"--oidc-username-prefix=my org:"`) is not split.
 */
export function shellWords(text: string): string[] {
  // systemd has no comments after words.
  const isUnit = /^(Exec\w+|Environment)=/m.test(text);
  return lines(text.replace(placeholder, (whole) => whole.replaceAll(/\s/g, ''))).flatMap((line) =>
    wordsOf(isUnit ? line : withoutComment(line)),
  );
}

/** Matches a placeholder of Jinja or Helm, which is part of a word even if it contains spaces. */
const placeholder = /\{\{[^{}\n]*\}\}/g;

/** Returns the words of each command of a script, by line. */
export const commandsIn = (text: string): string[][] => lines(text).map(shellWords);

/**
 * Returns the words of a command line in which each word ends with a NUL. The word after `-c` is split too, since it is
 * a command line for a shell.
 */
export const nulWords = (text: string): string[] =>
  text
    .replace(/\0$/, '')
    .split('\0')
    .flatMap((word, i, words) => (words[i - 1] === '-c' ? shellWords(word) : [word]));

/**
 * Joins continued lines, and skips comment lines. As in systemd, a comment line can be between continued lines.
 * Comments of source code (`//`) are skipped too.
 */
const lines = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .filter((line) => !/^\s*([#;]|\/\/)/.test(line))
    .join('\n')
    .replace(/\\\n/g, ' ')
    .split('\n');

/** Matches a line of assignments: of systemd, of a shell, or of an environment file. */
const assigning =
  /^(\s*(?:Environment=|(?:export\s+)?(?=[A-Za-z_]\w*=(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"']*)\s*;?$)))(.*)$/s;

const nameIn = (word: string): string => word.slice(0, Math.max(0, word.indexOf('=')));

/**
 * Replaces variables with their values if the text itself sets the variables, by `Environment=` of systemd or by an
 * assignment as in a shell. In the assignment of a replaced variable, only the name remains. Other variables do not
 * change.
 */
export function withVariables(text: string): string {
  const parts = lines(text).map((line) => {
    const [, before = '', list] = assigning.exec(line) ?? [];
    return { line, before, words: list === undefined ? [] : quoted(list) };
  });
  const values = new Map(
    parts.flatMap(({ words }) =>
      words.map(unquoted).map((word) => [nameIn(word), word.slice(nameIn(word).length + 1)]),
    ),
  );
  values.delete('');
  const used = new Set<string>();
  const replacing =
    (within: readonly string[]) =>
    (whole: string, braced?: string, bare?: string): string => {
      const name = braced ?? bare ?? '';
      const value = values.get(name);
      if (value === undefined || within.includes(name) || within.length > maxDepth) return whole;
      used.add(name);
      // Variables in the value are replaced too, except those that are already being replaced: that would never end.
      return value.replace(variable, (inner, ...names: readonly (string | undefined)[]) =>
        replacing([...within, name])(inner, names[0], names[1]),
      );
    };
  const replaced = replacing([]);
  // systemd passes `${NAME}` as one word, even if its value contains spaces.
  const asOneWord = (whole: string, option: string, name: string): string =>
    /\s/.test(values.get(name) ?? '') && !/["\\$]|\s-/.test(values.get(name) ?? '')
      ? `"${option}${replaced(whole, name)}"`
      : whole;
  const others = parts.map(({ line, words }) =>
    words.length > 0
      ? undefined
      : line.replace(/(?<=\s)(--[\w-]+=(?:[\w-]+=)?)\$\{(\w+)\}(?=\s|$)/g, asOneWord).replace(variable, replaced),
  );
  return parts
    .map(({ before, words }, i) => {
      const kept = words.map((word) => (used.has(nameIn(unquoted(word))) ? `${nameIn(unquoted(word))}=` : word));
      return others[i] ?? before + kept.join(' ');
    })
    .join('\n');
}

/** How deep variables in the values of variables are replaced. Without a limit, a text could become too long. */
const maxDepth = 8;

/** `$NAME` or `${NAME}`; `$$` is a dollar sign. */
const variable = /(?<!\$)\$(?:\{(\w+)\}|([A-Za-z_]\w*))/g;

const part = /\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s"'\\]+)|(\\$)/gs;

function withoutComment(line: string): string {
  const words = quoted(line);
  const start = words.findIndex((word) => word.startsWith('#'));
  return start === -1 ? line : words.slice(0, start).join(' ');
}

/** Returns the words of a line, including their quotes. */
const quoted = (line: string): string[] =>
  [...line.matchAll(/(?:\\.|"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"'\\]+|["'\\])+/gs)].map(([raw]) => raw);

function wordsOf(line: string): string[] {
  return quoted(line).flatMap((raw) => {
    const word = unquoted(raw.replace(/(["'])[;,]$/, '$1'));
    if (!/\s/.test(word) || !/(^|[\s=])--[a-z]/.test(word) || isOneOption(word)) return [word];
    const [, name, inner = word] = /^([A-Za-z_]\w*=)(.*)$/s.exec(word) ?? [];
    return [...(name === undefined ? [] : [name]), ...wordsOf(inner)];
  });
}

/** Whether a quoted word is one option with its value, and no other option follows. */
const isOneOption = (word: string): boolean => /^--[\w.+-]+=/.test(word) && !/\s(--[a-z]|-[a-z]\b)/.test(word);

const unquoted = (word: string): string =>
  word.replaceAll(part, (_, ...groups: readonly (string | undefined)[]) => {
    const [escaped, double, single, bare] = groups;
    return escaped ?? double?.replace(/\\(["\\$`])/g, '$1') ?? single ?? bare ?? '';
  });
