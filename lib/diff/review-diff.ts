import { formerClusters } from '../checks/base/renamed-clusters';
import type { Config } from '../config/config';
import { renderCluster } from '../render';
import { accessDiff } from './access-changes';
import { accessStatements } from './access-statements';
import { becomingStatements } from './becoming-changes';
import { betweenStatements } from './between-statements';
import type { AccessChange } from './change';
import { built, type Files } from './committed-folders';
import {
  type Committed,
  type CommittedDiff,
  committedDiff,
  committedObjects,
  committedStatements,
  ignoreStatement,
  unreadCommitted,
} from './committed-output';
import { fieldStatements } from './field-statements';
import { type FileChange, fileDiff, withoutCluster } from './file-changes';
import { handWrittenStatements } from './hand-written-statements';
import { withKept } from './kept-entries';
import type { Live } from './live-diff';
import { withLookAlikes } from './look-alike-notes';
import { nameStatements } from './name-changes';
import { keptObjects, keptStatement, notAppliedStatements, withKeptObjects } from './not-applied-statements';
import { type ObjectChange, objectChanges, objectDiff } from './object-changes';
import { pendingStatements } from './pending-statements';
import { policyStatements } from './policy-statements';
import { clusterRenameStatements, withNewClusterNames } from './renamed-clusters';
import type { Side } from './side';
import { signInGapStatements } from './sign-in-gaps';
import { gathered, inOrder, type Statement } from './statement';
import type { Step } from './steps/manual-step';
import { stepsAfter } from './steps/manual-steps';
import { unknownRoleStatements } from './unknown-role-statements';
import { type UnreadOnBoth, unreadStatements } from './unread-statements';
import { validityStatements } from './validity-statements';
import { workloadStatements } from './workload-statements';

/** All differences between the state before a change and the state after it. */
export interface Diff {
  /** The changes as sentences, the worst first. */
  readonly statements: readonly Statement[];
  readonly access: readonly AccessChange[];
  readonly objects: readonly ObjectChange[];
  readonly files: readonly FileChange[];
  /** The manual steps before and after merging, in order. @default - not known */
  readonly afterMerging?: readonly Step[];
  /** The name of the output folder in the paths of files. */
  readonly folder: string;
  /** The number of clusters, so that a list of every cluster is printed as `all 12 clusters`. */
  readonly clusters: number;
}

export const isEmpty = ({ statements, access, objects, files }: Diff): boolean =>
  statements.length + access.length + objects.length + files.length === 0;

export interface ReviewInput {
  readonly before: Side;
  readonly after: Side;
  /** The committed output folder of both sides, if it is part of the comparison. */
  readonly committed?: Committed & { readonly folder: string };
  /** The paths of the changed `.sourceignore` files. @default - none */
  readonly sourceIgnores?: readonly string[];
  /** What was skipped when the hand-written objects were read. */
  readonly unread?: UnreadOnBoth;
}

/** Returns all differences between two sides, and between the files that are rendered from them. */
export function reviewDiff({ before, after, committed, sourceIgnores = [], unread }: ReviewInput): Diff {
  const folder = committed?.folder ?? 'dist';
  const files = fileDiff(before.config, after.config);
  const found = committed && committedDiff(committed, files);
  const sides = { before, after };
  const applied = withNames(committed && found ? asCommitted(sides, committed, found) : sides);
  // Kanidm keeps some of what left the config, so the access after the change follows from this config.
  const config = withKept(before.config, after.config);
  const later = { ...applied.after, config };
  const now = { ...after, config };
  // If Kanidm keeps something, the files can differ although the two configs are equal again.
  const compared = (side: Side): Side => (config === after.config ? side : { ...side, isSameOn: () => false });
  const [old, was] = [compared(withNames(sides).before), compared(applied.before)];
  const access = accessDiff(was, later);
  const objects = objectDiff(applied.before, applied.after);
  const statements = gathered([
    ...accessStatements(access),
    ...unknownRoleStatements(was, later),
    ...(unread ? unreadStatements(unread) : []),
    ...becomingStatements(was, later),
    ...nameStatements(old, now, access),
    ...validityStatements(old, now),
    ...notAppliedStatements(old, after),
    ...(applied.kept ?? []),
    ...betweenStatements(old, now),
    ...signInGapStatements(old.config, config),
    ...policyStatements(old.config, config),
    ...pendingStatements(old, now),
    ...(committed && found ? committedStatements(committed, found, committed.folder) : []),
    ...(committed && found ? unreadStatements(unreadCommitted(committed, found, committed.folder)) : []),
    ...sourceIgnores.map((path) => ignoreStatement(path, folder)),
    ...clusterRenameStatements(before.config, after.config),
    ...fieldStatements(old.config, after.config),
    ...handWrittenStatements(objects, old, after),
    ...workloadStatements(applied.before, later),
  ]);
  return {
    statements: ordered(statements.length === 0 && files.length > 0 ? [inAnotherOrder] : statements),
    access,
    objects,
    files,
    afterMerging: stepsAfter({ before: before.config, after: after.config, files, objects, folder }),
    folder,
    clusters: after.config.clusters.size,
  };
}

