import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const page = join(__dirname, '..', '..', 'docs', 'library.md');

/** A program of docs/library.md, and what stands below it. */
export interface Program {
  /** The heading above it, with a number where there are several. */
  readonly name: string;
  readonly code: string;
  readonly output: string;
}

const pair = /```ts\n([\s\S]*?)```\n\n```\w*\n([\s\S]*?)```/g;

export function programs(): Program[] {
  const text = readFileSync(page, 'utf8');
  return Array.from(text.matchAll(pair), ([, code = '', output = ''], i) => ({
    name: `program${i + 1}`,
    code,
    output,
  }));
}

/** Writes what the programs print into the page, in their order: `UPDATE_DOCS=1 npx jest __tests__/docs`. */
export function rewrite(outputs: readonly string[]): void {
  let i = 0;
  const text = readFileSync(page, 'utf8').replace(pair, (whole: string, _code: string, output: string) => {
    const end = `${output}\`\`\``;
    return `${whole.slice(0, -end.length)}${outputs[i++] ?? output}\`\`\``;
  });
  writeFileSync(page, text);
}
