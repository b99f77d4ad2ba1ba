import { AccessMd } from '../access/access-md';
import type { Config } from '../config/config';
import { renderCluster, renderShared } from '../render';
import { noConfig } from './plain-config';
import { isSameOn } from './same-clusters';

/** An output file that differs. */
export interface FileChange {
  readonly change: 'added' | 'removed' | 'changed';
  /** The path, relative to the output folder. */
  readonly path: string;
  /** The text before; `undefined` if there was no such file. */
  readonly before?: string;
  readonly after?: string;
}

/**
 * Returns the output files that differ between two configs. Clusters that are equal in both configs are not rendered.
 */
export function fileDiff(before: Config, after: Config): FileChange[] {
  const isSame = (name: string) => isSameOn(before, after, name);
  return changedFiles(filesOf(before, isSame), filesOf(after, isSame));
}

/** Returns the files that differ between two maps from path to text. */
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
    // ACCESS.md is only compared, so the section of an unchanged cluster may be missing on both sides.
    if (isLeftOut(cluster.name)) access.leaveOut(cluster);
    else for (const { path, text } of renderCluster(config, cluster, { access })) files.set(path, text);
  }
  for (const { path, text } of renderShared(config, access)) files.set(path, text);
  return files;
}

/**
 * Returns the added and the removed lines in their order. If a line occurs more often on one side, it is returned once
 * for each additional occurrence.
 */
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

/** Returns the changed lines with their signs, or a note if only the order of the lines changed. */
export function linesOf({ before, after }: FileChange): string[] {
  const { added, removed } = lineDifference(before, after);
  const lines = [...removed.map((line) => `- ${line}`), ...added.map((line) => `+ ${line}`)];
  return lines.length > 0 ? lines : ['only the order of the lines changed, or the newline at the end'];
}

/**
 * Replaces the name of the cluster in a path by `*`, and returns the name too. A path outside of the cluster folders
 * does not change.
 */
export function withoutCluster(path: string): { readonly name: string; readonly path: string } {
  const [, start = '', name = '', end = ''] =
    /^(clusters\/|control-planes\/|flux\/|kubeconfigs\/)([^/]+?)(\/.*|\.yaml)$/.exec(path) ?? [];
  return start === '' ? { name: '', path } : { name, path: `${start}*${end}` };
}
