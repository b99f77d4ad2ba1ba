/** What a line of a log means, and what fixes it. */
export interface Meaning {
  /** Which program says it. */
  readonly of: string;
  readonly pattern: RegExp;
  readonly means: string;
  readonly fix: string;
}
