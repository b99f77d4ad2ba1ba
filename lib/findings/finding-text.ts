import { printable } from '../config/printable';
import type { LocatedFinding } from './finding';
import { pageOf } from './registry';

export interface TextOptions {
  readonly color?: boolean;
  /** The folder of the documentation. If set, the page of each code is mentioned once. */
  readonly docs?: string;
}

/** The folder in the path of a page that a fix names, as in `docs/prerequisites.md`. */
const pageInText = /(?<![\w./-])docs\/(?=[a-z-]+\.md\b)/g;

/** Formats findings for a terminal, separated by empty lines. */
export function formatFindings(findings: readonly LocatedFinding[], { color, docs }: TextOptions = {}): string {
  const named = new Set<string>();
  const blocks = findings.map((finding) => {
    const fix = docs === undefined ? finding.fix : finding.fix.replace(pageInText, () => `${docs}/`);
    const text = formatFinding({ ...finding, fix }, color);
    if (docs === undefined || named.has(finding.code)) return text;
    named.add(finding.code);
    return `${text}\n  see: ${printable(pageOf(finding.code).replace(/^docs/, () => docs))}`;
  });
  return blocks.map((block) => `${block}\n`).join('\n');
}

const colors = { error: '31', warning: '33', note: '36' } as const;

/** Formats one finding for a terminal: place and message, the line of the file, and the fix. */
export function formatFinding(finding: LocatedFinding, color = false): string {
  const paint = (code: string, text: string) => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  const { severity, code, message, fix, file, line, column } = finding;
  const place = paint('1', `${printable(file)}:${line}:${column}`);
  const head = `${place} ${paint(colors[severity], severity)} ${printable(message)} (${printable(code)})`;
  const number = String(line);
  const quoted = cut(finding.excerpt, column);
  const quote = quoted
    ? [
        `  ${number} | ${printable(quoted.text)}`,
        `  ${' '.repeat(number.length)} | ${' '.repeat(quoted.caret)}${paint(colors[severity], '^')}`,
      ]
    : [];
  return [head, ...quote, `  fix: ${printable(fix)}`].join('\n');
}

/** Shortens a long line to the part around the place. */
function cut(excerpt: string, column: number): { text: string; caret: number } | undefined {
  if (excerpt.trim() === '') return undefined;
  const start = excerpt.length > 110 ? Math.max(0, column - 60) : 0;
  const text = excerpt.slice(start, start + 110);
  return { text: (start > 0 ? '…' : '') + text, caret: column - 1 - start + (start > 0 ? 1 : 0) };
}
