/** One rendered file. */
export interface Artifact {
  /** Relative to the output folder, with `/` on every system. */
  readonly path: string;
  readonly text: string;
  /** Whether it is a program to run (mode 0755). @default false */
  readonly executable?: boolean;
}
