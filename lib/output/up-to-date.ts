import { statSync } from 'node:fs';
import type { Artifact } from './artifact';
import { type CompareOptions, Comparison } from './compare';
import { Folder } from './folder';
import { refuseLocked } from './lock';
import { OutputError } from './output-error';
import { indexName } from './rendered-paths';

/**
 * How an output folder differs from what is rendered. `stale` is sorted by path, and the other lists are in the order
 * of rendering.
 */
export interface OutOfDate {
  readonly missing: readonly string[];
  /** Files whose content differs from the rendered content. */
  readonly changed: readonly string[];
  /** Files of which only the line ends differ. */
  readonly converted: readonly string[];
  /** Files that an earlier run wrote and this run does not render. */
  readonly stale: readonly string[];
}

/**
 * Compares rendered files with a folder. Writes nothing.
 * @throws OutputError if the folder can't be read, or if something other than a file is at the path of a rendered file
 */
export async function checkArtifacts(
  outdir: string,
  artifacts: Iterable<Artifact> | AsyncIterable<Artifact>,
  options: CompareOptions = {},
): Promise<OutOfDate> {
  const folder = new Folder(outdir, options.shown ?? outdir);
  const start = stateOf(folder);
  const comparison = new Comparison(folder, options);
  const missing: string[] = [];
  const changed: string[] = [];
  const converted: string[] = [];
  for await (const artifact of artifacts) {
    const { path, state } = comparison.add(artifact);
    if (state === 'missing') missing.push(path);
    else if (state === 'converted') converted.push(path);
    else if (state !== 'same') changed.push(path);
  }
  const { toRemove, edited } = comparison.stale();
  const stale = [...toRemove, ...edited].sort();
  if (stateOf(folder) !== start)
    throw new OutputError(`another run wrote to ${folder.shown} at the same time; run again`);
  // If a file is out of date, so is the index. The index is reported only if all files are up to date.
  if (
    missing.length + changed.length + converted.length + stale.length === 0 &&
    comparison.nextIndexText() !== comparison.indexText
  ) {
    (comparison.indexText === undefined ? missing : changed).push(indexName);
  }
  return { missing, changed, converted, stale };
}

/**
 * Returns the modification time of the folder. Each run changes it by creating and removing its lock.
 * @throws OutputError while another run holds the lock
 */
function stateOf(folder: Folder): bigint | undefined {
  if (!folder.exists) return undefined;
  refuseLocked(folder.root, folder.shown);
  return statSync(folder.root, { bigint: true }).mtimeNs;
}
