import type { LocatedFinding, Severity } from './finding';
import type { Ignored } from './ignore';
import type { Reporter } from './registry';

/** The findings that a command reports. */
export interface Results {
  /** The findings, errors first, then in the order of the files. */
  readonly findings: readonly LocatedFinding[];
  /** The entries of `checks.ignore` that matched findings. */
  readonly ignored: readonly Ignored[];
  /** The findings that are counted, but not among `findings`. @default - none */
  readonly omitted?: readonly Omitted[];
  /** The checks that did not run, by reason. @default - none */
  readonly skipped?: readonly Skipped[];
  /** The command that reports them. @default - check */
  readonly command?: Extract<Reporter, 'check' | 'doctor'>;
}

/** The checks that were skipped for the same reason. */
export interface Skipped {
  readonly reason: string;
  readonly codes: readonly string[];
}

/** Findings of one code and severity that are not listed. */
export interface Omitted {
  readonly code: string;
  readonly severity: Severity;
  /** The number of findings that are not listed. */
  readonly count: number;
  /** The number of all findings of this code and severity. */
  readonly total: number;
  /**
   * The number of different clusters in all findings of this code and severity.
   * @default - not counted, because at least one of the findings is about no cluster
   */
  readonly clusters?: number;
}
