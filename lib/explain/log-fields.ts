/** The message of a log line and its other fields, independent of the log format. */
export interface Fields {
  readonly [name: string]: string;
}

const key = /[A-Za-z_][\w./-]*=/y;
const bare = /[^\s"]\S*/y;

/**
 * Returns the index of the closing quote: the first unescaped quote after which the line ends or another field begins;
 * otherwise the last unescaped quote. `-1` if there is none.
 */
function endOfQuote(text: string, start: number): number {
  const following = /"(?=$|\s+[A-Za-z_][\w./-]*=|\s*$)/y;
  let last = -1;
  for (let at = start; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') {
      last = at;
      following.lastIndex = at;
      if (following.test(text)) return at;
    }
  }
  return last;
}

/** Returns the text without the escapes of a Go or JSON string. */
export const unescaped = (text: string): string =>
  text.replace(/\\(["\\/nrt])/g, (_, one: string) =>
    one === 'n' ? '\n' : one === 't' ? '\t' : one === 'r' ? '' : one,
  );

/**
 * Returns the quoted text that starts at an index, and where it ends. Without a closing quote, the quoted text ends
 * with the line.
 */
export function quotedAt(text: string, start: number): { readonly value: string; readonly end: number } {
  const end = endOfQuote(text, start + 1);
  const stop = end === -1 ? text.length : end;
  return { value: unescaped(text.slice(start + 1, stop)), end: stop + 1 };
}

/**
 * Reads fields of the form `name=value name="a value"`, as klog and logfmt write them. Returns `undefined` if the text
 * from `start` on has another form. An unescaped quote inside a value belongs to the value, because copied lines often
 * contain one.
 */
export function fieldsFrom(text: string, start: number): Fields | undefined {
  const fields: Record<string, string> = {};
  let at = start;
  for (;;) {
    while (text[at] === ' ' || text[at] === '\t') at++;
    if (at >= text.length) return fields;
    key.lastIndex = at;
    const [name] = key.exec(text) ?? [];
    if (name === undefined) return undefined;
    at += name.length;
    if (text[at] === '"') {
      const { value, end } = quotedAt(text, at);
      fields[name.slice(0, -1)] = value;
      at = end;
    } else if (text[at] === '<') {
      // klog writes a multi-line value between <\n and \n >.
      fields[name.slice(0, -1)] = text
        .slice(at + 1)
        .replace(/\s*>?\s*$/, '')
        .trim();
      return fields;
    } else {
      bare.lastIndex = at;
      const [value = ''] = bare.exec(text) ?? [];
      fields[name.slice(0, -1)] = value;
      at += value.length;
      if (value === '' && at < text.length && text[at] !== ' ') return undefined;
    }
  }
}

/** Fields with the message of an entry, the most common first. */
export const messages = ['msg', 'message', 'MESSAGE', 'log', 'line', 'textPayload', '_raw'];
/** Fields with the error of an entry, the most common first. */
export const errors = ['err', 'error', 'reason', 'cause'];
/** Fields that name the program, the most specific first. */
export const nameFields = [
  'component',
  'container',
  'container_name',
  'SYSLOG_IDENTIFIER',
  'app',
  'service',
  'program',
  'name',
];

const unsaid = new Set([
  ...messages,
  ...errors,
  ...nameFields.slice(0, 4),
  'ts',
  'time',
  'level',
  'lvl',
  'caller',
  'stream',
  'logger',
  'target',
  'v',
  'stacktrace',
]);

/** The text of an entry. */
export interface EntryText {
  /** The message and its error: `message: error`. */
  readonly text: string;
  /** The other fields, each in the form ` name="value"`. */
  readonly fields?: string;
}

/** Returns the text of an entry with these fields. */
export function textOf(fields: Fields): EntryText {
  // The other fields of a journald entry describe the process, not the message.
  if (fields.MESSAGE !== undefined) return { text: fields.MESSAGE };
  // A field `line` can also be the number of a line in the source.
  const message =
    messages.map((name) => fields[name]).find((value) => value !== undefined && !/^\d+$/.test(value)) ?? '';
  const error = errors.map((name) => fields[name]).find((value) => value !== undefined);
  const rest = Object.entries(fields)
    .filter(([name]) => !unsaid.has(name))
    .map(([name, value]) => ` ${name}="${value}"`);
  const text = error === undefined || error === '' ? message : message === '' ? error : `${message}: ${error}`;
  return { text, fields: rest.join('') };
}
