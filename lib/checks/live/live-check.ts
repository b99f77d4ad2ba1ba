import type { Path } from '../../config/problem';
import type { Finding, Severity } from '../review/review-rule';
import type { LiveSystem } from './live-system';

/** What can be looked at on its own: `--only kanidm,flux`. */
export const parts = ['machine', 'kanidm', 'entries', 'cluster', 'flux', 'login'] as const;
export type Part = (typeof parts)[number];

/** What a check says of one thing: it is well, something is wrong, or it could not be looked at. */
export type Said =
  | { readonly state: 'well'; readonly text: string }
  /** `reason`: what stands in the way, where it may stand in the way of others too. */
  | { readonly state: 'unknown'; readonly text: string; readonly reason?: string }
  | { readonly state: 'wrong'; readonly finding: Finding };

/** One question to the live system. */
export interface Check {
  /** `KFD101`. Stable: ignores and links name it. */
  readonly code: string;
  /** What it says where something is wrong, in a few words. */
  readonly title: string;
  readonly severity: Severity;
  /** The parts that need it. */
  readonly parts: readonly Part[];
  /** Never throws for what is wrong with the system that is looked at. */
  run(system: LiveSystem): Promise<readonly Said[]>;
}

export const well = (text: string): Said => ({ state: 'well', text });

/** @param what which was to be looked at */
export const unknown = (what: string, reason?: string): Said =>
  reason === undefined ? { state: 'unknown', text: what } : { state: 'unknown', text: `${what}: ${reason}`, reason };

/**
 * @param path where in the config the fix belongs, or what it is about
 * @param fix the field or the command that fixes it
 */
export const wrong = (path: Path, message: string, fix: string, more: Partial<Finding> = {}): Said => ({
  state: 'wrong',
  finding: { path, message, fix, ...more },
});

/** Something that was looked at once for several checks, or the reason why it could not be. */
export type Seen<T> = { readonly value: T } | { readonly value?: undefined; readonly reason: string };

/** Why something could not be looked at. */
export const reasonOf = (seen: Seen<unknown>): string => ('reason' in seen ? seen.reason : '');

/** What a check says where what it needs could not be had. */
export async function seen<T>(
  what: string,
  of: Promise<Seen<T>>,
  say: (value: T) => Said | readonly Said[],
): Promise<readonly Said[]> {
  const found = await of;
  if (found.value === undefined) return [unknown(what, reasonOf(found))];
  return [say(found.value)].flat();
}
