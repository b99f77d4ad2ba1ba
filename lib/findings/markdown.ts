import { codeCell, commentLimit, markdown } from '../output/text-escapes';
import type { LocatedFinding } from './finding';
import type { Results } from './results';
import { countsOfAll, ignoredLine, skippedLine } from './text';

/** Formats results as a table for a pull request or a job summary, errors first, within the size limit of GitHub. */
export function asResultsMarkdown(
  { findings, ignored, skipped = [], command: by = 'check' }: Results,
  limit = commentLimit,
): string {
  const notes = [...ignored.map(ignoredLine), ...skipped.map(skippedLine)];
  const tail = notes.map((line) => `- ${markdown(line)}`).join('\n');
  const command = `kaniflux ${by}`;
  let text = `## ${command}: ${countsOfAll({ findings, skipped })}\n\n`;
  if (findings.length > 0) text += '| | Where | What | Fix |\n|---|---|---|---|\n';
  let shown = 0;
  for (const finding of findings) {
    const next = row(finding);
    if (text.length + next.length + tail.length + 80 > limit) break;
    text += next;
    shown++;
  }
  // By default, the text of `check` leaves out findings too, so the command needs an option to show all of them.
  const all = by === 'check' ? `${command} --max-per-code 0` : command;
  if (shown < findings.length) text += `\n… and ${findings.length - shown} more: run \`${all}\`\n`;
  return tail === '' ? text : `${text}\n${tail}\n`;
}

const row = ({ severity, code, file, line, message, fix }: LocatedFinding) =>
  `| ${severity} ${code} | ${codeCell(`${file}:${line}`)} | ${markdown(message)} | ${markdown(fix)} |\n`;
