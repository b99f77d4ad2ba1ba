/** Where something stands in the config: keys and indices from the top. */
export type Path = readonly (string | number)[];

/**
 * Something wrong with a config, before it has a file and a line.
 * The same shape serves loading, the rules of each part, and `kaniflux check`.
 */
export interface Problem {
  /** Stable name of the rule, for example `unknown-key`. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly path: Path;
  /** Point at the key (a misspelt one, say) or at the value. @default 'value' */
  readonly at?: 'key' | 'value';
  /** What is wrong, in one sentence without a full stop. */
  readonly message: string;
  /** What to write or do instead. */
  readonly fix: string;
}

export const error = (code: string, path: Path, message: string, fix: string, at?: Problem['at']): Problem => ({
  code,
  severity: 'error',
  path,
  message,
  fix,
  ...(at ? { at } : {}),
});

export const warning = (code: string, path: Path, message: string, fix: string, at?: Problem['at']): Problem => ({
  ...error(code, path, message, fix, at),
  severity: 'warning',
});
