import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../config/config';
import type { Sources } from '../config/locate';
import type { Source } from '../config/source';
import { readValue } from '../config/yaml-values';
import type { Path } from '../findings/finding';
import { isMap } from '../guards';
import { CannotRemove, removeItems } from './remove-items';
import { type Ending, endings, hasEnded } from './terms';

/** A file of the config, after the removal of what has ended. */
export interface ExpiredFile {
  /** The name of the file, as in findings. */
  readonly file: string;
  readonly text: string;
  readonly ended: readonly Ending[];
  /** The lines of comments next to removed items. These comments stay. */
  readonly comments: readonly number[];
}

/** A grant or membership that has ended but can only be removed by hand. */
export interface NotRemoved {
  readonly ending: Ending;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly why: string;
}

export type Expired =
  | { readonly files: readonly ExpiredFile[]; readonly not?: undefined }
  | { readonly files?: undefined; readonly not: readonly NotRemoved[] };

/**
 * Removes the grants and memberships that have ended from the files of a config. If one of them can only be removed by
 * hand, nothing is removed.
 * @param at the day, such as `2027-01-31`, in UTC
 * @param textOf returns the text of a file of the config
 */
export function expire(config: Config, sources: Sources, at: string, textOf: (file: string) => string): Expired {
  const byFile = new Map<Source, { readonly ending: Ending; readonly path: Path }[]>();
  for (const ending of endings(config).filter(({ until }) => hasEnded(until, at))) {
    const own = ending.path[0] === 'clusters' ? sources.clusters.get(String(ending.path[1])) : undefined;
    const source = own ?? sources.main;
    const list = byFile.get(source) ?? [];
    byFile.set(source, list);
    list.push({ ending, path: own ? ending.path.slice(2) : ending.path });
  }
  const files: ExpiredFile[] = [];
  const not: NotRemoved[] = [];
  for (const [source, list] of byFile) {
    const whole = textOf(source.file);
    // The positions of the YAML parser do not count a byte order mark.
    const mark = whole.startsWith('\ufeff') ? '\ufeff' : '';
    const text = whole.slice(mark.length);
    const paths = list.map(({ path }) => path);
    try {
      const { text: rest, comments } = removeItems(text, paths);
      const [before, after] = [readValue(text), readValue(rest)];
      const isExact =
        'value' in before && 'value' in after && isDeepStrictEqual(after.value, takeOut(before.value, paths));
      if (!isExact) throw new CannotRemove(paths[0] ?? [], 'the rest of the file would not stay the same');
      files.push({ file: source.file, text: mark + rest, ended: list.map(({ ending }) => ending), comments });
    } catch (error) {
      if (!(error instanceof CannotRemove)) throw error;
      const of = JSON.stringify(error.path);
      const those = list.filter(({ path }) => JSON.stringify(path) === of || JSON.stringify(path.slice(0, -1)) === of);
      for (const { ending, path } of those.length > 0 ? those : list)
        not.push({ ending, file: source.file, ...source.locate(path), why: error.message });
    }
  }
  return not.length > 0 ? { not } : { files };
}

/** Removes the list items at the paths from a value, and returns the value. */
function takeOut(value: unknown, paths: readonly Path[]): unknown {
  const gone = new Map<unknown[], Set<number>>();
  for (const path of paths) {
    const list = path.slice(0, -1).reduce<unknown>((node, step) => {
      if (Array.isArray(node)) return node[Number(step)];
      return isMap(node) ? node[step] : undefined;
    }, value);
    if (Array.isArray(list)) gone.set(list, (gone.get(list) ?? new Set()).add(Number(path.at(-1))));
  }
  for (const [list, indices] of gone) list.splice(0, list.length, ...list.filter((_, i) => !indices.has(i)));
  return value;
}
