import type { Draft, Finding, LocatedFinding, Path, Place, Subject } from '../findings/finding';
import { printable } from './printable';
import type { Position, Source } from './source';

/** The files of a config: the main one, and those of the clusters that have their own. */
export interface Sources {
  readonly main: Source;
  readonly clusters: ReadonlyMap<string, Source>;
}

function sourceFor({ main, clusters }: Sources, path: Path): { source: Source; rest: Path } {
  const own = path[0] === 'clusters' ? clusters.get(String(path[1])) : undefined;
  return own ? { source: own, rest: path.slice(2) } : { source: main, rest: path };
}

export function positionOf(sources: Sources, { path, at, manifest }: Place): Position & { readonly file: string } {
  if (manifest) return { ...manifest, column: 1 };
  const { source, rest } = sourceFor(sources, path);
  const { line, column } = source.locate(rest, at);
  return { file: source.file, line, column };
}

/**
 * Adds file, line and column to a finding.
 * @param subject what the finding is about, if the finding itself does not say this
 */
export function locate(sources: Sources, finding: Draft, subject: Subject = {}): LocatedFinding {
  const { code, severity, place } = finding;
  const { clusters, grant = subject.grant, group = subject.group } = finding;
  const cluster = finding.cluster ?? (clusters === undefined ? subject.cluster : undefined);
  const text = typeof finding.message === 'string' ? finding.message : finding.message(cluster ?? '');
  const [message, fix] = [printable(text), printable(finding.fix)];
  const about = {
    ...(clusters === undefined ? undefined : { clusters }),
    ...(cluster === undefined ? undefined : { cluster }),
    ...(grant === undefined ? undefined : { grant }),
    ...(group === undefined ? undefined : { group }),
  };
  if (place.manifest) return { code, severity, message, fix, ...about, ...place.manifest, column: 1, excerpt: '' };
  const { source, rest } = sourceFor(sources, place.path);
  const { line, column } = source.locate(rest, place.at);
  const { file } = source;
  return {
    code,
    severity,
    message,
    fix,
    ...about,
    file,
    line,
    column,
    excerpt: excerpt(source, line),
    path: place.path,
  };
}

/** Returns the given findings and the errors in the texts of the files, sorted by file and line. */
export function collect(sources: Sources, findings: readonly Finding[]): LocatedFinding[] {
  const files = [sources.main, ...sources.clusters.values()];
  const order = new Map(files.map(({ file }, i) => [file, i]));
  const faults = files.flatMap((source) =>
    source.faults.map(
      (fault): LocatedFinding => ({
        ...fault,
        file: source.file,
        severity: 'error',
        message: printable(fault.message),
        excerpt: excerpt(source, fault.line),
      }),
    ),
  );
  return [...faults, ...findings.map((finding) => locate(sources, finding))].sort(
    (a, b) =>
      (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0) ||
      a.line - b.line ||
      a.column - b.column ||
      (a.code < b.code ? -1 : a.code > b.code ? 1 : 0),
  );
}

const excerpt = (source: Source, line: number) => printable(source.line(line).replaceAll('\t', '  '));
