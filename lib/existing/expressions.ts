/**
 * Whether an expression is a rule that Kaniflux writes into every AuthenticationConfiguration. Spaces and the kind of
 * quotes make no difference.
 */
export function isOwnRule(expression: string): boolean {
  const plain = expression.replaceAll(/\s+/g, '').replaceAll('"', "'");
  return (
    plain === "!user.username.startsWith('system:')" ||
    /^user\.groups\.all\((\w+),!\1\.startsWith\('system:'\)\)$/.test(plain)
  );
}
