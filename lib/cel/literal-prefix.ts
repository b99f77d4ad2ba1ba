import { type Cel, parseCel } from './cel-parser';

/**
 * Returns the text with which every string begins that an expression gives, alone or in a list; `''` if there is none,
 * or it is not known.
 */
export function literalPrefix(expression: string): string {
  try {
    return prefixOf(parseCel(expression));
  } catch {
    return '';
  }
}

function prefixOf(node: Cel): string {
  switch (node.kind) {
    case 'literal':
      return typeof node.value === 'string' ? node.value : '';
    case 'operator': {
      const [first, second, third] = node.args;
      if (node.name === '+' && first && second)
        return isLiteral(first) ? prefixOf(first) + prefixOf(second) : prefixOf(first);
      if (node.name !== '?:' || !second || !third) return '';
      return isEmptyList(second) ? prefixOf(third) : isEmptyList(third) ? prefixOf(second) : common(second, third);
    }
    case 'macro': {
      const result = node.args.at(-1);
      if (node.name === 'filter') return prefixOf(node.of);
      return node.name === 'map' && result ? prefixOf(result) : '';
    }
    case 'list': {
      const [first, ...rest] = node.items;
      return first && rest.length === 0 ? prefixOf(first) : '';
    }
    case 'call':
      return node.name === 'dyn' && node.args[0] ? prefixOf(node.args[0]) : '';
    default:
      return '';
  }
}

/** Whether a node is a text, or texts joined by `+`. */
const isLiteral = (node: Cel): boolean =>
  (node.kind === 'literal' && typeof node.value === 'string') ||
  (node.kind === 'operator' && node.name === '+' && node.args.every(isLiteral));

const isEmptyList = (node: Cel): boolean => node.kind === 'list' && node.items.length === 0;

function common(a: Cel, b: Cel): string {
  const [left, right] = [prefixOf(a), prefixOf(b)];
  let length = 0;
  while (length < left.length && left[length] === right[length]) length += 1;
  return left.slice(0, length);
}

/** Returns the prefix that a rule over `user` requires of user names or groups, such as `user.username.startsWith('ci:')`. */
export function requiredPrefix(rule: string, field: 'username' | 'groups'): string {
  try {
    const node = parseCel(rule);
    const isField = (one: Cel) =>
      one.kind === 'select' && one.field === field && one.of.kind === 'name' && one.of.name === 'user';
    if (field === 'username') return isCall(node) && isField(node.of) ? argument(node) : '';
    if (node.kind !== 'macro' || node.name !== 'all' || !isField(node.of)) return '';
    const [inner] = node.args;
    const isVariable = inner && isCall(inner) && inner.of.kind === 'name' && inner.of.name === node.variable;
    return isVariable ? argument(inner) : '';
  } catch {
    return '';
  }
}

type StartsWith = Extract<Cel, { kind: 'call' }> & { readonly of: Cel };

const isCall = (node: Cel): node is StartsWith =>
  node.kind === 'call' && node.name === 'startsWith' && node.of !== undefined && node.args.length === 1;

function argument({ args: [first] }: StartsWith): string {
  return first?.kind === 'literal' && typeof first.value === 'string' ? first.value : '';
}
