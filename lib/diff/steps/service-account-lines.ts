import type { ServiceAccount } from '../../config/config';
import { command } from '../../node-files/shell';
import { defaultManager } from '../../upstream/kanidm-builtin';
import { type Before, byRunbook, changed, descriptionLines, kanidm, validityLines } from './kanidm-command-lines';

export function serviceAccountLines(before: Before<ServiceAccount>, after: ServiceAccount): string[] {
  const { name, displayName, managedBy } = after;
  const update = (option: string) => command('kanidm', 'service-account', 'update', name, option);
  const first = managedBy === defaultManager ? managerChange(before, after) : [];
  const manager = managedBy === defaultManager || !before ? defaultManager : before.managedBy;
  return [
    ...(before ? [] : [kanidm(['service-account', 'create'], name, displayName, defaultManager)]),
    ...first,
    ...validityLines('service-account', before, after, manager),
    ...descriptionLines([before, after], `service account ${name}`),
    ...(before ? changed([before, after], 'displayName', (value) => [update(`--displayname=${value}`)]) : []),
  ];
}

/**
 * Returns the commands for the managers that the config defines. They come after the commands for all service accounts,
 * because a manager can be a new account, and because only a manager may set the times of an account.
 */
export const managerLines = (before: Before<ServiceAccount>, after: ServiceAccount): string[] =>
  after.managedBy === defaultManager ? [] : managerChange(before, after);

const managerChange = (before: Before<ServiceAccount>, after: ServiceAccount): string[] =>
  changed(
    [before ?? { managedBy: defaultManager }, after],
    'managedBy',
    (value) => [command('kanidm', 'service-account', 'update', after.name, `--entry-managed-by=${value}`)],
    [byRunbook(`remove the manager of service account ${after.name}`)],
  );
