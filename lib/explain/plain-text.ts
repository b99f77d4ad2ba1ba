/** What terminals, editors and web pages add to a copied line or change in it, each with its replacement. */
const marks: readonly (readonly [RegExp, string])[] = [
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences of a terminal, such as colours and links
  [/\u001b(?:\[[\d;?]{0,16}[@-~]|\][^\u0007\u001b]{0,2000}(?:\u0007|\u001b\\))/g, ''],
  [/[\u200b-\u200d\u2060\ufeff]/g, ''],
  [/[\u00a0\u2007\u202f]/g, ' '],
];

/**
 * Other characters for quotation marks. They only count in a line without `"`. In a line with `"`, they belong to the
 * text.
 */
const quotes: readonly (readonly [RegExp, string])[] = [
  [/&(?:quot|#34|#x22);/gi, '"'],
  [/&(?:apos|#39|#x27);/gi, "'"],
  [/&gt;/g, '>'],
  [/&lt;/g, '<'],
  [/&amp;/g, '&'],
  [/[“”„]/g, '"'],
  [/[‘’‚]/g, "'"],
];

const replaced = (text: string, all: typeof marks) =>
  all.reduce((left, [pattern, instead]) => left.replace(pattern, instead), text);

/** Returns a line as its program wrote it, without what was added when it was shown or copied. */
export function plainText(line: string): string {
  const plain = replaced(line, marks);
  // On macOS, Go itself writes the name in a certificate between “ and ”, so these stay.
  return /"|x509: “/.test(plain) ? plain : replaced(plain, quotes);
}
