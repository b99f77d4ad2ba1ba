import { type LocatedFinding, type Severity, severities } from './finding';
import type { Omitted } from './results';

/** A finding with its place. Its message is written only on demand, since a fleet can have 100,000 findings. */
export interface Entry extends Pick<LocatedFinding, 'code' | 'severity' | 'file' | 'line' | 'column'> {
  /** The clusters that the finding is about; more than one if findings were merged. */
  readonly clusters: readonly string[];
  /** Returns the whole finding. */
  written(): LocatedFinding;
}

/**
 * Findings, sorted by severity, file, line, column, code and message. Findings for one line that have the same code,
 * severity and message are merged, since they differ only in their cluster or namespace.
 */
export class FindingList {
  /** The findings of each line, by severity, file and line. */
  private readonly parts: ReadonlyMap<Severity, Map<string, Map<number, Entry[]>>> = new Map(
    severities.map((severity) => [severity, new Map()]),
  );

  add(entry: Entry): void {
    const files = this.parts.get(entry.severity);
    const lines = files?.get(entry.file) ?? new Map<number, Entry[]>();
    files?.set(entry.file, lines);
    const others = lines.get(entry.line);
    if (!others) {
      lines.set(entry.line, [entry]);
      return;
    }
    const at = others.findIndex((one) => isSame(one, entry));
    const other = others[at];
    if (other) others[at] = together(other, entry);
    else others.push(entry);
  }

  *sorted(): Generator<Entry> {
    for (const files of this.parts.values()) {
      for (const [, lines] of [...files].sort(([a], [b]) => compare(a, b))) {
        for (const line of Float64Array.from(lines.keys()).sort()) yield* (lines.get(line) ?? []).sort(inLine);
      }
    }
  }
}

type Counted = Pick<LocatedFinding, 'code' | 'severity' | 'cluster'> & Partial<Pick<Entry, 'clusters'>>;

const clustersOf = ({ cluster, clusters }: Counted): readonly string[] =>
  clusters ?? (cluster === undefined ? [] : [cluster]);

/**
 * Separates the findings that are listed from those that are only counted.
 * @param most the number of findings of one code and severity that are listed
 */
export function firstOfEach<T extends Counted>(findings: Iterable<T>, most: number) {
  const kinds = new Map<string, { code: string; severity: Severity; total: number; clusters: Set<string> }>();
  const listed: T[] = [];
  for (const one of findings) {
    const { code, severity } = one;
    const key = `${severity} ${code}`;
    const kind = kinds.get(key) ?? { code, severity, total: 0, clusters: new Set() };
    kinds.set(key, kind);
    for (const cluster of clustersOf(one)) kind.clusters.add(cluster);
    if (++kind.total <= most) listed.push(one);
  }
  const omitted = [...kinds.values()].flatMap(({ clusters, ...kind }): Omitted[] =>
    kind.total > most ? [{ ...kind, count: kind.total - most, clusters: clusters.size }] : [],
  );
  return { listed, omitted };
}

const isSame = (a: Entry, b: Entry): boolean =>
  a.code === b.code && a.severity === b.severity && a.written().message === b.written().message;

/**
 * Returns the later finding. If the two findings are about different clusters, the result names all of them. If one of
 * them is about no cluster in particular, the result names none.
 */
function together(a: Entry, b: Entry): Entry {
  const { cluster: _, clusters: __, ...rest } = b.written();
  const named = [...new Set([...a.clusters, ...b.clusters])];
  const isAboutAll = namesNone(a) || namesNone(b);
  const [only] = named;
  const about = isAboutAll || only === undefined ? {} : named.length === 1 ? { cluster: only } : { clusters: named };
  const finding = { ...rest, ...about };
  return { ...place(b), clusters: named, written: () => finding };
}

function namesNone(entry: Entry): boolean {
  const { cluster, clusters } = entry.written();
  return cluster === undefined && clusters === undefined;
}

const place = ({ code, severity, file, line, column }: Entry) => ({ code, severity, file, line, column });

const inLine = (a: Entry, b: Entry): number =>
  a.column - b.column || compare(a.code, b.code) || compare(a.written().message, b.written().message);

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
