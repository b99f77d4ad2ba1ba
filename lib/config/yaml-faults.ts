import { isAlias, isCollection, isMap, isScalar, isSeq, type ParsedNode, parseAllDocuments, Scalar } from 'yaml';
import { clearerScalar, plainDay, typographic } from './yaml-ambiguous';
import { maxDepth } from './yaml-values';

/** An error in the text of a file, with its offset. */
export interface Fault {
  readonly offset: number;
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

/** Reads a text with the library `yaml`, which reports errors with their offsets. */
export function readWithFaults(text: string): { value: unknown; faults: Fault[] } {
  const documents = parseAllDocuments<ParsedNode>(text, { version: '1.2', merge: false });
  const faults: Fault[] = [];
  const add: AddFault = (offset, code, message, fix) => faults.push({ offset, code, message, fix });
  const conflict = conflictMarker.exec(text);
  if (conflict && documents.some(({ errors }) => errors.length > 0)) {
    const fix = 'keep one of the two versions, and remove the lines that begin with `<<<<<<<`, `=======` and `>>>>>>>`';
    add(conflict.index, 'yaml-syntax', 'this line marks a merge conflict of Git', fix);
    return { value: undefined, faults };
  }
  const [document, second] = 'empty' in documents ? [] : documents;
  const root = document?.contents;
  if (!root || (isScalar(root) && root.value === null)) {
    if (!document?.errors.length)
      add(0, 'empty-file', 'the file is empty', 'write a config; `kaniflux init` creates one');
  }
  if (second) {
    const fix = 'remove the `---`, and also remove the text after it if that text is not a part of this config';
    add(second.range[0], 'several-documents', 'a second document begins here', fix);
  }
  for (const { code, pos, message } of document?.errors ?? []) {
    const fault = syntaxFault(code, message, text.slice(0, pos[0]));
    // Further errors are often a consequence of the first syntax error, or of a tab.
    if (fault.code !== 'tab-indent' && faults.some(({ code }) => code === 'yaml-syntax' || code === 'tab-indent'))
      continue;
    const odd = fault.code === 'yaml-syntax' ? oddCharacter(text, pos[0]) : undefined;
    add(odd?.offset ?? pos[0], fault.code, odd?.message ?? fault.message, odd?.fix ?? fault.fix);
  }
  return { value: root && faults.length === 0 ? toValue(root, { text, add }) : undefined, faults };
}

/**
 * Characters that look like a part of the YAML syntax. Each has the pattern of a line up to the character, and the fix.
 * Text processors and web pages write such characters.
 */
const oddCharacters: readonly (readonly [before: string, character: string, instead: string, fix: string])[] = [
  ['[ -]*|[^#]*?:', '[^\\P{Zs} ]|[\\u200b\\u2060\\ufeff]', 'a plain space', 'write a plain space'],
  [' *', '[\\u2010-\\u2015\\u2022\\u2212](?= )', 'the hyphen that begins an item of a list', 'write `-`'],
  [' *(?:- +)?[\\w.-]+', '[\\uff1a\\ufe55\\ua789]', 'the colon of YAML', 'write `:`, with a space after it'],
];

/** Looks for the cause of a syntax error in its line. */
function oddCharacter(text: string, at: number): Pick<Fault, 'offset' | 'message' | 'fix'> | undefined {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const [line = ''] = text.slice(start).split('\n', 1);
  for (const [before, character, instead, fix] of oddCharacters) {
    const found = new RegExp(`^(${before})(${character})`, 'u').exec(line);
    if (!found) continue;
    const [, lead = '', odd = ''] = found;
    const code = odd.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    return { offset: start + lead.length, message: `the character U+${code} is not ${instead}`, fix };
  }
  const [, item] = /^( *)-[\w"'{[]/.exec(line) ?? [];
  if (item !== undefined) {
    const message = 'a list item needs a space after its hyphen';
    return { offset: start + item.length, message, fix: 'write a space after the `-`' };
  }
  const [, comment] = /^( *)(?:\/\/|\/\*)/.exec(line) ?? [];
  if (comment === undefined) return undefined;
  const message = 'this line looks like a comment of another language';
  return { offset: start + comment.length, message, fix: 'begin the comment with `#`' };
}

const conflictMarker = /^<{7} /m;

const ownMessages: Record<string, { code: string; message: string; fix: string }> = {
  DUPLICATE_KEY: { code: 'duplicate-key', message: 'the map has this key twice', fix: 'keep one of the two keys' },
  TAB_AS_INDENT: { code: 'tab-indent', message: 'a tab indents this line', fix: 'indent with spaces' },
};

const indent = 'indent the line like its neighbors, and close brackets and quotes before it';

/**
 * The fixes for errors of the parser, by the code of the error and the beginning of its message. Some have a clearer
 * message. The first fix that applies is used.
 */
const fixes: readonly (readonly [code: string, message: string, fix: string, clearer?: string])[] = [
  [
    'BLOCK_AS_IMPLICIT_KEY',
    '',
    'quote a string that contains `: ` or ends with `:`, or indent the line like its neighbors',
    'YAML does not expect a key here',
  ],
  ['BAD_INDENT', 'All mapping items', indent, 'this line is not indented like the other keys of its map'],
  ['BAD_INDENT', 'All sequence items', indent, 'this line is not indented like the other items of its list'],
  ['BAD_INDENT', '', indent],
  ['BAD_SCALAR_START', '', 'quote the string'],
  ['BAD_DQ_ESCAPE', '', 'write each backslash twice, or put the string in single quotes'],
  ['BAD_ALIAS', 'Alias cannot be an empty string', 'quote the string that begins with `*`'],
  [
    'MULTILINE_IMPLICIT_KEY',
    '',
    'write `key: value`, with a space after the colon',
    'this line is neither a key with a value nor a part of the line before',
  ],
  ['MISSING_CHAR', 'Implicit map keys', 'write `key: value`, with a colon and a space after it'],
  ['MISSING_CHAR', '', 'close the bracket or quote, here or in an earlier line'],
  [
    'UNEXPECTED_TOKEN',
    'Unexpected block-seq-ind on same line',
    'begin the list in the next line',
    'this list begins in the line of its key',
  ],
];

/** @param before the text before the place of the error */
function syntaxFault(code: string, message: string, before: string) {
  const brief = (message.split('\n')[0] ?? message).replace(/ at line \d+, column \d+:?$/, '');
  const [, , known, clearer] = fixes.find(([of, start]) => of === code && message.startsWith(start)) ?? [];
  const fix = known ?? (code === 'UNEXPECTED_TOKEN' ? unexpected(before) : undefined) ?? 'fix the YAML here';
  return ownMessages[code] ?? { code: 'yaml-syntax', message: clearer ?? brief, fix };
}

const noTemplates =
  'write the value itself, because Kaniflux evaluates no templates; a string that contains braces needs quotes';

/** The fix for something that the parser does not expect after the given text. */
function unexpected(before: string): string | undefined {
  if (/(?:^|\n) *$/.test(before)) return indent;
  if (before.endsWith('$')) return noTemplates;
  const [quote] = /["']$/.exec(before) ?? [];
  const [inner, outer] = quote === '"' ? ['double', 'single'] : ['single', 'double'];
  return (
    quote && `the quote before this ends the string: put the string in ${outer} quotes if it contains ${inner} quotes`
  );
}

type AddFault = (offset: number, code: string, message: string, fix: string) => void;

interface Reporting {
  readonly text: string;
  readonly add: AddFault;
  /** The key of a scalar. */
  readonly key?: string;
}

function toValue(node: unknown, reporting: Reporting, depth = 0): unknown {
  const { text, add } = reporting;
  if (!isAlias(node) && !isScalar(node) && !isCollection(node)) return null;
  const offset = node.range?.[0] ?? 0;
  if (depth > maxDepth) {
    add(offset, 'nested-too-deep', `this is nested more than ${maxDepth} levels deep`, 'check for stray brackets');
    return undefined;
  }
  if (isAlias(node)) {
    const message = `\`*${node.source}\` is an alias of another value`;
    add(offset, 'yaml-alias', message, 'repeat the value; aliases are not supported');
    return undefined;
  }
  if (node.anchor !== undefined) {
    const at = text.lastIndexOf(`&${node.anchor}`, offset);
    add(at, 'yaml-anchor', `\`&${node.anchor}\` is an anchor`, 'remove the anchor; anchors are not supported');
  }
  if (node.tag) {
    const written = node.tag.replace(/^tag:yaml\.org,2002:/, '!!');
    const at = text.lastIndexOf(written, offset);
    add(at === -1 ? offset : at, 'yaml-tag', `\`${written}\` is a tag`, 'remove the tag; tags are not supported');
  }
  if (isScalar(node)) return scalarValue(node, add, reporting.key);
  if (isSeq(node)) return node.items.map((item) => toValue(item, reporting, depth + 1));
  const object: Record<string, unknown> = {};
  for (const pair of isMap(node) ? node.items : []) {
    const { key } = pair;
    if (!isScalar(key) || key.value === null || typeof key.value === 'object') {
      const at = isScalar(key) || isCollection(key) || isAlias(key) ? key.range?.[0] : undefined;
      // `{{ … }}` is a map whose key is a map.
      const isTemplate = text.startsWith('{{', offset);
      const fix = isTemplate ? noTemplates : 'write `name: value`';
      add(at ?? offset, 'yaml-key', 'a key must be a name', fix);
      continue;
    }
    const name = String(scalarValue(key, add));
    if (typeof key.value !== 'string' && name !== key.source) {
      const quoted = JSON.stringify(key.source);
      add(
        key.range?.[0] ?? offset,
        'yaml-key',
        `\`${key.source}\` is not a name`,
        `if this is a name, write \`${quoted}\``,
      );
    }
    if (Object.hasOwn(object, name)) {
      add(key.range?.[0] ?? offset, 'duplicate-key', 'the map has this key twice', 'keep one of the two keys');
    }
    // With defineProperty, `__proto__` becomes a key of the object, so that validation reports it as unknown.
    const value = isEnd(name, pair.value)
      ? pair.value.source
      : toValue(pair.value, isScalar(pair.value) ? { ...reporting, key: name } : reporting, depth + 1);
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return object;
}

/** Whether a pair is like `until: 2027-01-31`. The date needs no quotes, because only Kaniflux reads this field. */
const isEnd = (key: string, value: unknown): value is Scalar & { readonly source: string } =>
  key === 'until' &&
  isScalar(value) &&
  value.type === Scalar.PLAIN &&
  value.anchor === undefined &&
  value.tag === undefined &&
  value.source !== undefined &&
  plainDay.test(value.source);

function scalarValue({ value, source, type, range }: Scalar, add: AddFault, key?: string): unknown {
  const fix = type === Scalar.PLAIN && source !== undefined ? clearerScalar(source, key) : undefined;
  const [, inner] = type === Scalar.PLAIN ? (typographic.exec(source ?? '') ?? []) : [];
  if (inner !== undefined) {
    const message = `\`${source}\` has typographic quotes, which YAML takes for a part of the value`;
    add(range?.[0] ?? 0, 'bad-value', message, `write \`${JSON.stringify(inner)}\``);
  }
  if (fix !== undefined) {
    add(range?.[0] ?? 0, 'ambiguous-scalar', `YAML readers disagree about \`${source}\``, fix);
  }
  return value;
}
