import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { hasCode } from '../output/output-error';
import type { NewFile } from './init-files';

export interface Written {
  readonly written: readonly string[];
  /** Files that existed already and were not changed. */
  readonly kept: readonly string[];
}

/** Writes the files that do not exist. Never overwrites one, even if it is created at the same time. */
export function writeNew(root: string, files: readonly NewFile[]): Written {
  const written: string[] = [];
  const kept: string[] = [];
  for (const { path, text, executable } of files) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    try {
      writeFileSync(file, text, { flag: 'wx', mode: executable ? 0o755 : 0o644 });
      written.push(path);
    } catch (thrown) {
      if (!hasCode(thrown, 'EEXIST')) throw thrown;
      kept.push(path);
    }
  }
  return { written, kept };
}

/** Returns the root of the Git repository that contains a folder, and the folder's path in it. Outside a repository, the folder is the root. */
export function repositoryOf(folder: string): { readonly root: string; readonly folder: string } {
  const start = resolve(folder);
  for (let root = start; ; root = dirname(root)) {
    if (existsSync(join(root, '.git'))) return { root, folder: relative(root, start).replaceAll('\\', '/') };
    if (dirname(root) === root) return { root: start, folder: '' };
  }
}

/** Checks whether Kaniflux is installed in this folder, and whether Git ignores node_modules. */
export function surroundings(folder: string): { readonly installed: boolean; readonly ignored: boolean } {
  const ignore = join(folder, '.gitignore');
  return {
    installed: existsSync(join(folder, 'node_modules', 'kaniflux', 'package.json')),
    ignored: !existsSync(ignore) || /^\/?node_modules\/?\s*$/m.test(readFileSync(ignore, 'utf8')),
  };
}
