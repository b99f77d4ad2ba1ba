import type { Config } from '../../config/config';
import { isClear } from '../../config/printable';
import { comment } from '../../node-files/shell';
import type { FileChange } from '../file-changes';
import type { ObjectChange } from '../object-changes';
import { appSteps, fluxSteps, immutableSteps, kubeconfigSteps, nodeSteps } from './cluster-steps';
import { domainPreparation, domainSteps, takeoverPreparation } from './domain-steps';
import { deletionSteps, kanidmSteps } from './kanidm-change-steps';
import type { Step } from './manual-step';
import { moveSteps } from './move-steps';
import { upgradeSteps } from './upgrade-steps';
import { uuidSteps } from './uuid-steps';

/** Returns the manual steps in order, those before merging first; empty if there are none. */
export const stepsAfter = (change: {
  readonly before: Config;
  readonly after: Config;
  readonly files: readonly FileChange[];
  readonly objects: readonly ObjectChange[];
  /** The output folder. */
  readonly folder: string;
}): Step[] => {
  const steps = [
    ...domainPreparation(change),
    ...takeoverPreparation(change),
    ...moveSteps(change),
    ...upgradeSteps(change),
    ...immutableSteps(change),
    ...fluxSteps(change),
    ...domainSteps(change),
    ...kanidmSteps(change),
    ...uuidSteps(change),
    ...nodeSteps(change),
    ...appSteps(change),
    ...kubeconfigSteps(change),
    ...deletionSteps(change),
  ].map(withNotes);
  const [first, later] = [true, false].map((isBefore) => steps.filter((one) => (one.isBefore ?? false) === isBefore));
  return [...(first ?? []), ...(later ?? [])];
};

/**
 * Adds a note if a command contains misleading characters. Such characters are printed as escape sequences, so the
 * command cannot be copied.
 */
const withNotes = ({ title, isBefore, commands }: Step): Step => ({
  title: isBefore ? `Before merging: ${title}` : title,
  ...(isBefore ? { isBefore } : {}),
  commands: commands.flatMap((line) =>
    line.startsWith('#') || isClear(line)
      ? [line]
      : [
          comment('in the next line, codes such as \\u0435 stand for characters: copy the characters from the config'),
          line,
        ],
  ),
});
