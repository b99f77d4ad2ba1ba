import { OutputError } from './output-error';
import { indexName } from './paths';

/** Which files are Kaniflux's: path to SHA-256. */
export type Files = ReadonlyMap<string, string>;

/** What `.kaniflux.json` says. */
export interface FileIndex {
  readonly files: Files;
  /** What was there before, written while a run replaces files: it stays where the run was killed. */
  readonly before?: Files;
  /** The index holds git's conflict markers: both sides' files count. */
  readonly conflicted?: boolean;
}

const about = 'Files that Kaniflux wrote and may rewrite or remove, with their SHA-256. Made by Kaniflux; do not edit.';

const sorted = (files: Files): Record<string, string> =>
  Object.fromEntries([...files].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));

/** The text of `.kaniflux.json`: a line a file, in the order of the paths. */
export function formatIndex({ files, before }: FileIndex): string {
  const content = { about, version: 1, files: sorted(files), ...(before ? { before: sorted(before) } : {}) };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/**
 * Reads `.kaniflux.json`.
 * @throws OutputError where it is neither one of ours nor a conflicted merge of two of ours
 */
export function parseIndex(text: string, shown: string): FileIndex {
  if (/^<<<<<<< /m.test(text)) return { files: filesInLines(text), conflicted: true };
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw unreadable(shown, 'is not JSON');
  }
  if (!isRecord(content)) throw unreadable(shown, 'is not an index');
  if (content.version !== 1) throw unreadable(shown, 'was written by another version of Kaniflux');
  const files = toFiles(content.files);
  const before = 'before' in content ? toFiles(content.before) : undefined;
  if (!files || ('before' in content && !before)) throw unreadable(shown, 'is not an index');
  return before ? { files, before } : { files };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function toFiles(value: unknown): Files | undefined {
  if (!isRecord(value)) return undefined;
  const files = new Map<string, string>();
  for (const [path, hash] of Object.entries(value)) {
    if (typeof hash !== 'string') return undefined;
    files.set(path, hash);
  }
  return files;
}

/** Every file named in a line of its own, whichever side of a conflict the line is on. */
function filesInLines(text: string): Files {
  const lines = text.matchAll(/^\s*("(?:[^"\\]|\\.)+"): "([0-9a-f]{64})",?\r?$/gm);
  return new Map(Array.from(lines, ([, path, hash]) => [String(JSON.parse(path ?? '""')), hash ?? '']));
}

const unreadable = (shown: string, why: string): OutputError =>
  new OutputError(
    `${shown} ${why}: restore it from git, or delete it together with the files that Kaniflux wrote (${indexName} says which files are Kaniflux's)`,
  );
