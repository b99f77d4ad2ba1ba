import type { Sources } from '../../config/locate';
import { type Ignored, type Report, type Reported, reported } from '../review/run-review';
import type { Check, Part, Said } from './live-check';
import type { LiveSystem } from './live-system';
import { checks as allChecks } from './live-table';

/** What a check said of one thing, with the place of what is wrong. */
export type Line =
  | { readonly state: 'well'; readonly code: string; readonly text: string }
  | { readonly state: 'unknown'; readonly code: string; readonly text: string; readonly reason?: string }
  | { readonly state: 'wrong'; readonly code: string; readonly finding: Reported }
  /** Wrong, and accepted by `checks.ignore`. */
  | { readonly state: 'ignored'; readonly code: string; readonly text: string; readonly reason: string };

/** What was looked at, in order. */
export interface Diagnosis extends Report {
  readonly lines: readonly Line[];
}

export interface Examination {
  readonly system: LiveSystem;
  readonly sources: Sources;
  /** @default all */
  readonly only?: readonly Part[];
  /** Called with each line as soon as it is known. */
  readonly tell?: (line: Line) => void;
}

/** Asks everything, one check after the other, and goes on whatever is wrong. */
export async function examine(
  { system, sources, only, tell }: Examination,
  checks: readonly Check[] = allChecks,
): Promise<Diagnosis> {
  const lines: Line[] = [];
  for (const check of checks) {
    if (only && !check.parts.some((part) => only.includes(part))) continue;
    for (const said of await check.run(system)) {
      const line = lineOf(check, said, sources, system);
      lines.push(line);
      tell?.(line);
    }
  }
  const findings = lines.flatMap((line) => (line.state === 'wrong' ? [line.finding] : []));
  return { lines, findings, ignored: ignored(lines, system), by: { command: 'doctor', rules: allChecks } };
}

function lineOf(check: Check, said: Said, sources: Sources, { tools, config }: LiveSystem): Line {
  const { code } = check;
  // A server may answer with what it was sent.
  const safe = (text: string) => (tools.token ? text.replaceAll(tools.token, '…') : text);
  if (said.state !== 'wrong') return { ...said, code, text: safe(said.text) };
  const { message, fix, path } = said.finding;
  const cluster = path[0] === 'clusters' && path[1] !== undefined ? { cluster: String(path[1]) } : {};
  const finding = reported(sources, check, { ...said.finding, ...cluster, message: safe(message), fix: safe(fix) });
  const accepted = config.checks.ignore.find(
    (entry) => entry.code === code && (entry.cluster === undefined || entry.cluster === finding.cluster),
  );
  if (accepted) return { state: 'ignored', code, text: finding.message, reason: accepted.reason };
  return { state: 'wrong', code, finding };
}

/** The entries of `checks.ignore` that took something out; one for what was not looked at says nothing. */
const ignored = (lines: readonly Line[], { config }: LiveSystem): Ignored[] =>
  config.checks.ignore
    .map(({ path: _, ...entry }) => ({
      ...entry,
      count: lines.filter(({ state, code }) => state === 'ignored' && code === entry.code).length,
    }))
    .filter(({ count }) => count > 0);
