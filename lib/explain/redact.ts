/** Secrets to remove from a line before any other step. Some programs log tokens at high verbosity. */
const secrets: readonly (readonly [RegExp, string])[] = [
  [/\beyJ[\w-]{8,}(?:\.[\w-]*)*/g, '<token>'],
  [/\b(Bearer|Basic) [\w.~+/=-]{12,}/g, '$1 <token>'],
  [
    // A lower-case word after `id_token: ` belongs to an error message, as in “could not verify id_token: audience …”.
    /((?:client[_-]?secret|(?:refresh|access|id)[_-]?token(?!["']?: [a-z]{1,20} )|password|code_verifier)["']?(?:=|:=|: ?))["']?[^&\s"',}]+/gi,
    '$1<secret>',
  ],
  [/([?&](?:code|state|nonce|token)=)[^&\s"']+/g, '$1<secret>'],
  [/\b((?:Access|Refresh|Id)Token:")[^"]*/g, '$1<token>'],
  [/(token[ =:]+"?)[a-z0-9]{6}\.[a-z0-9]{16}\b/g, '$1<token>'],
];

/** Returns the text with tokens and secrets replaced. */
export const redacted = (text: string): string =>
  secrets.reduce((left, [pattern, instead]) => left.replace(pattern, instead), text);
