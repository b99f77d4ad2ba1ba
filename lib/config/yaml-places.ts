import { EVENT_ID, type Event, SCALAR_STYLE } from 'js-yaml';
import type { Path } from '../findings/finding';
import { eventsOf, keyOf } from './yaml-values';

/** The offset of a node, and the source text of an unquoted scalar. */
export interface Place {
  readonly offset: number;
  readonly written?: string;
}

type ScalarEvent = Extract<Event, { readonly style: unknown; readonly fast: boolean }>;

const kinds = { empty: 0, plain: 1, other: 2, list: 3, map: 4 };

/**
 * Matches keys that YAML might read as another type than a string (`null`, `true`, `1.0`). The parsed key can then
 * differ from its source text.
 */
const notText = /^(?:[-+.~\d].*|null|true|false)$/i;
const blank = /(?:[\s\]},]|(?<=\s)#.*)*/y;
const blockHeader = /[|>][-+\d]*(?:[ \t]+#.*|[ \t]*)\r?$/;

const isIndex = (step: string | number): boolean => typeof step === 'number' || /^\d+$/.test(step);

/** The positions of all nodes in a YAML text that `readValue` accepts. */
export class YamlPlaces {
  // The arrays have one item for each node, in the order of the text. This takes 17 bytes for each node; an object
  // would take over a hundred.
  readonly #kind: Uint8Array;
  readonly #offset: Int32Array;
  /** Start and end of the text of a scalar, without quotes. */
  readonly #from: Int32Array;
  readonly #to: Int32Array;
  /** The index of the next node after this node and all its children. */
  readonly #next: Int32Array;
  /** The keys that differ from their source text. */
  readonly #keys = new Map<number, string>();
  /** The items of a list, and the keys of a map, by collection. */
  readonly #items = new Map<number, readonly number[]>();
  readonly #keysOf = new Map<number, ReadonlyMap<string, number>>();

  constructor(
    readonly text: string,
    events: readonly Event[] = eventsOf(text),
  ) {
    this.#kind = new Uint8Array(events.length);
    this.#offset = new Int32Array(events.length);
    this.#from = new Int32Array(events.length);
    this.#to = new Int32Array(events.length);
    this.#next = new Int32Array(events.length);
    const open: number[] = [];
    let node = 0;
    let behind = 0;
    for (const event of events) {
      if (event.type === EVENT_ID.POP) {
        const closed = open.pop();
        if (closed !== undefined) this.#next[closed] = node;
      } else if (event.type === EVENT_ID.SEQUENCE || event.type === EVENT_ID.MAPPING) {
        this.#kind[node] = event.type === EVENT_ID.MAPPING ? kinds.map : kinds.list;
        this.#offset[node] = event.start;
        behind = event.start;
        open.push(node++);
      } else if (event.type === EVENT_ID.SCALAR) {
        behind = this.#addScalar(node, event, behind);
        this.#next[node] = ++node;
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
      const value = this.#kind[node] === kinds.list ? key : (this.#next[key] ?? key);
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
      node = this.#kind[node] === kinds.list ? key : (this.#next[key] ?? key);
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
      this.#offset[node] = this.#emptyAt(behind);
      return behind;
    }
    const isQuoted = style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED;
    const isBlock = style === SCALAR_STYLE.LITERAL_BLOCK || style === SCALAR_STYLE.FOLDED_BLOCK;
    this.#kind[node] = style === SCALAR_STYLE.PLAIN ? kinds.plain : kinds.other;
    this.#from[node] = valueStart;
    this.#to[node] = valueEnd;
    this.#offset[node] = isBlock ? this.#headerOf(valueStart, behind) : isQuoted ? valueStart - 1 : valueStart;
    if (!event.fast || notText.test(this.#sourceOf(node))) this.#keys.set(node, keyOf(this.text, event));
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

  #sourceOf(node: number): string {
    return this.text.slice(this.#from[node], this.#to[node]);
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
    const end = this.#next[list] ?? 0;
    for (let item = list + 1; item < end; item = this.#next[item] ?? end) items.push(item);
    this.#items.set(list, items);
    return items;
  }

  #mapOf(map: number): ReadonlyMap<string, number> {
    const cached = this.#keysOf.get(map);
    if (cached) return cached;
    const keys = new Map<string, number>();
    const end = this.#next[map] ?? 0;
    const next = (node: number) => this.#next[node] ?? end;
    for (let key = map + 1; key < end; key = next(next(key))) {
      keys.set(this.#keys.get(key) ?? this.#sourceOf(key), key);
    }
    this.#keysOf.set(map, keys);
    return keys;
  }
}
