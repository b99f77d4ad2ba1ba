import { execFileSync } from 'node:child_process';

const limit = 256 * 1024 * 1024;

/** Runs git in a folder. @throws Error of the process, with what git printed */
export const git = (folder: string, args: readonly string[], input = ''): Buffer =>
  execFileSync('git', ['-C', folder, ...args], {
    input,
    maxBuffer: limit,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C' },
  });

/** Returns what git prints, without the end of the line. */
export const printed = (folder: string, args: readonly string[]): string => git(folder, args).toString().trim();

/** An entry of a tree. A symbolic link has the mode 120000, and a submodule 160000. */
export interface TreeEntry {
  readonly mode: string;
  readonly sha: string;
  /** Relative to the folder. */
  readonly path: string;
}

/** Returns the entries that `git ls-tree` prints. */
export const treeEntries = (folder: string, args: readonly string[]): TreeEntry[] =>
  git(folder, ['ls-tree', '-z', ...args])
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
  let output: Buffer;
  try {
    output = git(folder, ['cat-file', '--batch', '--follow-symlinks'], `${name}\n`);
  } catch {
    return undefined;
  }
  const end = output.indexOf(10);
  const [first = '', type = '', size] = output.subarray(0, end).toString().split(' ');
  if (first === 'symlink') return { type: first, content: Buffer.alloc(0) };
  if (!/^[0-9a-f]{40,}$/.test(first) || size === undefined) return undefined;
  return { type, content: output.subarray(end + 1, end + 1 + Number(size)) };
}

/** Reads many files with one git process. */
export function readBlobs(folder: string, shas: readonly string[], contents: Map<string, Buffer>): void {
  const output = git(folder, ['cat-file', '--batch'], `${shas.join('\n')}\n`);
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(10, at);
    const [sha = '', , size = '0'] = output.subarray(at, end).toString().split(' ');
    contents.set(sha, output.subarray(end + 1, end + 1 + Number(size)));
    at = end + 2 + Number(size);
  }
}
