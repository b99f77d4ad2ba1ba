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

/** Whether an entry matches a finding. */
export const matches = (ignore: Ignore, finding: LocatedFinding): boolean =>
  ignore.code === finding.code &&
  (['cluster', 'grant', 'group'] as const).every((key) => ignore[key] === undefined || ignore[key] === finding[key]) &&
  (ignore.path === undefined || isAt(ignore.path, finding));

function isAt(place: string, { path, file }: LocatedFinding): boolean {
  const [is, separator] = path ? [path.join('.'), '.'] : [file, '/'];
  return is === place || is.startsWith(place.endsWith(separator) ? place : place + separator);
}

/**
 * Separates the findings that are ignored. A finding is counted for the first entry that matches it.
 * @returns the other findings, the entries that matched, and the entries that did not
 */
export function withoutIgnored(findings: readonly LocatedFinding[], ignores: readonly Ignore[]) {
  const counts = new Map<Ignore, number>();
  const left = findings.filter((finding) => {
    const entry = ignores.find((one) => matches(one, finding));
    if (entry) counts.set(entry, (counts.get(entry) ?? 0) + 1);
    return !entry;
  });
  return {
    findings: left,
    ignored: [...counts].map(([entry, count]) => ignoredBy(entry, count)),
    unused: ignores.filter((entry) => !counts.has(entry)),
  };
}

export const ignoredBy = ({ place: _, ...entry }: Ignore, count: number): Ignored => ({ ...entry, count });
