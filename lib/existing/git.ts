import { execFileSync } from 'node:child_process';
import type { Reader } from '../config/reader';

/** An error for a git revision that cannot be read. The message has the reason. */
export class RevisionError extends Error {
  override readonly name = 'RevisionError';
}

const limit = 256 * 1024 * 1024;

/**
 * Returns a function that creates a reader for a folder at a git revision. The work tree does not change.
 * @param revision anything that git understands: `origin/main`, `HEAD~1`, a tag
 * @returns a function whose argument is a folder of the work tree
 * @throws RevisionError if there is no repository or no such revision
 */
export function gitReaders(revision: string): (folder: string) => Reader {
  return (folder) => {
    const commit = resolve(folder, revision);
    const blobs = new Map<string, string>();
    const contents = new Map<string, Buffer>();
    return {
      read(path) {
        const plain = path.replace(/^\.\//, '');
        const wanted = blobs.get(plain);
        if (wanted !== undefined && !contents.has(wanted)) fetchAll(folder, [...blobs.values()], contents);
        const content = wanted === undefined ? undefined : contents.get(wanted);
        if (content) return content;
        try {
          return git(folder, ['cat-file', 'blob', `${commit}:./${plain}`]);
        } catch {
          throw new RevisionError(`${path} is not in ${revision}`);
        }
      },
      list(below) {
        const found: string[] = [];
        const rows = git(folder, ['ls-tree', '-r', '-z', commit, '--', below === '' ? '.' : below]).toString();
        for (const row of rows.split('\0')) {
          const [, sha, path] = /^\d+ blob ([0-9a-f]+)\t(.*)$/s.exec(row) ?? [];
          if (!sha || path === undefined) continue;
          blobs.set(path, sha);
          found.push(path);
        }
        return found.sort();
      },
    };
  };
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

function resolve(folder: string, revision: string): string {
  try {
    return git(folder, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`])
      .toString()
      .trim();
  } catch {
    try {
      git(folder, ['rev-parse', '--git-dir']);
    } catch {
      throw new RevisionError(`${folder} is not in a git repository, or git is not installed`);
    }
    throw new RevisionError(
      revision === 'HEAD'
        ? 'the git repository has no commit yet, so there is nothing to compare with'
        : `git cannot find the revision \`${revision}\`; in CI fetch it first: \`git fetch --depth=1 origin main\``,
    );
  }
}

/** Reads many files with one git process. */
function fetchAll(folder: string, shas: readonly string[], contents: Map<string, Buffer>): void {
  const output = git(folder, ['cat-file', '--batch'], `${shas.join('\n')}\n`);
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(10, at);
    const [sha = '', , size = '0'] = output.subarray(at, end).toString().split(' ');
    contents.set(sha, output.subarray(end + 1, end + 1 + Number(size)));
    at = end + 2 + Number(size);
  }
}

const git = (folder: string, args: readonly string[], input = ''): Buffer =>
  execFileSync('git', ['-C', folder, ...args], { input, maxBuffer: limit, stdio: ['pipe', 'pipe', 'pipe'] });
