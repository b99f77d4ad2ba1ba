import { type LocatedFinding, severities } from './finding';
import type { Omitted } from './results';

/** A finding with its place. Its message is written only on demand, since a fleet can have 100,000 findings. */
export interface Entry extends Pick<LocatedFinding, 'code' | 'severity' | 'file' | 'line' | 'column'> {
  readonly cluster?: string | undefined;
  /** Set if the finding is about several clusters. */
  readonly clusters?: readonly string[] | undefined;
  /** Returns the whole finding. */
  written(): LocatedFinding;
}

/** The findings that are listed, and how many others there are. */
interface Listed<T> {
  readonly listed: readonly T[];
  readonly omitted: readonly Omitted[];
}

/**
 * Merges, counts and sorts findings. Findings for one place that have the same code, severity and message are merged,
 * since they differ only in their cluster or namespace. Findings that are not listed are not kept in memory.
 */
export class FindingList {
  private readonly kinds: Kinds<MergedKind>;
  private part: string | undefined;

  /** @param most the maximum number of listed findings for each code and severity */
  constructor(most: number) {
    this.kinds = new Kinds((of) => new MergedKind(of, most));
  }

  /**
   * Adds a finding.
   * @param part the part of the config that contains the place. All findings of a part must be added before those of
   * the next part, because they are merged only with each other. Findings without a part can be added at any time.
   */
  add(entry: Entry, part?: string): void {
    if (part !== undefined && part !== this.part) {
      for (const kind of this.kinds.all()) kind.endPart();
      this.part = part;
    }
    this.kinds.of(entry).add(entry, part !== undefined);
  }

  /** Returns the findings, sorted by severity, file, line, column, code and message. */
  results(): Listed<Entry> {
    const listed = this.kinds
      .all()
      .flatMap((kind) => kind.end())
      .sort(inOrder);
    return { listed, omitted: omittedOf(new Set(listed.map((entry) => this.kinds.of(entry)))) };
  }
}

/**
 * Separates the findings that are listed from those that are only counted.
 * @param most the maximum number of listed findings for each code and severity
 */
export function firstOfEach(findings: Iterable<LocatedFinding>, most: number): Listed<LocatedFinding> {
  const kinds = new Kinds((of) => new Kind(of, most));
  const listed = [...findings].filter((one) => kinds.of(one).count(one) <= most);
  return { listed, omitted: omittedOf(kinds.all().sort(bySeverity)) };
}

const omittedOf = (kinds: Iterable<Kind>): Omitted[] => [...kinds].flatMap((kind) => kind.omitted());

type CodeOf = Pick<Entry, 'code' | 'severity'>;

/** One `T` for each code and severity, made when it is first asked for. */
class Kinds<T> {
  private readonly map = new Map<string, Map<string, T>>();

  constructor(private readonly make: (of: CodeOf) => T) {}

  of(finding: CodeOf): T {
    const { code, severity } = finding;
    const codes = this.map.get(severity) ?? new Map<string, T>();
    this.map.set(severity, codes);
    const kind = codes.get(code) ?? this.make({ code, severity });
    codes.set(code, kind);
    return kind;
  }

  all(): T[] {
    return [...this.map.values()].flatMap((codes) => [...codes.values()]);
  }
}

/** Counts the findings of one code and severity. */
class Kind {
  private total = 0;
  private readonly clusters = new Set<string>();
  /** Whether each finding is about one or several clusters, and not about a person or a client. */
  private isOfClusters = true;

  constructor(
    readonly of: CodeOf,
    protected readonly most: number,
  ) {}

  /** Counts a finding, and returns the number of findings counted so far. */
  count({ cluster, clusters }: Pick<Entry, 'cluster' | 'clusters'>): number {
    if (clusters) for (const each of clusters) this.clusters.add(each);
    else if (cluster !== undefined) this.clusters.add(cluster);
    else this.isOfClusters = false;
    return ++this.total;
  }

  omitted(): Omitted[] {
    const { total, most, of, clusters } = this;
    if (total <= most) return [];
    return [{ ...of, count: total - most, total, ...(this.isOfClusters ? { clusters: clusters.size } : {}) }];
  }
}

/** Merges and counts the findings of one code and severity, and keeps at most `most` of them: the first ones. */
class MergedKind extends Kind {
  private first: Entry[] = [];
  private inPart: Entry[] = [];
  private others: Entry[] = [];
  /** When `others` has this many findings, they are merged again, so that equal findings do not fill the memory. */
  private limit = 1000;

  add(entry: Entry, isInPart: boolean): void {
    if (isInPart) {
      this.inPart.push(entry);
      return;
    }
    this.others.push(entry);
    if (this.others.length < this.limit) return;
    this.others = merged(this.others);
    this.limit = Math.max(this.limit, 2 * this.others.length);
  }

  endPart(): void {
    if (this.inPart.length === 0) return;
    this.keep(merged(this.inPart));
    this.inPart = [];
  }

  /** Returns the findings that are listed. */
  end(): Entry[] {
    this.endPart();
    this.keep(merged(this.others));
    return this.first.sort(inOrder).slice(0, this.most);
  }

  private keep(findings: readonly Entry[]): void {
    for (const one of findings) {
      this.count(one);
      this.first.push(one);
    }
    if (this.first.length > 2 * this.most) this.first = this.first.sort(inOrder).slice(0, this.most);
  }
}

/** Merges those findings that are equal except for their clusters. All of them have one code and severity. */
function merged(findings: Entry[]): Entry[] {
  const all: Entry[] = [];
  for (const one of findings.sort(inOrder)) {
    const last = all.at(-1);
    if (last && inOrder(last, one) === 0) all[all.length - 1] = together(last, one);
    else all.push(one);
  }
  return all;
}

/**
 * Returns the later finding. If the two findings are about different clusters, the result names all of these clusters.
 * If one of the findings is about no cluster in particular, the result names no cluster.
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

const bySeverity = (a: Kind, b: Kind) => severities.indexOf(a.of.severity) - severities.indexOf(b.of.severity);

const inOrder = (a: Entry, b: Entry): number =>
  (a.severity === b.severity ? 0 : severities.indexOf(a.severity) - severities.indexOf(b.severity)) ||
  compare(a.file, b.file) ||
  a.line - b.line ||
  a.column - b.column ||
  compare(a.code, b.code) ||
  compare(a.written().message, b.written().message);

const compare = (a: string, b: string) => (a === b ? 0 : a < b ? -1 : 1);
