import { printable } from './printable';
import type { Path, Problem } from './problem';
import type { Source } from './source';

/** A problem with its place in a file. The form in which everything is reported. */
export interface Issue {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  readonly fix: string;
  /** The line it stands on, empty where the file has none. */
  readonly excerpt: string;
}

/** The files of a config: the main one, and those of the clusters that have their own. */
export interface Sources {
  readonly main: Source;
  readonly clusters: ReadonlyMap<string, Source>;
}

function sourceFor({ main, clusters }: Sources, path: Path): { source: Source; rest: Path } {
  const own = path[0] === 'clusters' ? clusters.get(String(path[1])) : undefined;
  return own ? { source: own, rest: path.slice(2) } : { source: main, rest: path };
}

export function locate(sources: Sources, { path, at, severity, code, message, fix }: Problem): Issue {
  const { source, rest } = sourceFor(sources, path);
  const { line, column } = source.locate(rest, at);
  return {
    file: source.file,
    line,
    column,
    severity,
    code,
    message: printable(message),
    fix: printable(fix),
    excerpt: excerpt(source, line),
  };
}

/** The faults of every file's text, and the problems of the whole, in the order of the files and their lines. */
export function collect(sources: Sources, problems: readonly Problem[]): Issue[] {
  const files = [sources.main, ...sources.clusters.values()];
  const order = new Map(files.map(({ file }, i) => [file, i]));
  const faults = files.flatMap((source) =>
    source.faults.map(
      (fault): Issue => ({
        ...fault,
        file: source.file,
        severity: 'error',
        message: printable(fault.message),
        excerpt: excerpt(source, fault.line),
      }),
    ),
  );
  return [...faults, ...problems.map((problem) => locate(sources, problem))].sort(
    (a, b) =>
      (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0) ||
      a.line - b.line ||
      a.column - b.column ||
      (a.code < b.code ? -1 : a.code > b.code ? 1 : 0),
  );
}

const excerpt = (source: Source, line: number) => printable(source.line(line).replaceAll('\t', '  '));
