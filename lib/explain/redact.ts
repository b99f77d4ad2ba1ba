const entity = '&(?:quot|apos|#3[49]|#x2[27]);';
/** Matches an optional quotation mark. It can also have the form that a word processor or HTML uses. */
const quote = `\\\\{0,3}(?:["'“”„‘’‚]|${entity})?`;

/**
 * Matches a secret without quotation marks. A backslash before a quotation mark, and punctuation before a space, do not
 * belong to it.
 */
const bare = String.raw`(?:[^\s"'\\<,;:)\]]|[,;:)\]](?!["'\s\\]|$)|\\(?!\\{0,3}["']))+`;

/** A word after an option that belongs to a sentence, as in “--token is required”. */
const sentence =
  '(?:is|are|was|were|has|have|must|may|can|cannot|could|should|will|does|needs?|requires?|and|or|in|on|of|to|for|from|with|without|if|when|as|at|by|not|the|an?|option|flag|argument|value|instead)[.,]?(?:\\s|$)';

/** Secrets to remove from a line before any other step. Some programs log tokens at high verbosity. */
const secrets: readonly (readonly [RegExp, string])[] = [
  // In a URL with `https`, the user can be a token. In other URLs, only a user with a password is a secret. The `@`
  // before the digest of an image follows a tag.
  [
    /(?<=https?:\\?\/\\?\/)[^\s/?#"'<>]{1,300}@|(?<=:\/\/)[^\s/?#"'<>:]{0,100}:[^\s/?#"'<>]{1,300}@(?!sha(?:256|512):)|(?<=\blookup |_proxy=["']?)[^\s/"'<>:]{1,100}:[^\s/"'<>]{1,300}@/gi,
    '<secret>@',
  ],
  // All cookies of a header.
  [
    /(cookie\\{0,3}["']?(?:: ?|=)\[?\\{0,3}["']?)[\w.-]{1,80}=(?:[^\s;"'\\]|\\u)*(?:; ?[\w.-]{1,80}=(?:[^\s;"'\\]|\\u)*)*/gi,
    '$1<secret>',
  ],
  [/\beyJ[\w-]{8,}(?:\.[\w-]*)*/g, '<token>'],
  [/\b(Bearer|Basic) [\w.~+/=-]{12,}/g, '$1 <token>'],
  // The token of a K3s server.
  [/\bK10[0-9a-f]{1,64}::[^\s"']+/g, '<token>'],
  [
    // A lower-case word after `id_token: ` belongs to an error message, as in “could not verify id_token: audience …”.
    // In JSON inside a string, a backslash precedes each quotation mark. A quotation mark that is part of the secret
    // has more backslashes before it.
    new RegExp(
      String.raw`((?:client[_-]?secret|(?:(?:refresh|access|id|auth)[_-]?token|cookie[_-]?secret|api[_-]?key)(?!${quote}: [a-z]{1,20} )|password|code_verifier)${quote}(?:=|:=|: ?)(?:${entity})?)(?:(\\{0,3})"(?:[^"\\]|\2\\(?:\2["\\]|[^"\\])|(?!\2")\\)+|'[^']+|(?!\\{1,3}")[^&\s"',}]+)`,
      'gi',
    ),
    '$1<secret>',
  ],
  // The word after “unknown flag: --token” is no secret.
  [
    new RegExp(
      String.raw`((?<![\w-])(?<!(?:flag|argument): )--?(?:[\w-]{0,40}-)?(?:token|secret|password)(?:=["']?|(?: +|\\{0,3}["'],? ?\\{0,3})["']?(?!-|${sentence})))(?:(?<=")[^"\\]+|(?<=')[^']+|${bare})`,
      'gi',
    ),
    '$1<secret>',
  ],
  // A variable of the environment, and a header.
  [
    new RegExp(
      String.raw`\b((?:[A-Z][A-Z\d_]{0,60}_)?(?:TOKEN|SECRET|PASS|KEY)=["']?|(?:[Xx]-[\w-]{0,40}|PRIVATE-|Private-)(?:TOKEN|[Tt]oken|[Kk]ey|[Ss]ecret)\\{0,3}["']?: ?\\{0,3}["']?)${bare}`,
      'g',
    ),
    '$1<secret>',
  ],
  // In a form, another parameter is before or after the secret. In other text, `code=` can be the code of an error.
  [
    /((?:[?&]|\\u0026|&amp;|(?<![^\s"'])(?=\w+=[^&\s"']+&\w+=))(?:code|state|nonce|token)=)(?:[^&\s"'\\]|\\(?!\\{0,3}["']))+/g,
    '$1<secret>',
  ],
  [/\b((?:Access|Refresh|Id)Token:")[^"]*/g, '$1<token>'],
  [/(token[ =:]+"?)[a-z0-9]{6}\.[a-z0-9]{16}\b/g, '$1<token>'],
];

/** Returns the text with tokens and secrets replaced. */
export const redacted = (text: string): string =>
  secrets.reduce((left, [pattern, instead]) => left.replace(pattern, instead), text);
