import type { Cluster } from '../../config/config';
import { apiServerToKanidm, because } from '../../explain/connection-reasons';
import { meaningsOf } from '../../explain/explain-log';
import { authenticators } from '../../identity/authenticator';
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
/** The ids of the explanations for log lines that are about the issuer, and not about a single token. */
const aboutIssuer = new Set(['initializing-plugin', 'fetching-keys']);

const checked = {
  'issuer-unresolved': 'the name of Kanidm',
  'issuer-untrusted': 'the certificate of Kanidm',
  'issuer-not-read': 'the discovery document of Kanidm',
} as const satisfies Partial<Record<LiveCode, string>>;

type LogCode = keyof typeof checked;

/** Why an API server could not read an issuer, from the last line of its log about this issuer. */
interface Complaint {
  /** The address in the line; `undefined` if the line has none. */
  readonly url: URL | undefined;
  readonly reason: string;
  readonly code: LogCode;
}

interface PodLog {
  readonly pod: string;
  readonly complaints: readonly Complaint[];
  /** Why the log could not be read. @default - it was read */
  readonly reason?: string;
}

const answers = new Question<readonly PodLog[]>();

async function podLogs(system: LiveSystem, cluster: Cluster): Promise<readonly PodLog[]> {
  const pods = await system.kubectl(cluster, 'get', 'pods', '--namespace=kube-system');
  if (pods.value === undefined) throw new Error(reasonOf(pods));
  return Promise.all(
    apiServerPods(pods.value).map(async ({ name: pod }): Promise<PodLog> => {
      const log = await system.kubectlText(cluster, 'logs', pod, '--namespace=kube-system', since);
      if (log.value === undefined) return { pod, complaints: [], reason: reasonOf(log) };
      return { pod, complaints: complaints(log.value) };
    }),
  );
}

function complaints(log: string): Complaint[] {
  const last = new Map<string, Complaint>();
  for (const line of log.split('\n').filter((one) => /oidc|JWKS/i.test(one))) {
    const meaning = meaningsOf(line).find(({ id }) => aboutIssuer.has(id));
    if (!meaning) continue;
    const text = meaning.facts.reason || meaning.facts.keys || 'provider did not return JWKS URL';
    // Kubernetes prints several errors as a list in brackets. The last error then ends with a bracket.
    const reason = text.includes('[') ? text : text.replace(/ ?\]$/, '');
    const url = addressIn(reason);
    const key = url?.href ?? '';
    // Without `delete`, the key would keep its place in the Map. The last complaint in the log must come last.
    last.delete(key);
    last.set(key, { url, reason, code: codeOf(reason) });
  }
  return [...last.values()];
}

