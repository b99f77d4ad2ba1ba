import { createHash } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Reader } from '../config/reader';
import { commitNamed } from './git-commit';
import {
  git,
  lacksObject,
  objectAt,
  printed,
  RevisionError,
  RevisionFileError,
  readBlobs,
  type TreeEntry,
  treeEntries,
} from './git-objects';

/**
 * Returns a function that creates a reader for a folder at a git revision. The work tree does not change.
 * @param revision anything that git understands: `origin/main`, `HEAD~1`, a tag
 * @param cwd the folder in whose repository the revision is. A folder in a submodule is read at the commit that this
 * repository had for the submodule.
 * @returns a function whose argument is a folder of the work tree
 * @throws RevisionError if there is no repository or no such revision
 */
export function gitReaders(revision: string, cwd?: string): (folder: string) => Reader {
  return (folder) => readerAt(folder, commitOf(folder, revision, cwd ?? folder), revision);
}

/** Returns a reader that follows symbolic links to files, as the reader for the disk does, and reads submodules. */
function readerAt(folder: string, commit: string, revision: string): Reader {
  const blobs = new Map<string, string>();
  const contents = new Map<string, Buffer>();
  const entriesIn = (below: string) => treeEntries(folder, ['-r', commit, '--', below === '' ? '.' : below]);
  const isLinkToFolder = ({ mode, path }: TreeEntry) =>
    mode === symbolicLink && objectAt(folder, `${commit}:./${path}`)?.type === 'tree';
  const entriesAbove = (path: string) => {
    const above = path.split('/').flatMap((_, i, names) => (i === 0 ? [] : [names.slice(0, i).join('/')]));
    return above.length === 0 ? [] : treeEntries(folder, [commit, '--', ...above]);
  };
  const submodule = ({ path, sha }: TreeEntry): Reader | undefined => {
    const inside = join(folder, path);
    // The files of a submodule that is not checked out are left out, because they are not on the disk either.
    if (!existsSync(join(inside, '.git'))) return undefined;
    if (hasCommit(inside, sha)) return readerAt(inside, sha, revision);
    throw notFetched({ path, sha }, revision);
  };
  return {
    read(path) {
      const plain = path.replace(/^\.\//, '');
      const wanted = blobs.get(plain);
      if (wanted !== undefined && !contents.has(wanted)) readBlobs(folder, [...blobs.values()], contents);
      const content = wanted === undefined ? undefined : contents.get(wanted);
      if (content) return content;
      const found = objectAt(folder, `${commit}:./${plain}`);
      if (found?.type === 'blob') return found.content;
      const [link] = found ? [] : entriesAbove(plain).filter(isSubmodule);
      const reader = link && submodule(link);
      if (reader) return reader.read(plain.slice(link.path.length + 1));
      const [entry] = found ? [] : treeEntries(folder, [commit, '--', plain]);
      if (entry && entry.mode !== symbolicLink && !isSubmodule(entry)) throw lacksObject(folder, entry.sha);
      throw new RevisionFileError(
        found?.type === 'symlink'
          ? `in ${revision}, ${path} is a symbolic link to a place outside the repository, so its content is not known`
          : `${path} is not in ${revision}`,
      );
    },
    list(below) {
      const entries = entriesIn(below);
      const found = entries.filter((entry) => !isSubmodule(entry) && !isLinkToFolder(entry));
      for (const { mode, sha, path } of found) if (mode !== symbolicLink) blobs.set(path, sha);
      const links = (entries.length > 0 ? entries : entriesAbove(below)).filter(isSubmodule);
      const inSubmodules = links.flatMap((link) => {
        const inside = below.startsWith(`${link.path}/`) ? below.slice(link.path.length + 1) : '';
        return (submodule(link)?.list(inside) ?? []).map((path) => `${link.path}/${path}`);
      });
      return [...found.map(({ path }) => path), ...inSubmodules].sort();
    },
    linksToFolders: (below) => {
      const entries = entriesIn(below);
      return (entries.length > 0 ? entries : entriesAbove(below)).filter(isLinkToFolder).map(({ path }) => path);
    },
  };
}

/** Returns the submodules below a folder at a revision that are not checked out. Their files cannot be read. */
export function submodulesNotCheckedOut(folder: string, revision: string, cwd: string): string[] {
  const entries = treeEntries(folder, ['-r', commitOf(folder, revision, cwd), '--', '.']);
  return entries
    .filter((entry) => isSubmodule(entry) && !existsSync(join(folder, entry.path, '.git')))
    .map(({ path }) => path);
}

const notFetched = ({ path, sha }: Pick<TreeEntry, 'path' | 'sha'>, revision: string) =>
  new RevisionError(
    `the submodule ${path} lacks the commit that belongs to ${revision}; fetch it first: \`git -C ${path} fetch origin ${sha}\``,
  );

const symbolicLink = '120000';
const isSubmodule = ({ mode }: TreeEntry) => mode === '160000';

/**
 * Returns the path that a file had at a revision and the path that it has now, both relative to the root of the
 * repository; `undefined` if Git finds no renaming since.
 */
export function renamedSince(
  folder: string,
  file: string,
  revision: string,
  cwd: string,
): { readonly was: string; readonly is: string } | undefined {
  const commit = commitOf(folder, revision, cwd);
  const is = printed(folder, ['rev-parse', '--show-prefix']) + file;
  const changes = git(folder, ['diff-index', '-z', '-M', '-l0', '--name-status', '--diff-filter=R', commit]).toString();
  const names = changes.split('\0');
  const at = names.findIndex((name, i) => i % 3 === 2 && name === is);
  const was = names[at - 1];
  return was === undefined ? undefined : { was, is };
}

/**
 * Returns the files that have a certain name and changed since a revision, as paths relative to a folder. Looks in the
 * folder, in the folders below it, and in those above it up to the root of the repository.
 */
export function changedSince(folder: string, name: string, revision: string, cwd: string): string[] {
  const prefix = printed(folder, ['rev-parse', '--show-prefix']);
  const commit = commitOf(folder, revision, cwd);
  const all = [`:(top,glob)**/${name}`];
  const listed = [
    git(folder, ['diff-index', '-z', '--name-only', '--no-relative', commit, '--', ...all]),
    git(folder, ['ls-files', '-z', '--others', '--exclude-standard', '--full-name', '--', ...all]),
  ].flatMap((output) => output.toString().split('\0'));
  return [...new Set(listed)]
    .filter((path) => path.startsWith(prefix) || prefix.startsWith(path.slice(0, -name.length)))
    .filter((path) => path !== '')
    .map((path) => relative(`/${prefix}`, `/${path}`).replaceAll('\\', '/'));
}

/**
 * Returns files as Git would store them. On Windows, and with an attribute such as `eol=crlf`, Git can check out files
 * with other line ends than it stores.
 * @param texts the files on the disk, by their path in the folder
 */
export function asStored(folder: string, texts: ReadonlyMap<string, string>): Map<string, string> {
  const paths = [...texts].flatMap(([path, text]) => (text.includes('\r\n') && !path.includes('\n') ? [path] : []));
  const stored = new Map(texts);
  if (paths.length === 0) return stored;
  // With --stdin-paths, Git takes paths as relative to the root of the work tree.
  const prefix = printed(folder, ['rev-parse', '--show-prefix']);
  const input = paths.map((path) => `${prefix}${path}\n`).join('');
  const hashes = printed(folder, ['hash-object', '--stdin-paths'], input).split('\n');
  for (const [i, path] of paths.entries()) {
    const text = texts.get(path)?.replaceAll('\r\n', '\n') ?? '';
    const hash = hashes[i] ?? '';
    const algorithm = hash.length > 40 ? 'sha256' : 'sha1';
    const blob = `blob ${Buffer.byteLength(text)}\0${text}`;
    if (createHash(algorithm).update(blob).digest('hex') === hash) stored.set(path, text);
  }
  return stored;
}

/** Whether git ignores a file, for example because of `.gitignore`. */
export function isIgnored(folder: string, path: string): boolean {
  try {
    git(folder, ['check-ignore', '--quiet', '--', path]);
    return true;
  } catch {
    return false;
  }
}

function commitOf(folder: string, revision: string, cwd: string): string {
  const outer = folder === cwd ? undefined : superprojectOf(folder, cwd);
  if (outer) {
    const [link] = treeEntries(outer.folder, [commitOf(outer.folder, revision, cwd), '--', outer.path]);
    if (link && isSubmodule(link) && hasCommit(folder, link.sha)) return link.sha;
    if (link && isSubmodule(link)) throw notFetched(link, revision);
    throw new RevisionError(`${outer.path} is not a submodule in ${revision}, so it cannot be compared`);
  }
  return commitNamed(folder, revision);
}

/**
 * If a folder is in a submodule, returns the folder of the outer repository and the path of the submodule in it.
 * Returns `undefined` if `cwd` is in the same submodule.
 */
function superprojectOf(folder: string, cwd: string): { readonly folder: string; readonly path: string } | undefined {
  try {
    const args = ['rev-parse', '--show-toplevel', '--show-superproject-working-tree'];
    const [top = '', outer] = printed(folder, args).split('\n');
    const isInside = !relative(top, realpathSync(cwd)).startsWith('..');
    return outer === undefined || isInside ? undefined : { folder: outer, path: relative(outer, top) };
  } catch {
    return undefined;
  }
}

function hasCommit(folder: string, sha: string): boolean {
  try {
    git(folder, ['cat-file', '-e', `${sha}^{commit}`]);
    return true;
  } catch {
    return false;
  }
}
