import type { Expectation } from '../config/config';
import type { Entitled } from './entitled';
import { nameOf } from './verdict-words';

/** Whether an expectation holds on a cluster. */
export interface Verdict {
  readonly state: 'holds' | 'fails' | 'undecided';
  /** Who makes it fail, through which grants and groups; or what must be known to decide it. */
  readonly why: readonly string[];
  /** Set if the verdict is undecided only because it depends on the day. @default false */
  readonly isDayUnknown?: true;
}

export const holds: Verdict = { state: 'holds', why: [] };

/** Returns the verdict on an expectation that does not certainly fail. The expectation holds if nothing is unknown. */
export const decided = (notKnown: readonly string[]): Verdict =>
  notKnown.length === 0 ? holds : { state: 'undecided', why: notKnown };

/** Returns what must be known about the groups in Kanidm to decide whether somebody is exempt. */
export const inKanidm = ({ except }: Pick<Expectation, 'except'>, who: Pick<Entitled, 'kind' | 'name'>): string =>
  `whether Kanidm has ${nameOf(who)} in ${except.join(' or ')}`;
