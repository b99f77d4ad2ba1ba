import { own } from '../guards';
import type { Cel } from './cel-parser';

const isClaim = (node: Cel, optional: boolean): boolean =>
  (node.kind === 'select' || node.kind === 'index') &&
  node.optional === optional &&
  node.of.kind === 'name' &&
  node.of.name === 'claims';

/** Whether an expression has the type `any` in Kubernetes, as a claim (`claims.groups`) has. It is not a list type. */
export const isAny = (node: Cel): boolean => staticType(node) === 'any';

/**
 * Returns the type of an expression that gives one of two values, such as `condition ? first : second`. The order
 * of the values matters for `any` and `dyn`. This was tried with Kubernetes 1.30.4 to 1.37.2.
 */
function joined(first: string | undefined, second: string | undefined): string | undefined {
  if (second === 'any' || first === undefined || second === undefined) return second === 'any' ? second : undefined;
  if (first === 'any' && second !== 'dyn') return 'any';
  if (first === 'dyn' || second === 'dyn') return 'dyn';
  return first === second ? first : undefined;
}

/** Returns the type of the value in an optional value, such as `claims.?groups`. */
function typeInside(node: Cel): string | undefined {
  if (isClaim(node, true)) return 'any';
  if (node.kind !== 'call' || !node.of) return undefined;
  const [first] = node.args.map((arg) => (node.name === 'or' ? typeInside(arg) : staticType(arg)));
  if (node.name === 'or') return joined(typeInside(node.of), first);
  return node.name === 'of' && node.of.kind === 'name' && node.of.name === 'optional' ? first : undefined;
}

/** Returns the type of the items of a list. */
function typeOfItems(node: Cel): string | undefined {
  if (node.kind === 'list') return node.items[0] && staticType(node.items[0]);
  return node.kind === 'call' && node.of && node.name === 'split' ? 'string' : undefined;
}

type Part = Extract<Cel, { kind: 'select' | 'index' }>;

const typeOfField: Readonly<Record<string, string>> = {
  username: 'string',
  uid: 'string',
  groups: 'list',
  extra: 'map',
};

/** Returns the type of a field of `user`, or of an item of such a field. */
function partOfUser(node: Part): string | undefined {
  const { of } = node;
  if (of.kind === 'name')
    return of.name === 'user' && node.kind === 'select' ? own(typeOfField, node.field) : undefined;
  if (of.kind !== 'select' || of.optional || of.of.kind !== 'name' || of.of.name !== 'user') return undefined;
  return of.field === 'extra' ? 'list' : of.field === 'groups' && node.kind === 'index' ? 'string' : undefined;
}

/** Returns the type of a field or an item: `dyn` for a part of a claim, such as `claims.groups[0]`. */
function typeOfPart(node: Part): string | undefined {
  const whole = staticType(node.of);
  if (whole === 'any' || whole === 'dyn') return 'dyn';
  return partOfUser(node) ?? (node.kind === 'index' ? typeOfItems(node.of) : undefined);
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
  if (isClaim(node, false)) return 'any';
  switch (node.kind) {
    case 'literal':
      return node.value === null ? 'null' : typeof node.value;
    case 'has':
      return 'boolean';
    case 'list':
      return 'list';
    case 'map':
      return 'map';
    case 'select':
    case 'index':
      return node.optional ? undefined : typeOfPart(node);
    case 'macro':
      return node.name === 'map' || node.name === 'filter' ? 'list' : 'boolean';
    case 'call':
      if (node.of && node.name === 'orValue')
        return joined(typeInside(node.of), node.args[0] && staticType(node.args[0]));
      if (node.of && node.name === 'value') return typeInside(node.of);
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
  const [first, second] = types;
  if (name === '?:') return joined(first, second);
  if (name !== '+') return undefined;
  const known = ['string', 'list'].find((one) => types.includes(one));
  return known ?? (types.every((type) => type === 'any' || type === 'dyn') ? 'dyn' : undefined);
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
