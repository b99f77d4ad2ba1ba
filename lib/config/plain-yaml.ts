import type { Tree } from './yaml-text';

/*
 * The `yaml` library takes 60 µs and 6 KB for a grant, more than everything else that becomes of it. Nearly every config
 * is written in a small part of YAML: block maps and lists, scalars and flow collections of one line. That part is read
 * here; a text with anything else in it, faults included, is left to the library. What this takes, it takes as the
 * library does, each thing in the same place: __tests__/config/plain-yaml.test.ts holds the one against the other.
 */

/** Where the entries of a map (in the order of its keys) or of a list stand. */
interface Places {
  readonly keys: number[];
  readonly values: number[];
}

/** A value in its place. */
interface Node {
  readonly value: unknown;
  readonly offset: number;
}

/** Reads a text of plain YAML; `undefined` where it is more than that. */
export function readPlainYaml(text: string): Record<string, unknown> | undefined {
  if (unusual.test(text)) return undefined;
  try {
    return new Reader(text).document();
  } catch (thrown) {
    if (thrown === beyond) return undefined;
    throw thrown;
  }
}

/** Reads it once more, with the places; only for what `readPlainYaml` could read. */
export function placePlainYaml(text: string): Tree<Node> {
  const places = new Map<object, Places>();
  const reader = new Reader(text, places);
  const start = reader.at;
  return {
    root: { value: reader.document(), offset: start },
    start,
    child({ value: parent }, step) {
      if (typeof parent !== 'object' || parent === null) return undefined;
      const at = Array.isArray(parent) ? Number(step) : Object.keys(parent).indexOf(String(step));
      const found = places.get(parent);
      const [key, value] = [found?.keys[at], found?.values[at]];
      if (value === undefined) return undefined;
      return { node: { value: (parent as Record<string, unknown>)[String(step)], offset: value }, key, value };
    },
    written({ value, offset }) {
      if (typeof value === 'object') return undefined;
      return typeof value === 'string' ? value : /[^\s,[\]{}]*/y.exec(text.slice(offset))?.[0];
    },
  };
}

/** Thrown, and caught above, where a text is more than plain. */
const beyond = new Error('more than plain YAML');

