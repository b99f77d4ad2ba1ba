import { type LocatedFinding, type Severity, severities } from './finding';
import type { Omitted } from './results';

/** A finding with its place. Its message is written only on demand, since a fleet can have 100,000 findings. */
export interface Entry extends Pick<LocatedFinding, 'code' | 'severity' | 'file' | 'line' | 'column'> {
  readonly cluster?: string | undefined;
  /** Set if the finding is about several clusters. */
  readonly clusters?: readonly string[] | undefined;
  /** Returns the whole finding. */
  written(): LocatedFinding;
}

/**
 * Findings, sorted by severity, file, line, column, code and message. Findings for one line that have the same code,
 * severity and message are merged, since they differ only in their cluster or namespace.
 */
export class FindingList {
  /** The findings by severity, file and line. A list takes more memory than an entry, and most lines have one entry. */
  private readonly parts: ReadonlyMap<Severity, Map<string, Map<number, Entry | Entry[]>>> = new Map(
    severities.map((severity) => [severity, new Map()]),
  );

  add(entry: Entry): void {
    const files = this.parts.get(entry.severity);
    const lines = files?.get(entry.file) ?? new Map<number, Entry | Entry[]>();
    files?.set(entry.file, lines);
    const other = lines.get(entry.line);
    if (other === undefined) {
      lines.set(entry.line, entry);
      return;
    }
    const others = Array.isArray(other) ? other : [other];
    const at = others.findIndex((one) => isSame(one, entry));
    const same = others[at];
    if (same) others[at] = together(same, entry);
    else others.push(entry);
    lines.set(entry.line, others);
  }

  sorted(): Entry[] {
    const sorted: Entry[] = [];
    for (const files of this.parts.values()) {
      for (const [, lines] of [...files].sort(([a], [b]) => compare(a, b))) {
        for (const line of Float64Array.from(lines.keys()).sort()) {
          const entries = lines.get(line) ?? [];
          if (!Array.isArray(entries)) sorted.push(entries);
          else for (const entry of entries.sort(inLine)) sorted.push(entry);
        }
      }
    }
    return sorted;
  }
}

/**
 * Separates the findings that are listed from those that are only counted.
 * @param most the number of findings of one code and severity that are listed
 */
export function firstOfEach<T extends Pick<Entry, 'code' | 'severity' | 'cluster' | 'clusters'>>(
  findings: Iterable<T>,
  most: number,
): { listed: T[]; omitted: Omitted[] } {
  const kinds: Record<Severity, Map<string, Kind>> = { error: new Map(), warning: new Map(), note: new Map() };
  const listed: T[] = [];
  for (const one of findings) {
    const { code, severity, cluster, clusters } = one;
    let kind = kinds[severity].get(code);
    if (!kind) {
      kind = { code, severity, total: 0, clusters: new Set(), isOfClusters: true };
      kinds[severity].set(code, kind);
    }
    if (clusters) for (const each of clusters) kind.clusters.add(each);
    else if (cluster !== undefined) kind.clusters.add(cluster);
    else kind.isOfClusters = false;
    if (++kind.total <= most) listed.push(one);
  }
  const omitted = severities
    .flatMap((severity) => [...kinds[severity].values()])
    .filter(({ total }) => total > most)
    .map(({ code, severity, total, clusters, isOfClusters }) => ({
      code,
      severity,
      count: total - most,
      total,
      ...(isOfClusters ? { clusters: clusters.size } : {}),
    }));
  return { listed, omitted };
}

/** All findings of one code and severity. */
interface Kind extends Pick<Entry, 'code' | 'severity'> {
  total: number;
  readonly clusters: Set<string>;
  /** Whether each of them is about one or several clusters, and not about a person or a client. */
  isOfClusters: boolean;
}

/** Whether two findings of one severity, for one line, are to be merged. */
const isSame = (a: Entry, b: Entry): boolean => a.code === b.code && a.written().message === b.written().message;

/**
 * Returns the later finding. If the two findings are about different clusters, the result names all of them. If one of
 * them is about no cluster in particular, the result names none.
 */
function together(a: Entry, b: Entry): Entry {
  const { cluster: _, clusters: __, ...rest } = b.written();
  const named = [...new Set([a, b].flatMap((one) => one.clusters ?? one.cluster ?? []))];
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
