/** One rendered file. */
export interface Artifact {
  /** Relative to the output folder, with `/` on every platform. */
  readonly path: string;
  /** Its whole content. */
  readonly text: string;
  /** Whether it is an executable (mode 0755). @default false */
  readonly executable?: boolean;
}