/** Control characters, tabs and other line ends among them. */
const unusual = /[^\n\x20-\x7e\u00a1-\u2027\u202a-\ufefe\uff00-\ufffd]/;
const key = /(?!(?:null|true|false):|__proto__:)[a-z_][\w./@-]{0,200}(?=:(?: |$))/imy;
/** The first sign begins nothing but a scalar, and none of the others ends it. */
const flowScalar = /[\w./\u00a1-\uffff][^\n,[\]{}#:"']*(?::(?=[^\s,[\]{}])[^\n,[\]{}#:"']*)*/y;
const blockScalar = /(?!- |-$)[\w./\u00a1-\uffff-][^\n#:]*(?:(?::(?=\S)|(?<! )#)[^\n#:]*)*/my;
const quoted = /"[^"\\\n]*"|'[^'\n]*'/y;
/** What the core schema of YAML 1.2 takes for something other than text. */
const notText =
  /^(?:null|true|false|[-+]?\d+|0o[0-7]+|0x[\da-f]+|[-+]?\.inf|\.nan|[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?)$/i;
const wholeNumber = /^(?:0|[1-9]\d{0,14})$/;
/** Below what the library is allowed. */
const deepest = 50;

const [lineFeed, space, hash, dash, comma, colon] = [...'\n #-,:'].map((sign) => sign.charCodeAt(0));

class Reader {
  /** The next sign to be read. */
  at = 0;
  /** The column of the block that begins at `at`; -1 at the end of the text. */
  #indent = 0;
  #depth = 0;

  constructor(
    readonly text: string,
    readonly places?: Map<object, Places>,
  ) {
    this.#toLine(0);
    if (this.#indent === 0 && text.startsWith('---\n', this.at)) this.#toLine(this.at + 4);
  }

  document(): Record<string, unknown> {
    const value = this.#indent === 0 ? this.#map() : undefined;
    if (value === undefined || this.at < this.text.length) throw beyond;
    return value;
  }

  #map(): Record<string, unknown> {
    const indent = this.#indent;
    const map: Record<string, unknown> = {};
    this.#enter(map);
    while (this.#indent === indent) {
      const keyAt = this.at;
      const name = this.#key(map);
      const inLine = this.#toValue();
      this.#note(map, keyAt);
      if (inLine) map[name] = this.#inLine(indent);
      else if (this.#indent > indent) map[name] = this.#isDash() ? this.#list() : this.#map();
      else if (this.#indent === indent && this.#isDash()) map[name] = this.#list();
      else throw beyond;
    }
    return this.#leave(map, indent);
  }

  #list(): unknown[] {
    const indent = this.#indent;
    const list: unknown[] = [];
    this.#enter(list);
    while (this.#indent === indent && this.#isDash()) {
      const dashAt = this.at++;
      this.#spaces();
      this.#indent = indent + this.at - dashAt;
      this.#note(list, this.at);
      key.lastIndex = this.at;
      list.push(key.test(this.text) ? this.#map() : this.#inLine(indent));
    }
    return this.#leave(list, indent);
  }

  /** A value that ends with its line. What is indented below it would belong to it. */
  #inLine(indent: number): unknown {
    const value = this.#one(blockScalar);
    this.#spaces();
    const code = this.text.charCodeAt(this.at);
    const isComment = code === hash && this.text.charCodeAt(this.at - 1) === space;
    if (this.at < this.text.length && code !== lineFeed && !isComment) throw beyond;
    this.#toLine(this.#lineEnd() + 1);
    if (this.#indent > indent) throw beyond;
    return value;
  }

  #one(plain: RegExp): unknown {
    const sign = this.text[this.at];
    if (sign === '[') return this.#flowList();
    if (sign === '{') return this.#flowMap();
    if (sign === '"' || sign === "'") return this.#take(quoted).slice(1, -1);
    return meaning(this.#take(plain).trimEnd());
  }

  #flowList(): unknown[] {
    const list: unknown[] = [];
    this.#enter(list);
    this.at++;
    if (this.#closes(']')) return this.#leave(list);
    do {
      this.#spaces();
      this.#note(list, this.at);
      list.push(this.#one(flowScalar));
    } while (this.#goesOn(']'));
    return this.#leave(list);
  }

  #flowMap(): Record<string, unknown> {
    const map: Record<string, unknown> = {};
    this.#enter(map);
    this.at++;
    if (this.#closes('}')) return this.#leave(map);
    do {
      this.#spaces();
      const keyAt = this.at;
      const name = this.#key(map);
      this.#spaces();
      this.#note(map, keyAt);
      map[name] = this.#one(flowScalar);
    } while (this.#goesOn('}'));
    return this.#leave(map);
  }

  #closes(end: string): boolean {
    this.#spaces();
    if (this.text[this.at] !== end) return false;
    this.at++;
    return true;
  }

  #goesOn(end: string): boolean {
    if (this.#closes(end)) return false;
    if (this.text.charCodeAt(this.at++) !== comma) throw beyond;
    return true;
  }

  /** Reads a key and its colon. */
  #key(map: object): string {
    const name = this.#take(key);
    if (Object.hasOwn(map, name)) throw beyond;
    if (this.text.charCodeAt(this.at++) !== colon) throw beyond;
    return name;
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    if (!pattern.test(this.text)) throw beyond;
    const from = this.at;
    this.at = pattern.lastIndex;
    return this.text.slice(from, this.at);
  }

  /** Goes to the value behind a key: whether it begins in the same line. */
  #toValue(): boolean {
    this.#spaces();
    const code = this.text.charCodeAt(this.at);
    if (this.at < this.text.length && code !== lineFeed && code !== hash) return true;
    this.#toLine(this.#lineEnd() + 1);
    return false;
  }

  /** Goes to the first line with something in it, from the beginning of a line. */
  #toLine(from: number): void {
    let start = from;
    for (;;) {
      this.at = start;
      this.#spaces();
      const code = this.text.charCodeAt(this.at);
      if (code !== lineFeed && code !== hash) break;
      start = this.#lineEnd() + 1;
    }
    this.#indent = this.at < this.text.length ? this.at - start : -1;
  }

  #lineEnd(): number {
    const end = this.text.indexOf('\n', this.at);
    return end === -1 ? this.text.length : end;
  }

  #spaces(): void {
    while (this.text.charCodeAt(this.at) === space) this.at++;
  }

  #isDash(): boolean {
    return this.text.charCodeAt(this.at) === dash && this.text.charCodeAt(this.at + 1) === space;
  }

  #enter(collection: object): void {
    if (++this.#depth > deepest) throw beyond;
    this.places?.set(collection, { keys: [], values: [] });
  }

  /** @param indent of a block: what is indented more would be part of it */
  #leave<T>(collection: T, indent = Number.POSITIVE_INFINITY): T {
    if (this.#indent > indent) throw beyond;
    this.#depth--;
    return collection;
  }

  /** An entry, whose value begins here. */
  #note(collection: object, keyAt: number): void {
    const places = this.places?.get(collection);
    places?.keys.push(keyAt);
    places?.values.push(this.at);
  }
}

function meaning(text: string): unknown {
  if (!notText.test(text)) return text;
  if (text === 'true') return true;
  if (text === 'false') return false;
  if (wholeNumber.test(text)) return Number(text);
  throw beyond;
}
