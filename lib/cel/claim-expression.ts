import { type Cel, parseCel } from './cel-parser';

/** A claim, and the prefix that an expression puts before the value of the claim. */
export interface ClaimExpression {
  readonly claim: string;
  readonly prefix: string;
}

/**
 * Returns the claim and prefix of a CEL expression that only reads a claim, or each item of a claim, with or without a
 * prefix. `undefined` for any other expression. Quotes, spaces, parentheses and the form `claims['a']` make no
 * difference.
 */
export function claimExpression(text: string): ClaimExpression | undefined {
  const node = parsed(text);
  if (!node) return undefined;
  const { prefix, last } = split(node);
  const claim = claimOf(last);
  if (claim !== undefined) return { claim, prefix };
  return prefix === '' ? mapped(node) : undefined;
}

/**
 * Returns the claim and prefix of an expression whose value identifies one account: the whole claim, or the part of
 * `preferred_username` before `@`, which Kanidm never gives to two accounts.
 */
export function ownerExpression(text: string): ClaimExpression | undefined {
  const node = parsed(text);
  if (!node) return undefined;
  const { prefix, last } = split(node);
  const claim = claimOf(last) ?? nameOf(last);
  return claim === undefined ? undefined : { claim, prefix };
}

/** Returns a text that is the same for different spellings of one expression, such as with other quotes or spaces. */
export const canonical = (text: string): string => JSON.stringify(parsed(text) ?? text);

function parsed(text: string): Cel | undefined {
  try {
    return parseCel(text);
  } catch {
    return undefined;
  }
}

/** Splits a sum into the literal at its beginning and the rest. */
function split(node: Cel): { prefix: string; last: Cel } {
  const terms = termsOf(node);
  const last = terms.pop() ?? node;
  const texts = terms.map((term) =>
    term.kind === 'literal' && typeof term.value === 'string' ? term.value : undefined,
  );
  return texts.includes(undefined) ? { prefix: '', last: node } : { prefix: texts.join(''), last };
}

const termsOf = (node: Cel): Cel[] =>
  node.kind === 'operator' && node.name === '+' ? node.args.flatMap(termsOf) : [node];

const isClaims = (node: Cel): boolean => node.kind === 'name' && node.name === 'claims';

function claimOf(node: Cel): string | undefined {
  if (node.kind === 'select' && !node.optional && isClaims(node.of)) return node.field;
  const isIndex = node.kind === 'index' && !node.optional && isClaims(node.of);
  return isIndex && node.index.kind === 'literal' && typeof node.index.value === 'string'
    ? node.index.value
    : undefined;
}

/** Returns the claim in `claims.preferred_username.split('@')[0]`. */
function nameOf(node: Cel): string | undefined {
  if (node.kind !== 'index' || node.index.kind !== 'literal' || node.index.value !== 0) return undefined;
  const { of } = node;
  if (of.kind !== 'call' || of.name !== 'split' || !of.of || of.args.length !== 1) return undefined;
  const [by] = of.args;
  const isName = claimOf(of.of) === 'preferred_username' && by?.kind === 'literal' && by.value === '@';
  return isName ? 'preferred_username' : undefined;
}

/** Returns the claim and prefix in `dyn(claims.groups).map(g, 'prefix' + g)`. */
function mapped(node: Cel): ClaimExpression | undefined {
  if (node.kind !== 'macro' || node.name !== 'map' || node.args.length !== 1) return undefined;
  const { of } = node;
  const list = of.kind === 'call' && of.name === 'dyn' && !of.of && of.args[0];
  const claim = list ? claimOf(list) : undefined;
  const [result] = node.args;
  if (claim === undefined || !result) return undefined;
  const { prefix, last } = split(result);
  return last.kind === 'name' && last.name === node.variable ? { claim, prefix } : undefined;
}
