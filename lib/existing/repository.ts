import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const read = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
};

const nameIn = (text: string | undefined, prefix: string): string | undefined =>
  text?.startsWith(`ref: ${prefix}`) ? text.slice(`ref: ${prefix}`.length) : undefined;

/**
 * Returns the root of the Git repository that contains a folder, and the folder's path in it. Outside a repository, the
 * folder is the root.
 */
export function repositoryOf(folder: string): {
  readonly root: string;
  readonly folder: string;
  readonly isRepository: boolean;
} {
  const start = resolve(folder);
  for (let root = start; ; root = dirname(root)) {
    if (existsSync(join(root, '.git'))) {
      return { root, folder: relative(root, start).replaceAll('\\', '/'), isRepository: true };
    }
    if (dirname(root) === root) return { root: start, folder: '', isRepository: false };
  }
}

/**
 * Returns the default branch of a repository: the default branch of `origin` if Git knows it, else `main` or `master`
 * if such a branch exists, else the current branch. A new repository has only the current branch.
 * @param root the folder that contains `.git`
 * @returns `undefined` outside a repository, and if Git does not store branches as files
 * @see https://git-scm.com/docs/gitrepository-layout
 */
export function defaultBranch(root: string): string | undefined {
  const git = gitFolder(root);
  const common = commonFolder(git);
  const packed = read(join(common, 'packed-refs')) ?? '';
  const has = (branch: string) =>
    read(join(common, 'refs', 'heads', branch)) !== undefined ||
    packed.split('\n').some((line) => line.endsWith(` refs/heads/${branch}`));
  const current = nameIn(read(join(git, 'HEAD')), 'refs/heads/');
  return (
    nameIn(read(join(common, 'refs', 'remotes', 'origin', 'HEAD')), 'refs/remotes/origin/') ??
    ['main', 'master'].find(has) ??
    // In a repository with reftables, HEAD names the branch `.invalid`.
    (current === '.invalid' ? undefined : current)
  );
}

/** Returns the folder of the data that all work trees of a repository share. */
const commonFolder = (git: string): string => resolve(git, read(join(git, 'commondir')) ?? '.');

/**
 * Returns the folder of the hooks that Git runs in a repository, unless the repository has no hooks or the folder is
 * `.githooks`. If `core.hooksPath` is set to `.githooks`, Git no longer runs the hooks in the returned folder.
 * @param root the folder that contains `.git`
 */
export function otherHooks(root: string): string | undefined {
  const common = commonFolder(gitFolder(root));
  const [, path] = /^\s*hooksPath\s*=\s*"?([^"\n]*?)"?\s*$/im.exec(read(join(common, 'config')) ?? '') ?? [];
  if (path !== undefined) return /^(\.\/)?\.githooks\/?$/.test(path) ? undefined : path;
  const hooks = statSync(join(common, 'hooks'), { throwIfNoEntry: false })?.isDirectory()
    ? readdirSync(join(common, 'hooks'))
    : [];
  return hooks.some((name) => !name.endsWith('.sample')) ? '.git/hooks' : undefined;
}

/** Returns the folder with the data of Git. In a linked work tree, `.git` is a file that names this folder. */
export function gitFolder(root: string): string {
  const path = join(root, '.git');
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return path;
  return resolve(root, read(path)?.replace(/^gitdir: /, '') ?? '.git');
}
