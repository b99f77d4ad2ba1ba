import { CelSyntaxError, celTokens, keywords, reserved, stringValue, type Token } from './cel-tokens';

/** A node of a parsed CEL expression. */
export type Cel =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  /** A literal that is not evaluated: bytes, a floating-point number, or an unsigned integer. */
  | { readonly kind: 'other'; readonly text: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'select'; readonly of: Cel; readonly field: string; readonly optional: boolean }
  | { readonly kind: 'index'; readonly of: Cel; readonly index: Cel; readonly optional: boolean }
  | { readonly kind: 'has'; readonly of: Cel; readonly field: string }
  | { readonly kind: 'call'; readonly name: string; readonly of?: Cel; readonly args: readonly Cel[] }
  | {
      readonly kind: 'macro';
      readonly name: string;
      readonly of: Cel;
      readonly variable: string;
      readonly args: readonly Cel[];
    }
  | { readonly kind: 'operator'; readonly name: string; readonly args: readonly Cel[] }
  | { readonly kind: 'list'; readonly items: readonly Cel[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [Cel, Cel])[] };

/** The macros that declare a variable, each with the numbers of arguments that it can have. */
const macros: Readonly<Record<string, readonly number[]>> = {
  all: [2],
  exists: [2],
  exists_one: [2],
  filter: [2],
  map: [2, 3],
};

const levels: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['<', '<=', '>=', '>', '==', '!=', 'in'],
  ['+', '-'],
  ['*', '/', '%'],
];

/** The maximum nesting of an expression. The limit of kube-apiserver is 250. */
const maxDepth = 200;

/**
 * Parses an expression of CEL.
 * @throws CelSyntaxError if kube-apiserver would refuse the text as well
 * @see https://github.com/google/cel-spec/blob/master/doc/langdef.md#syntax
 */
export function parseCel(text: string): Cel {
  const parser = new Parser(celTokens(text));
  const whole = parser.expression();
  parser.expectEnd();
  return whole;
}

class Parser {
  private position = 0;
  private depth = 0;
  constructor(private readonly tokens: readonly Token[]) {}

  private get token(): Token {
    const token = this.tokens[this.position];
    if (!token) throw new Error('internal error: read past the end of an expression');
    return token;
  }

  private take(): Token {
    const { token } = this;
    if (token.kind !== 'end') this.position += 1;
    return token;
  }

  private isAt(text: string): boolean {
    const { kind, text: is } = this.token;
    return is === text && (kind === 'symbol' || (kind === 'name' && text === 'in'));
  }

  private takes(text: string): boolean {
    const isNext = this.isAt(text);
    if (isNext) this.position += 1;
    return isNext;
  }

  private expect(text: string): void {
    if (!this.takes(text)) this.fail(`expected \`${text}\``);
  }

  private fail(expected: string): never {
    const { kind, text, at } = this.token;
    throw new CelSyntaxError(`${expected}, found ${kind === 'end' ? 'the end' : `\`${text}\``}`, at);
  }

  expectEnd(): void {
    if (this.token.kind !== 'end') this.fail('expected an operator or the end');
  }

  expression(): Cel {
    this.depth += 1;
    if (this.depth > maxDepth) this.fail('expected less nesting');
    const condition = this.binary(0);
    let whole = condition;
    if (this.takes('?')) {
      const yes = this.binary(0);
      this.expect(':');
      whole = { kind: 'operator', name: '?:', args: [condition, yes, this.expression()] };
    }
    this.depth -= 1;
    return whole;
  }

  private binary(level: number): Cel {
    const names = levels[level];
    if (!names) return this.unary();
    let left = this.binary(level + 1);
    for (let name = names.find((one) => this.isAt(one)); name; name = names.find((one) => this.isAt(one))) {
      this.take();
      left = { kind: 'operator', name, args: [left, this.binary(level + 1)] };
    }
    return left;
  }

  private unary(): Cel {
    const sign = ['!', '-'].find((one) => this.isAt(one));
    if (!sign) return this.member();
    let count = 0;
    while (this.takes(sign)) count += 1;
    const operand = this.member();
    // CEL drops two signs in a row before it looks at the type of the operand: `!!claims.sub` is `claims.sub`.
    if (count % 2 === 0) return operand;
    if (sign === '-' && operand.kind === 'literal' && typeof operand.value === 'number') {
      return { kind: 'literal', value: -operand.value };
    }
    return { kind: 'operator', name: sign === '!' ? '!' : 'negative', args: [operand] };
  }

  private member(): Cel {
    let node = this.primary();
    for (;;) {
      if (this.takes('.?')) node = { kind: 'select', of: node, field: this.fieldName(), optional: true };
      else if (this.takes('.')) {
        const { at } = this.token;
        const name = this.fieldName();
        node = this.takes('(')
          ? called(node, name, this.list(')'), at)
          : { kind: 'select', of: node, field: name, optional: false };
      } else if (this.isAt('[') || this.isAt('[?')) {
        const optional = this.take().text === '[?';
        const index = this.expression();
        this.expect(']');
        node = { kind: 'index', of: node, index, optional };
      } else if (this.isAt('{') && (node.kind === 'name' || node.kind === 'select')) {
        this.take();
        node = { kind: 'other', text: this.message() };
      } else return node;
    }
  }

  /** Returns the name of a field after a dot. */
  private fieldName(): string {
    const token = this.take();
    if (token.kind !== 'name' || keywords.has(token.text)) {
      this.position -= token.kind === 'end' ? 0 : 1;
      this.fail('expected the name of a field');
    }
    return token.text.replaceAll('`', '');
  }

