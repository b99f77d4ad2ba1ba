import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { explain, hasCode } from '../output/output-error';
import type { NewFile } from './init-files';

export interface Written {
  readonly written: readonly string[];
  /** Files that existed already and were not changed. */
  readonly kept: readonly string[];
}

/**
 * Writes the files that do not exist. Never overwrites a file, even if another program creates the file at the same
 * time. If a file cannot be written, removes the files that were written before.
 * @throws OutputError if a file cannot be written
 */
export function writeNew(root: string, files: readonly NewFile[]): Written {
  const written: string[] = [];
  const kept: string[] = [];
  for (const { path, text, executable } of files) {
    const file = join(root, path);
    try {
      mkdirSync(dirname(file), { recursive: true });
      const handle = openSync(file, 'wx', executable ? 0o755 : 0o644);
      // The path is noted before the text is written. So an incomplete file is removed too, for example if the disk is
      // full.
      written.push(path);
      try {
        writeFileSync(handle, text);
      } finally {
        closeSync(handle);
      }
    } catch (thrown) {
      if (hasCode(thrown, 'EEXIST') && existsSync(file)) {
        kept.push(path);
        continue;
      }
      for (const done of written) rmSync(join(root, done), { force: true });
      throw explain(thrown, `nothing was written, because of ${path}`, { hasOption: false });
    }
  }
  return { written, kept };
}

/**
 * Returns whether a folder has a package.json, whether Kaniflux is installed in it, and whether Git ignores
 * node_modules. If the folder has no .gitignore, node_modules counts as ignored, because `init` then writes a
 * .gitignore that lists it.
 */
export function surroundings(folder: string): {
  readonly isPackage: boolean;
  readonly installed: boolean;
  readonly ignored: boolean;
} {
  const ignore = join(folder, '.gitignore');
  return {
    isPackage: existsSync(join(folder, 'package.json')),
    installed: existsSync(join(folder, 'node_modules', 'kaniflux', 'package.json')),
    ignored: !existsSync(ignore) || /^\/?node_modules\/?\s*$/m.test(readFileSync(ignore, 'utf8')),
  };
}
