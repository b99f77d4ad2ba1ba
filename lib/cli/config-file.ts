import { basename, dirname, relative, resolve } from 'node:path';
import { withSubject } from '../checks/subject-at';
import type { Config } from '../config/config';
import { printable } from '../config/printable';
import { type Reader, SourceError } from '../config/reader';
import { diskReader } from '../existing/disk-reader';
import { formatFindings } from '../findings/finding-text';
import { withoutIgnored } from '../findings/ignore';
import { ignoredLine } from '../findings/text';
import { errorCode, messageOf } from '../guards';
import { type ConfigReading, type Loaded, parseConfig } from '../load';
import { type Io, type OptionSpec, UserError } from './command';
import { docsFolder } from './docs-folder';
import { collectGarbage, fastYoungGeneration, prepareForLargeConfig, smallYoungGeneration } from './heap';

/** The name, in messages, of a config that was read from standard input. */
export const standardInput = 'standard input';

/** `-c FILE`, for all commands that read a config. */
export const configOption: OptionSpec = {
  type: 'string',
  short: 'c',
  value: 'FILE',
  default: 'kaniflux.yaml',
  description: 'The config; - for standard input',
};

/** `-c FILE`, for commands that change the config, or that read something else from standard input. */
export const configFileOption: OptionSpec = { ...configOption, description: 'The config' };

/** How the file of a config is read. */
interface FileReading extends ConfigReading {
  /** See {@link prepareForLargeConfig}. @default {@link fastYoungGeneration} */
  readonly youngGeneration?: number;
}

/**
 * Parses the config named by `-c`. Files that the config names are relative to its folder, or to the current folder if
 * the config is read from standard input.
 * @throws UserError if the config cannot be read
 */
export async function parseConfigFile(
  file: string,
  io: Io,
  read = diskReader,
  reading: FileReading = {},
): Promise<Loaded> {
  const before = () => prepareForLargeConfig(reading.youngGeneration ?? fastYoungGeneration);
  const how = { ...reading, largeText: { before, after: collectGarbage } };
  if (file === '-') {
    const bytes = (await io.stdinBytes?.()) ?? Buffer.from(await io.stdin());
    return parseConfig(standardInput, bytes, read(io.cwd), how);
  }
  const path = resolve(io.cwd, file);
  return parseConfig(
    relative(io.cwd, path) || file,
    () => bytesOf(file, read(dirname(path)), basename(path)),
    read(dirname(path)),
    how,
  );
}

/**
 * Returns the config named by `-c`, after printing its warnings and errors; `undefined` if it has errors. Reads a large
 * config with little memory. In place of the warnings that an entry of `checks.ignore` accepts, prints one line for the
 * entry, as `check` does. If `quiet` is set, it does not print these lines.
 */
export async function readConfig(
  file: string,
  io: Io,
  { read = diskReader, quiet = false } = {},
): Promise<Config | undefined> {
  const { config, findings: all } = await parseConfigFile(file, io, read, { youngGeneration: smallYoungGeneration });
  const { findings, ignored } = config
    ? withoutIgnored(
        all.map((finding) => withSubject(config, finding)),
        config.checks.ignore,
      )
    : { findings: all, ignored: [] };
  if (findings.length > 0) io.stderr(formatFindings(findings, { color: io.color, docs: docsFolder(io.cwd) }));
  if (!quiet) io.stderr(ignored.map((entry) => `${printable(ignoredLine(entry))}\n`).join(''));
  return config;
}

function bytesOf(file: string, reader: Reader, name: string): Uint8Array {
  try {
    return reader.read(name);
  } catch (error) {
    if (error instanceof SourceError) throw error;
    const code = errorCode(error) ?? '';
    const reason = {
      ENOENT: 'the file does not exist; `kaniflux init` writes a first config, and -c FILE names another file',
      EISDIR: 'this is a folder; name the file in it with -c',
      EACCES: 'you have no permission to read the file; change its permissions',
    }[code];
    throw new UserError(printable(`${file}: ${reason ?? messageOf(error)}`));
  }
}
