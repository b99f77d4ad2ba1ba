import { isMap, isText, mapAt } from '../guards';
import { parsed } from './json-in-text';
import { errors, messages } from './log-fields';
import { layers } from './log-layers';
import { plainText } from './plain-text';
import type { Program, Speaker } from './programs';
import { redacted } from './redact';

/** A parsed log line: its text, and the program that wrote it if the line names one. */
export interface LogLine {
  /** The line without colours and the like, with tokens and secrets replaced. */
  readonly shown: string;
  /** Whether the line is so long that only its beginning was read. */
  readonly isCut?: boolean;
  /** The message with its error, in the same form for every log format. */
  readonly text: string;
  /** The other fields of the entry, each in the form ` name="value"`. */
  readonly fields?: string;
  /** The programs that may have written the line; `undefined` if the line names no program. */
  readonly programs?: readonly Program[];
  /** The name of the application that wrote the line, if it was an application. */
  readonly application?: string;
  /** Whether the name of the program is not in the list of programs. */
  readonly isUnknown?: boolean;
}

/** The maximum length of a line, in characters; the rest is cut off. This limits the time that the patterns need. */
const longest = 8192;

/**
 * The maximum number of nested log formats. Real lines have about three: k0s writes klog inside logfmt inside journald.
 */
const deepest = 8;

/** Parses one line of a log. */
export function logLine(raw: string): LogLine {
  const shown = redacted(plainText(raw.slice(0, longest))).trim();
  let text = shown;
  let fields = '';
  let speaker: Speaker | undefined;
  for (let depth = 0; depth < deepest; depth++) {
    const next = layers.map((layer) => layer(text)).find((one) => one !== undefined);
    if (!next) break;
    speaker = narrowed(speaker, next.speaker);
    text = next.text.trim();
    fields = `${next.fields ?? ''}${fields}`;
  }
  return {
    shown,
    ...(raw.length > longest ? { isCut: true } : {}),
    text: onOneLine(text),
    ...(fields === '' ? {} : { fields: onOneLine(fields) }),
    ...(speaker ? { programs: speaker.programs } : {}),
    ...(speaker?.application === undefined ? {} : { application: speaker.application }),
    ...(speaker?.isUnknown ? { isUnknown: true } : {}),
  };
}

