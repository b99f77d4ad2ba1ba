import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { SourceError } from '../config/reader';
import { errorCode } from '../guards';

const limit = 256 * 1024 * 1024;

/** An error for a git revision that cannot be read. The message has the reason. */
export class RevisionError extends SourceError {
  override readonly name = 'RevisionError';
}

/** An error for a single file of a git revision. */
export class RevisionFileError extends Error {
  override readonly name = 'RevisionFileError';
}

interface Result {
  readonly output: Buffer;
  /** What git printed on standard error. */
  readonly said: string;
}

/** Runs git in a folder. @throws RevisionError with the reason that git gives */
export function run(folder: string, args: readonly string[], input = ''): Result {
  const all = ['-C', folder, ...settings.flatMap((setting) => ['-c', setting]), ...args];
  const { status, stdout, stderr, error } = spawnSync('git', all, { input, maxBuffer: limit, env: environment() });
  if (status === 0) return { output: stdout, said: String(stderr) };
  // If git fails before it reads its input, writing the input fails too (EPIPE), and git has printed the reason.
  const isStarted = !error || errorCode(error) === 'EPIPE';
  throw new RevisionError(isStarted ? whyUnreadable(folder, String(stderr)) : whyNotRun(error), { cause: error });
}

/** Runs git in a folder, and returns what it prints. @throws RevisionError with the reason that git gives */
export const git = (folder: string, args: readonly string[], input = ''): Buffer => run(folder, args, input).output;

/** Returns what git prints, without the end of the line. */
export const printed = (folder: string, args: readonly string[], input = ''): string =>
  git(folder, args, input).toString().replace(/\n$/, '');

/*
 * A branch can contain a folder that is itself a bare repository. In such a folder, git would read the revisions of the
 * bare repository, and run the commands in the configuration of the bare repository.
 */
const settings = ['safe.bareRepository=explicit', 'core.fsmonitor=', 'core.warnAmbiguousRefs=true'];

/**
 * Git sets GIT_DIR in its hooks. If GIT_WORK_TREE is not set too, git takes the folder in which it runs for the root of
 * the work tree. In a subfolder, `HEAD:./kaniflux.yaml` is then the file at the root. The variables GIT_*_PATHSPECS are
 * removed, because they change how git reads a path.
 */
function environment(): NodeJS.ProcessEnv {
  const { GIT_DIR, GIT_WORK_TREE, ...rest } = process.env;
  for (const name of ['LITERAL', 'GLOB', 'NOGLOB', 'ICASE']) delete rest[`GIT_${name}_PATHSPECS`];
  const both = GIT_DIR && GIT_WORK_TREE ? { GIT_DIR: resolve(GIT_DIR), GIT_WORK_TREE: resolve(GIT_WORK_TREE) } : {};
  return { ...rest, ...both, LC_ALL: 'C' };
}

const whyNotRun = (error: Error): string =>
  errorCode(error) === 'ENOENT' ? 'git is not installed' : `git cannot be run: ${error.message}`;

/** Returns why git can't read the repository of a folder, as git says it. */
function whyUnreadable(folder: string, said: string): string {
  if (said.includes('not a git repository')) return `${folder} is not in a git repository`;
  const reason = /^(?:fatal|error): (.*)$/m.exec(said)?.[1] ?? said.split('\n', 1).join('');
  const owner = /git config --global --add safe\.directory .*/.exec(said)?.[0];
  const bare = reason.includes('safe.bareRepository') ? '; fix: remove the bare repository from this folder' : '';
  return `git cannot read the repository of ${folder}: ${reason}${owner ? `; fix: ${owner}` : bare}`;
}

/** An entry of a tree. A symbolic link has the mode 120000, and a submodule 160000. */
export interface TreeEntry {
  readonly mode: string;
  readonly sha: string;
  /** Relative to the folder. */
  readonly path: string;
}

/** Returns the entries that `git ls-tree` prints. */
export const treeEntries = (folder: string, args: readonly string[]): TreeEntry[] =>
  git(folder, ['--literal-pathspecs', 'ls-tree', '-z', ...args])
    .toString()
    .split('\0')
    .flatMap((row) => {
      const [, mode, sha, path] = /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/s.exec(row) ?? [];
      return mode && sha && path !== undefined ? [{ mode, sha, path }] : [];
    });

/**
 * Returns the object with a name such as `main:./a.yaml`, after following symbolic links inside the repository;
 * `undefined` if it does not exist. The type is `symlink` for a link that leads out of the repository.
 */
export function objectAt(
  folder: string,
  name: string,
): { readonly type: string; readonly content: Buffer } | undefined {
  if (name.includes('\n')) return undefined;
  const output = git(folder, ['cat-file', '--batch', '--follow-symlinks'], `${name}\n`);
  const end = output.indexOf(10);
  const [first = '', type = '', size] = output.subarray(0, end).toString().split(' ');
  if (first === 'symlink') return { type: first, content: Buffer.alloc(0) };
  if (!/^[0-9a-f]{40,}$/.test(first) || size === undefined) return undefined;
  return { type, content: output.subarray(end + 1, end + 1 + Number(size)) };
}

/** Reads many files with one git process. @throws RevisionError if the repository lacks one of them */
export function readBlobs(folder: string, shas: readonly string[], contents: Map<string, Buffer>): void {
  const output = git(folder, ['cat-file', '--batch'], `${shas.join('\n')}\n`);
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(10, at);
    const [sha = '', type, size] = output.subarray(at, end).toString().split(' ');
    if (type === 'missing' || size === undefined) throw lacksObject(folder, sha);
    contents.set(sha, output.subarray(end + 1, end + 1 + Number(size)));
    at = end + 2 + Number(size);
  }
}

/** The error if a repository lacks an object, for example because it is a damaged or partial clone. */
export const lacksObject = (folder: string, sha: string): RevisionError =>
  new RevisionError(
    `the repository of ${folder} lacks the object ${sha}, which the revision needs; fetch it: \`git fetch --refetch\``,
  );
