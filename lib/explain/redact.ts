const entity = '&(?:quot|apos|#3[49]|#x2[27]);';
/** Matches an optional quotation mark. It can also have the form that a word processor or HTML uses. */
const quote = `\\\\{0,3}(?:["'“”„‘’‚]|${entity})?`;

/** Secrets to remove from a line before any other step. Some programs log tokens at high verbosity. */
const secrets: readonly (readonly [RegExp, string])[] = [
  [/\beyJ[\w-]{8,}(?:\.[\w-]*)*/g, '<token>'],
  [/\b(Bearer|Basic) [\w.~+/=-]{12,}/g, '$1 <token>'],
  [
    // A lower-case word after `id_token: ` belongs to an error message, as in “could not verify id_token: audience …”.
    // In JSON inside a string, a backslash precedes each quotation mark. A quotation mark that is part of the secret
    // has more backslashes before it.
    new RegExp(
      String.raw`((?:client[_-]?secret|(?:refresh|access|id)[_-]?token(?!${quote}: [a-z]{1,20} )|password|code_verifier)${quote}(?:=|:=|: ?)(?:${entity})?)(?:(\\{0,3})"(?:[^"\\]|\2\\(?:\2["\\]|[^"\\])|(?!\2")\\)+|'[^']+|(?!\\{1,3}")[^&\s"',}]+)`,
      'gi',
    ),
    '$1<secret>',
  ],
  [/([?&](?:code|state|nonce|token)=)[^&\s"']+/g, '$1<secret>'],
  [/\b((?:Access|Refresh|Id)Token:")[^"]*/g, '$1<token>'],
  [/(token[ =:]+"?)[a-z0-9]{6}\.[a-z0-9]{16}\b/g, '$1<token>'],
];

/** Returns the text with tokens and secrets replaced. */
export const redacted = (text: string): string =>
  secrets.reduce((left, [pattern, instead]) => left.replace(pattern, instead), text);
