/**
 * Returns why RE2, which Kubernetes uses, refuses a regular expression. Only common reasons are detected.
 * @see https://github.com/google/re2/wiki/Syntax
 */
export function regexError(pattern: string): string | undefined {
  // Between `\Q` and `\E`, every character stands for itself.
  if (/\\Q/.test(pattern)) return undefined;
  const [reference] = pattern.replaceAll('\\\\', '').match(/\\[1-9](?!\d)/) ?? [];
  const plain = pattern
    .replaceAll(/\\./gsu, 'x')
    .replaceAll(/\[:\^?\w+:\]/g, 'x')
    // Without an end, a class counts as an error below.
    .replaceAll(/\[\^?\]?[^\]]*(\]|$)/g, (_, end: string) => (end === '' ? '[' : 'x'));
  const [lookaround] = plain.match(/\(\?<?[=!]/) ?? [];
  const unsupported = reference ?? lookaround;
  if (unsupported !== undefined) return `regular expressions in Kubernetes do not support \`${unsupported}\``;
  if (plain.includes('[')) return `the regular expression \`${pattern}\` has a \`[\` without \`]\``;
  if (plain.split('(').length !== plain.split(')').length) {
    return `the regular expression \`${pattern}\` does not have a \`)\` for each \`(\``;
  }
  const [repeated] = plain.match(/^[*+?]/) ?? [];
  return repeated && `the regular expression \`${pattern}\` begins with \`${repeated}\`, which has nothing to repeat`;
}
