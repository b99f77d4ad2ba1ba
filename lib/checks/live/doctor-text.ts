import { printable } from '../../config/printable';
import { counts } from '../../findings/text';
import type { DoctorReport, LocatedResult } from './run-live';

const row = (word: string, text: string, ...codes: readonly string[]) =>
  `${word.padEnd(7)} ${printable(text)} (${codes.join(', ')})\n`;

/** One line for a result, and a second one with the fix if it is a finding. */
function asLine(result: LocatedResult): string {
  const { code, state } = result;
  if (state === 'passed') return row('ok', result.text, code);
  if (state === 'skipped') return row('skipped', result.text, code);
  if (state === 'ignored') return row('ignored', `${result.text}: ${result.reason}`, code);
  const { severity, message, fix, file, line } = result.finding;
  return `${row(severity, message, code)}        fix: ${printable(fix)} (${printable(file)}:${line})\n`;
}

/**
 * Prints results one by one. Consecutive checks that are skipped for the same reason share a line, so a skipped check is
 * printed with the next result.
 * @returns functions for each result and for the end
 */
export function printer(print: (text: string) => void): { result(result: LocatedResult): void; end(): void } {
  let held: (LocatedResult & { state: 'skipped' })[] = [];
  const end = () => {
    const [first] = held;
    const codes = [...new Set(held.map(({ code }) => code))];
    if (first) print(held.length > 1 ? row('skipped', first.reason ?? '', ...codes) : asLine(first));
    held = [];
  };
  return {
    result(result) {
      if (result.state === 'skipped' && result.reason !== undefined && held.at(-1)?.reason === result.reason) {
        held.push(result);
        return;
      }
      end();
      if (result.state === 'skipped') held.push(result);
      else print(asLine(result));
    },
    end,
  };
}

/** The whole report as text. */
export function asText(report: DoctorReport): string {
  let text = '';
  const { result, end } = printer((part) => {
    text += part;
  });
  report.results.forEach(result);
  end();
  return text + summary(report);
}

/** How many checks passed, failed, were ignored and were skipped. */
export function summary({ results, findings }: DoctorReport): string {
  const count = (state: LocatedResult['state']) => results.filter((result) => result.state === state).length;
  const optional = (state: 'ignored' | 'skipped') => (count(state) > 0 ? `, ${count(state)} ${state}` : '');
  const found = findings.length > 0 ? counts(findings) : 'nothing wrong';
  return `\n${count('passed')} ok, ${found}${optional('ignored')}${optional('skipped')}\n`;
}
