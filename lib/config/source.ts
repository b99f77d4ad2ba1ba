import type { Event } from 'js-yaml';
import type { Path } from '../findings/finding';
import { isSameValue } from '../guards';
import { decode } from './decode';
import type { Fault } from './yaml-faults';
import { nestsTooDeep } from './yaml-nesting';
import { YamlPlaces } from './yaml-places';
import { readValue } from './yaml-values';

/** A place in a file, counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** An error in the text of a file: it is not valid YAML, or uses a feature that is refused. */
export interface SyntaxFault extends Position {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

/** One YAML file: its value, the errors in its text, and the position of each part. */
export interface Source {
  readonly file: string;
  readonly value: unknown;
  readonly faults: readonly SyntaxFault[];
  /** The position of a path. If the path does not exist, returns that of its nearest parent. */
  locate(path: Path, at?: 'key' | 'value'): Position;
  /** Whether the text has a path. Defaults that validation filled in are not in the text. */
  has(path: Path): boolean;
  /** The text of a scalar as written in the file. */
  written(path: Path): string | undefined;
  /** Returns the text of the line with this number. The first line is 1. */
  line(number: number): string;
}

/** How a text is read. */
export interface Reading {
  /**
   * Whether to keep the positions of all texts, for a command that reports many findings. Without them, a text is
   * parsed again when a position in it is needed.
   * @default only the positions of large texts are kept
   */
  readonly keepPlaces?: boolean;
  /**
   * Called before and after the parsing of a large text, or of many files. The parse events take much memory, which
   * the caller can free with a garbage collection.
   * @default nothing is called
   */
  readonly largeText?: { before(): void; after(): void };
}

/**
 * The length above which a text is large. A text of this length has some 100,000 parse events. Each takes 100 bytes of
 * memory.
 */
const large = 2 ** 20;

/**
 * Reads one YAML document. Anchors, aliases, tags and duplicate keys are refused: people read and review a config, and
 * nested aliases can grow exponentially.
 * @param content the bytes of the file, or a function that returns them. With a function, the memory of the bytes can
 * be freed before the text is parsed
 */
export function parseSource(
  file: string,
  content: Uint8Array | (() => Uint8Array),
  { keepPlaces, largeText }: Reading = {},
): Source {
  const refused = (code: string, message: string, fix: string): Source =>
    sourceOf(file, '', undefined, { faults: [{ offset: 0, code, message, fix }] });

  const text = decode(content);
  if (typeof text === 'object') return sourceOf(file, text.text, undefined, { faults: [text.fault] });
  let places: YamlPlaces | undefined;
  const keep = (events: readonly Event[]) => {
    places = new YamlPlaces(text, events);
  };
  const isLarge = text.length > large;
  if (isLarge) largeText?.before();
  const read = readValue(text, (keepPlaces ?? isLarge) ? keep : undefined);
  if (isLarge) largeText?.after();
  if ('value' in read && !doubtful.test(text) && !oddKey.test(text) && !oddFlowKey.test(text))
    return sourceOf(file, text, read.value, { faults: [], places });
  if (nestsTooDeep(text)) {
    return refused(
      'nested-too-deep',
      'the file is nested too deeply to be read',
      'check for stray brackets and dashes',
    );
  }
  // Loaded only for a text that may have errors, since loading the library `yaml` takes time.
  const { readWithFaults } = require('./yaml-faults') as typeof import('./yaml-faults');
  const { value, faults } = readWithFaults(text);
  const isSure = faults.length === 0 && 'value' in read && isSameValue(value, read.value);
  const lone = loneReturn.exec(text);
  if (lone && !isSure) {
    // The other errors may be consequences of the carriage return: `yaml` does not end the line there, and reads the
    // next line as a part of it.
    const message =
      'some YAML readers treat a carriage return without a line feed as the end of a line, and others do not';
    const fix = 'end each line with a line feed';
    return sourceOf(file, text, undefined, { faults: [{ offset: lone.index, code: 'yaml-unclear', message, fix }] });
  }
  const separator = /[\x85\u2028\u2029]/.exec(text);
  if (faults.length === 0 && separator) {
    const code = separator[0].charCodeAt(0).toString(16).padStart(4, '0');
    const message = `some YAML readers treat the character U+${code.toUpperCase()} as the end of a line, and others do not`;
    faults.push({
      offset: separator.index,
      code: 'yaml-unclear',
      message,
      fix: `remove the character, or write \`\\u${code}\` in double quotes`,
    });
  }
  if (faults.length === 0 && !isSure) {
    const offset = 'refusedAt' in read ? read.refusedAt : 0;
    faults.push({ offset, code: 'yaml-unclear', ...unclear(text, offset) });
  }
  return sourceOf(file, text, faults.length > 0 ? undefined : value, { faults, places });
}

/** Returns the message and the fix for a text that only one of two YAML readers accepts. */
function unclear(text: string, offset: number): { readonly message: string; readonly fix: string } {
  const [bracket] = /^[\]}]/.exec(text.slice(offset, offset + 1)) ?? [];
  const isFirst = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset).trim() === '';
  return bracket !== undefined && isFirst
    ? {
        message: `some YAML readers refuse \`${bracket}\` at this indentation`,
        fix: 'indent this line further than the key whose value ends here',
      }
    : {
        message: 'YAML readers disagree about this text',
        fix: 'quote the strings, and end each line with a line feed',
      };
}

