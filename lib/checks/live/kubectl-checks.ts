import type { Cluster } from '../../config/config';
import { parseVersion } from '../../config/version';
import { keyAt } from '../../findings/finding';
import { isText, mapAt } from '../../guards';
import { isLoopback } from '../../identity/redirects';
import { adminKubeconfigs } from '../../upstream/control-planes';
import { isSameServer, serverIn } from './contexts';
import { type CheckResult, failed, judged, type LiveCheck, passed, skipped } from './live-check';
import type { LiveSystem } from './live-system';
import { type Observation, reasonOf, unreadable } from './observation';

interface Version {
  readonly gitVersion: string;
}

/**
 * Returns the version of the server. Anybody can read the version, so a second request checks that the server accepts
 * the credentials.
 */
export async function clusterVersion(
  system: LiveSystem,
  cluster: LiveSystem['clusters'][number],
): Promise<Observation<Version>> {
  const found = await system.kubectl(cluster, 'version');
  if (!found.value) return unreadable(found);
  const { gitVersion } = mapAt(found.value, 'serverVersion');
  if (!isText(gitVersion)) return { reason: 'kubectl prints no server version' };
  const signedIn = await system.kubectlText(cluster, 'get', '--raw', '/api');
  return signedIn.value === undefined ? unreadable(signedIn) : { value: { gitVersion } };
}

const notCreated = (name: string) =>
  `if the cluster does not exist yet, follow \`dist/control-planes/${name}/README.md\``;

/** What to do if nothing answers at the address of the API server. */
function unreachable({ name, controlPlane }: Cluster): string {
  const start = notCreated(name);
  const [file, node] = adminKubeconfigs[controlPlane]?.split(' on ') ?? [];
  if (file === undefined || node === undefined)
    return `${start}; otherwise find out from the node or the provider why the API server does not answer`;
  // With kubeadm and RKE2, kube-apiserver runs in a pod, so its log is a file on the node.
  const log = /^(kubeadm|rke2)$/.test(controlPlane) ? ': on that node, doctor reads the log of kube-apiserver' : '';
  return `${start}; otherwise run \`kaniflux doctor\` as root on ${node}, with \`export KUBECONFIG=${file}\`${log}`;
}

const context =
  'name a context with --context, preferably one with a client certificate, because such a context does not depend on the sign-in that doctor checks';

/**
 * Whether kubectl got no answer from an API server. The result is `false` for the error of a credential plugin, even if
 * it is a timeout, because the plugin connects to another server. It is also `false` for an error that the API server
 * itself reports.
 */
export const isSilent = (reason: string): boolean =>
  !/credential plugin|Error from server/.test(reason) &&
  /refused|(?:": |server: |attempt: |unexpected )EOF|reset by peer|timeout|deadline exceeded|no route to host|network is unreachable|no such host|handshake/i.test(
    reason,
  );

/** Returns what to do if kubectl does not reach a cluster. */
async function repair(system: LiveSystem, cluster: Cluster, reason: string): Promise<string> {
  if (/not installed/.test(reason)) return 'install kubectl, or check the rest with `--only kanidm,machine`';
  if (/must be logged in|Unauthorized/.test(reason))
    return `the API server refuses the credentials of this context, for example because they have expired: get new ones, or ${context}`;
  if (!isSilent(reason)) return `fix what the message describes, or ${context}`;
  // Without a kubeconfig, kubectl tries this address.
  if (/\blocalhost:8080\b/.test(reason))
    return `kubectl has no kubeconfig: ${notCreated(cluster.name)}; otherwise set KUBECONFIG to the path of a kubeconfig`;
  const answer = await system.apiServer(cluster);
  if (answer.value && isSameServer(await serverOf(system, cluster), cluster.server))
    return `doctor itself reaches ${cluster.server}, without a proxy: check \`proxy-url\` in the kubeconfig, and HTTPS_PROXY and NO_PROXY; if the API server is only slow, give it more time with --timeout`;
  if (answer.value)
    return `set \`server\` in the kubeconfig to ${cluster.server}, because this address answers; or ${context}`;
  return unreachable(cluster);
}

