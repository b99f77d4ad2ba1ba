import { printable } from '../config/printable';
import { counts } from '../review/report/text';
import type { Diagnosis, Line } from './run';

const colors = { well: '32', unknown: '2', error: '31', warning: '33', note: '36' } as const;

/** A line for a terminal, and one below it with the mend. */
export function asLine(line: Line, color = false): string {
  const head = (word: string, kind: keyof typeof colors) => {
    const padded = word.padEnd(8);
    return `${color ? `\u001b[${colors[kind]}m${padded}\u001b[0m` : padded}${line.code}  `;
  };
  if (line.state !== 'wrong') {
    const word = line.state === 'well' ? 'ok' : 'skipped';
    return `${head(word, line.state)}${printable(line.text)}\n`;
  }
  const { severity, message, mend, file, line: number } = line.finding;
  return `${head(severity, severity)}${printable(message)}\n        mend: ${printable(mend)} (${printable(file)}:${number})\n`;
}

/** How many things were well, wrong, and not looked at. */
export function summary({ lines, findings }: Diagnosis): string {
  const of = (state: Line['state']) => lines.filter((line) => line.state === state).length;
  const skipped = of('unknown') > 0 ? `, ${of('unknown')} skipped` : '';
  return `\n${of('well')} ok, ${findings.length > 0 ? counts(findings) : 'nothing wrong'}${skipped}\n`;
}
