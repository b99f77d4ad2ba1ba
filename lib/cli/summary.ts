import type { OutOfDate } from '../output/up-to-date';
import type { Written } from '../output/write';

const mostShown = 20;

function names(title: string, paths: readonly string[]): string[] {
  if (paths.length === 0) return [];
  const more = paths.length > mostShown ? [`    and ${paths.length - mostShown} more`] : [];
  return [`  ${title}:`, ...paths.slice(0, mostShown).map((path) => `    ${path}`), ...more];
}

const count = (number: number, what: string): string[] => (number > 0 ? [`${number} ${what}`] : []);

/** Returns the result of a run, in a few lines. */
export function writtenSummary(outdir: string, written: Written): string {
  const { created, changed, repaired, removed, left, unchanged, recovered } = written;
  const counts = [
    ...count(created.length, 'new'),
    ...count(changed.length, 'changed'),
    ...count(repaired.length, 'written again'),
    ...count(removed.length, 'removed'),
    ...count(unchanged, 'unchanged'),
  ];
  return [
    ...(recovered ? [`${outdir}: the last run was interrupted; its leftovers are cleaned up`] : []),
    `${outdir}: ${counts.join(', ') || 'no files'}`,
    ...names('new', created),
    ...names('changed', changed),
    ...names('edited by hand, written again', repaired),
    ...names('removed', removed),
    ...names('no longer rendered, but kept because they were edited by hand: delete what you do not need', left),
    '',
  ].join('\n');
}

/** Returns the result of `--check`, one line for each file, and what to do; empty if nothing is out of date. */
export function outOfDateSummary(outdir: string, { missing, changed, converted, stale }: OutOfDate): string {
  const isOld = missing.length + changed.length + stale.length > 0;
  const lines = [
    ...missing.map((path) => `${outdir}/${path}: missing`),
    ...changed.map((path) => `${outdir}/${path}: differs from what the config renders`),
    ...stale.map((path) => `${outdir}/${path}: no longer rendered`),
    ...converted.map((path) => `${outdir}/${path}: has Windows line ends, and is otherwise up to date`),
    ...(converted.length > 0
      ? [
          `Git can change line ends when it checks out files: add the line \`${outdir}/** -text\` to .gitattributes in this folder, and run \`kaniflux synth\``,
        ]
      : []),
    ...(isOld ? ['run `kaniflux synth` and commit what it writes'] : []),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
