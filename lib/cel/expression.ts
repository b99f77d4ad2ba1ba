import { own } from '../guards';
import { CelError, evaluateCel } from './cel-evaluator';
import { functions, methods, NotEvaluated } from './cel-functions';
import { type Cel, parseCel } from './cel-parser';
import { CelSyntaxError } from './cel-tokens';
import { variable as asVariable, type CelValue, celValue, isCelMap, keyOf } from './cel-values';
import { differ, isAny, staticType } from './static-type';

/** What is known about an expression without evaluating it for a token. */
export interface ExpressionFacts {
  /** Why kube-apiserver would refuse the configuration. Kaniflux does not detect all such reasons. */
  readonly error?: string;
  /** Whether `evaluate` can compute the value. */
  readonly isEvaluated: boolean;
  /** The claims that it reads; `undefined` if it uses the claims as a whole. */
  readonly claims: ReadonlySet<string> | undefined;
  /** The claims that it reads in the form `claims.email`, as opposed to `claims['email']`. */
  readonly selected: ReadonlySet<string>;
  /** Whether it has `… in claims`, which kube-apiserver compiles, but cannot evaluate. */
  readonly searchesClaims?: boolean;
}

interface Parsed extends ExpressionFacts {
  readonly node?: Cel;
}

const parsed = new Map<string, Parsed>();

/** Returns what is known about an expression that reads `variable`. */
export const expressionFacts = (text: string, variable: 'claims' | 'user' = 'claims'): ExpressionFacts =>
  parsedExpression(text, variable);

function parsedExpression(text: string, variable: 'claims' | 'user'): Parsed {
  const key = `${variable}\n${text}`;
  const cached = parsed.get(key);
  if (cached) return cached;
  const facts = parse(text, variable);
  parsed.set(key, facts);
  return facts;
}

function parse(text: string, variable: 'claims' | 'user'): Parsed {
  let node: Cel;
  try {
    node = parseCel(text);
  } catch (thrown) {
    if (!(thrown instanceof CelSyntaxError)) throw thrown;
    return {
      error: `${thrown.message}, at character ${thrown.at + 1}`,
      isEvaluated: false,
      claims: undefined,
      selected: new Set(),
    };
  }
  const claims = new Set<string>();
  const selected = new Set<string>();
  const isWhole = !readsFields(node, variable, { claims, selected });
  const error = typeError(node, [variable], variable);
  return {
    node,
    ...(error === undefined ? {} : { error }),
    isEvaluated: error === undefined && isSupported(node),
    claims: isWhole ? undefined : claims,
    selected,
    searchesClaims: variable === 'claims' && searches(node),
  };
}

/**
 * The result for one token: a value, or the reason why the token is refused; `undefined` if the expression is not
 * evaluated.
 */
export type Evaluation = { readonly value: CelValue } | { readonly refused: string } | undefined;

/**
 * Evaluates an expression as kube-apiserver does.
 * @param input the claims by name. A claim with the value `undefined` is unknown; a claim that is not in `input` is not
 * in the token
 */
export function evaluate(text: string, input: object, variable: 'claims' | 'user' = 'claims'): Evaluation {
  const { node, isEvaluated, claims } = parsedExpression(text, variable);
  if (!node || !isEvaluated) return undefined;
  const read = Object.entries(input).filter(([key]) => !claims || claims.has(key));
  if (read.some(([, one]) => one === undefined)) return undefined;
  const value = celValue(Object.fromEntries(read));
  if (value === undefined || !isCelMap(value)) return undefined;
  try {
    return { value: evaluateCel(node, new Map([[variable, asVariable(value)]])) };
  } catch (thrown) {
    if (thrown instanceof NotEvaluated) return undefined;
    if (thrown instanceof CelError) return { refused: thrown.message };
    throw thrown;
  }
}

const operators = new Set(['?:', '&&', '||', '!', '+', '-', '<', '<=', '>', '>=', '==', '!=', 'in']);

