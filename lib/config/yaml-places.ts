import { EVENT_ID, type Event, SCALAR_STYLE } from 'js-yaml';
import type { Path } from '../findings/finding';
import { eventsOf, keyOf } from './yaml-values';

/** The offset of a node, and the source text of an unquoted scalar. */
export interface Place {
  readonly offset: number;
  readonly written?: string;
}

type ScalarEvent = Extract<Event, { readonly style: unknown; readonly fast: boolean }>;

const kinds = { empty: 0, plain: 1, quoted: 2, block: 3, list: 4, map: 5 };

/**
 * Matches keys that YAML might read as another type than a string (`null`, `true`, `1.0`). The parsed key can then
 * differ from its source text.
 */
const notText = /^(?:[-+.~\d].*|null|true|false)$/i;
const startsNotText = new Set([...'-+.~0123456789ntfNTF'].map((character) => character.charCodeAt(0)));
const blank = /(?:[\s\]},]|(?<=\s)#.*)*/y;
const blockHeader = /[|>][-+\d]*(?:[ \t]+#.*|[ \t]*)\r?$/;

const isIndex = (step: string | number): boolean => typeof step === 'number' || /^\d+$/.test(step);

/** The positions of all nodes in a YAML text that `readValue` accepts. */
export class YamlPlaces {
  // The arrays have one item for each node, in the order of the text. This takes 9 bytes for each node; an object would
  // take over a hundred.
  readonly #kind: Uint8Array;
  readonly #offset: Int32Array;
  /**
   * The end of the text of a scalar, without quotes. For a list or a map, the index of the next node after all its
   * children.
   */
  readonly #end: Int32Array;
  /**
   * The parsed keys that may differ from their source text, for example because of an escape. They are stored by the
   * index of the node.
   */
  readonly #keys = new Map<number, string>();
  /** The items of a list, and the keys of a map, by the index of its node. Filled in on first use. */
  readonly #items = new Map<number, readonly number[]>();
  readonly #keysOf = new Map<number, ReadonlyMap<string, number>>();

  constructor(
    readonly text: string,
    events: readonly Event[] = eventsOf(text),
  ) {
    this.#kind = new Uint8Array(events.length);
    this.#offset = new Int32Array(events.length);
    this.#end = new Int32Array(events.length);
    const open: number[] = [];
    let node = 0;
    let behind = 0;
    for (const event of events) {
      if (event.type === EVENT_ID.POP) {
        const closed = open.pop();
        if (closed !== undefined) this.#end[closed] = node;
      } else if (event.type === EVENT_ID.SEQUENCE || event.type === EVENT_ID.MAPPING) {
        this.#kind[node] = event.type === EVENT_ID.MAPPING ? kinds.map : kinds.list;
        this.#offset[node] = event.start;
        behind = event.start;
        open.push(node++);
      } else if (event.type === EVENT_ID.SCALAR) {
        behind = this.#addScalar(node++, event, behind);
      }
    }
  }

  /** The place of a path. If the path does not exist, returns that of its nearest parent. */
  find(path: Path, at: 'key' | 'value'): Place {
    let node = 0;
    let offset = this.#offset[0] ?? 0;
    for (const [depth, step] of path.entries()) {
      const key = this.#entryOf(node, step);
      if (key === undefined) return { offset };
      // An item of a list has no key of its own.
      const value = this.#kind[node] === kinds.list ? key : this.#after(key);
      const isAtValue = at === 'value' && depth === path.length - 1;
      offset = this.#offset[isAtValue ? value : key] ?? offset;
      node = value;
    }
    return this.#kind[node] === kinds.plain ? { offset, written: this.#sourceOf(node) } : { offset };
  }

  /** Whether the text has a path. */
  has(path: Path): boolean {
    let node: number | undefined = 0;
    for (const step of path) {
      const key: number | undefined = this.#entryOf(node, step);
      if (key === undefined) return false;
      node = this.#kind[node] === kinds.list ? key : this.#after(key);
    }
    return true;
  }

  /**
   * Adds a scalar.
   * @param behind the offset after the preceding event
   * @returns the offset after the scalar
   */
  #addScalar(node: number, event: ScalarEvent, behind: number): number {
    const { valueStart, valueEnd, style } = event;
    if (valueStart === -1) {
      const at = this.#emptyAt(behind);
      this.#offset[node] = at;
      return at;
    }
    const isQuoted = style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED;
    const isBlock = style === SCALAR_STYLE.LITERAL_BLOCK || style === SCALAR_STYLE.FOLDED_BLOCK;
    this.#kind[node] = isQuoted ? kinds.quoted : isBlock ? kinds.block : kinds.plain;
    this.#offset[node] = isBlock ? this.#headerOf(valueStart, behind) : isQuoted ? valueStart - 1 : valueStart;
    this.#end[node] = valueEnd;
    if (!event.fast || this.#mayNotBeText(valueStart, valueEnd)) this.#keys.set(node, keyOf(this.text, event));
    return isQuoted ? valueEnd + 1 : valueEnd;
  }

  /** Returns the position of an empty value: after the colon of its key, or after the dash of its item. */
  #emptyAt(behind: number): number {
    blank.lastIndex = behind;
    blank.test(this.text);
    const sign = this.text[blank.lastIndex];
    return sign === ':' || sign === '-' ? blank.lastIndex + 1 : behind;
  }

  /** Returns the start of a block scalar: the `|` or `>` in the line before its text. */
  #headerOf(from: number, behind: number): number {
    const lineEnd = this.text[from - 1] === '\n' ? from - 1 : from;
    const start = Math.max(behind, this.text.lastIndexOf('\n', lineEnd - 1) + 1);
    const header = blockHeader.exec(this.text.slice(start, lineEnd));
    return start + (header?.index ?? 0);
  }

  #mayNotBeText(start: number, end: number): boolean {
    return startsNotText.has(this.text.charCodeAt(start)) && notText.test(this.text.slice(start, end));
  }

  /** The text of a plain or quoted scalar, without quotes. */
  #sourceOf(node: number): string {
    const offset = this.#offset[node] ?? 0;
    return this.text.slice(this.#kind[node] === kinds.quoted ? offset + 1 : offset, this.#end[node]);
  }

  /** The index of the next node after a node and all its children. */
  #after(node: number): number {
    const isCollection = this.#kind[node] === kinds.list || this.#kind[node] === kinds.map;
    return isCollection ? (this.#end[node] ?? node) : node + 1;
  }

  /** Returns the node of an item of a list, or of a key of a map. */
  #entryOf(collection: number, step: string | number): number | undefined {
    if (this.#kind[collection] === kinds.list)
      return isIndex(step) ? this.#itemsOf(collection)[Number(step)] : undefined;
    if (this.#kind[collection] === kinds.map) return this.#mapOf(collection).get(String(step));
    return undefined;
  }

  #itemsOf(list: number): readonly number[] {
    const cached = this.#items.get(list);
    if (cached) return cached;
    const items: number[] = [];
    const end = this.#after(list);
    for (let item = list + 1; item < end; item = this.#after(item)) items.push(item);
    this.#items.set(list, items);
    return items;
  }

  #mapOf(map: number): ReadonlyMap<string, number> {
    const cached = this.#keysOf.get(map);
    if (cached) return cached;
    const keys = new Map<string, number>();
    const end = this.#after(map);
    for (let key = map + 1; key < end; key = this.#after(this.#after(key))) {
      keys.set(this.#keys.get(key) ?? this.#sourceOf(key), key);
    }
    this.#keysOf.set(map, keys);
    return keys;
  }
}
