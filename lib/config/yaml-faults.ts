import { isAlias, isCollection, isMap, isScalar, isSeq, type ParsedNode, parseAllDocuments, Scalar } from 'yaml';
import { clearerScalar } from './yaml-ambiguous';
import { maxDepth } from './yaml-values';

/** A fault of the text itself, found before its content is looked at. */
export interface Fault {
  readonly offset: number;
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

/** Reads any YAML with `yaml`, which says where and what its faults are. */
export function readWithFaults(text: string): { value: unknown; faults: Fault[] } {
  const documents = parseAllDocuments<ParsedNode>(text, { version: '1.2', merge: false });
  const faults: Fault[] = [];
  const add: AddFault = (offset, code, message, fix) => faults.push({ offset, code, message, fix });
  const [document, second] = 'empty' in documents ? [] : documents;
  const root = document?.contents;
  if (!root || (isScalar(root) && root.value === null)) {
    if (!document?.errors.length)
      add(
        0,
        'empty-file',
        'the file is empty',
        'write something into it; `kaniflux init` writes a first kaniflux.yaml where there is none',
      );
  }
  if (second) {
    add(second.range[0], 'several-documents', 'a second document begins here', 'remove the `---` and what follows it');
  }
  for (const { code, pos, message } of document?.errors ?? []) {
    const fault = syntaxFault(code, message);
    // What follows the first fault of syntax, or a tab, may only be noise that it makes.
    if (fault.code === 'yaml-syntax' && faults.some(({ code }) => code === fault.code || code === 'tab-indent'))
      continue;
    add(pos[0], fault.code, fault.message, fault.fix);
  }
  return { value: root && faults.length === 0 ? toValue(root, add) : undefined, faults };
}

const knownFaults: Record<string, { code: string; message: string; fix: string }> = {
  DUPLICATE_KEY: { code: 'duplicate-key', message: 'this key stands twice', fix: 'keep one of the two' },
  TAB_AS_INDENT: { code: 'tab-indent', message: 'a tab indents this line', fix: 'indent with spaces' },
};

/** What a person can do about what the parser says in its own terms. */
const fixes: Record<string, string> = {
  BLOCK_AS_IMPLICIT_KEY: 'quote a text that holds `: `, or indent the line as those beside it',
  BAD_INDENT: 'indent the line as those beside it, and close what is open before it',
  BAD_SCALAR_START: 'quote the text',
  MISSING_CHAR: 'close what is open, here or in a line before',
};

function syntaxFault(code: string, message: string) {
  const brief = (message.split('\n')[0] ?? message).replace(/ at line \d+, column \d+:?$/, '');
  return knownFaults[code] ?? { code: 'yaml-syntax', message: brief, fix: fixes[code] ?? 'fix the YAML here' };
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
    const message = `\`*${node.source}\` repeats what stands elsewhere`;
    add(offset, 'yaml-alias', message, 'write it out; aliases are not read');
    return undefined;
  }
  if (node.anchor !== undefined) {
    add(offset, 'yaml-anchor', `\`&${node.anchor}\` is an anchor`, 'remove it; anchors are not read');
  }
  if (node.tag) {
    add(offset, 'yaml-tag', `\`${node.tag}\` is a tag`, 'remove it; tags are not read');
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
    if (Object.hasOwn(object, name)) {
      add(key.range?.[0] ?? offset, 'duplicate-key', 'this key stands twice', 'keep one of the two');
    }
    // defineProperty, so that a key `__proto__` is a key like any other, and an unknown one.
    const value = toValue(pair.value, add, depth + 1);
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return object;
}

function scalarValue({ value, source, type, range }: Scalar, add: AddFault): unknown {
  const fix = type === Scalar.PLAIN && source !== undefined ? clearerScalar(source) : undefined;
  if (fix !== undefined) {
    add(range?.[0] ?? 0, 'ambiguous-scalar', `YAML readers disagree about \`${source}\``, fix);
  }
  return typeof value === 'bigint' ? Number(value) : value;
}
