import { nearest } from '../config/nearest';

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Names of types and namespaces of CEL, which are not variables. */
export const celNames = words(
  'bool bytes cidr double dyn format google int ip kubernetes list lists map net null_type optional optional_type quantity resource semver sets string strings type uint url',
);

/**
 * Functions that declare variables, each with the numbers of arguments that it can have. The parser has no node of its
 * own for them, since they are not evaluated.
 */
export const declaring: ReadonlyMap<string, readonly number[]> = new Map([
  ['all', [3]],
  ['exists', [3]],
  ['exists_one', [3]],
  ['existsOne', [3]],
  ['filter', []],
  ['map', []],
  ['optFlatMap', [2]],
  ['optMap', [2]],
  ['sortBy', [2]],
  ['transformList', [3, 4]],
  ['transformMap', [3, 4]],
  ['transformMapEntry', [3, 4]],
]);

/**
 * The functions that are not called on a value, such as `size(x)`, in any version of Kubernetes. Functions with the
 * name of a library, such as `sets.contains`, are not in these lists.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.4/staging/src/k8s.io/apiserver/pkg/cel/environment/base.go
 */
const globals = words(
  'bool bytes cidr double duration dyn int ip isCIDR isIP isQuantity isSemver isURL matches quantity semver size string timestamp type uint url',
);

const ofStrings =
  'charAt contains endsWith find findAll format includes indexOf lastIndexOf lowerAscii matches replace size split startsWith substring trim upperAscii';

const ofLists =
  'all distinct exists exists_one existsOne filter first flatten includes indexOf isSorted join last lastIndexOf map max min reverse size slice sort sortBy sum transformList transformMap transformMapEntry unwrapOpt';

/** The functions that are called on a value. */
const methods = words(
  `${ofStrings} ${ofLists} add allowed asApproximateFloat asInteger check compareTo containsCIDR containsIP error errored family fieldSelector getDate getDayOfMonth getDayOfWeek getDayOfYear getEscapedPath getFullYear getHost getHostname getHours getMilliseconds getMinutes getMonth getPort getQuery getScheme getSeconds group hasValue ip isGlobalUnicast isGreaterThan isInteger isLessThan isLinkLocalMulticast isLinkLocalUnicast isLoopback isUnspecified labelSelector major masked minor name namespace optFlatMap optMap or orValue patch path prefixLength reason resource serviceAccount sign sub subresource validate value`,
);

/** The functions that can be called on a value of a type. */
const methodsOf: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['string', words(ofStrings)],
  ['list', words(ofLists)],
  [
    'map',
    words('all exists exists_one existsOne filter includes map size transformList transformMap transformMapEntry'),
  ],
]);

/** Functions of other languages, with those of CEL that do the same. */
const elsewhere = new Map([
  ['len', 'size'],
  ['length', 'size'],
  ['lower', 'lowerAscii'],
  ['toLower', 'lowerAscii'],
  ['toLowerCase', 'lowerAscii'],
  ['upper', 'upperAscii'],
  ['toUpper', 'upperAscii'],
  ['toUpperCase', 'upperAscii'],
  ['any', 'exists'],
]);

/** Returns the error for a function that Kubernetes does not have, or not in this form. */
export function functionError(name: string, isMethod: boolean): string | undefined {
  if ((isMethod ? methods : globals).has(name)) return undefined;
  if ((isMethod ? globals : methods).has(name)) {
    return isMethod ? `write \`${name}(…)\`, with the value in parentheses` : `write \`….${name}(…)\`, after a value`;
  }
  const near = elsewhere.get(name) ?? (name.length > 4 ? nearest(name, [...methods, ...globals]) : undefined);
  return `Kubernetes has no function \`${name}\`${near === undefined ? '' : `; write \`${near}\``}`;
}

/** Whether a function can be called on a value of a type. */
export const hasMethod = (type: string | undefined, name: string): boolean =>
  type === undefined || (methodsOf.get(type)?.has(name) ?? true);
