import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseAllDocuments,
} from 'yaml';
import type { Path } from './problem';

/** A place in a file, counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A fault of the text itself, found before its content is looked at. */
export interface SyntaxFault extends Position {
  readonly code: string;
  readonly message: string;
  readonly mend: string;
}

/** One YAML file: its value, what is wrong with its text, and where each thing in it stands. */
export interface Source {
  readonly file: string;
  readonly value: unknown;
  readonly faults: readonly SyntaxFault[];
  /** Where a path stands; the nearest parent that exists for one that doesn't. */
  locate(path: Path, at?: 'key' | 'value'): Position;
  /** A scalar as it is written, before YAML made a value of it. */
  written(path: Path): string | undefined;
  /** The text of a line, counted from 1. */
  line(number: number): string;
}

/** Larger than any config that a person can review; 100,000 grants in one file take about 10 MiB. */
export const maxFileSize = 32 * 1024 * 1024;

/** Chart values nest, and nothing else does; a hundred levels are more than any of them has. */
const maxDepth = 100;

/**
 * Reads one YAML document. Anchors, aliases, tags and duplicate keys are refused: a config is data that is read and
 * reviewed by people, and aliases can multiply without end.
 */
export function parseSource(file: string, bytes: Uint8Array): Source {
  const refused = (code: string, message: string, mend: string): Source =>
    sourceOf(file, '', undefined, undefined, [{ line: 1, column: 1, code, message, mend }]);

  if (bytes.length > maxFileSize) {
    return refused(
      'too-large',
      `the file has ${Math.ceil(bytes.length / 2 ** 20)} MiB, more than ${maxFileSize / 2 ** 20} MiB`,
      'check that it is a config; a large one can be split with `clusters: clusters/*.yaml`',
    );
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refused('not-utf8', 'the file is not UTF-8', 'save it as UTF-8, for example with `iconv -t UTF-8`');
  }
  if (nestsTooDeep(text)) {
    return refused(
      'nested-too-deep',
      'the file is nested too deeply to be read',
      'check for stray brackets and dashes',
    );
  }
  return parseText(file, text);
}

/** Told before parsing: a parser that recurses into a thousand levels can end the process. */
function nestsTooDeep(text: string): boolean {
  let open = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    open = bracket === '[' || bracket === '{' ? open + 1 : Math.max(0, open - 1);
    if (open > 1000) return true;
  }
  return /^[ ?-]{1000}/m.test(text);
}

function parseText(file: string, text: string): Source {
  const counter = new LineCounter();
  const documents = parseAllDocuments<ParsedNode>(text, { lineCounter: counter, version: '1.2', merge: false });
  const faults: SyntaxFault[] = [];
  const add = (offset: number, code: string, message: string, mend: string) => {
    const { line, col } = counter.linePos(offset);
    faults.push({ line: Math.max(line, 1), column: Math.max(col, 1), code, message, mend });
  };
  const [document, second] = 'empty' in documents ? [] : documents;
  if (!document?.contents || (isScalar(document.contents) && document.contents.value === null)) {
    if (!document?.errors.length)
      add(0, 'empty-file', 'the file is empty', 'run `kaniflux init`, or see docs/config.md');
  }
  if (second) {
    add(second.range[0], 'several-documents', 'a second document begins here', 'remove the `---` and what follows it');
  }
  for (const { code, pos, message } of document?.errors ?? []) {
    const fault = textFault(code, message);
    // What follows the first fault of syntax may only be noise that it makes.
    if (fault.code === 'yaml-syntax' && faults.some((earlier) => earlier.code === fault.code)) continue;
    add(pos[0], fault.code, fault.message, fault.mend);
  }
  const root = document?.contents ?? undefined;
  const value = root && faults.length === 0 ? toValue(root, add) : undefined;
  return sourceOf(file, text, value, root, faults, counter);
}

