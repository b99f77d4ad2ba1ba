/** A path in the config: keys and indices from the top. */
export type Path = readonly (string | number)[];

/** All severities, the most severe first. */
export const severities = ['error', 'warning', 'note'] as const;
/** How severe a finding is: `error`, `warning` or `note`. */
export type Severity = (typeof severities)[number];

/** The place of a finding: in the config, or in a hand-written manifest. */
export interface Place {
  readonly path: Path;
  /** Whether the place is the key or the value at the path. @default 'value' */
  readonly at?: 'key' | 'value';
  /** Set if the place is in a hand-written manifest. `line` counts from 1. */
  readonly manifest?: { readonly file: string; readonly line: number };
}

/** Returns the place of the key, instead of the value, at the end of a path. */
export const keyAt = (path: Path): Place => ({ path, at: 'key' });

/** The subject of a finding, which `checks.ignore` can match. */
export interface Subject {
  /** Key of the cluster that the finding is about. */
  readonly cluster?: string;
  /** Name of the grant that the finding is about. */
  readonly grant?: string;
  /** Key of the group that the finding is about. */
  readonly group?: string;
}

/** A problem that was reported by the reader of the config, a rule, or a check of the live system. */
export interface Finding extends Subject {
  /** The code in kebab-case, such as `unknown-key`. Codes are stable, since `checks.ignore` and links refer to them. */
  readonly code: string;
  /**
   * If a rule that `kaniflux synth` checks reports an `error`, the config is not rendered. `kaniflux check` exits with
   * 1 for an `error` and, by default, also for a `warning`.
   */
  readonly severity: Severity;
  readonly place: Place;
  /** What is wrong, in one sentence without a full stop. */
  readonly message: string;
  /** What to write or do instead. */
  readonly fix: string;
  /** Keys of all clusters that the finding is about, if it is about several. Then `cluster` is not set. */
  readonly clusters?: readonly string[];
}

/** A finding whose message is written only if the finding is printed, since a fleet can have 100,000 findings. */
export interface Draft extends Omit<Finding, 'message'> {
  /** The message, or a function that returns it. Findings about clusters with equal access can share the function. */
  readonly message: string | ((cluster: string) => string);
}

/** A finding with its place in a file. Findings are printed in this form. */
export interface LocatedFinding extends Omit<Finding, 'place'> {
  /** Name of the file, as given to Kaniflux. */
  readonly file: string;
  /** The number of the line, from 1. */
  readonly line: number;
  /** The number of the column, from 1. */
  readonly column: number;
  /** The text of the line; empty if the place has no line. */
  readonly excerpt: string;
  /** The path in the config; `undefined` for a hand-written file, and for a config that is not valid YAML. */
  readonly path?: Path;
}
