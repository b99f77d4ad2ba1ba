import type { Finding, Path, Place } from '../../findings/finding';
import type { LiveCode } from './live-codes';
import type { LiveSystem } from './live-system';
import { type Observation, reasonOf } from './observation';

/** The parts for `--only`, such as `--only kanidm,flux`. */
export const parts = ['machine', 'kanidm', 'entries', 'cluster', 'flux', 'login'] as const;
export type Part = (typeof parts)[number];

/** A finding of a check, which has the code of the check, and the severity of the code unless it sets one. */
export type LiveFinding = Omit<Finding, 'code' | 'severity'> & Partial<Pick<Finding, 'severity'>>;

/** The result of a check for one thing. */
export type CheckResult =
  | { readonly state: 'passed'; readonly text: string }
  /** It could not be checked. `reason` is set if the same reason can prevent other checks. */
  | { readonly state: 'skipped'; readonly text: string; readonly reason?: string }
  | { readonly state: 'failed'; readonly finding: LiveFinding };

/** A check of the live system. */
export interface LiveCheck {
  readonly code: LiveCode;
  /** The parts that need it. */
  readonly parts: readonly Part[];
  /** An error of the live system is a result, and never thrown. */
  run(system: LiveSystem): Promise<readonly CheckResult[]>;
}

export const passed = (text: string): CheckResult => ({ state: 'passed', text });

/** @param what the subject that could not be checked */
export const skipped = (what: string, reason?: string): CheckResult =>
  reason === undefined ? { state: 'skipped', text: what } : { state: 'skipped', text: `${what}: ${reason}`, reason };

/**
 * @param place the place in the config of the fix or of the subject
 * @param fix the field or the command that fixes it
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
