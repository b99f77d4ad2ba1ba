import { type Cel, parseCel } from './cel-parser';

/**
 * Returns the known beginning of each string that an expression can give, whether it gives a string or a list of
 * strings. If a string can begin with anything, its known beginning is `''`.
 */
export function literalPrefixes(expression: string): readonly string[] {
  try {
    // The API server refuses an empty user name, and ignores an empty group name.
    const starts = startsOf(parseCel(expression)).starts.filter(({ text, isWhole }) => text !== '' || !isWhole);
    return [...new Set(starts.map(({ text }) => text))];
  } catch {
    return [''];
  }
}

/** The beginning of a string, or the whole string. */
interface Start {
  readonly text: string;
  readonly isWhole: boolean;
}

/** The possible beginnings of the value of a part of an expression. For a list, those of its strings. */
interface Starts {
  /** The type of the part; `undefined` if it is unknown. */
  readonly type?: 'string' | 'list' | undefined;
  readonly starts: readonly Start[];
}

const anything: Starts = { starts: [{ text: '', isWhole: false }] };

/** If there are more possible beginnings than this, only their common prefix is kept. */
const maxStarts = 30;

function startsOf(node: Cel): Starts {
  switch (node.kind) {
    case 'literal':
      return typeof node.value === 'string'
        ? { type: 'string', starts: [{ text: node.value, isWhole: true }] }
        : node.value === null
          ? { starts: [] }
          : anything;
    case 'operator': {
      const [first, second, third] = node.args;
      if (node.name === '+' && first && second) return sum(startsOf(first), startsOf(second));
      return node.name === '?:' && second && third ? union([startsOf(second), startsOf(third)]) : anything;
    }
    case 'macro': {
      const result = node.args.at(-1);
      if (node.name === 'filter') return { ...startsOf(node.of), type: 'list' };
      return node.name === 'map' && result ? { ...startsOf(result), type: 'list' } : anything;
    }
    case 'list':
      return { ...union(node.items.map(startsOf)), type: 'list' };
    case 'call': {
      const [value] = node.args;
      return node.name === 'dyn' && !node.of && value ? startsOf(value) : anything;
    }
    default:
      return anything;
  }
}

/** `+` joins two strings or two lists. The type of one operand tells which. */
function sum(left: Starts, right: Starts): Starts {
  const list: Starts = { ...union([left, right]), type: 'list' };
  const text: Starts = {
    type: 'string',
    starts: few(
      left.starts.flatMap((start) =>
        start.isWhole ? right.starts.map(({ text, isWhole }) => ({ text: start.text + text, isWhole })) : [start],
      ),
    ),
  };
  if (left.type === 'list' || right.type === 'list') return list;
  return left.type === 'string' || right.type === 'string' ? text : union([text, list]);
}

function union(parts: readonly Starts[]): Starts {
  const [type, ...others] = new Set(parts.map((part) => part.type));
  return { type: others.length === 0 ? type : undefined, starts: few(parts.flatMap(({ starts }) => starts)) };
}

function few(starts: readonly Start[]): readonly Start[] {
  const distinct = [...new Map(starts.map((start) => [JSON.stringify(start), start])).values()];
  return distinct.length > maxStarts ? [{ text: common(distinct.map(({ text }) => text)), isWhole: false }] : distinct;
}

function common(texts: readonly string[]): string {
  const [first = '', ...others] = texts;
  let length = first.length;
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length -= 1;
  return first.slice(0, length);
}

/**
 * Returns the prefix that a rule over `user` requires of user names or groups, such as
 * `user.username.startsWith('ci:')`; `''` if it requires none.
 */
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
