import { own } from '../guards';
import { CelError, evaluateCel } from './cel-evaluator';
import { functions, methods, NotEvaluated } from './cel-functions';
import { type Cel, parseCel } from './cel-parser';
import { CelSyntaxError } from './cel-tokens';
import { variable as asVariable, type CelValue, celValue, isCelMap, keyOf } from './cel-values';
import { celNames } from './known-functions';
import { failsAt } from './missing-claim';
import { type Needed, newestNeeded } from './needed-version';
import { children, isName, typeError } from './type-check';

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
  /** The newest feature that it uses, among those that some supported versions of Kubernetes do not have. */
  readonly needs?: Needed | undefined;
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
    needs: newestNeeded(text, node),
  };
}

/** Returns a claim that an expression cannot do without, among the claims that no token has. */
export function missingClaim(text: string, isMissing: (claim: string) => boolean): string | undefined {
  const { node, error } = parsedExpression(text, 'claims');
  return node && error === undefined ? failsAt(node, isMissing) : undefined;
}

/**
 * The result for one token: a value, or the reason why the token is refused; `undefined` if the expression is not
 * evaluated.
 */
export type Evaluation = { readonly value: CelValue } | { readonly refused: string } | undefined;

/**
 * Evaluates an expression as kube-apiserver does.
 * @param byName `false` before Kubernetes 1.34, where `claims` is an ordinary map. A part with `in claims`, or with an
 * escape sequence in the name of a claim, is then not evaluated
 * @param input the claims by name. A claim with the value `undefined` is unknown; a claim that is not in `input` is not
 * in the token
 */
export function evaluate(
  text: string,
  input: object,
  variable: 'claims' | 'user' = 'claims',
  byName = true,
): Evaluation {
  const { node, isEvaluated, claims } = parsedExpression(text, variable);
  if (!node || !isEvaluated) return undefined;
  const read = Object.entries(input).filter(([key]) => !claims || claims.has(key));
  if (read.some(([, one]) => one === undefined)) return undefined;
  const value = celValue(Object.fromEntries(read));
  if (value === undefined || !isCelMap(value)) return undefined;
  try {
    return { value: evaluateCel(node, new Map([[variable, byName ? asVariable(value) : value]])) };
  } catch (thrown) {
    if (thrown instanceof NotEvaluated) return undefined;
    if (thrown instanceof CelError) return { refused: thrown.message };
    throw thrown;
  }
}

const operators = new Set(['?:', '&&', '||', '!', '+', '-', '<', '<=', '>', '>=', '==', '!=', 'in']);

/** @param bound the variables of the loops around the node */
function isSupported(node: Cel, bound: readonly string[] = []): boolean {
  const is =
    node.kind === 'operator'
      ? operators.has(node.name)
      : node.kind === 'call'
        ? own(node.of ? methods : functions, node.name) !== undefined
        : node.kind === 'name'
          ? bound.includes(node.name) || !celNames.has(node.name)
          : node.kind !== 'other' && node.kind !== 'map';
  const inner = node.kind === 'macro' ? [...bound, node.variable] : bound;
  return is && children(node).every((child) => isSupported(child, inner));
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
