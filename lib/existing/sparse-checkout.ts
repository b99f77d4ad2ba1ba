import { existsSync } from 'node:fs';
import { join, posix, resolve } from 'node:path';
import { gitFolder, repositoryOf } from './repository';

/**
 * Returns the files below a folder that Git has in its index but not on the disk, because the checkout is sparse.
 * Starts git only in a repository that has, or had, a sparse checkout.
 * @param below a path relative to the folder; `''` for the folder itself
 * @returns paths relative to the folder
 */
export function leftOutBySparseCheckout(folder: string, below: string): string[] {
  const { root, folder: within, isRepository } = repositoryOf(resolve(folder));
  if (!isRepository || !existsSync(join(gitFolder(root), 'info', 'sparse-checkout'))) return [];
  // Loaded only for such a checkout, since loading `node:child_process` takes a tenth of the time that a run with a
  // small config takes.
  const { git } = require('./git-objects') as typeof import('./git-objects');
  const path = posix.join(within, below);
  return git(root, ['--literal-pathspecs', 'ls-files', '-t', '-z', '--', path])
    .toString()
    .split('\0')
    .filter((entry) => entry.startsWith('S ') && !existsSync(join(root, entry.slice(2))))
    .map((entry) => posix.relative(within, entry.slice(2)));
}
