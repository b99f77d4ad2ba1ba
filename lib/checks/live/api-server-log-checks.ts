import type { Cluster } from '../../config/config';
import { explainLog } from '../../explain/explain-log';
import { eachCluster } from './kubectl-checks';
import { type CheckResult, failed, type LiveCheck, passed, skipped } from './live-check';
import type { LiveCode } from './live-codes';
import type { LiveSystem } from './live-system';
import { reasonOf } from './observation';
import { Question } from './question';
import { apiServerPods } from './server-flags';

/**
 * An API server that cannot reach the issuer retries every ten seconds and logs a line each time, so a minute is
 * enough.
 */
const since = '--since=60s';
/** The ids of the explanations for log lines about the issuer, as opposed to a single token. */
const aboutIssuer = new Set(['initializing-plugin', 'fetching-keys', 'oidc-settings']);

const kinds = {
  'issuer-unresolved': /dial tcp: lookup |no such host/,
  'issuer-untrusted': /x509: /,
} as const;

const subject = { 'issuer-unresolved': 'the name', 'issuer-untrusted': 'the certificate' } as const;

const answers = new Question<readonly LastLine[]>();

interface LastLine {
  readonly pod: string;
  /** `undefined` if the log has no such line. */
  readonly line?: string;
}

/** Returns, for each API server, the last log line about a failure to reach the issuer. */
async function complaints(system: LiveSystem, cluster: Cluster): Promise<readonly LastLine[]> {
  const pods = await system.kubectl(cluster, 'get', 'pods', '--namespace=kube-system');
  if (pods.value === undefined) throw new Error(reasonOf(pods));
  return Promise.all(
    apiServerPods(pods.value).map(async ({ name: pod }) => {
      const log = await system.kubectlText(cluster, 'logs', pod, '--namespace=kube-system', since);
      if (log.value === undefined) throw new Error(reasonOf(log));
      const lines = log.value.split('\n').filter((line) => /oidc/i.test(line));
      const answers = explainLog(lines.join('\n')).answers.filter(({ id }) => aboutIssuer.has(id));
      const line = answers.at(-1)?.lines.at(-1);
      return line === undefined ? { pod } : { pod, line };
    }),
  );
}

function ofLog(code: keyof typeof kinds & LiveCode): LiveCheck {
  return {
    code,
    parts: ['cluster'],
    run: (system) =>
      eachCluster(system, 'the log of the API server', async (cluster): Promise<readonly CheckResult[]> => {
        const read = await answers.ask(system, cluster.name, () => complaints(system, cluster));
        const what = `the log of the API server of ${cluster.name}`;
        if (read.value === undefined) return [skipped(what, reasonOf(read))];
        if (read.value.length === 0) return [skipped(`${what}: the API server does not run as a visible pod`)];
        return read.value.map(({ pod, line }) => {
          if (line === undefined)
            return passed(`${pod} has logged nothing about ${subject[code]} of Kanidm in the last minute`);
          if (!kinds[code].test(line)) return skipped(`${subject[code]} of Kanidm, as seen by ${pod}`);
          const [message, fix] = words(code, { system, cluster, pod, line });
          return failed([...cluster.path, 'authentication'], message, fix, { cluster: cluster.name });
        });
      }),
  };
}

interface Complaint {
  readonly system: LiveSystem;
  readonly cluster: Cluster;
  readonly pod: string;
  readonly line: string;
}

function words(code: keyof typeof kinds, { system, cluster, pod, line }: Complaint): [string, string] {
  const { hostname } = system.origin;
  if (code === 'issuer-unresolved')
    return [
      `${pod} cannot resolve ${hostname}: every login fails with Unauthorized`,
      `add the name to the DNS of the control-plane nodes; or, on each of them, run \`echo 'ADDRESS ${hostname}' >> /etc/hosts\` and then \`pkill -x kube-apiserver\`, because the container copies that file when it starts`,
    ];
  const reason = /x509: [^"]*/.exec(line)?.[0] ?? line;
  return [
    `${pod} does not trust the certificate of ${hostname}: ${reason}`,
    `write the CA file of Kanidm in \`authentication.ca.file\`, run \`kaniflux synth\` and follow \`dist/control-planes/${cluster.name}/README.md\``,
  ];
}

export const apiServerLogChecks: readonly LiveCheck[] = [ofLog('issuer-unresolved'), ofLog('issuer-untrusted')];
