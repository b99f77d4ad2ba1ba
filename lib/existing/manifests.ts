import { LineCounter, parseAllDocuments } from 'yaml';
import type { Reader } from '../config/reader';
import { firstLineOf, isMap, type Json } from '../guards';

/** A hand-written object, read with `--manifests`. */
export interface Manifest {
  readonly file: string;
  /** The line at which its document begins. */
  readonly line: number;
  readonly object: Json;
}

export interface Manifests {
  readonly found: readonly Manifest[];
  /** Files that are not valid YAML, so that a check can report that it skipped them. */
  readonly unreadable: readonly Unread[];
}

/** A file or an object that was skipped. */
export interface Unread {
  readonly file: string;
  readonly reason: string;
  /** The content, with which two versions can be compared. It can be secret, so it is never printed. */
  readonly content: string;
}

const skipped = /(^|\/)(node_modules|\.git)\//;

/** The index file of a Kaniflux output folder. Such a folder is skipped, because its files are rendered. */
const index = '.kaniflux.json';

/** Returns every object in the YAML and JSON files below a folder. */
export function readManifests(reader: Reader, folder = ''): Manifests {
  const paths = reader.list(folder);
  const rendered = paths.filter((path) => path.endsWith(index)).map((path) => path.slice(0, -index.length));
  const found: Manifest[] = [];
  const unreadable: Unread[] = [];
  for (const file of paths) {
    if (!/\.(ya?ml|json)$/.test(file) || skipped.test(file)) continue;
    if (rendered.some((output) => output !== '' && file.startsWith(output))) continue;
    let bytes = new Uint8Array();
    try {
      bytes = new Uint8Array(reader.read(file));
      found.push(...objectsIn(file, new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
    } catch (error) {
      unreadable.push({ file, reason: firstLineOf(error), content: new TextDecoder('latin1').decode(bytes) });
    }
  }
  return { found, unreadable };
}

function objectsIn(file: string, text: string): Manifest[] {
  const lines = new LineCounter();
  return parseAllDocuments(text, { lineCounter: lines }).flatMap((document) => {
    const [error] = document.errors;
    if (error) throw error;
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    const line = lines.linePos(document.contents?.range?.[0] ?? document.range[0]).line;
    return unlisted(value).map((object) => ({ file, line, object }));
  });
}

function unlisted(value: unknown): Json[] {
  if (!isMap(value)) return [];
  return value.kind === 'List' && Array.isArray(value.items) ? value.items.flatMap(unlisted) : [value];
}

/**
 * Whether a file is about a cluster. A file below a folder with the name of a cluster is about that cluster only; any
 * other file is about all clusters.
 */
export function isAbout(file: string, cluster: string, clusters: readonly string[]): boolean {
  const parts = file.split('/').slice(0, -1);
  const named = clusters.filter((name) => parts.includes(name));
  return named.length === 0 || named.includes(cluster);
}
