/** Something that a person does after a change is merged. */
export interface Step {
  readonly title: string;
  /** For a shell, in order. A line that begins with `#` says what no command does. */
  readonly commands: readonly string[];
}
