/*
 * Prints all texts of the source that a person may read, with file and line, and the titles of all codes, so that a
 * reader can check them one by one. `<…>` stands for a value. Usage: npm run -s messages [-- PATH…], default: lib.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseSync } from '@swc/core';
import { registry } from '../lib/checks/registered-codes';

const root = join(__dirname, '..');

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;

/** Returns the texts of one file that have at least two words, which are the texts that people read. */
function textsOf(file: string): string[] {
  const found: string[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const one of value) visit(one);
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    if (isNode(value)) {
      // Imports and types are not texts. `example` is a log line of another program, and `class` a style.
      if (/^(Import|ExportAll|Ts)/.test(value.type) || isProperty(value, ['example', 'class'])) return;
      const text = textOf(value);
      if (text !== undefined && /[a-z] [a-z`$]/.test(text)) found.push(text.replaceAll('\n', ' '));
    }
    Object.values(value).forEach(visit);
  };
  visit(parseSync(readFileSync(file, 'utf8'), { syntax: 'typescript' }).body);
  return found;
}

const isProperty = ({ type, key }: Node, names: readonly string[]): boolean =>
  type === 'KeyValueProperty' && isNode(key) && names.includes(String(key.value));

function textOf(node: Node): string | undefined {
  if (node.type === 'StringLiteral') return String(node.value);
  if (node.type !== 'TemplateLiteral' || !Array.isArray(node.quasis)) return undefined;
  return node.quasis.map(({ cooked }) => String(cooked)).join('<…>');
}

const chosen = process.argv.slice(2);
for (const folder of chosen.length > 0 ? chosen : ['lib']) {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  for (const name of files.sort()) {
    const file = join(root, folder, name);
    for (const text of textsOf(file)) console.log(`${relative(root, file)}\t${text}`);
  }
}
if (chosen.length === 0) for (const { code, title } of registry().values()) console.log(`${code}\t${title}`);
