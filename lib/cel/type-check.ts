import type { Cel } from './cel-parser';
import { celNames, declaring, functionError, hasMethod } from './known-functions';
import { regexError } from './regex-error';
import { differ, fixedType, isAny, staticType } from './static-type';

/** Returns the direct parts of a node. */
export function children(node: Cel): readonly Cel[] {
  switch (node.kind) {
    case 'select':
    case 'has':
      return [node.of];
    case 'index':
      return [node.of, node.index];
    case 'call':
      return node.of ? [node.of, ...node.args] : node.args;
    case 'macro':
      return [node.of, ...node.args];
    case 'operator':
      return node.args;
    case 'list':
      return node.items;
    case 'map':
      return node.entries.flat();
    default:
      return [];
  }
}

const userFields: readonly string[] = ['username', 'uid', 'groups', 'extra'];

/**
 * Returns the error of the type checker for an unknown variable, function or field of `user`, for a loop over a claim,
 * or for values whose types do not fit. Other errors are not detected.
 */
export function typeError(node: Cel, variables: readonly string[], variable: 'claims' | 'user'): string | undefined {
  if (node.kind === 'name' && !variables.includes(node.name) && !celNames.has(node.name)) {
    return `there is no variable \`${node.name}\`; the expression can read \`${variable}\``;
  }
  if (variable === 'user' && node.kind === 'select' && isName(node.of, 'user') && !userFields.includes(node.field)) {
    return `\`user\` has no field \`${node.field}\`; it has ${userFields.join(', ')}`;
  }
  if (node.kind === 'macro') {
    const { of, args } = node;
    if (isAny(of)) {
      return `write \`dyn(${written(of)}).${node.name}(…)\`: without \`dyn\`, Kubernetes does not know that the claim is a list`;
    }
    return (
      typeError(of, variables, variable) ??
      firstError(isHidden(node.variable) ? [] : args, [...variables, node.variable], variable) ??
      unsuitable(fixedType(of), node.name)
    );
  }
  if (node.kind === 'call') return callError(node, variables, variable);
  if (node.kind === 'list' && variable === 'claims') {
    const types = new Set(node.items.flatMap((item) => staticType(item) ?? []));
    if (types.size > 1) return 'the items of a list have different types: write `dyn(…)` around each item';
  }
  if (node.kind === 'operator' && node.name === '?:' && differ(node.args[1], node.args[2])) {
    return 'the two results of `?:` have different types: write `dyn(…)` around one of them';
  }
  return firstError(children(node), variables, variable) ?? mismatch(node);
}

type Call = Extract<Cel, { kind: 'call' }>;

function callError({ name, of, args }: Call, variables: readonly string[], variable: 'claims' | 'user') {
  const [first] = args;
  const isOfLibrary = of?.kind === 'name' && celNames.has(of.name) && !variables.includes(of.name);
  if (name === 'format' && of && first?.kind === 'list') {
    // The items of this list may have different types, but none may be a claim if the format string is a literal.
    const { items } = first;
    const claim = of.kind === 'literal' ? items.find(isAny) : undefined;
    if (claim) {
      return `write \`dyn(${written(claim)})\` in the list of \`format\`: without \`dyn\`, Kubernetes does not know the type of the claim`;
    }
    return firstError([of, ...items], variables, variable);
  }
  const counts = of && declaring.get(name);
  if (counts && !counts.includes(args.length)) {
    const count = args.length === 1 ? '1 argument' : `${args.length} arguments`;
    return `\`${name}\` cannot have ${count}: write a variable, and then an expression that reads it`;
  }
  const declared =
    of && declaring.has(name) ? args.slice(0, -1).flatMap((arg) => (arg.kind === 'name' ? [arg.name] : [])) : [];
  const checked = declared.some(isHidden) ? [] : args;
  const inner =
    (of && typeError(of, variables, variable)) ?? firstError(checked, [...variables, ...declared], variable);
  if (inner !== undefined || isOfLibrary) return inner;
  const unknown = functionError(name, of !== undefined);
  if (unknown !== undefined) return unknown;
  if (name === 'matches' && of && first?.kind === 'literal' && typeof first.value === 'string') {
    const error = regexError(first.value);
    if (error !== undefined) return error;
  }
  return of && unsuitable(fixedType(of), name);
}

/** Whether a variable of a loop hides the one that Kubernetes gives. Types inside such a loop are not computed. */
const isHidden = (name: string): boolean => name === 'claims' || name === 'user';

const unsuitable = (type: string | undefined, method: string): string | undefined =>
  hasMethod(type, method) ? undefined : `\`${method}\` cannot be called on a ${type}`;

const ofEqualTypes = new Set(['==', '!=', '<', '<=', '>', '>=', '+']);
const ofConditions = new Set(['!', '&&', '||', '?:']);

/** Returns the error for parts of a node whose types do not fit. */
function mismatch(node: Cel): string | undefined {
  if (node.kind === 'select' || node.kind === 'index') {
    if (node.kind === 'index' && isName(node.of, 'user')) return 'write `user.username`: `user` has no keys';
    const type = fixedType(node.of);
    if (type === undefined || type === 'map' || node.optional) return undefined;
    if (node.kind === 'select') return `a ${type} has no field \`${node.field}\``;
    if (type !== 'list') return `\`[…]\` needs a list or a map before it, found a ${type}`;
    const index = fixedType(node.index);
    return index === undefined || index === 'number' ? undefined : `the index of a list is a number, found a ${index}`;
  }
  if (node.kind !== 'operator') return undefined;
  const { name, args } = node;
  const types = args.map(fixedType);
  if (name === 'in' && ['string', 'number', 'boolean', 'null'].includes(types[1] ?? '')) {
    return `\`in\` needs a list or a map on its right side, found a ${types[1]}`;
  }
  if (ofEqualTypes.has(name) && differ(args[0], args[1])) {
    return `\`${name}\` needs two values of the same type, found a ${types[0]} and a ${types[1]}`;
  }
  const condition = ofConditions.has(name)
    ? types.slice(0, name === '?:' ? 1 : 2).find((type) => type !== undefined && type !== 'boolean')
    : undefined;
  return condition && `\`${name}\` needs a boolean, found a ${condition}`;
}

const written = (claim: Cel): string => (claim.kind === 'select' ? `claims.${claim.field}` : '…');

export const isName = (node: Cel, name: string): boolean => node.kind === 'name' && node.name === name;

function firstError(nodes: readonly Cel[], variables: readonly string[], variable: 'claims' | 'user') {
  for (const node of nodes) {
    const error = typeError(node, variables, variable);
    if (error !== undefined) return error;
  }
  return undefined;
}
