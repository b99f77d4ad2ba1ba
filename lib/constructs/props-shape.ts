import { distance } from 'fastest-levenshtein';
import { isMap, isText } from '../guards';

/** What a prop is: a type, the texts to choose from, or the shape of a map. */
type PropKind =
  | 'text'
  | 'texts'
  | 'number'
  | 'flag'
  | 'list'
  | 'map'
  | 'client'
  | 'clients'
  | 'migrations'
  | readonly string[]
  | AnyShape;

interface AnyShape {
  readonly [prop: string]: PropKind;
}

/** The kinds of all props of a type. */
export type Shape<P> = { readonly [K in keyof P]-?: PropKind };

/**
 * Checks the types and names of props. TypeScript does not check a JavaScript program, and it accepts unknown names in
 * props that are not written as a literal. An unknown name is refused if it is similar to the name of a prop. Other
 * unknown names are accepted, because a subclass may pass on props of its own.
 * @param what the construct or function, for the message
 * @param isWhole whether every unknown name is refused
 * @throws Error with all problems
 */
export function checkProps(what: string, props: unknown, shape: AnyShape, isWhole = false): void {
  if (isMap(props) && areRight(props, shape)) return;
  const problems = isMap(props)
    ? problemsIn(props, shape, { at: '', isWhole })
    : [`expected props, found ${found(props)}`];
  if (problems.length > 0) throw new Error(`${what}: ${problems.join('; ')}`);
}

/** Whether all props are known and right. It builds no lists of problems, because a fleet has 100,000 bindings. */
function areRight(props: Readonly<Record<string, unknown>>, shape: AnyShape): boolean {
  for (const name of Object.keys(props)) {
    const value = props[name];
    if (value === undefined) continue;
    const kind = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (kind === undefined || !isRight(value, kind)) return false;
  }
  return true;
}

function isRight(value: unknown, kind: PropKind): boolean {
  if (isChoices(kind)) return isText(value) && kind.includes(value);
  return typeof kind === 'object' ? isMap(value) && areRight(value, kind) : kinds[kind].is(value);
}

function problemsIn(
  props: Readonly<Record<string, unknown>>,
  shape: AnyShape,
  { at, isWhole }: { readonly at: string; readonly isWhole: boolean },
): string[] {
  return Object.entries(props).flatMap(([name, value]): string[] => {
    if (value === undefined) return [];
    const kind = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (kind !== undefined) return problemsOf(value, kind, at + name);
    const meant = Object.keys(shape).find((one) => props[one] === undefined && isAlike(one, name));
    if (meant === undefined && !isWhole) return [];
    return [`${at}${name}: there is no such prop${meant === undefined ? '' : `; write \`${meant}\``}`];
  });
}

/** Whether two names differ in one letter, or in upper and lower case. */
const isAlike = (a: string, b: string): boolean => distance(a.toLowerCase(), b.toLowerCase()) <= 1;

function problemsOf(value: unknown, kind: PropKind, at: string): string[] {
  if (isRight(value, kind)) return [];
  if (isChoices(kind)) {
    const choices = kind.map((one) => `\`${one}\``).join(', ');
    return [`${at}: expected one of ${choices}, found ${found(value)}`];
  }
  if (typeof kind === 'object' && isMap(value)) return problemsIn(value, kind, { at: `${at}.`, isWhole: true });
  return [`${at}: expected ${kinds[typeof kind === 'object' ? 'map' : kind].words}, found ${found(value)}`];
}

const isChoices = (kind: PropKind): kind is readonly string[] => Array.isArray(kind);

const kinds = {
  text: { is: isText, words: 'a text' },
  texts: { is: (value: unknown) => Array.isArray(value) && value.every(isText), words: 'a list of texts' },
  number: { is: (value: unknown) => typeof value === 'number', words: 'a number' },
  flag: { is: (value: unknown) => typeof value === 'boolean', words: '`true` or `false`' },
  list: { is: Array.isArray, words: 'a list' },
  map: { is: isMap, words: 'a map' },
  client: { is: isClient, words: 'a KanidmClient' },
  clients: {
    is: (value: unknown) => Array.isArray(value) && value.length > 0 && value.every(isClient),
    words: 'a list of at least one KanidmClient',
  },
  migrations: {
    is: (value: unknown) => isMap(value) && Array.isArray(value.maps) && isText(value.hash),
    words: 'what `migrationMaps` returns',
  },
} as const;

/** Does not use `instanceof`, because an app with two copies of Kaniflux has two classes `KanidmClient`. */
function isClient(value: unknown): boolean {
  return isMap(value) && isMap(value.authenticator);
}

function found(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (isText(value) || value === null) return `\`${value}\``;
  return Array.isArray(value) ? 'a list' : isMap(value) ? 'a map' : `the ${typeof value} \`${String(value)}\``;
}
