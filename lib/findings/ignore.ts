import type { LocatedFinding, Path, Subject } from './finding';

/** An entry of `checks.ignore`: findings that are accepted. A field that is not set matches everything. */
export interface Ignore extends Subject {
  readonly code: string;
  readonly reason: string;
  /** A path in the config, such as `clients.k8s`, or a hand-written file or folder; includes everything below it. */
  readonly path?: string;
  /** The path of the entry itself. */
  readonly place: Path;
}

/** An entry that matched findings, with their number. */
export interface Ignored extends Omit<Ignore, 'place'> {
  readonly count: number;
}

/** Whether an entry matches every finding of its code. */
const isForEach = ({ cluster, grant, group, path }: Ignore): boolean =>
  cluster === undefined && grant === undefined && group === undefined && path === undefined;

/**
 * The parts of a finding that decide which entry of `checks.ignore` matches it. A finding without a path is matched by
 * `file`.
 */
export type Matched = Subject & Pick<LocatedFinding, 'code' | 'path'> & Partial<Pick<LocatedFinding, 'file'>>;

/** Whether an entry matches a finding. */
export const matches = (ignore: Ignore, finding: Matched): boolean =>
  ignore.code === finding.code &&
  (['cluster', 'grant', 'group'] as const).every((key) => ignore[key] === undefined || ignore[key] === finding[key]) &&
  (ignore.path === undefined || isAt(ignore.path, finding));

function isAt(place: string, { path, file = '' }: Matched): boolean {
  if (path) return isBelow(path.join('.'), place, '.');
  // `--manifests ./apps/` and `--manifests apps` are the same folder.
  return isBelow(file, place.replace(/^(\.\/+)+/, '').replace(/\/+$/, ''), '/');
}

const isBelow = (is: string, place: string, separator: string): boolean =>
  is === place || is.startsWith(place.endsWith(separator) ? place : place + separator);

/**
 * Separates the findings that are ignored. A finding is counted for the first entry that matches it.
 * @returns the other findings, the entries that matched, and the entries that did not match
 */
export function withoutIgnored(findings: readonly LocatedFinding[], ignores: readonly Ignore[]) {
  const accepted = new Accepted(ignores);
  const left = findings.filter((finding) => !accepted.has(finding.code, () => finding));
  return { findings: left, ignored: accepted.ignored, unused: accepted.unused };
}

/**
 * Counts the findings that each entry of `checks.ignore` matches. The findings themselves are not kept: a fleet can
 * have 100,000 of them.
 */
export class Accepted {
  private readonly counts = new Map<Ignore, number>();
  private readonly byCode = new Map<string, Ignore[]>();

  constructor(private readonly ignores: readonly Ignore[]) {
    for (const entry of ignores) this.byCode.set(entry.code, [...(this.byCode.get(entry.code) ?? []), entry]);
  }

  /**
   * Whether an entry matches a finding. The finding is counted for the first entry that matches it.
   * @param finding called only if the code alone does not decide whether an entry matches
   */
  has(code: string, finding: () => Matched): boolean {
    const entries = this.byCode.get(code);
    if (!entries) return false;
    let matched: Matched | undefined;
    const entry = entries.find((one) => {
      if (isForEach(one)) return true;
      matched ??= finding();
      return matches(one, matched);
    });
    if (entry) this.counts.set(entry, (this.counts.get(entry) ?? 0) + 1);
    return entry !== undefined;
  }

  /** The entries that matched, in the order of their first findings. */
  get ignored(): Ignored[] {
    return [...this.counts].map(([entry, count]) => ignoredBy(entry, count));
  }

  /** The entries that matched nothing. */
  get unused(): Ignore[] {
    return this.ignores.filter((entry) => !this.counts.has(entry));
  }
}

export const ignoredBy = ({ place: _, ...entry }: Ignore, count: number): Ignored => ({ ...entry, count });
