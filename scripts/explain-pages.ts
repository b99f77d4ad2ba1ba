import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Meaning, meaningsOf } from '../lib/explain/explain-log';
import type { Explanation } from '../lib/explain/explanation';
import { explanations } from '../lib/explain/explanations';
import { linesOf, logLine } from '../lib/explain/log-line';

/** Lines that a real kube-apiserver wrote in the end-to-end tests (e2e/explain.e2e.ts). */
const recorded: readonly { readonly text: string; readonly meaning: Meaning }[] = [
  'issuers',
  'configurations',
  'tokens',
]
  .flatMap((name) => {
    const file = join(__dirname, '..', '__tests__', 'fixtures', 'explain', `${name}-1.37.log`);
    return linesOf(readFileSync(file, 'utf8').replace(/^#.*\n/gm, ''));
  })
  .flatMap((line) => {
    const [meaning] = meaningsOf(line);
    return meaning ? [{ text: logLine(line).text, meaning }] : [];
  });

/** The pages of docs/explain/ by path: one for each explanation, and an index with the texts of the errors. */
export const explainPages: Readonly<Record<string, () => string>> = {
  'docs/explain/README.md': index,
  ...Object.fromEntries(explanations.map((one) => [`docs/explain/${one.id}.md`, () => page(one)])),
};

function page(explanation: Explanation): string {
  const { id, title, of, shared, example, see } = explanation;
  const answers = example.map((line) => {
    const meaning = meaningsOf(line).find((one) => one.id === id);
    if (!meaning) throw new Error(`${id}: its own example is not explained by it: ${line}`);
    return { line, means: meaning.means, fix: meaning.fix };
  });
  const parts = [
    `# ${title}`,
    `Written by: ${of}.`,
    ...answers.flatMap(({ line, means, fix }, i) => [
      `## ${answers.length === 1 ? 'The line' : `The line, form ${i + 1}`}`,
      fenced(line),
      '## What it means',
      means,
      '## The fix',
      fix,
    ]),
    ...recordedLines(id, example),
    ...(shared
      ? [
          '## Does this page apply?',
          `Other programs also write lines like this one. This page applies only if ${shared.tell}.`,
        ]
      : []),
    '## How to see the problem',
    see,
    'On this page, "What it means" and "The fix" contain values from the example line. To get both for your own line, run:',
    '```\nkaniflux explain --log - < lines.log\n```',
  ];
  // If a page has several forms, the headings of each form are one level lower.
  const text = parts.map((part) =>
    answers.length > 1 && /^## (?:What it means|The fix)$/.test(part) ? `#${part}` : part,
  );
  return `${text.join('\n\n')}\n`;
}

/** Returns the lines of this kind that kube-apiserver wrote in the end-to-end tests. */
function recordedLines(id: string, example: readonly string[]): string[] {
  const shown = new Set(example.map((line) => logLine(line).text));
  const lines = recorded.filter(({ text, meaning }) => meaning.id === id && !shown.has(text));
  if (lines.length === 0) return [];
  const items = lines.map(({ text, meaning }) => `- ${code(text)}\n  ${meaning.means}\n  Fix: ${meaning.fix}`);
  return ['## Similar log lines', 'kube-apiserver 1.37.2 wrote these lines in a test:', items.join('\n')];
}

function index(): string {
  const rows = explanations.flatMap((one) => {
    const more = recorded.filter(({ meaning }) => meaning.id === one.id).map(({ text }) => text);
    const texts = new Set([...one.example.map((line) => logLine(line).text), ...more]);
    return [...texts].map((text) => ({ of: one.of, text, row: `[${one.title}](${one.id}.md)` }));
  });
  const programs = [...new Set(rows.map(({ of }) => of))];
  const tables = programs.map((program) => {
    const lines = rows.filter(({ of }) => of === program).map(({ text, row }) => `| ${cell(text)} | ${row} |`);
    return `## ${program.charAt(0).toUpperCase()}${program.slice(1)}\n\n| Text | Problem |\n|---|---|\n${lines.join('\n')}`;
  });
  return `# What log lines mean

This page lists the log lines that \`kaniflux explain --log -\` explains, by the program that writes them. Each line has a
page with its meaning and its fix. Look for the text of your error here, or pipe your lines into the command. The command reads
klog, JSON and logfmt, also with the prefixes of journald and of container runtimes:

\`\`\`
kubectl -n kube-system logs kube-apiserver-node1 | kaniflux explain --log -
\`\`\`

${tables.join('\n\n')}
`;
}

const fenced = (text: string) => `\`\`\`\n${text}\n\`\`\``;

const code = (text: string) => `\`\` ${text.replaceAll('`', "'")} \`\``;

/** Returns a text as code in a cell of a table. */
const cell = (text: string) => code(text.length > 240 ? `${text.slice(0, 239)}…` : text).replaceAll('|', '\\|');
