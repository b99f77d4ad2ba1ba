import { isAlias, isCollection, isMap, isScalar, isSeq, type ParsedNode, parseAllDocuments, Scalar } from 'yaml';
import { clearerScalar, plainDay } from './yaml-ambiguous';
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
  const [document, second] = 'empty' in documents ? [] : documents;
  const root = document?.contents;
  if (!root || (isScalar(root) && root.value === null)) {
    if (!document?.errors.length)
      add(0, 'empty-file', 'the file is empty', 'write a config; `kaniflux init` creates one');
  }
  if (second) {
    add(second.range[0], 'several-documents', 'a second document begins here', 'remove the `---` and what follows it');
  }
  for (const { code, pos, message } of document?.errors ?? []) {
    const fault = syntaxFault(code, message);
    // Further syntax errors are often a consequence of the first one, or of a tab.
    if (fault.code === 'yaml-syntax' && faults.some(({ code }) => code === fault.code || code === 'tab-indent'))
      continue;
    add(pos[0], fault.code, fault.message, fault.fix);
  }
  return { value: root && faults.length === 0 ? toValue(root, add) : undefined, faults };
}

const ownMessages: Record<string, { code: string; message: string; fix: string }> = {
  DUPLICATE_KEY: { code: 'duplicate-key', message: 'the map has this key twice', fix: 'keep one of the two keys' },
  TAB_AS_INDENT: { code: 'tab-indent', message: 'a tab indents this line', fix: 'indent with spaces' },
};

/** The fix for an error of the parser, by its code. */
const fixes: Record<string, string> = {
  BLOCK_AS_IMPLICIT_KEY: 'quote a string that contains `: `, or indent the line like its neighbors',
  BAD_INDENT: 'indent the line like its neighbors, and close brackets and quotes before it',
  BAD_SCALAR_START: 'quote the string',
  MISSING_CHAR: 'close the bracket or quote, here or in an earlier line',
};

function syntaxFault(code: string, message: string) {
  const brief = (message.split('\n')[0] ?? message).replace(/ at line \d+, column \d+:?$/, '');
  return ownMessages[code] ?? { code: 'yaml-syntax', message: brief, fix: fixes[code] ?? 'fix the YAML here' };
}

type AddFault = (offset: number, code: string, message: string, fix: string) => void;

function toValue(node: unknown, add: AddFault, depth = 0): unknown {
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
    add(offset, 'yaml-anchor', `\`&${node.anchor}\` is an anchor`, 'remove the anchor; anchors are not supported');
  }
  if (node.tag) {
    add(offset, 'yaml-tag', `\`${node.tag}\` is a tag`, 'remove the tag; tags are not supported');
  }
  if (isScalar(node)) return scalarValue(node, add);
  if (isSeq(node)) return node.items.map((item) => toValue(item, add, depth + 1));
  const object: Record<string, unknown> = {};
  for (const pair of isMap(node) ? node.items : []) {
    const { key } = pair;
    if (!isScalar(key) || key.value === null || typeof key.value === 'object') {
      const at = isScalar(key) || isCollection(key) || isAlias(key) ? key.range?.[0] : undefined;
      add(at ?? offset, 'yaml-key', 'a key must be a name', 'write `name: value`');
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
    const value = isEnd(name, pair.value) ? pair.value.source : toValue(pair.value, add, depth + 1);
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

function scalarValue({ value, source, type, range }: Scalar, add: AddFault): unknown {
  const fix = type === Scalar.PLAIN && source !== undefined ? clearerScalar(source) : undefined;
  if (fix !== undefined) {
    add(range?.[0] ?? 0, 'ambiguous-scalar', `YAML readers disagree about \`${source}\``, fix);
  }
  return value;
}
