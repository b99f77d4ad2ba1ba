import type { Expectation } from '../config/config';
import type { Entitled } from './entitled';
import { nameOf } from './verdict-words';

/** Whether an expectation holds on a cluster. */
export interface Verdict {
  readonly state: 'holds' | 'fails' | 'undecided';
  /** Who makes it fail and by which grants and groups, or what has to be known to decide it. */
  readonly why: readonly string[];
}

export const holds: Verdict = { state: 'holds', why: [] };

/** The verdict if nothing makes an expectation fail for certain. */
export const decided = (notKnown: readonly string[]): Verdict =>
  notKnown.length === 0 ? holds : { state: 'undecided', why: notKnown };

/** What Kanidm has to say for somebody to be left out. */
export const inKanidm = ({ except }: Pick<Expectation, 'except'>, who: Pick<Entitled, 'kind' | 'name'>): string =>
  `whether Kanidm has ${nameOf(who)} in ${except.join(' or ')}`;
