import type { Finding, Path, Place, Severity } from './finding';

/** The properties that all findings of a code have in common. */
export interface CodeInfo {
  /** A short description of the problem, which is also the title of its page. */
  readonly title: string;
  /** The severity of its findings. A single finding can have another severity. */
  readonly severity: Severity;
}

/** The codes of one part of Kaniflux. */
export type Codes<Code extends string = string> = Readonly<Record<Code, CodeInfo>>;

export const error = (title: string): CodeInfo => ({ severity: 'error', title });
export const warning = (title: string): CodeInfo => ({ severity: 'warning', title });
export const note = (title: string): CodeInfo => ({ severity: 'note', title });

/** Returns a function that creates findings with the codes of a table and their severity. */
export const reporting =
  <Code extends string>(codes: Codes<Code>) =>
  (code: Code, place: Path | Place, message: string, fix: string): Finding => ({
    code,
    severity: codes[code].severity,
    place: 'path' in place ? place : { path: place },
    message,
    fix,
  });
