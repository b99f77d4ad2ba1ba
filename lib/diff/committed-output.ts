import { type Manifest, objectsIn } from '../existing/manifests';
import { isObject, type KubernetesObject } from '../output/kubernetes-object';
import { isCommentChange } from './comment-changes';
import { changedFiles, type FileChange, linesOf, withoutCluster } from './file-changes';
import type { Level, Statement } from './statement';

/** The committed output files by path, before and after. */
export interface Committed {
  readonly before: ReadonlyMap<string, string>;
  readonly after: ReadonlyMap<string, string>;
}

export interface CommittedDiff {
  /** Committed files with changes that do not follow from the config. */
  readonly unexplained: readonly FileChange[];
  /** Paths of files that the config now renders differently, but that were not committed again. */
  readonly stale: readonly string[];
}

/**
 * Compares the committed files with the rendered ones. Flux applies the committed files, which can change without the
 * config: when somebody edits them, or when Kaniflux is upgraded.
 * @param rendered the files that the two configs render differently
 */
export function committedDiff(committed: Committed, rendered: readonly FileChange[]): CommittedDiff {
  const byPath = new Map(rendered.map((file) => [file.path, file]));
  const changed = changedFiles(committed.before, committed.after);
  const unexplained = changed.filter(({ path, before, after }) => {
    const ours = byPath.get(path);
    return !ours || ours.before !== before || ours.after !== after;
  });
  const moved = new Set(changed.map(({ path }) => path));
  return { unexplained, stale: rendered.map(({ path }) => path).filter((path) => !moved.has(path)) };
}

/**
 * Returns statements about committed files that do not match the config.
 * @param folder the name of the output folder
 */
export function committedStatements({ unexplained, stale }: CommittedDiff, folder: string): Statement[] {
  const statement = (level: Level, text: string, details: readonly string[]): Statement => ({
    part: 'output',
    level,
    change: 'changed',
    say: () => text,
    clusters: [],
    details,
  });
  const words = { added: 'was added', removed: 'was removed', changed: 'changed' };
  const comments = unexplained.filter(isCommentChange);
  return [
    ...unexplained
      .filter((file) => !comments.includes(file))
      .map((file) =>
        statement(
          levelOfFile(file.path),
          `${folder}/${file.path} ${words[file.change]} in a way that the config does not explain: it was edited by hand, or rendered by another version of Kaniflux`,
          linesOf(file),
        ),
      ),
    ...(comments.length > 0
      ? [
          statement(
            'low',
            `in ${comments.length === 1 ? 'one file' : `${comments.length} files`} below ${folder}/, only comments or formatting changed, which changes nothing on the cluster: somebody edited these lines by hand, or another version of Kaniflux rendered them`,
            byFolder(comments.map(({ path }) => path)).map((line) => `${folder}/${line}`),
          ),
        ]
      : []),
    ...(stale.length > 0
      ? [
          statement(
            'low',
            `${folder}/ does not contain this change yet: run \`kaniflux synth\` and commit what it writes`,
            stale.map((path) => `${folder}/${path}`),
          ),
        ]
      : []),
  ];
}

/**
 * Returns a line for each path. Files of the same kind for several clusters share one line, which gives the number of
 * files.
 */
function byFolder(paths: readonly string[]): string[] {
  const found = new Map<string, string[]>();
  for (const path of paths) {
    const { path: alike } = withoutCluster(path);
    found.set(alike, [...(found.get(alike) ?? []), path]);
  }
  return [...found].map(([alike, all]) => (all.length === 1 ? (all[0] ?? '') : `${alike} (${all.length} files)`));
}

/** Files that Flux applies rank highest, and files that people only read rank lowest. */
function levelOfFile(path: string): Level {
  if (/^(clusters|flux)\//.test(path)) return 'high';
  return /^(control-planes|kubeconfigs|kanidm)\/|^kubeconfig\.yaml$/.test(path) ? 'medium' : 'low';
}

/**
 * Returns the objects in the committed files that Flux applies to a cluster. Files that are not valid YAML are skipped.
 */
export function committedObjects(files: ReadonlyMap<string, string>, cluster: string): KubernetesObject[] {
  return [...files]
    .filter(([path]) => path.startsWith(`clusters/${cluster}/`) && /\.ya?ml$/.test(path))
    .flatMap(([path, text]) => readable(path, text))
    .map(({ object }) => object)
    .filter(isObject);
}

function readable(path: string, text: string): readonly Manifest[] {
  try {
    return objectsIn(path, text);
  } catch {
    return [];
  }
}
