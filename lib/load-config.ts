import { basename, dirname } from 'node:path';
import type { Config } from './config/config';
import { diskReader } from './existing/disk-reader';
import { formatFindings } from './findings/finding-text';
import { ConfigError, parseConfig } from './load';

/**
 * Loads a config, and the files that it names, from the disk.
 * @param file path of `kaniflux.yaml`
 * @param warn called with the text of the warnings, if there are any
 * @throws ConfigError with all errors of the config; the error of the file system if the file can't be read
 */
export function loadConfig(file: string, warn: (text: string) => void = () => {}): Config {
  const reader = diskReader(dirname(file));
  const { config, findings } = parseConfig(file, reader.read(basename(file)), reader);
  if (!config) throw new ConfigError(findings);
  if (findings.length > 0) warn(formatFindings(findings));
  return config;
}
