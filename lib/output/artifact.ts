/** One rendered file. */
export interface Artifact {
  /** The path, relative to the output folder, with `/` on every platform. */
  readonly path: string;
  /** The whole content. */
  readonly text: string;
  /** Whether it is an executable (mode 0755). @default false */
  readonly executable?: boolean;
}
