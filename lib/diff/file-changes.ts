import { AccessMd } from '../access/access-md';
import type { Config } from '../config/config';
import { renderCluster, renderShared } from '../render';
import { noConfig } from './plain-config';
import { isSameConfigOn } from './side';

/** A file of the output that is different. */
export interface FileChange {
  readonly change: 'added' | 'removed' | 'changed';
  /** Relative to the output folder. */
  readonly path: string;
  /** Its text on each side; `undefined` where there is no such file. */
  readonly before?: string;
  readonly after?: string;
}

/** Which files of the output are different. A cluster that is the same in both configs is not rendered. */
export function fileDiff(before: Config, after: Config): FileChange[] {
  const isSame = (name: string) => isSameConfigOn(before, after, name);
  return changedFiles(filesOf(before, isSame), filesOf(after, isSame));
}

/** Which of two sets of files, by path, are different. */
export function changedFiles(old: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): FileChange[] {
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((path): FileChange[] => {
    const [before, after] = [old.get(path), now.get(path)];
    if (before === after) return [];
    if (before === undefined) return [{ change: 'added', path, after }];
    return [
      { change: after === undefined ? 'removed' : 'changed', path, before, ...(after === undefined ? {} : { after }) },
    ];
  });
}

function filesOf(config: Config, isLeftOut: (cluster: string) => boolean): Map<string, string> {
  const files = new Map<string, string>();
  if (config === noConfig) return files;
  const access = new AccessMd(config);
  for (const cluster of config.clusters.values()) {
    // A section that is the same on both sides needs not be right, only the same.
    if (isLeftOut(cluster.name)) access.add(cluster, []);
    else for (const { path, text } of renderCluster(config, cluster, { access })) files.set(path, text);
  }
  for (const { path, text } of renderShared(config, access)) files.set(path, text);
  return files;
}

/** The lines that are on one side only, in their order, as often as they are there more than on the other side. */
export function lineDifference(before = '', after = ''): { readonly added: string[]; readonly removed: string[] } {
  const [old, now] = [split(before), split(after)];
  return { added: without(now, old), removed: without(old, now) };
}

const split = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}

/** The lines that are different; where there are none, they stand in another order. */
export function linesOf({ before, after }: FileChange): string[] {
  const { added, removed } = lineDifference(before, after);
  const lines = [...removed.map((line) => `- ${line}`), ...added.map((line) => `+ ${line}`)];
  return lines.length > 0 ? lines : ['the same lines in another order, or the end of the last line'];
}
