/** What a line of a log means, and what mends it. */
export interface Meaning {
  /** Which program says it. */
  readonly of: string;
  readonly pattern: RegExp;
  readonly means: string;
  readonly mend: string;
}
