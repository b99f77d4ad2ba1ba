import { type CelValue, isCelMap, isList, isVariable, OptionalValue, splitList } from './cel-values';

/** The error for an expression whose result Kaniflux does not compute, although CEL defines a result. */
export class NotEvaluated extends Error {
  override readonly name = 'NotEvaluated';
}

const notEvaluated = (): never => {
  throw new NotEvaluated();
};

/**
 * A function of CEL; returns `undefined` if it does not accept arguments of these types.
 * @throws NotEvaluated if the function accepts the arguments but Kaniflux does not compute the result
 */
export type CelFunction = (...args: readonly CelValue[]) => CelValue | undefined;

const text = (value: CelValue | undefined): value is string => typeof value === 'string';

const size: CelFunction = (value = null, ...rest) => {
  if (rest.length > 0) return undefined;
  if (text(value)) return [...value].length;
  if (isList(value)) return value.length;
  return isCelMap(value) && !isVariable(value) ? Object.keys(value).length : undefined;
};

/** `dyn` only tells the type checker that any type is possible. */
export const functions: Readonly<Record<string, CelFunction>> = {
  dyn: (value, ...rest) => (rest.length === 0 ? value : undefined),
  size,
  string: (value, ...rest) => {
    if (rest.length > 0) return undefined;
    // Kubernetes reads the numbers in a token as doubles, and writes 1000000 as 1e+06.
    if (typeof value === 'number' && Math.abs(value) >= 1e6) return notEvaluated();
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : text(value) ? value : undefined;
  },
};

/** CEL changes the case of ASCII letters only. */
const ascii =
  (letters: RegExp, change: (letter: string) => string): CelFunction =>
  (of, ...rest) =>
    text(of) && rest.length === 0 ? of.replace(letters, change) : undefined;

const withText =
  (apply: (of: string, arg: string) => CelValue): CelFunction =>
  (of, arg, ...rest) =>
    text(of) && text(arg) && rest.length === 0 ? apply(of, arg) : undefined;

/**
 * The methods that are evaluated. The first argument is the value before the dot. The methods on strings belong to the
 * extension library that kube-apiserver loads.
 * @see https://kubernetes.io/docs/reference/using-api/cel/#cel-options-language-features-and-libraries
 */
export const methods: Readonly<Record<string, CelFunction>> = {
  size,
  split: (of, separator, ...rest) => {
    if (!text(of) || !text(separator)) return undefined;
    if (rest.length > 0) return notEvaluated();
    return splitList(separator === '' ? [...of] : of.split(separator));
  },
  startsWith: withText((of, start) => of.startsWith(start)),
  endsWith: withText((of, end) => of.endsWith(end)),
  contains: withText((of, part) => of.includes(part)),
  lowerAscii: ascii(/[A-Z]/g, (letter) => letter.toLowerCase()),
  upperAscii: ascii(/[a-z]/g, (letter) => letter.toUpperCase()),
  replace: (of, old, by, ...rest) => {
    if (!text(of) || !text(old) || !text(by)) return undefined;
    return old === '' || rest.length > 0 ? notEvaluated() : of.replaceAll(old, () => by);
  },
  join: (of, separator = '', ...rest) =>
    of !== undefined && isList(of) && of.every(text) && text(separator) && rest.length === 0
      ? of.join(separator)
      : undefined,
  orValue: (of, fallback, ...rest) =>
    of instanceof OptionalValue && rest.length === 0 ? (of.value === undefined ? fallback : of.value) : undefined,
  hasValue: (of, ...rest) => (of instanceof OptionalValue && rest.length === 0 ? of.value !== undefined : undefined),
};