/** If JSON is a text inside other JSON, a quotation mark has more than one backslash before it. */
const onOneLine = (text: string) => text.replace(/\s*\n\s*/g, ' ').replace(/\\+"/g, '"');

/** Returns the programs that both log formats name; if there are none, those that the inner format names. */
function narrowed(outer: Speaker | undefined, inner: Speaker | undefined): Speaker | undefined {
  if (!outer || !inner) return inner ?? outer;
  const both = inner.programs.filter((one) => outer.programs.includes(one));
  return both.length > 0 ? { ...inner, programs: both } : inner;
}

/**
 * Splits a log into lines. Joins a message that klog or the container runtime wrote as several lines, and a line that a
 * terminal or a mail program broke. Reads the lines in the JSON that Loki returns for a query.
 */
export function linesOf(given: string): string[] {
  // PowerShell writes files in UTF-16.
  const log = given.replaceAll('\u0000', '').replace(/^[\ufeff\ufffd]+/, '');
  const entries = (text: string) => lokiLines(text) ?? jsonEntries(text);
  const lines =
    entries(log) ?? physicalLines(log).flatMap((line) => entries(line) ?? [csvLine(line) ?? journalLine(line) ?? line]);
  return unwrapped(lines);
}

/** The beginning of an entry of a log, or of an error of a command. */
const begins =
  /^(?:[IWEF]\d{4} \d\d:|[0-9a-f]{8}-[0-9a-f]{4}-|\d{4}[-/]\d\d[-/]\d\d[T ]|[A-Z][a-z]{2} [ \d]\d \d\d:|time=|level=|ts=|\[\w|[{}>$#"`]|[Ee]rror:|Error from|Unable to|kubectl(?:\.exe)? : |The connection|Warning|✗|►|\* |[A-Za-z][\w@./-]{0,63}\[\d{1,10}\]: )/;
/** The end of a line in the middle of a sentence: punctuation, or a word after which a sentence usually continues. */
const openEnd =
  /(?:[:,([]|\b(?:Get|Post|Head|got|expected|failed|to|the|by|with|of|is|not|cannot|error|verify|signed|unknown|certificate|unsupported|different)|\bUser "[^"]{1,253}")$/;

/**
 * A word after which a sentence often continues, but which can also be its last. After such a word,
 * a line is continued only if it is as wide as a terminal, and if the next line does not begin a sentence.
 */
const openWord = /\b(?:initializing|server|resource|group|audience|use|be|for|in|on)$/;
const shortestWrapped = 60;
const beginsSentence = /^(?!SANs\b)[A-Z]/;

/**
 * Matches a quotation mark at the beginning of a continuation: it ends a quoted text, or begins a URL or a single word
 * that is not the name of a field.
 */
const quoteInside = /^"(?=[:\])\s]|https?:|[\w./-]{1,64}"(?!:| ?[\w.-]{0,64}=))/;

/** The end of a line in the middle of a quoted URL, which contains no spaces. */
const openUrl = /"https?:[^\s"\\]{1,300}$/;

/** Words before `error:` in a message of kubelogin. */
const ofKubelogin =
  '(?:authentication|authorization|authcode-(?:browser|keyboard)|code|flow|oauth2|oidc|discovery|exchange|token)';
/**
 * Matches the end of a line and the beginning of its continuation, which looks like a new entry: an error in a list of
 * Helm, the answer to a request for a token, or a part of a message of kubelogin, which has `error:` many times.
 */
const pairs: readonly (readonly [RegExp, RegExp])[] = [
  [/\d errors? occurred:(?: \* .*)?$/, /^\* /],
  [/oauth2: cannot fetch token: \d{3}[^:]{0,60}$/, /^Response: /],
  [new RegExp(`\\bget-token: .*\\b${ofKubelogin}$`), new RegExp(`^(?:${ofKubelogin} ){0,3}error: `)],
];

/** Whether a line ends in the middle of a sentence or of a quoted text, or at the right edge of a terminal. */
const isOpen = (line: string, { width, next }: { width: number; next: string }) =>
  openEnd.test(line) ||
  (width >= shortestWrapped && openWord.test(line) && !beginsSentence.test(next)) ||
  (line.replace(/\\./g, '').split('"').length - 1) % 2 === 1;

/** Joins a broken line with its continuation. Only an entry whose end is in the middle of a sentence is continued. */
function unwrapped(lines: readonly string[]): string[] {
  const joined: string[] = [];
  let continued = 0;
  for (const [i, line] of lines.entries()) {
    const before = joined.at(-1);
    const next = line.trimStart();
    const width = lines[i - 1]?.trimEnd().length ?? 0;
    const open =
      before !== undefined &&
      continued < 8 &&
      (pairs.some(([end, beginning]) => beginning.test(next) && end.test(before.trimEnd().slice(-longest))) ||
        (before.length >= 40 &&
          begins.test(before) &&
          isOpen(before.trimEnd(), { width, next }) &&
          !begins.test(next.replace(quoteInside, ''))));
    if (open) {
      const start = before.trimEnd();
      joined[joined.length - 1] = `${start}${openUrl.test(start.slice(-longest)) ? '' : ' '}${next}`;
      continued++;
    } else {
      joined.push(line);
      continued = 0;
    }
  }
  return joined;
}

/**
 * Returns the lines in an answer of Loki: streams with labels, each with pairs of a time and a line. `undefined` if the
 * text is not one JSON object of this form.
 */
function lokiLines(text: string): string[] | undefined {
  if (!/^\s*\{/.test(text) || !text.includes('"values"')) return undefined;
  const value = parsed(text);
  const { result } = mapAt(value, 'data');
  const lines = (Array.isArray(result) ? result : [value]).flatMap((one: unknown) => {
    const { stream, values } = isMap(one) ? one : {};
    if (!isMap(stream) || !Array.isArray(values)) return [];
    return values.flatMap((pair: unknown) => {
      const line: unknown = Array.isArray(pair) ? pair[1] : undefined;
      return isText(line) ? [JSON.stringify({ labels: stream, line })] : [];
    });
  });
  return lines.length === 0 ? undefined : lines;
}

/**
 * Returns the entries in a JSON text that is a list of entries of a log, or an object with such lists, as Grafana,
 * CloudWatch and `kubectl get events -o json` write. `undefined` for any other text, also for a single entry with a
 * list in one of its fields.
 */
function jsonEntries(text: string): string[] | undefined {
  if (!/^\s*(?:\[\s*\{|\{[^[\]]{0,2000}\[\s*\{)/.test(text)) return undefined;
  const value = parsed(text);
  if (isMap(value) && [...messages, ...errors].some((name) => isText(value[name]))) return undefined;
  const lists = (isMap(value) ? Object.values(value) : [value]).filter(Array.isArray);
  const found = lists.filter((list) => list.some((one) => isMap(one) && messages.some((name) => isText(one[name]))));
  if (found.length === 0) return undefined;
  return found
    .flat()
    .map((one) => JSON.stringify(one))
    .map((one) => journalLine(one) ?? one);
}

/** Matches a row of CSV. In a quoted field, CSV writes each quotation mark twice. */
const csvRow = /^(?:"(?:[^"]|"")*"|[^",]*)(?:,(?:"(?:[^"]|"")*"|[^",]*))+$/;

/**
 * Returns the line in a row of CSV, as Grafana exports a log: the longest field that is neither a time nor an id. If
 * another field has the labels of the line, returns JSON with both. `undefined` for any other text.
 */
function csvLine(text: string): string | undefined {
  if (!text.includes('""') || text.length > longest || !csvRow.test(text)) return undefined;
  const fields = [...text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
    ([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain,
  );
  const hasMessage = (value: object) => messages.some((name) => name in value);
  const labels = fields.map(parsed).find((value) => isMap(value) && !hasMessage(value));
  const isOther = (field: string) => {
    const value = parsed(field);
    return isMap(value) ? !hasMessage(value) : /^(?:[\d\s:.,+TZ-]*|\d+_[\da-f_]+)$/.test(field);
  };
  const [line] = fields.filter((one) => !isOther(one)).sort((one, two) => two.length - one.length);
  if (line === undefined) return undefined;
  return labels === undefined ? line : JSON.stringify({ labels, line });
}

/**
 * Returns an entry of `journalctl -o json` with its message as text. journalctl writes a message with colours of a
 * terminal as a list of bytes. `undefined` for any other text.
 */
function journalLine(text: string): string | undefined {
  if (!/^\{.*"MESSAGE" ?: ?\[/.test(text)) return undefined;
  const value = parsed(text);
  if (!isMap(value) || !Array.isArray(value.MESSAGE)) return undefined;
  const bytes = value.MESSAGE.filter((one) => typeof one === 'number');
  return JSON.stringify({ ...value, MESSAGE: plainText(Buffer.from(bytes).toString('utf8')) });
}

function physicalLines(log: string): string[] {
  const lines: string[] = [];
  let open = false;
  let part = '';
  for (const raw of log.split('\n')) {
    const line = raw.replace(/\r$/, '');
    if (line.trim() === '') continue;
    const partial = /^(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d) (?:stdout|stderr)) ([FP]) /.exec(line);
    if (partial && part !== '') {
      part += line.slice(partial[0].length);
      if (partial[2] === 'F') {
        lines.push(part);
        part = '';
      }
    } else if (partial?.[2] === 'P') {
      part = line.replace(' P ', ' F ');
    } else if (open && lines.length > 0) {
      lines[lines.length - 1] += `\n${line}`;
    } else lines.push(line);
    const last = part === '' ? line.trimEnd() : '';
    if (/=<$/.test(last)) open = true;
    else if (open && (/^\s*>$/.test(last) || (lines.at(-1) ?? '').length > longest)) open = false;
  }
  if (part !== '') lines.push(part);
  return lines;
}
