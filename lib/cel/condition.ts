import { type Cel, parseCel } from './cel-parser';
import { CelSyntaxError } from './cel-tokens';
import { evaluate } from './expression';

/** Whether an expression is certainly true of a token with these claims. */
export function isTrueOf(text: string, claims: Readonly<Record<string, string>>): boolean {
  const result = evaluate(text, claims);
  return result !== undefined && 'value' in result && result.value === true;
}

/**
 * Whether the type of an expression is certainly not `bool`, so that kube-apiserver refuses it as a rule. A claim has
 * the type `any`, which is not `bool` either. False for text that cannot be parsed.
 */
export function isNoCondition(text: string): boolean {
  try {
    return isNotBool(parseCel(text));
  } catch (thrown) {
    if (thrown instanceof CelSyntaxError) return false;
    throw thrown;
  }
}

const arithmetic = new Set(['+', '-', '*', '/', '%', 'negative']);
const otherFunctions = new Set([
  'dyn',
  'string',
  'int',
  'uint',
  'double',
  'bytes',
  'size',
  'type',
  'duration',
  'timestamp',
]);
const otherMethods = new Set('split replace lowerAscii upperAscii join size trim substring charAt indexOf'.split(' '));

function isNotBool(node: Cel): boolean {
  switch (node.kind) {
    case 'literal':
      return typeof node.value !== 'boolean';
    case 'name':
    case 'select':
    case 'index':
      return isOfVariable(node);
    case 'call':
      if (!node.of) return otherFunctions.has(node.name);
      return otherMethods.has(node.name) || (node.name === 'orValue' && isOfVariable(node.of));
    case 'macro':
      return node.name === 'map' || node.name === 'filter';
    case 'operator':
      return arithmetic.has(node.name) || (node.name === '?:' && node.args.slice(1).some(isNotBool));
    default:
      return node.kind !== 'has';
  }
}

/** Whether a node is `claims` or `user`, or a part of it. No part has the type `bool`. */
const isOfVariable = (node: Cel): boolean =>
  node.kind === 'name'
    ? node.name === 'claims' || node.name === 'user'
    : (node.kind === 'select' || node.kind === 'index') && isOfVariable(node.of);