interface Sides {
  readonly before: Side;
  readonly after: Side;
  /** Statements about committed objects that the cluster keeps as they were. @default - none */
  readonly kept?: readonly Statement[];
}

const withNames = (sides: Sides): Sides => ({
  ...sides,
  before: withNewClusterNames(sides.before, sides.after.config),
});

/**
 * Sorts the statements, because only the first statement with a look-alike name gets a note about this name. Then sorts
 * them again, because a note can raise the level of a statement.
 */
const ordered = (statements: readonly Statement[]): Statement[] => inOrder(withLookAlikes(inOrder(statements)));

/** Returns the differences between a live cluster and the cluster after the config is applied. */
export function liveDiff(cluster: string, { before, after, objects, kept }: Live): Diff {
  const access = accessDiff(before, after);
  const isKept = new Set(kept.map(({ id }) => id));
  return {
    statements: ordered(
      gathered([
        ...accessStatements(access),
        ...becomingStatements(before, after),
        ...kept.map((one) => keptStatement(cluster, one, '')),
      ]),
    ),
    access,
    objects: objectChanges(cluster, objects.before, objects.after, 'written').filter((one) => !isKept.has(one.object)),
    files: [],
    folder: 'dist',
    clusters: after.config.clusters.size,
  };
}

/**
 * Returns both sides. On clusters where committed files have changes that do not follow from the config, committed
 * objects replace the rendered ones.
 */
function asCommitted(sides: Sides, committed: Committed, { unexplained }: CommittedDiff): Sides {
  const names = new Set(unexplained.map(({ path }) => /^clusters\/([^/]+)\//.exec(path)?.[1]));
  const { before, after } = committed;
  const renderedBefore = (folder: string) => built(renderedFiles(sides.before.config, folder), folder).objects;
  // Until Flux can build a folder, the cluster keeps the objects of this folder.
  const former = formerClusters(sides.before.config, sides.after.config);
  const objectsBefore = (folder: string) => {
    const [top = '', name = '', ...rest] = folder.split('/');
    const old = [top, former.get(name) ?? name, ...rest].join('/');
    const { objects, broken } = built(before, old);
    return broken === undefined ? objects : renderedBefore(old);
  };
  const was = (name: string) => committedObjects(before, name, renderedBefore);
  const is = (name: string) => committedObjects(after, name, objectsBefore);
  const kept = new Map(
    [...sides.after.config.clusters.keys()].flatMap((name) =>
      names.has(name) ? [[name, keptObjects(was(name), is(name))] as const] : [],
    ),
  );
  const side = (one: Side, objects: (name: string) => readonly object[]): Side => ({
    ...one,
    objects: (name) => (names.has(name) ? [...objects(name), ...(one.byHand?.(name) ?? [])] : one.objects(name)),
    reachKey: (name) => (names.has(name) ? undefined : one.reachKey?.(name)),
    isSameOn: (other, name) => !names.has(name) && (one.isSameOn?.(other, name) ?? false),
  });
  return {
    before: side(sides.before, was),
    after: side(sides.after, (name) => withKeptObjects(is(name), kept.get(name) ?? [])),
    kept: [...kept].flatMap(([name, all]) => all.map((one) => keptStatement(name, one, 'committed '))),
  };
}

/** Returns the files that a config renders for the cluster to which a folder such as `clusters/lab/access` belongs. */
function renderedFiles(config: Config, folder: string): Files {
  const cluster = config.clusters.get(withoutCluster(`${folder}/`).name);
  return new Map(cluster ? [...renderCluster(config, cluster)].map(({ path, text }) => [path, text]) : []);
}

/** The statement if only the order of entries changed. The order has no meaning, but rendered files follow it. */
const inAnotherOrder: Statement = {
  part: 'settings',
  level: 'none',
  change: 'changed',
  say: () => 'the order of entries in the config changed, and with it the order of lines in files',
  clusters: [],
  details: [],
};
