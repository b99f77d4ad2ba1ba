import type { Issue } from './locate';

/** An issue as a terminal shows it: place and message, the line quoted, the fix. */
export function formatIssue(issue: Issue, color = false): string {
  const paint = (code: string, text: string) => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  const severity = paint(issue.severity === 'error' ? '31' : '33', issue.severity);
  const head = `${paint('1', `${issue.file}:${issue.line}:${issue.column}`)} ${severity} ${issue.message} (${issue.code})`;
  const number = String(issue.line);
  const quoted = cut(issue.excerpt, issue.column);
  const quote = quoted
    ? [
        `  ${number} | ${quoted.text}`,
        `  ${' '.repeat(number.length)} | ${' '.repeat(quoted.caret)}${paint('31', '^')}`,
      ]
    : [];
  return [head, ...quote, `  fix: ${issue.fix}`].join('\n');
}

/** All of them, an empty line between. */
export const formatIssues = (issues: readonly Issue[], color = false): string =>
  issues.map((issue) => `${formatIssue(issue, color)}\n`).join('\n');

/** The part of a long line around the place. */
function cut(excerpt: string, column: number): { text: string; caret: number } | undefined {
  if (excerpt.trim() === '') return undefined;
  const start = excerpt.length > 110 ? Math.max(0, column - 60) : 0;
  const text = excerpt.slice(start, start + 110);
  return { text: (start > 0 ? '…' : '') + text, caret: column - 1 - start + (start > 0 ? 1 : 0) };
}
