import type { Finding, Path, Place } from '../../findings/finding';
import type { LiveCode } from './live-codes';
import type { LiveSystem } from './live-system';
import { type Observation, reasonOf } from './observation';

/** What can be checked on its own: `--only kanidm,flux`. */
export const parts = ['machine', 'kanidm', 'entries', 'cluster', 'flux', 'login'] as const;
export type Part = (typeof parts)[number];

/** A finding of a check. The code is the check's, and so is the severity where none is given. */
export type LiveFinding = Omit<Finding, 'code' | 'severity'> & Partial<Pick<Finding, 'severity'>>;

/** The result of a check for one thing. */
export type CheckResult =
  | { readonly state: 'passed'; readonly text: string }
  /** It could not be checked. `reason`: what prevented it, where that may prevent other checks too. */
  | { readonly state: 'skipped'; readonly text: string; readonly reason?: string }
  | { readonly state: 'failed'; readonly finding: LiveFinding };

/** One question to the live system. */
export interface LiveCheck {
  readonly code: LiveCode;
  /** The parts that need it. */
  readonly parts: readonly Part[];
  /** Never throws for a fault of the live system. */
  run(system: LiveSystem): Promise<readonly CheckResult[]>;
}

export const passed = (text: string): CheckResult => ({ state: 'passed', text });

/** @param what which could not be checked */
export const skipped = (what: string, reason?: string): CheckResult =>
  reason === undefined ? { state: 'skipped', text: what } : { state: 'skipped', text: `${what}: ${reason}`, reason };

/**
 * @param place where in the config the fix belongs, or what it is about
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

/** The results for what was read; skipped where it could not be read. */
export async function judged<T>(
  what: string,
  observing: Promise<Observation<T>>,
  judge: (value: T) => CheckResult | readonly CheckResult[],
): Promise<readonly CheckResult[]> {
  const observation = await observing;
  if (observation.value === undefined) return [skipped(what, reasonOf(observation))];
  return [judge(observation.value)].flat();
}
