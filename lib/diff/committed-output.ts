import type { KubernetesObject } from '../output/kubernetes-object';
import { isCommentChange } from './comment-changes';
import { built, type Files, folderOf, foldersIn } from './committed-folders';
import { changedFiles, type FileChange, lineDifference, linesOf, withoutCluster } from './file-changes';
import type { Level, Statement } from './statement';
import type { UnreadOnBoth } from './unread-statements';

/** The committed output files by path, before and after. */
export interface Committed {
  readonly before: Files;
  readonly after: Files;
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
    if (!ours || (ours.before === before && ours.after === after)) return !ours;
    // The rendered texts lack the sections of the clusters that are equal on both sides.
    return path !== 'ACCESS.md' || changedLines(ours) !== changedLines({ before, after });
  });
  const moved = new Set(changed.map(({ path }) => path));
  return { unexplained, stale: rendered.map(({ path }) => path).filter((path) => !moved.has(path)) };
}

function changedLines({ before, after }: Pick<FileChange, 'before' | 'after'>): string {
  const { added, removed } = lineDifference(before, after);
  return JSON.stringify([added.sort(), removed.sort()]);
}

/**
 * Returns statements about committed files that do not match the config.
 * @param folder the name of the output folder
 */
export function committedStatements(committed: Committed, diff: CommittedDiff, folder: string): Statement[] {
  const { unexplained, stale } = diff;
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
    ...brokenStatements(committed, diff, folder),
    ...unexplained
      .filter((file) => !comments.includes(file))
      .map((file) =>
        statement(
          levelOfFile(file.path),
          `${folder}/${file.path} ${words[file.change]} in a way that the config does not explain: it was edited by hand, or rendered from another config or by another version of Kaniflux`,
          linesOf(file),
        ),
      ),
    ...(comments.length > 0
      ? [
          statement(
            'low',
            `in ${comments.length === 1 ? 'one file' : `${comments.length} files`} below ${folder}/, only comments or formatting changed, which changes nothing on the cluster: somebody edited these lines by hand, or they were rendered from another config or by another version of Kaniflux`,
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
 * Returns the statement about a changed `.sourceignore`, which decides what files Flux leaves out of a source.
 * @see https://fluxcd.io/flux/components/source/gitrepositories/#sourceignore-file
 */
export const ignoreStatement = (path: string, folder: string): Statement => ({
  part: 'output',
  level: 'medium',
  change: 'changed',
  say: () =>
    `${path} changed: Flux leaves the files that match a pattern in this file out of the source. If these include files below ${folder}/, Flux does not apply changes in them, and access that the change takes away can stay`,
  clusters: [],
  details: [],
});

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

/**
 * Files that a program reads or runs rank highest: with a changed kubeconfig or runbook, or with changed settings of an
 * API server, somebody can get full control of a cluster. Then come the READMEs with commands for people.
 */
function levelOfFile(path: string): Level {
  if (!/^(clusters|flux|control-planes|kubeconfigs|kanidm|apps)\/|^kubeconfig\.yaml$/.test(path)) return 'low';
  return path.endsWith('.md') && !/^(clusters|flux)\//.test(path) ? 'medium' : 'high';
}

/**
 * Returns the objects that Flux builds from the committed files of a cluster.
 * @param instead returns the objects to assume for a folder that Flux cannot build
 */
export const committedObjects = (
  files: Files,
  cluster: string,
  instead: (folder: string) => readonly KubernetesObject[],
): KubernetesObject[] =>
  foldersIn(files, cluster).flatMap((folder) => {
    const { objects, broken } = built(files, folder);
    return broken === undefined ? objects : instead(folder);
  });

/** Returns a statement for each folder with unexplained changes that Flux cannot build, before or after the change. */
function brokenStatements({ before, after }: Committed, { unexplained }: CommittedDiff, folder: string): Statement[] {
  return changedFolders(unexplained).flatMap((one): Statement[] => {
    const [was, is] = [before, after].map((files) => built(files, one).broken);
    if (was === undefined && is === undefined) return [];
    const assumed =
      was === undefined
        ? 'what the folder contained before the change'
        : 'what the config before the change renders for the folder';
    const text =
      is === undefined
        ? `before this change, Flux could not build ${folder}/${one}, because ${was}: what is on the cluster is not known; this review assumes that it is ${assumed}`
        : `Flux cannot build ${folder}/${one}, because ${is}: the cluster keeps what Flux applied last; this review assumes that this is ${assumed}`;
    return [{ part: 'output', level: 'medium', change: 'changed', say: () => text, clusters: [], details: [] }];
  });
}

const changedFolders = (unexplained: readonly FileChange[]): string[] => [
  ...new Set(unexplained.flatMap(({ path }) => folderOf(path) ?? [])),
];

/**
 * Looks in the folders with unexplained changes. Returns each kustomization.yaml with fields or resources that Kaniflux
 * does not evaluate.
 */
export function unreadCommitted(
  { before, after }: Committed,
  { unexplained }: CommittedDiff,
  folder: string,
): UnreadOnBoth {
  const unreadIn = (files: Files) =>
    new Map(
      changedFolders(unexplained).flatMap((one) => {
        const { unread, kustomization } = built(files, one);
        const fields = Object.keys(unread).map((field) => `\`${field === 'elsewhere' ? 'resources' : field}\``);
        if (kustomization === undefined || fields.length === 0) return [];
        const file = `${folder}/${kustomization}`;
        const reason = `${fields.join(', ')} can change or add objects`;
        return [[file, { file, reason, content: JSON.stringify(unread) }] as const];
      }),
    );
  return { before: unreadIn(before), after: unreadIn(after) };
}
