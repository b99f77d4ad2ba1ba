import { githubMessage, githubProperty } from '../output/text-escapes';
import type { Results } from './results';
import { counts, ignoredLine } from './text';

const levels = { error: 'error', warning: 'warning', note: 'notice' } as const;

/** Formats results as workflow commands, which GitHub Actions shows as annotations at their lines. */
export function asGithub({ findings, ignored }: Results): string {
  const lines = findings.map(({ severity, file, line, column, code, message, fix }) => {
    const place = `file=${githubProperty(file)},line=${line},col=${column},title=${githubProperty(code)}`;
    return `::${levels[severity]} ${place}::${githubMessage(`${message} — ${fix}`)}`;
  });
  const notes = ignored.map(
    (entry) => `::notice title=${githubProperty(entry.code)}::${githubMessage(ignoredLine(entry))}`,
  );
  return `${[...lines, ...notes, githubMessage(counts({ findings }))].join('\n')}\n`;
}
