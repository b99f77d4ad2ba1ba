import { own } from '../guards';
import type { Cel } from './cel-parser';

const isClaim = (node: Cel, optional: boolean): boolean =>
  (node.kind === 'select' || node.kind === 'index') &&
  node.optional === optional &&
  node.of.kind === 'name' &&
  node.of.name === 'claims';

/** Whether an expression has the type `any` in Kubernetes, as a claim (`claims.groups`) has. It is not a list type. */
export function isAny(node: Cel): boolean {
  if (node.kind === 'call' && (node.name === 'orValue' || node.name === 'value')) {
    // With a fallback of the type `dyn`, the result has the type `dyn`.
    const types = node.args.map(staticType);
    return node.of !== undefined && isClaim(node.of, true) && !types.includes('dyn') && !types.includes(undefined);
  }
  if (node.kind !== 'operator' || node.name !== '?:') return isClaim(node, false);
  const branches = node.args.slice(1);
  return branches.some(isAny) && branches.every((one) => isAny(one) || (one.kind === 'list' && one.items.length === 0));
}

/** Whether an expression is a part of a claim, such as `claims.groups[0]`, which has the type `dyn`. */
const isPart = (node: Cel): boolean =>
  (node.kind === 'select' || node.kind === 'index') && !node.optional && (isClaim(node.of, false) || isPart(node.of));

const typeOfField: Readonly<Record<string, string>> = {
  username: 'string',
  uid: 'string',
  groups: 'list',
  extra: 'map',
};

/** Returns the type of a field of `user`, or of an item of such a field. */
function partOfUser(node: Cel): string | undefined {
  if ((node.kind !== 'select' && node.kind !== 'index') || node.optional) return undefined;
  const { of } = node;
  if (of.kind === 'name')
    return of.name === 'user' && node.kind === 'select' ? own(typeOfField, node.field) : undefined;
  if (of.kind !== 'select' || of.optional || of.of.kind !== 'name' || of.of.name !== 'user') return undefined;
  return of.field === 'extra' ? 'list' : of.field === 'groups' && node.kind === 'index' ? 'string' : undefined;
}

const typeOfCall: Readonly<Record<string, string>> = {
  ...Object.fromEntries('lowerAscii upperAscii replace join trim substring'.split(' ').map((name) => [name, 'string'])),
  ...Object.fromEntries('startsWith endsWith contains matches hasValue'.split(' ').map((name) => [name, 'boolean'])),
  split: 'list',
  size: 'number',
};

const ofBool = new Set(['&&', '||', '!', '==', '!=', '<', '<=', '>', '>=', 'in']);

/**
 * Returns the type that Kubernetes gives an expression: `any` for a claim, `dyn` for a part of a claim, or the kind of
 * value, such as `string` or `list`. `undefined` if it is not computed here.
 */
export function staticType(node: Cel): string | undefined {
  if (isAny(node)) return 'any';
  switch (node.kind) {
    case 'literal':
      return node.value === null ? 'null' : typeof node.value;
    case 'has':
      return 'boolean';
    case 'list':
      return 'list';
    case 'select':
    case 'index':
      return isPart(node) ? 'dyn' : partOfUser(node);
    case 'macro':
      return node.name === 'map' || node.name === 'filter' ? 'list' : 'boolean';
    case 'call':
      if (node.of) return Object.hasOwn(typeOfCall, node.name) ? typeOfCall[node.name] : undefined;
      return ['dyn', 'string'].includes(node.name) ? node.name : node.name === 'size' ? 'number' : undefined;
    case 'operator':
      return ofBool.has(node.name) ? 'boolean' : typeOfOperator(node.name, node.args);
    default:
      return undefined;
  }
}

function typeOfOperator(name: string, args: readonly Cel[]): string | undefined {
  const types = (name === '?:' ? args.slice(1) : args).map(staticType);
  if (name === '+') return ['string', 'list'].find((one) => types.includes(one));
  const [first, second] = types;
  return name === '?:' && first === second ? first : undefined;
}

/** Returns the type of an expression; `undefined` also for the types `any` and `dyn`, which fit every other type. */
export function fixedType(node: Cel): string | undefined {
  const type = staticType(node);
  return type === 'any' || type === 'dyn' ? undefined : type;
}

/** Whether two expressions have different types, so that Kubernetes refuses `condition ? first : second`. */
export function differ(first: Cel | undefined, second: Cel | undefined): boolean {
  const [one, other] = [first, second].map((node) => node && fixedType(node));
  return one !== undefined && other !== undefined && one !== other;
}
