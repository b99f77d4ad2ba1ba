import { printable } from '../config/printable';
import type { LocatedFinding, Severity } from './finding';
import { formatFindings } from './finding-text';
import type { Ignored } from './ignore';
import type { Results } from './results';

/** Formats results for a terminal: the findings, the ignored findings, then the counts. */
export function asResultsText({ findings, ignored }: Results, docs = 'docs'): string {
  const lines = ignored.map((entry) => `${printable(ignoredLine(entry))}\n`).join('');
  return [formatFindings(findings, { docs }), lines, `${counts(findings)}\n`].filter(Boolean).join('\n');
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