function addressIn(reason: string): URL | undefined {
  const text = /\bGet "(https:\/\/[^"]+)"|expected "(https:\/\/[^"]+)"/.exec(reason)?.slice(1).find(Boolean);
  return text !== undefined && URL.canParse(text) ? new URL(text) : undefined;
}

function codeOf(reason: string): LogCode {
  // An error about the name or certificate of a proxy says nothing about those of Kanidm.
  if (/proxyconnect/.test(reason)) return 'issuer-not-read';
  if (/dial tcp: lookup |no such host/.test(reason)) return 'issuer-unresolved';
  return /x509: /.test(reason) ? 'issuer-untrusted' : 'issuer-not-read';
}

function ofLog(code: LogCode): LiveCheck {
  return {
    code,
    parts: ['cluster'],
    run: (system) =>
      eachCluster(system, 'the log of the API server', async (cluster): Promise<readonly CheckResult[]> => {
        const read = await answers.ask(system, cluster.name, () => podLogs(system, cluster));
        const what = `the log of the API server of ${cluster.name}`;
        if (read.value === undefined) return [skipped(what, reasonOf(read))];
        if (read.value.length === 0) return [skipped(`${what}: kubectl shows no pod of the API server in kube-system`)];
        // The node of one API server can be down while the logs of the others show the cause.
        return read.value.flatMap((log) =>
          log.reason === undefined
            ? judge(code, log, { system, cluster })
            : [skipped(`the log of ${log.pod}`, log.reason)],
        );
      }),
  };
}

interface Where {
  readonly system: LiveSystem;
  readonly cluster: Cluster;
}

function judge(code: LogCode, { pod, complaints }: PodLog, where: Where): CheckResult[] {
  const { system, cluster } = where;
  // A line without an address is about Kanidm if the API server trusts no other issuer.
  const isOurs = ({ url }: Complaint) =>
    url === undefined ? cluster.issuers.length + cluster.jwt.length === 0 : url.host === system.origin.host;
  const ours = complaints.filter(isOurs);
  const others = code === 'issuer-not-read' ? complaints.filter((one) => !isOurs(one)) : [];
  const results = others.map(({ url, reason }) =>
    skipped(
      `${pod} cannot read ${url ? `${url.host}, which is not the host of \`kanidm.origin\`` : 'an issuer that its log does not name'}`,
      reason,
    ),
  );
  const found = ours.filter((one) => one.code === code);
  const isUnknown = complaints.some((one) => one.url === undefined && one.code === code);
  if (ours.length === 0 && !isUnknown)
    return [...results, passed(`${pod} has logged nothing about ${checked[code]} in the last minute`)];
  if (found.length === 0) return [...results, skipped(`${checked[code]}, as seen by ${pod}`)];
  // All clients of Kanidm share its host name and its certificate, so one error about these is enough. But each client
  // has its own discovery document.
  const each = code === 'issuer-not-read' ? found : found.slice(-1);
  return [
    ...results,
    ...each.map((one) => {
      const [message, fix] = words(one, pod, where);
      return failed([...cluster.path, 'authentication'], message, fix, { cluster: cluster.name });
    }),
  ];
}

function words({ code, reason, url }: Complaint, pod: string, { system, cluster }: Where): [string, string] {
  const { hostname } = system.origin;
  const { fix } = because(reason, apiServerToKanidm);
  if (code === 'issuer-unresolved')
    return [
      `${pod} cannot resolve ${hostname}: every login fails with Unauthorized`,
      `add the name to the DNS of the control-plane nodes; or ${inHosts(cluster, hostname)}`,
    ];
  if (code === 'issuer-untrusted')
    return [
      `${pod} does not trust the certificate of ${hostname}: ${/x509: [^"]*/.exec(reason)?.[0] ?? reason}`,
      /unknown authority|is not trusted/.test(reason)
        ? `write the CA file of Kanidm in \`authentication.ca.file\`, run \`kaniflux synth\` and follow \`dist/control-planes/${cluster.name}/README.md\``
        : phrase(fix),
    ];
  const issuer = authenticators(system.config, cluster).find((one) =>
    `${url?.href}/`.startsWith(`${one.issuer}/`),
  )?.issuer;
  return [`${pod} cannot read the discovery document or the keys of ${issuer ?? hostname}: ${reason}`, phrase(fix)];
}

/** Says how to add a name to /etc/hosts of the control-plane nodes. */
function inHosts({ controlPlane }: Cluster, hostname: string): string {
  if (controlPlane === 'talos')
    return 'write it in `machine.network.extraHostEntries` of each control-plane node, and reboot the node: `docs/prerequisites.md` has the commands';
  if (controlPlane === 'cluster-api')
    return 'add it to /etc/hosts with `preKubeadmCommands` of the KubeadmControlPlane: Cluster API then replaces the machines';
  return `on each of them, run \`echo 'ADDRESS ${hostname}' >> /etc/hosts\` and then \`pkill -x kube-apiserver\`, because the container copies that file when it starts (on NixOS, follow \`docs/nixos.md\`)`;
}

/** Returns a sentence of an explanation in the form of a fix: without a capital letter and a full stop. */
const phrase = (text: string) => `${text.charAt(0).toLowerCase()}${text.slice(1)}`.replace(/\.$/, '');

export const apiServerLogChecks: readonly LiveCheck[] = [
  ofLog('issuer-unresolved'),
  ofLog('issuer-untrusted'),
  ofLog('issuer-not-read'),
];