/** Returns the address of the API server in the context of kubectl; `''` in a pod, where there is no context. */
async function serverOf(system: LiveSystem, cluster: Cluster): Promise<string> {
  const view = await system.kubectl(cluster, 'config', 'view', '--minify');
  return serverIn(view.value) ?? '';
}

const reach: LiveCheck = {
  code: 'kubectl-unusable',
  parts: ['cluster', 'flux'],
  run: async (system) => {
    const results: CheckResult[] = [];
    for (const cluster of system.clusters) {
      const found = await clusterVersion(system, cluster);
      if (!found.value) {
        const reason = reasonOf(found);
        results.push(failed(keyAt(cluster.path), reason, await repair(system, cluster, reason)));
        continue;
      }
      const server = await serverOf(system, cluster);
      const { gitVersion } = found.value;
      if (server === '') {
        const text = `kubectl reaches a cluster with Kubernetes ${gitVersion}, but shows no address for it, so doctor cannot tell whether this cluster is ${cluster.name}`;
        results.push(skipped(text));
        continue;
      }
      results.push(
        isSameServer(server, cluster.server)
          ? passed(`kubectl reaches ${cluster.name}: Kubernetes ${gitVersion}`)
          : elsewhere(server, cluster),
      );
    }
    return results;
  },
};

function elsewhere(server: string, { name, server: wanted, path }: Cluster): CheckResult {
  const connects = `kubectl connects to ${server}`;
  // On a control-plane node, the kubeconfig of an administrator often has such an address.
  if (isLoopback(server) && !isLoopback(wanted))
    return failed(
      [...path, 'server'],
      `${connects}, an address of this machine, so doctor cannot tell whether this cluster is ${name}`,
      `no change is needed if this machine is a control-plane node of ${name}; otherwise name the right context with --context`,
      { severity: 'note' },
    );
  return failed(
    [...path, 'server'],
    `${connects}, but ${name} is at ${wanted}: this may be another cluster, so the other findings about ${name} may be wrong`,
    'name the right context with --context, or write the right address as `server`',
    { severity: 'warning' },
  );
}

const kubernetes: LiveCheck = {
  code: 'kubernetes-version-differs',
  parts: ['cluster'],
  run: async (system) => {
    const results: CheckResult[] = [];
    for (const cluster of system.clusters) {
      results.push(
        ...(await judged(
          `the version of ${cluster.name}`,
          notReached(clusterVersion(system, cluster)),
          ({ gitVersion }) => {
            const text = /\d+\.\d+/.exec(gitVersion)?.[0] ?? gitVersion;
            const { minor } = parseVersion(text);
            if (minor === cluster.kubernetes.minor)
              return passed(`${cluster.name} runs Kubernetes ${text}, as the config says`);
            const message = `${cluster.name} runs Kubernetes ${gitVersion}, but the config says ${cluster.kubernetes.text}: the rendered settings of the API server depend on the version`;
            return failed([...cluster.path, 'kubernetes'], message, `write \`kubernetes: "${text}"\``);
          },
        )),
      );
    }
    return results;
  },
};

/** Replaces the reason by a reference to `kubectl-unusable`, which reports why kubectl does not reach a cluster. */
async function notReached<T>(of: Promise<Observation<T>>): Promise<Observation<T>> {
  const found = await of;
  return found.value === undefined ? { reason: 'kubectl does not reach the cluster (see kubectl-unusable)' } : found;
}

/** Runs a check for each cluster that kubectl reaches, and skips it for the other clusters. */
export async function eachCluster(
  system: LiveSystem,
  what: string,
  judge: (cluster: LiveSystem['clusters'][number]) => Promise<readonly CheckResult[]>,
): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const cluster of system.clusters) {
    const reached = await notReached(clusterVersion(system, cluster));
    if (reached.value) results.push(...(await judge(cluster)));
    else results.push(skipped(`${what} of ${cluster.name}`, reasonOf(reached)));
  }
  return results;
}

export const kubectlChecks = { reach, kubernetes } as const;
