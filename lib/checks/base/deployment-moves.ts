import type { Config, Kanidm } from '../../config/config';
import type { Finding } from '../../findings/finding';
import { serverVersion } from '../../identity/server-version';
import { chartFacts } from '../../upstream/kanidm-chart';
import { moveFinding } from './move-codes';
import { renamedClusters } from './renamed-clusters';

const moving = '(docs/kanidm.md, "Moving to other volumes")';
const removal = 'remove the old Kanidm but not its volumes';

/**
 * Reports changes between two revisions that would make Kanidm start without its database, or that would invalidate
 * credentials and UUIDs.
 */
export function deploymentMoves(before: Config, after: Config): Finding[] {
  const { kanidm } = before;
  const home = kanidm.cluster === undefined ? undefined : renamedClusters(before, after).get(kanidm.cluster);
  const was = home === undefined ? kanidm : { ...kanidm, cluster: home };
  return [domain, versions, volumes].flatMap((moves) => moves(was, after.kanidm));
}

function domain(before: Kanidm, after: Kanidm): Finding[] {
  if (before.domain === after.domain) return [];
  const uuids = after.provision === 'migrations' ? ', and every entry without an `id` would get another UUID' : '';
  const message = `the domain changes from ${before.domain} to ${after.domain}, but passkeys and tokens are valid only for ${before.domain}${uuids}`;
  const fix = `write \`${before.domain}\` again, or rename the domain in Kanidm first (\`kanidmd domain rename\`) and give each entry its \`id\``;
  return [moveFinding('domain-changed', ['kanidm', 'domain'], message, fix)];
}

/**
 * Reports downgrades and skipped minor versions. Kanidm upgrades its database one minor version at a time and cannot
 * downgrade it.
 */
function versions(before: Kanidm, after: Kanidm): Finding[] {
  const [from, to] = [serverVersion(before), serverVersion(after)];
  if (!from || !to || from.major !== to.major) return [];
  const path = after.version ? ['kanidm', 'version'] : ['kanidm'];
  if (to.minor < from.minor) {
    const message = `Kanidm would go back from ${from.text} to ${to.text}, which cannot open the newer database`;
    return [
      moveFinding(
        'version-back',
        path,
        message,
        `write \`version: "${from.text}"\`; to go back, restore a backup that ${to.text} made`,
      ),
    ];
  }
  if (to.minor - from.minor <= 1) return [];
  const steps = Array.from({ length: to.minor - from.minor }, (_, i) => `1.${from.minor + i + 1}`);
  const message = `Kanidm would go from ${from.text} to ${to.text} in one step, but Kanidm can only be upgraded one minor version at a time`;
  return [
    moveFinding(
      'version-jump',
      path,
      message,
      `write \`version: "${steps[0]}"\`, wait until this version is running, and continue with these versions in order: ${steps.join(', ')}`,
    ),
  ];
}

