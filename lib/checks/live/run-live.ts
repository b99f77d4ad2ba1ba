import { locate, type Sources } from '../../config/locate';
import { printable } from '../../config/printable';
import type { LocatedFinding } from '../../findings/finding';
import { type Ignored, ignoredBy, matches } from '../../findings/ignore';
import type { Results } from '../../findings/results';
import { messageOf } from '../../guards';
import { subjectAt } from '../subject-at';
import { type CheckResult, failed, type LiveCheck, type Part } from './live-check';
import { liveCodes } from './live-codes';
import type { LiveSystem } from './live-system';
import { liveChecks } from './live-table';

/** The result of a check. A finding has its file and line. */
export type LocatedResult =
  | { readonly state: 'passed'; readonly code: string; readonly text: string }
  | { readonly state: 'skipped'; readonly code: string; readonly text: string; readonly reason?: string }
  | { readonly state: 'failed'; readonly code: string; readonly finding: LocatedFinding }
  /** The findings were accepted by `checks.ignore`. */
  | { readonly state: 'ignored'; readonly code: string; readonly text: string; readonly reason: string };

export interface DoctorResults extends Results {
  /** The results, in the order of the checks. */
  readonly results: readonly LocatedResult[];
}

export interface LiveRun {
  readonly system: LiveSystem;
  readonly sources: Sources;
  /** The parts to check. @default - all */
  readonly only?: readonly Part[];
  /** Called with each result as soon as it is available. */
  readonly onResult?: (result: LocatedResult) => void;
}

/** Runs the checks one after the other. A failed check does not prevent the others. */
export async function runLiveChecks(
  { system, sources, only, onResult }: LiveRun,
  checks: readonly LiveCheck[] = liveChecks,
): Promise<DoctorResults> {
  const results: LocatedResult[] = [];
  const ignored = new Map<(typeof system.config.checks.ignore)[number], number>();
  const place = (check: LiveCheck, result: CheckResult): LocatedResult => {
    const located = locatedResult(check, result, sources, system);
    if (located.state !== 'failed') return located;
    const { code, finding } = located;
    const ignore = system.config.checks.ignore.find((entry) => matches(entry, finding));
    if (!ignore) return located;
    ignored.set(ignore, (ignored.get(ignore) ?? 0) + 1);
    return { state: 'ignored', code, text: finding.message, reason: ignore.reason };
  };
  for (const check of checks) {
    if (only && !check.parts.some((part) => only.includes(part))) continue;
    for (const result of await check.run(system).catch(unexpected)) {
      const located = place(check, result);
      results.push(located);
      onResult?.(located);
    }
  }
  return {
    results,
    findings: results.flatMap((result) => (result.state === 'failed' ? [result.finding] : [])),
    ignored: [...ignored].map(([entry, count]): Ignored => ignoredBy(entry, count)),
    command: 'doctor',
  };
}

/**
 * Returns the result of a check that threw an error, because the answer of another program has an unexpected form. The
 * other checks still run.
 */
const unexpected = (thrown: unknown): readonly CheckResult[] => [
  failed(
    [],
    `this check could not finish, because an answer of kubectl or Kanidm has an unexpected form: ${printable(messageOf(thrown))}`,
    'look for a wrapper of kubectl, and for a proxy or login page in front of Kanidm; if there is none, report this as an error of Kaniflux',
  ),
];

function locatedResult(
  { code }: LiveCheck,
  result: CheckResult,
  sources: Sources,
  { tools, config }: LiveSystem,
): LocatedResult {
  // The token is removed, because a server may repeat it in its answer.
  const safe = (text: string) => (tools.token ? text.replaceAll(tools.token, '…') : text);
  if (result.state !== 'failed') return { ...result, code, text: safe(result.text) };
  const { message, fix, place } = result.finding;
  const finding = locate(sources, {
    severity: liveCodes[code].severity,
    ...subjectAt(config, place.path),
    ...result.finding,
    code,
    message: safe(message),
    fix: safe(fix),
  });
  return { state: 'failed', code, finding };
}
