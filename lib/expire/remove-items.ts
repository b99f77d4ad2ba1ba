import { isMap, isPair, isSeq, parseDocument, type YAMLSeq } from 'yaml';
import type { Path } from '../findings/finding';

/** A part of a text, from the first offset up to the second. */
interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Removed {
  readonly text: string;
  /** The lines of comments next to removed items, counted from 1 in the original text. These comments stay. */
  readonly comments: readonly number[];
}

/** The error for an item that can only be removed by hand. */
export class CannotRemove extends Error {
  override readonly name = 'CannotRemove';
  constructor(
    readonly path: Path,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Removes items from the lists of a YAML text. Only the lines of the items change, and the line of a list that becomes
 * empty. Comments on the lines of an item are removed too; all other comments stay.
 * @param paths the items, each in a list
 * @throws CannotRemove if the line of an item contains something else that would have to change
 */
export function removeItems(text: string, paths: readonly Path[]): Removed {
  const document = parseDocument(text, { keepSourceTokens: true, version: '1.2' });
  const lists = new Map<string, { readonly parent: Path; readonly indices: Set<number> }>();
  for (const path of paths) {
    const parent = path.slice(0, -1);
    const key = JSON.stringify(parent);
    const list = lists.get(key) ?? { parent, indices: new Set() };
    lists.set(key, list);
    list.indices.add(Number(path.at(-1)));
  }
  const spans: Span[] = [];
  const inserts = new Map<number, string>();
  const comments: number[] = [];
  for (const { parent, indices } of lists.values()) {
    const list: unknown = document.getIn(parent, true);
    if (!isSeq(list)) throw new CannotRemove(parent, 'the value is not a YAML list');
    if (list.srcToken?.type === 'flow-collection') spans.push(...flowSpans(text, list, indices));
    else {
      const block = blockSpans(text, list, { parent, indices });
      spans.push(...block.spans);
      comments.push(...block.comments);
      // If all items are removed, write `[]`, because a key without a value would be `null`.
      if (indices.size === list.items.length)
        inserts.set(afterColon(document.getIn(parent.slice(0, -1), true), parent), ' []');
    }
  }
  return { text: without(text, wholeLines(text, joined(text, spans)), inserts), comments: lineNumbers(text, comments) };
}

/**
 * Returns the lines to remove for items of a block list (`- a`), and the offsets of the comments next to these items.
 */
function blockSpans(
  text: string,
  list: YAMLSeq,
  { parent, indices }: { readonly parent: Path; readonly indices: ReadonlySet<number> },
): { readonly spans: Span[]; readonly comments: number[] } {
  const tokens = list.srcToken?.type === 'block-seq' ? list.srcToken.items : [];
  const spans: Span[] = [];
  const comments: number[] = [];
  for (const index of indices) {
    const path = [...parent, index];
    const dash = tokens[index]?.start.find(({ type }) => type === 'seq-item-ind')?.offset;
    const end = endOf(list.items[index]);
    if (dash === undefined || end === undefined) throw new CannotRemove(path, 'the item has no line of its own');
    const from = lineStart(text, dash);
    if (text.slice(from, dash).trim() !== '') throw new CannotRemove(path, 'something else is on the line of the item');
    const to = nextLine(text, from + text.slice(from, end).trimEnd().length);
    spans.push({ from, to });
    comments.push(...commentsBeside(text, from, dash, to));
  }
  return { spans, comments };
}

/**
 * Returns the parts to remove for items of a flow list (`[a, b]`): each item, with the comma that separates it from the
 * remaining items.
 */
function flowSpans(text: string, { items }: YAMLSeq, indices: ReadonlySet<number>): Span[] {
  const used = new Set<number>();
  const commas = items.map((item) => commaAfter(text, endOf(item) ?? 0));
  const plain = (from: number, to: number) => !/[\n#]/.test(text.slice(from, to));
  const spans: Span[] = [];
  for (const index of [...indices].sort((a, b) => b - a)) {
    const item = { from: startOf(items[index]) ?? 0, to: endOf(items[index]) ?? 0 };
    const unused = (at: number | undefined) => (at === undefined || used.has(at) ? undefined : at);
    const after = unused(commas[index]);
    const before = unused(index > 0 ? commas[index - 1] : undefined);
    if (after !== undefined && (plain(item.to, after) || before === undefined || !plain(before, item.from))) {
      used.add(after);
      spans.push(item, { from: after, to: after + 1 });
    } else if (before !== undefined && plain(before, item.from)) {
      used.add(before);
      spans.push({ from: before, to: item.to });
    } else spans.push(item);
  }
  return spans;
}

const blankOrComment = /(?:\s|#[^\n]*)*/y;

/** Returns the offset of the comma after an item of a flow list. */
function commaAfter(text: string, from: number): number | undefined {
  blankOrComment.lastIndex = from;
  blankOrComment.test(text);
  return text[blankOrComment.lastIndex] === ',' ? blankOrComment.lastIndex : undefined;
}

const rangeOf = (node: unknown): readonly number[] | undefined =>
  typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range) ? node.range : undefined;
const startOf = (node: unknown) => rangeOf(node)?.[0];
const endOf = (node: unknown) => rangeOf(node)?.[1];

const lineStart = (text: string, at: number) => text.lastIndexOf('\n', at - 1) + 1;

/** Returns the offset after the line break of a line. */
function nextLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end + 1;
}

/**
 * Returns the offsets of comment lines next to an item: those above the item, and those below the item that are
 * indented further than its dash.
 */
function commentsBeside(text: string, from: number, dash: number, to: number): number[] {
  const beside: number[] = [];
  for (let at = from; at > 0; ) {
    at = lineStart(text, at - 1);
    if (!/^[ \t]*#/.test(text.slice(at, nextLine(text, at)))) break;
    beside.unshift(at);
  }
  for (let at = to; at < text.length; at = nextLine(text, at)) {
    const [, indent] = /^([ \t]*)#/.exec(text.slice(at, nextLine(text, at))) ?? [];
    if (indent === undefined || indent.length <= dash - from) break;
    beside.push(at);
  }
  return beside;
}

/** Returns the number of the line of each offset, counted from 1. */
function lineNumbers(text: string, offsets: readonly number[]): number[] {
  let [line, at] = [1, 0];
  return [...new Set(offsets)]
    .sort((a, b) => a - b)
    .map((offset) => {
      for (let end = text.indexOf('\n', at); end !== -1 && end < offset; end = text.indexOf('\n', at)) {
        line++;
        at = end + 1;
      }
      return line;
    });
}

/** Returns the offset after the colon of the key of a list. */
function afterColon(map: unknown, path: Path): number {
  const key = String(path.at(-1));
  const pair = isMap(map) ? map.items.find((one) => isPair(one) && String(one.key) === key) : undefined;
  const colon = pair?.srcToken?.sep?.find(({ type }) => type === 'map-value-ind')?.offset;
  if (colon === undefined)
    throw new CannotRemove(path, 'no item would be left, and Kaniflux writes an empty list only as the value of a key');
  return colon + 1;
}

/** Merges spans that touch, and spans on one line with only blanks between them. */
function joined(text: string, spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from || a.to - b.to)) {
    const last = merged.at(-1);
    if (last && /^[ \t]*$/.test(text.slice(last.to, span.from)))
      merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else merged.push(span);
  }
  return merged;
}

/**
 * Extends each span: to the whole line if only blanks or a comment would remain in it, otherwise over the blanks after
 * the span.
 */
function wholeLines(text: string, spans: readonly Span[]): Span[] {
  return spans.map(({ from, to }) => {
    if (text[to - 1] === '\n') return { from, to };
    const start = lineStart(text, from);
    const end = nextLine(text, to);
    const isLine = text.slice(start, from).trim() === '' && /^[ \t]*(?:#.*)?\r?\n?$/.test(text.slice(to, end));
    if (isLine) return { from: start, to: end };
    if (!/[\s[]/.test(text[from - 1] ?? '')) return { from, to };
    const blanks = /^[ \t]*/.exec(text.slice(to))?.[0].length ?? 0;
    return { from, to: text[to + blanks] === '#' ? to : to + blanks };
  });
}

function without(text: string, spans: readonly Span[], inserts: ReadonlyMap<number, string>): string {
  const parts: string[] = [];
  let at = 0;
  const edits = [
    ...spans.map(({ from, to }) => ({ from, to, put: '' })),
    ...[...inserts].map(([from, put]) => ({ from, to: from, put })),
  ].sort((a, b) => a.from - b.from || a.to - b.to);
  for (const { from, to, put } of edits) {
    parts.push(text.slice(at, Math.max(at, from)), put);
    at = Math.max(at, to);
  }
  parts.push(text.slice(at));
  return parts.join('');
}
