/**
 * Returns the words of a command line, a systemd unit or a file of arguments. Quotes and backslashes work as in a
 * shell, and comments are skipped. A quoted word that is itself a command line (`INSTALL_K3S_EXEC="server
 * --tls-san=x"`) is split too.
 */
export function shellWords(text: string): string[] {
  const lines = text.replace(/\\\r?\n/g, ' ').split(/\r?\n/);
  return lines.filter((line) => !/^\s*[#;]/.test(line)).flatMap((line) => wordsOf(line));
}

const part = /\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s"'\\]+)|(\\$)/gs;

function wordsOf(line: string): string[] {
  return [...line.matchAll(/(?:\\.|"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"'\\]+|["'\\])+/gs)].flatMap(([raw]) => {
    const word = unquoted(raw.replace(/(["'])[;,]$/, '$1'));
    if (!/\s/.test(word) || !/(^|[\s=])--[a-z]/.test(word)) return [word];
    const [, name, inner = word] = /^([A-Za-z_]\w*=)(.*)$/s.exec(word) ?? [];
    return [...(name === undefined ? [] : [name]), ...wordsOf(inner)];
  });
}

const unquoted = (word: string): string =>
  word.replaceAll(part, (_, ...groups: readonly (string | undefined)[]) => {
    const [escaped, double, single, bare] = groups;
    return escaped ?? double?.replace(/\\(["\\$`])/g, '$1') ?? single ?? bare ?? '';
  });
