import type { Path } from '../findings/finding';
import { placePlainYaml, readPlainYaml } from './plain-yaml';
import { type Fault, find, type Tree, type YamlText } from './yaml-text';

/** A place in a file, counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A fault of the text itself, found before its content is looked at. */
export interface SyntaxFault extends Position {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
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

/**
 * Reads one YAML document. Anchors, aliases, tags and duplicate keys are refused: a config is data that is read and
 * reviewed by people, and aliases can multiply without end.
 */
export function parseSource(file: string, bytes: Uint8Array): Source {
  const refused = (code: string, message: string, fix: string): Source =>
    sourceOf(file, '', { value: undefined, faults: [{ offset: 0, code, message, fix }], tree: nothing });

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
  const plain = readPlainYaml(text);
  if (plain) return sourceOf(file, text, { value: plain, faults: [], tree: plainTree(text) });
  if (nestsTooDeep(text)) {
    return refused(
      'nested-too-deep',
      'the file is nested too deeply to be read',
      'check for stray brackets and dashes',
    );
  }
  // Loaded where it is needed: it takes longer than the rest of the program.
  const { readYaml } = require('./yaml-library') as typeof import('./yaml-library');
  return sourceOf(file, text, readYaml(text));
}

const nothing: Tree<unknown> = { root: undefined, start: 0, child: () => undefined, written: () => undefined };

/** Told before parsing: a parser that recurses into a thousand levels can end the process. */
function nestsTooDeep(text: string): boolean {
  let open = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    open = bracket === '[' || bracket === '{' ? open + 1 : Math.max(0, open - 1);
    if (open > 1000) return true;
  }
  return /^[ ?-]{1000}/m.test(text);
}

/** The places of plain YAML are asked for only where something is wrong with a config. */
function plainTree(text: string): Tree<unknown> {
  let tree: Tree<unknown> | undefined;
  const placed = () => {
    tree ??= placePlainYaml(text);
    return tree;
  };
  return {
    get root() {
      return placed().root;
    },
    get start() {
      return placed().start;
    },
    child: (node, step) => placed().child(node, step),
    written: (node) => placed().written(node),
  };
}

function sourceOf(file: string, text: string, { value, faults, tree }: YamlText): Source {
  let starts: readonly number[] | undefined;
  const lineStarts = () => {
    starts ??= [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)];
    return starts;
  };
  const positionOf = (offset: number): Position => {
    const found = lineStarts();
    let line = 0;
    for (let step = 2 ** 31; step >= 1; step /= 2)
      if ((found[line + step] ?? Number.POSITIVE_INFINITY) <= offset) line += step;
    return { line: line + 1, column: offset - (found[line] ?? 0) + 1 };
  };
  const placed = ({ offset, ...fault }: Fault): SyntaxFault => ({ ...fault, ...positionOf(offset) });
  return {
    file,
    value,
    faults: faults.map(placed),
    locate: (path, at = 'value') => positionOf(find(tree, path, at).offset),
    written(path) {
      const { node } = find(tree, path, 'value');
      return node === undefined ? undefined : tree.written(node);
    },
    line(number) {
      const found = lineStarts();
      return text.slice(found[number - 1] ?? text.length, found[number] ?? text.length).replace(/\r?\n$/, '');
    },
  };
}