const loneReturn = /\r(?!\n)/;

/**
 * Parts of a text that the two YAML libraries may read differently: characters that only some readers treat as a line
 * break, byte order marks, tabs at the start of a line, ends of documents, directives, and block scalars with an
 * indentation indicator. Also typographic quotes before a value, which are refused.
 */
const doubtful =
  /\r(?!\n)|[\x85\u2028\u2029\ufeff]|^(?:\.\.\.|%| *\t)|[|>][-+]?[1-9]|(?:^|[\s[{,:])[\u2018-\u201f\u00ab\u00bb\u2039\u203a]/m;

/**
 * Matches a key that YAML does not read as a string and that has several spellings (`0x1F`, `1.0`, `True`). Also
 * matches `?`, which can introduce a key of this kind.
 */
const oddKey = /(?:^[ \t-]*|[[{,]\s*)(?:(?:[-+.]?\d[^\s:,]*|true|false)\s*:|\?)\s/im;

/**
 * Matches a key like those that `oddKey` matches, but in braces or brackets and without a value (`{1.0}`). Numbers in
 * their usual spelling do not match.
 */
const oddFlowKey =
  /[[{,]\s*(?!(?:0|-?[1-9]\d*)(?:\.\d*[1-9])?(?![\w.]))(?:[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|0x[\da-fA-F]+|True|TRUE|False|FALSE)(?::[,\]}]|\s*[,}])/;

function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

interface Parsed {
  readonly faults: readonly Fault[];
  /** @default computed when a position is needed */
  readonly places?: YamlPlaces | undefined;
}

function sourceOf(file: string, text: string, value: unknown, { faults, ...parsed }: Parsed): Source {
  let known = parsed.places;
  const places = () => {
    known ??= new YamlPlaces(text);
    return known;
  };
  // A text with errors may not be YAML at all, so its parts have no positions.
  const find = (path: Path, at: 'key' | 'value') => (faults.length > 0 ? { offset: 0 } : places().find(path, at));
  let starts: readonly number[] | undefined;
  const lineStarts = () => {
    starts ??= lineStartsOf(text);
    return starts;
  };
  const positionOf = (offset: number): Position => {
    const starts = lineStarts();
    let [line, behind] = [0, starts.length];
    while (behind - line > 1) {
      const middle = (line + behind) >> 1;
      if ((starts[middle] ?? 0) <= offset) line = middle;
      else behind = middle;
    }
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
  };
  const placed = ({ offset, ...fault }: Fault): SyntaxFault => ({ ...fault, ...positionOf(offset) });
  return {
    file,
    value,
    faults: faults.map(placed),
    locate: (path, at = 'value') => positionOf(find(path, at).offset),
    has: (path) => faults.length === 0 && places().has(path),
    written: (path) => find(path, 'value').written,
    line(number) {
      const starts = lineStarts();
      return text.slice(starts[number - 1] ?? text.length, starts[number] ?? text.length).replace(/\r?\n$/, '');
    },
  };
}