  private primary(): Cel {
    const token = this.take();
    const { kind, text } = token;
    if (kind === 'string') return { kind: 'literal', value: stringValue(token) };
    if (kind === 'int') return { kind: 'literal', value: Number(text) };
    if (kind === 'uint' || kind === 'double' || kind === 'bytes') return { kind: 'other', text };
    if (text === '(') {
      const inner = this.expression();
      this.expect(')');
      return inner;
    }
    if (text === '[') return { kind: 'list', items: this.list(']') };
    if (text === '[?') {
      const first = optionalItem(this.expression());
      const isOnly = this.takes(']');
      if (!isOnly) this.expect(',');
      return { kind: 'list', items: [first, ...(isOnly ? [] : this.list(']'))] };
    }
    if (text === '{') return { kind: 'map', entries: this.entries() };
    const isGlobal = text === '.';
    const name = isGlobal ? this.take() : token;
    if (name.kind === 'name' && !name.text.startsWith('`') && !reserved.has(name.text)) return this.named(name);
    this.position -= kind === 'end' ? 0 : 1;
    return this.fail('expected a value');
  }

  private named({ text, at }: Token): Cel {
    if (text === 'true' || text === 'false') return { kind: 'literal', value: text === 'true' };
    if (text === 'null') return { kind: 'literal', value: null };
    if (!this.takes('(')) return { kind: 'name', name: text };
    const args = this.list(')');
    if (text !== 'has') return { kind: 'call', name: text, args };
    const [of] = args;
    if (args.length !== 1 || of?.kind !== 'select' || of.optional)
      throw new CelSyntaxError('`has` needs a field, such as `claims.a`', at);
    return { kind: 'has', of: of.of, field: of.field };
  }

  /** Returns the items up to a closing bracket. A list may end with a comma, and its items may be optional. */
  private list(end: ')' | ']'): Cel[] {
    const items: Cel[] = [];
    while (!this.takes(end)) {
      const isOptional = end === ']' && this.takes('?');
      const item = this.expression();
      items.push(isOptional ? optionalItem(item) : item);
      if (this.takes(end)) break;
      this.expect(',');
      if (end === ')' && this.isAt(end)) this.fail('expected an argument');
    }
    return items;
  }

  private entries(): (readonly [Cel, Cel])[] {
    const entries: [Cel, Cel][] = [];
    while (!this.takes('}')) {
      const isOptional = this.takes('?');
      const key = this.expression();
      this.expect(':');
      const value = this.expression();
      entries.push([key, isOptional ? optionalItem(value) : value]);
      if (this.takes('}')) break;
      this.expect(',');
    }
    return entries;
  }

  /** Skips the fields of a message, which are not evaluated. */
  private message(): string {
    while (!this.takes('}')) {
      this.takes('?');
      this.fieldName();
      this.expect(':');
      this.expression();
      if (this.takes('}')) break;
      this.expect(',');
    }
    return 'a message';
  }
}

const optionalItem = (item: Cel): Cel => ({ kind: 'operator', name: 'optional item', args: [item] });

function called(of: Cel, name: string, args: Cel[], at: number): Cel {
  const [first, ...rest] = args;
  if (!Object.hasOwn(macros, name) || !macros[name]?.includes(args.length)) return { kind: 'call', name, of, args };
  if (first?.kind !== 'name') throw new CelSyntaxError(`the first argument of \`${name}\` must be a variable`, at);
  return { kind: 'macro', name, of, variable: first.name, args: rest };
}
