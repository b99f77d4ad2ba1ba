import { isAlias, isMap, isPair, isScalar, isSeq, type Node, type ParsedNode, parseAllDocuments } from 'yaml';
import type { Fault, Tree, YamlText } from './yaml-text';

/** Reads any YAML, and says what is wrong with it. */
export function readYaml(text: string): YamlText {
  const documents = parseAllDocuments<ParsedNode>(text, { version: '1.2', merge: false });
  const faults: Fault[] = [];
  const add: AddFault = (offset, code, message, fix) => faults.push({ offset, code, message, fix });
  const [document, second] = 'empty' in documents ? [] : documents;
  if (!document?.contents || (isScalar(document.contents) && document.contents.value === null)) {
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
    const fault = textFault(code, message);
    // What follows the first fault of syntax, or a tab, may only be noise that it makes.
    if (fault.code === 'yaml-syntax' && faults.some(({ code }) => code === fault.code || code === 'tab-indent'))
      continue;
    add(pos[0], fault.code, fault.message, fault.fix);
  }
  const root = document?.contents ?? undefined;
  const value = root && faults.length === 0 ? toValue(root, add) : undefined;
  return { value, faults, tree: treeOf(root) };
}

const treeOf = (root: Node | undefined): Tree<Node> => ({
  root,
  start: root?.range?.[0] ?? 0,
  child(node, step) {
    if (isSeq(node)) {
      const item = node.items[Number(step)] as Node | undefined;
      return item && { node: item, key: item.range?.[0], value: item.range?.[0] };
    }
    if (!isMap(node)) return undefined;
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
    if (!isPair(pair)) return undefined;
    const value = pair.value as Node | null;
    return { node: value ?? undefined, key: (pair.key as Node).range?.[0], value: value?.range?.[0] };
  },
  written: (node) => (isScalar(node) ? node.source : undefined),
});

const textFaults: Record<string, { code: string; message: string; fix: string }> = {
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

function textFault(code: string, message: string) {
  const brief = (message.split('\n')[0] ?? message).replace(/ at line \d+, column \d+:?$/, '');
  return textFaults[code] ?? { code: 'yaml-syntax', message: brief, fix: fixes[code] ?? 'fix the YAML here' };
}

type AddFault = (offset: number, code: string, message: string, fix: string) => void;

/** Chart values nest, and nothing else does; a hundred levels are more than any of them has. */
const maxDepth = 100;

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
