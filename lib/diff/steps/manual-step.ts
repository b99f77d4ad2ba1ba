/** A manual step before or after a change is merged. */
export interface Step {
  readonly title: string;
  /** Whether to do it before merging. @default false */
  readonly isBefore?: boolean;
  /** Shell commands in order. A line that begins with `#` describes something for which there is no command. */
  readonly commands: readonly string[];
}
