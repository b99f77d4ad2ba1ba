/** A token of a CEL expression. `at` is its index in the text. */
export interface Token {
  readonly kind: 'name' | 'string' | 'bytes' | 'int' | 'uint' | 'double' | 'symbol' | 'end';
  readonly text: string;
  readonly at: number;
}

/** The error for a text that is not CEL. An API server does not load a configuration that contains it. */
export class CelSyntaxError extends Error {
  override readonly name = 'CelSyntaxError';
  constructor(
    message: string,
    /** The index in the text of the expression. */
    readonly at: number,
  ) {
    super(message);
  }
}

/** Words that cannot be the name of a variable. */
export const reserved: ReadonlySet<string> = new Set(
  'as break const continue else for function if import let loop package namespace return var void while in'.split(' '),
);

/** Words that cannot be the name of a field. */
export const keywords: ReadonlySet<string> = new Set(['in', 'true', 'false', 'null']);

/** A string in quotes, in which a backslash is an ordinary character. */
const raw = String.raw`"""[\s\S]*?"""|'''[\s\S]*?'''|"[^"\r\n]*"|'[^'\r\n]*'`;
/** A string in quotes, in which a backslash begins an escape sequence. */
const cooked = String.raw`"""(?:\\[\s\S]|[^\\])*?"""|'''(?:\\[\s\S]|[^\\])*?'''|"(?:\\.|[^"\\\r\n])*"|'(?:\\.|[^'\\\r\n])*'`;

const patterns: readonly (readonly [Token['kind'] | 'space', RegExp])[] = [
  ['space', /(?:[ \t\r\n\f]+|\/\/[^\n]*)/y],
  ['double', /(?:\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?)/y],
  ['uint', /(?:0[xX][0-9a-fA-F]+|\d+)[uU]/y],
  ['int', /(?:0[xX][0-9a-fA-F]+|\d+)/y],
  ['string', new RegExp(`[rR](?:${raw})|${cooked}`, 'y')],
  ['bytes', new RegExp(`[bB](?:[rR](?:${raw})|${cooked})`, 'y')],
  ['name', /(?:[A-Za-z_]\w*|`[A-Za-z0-9_./ -]+`)/y],
  ['symbol', /(?:&&|\|\||==|!=|<=|>=|\[\?|\.\?|[-+*/%<>!?:.,()[\]{}])/y],
];

/**
 * Splits an expression into tokens. The last one has the kind `end`.
 * @throws CelSyntaxError if a character does not belong to any token
 * @see https://github.com/google/cel-spec/blob/master/doc/langdef.md#syntax
 */
export function celTokens(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    const [kind, taken] = next(text, at);
    if (kind !== 'space') tokens.push({ kind, text: taken, at });
    at += taken.length;
  }
  return [...tokens, { kind: 'end', text: '', at: text.length }];
}

function next(text: string, at: number): readonly [Token['kind'] | 'space', string] {
  for (const [kind, pattern] of patterns) {
    // Strings are tried before names: the prefix of a raw string or a bytes literal (`r"a"`) looks like a name.
    pattern.lastIndex = at;
    const taken = pattern.exec(text)?.[0];
    if (taken !== undefined) return [kind, taken];
  }
  const isQuote = /["']/.test(text[at] ?? '');
  throw new CelSyntaxError(isQuote ? 'the string has no end' : `unexpected character \`${text[at]}\``, at);
}

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/**
 * Returns the value of a string literal.
 * @throws CelSyntaxError for an unknown escape sequence
 */
export function stringValue({ text, at }: Token): string {
  const isRaw = /^[rR]/.test(text);
  const quoted = isRaw ? text.slice(1) : text;
  const marks = quoted.startsWith('"""') || quoted.startsWith("'''") ? 3 : 1;
  const inner = quoted.slice(marks, -marks);
  if (isRaw) return inner;
  return inner.replace(
    /\\(?:(?:x(?=[0-9a-fA-F]{2})|u(?=[0-9a-fA-F]{4})|U(?=[0-9a-fA-F]{8}))[0-9a-fA-F]{2}(?:(?<=u..)..|(?<=U..)......)?|[0-3][0-7]{2}|[\s\S])/g,
    (sequence) => escaped(sequence.slice(1), at),
  );
}

/**
 * Returns the character that an escape sequence stands for.
 * @param sequence the escape sequence without its backslash
 */
function escaped(sequence: string, at: number): string {
  if (/^[xuU]./.test(sequence)) return character(Number.parseInt(sequence.slice(1), 16), at);
  if (sequence.length > 1) return character(Number.parseInt(sequence, 8), at);
  if ('\\?"\'`'.includes(sequence)) return sequence;
  const known = escapes[sequence];
  if (known === undefined) throw new CelSyntaxError(`unknown escape sequence \`\\${sequence}\``, at);
  return known;
}

function character(code: number, at: number): string {
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw new CelSyntaxError('no such character', at);
  return String.fromCodePoint(code);
}
