import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import type { Unread } from '../existing/manifests';
import { repositoryOf } from '../existing/repository';

/**
 * Returns the submodules in a folder that are not checked out. Their files are missing, so they cannot be read. Reads
 * only `.gitmodules`, because starting git takes longer than a check.
 * @param paths all files below the folder
 */
export function missingSubmodules(folder: string, paths: readonly string[]): Unread[] {
  const nested = paths.filter((path) => /(^|\/)\.gitmodules$/.test(path)).map((path) => dirname(join(folder, path)));
  const all = [...new Set([repositoryOf(folder).root, ...nested])].flatMap((root) =>
    submodulesIn(root).map((path) => join(root, path)),
  );
  return all.flatMap((path): Unread[] => {
    const file = relative(folder, path).replaceAll('\\', '/');
    const isOutside = file === '..' || file.startsWith('../') || isAbsolute(file);
    const isThere = existsSync(join(path, '.git')) || paths.some((one) => file === '' || one.startsWith(`${file}/`));
    if (isOutside || isThere || !existsSync(path)) return [];
    const reason = 'the submodule is not checked out';
    return [{ file, isFolder: true, reason, fix: 'check it out with `git submodule update --init`', content: '' }];
  });
}

/** Returns the paths of the submodules of a repository. */
function submodulesIn(root: string): string[] {
  const file = join(root, '.gitmodules');
  if (!existsSync(file)) return [];
  return [...readFileSync(file, 'utf8').matchAll(/^\s*path\s*=\s*"?(.*?)"?\s*$/gm)].map(([, path = '']) => path);
}
