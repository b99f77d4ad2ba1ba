import type { Config } from '../../config/config';
import { serverVersion } from '../../identity/server-version';
import { command, comment } from '../../node-files/shell';
import type { Step } from './manual-step';

/**
 * Returns a step before Flux upgrades Kanidm to a newer minor or major version: a check, and a backup, since the older
 * server cannot read the database afterwards.
 * @see https://kanidm.github.io/kanidm/stable/server_updates.html
 */
export function upgradeSteps({ before, after }: { readonly before: Config; readonly after: Config }): Step[] {
  const [was, is] = [serverVersion(before.kanidm), serverVersion(after.kanidm)];
  if (!was || !is || (was.major === is.major && was.minor >= is.minor) || was.major > is.major) return [];
  const { cluster = '', namespace, helm, manifests } = after.kanidm;
  if (!helm && !manifests) return [];
  const exec = (...words: readonly string[]) =>
    command(
      'kubectl',
      `--context=${cluster}`,
      `--namespace=${namespace}`,
      'exec',
      'kanidm-0',
      '--container=kanidm',
      '--',
      '/sbin/kanidmd',
      ...words,
    );
  return [
    {
      title: `ask Kanidm whether it can be upgraded from ${was.text} to ${is.text}, and take a backup: the older version cannot read the database afterwards`,
      isBefore: true,
      commands: manifests
        ? [exec('domain', 'upgrade-check'), `${exec('scripting', 'backup')} > kanidm-backup.json.gz`]
        : [comment('in the pod of the chart: kanidmd domain upgrade-check, then a backup (docs/upgrade.md)')],
    },
  ];
}
