import { own } from '../guards';
import { type CelFunction, functions, methods, NotEvaluated } from './cel-functions';
import type { Cel } from './cel-parser';
import {
  type CelMap,
  type CelValue,
  isCelMap,
  isList,
  isVariable,
  keyOf,
  OptionalValue,
  same,
  typeOf,
} from './cel-values';

/** The error if evaluation fails. An API server then refuses the token. */
export class CelError extends Error {
  override readonly name = 'CelError';
}

/** The variables of an expression, by name. */
export type Variables = ReadonlyMap<string, CelValue>;

/**
 * Evaluates an expression of supported operators and functions.
 * @throws CelError if an API server would refuse the token
 * @throws NotEvaluated if a part of the expression is not supported
 */
export function evaluateCel(node: Cel, variables: Variables): CelValue {
  const at = (child: Cel) => evaluateCel(child, variables);
  switch (node.kind) {
    case 'literal':
      return node.value;
    case 'name': {
      const value = variables.get(node.name);
      // The name of a library, such as `sets` in `sets.contains(…)`. The type checker has refused every other name.
      if (value === undefined) throw new NotEvaluated();
      return value;
    }
    case 'select':
      return item(at(node.of), node.field, node.optional);
    case 'has':
      return presentItem(at(node.of), node.field) !== undefined;
    case 'index':
      return item(at(node.of), at(node.index), node.optional);
    case 'list':
      return node.items.map(at);
    case 'operator':
      return operate(node.name, node.args, variables);
    case 'call': {
      const of = node.of && at(node.of);
      // `orValue` evaluates its argument only if it needs it.
      if (node.name === 'orValue' && node.args.length === 1 && of instanceof OptionalValue && of.value !== undefined)
        return of.value;
      return call(node.name, of, node.args.map(at));
    }
    case 'macro':
      return expand(node, variables);
    default:
      throw new NotEvaluated();
  }
}

function item(of: CelValue, index: CelValue, optional: boolean): CelValue {
  if (optional || of instanceof OptionalValue) return new OptionalValue(presentItem(of, index));
  const value = itemOf(of, index);
  if (value === undefined) throw new CelError(`no such ${isList(of) ? 'index' : 'key'}: ${String(index)}`);
  return value;
}

/** Like `itemOf`, for `has`, `.?` and `[?…]`: a value without such parts, such as `null` or a string, is no error. */
function presentItem(of: CelValue, index: CelValue): CelValue | undefined {
  if (of instanceof OptionalValue) return of.value === undefined ? undefined : presentItem(of.value, index);
  return isList(of) || (isCelMap(of) && typeof index === 'string') ? itemOf(of, index) : undefined;
}

function itemOf(of: CelValue, index: CelValue): CelValue | undefined {
  if (isList(of) && typeof index === 'number') return of[index];
  if (isCelMap(of) && typeof index === 'string') return keyed(of, index);
  throw new CelError(`no such overload: ${typeOf(of)}[${typeOf(index)}]`);
}

function keyed(map: CelMap, text: string): CelValue | undefined {
  const key = keyOf(text);
  if (isVariable(map)) return key === undefined ? undefined : own(map, key);
  // kube-apiserver also replaces escape sequences in the keys of a map inside a claim, but not in the keys of a map
  // that is an item of a loop.
  if (key !== undefined && key !== text) throw new NotEvaluated();
  return own(map, text);
}

function operate(name: string, args: readonly Cel[], variables: Variables): CelValue {
  const at = (node: Cel | undefined) => (node ? evaluateCel(node, variables) : null);
  const [first, second, third] = args;
  switch (name) {
    case '?:':
      return at(bool(at(first)) ? second : third);
    case '&&':
      return either(
        false,
        () => at(first),
        () => at(second),
      );
    case '||':
      return either(
        true,
        () => at(first),
        () => at(second),
      );
    case '!':
      return !bool(at(first));
    case '+':
      return add(at(first), at(second));
    case '==':
      return same(at(first), at(second));
    case '!=':
      return !same(at(first), at(second));
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compare(name, at(first), at(second));
    case '-':
      // The numbers in a token are doubles, and Kubernetes subtracts no integer from a double.
      if (!isClaim(first) || !isClaim(second)) throw new NotEvaluated();
      return difference(at(first), at(second));
    case 'in':
      return contains(at(second), at(first));
    default:
      throw new NotEvaluated();
  }
}