function volumes(before: Kanidm, after: Kanidm): Finding[] {
  const [was, is] = [volumesFrom(before), volumesFrom(after)];
  if (was === undefined && is === undefined) return [];
  // Helm replaces what it installed in the same place. In all other cases, the old deployment stays.
  const isSamePlace = before.cluster === after.cluster && before.namespace === after.namespace;
  const removed = isSamePlace && before.helm && after.helm ? '' : `${removal}, `;
  const lost = (code: 'kanidm-moves' | 'deployment-changed', field: string[], what: string) => [
    moveFinding(
      code,
      ['kanidm', ...field],
      `${what}: Kanidm would start on new, empty volumes`,
      `take a backup, ${removed}deploy the change, and restore the backup on the new volumes ${moving}`,
    ),
  ];
  if (was === undefined || is === undefined) {
    const [message, fix] =
      was === undefined
        ? [
            `With the config of the base revision, Kaniflux does not deploy Kanidm, but now Kaniflux would deploy Kanidm with ${is}. Unless the new deployment takes over the existing volumes, Kanidm would start with an empty database`,
            'take a backup, deploy the change, and restore the backup on the new volumes',
          ]
        : [
            `With the config of the base revision, Kaniflux deploys Kanidm with ${was}, but now Kaniflux would no longer deploy Kanidm: a server that replaces this Kanidm does not get the existing database`,
            'take a backup, restore it on the other server, and deploy the change',
          ];
    return [moveFinding('deployment-changed', ['kanidm'], message, `${fix} ${moving}`)];
  }
  if (before.cluster !== after.cluster)
    return lost('kanidm-moves', ['cluster'], `Kanidm moves from ${before.cluster} to ${after.cluster}`);
  if (before.namespace !== after.namespace) {
    return lost(
      'kanidm-moves',
      ['namespace'],
      `Kanidm moves from the namespace ${before.namespace} to ${after.namespace}`,
    );
  }
  if (was !== is) {
    const field = after.manifests ? ['manifests'] : ['helm', 'version'];
    const what = `Kaniflux would deploy Kanidm with ${is} instead of ${was}`;
    if (!hasStatefulSet(before) || !hasStatefulSet(after)) return lost('deployment-changed', field, what);
    const message = `${what}: both are a StatefulSet with the same name and the same volumes, and Flux cannot change one into the other`;
    const fix = `take a backup, ${removal}, and deploy the change ${moving}`;
    return [moveFinding('deployment-changed', ['kanidm', ...field], message, fix)];
  }
  return changedVolumes(before, after);
}

/** Returns what creates the volumes of Kanidm, as a text. If this text changes, Kanidm gets new volumes. */
function volumesFrom({ helm, manifests }: Kanidm): string | undefined {
  if (manifests) return 'manifests';
  if (!helm) return undefined;
  const facts = chartFacts(helm);
  return facts ? `the chart ${helm.chart} ${facts.line}.x (a ${facts.workload})` : `the chart ${helm.chart}`;
}

/** Whether Kanidm is a StatefulSet with the name and the volume claims of the manifests. */
const hasStatefulSet = ({ helm, manifests }: Kanidm): boolean =>
  manifests !== undefined || (helm !== undefined && chartFacts(helm)?.workload === 'StatefulSet');

/** Reports each field with which the size or class of a volume changed. */
function changedVolumes({ manifests: before }: Kanidm, { manifests: after }: Kanidm): Finding[] {
  if (!before || !after) return [];
  const changed = (path: string[], was: string | undefined, is: string | undefined): Finding[] => {
    const field = ['kanidm', ...path].join('.');
    const value = (one: string | undefined) => (one === undefined ? 'the default' : `\`${one}\``);
    const message = `\`${field}\` changes from ${value(was)} to ${value(is)}, but Kubernetes rejects a change of the size or StorageClass in the volume claims of a StatefulSet`;
    const restore = was === undefined ? `remove \`${field}\`` : `write \`${path.at(-1)}: ${was}\``;
    const grow = '; to get more space, grow the PersistentVolumeClaim if its StorageClass allows it';
    const fix = path.at(-1) === 'size' ? restore + grow : restore;
    return [moveFinding('storage-changed', ['kanidm', ...path], message, fix)];
  };
  const sizes = (path: string[], was: string, is: string) =>
    mebibytes(was) === mebibytes(is) ? [] : changed(path, was, is);
  const [was, is] = [before.storage.className, after.storage.className];
  return [
    ...sizes(['manifests', 'storage', 'size'], before.storage.size, after.storage.size),
    ...(was === is ? [] : changed(['manifests', 'storage', 'className'], was, is)),
    ...sizes(['backup', 'size'], before.backup.size, after.backup.size),
  ];
}

/** Returns a size in MiB, so that a change of only the unit is no change. */
function mebibytes(size: string): number {
  return Number(size.slice(0, -2)) * 1024 ** ['Mi', 'Gi', 'Ti'].indexOf(size.slice(-2));
}
