import { printable } from '../../config/printable';
import { counts } from '../../findings/text';
import type { Diagnosis, Line } from './run-live';

const row = (word: string, codes: string, text: string) => `${word.padEnd(7)} ${codes}  ${printable(text)}\n`;

/** A line, and where something is wrong one below it with the fix. */
function asLine(line: Line): string {
  if (line.state === 'well') return row('ok', line.code, line.text);
  if (line.state === 'ignored') return row('ignored', line.code, `${line.text} (${line.reason})`);
  if (line.state === 'unknown') return row('skipped', line.code, line.text);
  const { severity, message, fix, file, line: number } = line.finding;
  return `${row(severity, line.code, message)}        fix: ${printable(fix)} (${printable(file)}:${number})\n`;
}

/**
 * Prints lines as they come. What one thing stands in the way of is one line: it waits until something else comes.
 * @returns what takes each line, and what ends it
 */
export function printer(print: (text: string) => void): { line(line: Line): void; end(): void } {
  let held: (Line & { state: 'unknown' })[] = [];
  const end = () => {
    const [first, last] = [held[0], held.at(-1)];
    if (first && last && held.length > 1) print(row('skipped', `${first.code} to ${last.code}`, first.reason ?? ''));
    else if (first) print(asLine(first));
    held = [];
  };
  return {
    line(line) {
      if (line.state === 'unknown' && line.reason !== undefined && held.at(-1)?.reason === line.reason) {
        held.push(line);
        return;
      }
      end();
      if (line.state === 'unknown') held.push(line);
      else print(asLine(line));
    },
    end,
  };
}

/** All of it. */
export function asText(diagnosis: Diagnosis): string {
  let text = '';
  const { line, end } = printer((part) => {
    text += part;
  });
  diagnosis.lines.forEach(line);
  end();
  return text + summary(diagnosis);
}

/** How many things were well, wrong, and not looked at. */
export function summary({ lines, findings }: Diagnosis): string {
  const of = (state: Line['state']) => lines.filter((line) => line.state === state).length;
  const skipped = of('unknown') > 0 ? `, ${of('unknown')} skipped` : '';
  const accepted = of('ignored') > 0 ? `, ${of('ignored')} ignored` : '';
  return `\n${of('well')} ok, ${findings.length > 0 ? counts(findings) : 'nothing wrong'}${accepted}${skipped}\n`;
}
