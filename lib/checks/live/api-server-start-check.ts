import type { Cluster } from '../../config/config';
import { meaningsOf } from '../../explain/explain-log';
import { keyAt } from '../../findings/finding';
import { clusterSettings } from '../../node-files/control-plane-files';
import { carried } from '../../node-files/control-plane-readme';
import { clusterVersion, isSilent } from './kubectl-checks';
import { type CheckResult, failed, type LiveCheck, passed, skipped } from './live-check';
import type { LiveSystem } from './live-system';
import { reasonOf } from './observation';
import { Question } from './question';

/** Matches the last log line of a kube-apiserver that does not start. */
const lastWords = /"command failed" err="(?<reason>(?:[^"\\]|\\.)*)"|(?:^| [FP] )(?<fatal>(?:panic|Error): .*)$/;

/**
 * Returns the last line of a log in which kube-apiserver says why it ended, with the reason; `undefined` if there is
 * none.
 */
export function startFailure(log: string): { readonly line: string; readonly reason: string } | undefined {
  const line = log.split('\n').findLast((one) => lastWords.test(one));
  const { reason, fatal } = (line && lastWords.exec(line)?.groups) || {};
  if (line === undefined) return undefined;
  return { line, reason: (reason ?? fatal ?? '').replaceAll('\\"', '"') };
}

const logs = new Question<string>();

/**
 * If an API server does not answer, reads the log of kube-apiserver on this machine, which may be the node of the API
 * server. Reports why kube-apiserver does not start, if the log has the reason.
 */
export const apiServerStart: LiveCheck = {
  code: 'api-server-down',
  parts: ['cluster', 'flux'],
  async run(system) {
    const results: CheckResult[] = [];
    const [only, ...others] = system.clusters;
    for (const cluster of system.clusters) {
      const reached = await clusterVersion(system, cluster);
      if (reached.value) continue;
      if (!isSilent(reasonOf(reached)) || (await system.apiServer(cluster)).value) continue;
      const what = `the log of kube-apiserver of ${cluster.name}`;
      if (!only || others.length > 0) {
        results.push(
          skipped(
            `${what}: choose a cluster with --cluster, because the log on this machine does not say to which cluster it belongs`,
          ),
        );
        continue;
      }
      const log = await logs.ask(system, '', () => system.tools.apiServerLog());
      if (log.value === undefined) results.push(skipped(what, reasonOf(log)));
      else results.push(judge(log.value, cluster, system));
    }
    return results;
  },
};

function judge(log: string, cluster: Cluster, { config }: LiveSystem): CheckResult {
  const failure = startFailure(log);
  const where = 'the newest log of kube-apiserver on this machine';
  if (!failure) return passed(`${where} does not end with an error`);
  const message = `kube-apiserver on this machine does not start: ${failure.reason}`;
  const [meaning] = meaningsOf(failure.line);
  const settings = clusterSettings(config, cluster);
  const file = carried(settings).find(({ path }) => failure.reason.includes(`${path}: no such file`));
  const fix = file
    ? `\`install -D -m 0644 dist/control-planes/${cluster.name}/${file.name} ${file.path}\``
    : (meaning?.fix ??
      `fix the cause of this error; \`dist/control-planes/${cluster.name}/README.md\` describes how to go back to the previous settings`);
  return failed(keyAt([...cluster.path, 'authentication']), message, fix, { cluster: cluster.name });
}
