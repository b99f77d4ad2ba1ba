/** A claim, and the text that a CEL expression puts before its value. */
export interface SimpleExpression {
  readonly claim: string;
  readonly prefix: string;
}

const text = `(?:"(?<double>[^"\\\\]*)"|'(?<single>[^'\\\\]*)')`;
const claim = `claims(?:\\.(?<dotted>[A-Za-z_]\\w*)|\\[(?:"(?<quoted>[^"\\\\]+)"|'(?<apostrophes>[^'\\\\]+)')\\])`;
const forms = [
  // claims.sub; "ci:" + claims.sub
  new RegExp(`^(?:${text}\\s*\\+\\s*)?${claim}$`),
  // dyn(claims.groups).map(g, "oidc:" + g)
  new RegExp(`^dyn\\(\\s*${claim}\\s*\\)\\.map\\(\\s*(?<name>\\w+)\\s*,\\s*${text}\\s*\\+\\s*\\k<name>\\s*\\)$`),
];

/**
 * Returns the claim and prefix of a CEL expression that only reads a claim, with or without a prefix; `undefined` for
 * any other expression.
 */
export function simpleExpression(expression: string): SimpleExpression | undefined {
  const bare = expression
    .trim()
    .replace(/^\((.*)\)$/s, (whole, inner: string) => (/[()]/.test(inner) ? whole : inner.trim()));
  for (const form of forms) {
    const { dotted, quoted, apostrophes, double, single } = form.exec(bare)?.groups ?? {};
    const name = dotted ?? quoted ?? apostrophes;
    if (name !== undefined) return { claim: name, prefix: double ?? single ?? '' };
  }
  return undefined;
}

/**
 * Whether an expression is a rule that Kaniflux writes into every AuthenticationConfiguration, ignoring spaces and
 * quotes.
 */
export function isOwnRule(expression: string): boolean {
  const plain = expression.replaceAll(/\s+/g, '').replaceAll('"', "'");
  return (
    plain === "!user.username.startsWith('system:')" ||
    /^user\.groups\.all\((\w+),!\1\.startsWith\('system:'\)\)$/.test(plain)
  );
}
