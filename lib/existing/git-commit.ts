import { command } from '../node-files/shell';
import { git, printed, RevisionError, run } from './git-objects';

/**
 * Returns the hash of the commit for a revision that the user wrote.
 * @throws RevisionError if there is no such commit, or the revision can mean several
 */
export function commitNamed(folder: string, revision: string): string {
  if (revision === '') throw new RevisionError('the revision is empty; name one, for example origin/main');
  const { output, said } = verified(folder, revision);
  refuseAmbiguous(folder, said);
  const commit = tried(() => printed(folder, ['rev-parse', '--verify', '--quiet', `${output}^{commit}`]));
  if (commit === undefined || !/^[0-9a-f]+$/.test(output))
    throw new RevisionError(`\`${revision}\` is not a commit; name one`);
  return commit;
}

function verified(folder: string, revision: string): { readonly output: string; readonly said: string } {
  // `^{commit}` is not added here, because it would become a part of the text in a revision such as `:/text`.
  // Git reads a text that begins with `-` as an option. Git before 2.30 does not know --end-of-options.
  const found = revision.startsWith('-') ? undefined : tried(() => run(folder, ['rev-parse', '--verify', revision]));
  if (found) return { output: String(found.output).trim(), said: found.said };
  // Says why, if the repository cannot be read at all.
  git(folder, ['rev-parse', '--git-dir']);
  if (tried(() => git(folder, ['rev-parse', '--verify', '--quiet', 'HEAD'])) === undefined && revision === 'HEAD') {
    throw new RevisionError('the git repository has no commit yet, so there is nothing to compare with');
  }
  const isShallow = printed(folder, ['rev-parse', '--is-shallow-repository']) === 'true';
  const exists = (ref: string) => tried(() => git(folder, ['rev-parse', '--verify', '--quiet', ref])) !== undefined;
  throw new RevisionError(`git cannot find the revision \`${revision}\`; ${remedy(revision, isShallow, exists)}`);
}

/** Returns what to do about a revision that git cannot find. */
export function remedy(revision: string, isShallow: boolean, exists: (ref: string) => boolean): string {
  const [, branch] = /^(?:refs\/remotes\/)?origin\/([^~^@:]+)/.exec(revision) ?? [];
  const ref = `refs/remotes/origin/${branch}`;
  if (branch !== undefined && !branch.includes('..') && !exists(ref)) {
    if (branch === 'HEAD') return 'set it first: `git remote set-head origin --auto`';
    // A clone of a single branch fetches another branch only if the ref is named. In a complete clone, --depth would
    // remove history.
    const depth = isShallow ? ['--depth=1'] : [];
    return `fetch it first: \`${command('git', 'fetch', ...depth, 'origin', `+refs/heads/${branch}:${ref}`)}\``;
  }
  if (isShallow && /[~^@:]|^[0-9a-f]{7,}$/.test(revision))
    return 'this clone may lack the commit: `git fetch --unshallow` fetches all commits of its branches';
  return 'for a branch of the remote, write `origin/BRANCH`; for a tag, first run `git fetch --tags`';
}

/** Git takes a tag rather than a branch of the same name, so whoever adds a tag could change what is compared. */
function refuseAmbiguous(folder: string, said: string): void {
  const [, name] = /refname '(.*)' is ambiguous/.exec(said) ?? [];
  // For HEAD, git always takes the current commit.
  if (name === undefined || name === 'HEAD') return;
  const places = ['', 'tags/', 'heads/', 'remotes/'].map((place) => `refs/${place}${name}`);
  const refs = printed(folder, ['for-each-ref', '--format=%(refname)', ...places, `refs/remotes/${name}/HEAD`]);
  const all = refs.split('\n').filter((ref) => places.includes(ref));
  const also = all.length === 1 ? `, and a commit whose hash begins with ${name}` : '';
  throw new RevisionError(
    `\`${name}\` has more than one meaning in this git repository: ${all.join(', ')}${also}; write one of them in full`,
  );
}

function tried<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
