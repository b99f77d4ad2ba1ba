import { printable } from '../config/printable';
import { type LocatedFinding, type Severity, severities } from './finding';
import { formatFindings } from './finding-text';
import type { Ignored } from './ignore';
import type { Results } from './results';

/**
 * Formats results for a terminal: the findings of a severity and above, the ignored findings, then the counts of all.
 */
export function asResultsText(
  { findings, ignored }: Results,
  { docs = 'docs', severity = 'note' }: { readonly docs?: string; readonly severity?: Severity } = {},
): string {
  const shown = findings.filter((finding) => severities.indexOf(finding.severity) <= severities.indexOf(severity));
  const lines = ignored.map((entry) => `${printable(ignoredLine(entry))}\n`).join('');
  const hidden = shown.length === findings.length ? '' : `; only those of severity ${severity} and above are shown`;
  return [formatFindings(shown, { docs }), lines, `${counts(findings)}${hidden}\n`].filter(Boolean).join('\n');
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

/** Returns the numbers of findings: `1 error, 2 warnings`. */
export function counts(findings: readonly Pick<LocatedFinding, 'severity'>[]): string {
  const of = (severity: Severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}${count === 1 ? '' : 's'}`];
  };
  return [...of('error'), ...of('warning'), ...of('note')].join(', ') || 'No findings.';
}
