import { resolve } from 'node:path';
import type { Config } from '../config/config';
import { printable } from '../config/printable';
import { diskReader } from '../existing/disk-reader';
import { gitReaders } from '../existing/git';
import { formatFindings } from '../findings/finding-text';
import type { ConfigReading, Loaded } from '../load';
import { type Io, type OptionSpec, UserError } from './command';
import { parseConfigFile } from './config-file';
import { docsFolder } from './docs-folder';

export const clusterOption: OptionSpec = { type: 'string', value: 'NAME', description: 'This cluster only' };

export const baseOption: OptionSpec = {
  type: 'string',
  value: 'REV',
  description: 'The Git revision to compare with, for example origin/main',
};

/**
 * Loads a config from the working tree, or from a Git revision.
 * @throws UserError if it can't be read
 */
export async function loadAt(file: string, io: Io, revision?: string, reading?: ConfigReading): Promise<Loaded> {
  if (revision === undefined) return parseConfigFile(file, io, diskReader, reading);
  if (file === '-') throw new UserError('--base needs the config as a file, since standard input has no history');
  try {
    return await parseConfigFile(file, io, gitReaders(revision, io.cwd), reading);
  } catch (error) {
    if (error instanceof UserError)
      throw new UserError(printable(`${resolve(io.cwd, file)} can't be read at ${revision}`));
    throw error;
  }
}

/** Returns the config; `undefined` after printing its errors. */
export async function configAt(file: string, io: Io, revision?: string): Promise<Config | undefined> {
  const { config, findings } = await loadAt(file, io, revision, { errorsOnly: true, keepPlaces: false });
  if (config) return config;
  if (revision !== undefined)
    io.stderr(`kaniflux: at ${revision} the config has errors, so nothing can be compared:\n`);
  io.stderr(formatFindings(findings, { color: io.color, docs: docsFolder(io.cwd) }));
  return undefined;
}

/** Returns the names of the chosen clusters. @throws UserError if the cluster does not exist */
export function chosenClusters(config: Config, name: unknown): string[] {
  const all = [...config.clusters.keys()];
  if (name === undefined) return all;
  if (!config.clusters.has(String(name))) {
    throw new UserError(
      `there is no cluster \`${printable(String(name))}\`; the config has ${all.join(', ') || 'none'}`,
    );
  }
  return [String(name)];
}
