/** A problem of the config, for the list of findings. */
export interface Problem {
  readonly severity: 'error' | 'warning' | 'note';
  readonly code: string;
  readonly message: string;
  readonly fix: string;
  /** The number of the line, from 1. */
  readonly line: number;
  /** The number of the column, from 1. */
  readonly column: number;
  /** The page that explains the problem, in the repository. */
  readonly page: string;
}

/** What the page shows for a config. */
export interface Result {
  readonly problems: readonly Problem[];
  /** The rendered files, in the order of `kaniflux synth`; `undefined` if the config has errors. */
  readonly files?: readonly { readonly path: string; readonly text: string }[];
  /** The page of `kaniflux report`. */
  readonly report?: string;
  /** The message of an error that is a bug in Kaniflux. */
  readonly internalError?: string;
}
