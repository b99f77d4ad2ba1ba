/** Where something stands in the config: keys and indices from the top. */
export type Path = readonly (string | number)[];

/** From the worst to the least. */
export const severities = ['error', 'warning', 'note'] as const;
export type Severity = (typeof severities)[number];

/** Where a finding stands: in the config, or in a file of somebody's own. */
export interface Place {
  readonly path: Path;
  /** Point at the key (a misspelt one, say) or at the value. @default 'value' */
  readonly at?: 'key' | 'value';
  /** A hand-written file that it stands in, in place of the config. `line` counts from 1. */
  readonly manifest?: { readonly file: string; readonly line: number };
}

/** The key at the end of a path, in place of its value. */
export const keyAt = (path: Path): Place => ({ path, at: 'key' });

/** What a finding is about, where a path does not say it. An ignore can name it. */
export interface Subject {
  readonly cluster?: string;
  readonly grant?: string;
  readonly group?: string;
}

/** Something wrong, whoever noticed it: the reader of the config, a rule, or a check of the live system. */
export interface Finding extends Subject {
  /** Words in kebab-case, stable: `unknown-key`. Ignores and links name it. */
  readonly code: string;
  readonly severity: Severity;
  readonly place: Place;
  /** What is wrong, in one sentence without a full stop. */
  readonly message: string;
  /** What to write or do instead. */
  readonly fix: string;
}

/** A finding with its place in a file. The form in which everything is printed. */
export interface LocatedFinding extends Omit<Finding, 'place'> {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** The line it stands on, empty where the file has none. */
  readonly excerpt: string;
  /** Where it stands in the config; `undefined` for a hand-written file, and for a config that is no YAML. */
  readonly path?: Path;
}
