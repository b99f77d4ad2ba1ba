import { githubMessage, githubProperty } from '../output/text-escapes';
import type { Results } from './results';
import { countsOfAll, ignoredLine, skippedLine } from './text';

const levels = { error: 'error', warning: 'warning', note: 'notice' } as const;

/**
 * The number of annotations of one level that GitHub keeps for each step. GitHub drops further annotations, and does
 * not say so.
 * https://github.com/actions/toolkit/blob/main/docs/problem-matchers.md#limitations
 */
const mostKept = 10;

/**
 * Formats results as workflow commands, which GitHub Actions shows as annotations at their lines. If there are more
 * annotations than GitHub shows, the first annotation says so, because people who read annotations may not read the
 * log.
 */
export function asGithub({ findings, ignored, skipped = [] }: Results): string {
  const lines = findings.map(({ severity, file, line, column, code, message, fix }) => {
    const place = `file=${githubProperty(file)},line=${line},col=${column},title=${githubProperty(code)}`;
    return `::${levels[severity]} ${place}::${githubMessage(`${message} — ${fix}`)}`;
  });
  const notes = ignored.map(
    (entry) => `::notice title=${githubProperty(entry.code)}::${githubMessage(ignoredLine(entry))}`,
  );
  const total = countsOfAll({ findings, skipped });
  // One annotation is enough, because GitHub shows few of them. The reasons are in the log.
  const codes = [...new Set(skipped.flatMap((one) => one.codes))].join(', ');
  const unchecked = codes === '' ? [] : [`::notice title=kaniflux::${githubMessage(`not fully checked: ${codes}`)}`];
  const reasons = skipped.map((one) => githubMessage(skippedLine(one)));
  const annotations = [...lines, ...notes, ...unchecked];
  const isCut = Object.values(levels).some(
    (level) => annotations.filter((one) => one.startsWith(`::${level} `)).length > mostKept,
  );
  const cut = `::notice title=kaniflux::${total}; GitHub shows only ${mostKept} annotations of each level, the log of this step has all`;
  return `${[...(isCut ? [cut] : []), ...annotations, ...reasons, githubMessage(total)].join('\n')}\n`;
}
