import { listOf, mapAt } from '../../guards';
import { serverVersion } from '../../identity/server-version';
import { has } from '../../upstream/kanidm-versions';
import { backupLog } from './backup-log';
import { eachCluster } from './kubectl-checks';
import { type CheckResult, failed, judged, type LiveCheck, passed, skipped } from './live-check';
import type { LiveSystem } from './live-system';
import { reasonOf } from './observation';
import { isOfServer, isReady } from './pod-state';

/** The time that a backup may take, in milliseconds. */
const grace = 10 * 60 * 1000;

const name = (object: unknown) => String(mapAt(object, 'metadata').name);

/**
 * Checks whether Kanidm makes its scheduled backups. The container image of Kanidm has no program to list the backup
 * files, so this check reads the log of the server. The log begins when the server started, or later.
 */
export const backups: LiveCheck = {
  code: 'backup-not-made',
  parts: ['cluster'],
  run: (system) =>
    eachCluster(system, 'the backups of Kanidm', async (cluster) => {
      const { kanidm } = system.config;
      if (kanidm.cluster !== cluster.name) return [];
      const inNamespace = `--namespace=${kanidm.namespace}`;
      const pods = await system.kubectl(cluster, 'get', 'pods', inNamespace);
      const what = `the backups of Kanidm in ${cluster.name}`;
      if (pods.value === undefined) return [skipped(what, reasonOf(pods))];
      const ready = listOf(mapAt(pods.value).items).find((pod) => isOfServer(pod) && isReady(pod));
      if (!ready)
        return [
          skipped(`${what}: no pod of a StatefulSet or Deployment called kanidm is ready (see kanidm-not-running)`),
        ];
      const log = system.kubectlText(cluster, 'logs', name(ready), inNamespace, '--container=kanidm');
      return judged(what, log, (text) => judge(text, system, name(ready)));
    }),
};

function judge(text: string, { config: { kanidm }, tools }: LiveSystem, pod: string): CheckResult {
  const path = kanidm.manifests ? ['kanidm', 'backup'] : ['kanidm', 'helm'];
  const of = `pod ${kanidm.namespace}/${pod}`;
  const log = backupLog(text);
  if (!log) return skipped(`the log of ${of} does not mention backups`);
  const command = `kubectl -n ${kanidm.namespace} exec ${pod} -c kanidm -- /sbin/kanidmd scripting backup > kanidm-backup.json.gz`;
  const version = serverVersion(kanidm);
  const canBackUp = !version || has(version, 'kanidmd scripting');
  const fix = (what: string) => (canBackUp ? `take a backup now with \`${command}\`, and ${what}` : what);
  const now = tools.now();
  if (log.failure !== undefined)
    return failed(path, `the last backup of ${of} failed: ${log.failure}`, fix('fix the cause of this failure'), {
      severity: 'error',
    });
  const missed = log.skipped.filter((time) => time.getTime() + grace < now).at(-1);
  if (missed)
    return failed(
      path,
      `${of} made no backup at ${inUtc(missed)}: the server was told to reload, which makes Kanidm 1.11 skip the next backup`,
      fix('stop reloading Kanidm regularly'),
    );
  if (log.next && log.next.getTime() + grace < now)
    return failed(path, `${of} made no backup at ${inUtc(log.next)}`, fix('read the log of this pod for the reason'));
  const next = log.next ? `; the next backup is due at ${inUtc(log.next)}` : '';
  return passed(
    log.newest
      ? `the newest backup of ${of} is from ${inUtc(log.newest)}${next}`
      : `no backup was due since the start of ${of}${next}`,
  );
}

const inUtc = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, 'Z');