const textFaults: Record<string, { code: string; message: string; mend: string }> = {
  DUPLICATE_KEY: { code: 'duplicate-key', message: 'this key stands twice', mend: 'keep one of the two' },
  TAB_AS_INDENT: { code: 'tab-indent', message: 'a tab indents this line', mend: 'indent with spaces' },
};

function textFault(code: string, message: string) {
  const brief = (message.split('\n')[0] ?? message).replace(/ at line \d+, column \d+:?$/, '');
  return textFaults[code] ?? { code: 'yaml-syntax', message: brief, mend: 'mend the YAML here' };
}

type AddFault = (offset: number, code: string, message: string, mend: string) => void;

function toValue(node: Node | null, add: AddFault, depth = 0): unknown {
  if (!node) return null;
  const offset = node.range?.[0] ?? 0;
  if (depth > maxDepth) {
    add(offset, 'nested-too-deep', `this is nested more than ${maxDepth} levels deep`, 'check for stray brackets');
    return undefined;
  }
  if (isAlias(node)) {
    add(
      offset,
      'yaml-alias',
      `\`*${node.source}\` repeats what stands elsewhere`,
      'write it out; aliases are not read',
    );
    return undefined;
  }
  if (isScalar(node) || isMap(node) || isSeq(node)) {
    if (node.anchor !== undefined) {
      add(offset, 'yaml-anchor', `\`&${node.anchor}\` is an anchor`, 'remove it; anchors are not read');
    }
    if (node.tag) {
      add(offset, 'yaml-tag', `\`${node.tag}\` is a tag`, 'remove it; tags are not read');
    }
  }
  if (isScalar(node)) return typeof node.value === 'bigint' ? Number(node.value) : node.value;
  if (isSeq(node)) return node.items.map((item) => toValue(item as Node, add, depth + 1));
  if (!isMap(node)) return undefined;
  const object: Record<string, unknown> = {};
  for (const { key, value } of node.items) {
    if (!isScalar(key) || key.value === null || typeof key.value === 'object') {
      add((key as Node | null)?.range?.[0] ?? offset, 'yaml-key', 'a key must be a name', 'write `name: value`');
      continue;
    }
    // defineProperty, so that a key `__proto__` is a key like any other, and an unknown one.
    const property = {
      value: toValue(value as Node, add, depth + 1),
      enumerable: true,
      configurable: true,
      writable: true,
    };
    Object.defineProperty(object, String(key.value), property);
  }
  return object;
}

function sourceOf(
  file: string,
  text: string,
  value: unknown,
  root: Node | undefined,
  faults: readonly SyntaxFault[],
  counter = new LineCounter(),
): Source {
  const find = (path: Path, at: 'key' | 'value') => {
    let node: Node | undefined = root;
    let offset = root?.range?.[0] ?? 0;
    let whole = true;
    path.forEach((step, depth) => {
      if (!whole) return;
      const last = depth === path.length - 1;
      if (isMap(node)) {
        const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
        const key = isPair(pair) ? (pair.key as Node) : undefined;
        const next = isPair(pair) ? (pair.value as Node | null) : undefined;
        whole = pair !== undefined;
        offset = (at === 'value' && last ? next?.range?.[0] : undefined) ?? key?.range?.[0] ?? offset;
        if (next?.range && !last) offset = key?.range?.[0] ?? offset;
        node = next ?? undefined;
      } else if (isSeq(node)) {
        const next = node.items[Number(step)] as Node | undefined;
        whole = next !== undefined;
        offset = next?.range?.[0] ?? offset;
        node = next;
      } else {
        whole = false;
      }
    });
    return { node: whole ? node : undefined, offset };
  };
  return {
    file,
    value,
    faults,
    locate(path, at = 'value') {
      const { line, col } = counter.linePos(find(path, at).offset);
      return { line: Math.max(line, 1), column: Math.max(col, 1) };
    },
    written(path) {
      const { node } = find(path, 'value');
      return isScalar(node) ? node.source : undefined;
    },
    line: (number) => text.split(/\r?\n/, number)[number - 1] ?? '',
  };
}
