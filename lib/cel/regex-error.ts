/** A part of a regular expression that repeats the part before it. A `?` after `(` begins a group instead. */
const repetition = String.raw`(?:[*+]|(?<!\()\?|\{\d+(?:,\d*)?\})`;

/**
 * Returns why RE2, which Kubernetes uses, refuses a regular expression. Only common reasons are detected.
 * @see https://github.com/google/re2/wiki/Syntax
 */
export function regexError(pattern: string): string | undefined {
  // Between `\Q` and `\E`, every character stands for itself.
  if (/\\Q/.test(pattern)) return undefined;
  const single = pattern.replaceAll('\\\\', '');
  const [reference] = single.match(/\\(?:[1-9](?!\d)|(?![aAbBdDfnpPrsStvwWxz])[A-Za-z])/) ?? [];
  const plain = pattern
    .replaceAll(/\\./gsu, 'x')
    .replaceAll(/\[:\^?\w+:\]/g, 'x')
    // Without an end, a class counts as an error below.
    .replaceAll(/\[\^?\]?[^\]]*(\]|$)/g, (_, end: string) => (end === '' ? '[' : 'x'));
  const [lookaround] = plain.match(/\(\?(?:<?[=!]|>)/) ?? [];
  const unsupported = reference ?? lookaround;
  if (unsupported !== undefined) return `regular expressions in Kubernetes do not support \`${unsupported}\``;
  if (plain.includes('[')) return `the regular expression \`${pattern}\` has a \`[\` without \`]\``;
  if (plain.split('(').length !== plain.split(')').length) {
    return `the regular expression \`${pattern}\` does not have a \`)\` for each \`(\``;
  }
  if (single.endsWith('\\')) return `the regular expression \`${pattern}\` ends with \`\\\``;
  const [repeated] = plain.match(/^[*+?]/) ?? [];
  if (repeated) {
    return `the regular expression \`${pattern}\` begins with \`${repeated}\`, which has nothing to repeat`;
  }
  const [unfounded] = plain.match(/[(|][*+]|\|\?/) ?? [];
  if (unfounded) return `the regular expression \`${pattern}\` has \`${unfounded}\`, where there is nothing to repeat`;
  const [twice] = plain.match(new RegExp(`${repetition}(?:\\?|(?!\\?))${repetition}`)) ?? [];
  return twice && `the regular expression \`${pattern}\` has \`${twice}\`: a repetition cannot be repeated`;
}