/** Returns the direct parts of a node. */
function children(node: Cel): readonly Cel[] {
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

function isSupported(node: Cel): boolean {
  const is =
    node.kind === 'operator'
      ? operators.has(node.name)
      : node.kind === 'call'
        ? own(node.of ? methods : functions, node.name) !== undefined
        : node.kind === 'name'
          ? !celNames.has(node.name)
          : node.kind !== 'other' && node.kind !== 'map';
  return is && children(node).every(isSupported);
}

const searches = (node: Cel): boolean =>
  (node.kind === 'operator' && node.name === 'in' && node.args[1] !== undefined && isName(node.args[1], 'claims')) ||
  children(node).some(searches);

/** Collects the fields of a variable that are read. Returns false if the variable is also used as a whole. */
function readsFields(node: Cel, variable: string, fields: { claims: Set<string>; selected: Set<string> }): boolean {
  const isVariable = (one: Cel) => one.kind === 'name' && one.name === variable;
  if (isVariable(node)) return false;
  if ((node.kind === 'select' || node.kind === 'has') && isVariable(node.of)) {
    fields.claims.add(keyOf(node.field) ?? node.field);
    fields.selected.add(node.field);
    return true;
  }
  if (node.kind === 'index' && isVariable(node.of) && node.index.kind === 'literal') {
    const { value } = node.index;
    fields.claims.add(typeof value === 'string' ? (keyOf(value) ?? value) : String(value));
    return true;
  }
  return children(node)
    .map((child) => readsFields(child, variable, fields))
    .every(Boolean);
}

/** Names of types and name spaces of CEL, which are not variables. */
const celNames = new Set(
  'bool bytes cidr double dyn format google int ip json kubernetes list lists map math net null_type optional optional_type quantity regex resource semver sets string strings type uint url'.split(
    ' ',
  ),
);

/** Functions that declare variables. The parser has no node of its own for them, since they are not evaluated. */
const declaring = new Set(
  'all exists exists_one existsOne optFlatMap optMap sortBy transformList transformMap transformMapEntry'.split(' '),
);

const userFields: readonly string[] = ['username', 'uid', 'groups', 'extra'];

/**
 * Returns the error of the type checker for an unknown variable or field of `user`, for a loop over a claim, or for a
 * list of items with different types. Other errors are not detected.
 */
function typeError(node: Cel, variables: readonly string[], variable: 'claims' | 'user'): string | undefined {
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
    return typeError(of, variables, variable) ?? firstError(args, [...variables, node.variable], variable);
  }
  if (node.kind === 'call' && node.name === 'format' && node.of && node.args[0]?.kind === 'list') {
    // The items of this list may have different types, but none may be a claim if the text before the dot is known.
    const { items } = node.args[0];
    const claim = node.of.kind === 'literal' ? items.find(isAny) : undefined;
    if (claim) {
      return `write \`dyn(${written(claim)})\` in the list of \`format\`: without \`dyn\`, Kubernetes does not know the type of the claim`;
    }
    return firstError([node.of, ...items], variables, variable);
  }
  if (node.kind === 'call' && node.of && declaring.has(node.name)) {
    const declared = node.args.slice(0, -1).flatMap((arg) => (arg.kind === 'name' ? [arg.name] : []));
    return typeError(node.of, variables, variable) ?? firstError(node.args, [...variables, ...declared], variable);
  }
  if (node.kind === 'list' && variable === 'claims') {
    const types = new Set(node.items.flatMap((item) => staticType(item) ?? []));
    if (types.size > 1) return 'the items of a list have different types: write `dyn(…)` around each item';
  }
  if (node.kind === 'operator' && node.name === '?:' && differ(node.args[1], node.args[2])) {
    return 'the two results of `?:` have different types: write `dyn(…)` around one of them';
  }
  return firstError(children(node), variables, variable);
}

const written = (claim: Cel): string => (claim.kind === 'select' ? `claims.${claim.field}` : '…');

const isName = (node: Cel, name: string): boolean => node.kind === 'name' && node.name === name;

function firstError(nodes: readonly Cel[], variables: readonly string[], variable: 'claims' | 'user') {
  for (const node of nodes) {
    const error = typeError(node, variables, variable);
    if (error !== undefined) return error;
  }
  return undefined;
}
