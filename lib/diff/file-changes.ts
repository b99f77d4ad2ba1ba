import type { Config } from '../config/config';
import type { Artifact } from '../output/artifact';
import { render } from '../render';

/** A file of the output that is different. */
export interface FileChange {
  readonly change: 'added' | 'removed' | 'changed';
  /** Relative to the output folder. */
  readonly path: string;
}

/** Which files of the output are different. */
export function fileDiff(before: Config, after: Config): FileChange[] {
  const old = textsOf(render(before));
  const now = textsOf(render(after));
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((path): FileChange[] => {
    if (!old.has(path)) return [{ change: 'added', path }];
    if (!now.has(path)) return [{ change: 'removed', path }];
    return old.get(path) === now.get(path) ? [] : [{ change: 'changed', path }];
  });
}

const textsOf = (artifacts: Iterable<Artifact>) => new Map([...artifacts].map(({ path, text }) => [path, text]));
