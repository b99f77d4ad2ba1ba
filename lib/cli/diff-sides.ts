import { existsSync, lstatSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, posix, relative, resolve } from 'node:path';
import type { Config } from '../config/config';
import { printable } from '../config/printable';
import type { Reader } from '../config/reader';
import type { Committed } from '../diff/committed-output';
import { noConfig } from '../diff/plain-config';
import { rendered, type Side } from '../diff/side';
import { diskReader } from '../existing/disk-reader';
import { asStored, changedSince, gitReaders, isIgnored, renamedSince, submodulesNotCheckedOut } from '../existing/git';
import { RevisionError, RevisionFileError } from '../existing/git-objects';
import { isAbout, type Manifest } from '../existing/manifests';
import { repositoryOf } from '../existing/repository';
import { hasCode } from '../output/output-error';
import { foldersAbove, indexName } from '../output/rendered-paths';
import { type Io, UserError } from './command';
import { type ManifestFolders, manifestFolders } from './manifests-option';
import { configAt } from './review';

/**
 * Returns the config at a revision. Returns {@link noConfig} if the file does not exist at that revision, and
 * `undefined` after printing the errors of a config that is not valid.
 */
export async function configBefore(file: string, io: Io, revision: string): Promise<Config | undefined> {
  const path = resolve(io.cwd, file);
  const isThere = inGit(() => gitReaders(revision, io.cwd)(dirname(path)).list(basename(path)).length > 0);
  if (file !== '-' && !isThere) {
    const renamed = renamedSince(dirname(path), basename(path), revision, io.cwd);
    if (renamed) return renamedConfig(renamed, file, io, revision);
    io.stderr(`kaniflux: ${printable(`there is no ${file} at ${revision}: everything is new`)}\n`);
    return noConfig;
  }
  return configAt(file, io, revision);
}

/**
 * @throws UserError if the config was in another folder. Its output and the files that it names were then in another
 * folder too.
 */
function renamedConfig({ was, is }: { was: string; is: string }, file: string, io: Io, revision: string) {
  if (posix.dirname(was) !== posix.dirname(is)) {
    throw new UserError(
      printable(
        `the config was moved to another folder since ${revision}, from ${was} to ${is}, so the two are not compared; fix: move it in a commit that changes nothing else`,
      ),
    );
  }
  io.stderr(`kaniflux: ${printable(`${is} was ${was} at ${revision}`)}\n`);
  return configAt(join(dirname(file), basename(was)), io, revision);
}

/** Returns a config with the objects that are rendered from it, and the hand-written objects. */
export function sideOf(config: Config, manifests?: readonly Manifest[]): Side {
  if (!manifests) return rendered(config);
  const names = [...config.clusters.keys()];
  return rendered(config, (cluster) =>
    manifests.filter(({ file }) => isAbout(file, cluster, names)).map(({ object }) => object),
  );
}

/**
 * Returns the hand-written objects below folders, at a revision and now. A folder may be missing at one of the two.
 * @throws UserError if a folder exists at neither, or the revision can't be read
 */
export function manifestsSince(
  folders: readonly string[],
  io: Io,
  { revision, output }: { readonly revision: string; readonly output: string },
): [ManifestFolders, ManifestFolders] {
  const isNow = (folder: string) => existsSync(resolve(io.cwd, folder));
  for (const folder of folders) refuseSparse(diskReader(resolve(io.cwd, folder)), '', folder);
  for (const folder of folders.filter(isNow)) {
    for (const path of inGit(() => submodulesNotCheckedOut(resolve(io.cwd, folder), revision, io.cwd))) {
      const fix = 'check it out with `git submodule update --init`';
      const text = `${posix.join(folder, path)} is left out: the submodule is not checked out; ${fix}`;
      io.stderr(`kaniflux: ${printable(text)}\n`);
    }
  }
  const before = inGit(() =>
    manifestFolders(folders, io, {
      output,
      readerOf: (folder) =>
        isNow(folder)
          ? gitReaders(revision, io.cwd)(folder)
          : below(gitReaders(revision, io.cwd)(io.cwd), relative(io.cwd, folder)),
    }),
  );
  return [
    before,
    manifestFolders(folders, io, { output, readerOf: (folder) => (isNow(folder) ? diskReader(folder) : noFiles) }),
  ];
}

const noFiles: Reader = {
  list: () => [],
  read: (path) => {
    throw new Error(path);
  },
};

/** Returns a reader for a folder of another reader. @throws UserError if the folder has no file */
function below(reader: Reader, folder: string): Reader {
  const start = `${folder.replaceAll('\\', '/')}/`;
  const all =
    folder.startsWith('..') || isAbsolute(folder) ? [] : reader.list('').filter((path) => path.startsWith(start));
  if (all.length === 0) throw new UserError(printable(`--manifests ${folder}: the folder does not exist`));
  return {
    list: (inside) => all.map((path) => path.slice(start.length)).filter((path) => path.startsWith(inside)),
    read: (path) => reader.read(start + path),
  };
}

