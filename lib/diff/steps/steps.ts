import type { Config } from '../../config/config';
import type { FileChange } from '../file-changes';
import type { ObjectChange } from '../object-changes';
import { fluxSteps, immutableSteps, kubeconfigSteps, nodeSteps } from './cluster-steps';
import { domainSteps } from './domain-steps';
import { kanidmSteps } from './kanidm-steps';
import type { Step } from './step';

/** Returns the manual steps after a change is merged, in order; empty if there are none. */
export const stepsAfter = (change: {
  readonly before: Config;
  readonly after: Config;
  readonly files: readonly FileChange[];
  readonly objects: readonly ObjectChange[];
  /** The output folder. */
  readonly folder: string;
}): Step[] => [
  ...immutableSteps(change),
  ...fluxSteps(change),
  ...domainSteps(change),
  ...kanidmSteps(change),
  ...nodeSteps(change),
  ...kubeconfigSteps(change),
];
