import type { Finding, Path, Place, Severity } from './finding';

/** What is known of a code without a finding at hand. */
export interface CodeInfo {
  /** Of the page, in a few words: what is wrong. */
  readonly title: string;
  /** The usual one. A finding may be less, or more. */
  readonly severity: Severity;
}

/** The codes of one part. */
export type Codes<Code extends string = string> = Readonly<Record<Code, CodeInfo>>;

export const error = (title: string): CodeInfo => ({ severity: 'error', title });
export const warning = (title: string): CodeInfo => ({ severity: 'warning', title });
export const note = (title: string): CodeInfo => ({ severity: 'note', title });

/** Makes the findings of a part: only of its own codes, with the severity of the table. */
export const reporting =
  <Code extends string>(codes: Codes<Code>) =>
  (code: Code, place: Path | Place, message: string, fix: string): Finding => ({
    code,
    severity: codes[code].severity,
    place: 'path' in place ? place : { path: place },
    message,
    fix,
  });