/** A part that is not evaluated may decide the result. So the whole expression is not evaluated either. */
const worse = (before: unknown, thrown: unknown): unknown => (before instanceof NotEvaluated ? before : thrown);

/** `&&` and `||` ignore an error of one side if the other side decides. */
function either(decides: boolean, left: () => CelValue, right: () => CelValue): boolean {
  let failure: unknown;
  for (const side of [left, right]) {
    try {
      if (bool(side()) === decides) return decides;
    } catch (thrown) {
      failure = worse(failure, thrown);
    }
  }
  if (failure !== undefined) throw failure;
  return !decides;
}

function bool(value: CelValue): boolean {
  if (typeof value !== 'boolean') throw new CelError(`no such overload: expected a bool, found a ${typeOf(value)}`);
  return value;
}

function add(left: CelValue, right: CelValue): CelValue {
  if (typeof left === 'string' && typeof right === 'string') return left + right;
  if (isList(left) && isList(right)) return left.length === 0 ? right : right.length === 0 ? left : [...left, ...right];
  if (typeof left === 'number' && typeof right === 'number') throw new NotEvaluated();
  throw new CelError(`no such overload: ${typeOf(left)} + ${typeOf(right)}`);
}

const isClaim = (node: Cel | undefined): boolean =>
  (node?.kind === 'select' || node?.kind === 'index') &&
  !node.optional &&
  (isClaim(node.of) || (node.of.kind === 'name' && node.of.name === 'claims'));

function difference(left: CelValue, right: CelValue): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  throw new CelError(`no such overload: ${typeOf(left)} - ${typeOf(right)}`);
}

function compare(name: '<' | '<=' | '>' | '>=', left: CelValue, right: CelValue): boolean {
  if (typeof left !== 'number' || typeof right !== 'number') {
    if (typeOf(left) === typeOf(right)) throw new NotEvaluated();
    throw new CelError(`no such overload: ${typeOf(left)} ${name} ${typeOf(right)}`);
  }
  if (left === right) return name.endsWith('=');
  return left < right === name.startsWith('<');
}

function contains(list: CelValue, value: CelValue): boolean {
  if (isCelMap(list) && !isVariable(list)) throw new NotEvaluated();
  if (!isList(list)) throw new CelError(`no such overload: in ${typeOf(list)}`);
  return list.some((one) => same(one, value));
}

function call(name: string, of: CelValue | undefined, args: readonly CelValue[]): CelValue {
  const known: CelFunction | undefined = of === undefined ? own(functions, name) : own(methods, name);
  const result = of === undefined ? known?.(...args) : known?.(of, ...args);
  if (result === undefined) {
    const types = [...(of === undefined ? [] : [of]), ...args].map(typeOf);
    throw new CelError(`no such overload: ${name}(${types.join(', ')})`);
  }
  return result;
}

function expand({ name, of, variable, args }: Extract<Cel, { kind: 'macro' }>, variables: Variables): CelValue {
  const range = evaluateCel(of, variables);
  if (isCelMap(range)) throw new NotEvaluated();
  const list = isList(range) ? range : undefined;
  if (!list) throw new CelError(`no such overload: ${name} of a ${typeOf(range)}`);
  const last = args.at(-1);
  const condition = args.length > 1 ? args[0] : undefined;
  const inner = (node: Cel | undefined, value: CelValue) =>
    node ? evaluateCel(node, new Map([...variables, [variable, value]])) : null;
  const holds = (value: CelValue) => bool(inner(last, value));
  switch (name) {
    case 'map':
      return list.filter((one) => !condition || bool(inner(condition, one))).map((one) => inner(last, one));
    case 'filter':
      return list.filter(holds);
    case 'all':
      return decided(false, list, holds);
    case 'exists':
      return decided(true, list, holds);
    default:
      return list.filter(holds).length === 1;
  }
}

/**
 * Combines the results of `holds` for a list: with `&&` if `decides` is false, and with `||` if it is true. Throws an
 * error of an item only if no item decides the result.
 */
function decided(decides: boolean, list: readonly CelValue[], holds: (value: CelValue) => boolean): boolean {
  let failure: unknown;
  for (const one of list) {
    try {
      if (holds(one) === decides) return decides;
    } catch (thrown) {
      failure = worse(failure, thrown);
    }
  }
  if (failure !== undefined) throw failure;
  return !decides;
}
