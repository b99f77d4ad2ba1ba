import { pageOf } from '../checks/review/review-table';
import type { Ignored, Report, Reported } from '../checks/review/run-review';
import { formatIssue } from '../config/format';
import { printable } from '../config/printable';

/** For a terminal: each finding as an error of the config is printed, then what was ignored, then the counts. */
export function asReportText({ findings, ignored }: Report, docs = 'docs'): string {
  const fields = pageOf('');
  const place = (page: string) => printable(page.replace(/^docs/, () => docs));
  const blocks = findings.map((finding) => {
    const text = printLines(formatIssue({ ...finding, severity: finding.severity as 'error' }));
    const page = pageOf(finding.code);
    return page === fields ? text : `${text}\n  see: ${place(page)}`;
  });
  // The page of the fields is the same for every error of the config: once is enough.
  if (findings.some(({ code }) => pageOf(code) === fields)) blocks.push(`Every field: ${place(fields)}`);
  const lines = ignored.map((entry) => printable(ignoredLine(entry)));
  return `${[...blocks, ...(lines.length > 0 ? [lines.join('\n')] : []), counts(findings)].join('\n\n')}\n`;
}

const printLines = (text: string) => text.split('\n').map(printable).join('\n');

/** What the config says to leave out, with how much that was. */
export function ignoredLine({ code, cluster, reason, count }: Ignored): string {
  const where = cluster === undefined ? '' : ` on ${cluster}`;
  if (count === 0) return `ignored: ${code}${where} matched nothing; take it out of checks.ignore (${reason})`;
  return `ignored: ${code}${where}, ${count === 1 ? 'one finding' : `${count} findings`}: ${reason}`;
}

export function counts(findings: readonly Pick<Reported, 'severity'>[]): string {
  const of = (severity: string, word: string) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [`${count} ${word}${count === 1 ? '' : 's'}`];
  };
  return [...of('error', 'error'), ...of('warning', 'warning'), ...of('note', 'note')].join(', ') || 'No findings.';
}
