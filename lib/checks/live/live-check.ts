import type { Finding, Path, Place } from '../../findings/finding';
import type { LiveCode } from './live-codes';
import type { LiveSystem } from './live-system';
import { type Observation, reasonOf } from './observation';

/** The parts for `--only`, such as `--only kanidm,flux`. */
export const parts = ['machine', 'kanidm', 'entries', 'cluster', 'flux', 'login'] as const;
export type Part = (typeof parts)[number];

/** A finding of a check. It has the code of the check and, unless `severity` is set, the severity of the code. */
export type LiveFinding = Omit<Finding, 'code' | 'severity'> & Partial<Pick<Finding, 'severity'>>;

/** The result of a check for one subject, such as a cluster. */
export type CheckResult =
  | { readonly state: 'passed'; readonly text: string }
  /** The check was not possible. `reason` is set if the same reason can prevent other checks. */
  | { readonly state: 'skipped'; readonly text: string; readonly reason?: string }
  | { readonly state: 'failed'; readonly finding: LiveFinding };

/** A check of the live system. */
export interface LiveCheck {
  readonly code: LiveCode;
  /** The values of `--only` that include this check. */
  readonly parts: readonly Part[];
  /** Runs the check. An error of the live system becomes a result, and is never thrown. */
  run(system: LiveSystem): Promise<readonly CheckResult[]>;
}

export const passed = (text: string): CheckResult => ({ state: 'passed', text });

/**
 * Returns the result of a check that was not possible.
 * @param what the subject that could not be checked
 */
export const skipped = (what: string, reason?: string): CheckResult =>
  reason === undefined ? { state: 'skipped', text: what } : { state: 'skipped', text: `${what}: ${reason}`, reason };

/**
 * Returns the result of a check that found something.
 * @param place the field of the config to fix, or the entry of the config that was checked
 * @param fix the field to change, or the command to run
 */
export function failed(
  place: Path | Place,
  message: string,
  fix: string,
  more: Pick<LiveFinding, 'severity' | 'cluster'> = {},
): CheckResult {
  return {
    state: 'failed',
    finding: { place: 'path' in place ? place : { path: place }, message, fix, ...more },
  };
}

/** Judges a value that was read from the live system. If the value could not be read, the check is skipped. */
export async function judged<T>(
  what: string,
  observing: Promise<Observation<T>>,
  judge: (value: T) => CheckResult | readonly CheckResult[],
): Promise<readonly CheckResult[]> {
  const observation = await observing;
  if (observation.value === undefined) return [skipped(what, reasonOf(observation))];
  return [judge(observation.value)].flat();
}
