import { type LocatedFinding, severities } from './finding';
import type { Ignored } from './ignore';
import type { Reporter } from './registry';

/** The findings that a command reports. */
export interface Results {
  /** The findings, errors first, then in the order of the files. */
  readonly findings: readonly LocatedFinding[];
  /** The entries of `checks.ignore` that matched findings. */
  readonly ignored: readonly Ignored[];
  /** The command that reports them. @default - check */
  readonly command?: Extract<Reporter, 'check' | 'doctor'>;
}

/**
 * Merges findings for one line that have the same code, severity and message. Such findings differ only in their
 * cluster or namespace.
 */
export function distinct(findings: readonly LocatedFinding[]): LocatedFinding[] {
  const byLine = new Map<string, Map<number, number[]>>();
  const merged: LocatedFinding[] = [];
  for (const finding of findings) {
    const lines = byLine.get(finding.file) ?? new Map<number, number[]>();
    byLine.set(finding.file, lines);
    const others = lines.get(finding.line);
    const at = others?.find((i) => isSame(merged[i], finding));
    if (at !== undefined) merged[at] = together(merged[at], finding);
    else if (others) others.push(merged.push(finding) - 1);
    else lines.set(finding.line, [merged.push(finding) - 1]);
  }
  return merged;
}

const isSame = (a: LocatedFinding | undefined, b: LocatedFinding): boolean =>
  a !== undefined && a.code === b.code && a.severity === b.severity && a.message === b.message;

/** Returns the later finding. If the two findings are about different clusters, the result has no cluster. */
function together(a: LocatedFinding | undefined, { cluster, ...rest }: LocatedFinding): LocatedFinding {
  return { ...rest, ...(cluster !== undefined && a?.cluster === cluster ? { cluster } : {}) };
}

/** Sorts findings by severity, file, line, column, code and message. */
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
