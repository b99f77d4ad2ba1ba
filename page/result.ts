/** Something wrong with the config, for the list of findings. */
export interface Problem {
  readonly severity: 'error' | 'warning' | 'note';
  readonly code: string;
  readonly message: string;
  readonly fix: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** The page that explains it, in the repository. */
  readonly page: string;
}

/** What the page shows for a config. */
export interface Result {
  readonly problems: readonly Problem[];
  /** The rendered files, in the order of `kaniflux synth`; `undefined` if the config has errors. */
  readonly files?: readonly { readonly path: string; readonly text: string }[];
  /** The page of `kaniflux report`. */
  readonly report?: string;
  /** Set for a bug in Kaniflux. */
  readonly internalError?: string;
}
