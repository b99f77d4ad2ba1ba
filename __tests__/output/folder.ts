import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Artifact } from '../../lib/output/artifact';
import { checkArtifacts } from '../../lib/output/up-to-date';
import { type WriteOptions, writeArtifacts } from '../../lib/output/write';

/** The writer under test, for paths that Kaniflux itself would never write. */
export const write = (outdir: string, artifacts: Iterable<Artifact>, options: WriteOptions = {}) =>
  writeArtifacts(outdir, artifacts, { layout: () => true, ...options });

export const check = (outdir: string, artifacts: Iterable<Artifact>) =>
  checkArtifacts(outdir, artifacts, { layout: () => true });

const made: string[] = [];

/** An empty folder for one test; `removeTemporary` in an `afterEach` removes it. */
export function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kaniflux-'));
  made.push(folder);
  return folder;
}

export const removeTemporary = (): void => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
};

/** Path to text of everything below a folder; a link by its mark. */
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

/** Rendered files from a record. */
export const files = (record: Readonly<Record<string, string>>): Artifact[] =>
  Object.entries(record).map(([path, text]) => ({ path, text }));

/** What stands in an output folder, without the index. */
export function output(folder: string): Record<string, string> {
  const { '.kaniflux.json': _index, ...rest } = contents(folder);
  return rest;
}
