import type { Finding, Path, Place, Severity } from './finding';

/** What holds for every finding of a code. */
export interface CodeInfo {
  /** What is wrong, in a few words; the title of its page. */
  readonly title: string;
  /** The usual severity. A finding may have another. */
  readonly severity: Severity;
}

/** The codes of one part. */
export type Codes<Code extends string = string> = Readonly<Record<Code, CodeInfo>>;

export const error = (title: string): CodeInfo => ({ severity: 'error', title });
export const warning = (title: string): CodeInfo => ({ severity: 'warning', title });
export const note = (title: string): CodeInfo => ({ severity: 'note', title });

/** Makes a function that creates findings with the codes of one table and their severity. */
export const reporting =
  <Code extends string>(codes: Codes<Code>) =>
  (code: Code, place: Path | Place, message: string, fix: string): Finding => ({
    code,
    severity: codes[code].severity,
    place: 'path' in place ? place : { path: place },
    message,
    fix,
  });
