import { printable } from '../../config/printable';
import { type LocatedFinding, severities } from '../../findings/finding';
import { counts } from '../../findings/text';
import { causes } from './consequences';
import type { DoctorResults, LocatedResult } from './run-live';

const row = (word: string, text: string, ...codes: readonly string[]) =>
  `${word.padEnd(7)} ${printable(text)} (${codes.join(', ')})\n`;

/** Returns the lines of a finding with its fix, followed by the findings that it causes. */
function findingLines({ severity, message, code, fix, file, line }: LocatedFinding, follow: readonly LocatedFinding[]) {
  const lines = follow.map((one) => `        then: ${printable(one.message)} (${one.code})\n`);
  return `${row(severity, message, code)}        fix: ${printable(fix)} (${printable(file)}:${line})\n${lines.join('')}`;
}

/** Returns one line for consecutive checks that were skipped for the same reason. */
function skippedLine(held: readonly (LocatedResult & { state: 'skipped' })[]): string {
  const [first] = held;
  if (!first) return '';
  if (held.length === 1) return row('skipped', first.text, first.code);
  return row('skipped', first.reason ?? '', ...new Set(held.map(({ code }) => code)));
}

/**
 * Formats a report as text: first the root causes by severity, then the passed, skipped and ignored checks in their
 * order.
 */
export function asText(report: DoctorResults): string {
  const following = causes(report.findings);
  const roots = inSeverity(report.findings.filter((finding) => !following.has(finding)));
  let text = roots
    .map((root) =>
      findingLines(
        root,
        report.findings.filter((finding) => following.get(finding) === root),
      ),
    )
    .join('');
  let held: (LocatedResult & { state: 'skipped' })[] = [];
  for (const result of report.results) {
    if (result.state === 'failed') continue;
    if (result.state !== 'skipped' || result.reason === undefined || held.at(-1)?.reason !== result.reason) {
      text += skippedLine(held);
      held = [];
    }
    if (result.state === 'skipped') held.push(result);
    else if (result.state === 'passed') text += row('ok', result.text, result.code);
    else text += row('ignored', `${result.text}: ${result.reason}`, result.code);
  }
  return text + skippedLine(held) + summary(report);
}

/**
 * Sorts findings by severity. A finding with the code `kubectl-unusable` comes first, even if it is a warning, because
 * kubectl may be connected to another cluster.
 */
export const inSeverity = (findings: readonly LocatedFinding[]) => [...findings].sort((a, b) => rank(a) - rank(b));

const rank = ({ code, severity }: LocatedFinding) => (code === 'kubectl-unusable' ? -1 : severities.indexOf(severity));

/** Returns a line with the number of passed, failed, ignored and skipped checks. */
function summary(report: DoctorResults): string {
  const { results, findings } = report;
  const count = (state: LocatedResult['state']) => results.filter((result) => result.state === state).length;
  const optional = (state: 'ignored' | 'skipped') => (count(state) > 0 ? `, ${count(state)} ${state}` : '');
  const found = findings.length > 0 ? counts({ findings }) : wasChecked(report) ? 'nothing wrong' : 'nothing checked';
  return `\n${count('passed')} ok, ${found}${optional('ignored')}${optional('skipped')}\n`;
}

/** Whether at least one check was not skipped. */
export const wasChecked = ({ results }: Pick<DoctorResults, 'results'>): boolean =>
  results.some(({ state }) => state !== 'skipped');
