import { accessDiff } from './access-changes';
import { accessStatements } from './access-statements';
import type { AccessChange } from './change';
import {
  type Committed,
  type CommittedDiff,
  committedDiff,
  committedObjects,
  committedStatements,
} from './committed-output';
import { fieldStatements } from './field-statements';
import { type FileChange, fileDiff } from './file-changes';
import type { Live } from './live-diff';
import { nameStatements } from './name-changes';
import { type ObjectChange, objectChanges, objectDiff } from './object-changes';
import type { Side } from './side';
import { gathered, inOrder, type Statement } from './statement';
import type { Step } from './steps/step';
import { stepsAfter } from './steps/steps';

/** Everything that a change changes. Empty if and only if what is rendered, and the resolved configs, are the same. */
export interface Diff {
  /** In words, the worst first. */
  readonly statements: readonly Statement[];
  readonly access: readonly AccessChange[];
  readonly objects: readonly ObjectChange[];
  readonly files: readonly FileChange[];
  /** What a person has to do once it is merged, in order. */
  readonly afterMerging: readonly Step[];
  /** How many clusters there are, so that all of them can be called so. */
  readonly clusters: number;
}

export const isEmpty = ({ statements, access, objects, files }: Diff): boolean =>
  statements.length + access.length + objects.length + files.length === 0;

export interface ReviewInput {
  readonly before: Side;
  readonly after: Side;
  /** The output folder as it is committed on both sides, where that is compared too. */
  readonly committed?: Committed & { readonly folder: string };
}

/** The difference of two sides, with all that is rendered from their configs. */
export function reviewDiff({ before, after, committed }: ReviewInput): Diff {
  const files = fileDiff(before.config, after.config);
  const found = committed && committedDiff(committed, files);
  const applied = committed && found ? asCommitted({ before, after }, committed, found) : { before, after };
  const access = accessDiff(applied.before, applied.after);
  const objects = objectDiff(applied.before, applied.after);
  const statements = gathered([
    ...accessStatements(access),
    ...nameStatements(before, after),
    ...(committed && found ? committedStatements(found, committed.folder) : []),
    ...fieldStatements(before.config, after.config),
  ]);
  return {
    statements: inOrder(statements.length === 0 && files.length > 0 ? [inAnotherOrder] : statements),
    access,
    objects,
    files,
    afterMerging: stepsAfter({ before: before.config, after: after.config, files, objects }),
    clusters: after.config.clusters.size,
  };
}

/** The difference of a live cluster and of what the config would make of it. */
export function liveDiff(cluster: string, { before, after, objects }: Live): Diff {
  const access = accessDiff(before, after);
  return {
    statements: inOrder(gathered(accessStatements(access))),
    access,
    objects: objectChanges(cluster, objects.before, objects.after, 'written'),
    files: [],
    afterMerging: [],
    clusters: after.config.clusters.size,
  };
}

/** Both sides with what is committed for the clusters whose committed files change otherwise than the config says. */
function asCommitted(
  sides: { readonly before: Side; readonly after: Side },
  committed: Committed,
  { unexplained }: CommittedDiff,
): { readonly before: Side; readonly after: Side } {
  const names = new Set(unexplained.map(({ path }) => /^clusters\/([^/]+)\//.exec(path)?.[1]));
  const side = (one: Side, files: Committed['before']): Side => ({
    ...one,
    objects: (name) => (names.has(name) ? committedObjects(files, name) : one.objects(name)),
    isSameOn: (other, name) => !names.has(name) && (one.isSameOn?.(other, name) ?? false),
  });
  return { before: side(sides.before, committed.before), after: side(sides.after, committed.after) };
}

/** Maps of the config have no order of their own, but files are written in it. */
const inAnotherOrder: Statement = {
  part: 'settings',
  level: 'none',
  change: 'changed',
  say: () => 'entries of the config stand in another order, and so do lines of files',
  clusters: [],
  details: [],
};
