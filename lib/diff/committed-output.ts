import { parseAllDocuments } from 'yaml';
import { isObject, type KubernetesObject } from '../output/kubernetes-object';
import { changedFiles, type FileChange, linesOf } from './file-changes';
import type { Level, Statement } from './statement';

/** Files of the output by path, as they are committed on each side. */
export interface Committed {
  readonly before: ReadonlyMap<string, string>;
  readonly after: ReadonlyMap<string, string>;
}

export interface CommittedDiff {
  /** Committed files whose change is not the one that the configs render. */
  readonly unexplained: readonly FileChange[];
  /** Files that the change of the config renders otherwise, and that are committed as they were. */
  readonly stale: readonly string[];
}

/**
 * Flux applies what is committed, not what a config would render: an upgrade of Kaniflux and a hand edit change that
 * without a change of the config.
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

/** @param folder what the output folder is called */
export function committedStatements({ unexplained, stale }: CommittedDiff, folder: string): Statement[] {
  const statement = (level: Level, text: string, details: readonly string[]): Statement => ({
    part: 'output',
    level,
    change: 'changed',
    say: () => text,
    clusters: [],
    details,
  });
  const words = { added: 'is new', removed: 'is gone', changed: 'changes' };
  return [
    ...unexplained.map((file) =>
      statement(
        levelOfFile(file.path),
        `${folder}/${file.path} ${words[file.change]} as no change of the config renders it: by hand, or by another version of Kaniflux`,
        linesOf(file),
      ),
    ),
    ...(stale.length > 0
      ? [
          statement(
            'low',
            `${folder}/ does not have this change yet: run \`kaniflux synth\` and commit what it writes`,
            stale.map((path) => `${folder}/${path}`),
          ),
        ]
      : []),
  ];
}

/** Flux applies the first two, nodes and people read the others. */
function levelOfFile(path: string): Level {
  if (/^(clusters|flux)\//.test(path)) return 'high';
  return /^(control-planes|kubeconfigs|kanidm)\/|^kubeconfig\.yaml$/.test(path) ? 'medium' : 'low';
}

/** The objects in the committed files that Flux applies to a cluster. A file that is no YAML holds none. */
export function committedObjects(files: ReadonlyMap<string, string>, cluster: string): KubernetesObject[] {
  return [...files]
    .filter(([path]) => path.startsWith(`clusters/${cluster}/`) && /\.ya?ml$/.test(path))
    .flatMap(([, text]) => parseAllDocuments(text))
    .map((document): unknown => (document.errors.length > 0 ? undefined : document.toJS({ maxAliasCount: 100 })))
    .filter(isObject);
}
