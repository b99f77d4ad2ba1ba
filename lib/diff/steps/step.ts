/** A manual step before or after a change is merged. */
export interface Step {
  readonly title: string;
  /** Whether it has to be done before merging. @default false */
  readonly isBefore?: boolean;
  /** Shell commands in order. A line that begins with `#` describes what no command does. */
  readonly commands: readonly string[];
}
