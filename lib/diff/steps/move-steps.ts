import { identityMoves } from '../../checks/base/entry-moves';
import type { Config } from '../../config/config';
import { comment } from '../../node-files/shell';
import type { Step } from './manual-step';

/** The codes of changes that have steps of their own. */
const hasSteps = ['domain-changed', 'storage-changed', 'takeover-without-id'];

/**
 * Returns a step before merging for each error of `kaniflux check --base`: a change that would lose the database of
 * Kanidm, or that Kanidm refuses. Errors that have their own steps are left out. Without migrations, errors about
 * entries are left out too, because the runbook compares the UUIDs of entries and stops if one is wrong.
 */
export function moveSteps({ before, after }: { readonly before: Config; readonly after: Config }): Step[] {
  if (before.kanidm.domain === '') return [];
  const migrates = after.kanidm.provision === 'migrations';
  return identityMoves(before, after)
    .filter(({ code, severity, place: { path } }) => {
      const isOfEntry = path[0] !== 'kanidm';
      return severity === 'error' && !hasSteps.includes(code) && (migrates || !isOfEntry);
    })
    .map(({ code, message, fix }) => ({
      title: `${message} (${code})`,
      isBefore: true,
      commands: [comment(`fix: ${fix}`)],
    }));
}
