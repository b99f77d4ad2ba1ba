import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Artifact } from '../../lib/output/artifact';
import { checkArtifacts } from '../../lib/output/up-to-date';
import { type WriteOptions, writeArtifacts } from '../../lib/output/write';

/** The writer under test, which also accepts paths that Kaniflux never writes. */
export const write = (outdir: string, artifacts: Iterable<Artifact>, options: WriteOptions = {}) =>
  writeArtifacts(outdir, artifacts, { layout: () => true, ...options });

export const check = (outdir: string, artifacts: Iterable<Artifact>) =>
  checkArtifacts(outdir, artifacts, { layout: () => true });

/** The ID of no process: it is above the highest ID of Linux and of macOS. */
export const endedPid = 2 ** 22 + 1;

const made: string[] = [];

/** Creates an empty folder for one test. `removeTemporary` in an `afterEach` removes it. */
export function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kaniflux-'));
  made.push(folder);
  return folder;
}

export const removeTemporary = (): void => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
};

/** Returns the text of everything below a folder, by path. A symbolic link has a mark instead of a text. */
export function contents(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const stat = lstatSync(join(folder, path));
    if (stat.isSymbolicLink()) found[path] = '(link)';
    else if (stat.isFile()) found[path] = readFileSync(join(folder, path), 'utf8');
    else if (readdirSync(join(folder, path)).length === 0) found[`${path}/`] = '(empty folder)';
  }
  return found;
}

/** Converts a record to rendered files. */
export const files = (record: Readonly<Record<string, string>>): Artifact[] =>
  Object.entries(record).map(([path, text]) => ({ path, text }));

/** Returns the content of an output folder without the index. */
export function output(folder: string): Record<string, string> {
  const { '.kaniflux.json': _index, ...rest } = contents(folder);
  return rest;
}
