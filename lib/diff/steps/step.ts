/** A manual step after a change is merged. */
export interface Step {
  readonly title: string;
  /** Shell commands in order. A line that begins with `#` describes what no command does. */
  readonly commands: readonly string[];
}
