import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
export const pages = ['README.md', 'docs/library.md'].map((page) => join(root, page));

/** A program on one of the pages, with the text below it. */
export interface Program {
  readonly name: string;
  readonly code: string;
  readonly output: string;
}

const pair = /```ts\n([\s\S]*?)```\n\n```\w*\n([\s\S]*?)```/g;

export const programs = (): Program[] =>
  pages
    .flatMap((page) => [...readFileSync(page, 'utf8').matchAll(pair)])
    .map(([, code = '', output = ''], i) => ({ name: `program${i + 1}`, code, output }));

/** Writes the output of the programs into the pages, in order: `UPDATE_DOCS=1 npm run e2e -- e2e/library/programs`. */
export function rewrite(outputs: readonly string[]): void {
  let i = 0;
  for (const page of pages) {
    const text = readFileSync(page, 'utf8').replace(pair, (whole: string, _code: string, output: string) => {
      const end = `${output}\`\`\``;
      return `${whole.slice(0, -end.length)}${outputs[i++] ?? output}\`\`\``;
    });
    writeFileSync(page, text);
  }
}
