/** A claim, and the text that an expression puts before it. */
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

/** A CEL expression that only names a claim, with text before it or not. `undefined` for every other. */
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

/** The rules that Kaniflux writes into every AuthenticationConfiguration, however they are spaced or quoted. */
export function isOwnRule(expression: string): boolean {
  const plain = expression.replaceAll(/\s+/g, '').replaceAll('"', "'");
  return (
    plain === "!user.username.startsWith('system:')" ||
    /^user\.groups\.all\((\w+),!\1\.startsWith\('system:'\)\)$/.test(plain)
  );
}
