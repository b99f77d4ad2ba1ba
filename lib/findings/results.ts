import { type LocatedFinding, severities } from './finding';
import type { Ignored } from './ignore';
import type { Reporter } from './registry';

/** What a command reports. */
export interface Results {
  /** Errors first; then in the order of the files. */
  readonly findings: readonly LocatedFinding[];
  /** The entries of `checks.ignore` that matched findings. */
  readonly ignored: readonly Ignored[];
  /** @default check */
  readonly command?: Extract<Reporter, 'check' | 'doctor'>;
}

/** Merges equal findings for one line, which differ only in their cluster or namespace. */
export function distinct(findings: readonly LocatedFinding[]): LocatedFinding[] {
  const seen = new Map<string, LocatedFinding>();
  for (const { cluster, ...finding } of findings) {
    const key = JSON.stringify([finding.code, finding.severity, finding.file, finding.line, finding.message]);
    const other = seen.get(key);
    const same = cluster !== undefined && (!other || other.cluster === cluster);
    seen.set(key, { ...finding, ...(same ? { cluster } : {}) });
  }
  return [...seen.values()];
}

/** By severity, file, line, column, code and message. */
export const inOrder = (findings: readonly LocatedFinding[]): LocatedFinding[] =>
  [...findings].sort(
    (a, b) =>
      severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
      compare(a.file, b.file) ||
      a.line - b.line ||
      a.column - b.column ||
      compare(a.code, b.code) ||
      compare(a.message, b.message),
  );

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
