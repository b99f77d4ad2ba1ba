import { hasNoHash } from './layout';
import { OutputError } from './output-error';

/**
 * The SHA-256 hashes of each path. The list is empty if the index on the disk has no hash of the file (`hasNoHash`).
 * After Git merged two branches, a path can have several hashes.
 */
export type Files = ReadonlyMap<string, readonly string[]>;

/** The content of `.kaniflux.json`. */
export interface FileIndex {
  readonly files: Files;
  /**
   * The files of the previous index. Only set while a run replaces files. If the run is killed, this field stays set.
   */
  readonly before?: Files;
  /**
   * Set if Git merged the indexes of two branches and the result is not JSON, for example because of conflict markers.
   * `files` then has the files of both branches.
   */
  readonly merged?: boolean;
}

const about = 'Files that Kaniflux wrote and may rewrite or remove, with their SHA-256. Made by Kaniflux; do not edit.';

/*
 * The index is JSON with the path and the hash on separate lines. Git merges changes that have an unchanged line
 * between them, so branches only conflict if both change the same file.
 */

/** Returns the text of `.kaniflux.json`, sorted by path. */
export function formatIndex({ files, before }: FileIndex): string {
  const members = [`"about": ${JSON.stringify(about)}`, '"version": 2', `"files": ${formatFiles(files)}`];
  if (before) members.push(`"before": ${formatFiles(before)}`);
  return `{\n  ${members.join(',\n  ')}\n}\n`;
}

function formatFiles(files: Files): string {
  if (files.size === 0) return '{}';
  const lines = [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, [hash]]) => `    ${JSON.stringify(path)}:\n      ${hasNoHash(path) ? 'null' : JSON.stringify(hash)}`);
  return `{\n${lines.join(',\n')}\n  }`;
}

/**
 * Reads `.kaniflux.json`.
 * @throws OutputError if the text is neither an index nor two indexes that Git merged
 */
export function parseIndex(text: string, shown: string): FileIndex {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    const files = filesInLines(text);
    if (!files) throw unreadable(shown, 'is not JSON');
    return { files, merged: true };
  }
  if (!isRecord(content)) throw unreadable(shown, 'is not an index');
  if (content.version !== 1 && content.version !== 2) {
    throw unreadable(shown, 'was written by another version of Kaniflux');
  }
  const files = toFiles(content.files);
  const before = 'before' in content ? toFiles(content.before) : undefined;
  if (!files || ('before' in content && !before)) throw unreadable(shown, 'is not an index');
  return before ? { files, before } : { files };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function toFiles(value: unknown): Files | undefined {
  if (!isRecord(value)) return undefined;
  const files = new Map<string, readonly string[]>();
  for (const [path, hash] of Object.entries(value)) {
    if (typeof hash === 'string') files.set(path, [hash]);
    else if (hash === null) files.set(path, []);
    else return undefined;
  }
  return files;
}

const pathLine = /^ {4}("(?:[^"\\]|\\.)+"): ?(?:"([0-9a-f]{64})")?,?$/;
const hashLine = /^ {6}(?:"([0-9a-f]{64})"|null),?$/;
const otherLine = /^(?:[<>|]{7}(?: .*)?|={7}|[{}]| {2}(?:"(?:about|version)": .*|"(?:files|before)": \{\}?,?|\},?)|)$/;

/** Returns the files of both sides of a merge; `undefined` if a line does not belong to an index. */
function filesInLines(text: string): Files | undefined {
  const files = new Map<string, string[]>();
  let hashes: string[] | undefined;
  for (const line of text.split(/\r?\n/)) {
    const [, quoted, here] = pathLine.exec(line) ?? [];
    const next = hashLine.exec(line);
    if (quoted !== undefined) {
      const path = parsed(quoted);
      if (path === undefined) return undefined;
      hashes = files.get(path) ?? [];
      files.set(path, hashes);
      if (here !== undefined) hashes.push(here);
    } else if (next && hashes) {
      if (next[1] !== undefined) hashes.push(next[1]);
    } else if (!otherLine.test(line)) return undefined;
  }
  return text.includes('"version"') ? files : undefined;
}

function parsed(quoted: string): string | undefined {
  try {
    const path: unknown = JSON.parse(quoted);
    return typeof path === 'string' ? path : undefined;
  } catch {
    return undefined;
  }
}

const unreadable = (shown: string, why: string): OutputError =>
  new OutputError(
    `${shown} ${why}, and without it Kaniflux cannot tell which files are its own; fix: restore it from git, or delete it together with the files that Kaniflux wrote`,
  );