/**
 * Returns the output folder at a revision and now; `undefined` if Kaniflux wrote neither of the two, or if git ignores
 * the folder.
 * @throws UserError if the revision can't be read, or if the folder can't be compared
 */
export function committedOutput(
  folder: string,
  io: Io,
  { revision, config }: { readonly revision: string; readonly config: string },
): (Committed & { folder: string }) | undefined {
  const { root } = repositoryOf(io.cwd);
  const [output, file] = [resolve(io.cwd, folder), resolve(io.cwd, config)];
  const path = pathIn(root, output);
  if (path === undefined)
    throw new UserError(printable(`-o ${folder}: the folder is not in the Git repository of the current folder`));
  if (path === '' || pathIn(output, file) !== undefined) {
    const text = `-o ${folder}: the folder also contains files that are not rendered, such as the config, so it cannot be compared`;
    throw new UserError(printable(`${text}; fix: render into a folder of its own, or leave out -o`));
  }
  const reader = inGit(() => gitReaders(revision, root)(root));
  const link = inGit(() => reader.linksToFolders?.(path).find((one) => `${path}/`.startsWith(`${one}/`)));
  if (link !== undefined) throw isLink(`in ${revision}, ${link}`, ', in a commit that changes nothing else');
  const before = inGit(() => outputIn(reader, path));
  if (before.size === 0 && isIgnored(root, `${path}/${indexName}`)) return undefined;
  const linkNow = [...foldersAbove(path), path].find((one) =>
    lstatSync(join(root, one), { throwIfNoEntry: false })?.isSymbolicLink(),
  );
  if (linkNow !== undefined) throw isLink(linkNow);
  const disk = diskReader(root);
  const shown = relative(io.cwd, output).replaceAll('\\', '/') || '.';
  refuseSparse(disk, path, shown);
  const onDisk = outputIn(disk, path, before.size > 0);
  // If only the index was removed, the other files still count, and the index is the difference.
  if (before.size > 0 && onDisk.size > 0 && !existsSync(join(output, indexName)))
    before.set(indexName, 'the list of the files that Kaniflux wrote\n');
  const after = inGit(() => asStored(output, onDisk));
  return before.size + after.size === 0 ? undefined : { before, after, folder: shown };
}

/** Returns the path of a file or folder below a folder, with `/`; `undefined` if it is not below the folder. */
function pathIn(folder: string, file: string): string | undefined {
  const path = relative(folder, file).replaceAll('\\', '/');
  return /^\.\.(\/|$)/.test(path) || isAbsolute(path) ? undefined : path;
}

const isLink = (place: string, how = '') =>
  new UserError(
    printable(
      `${place} is a symbolic link, and the rendered files are not read through a link; fix: replace the link with the folder${how}`,
    ),
  );

/** A comparison would report each file that a sparse checkout lacks as removed. */
function refuseSparse(reader: Reader, folder: string, shown: string): void {
  const [first, ...others] = reader.notCheckedOut?.(folder) ?? [];
  if (first === undefined) return;
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  throw new UserError(
    `${shown} cannot be compared, because the checkout is sparse and lacks ${first}${more}; fix: check these files out, for example with \`git sparse-checkout disable\``,
  );
}

/** Returns the changed `.sourceignore` files that can concern the output folder. */
export function changedSourceIgnores(output: string, io: Io, revision: string): string[] {
  const { root } = repositoryOf(io.cwd);
  const folder = resolve(io.cwd, output);
  return inGit(() => changedSince(root, '.sourceignore', revision, root))
    .map((path) => join(root, path))
    .filter((file) => pathIn(folder, file) !== undefined || pathIn(dirname(file), folder) !== undefined)
    .map((file) => relative(io.cwd, file).replaceAll('\\', '/'));
}

/**
 * Returns the files below a folder that has a `.kaniflux.json`; no files for any other folder.
 * @param isOurs whether the files count even if the folder has no `.kaniflux.json`
 */
function outputIn(reader: Reader, folder: string, isOurs = false): Map<string, string> {
  const paths = listed(reader, folder);
  const index = `${folder}/${indexName}`;
  if (!isOurs && !paths.includes(index)) return new Map();
  const files = paths.filter((path) => path !== index && path.startsWith(`${folder}/`));
  return new Map(files.map((path) => [path.slice(folder.length + 1), Buffer.from(reader.read(path)).toString('utf8')]));
}

function listed(reader: Reader, folder: string): string[] {
  try {
    return reader.list(folder);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

function inGit<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RevisionError || error instanceof RevisionFileError)
      throw new UserError(printable(error.message));
    throw error;
  }
}
