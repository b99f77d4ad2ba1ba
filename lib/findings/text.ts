import { printable } from '../config/printable';
import { type Severity, severities } from './finding';
import { formatFindings } from './finding-text';
import type { Ignored } from './ignore';
import type { Omitted, Results, Skipped } from './results';

/**
 * Formats results for a terminal: the findings of a severity and above, the numbers of those that are not listed, the
 * ignored findings, then the counts of all.
 */
export function asResultsText(
  { findings, omitted = [], ignored }: Results,
  { docs = 'docs', severity = 'note' }: { readonly docs?: string; readonly severity?: Severity } = {},
): string {
  const isShown = (one: { readonly severity: Severity }) =>
    severities.indexOf(one.severity) <= severities.indexOf(severity);
  const shown = findings.filter(isShown);
  const more = omitted.filter(isShown).map((one) => `${omittedLine(one)}\n`);
  if (more.length > 0) more.push('To list all findings, add --max-per-code 0.\n');
  const lines = ignored.map((entry) => `${printable(ignoredLine(entry))}\n`).join('');
  const isWhole = [...findings, ...omitted].every(isShown);
  const hidden = isWhole ? '' : `; only those of severity ${severity} and above are shown`;
  const total = `${counts({ findings, omitted })}${hidden}\n`;
  return [formatFindings(shown, { docs }), more.join(''), lines, total].filter(Boolean).join('\n');
}

function omittedLine({ code, severity, count, total, clusters = 0 }: Omitted): string {
  const where = clusters > 1 ? ` on ${clusters} clusters` : '';
  return `not listed: ${count} of the ${total} ${severity}s ${code}${where}`;
}

/** Returns a line about an entry of `checks.ignore`, with the number of findings that it matched. */
export function ignoredLine({ code, cluster, grant, group, path, reason, count }: Ignored): string {
  const where = [
    ...(cluster === undefined ? [] : [`on ${cluster}`]),
    ...(grant === undefined ? [] : [`of grant ${grant}`]),
    ...(group === undefined ? [] : [`of group ${group}`]),
    ...(path === undefined ? [] : [`at ${path}`]),
  ];
  const what = [code, ...where].join(' ');
  return `ignored: ${what}, ${count === 1 ? 'one finding' : `${count} findings`}: ${reason}`;
}

export const skippedLine = ({ reason, codes }: Skipped): string => `skipped: ${reason} (${codes.join(', ')})`;

/** Returns the numbers of findings, and that of the checks that did not run: `1 error, 2 checks skipped`. */
export function countsOfAll({ skipped = [], ...results }: Pick<Results, 'findings' | 'skipped'>): string {
  const text = counts(results);
  const codes = new Set(skipped.flatMap((one) => one.codes)).size;
  if (codes === 0) return text;
  return `${text.replace(/\.$/, '')}, ${codes === 1 ? 'one check' : `${codes} checks`} skipped`;
}

/** Returns the numbers of findings: `1 error, 2 warnings`. */
export function counts({ findings, omitted = [] }: Pick<Results, 'findings' | 'omitted'>): string {
  const numbers: Record<Severity, number> = { error: 0, warning: 0, note: 0 };
  for (const { severity } of findings) numbers[severity]++;
  for (const { severity, count } of omitted) numbers[severity] += count;
  const texts = severities.flatMap((one) =>
    numbers[one] > 0 ? [`${numbers[one]} ${one}${numbers[one] === 1 ? '' : 's'}`] : [],
  );
  return texts.join(', ') || 'No findings.';
}
