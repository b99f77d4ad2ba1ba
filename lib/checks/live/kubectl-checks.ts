import { parseVersion } from '../../config/version';
import { keyAt } from '../../findings/finding';
import { type CheckResult, failed, judged, type LiveCheck, passed, skipped } from './live-check';
import type { LiveSystem } from './live-system';
import { type Observation, reasonOf } from './observation';

interface Version {
  readonly gitVersion: string;
}

/** What the server says of itself, where it also knows who asks: its version it tells to everybody. */
async function version(system: LiveSystem, cluster: LiveSystem['clusters'][number]): Promise<Observation<Version>> {
  const found = await system.kubectl<{ serverVersion?: Version }>(cluster, 'version', '--output=json');
  if (!found.value) return found as Observation<Version>;
  const { serverVersion } = found.value;
  if (!serverVersion) return { reason: 'kubectl prints no server version' };
  const known = await system.kubectl<string>(cluster, 'get', '--raw', '/api');
  return known.value === undefined ? (known as Observation<Version>) : { value: serverVersion };
}

/** Where the context of kubectl leads, which may be by another address than the config's. */
interface View {
  readonly clusters?: readonly { readonly cluster: { readonly server?: string } }[] | null;
}

const reach: LiveCheck = {
  code: 'kubectl-unusable',
  parts: ['cluster', 'flux'],
  run: async (system) => {
    const results: CheckResult[] = [];
    for (const cluster of system.clusters) {
      const found = await version(system, cluster);
      if (!found.value) {
        const reason = reasonOf(found);
        const fix = /not installed/.test(reason)
          ? 'install it, or check the rest with `--only kanidm,machine`'
          : 'name a context with --context, best one with a client certificate: it must not depend on the login that is checked';
        results.push(failed(keyAt(cluster.path), reason, fix));
        continue;
      }
      const view = await system.kubectl<View>(cluster, 'config', 'view', '--minify', '--output=json');
      const server = view.value?.clusters?.[0]?.cluster.server ?? cluster.server;
      const same = URL.canParse(server) && new URL(server).host === new URL(cluster.server).host;
      results.push(
        same
          ? passed(`kubectl reaches ${cluster.name}: Kubernetes ${found.value.gitVersion}`)
          : failed(
              [...cluster.path, 'server'],
              `kubectl connects to ${server}, and ${cluster.name} is at ${cluster.server}: this may be another cluster`,
              'name the right context with --context, or the address in `server`',
              { severity: 'warning' },
            ),
      );
    }
    return results;
  },
};

const kubernetes: LiveCheck = {
  code: 'kubernetes-version-differs',
  parts: ['cluster'],
  run: async (system) => {
    const results: CheckResult[] = [];
    for (const cluster of system.clusters) {
      results.push(
        ...(await judged(`the version of ${cluster.name}`, notReached(version(system, cluster)), ({ gitVersion }) => {
          const text = /\d+\.\d+/.exec(gitVersion)?.[0] ?? gitVersion;
          const { minor } = parseVersion(text);
          if (minor === cluster.kubernetes.minor)
            return passed(`${cluster.name} runs Kubernetes ${text}, as the config says`);
          const message = `${cluster.name} runs Kubernetes ${gitVersion}, and the config says ${cluster.kubernetes.text}: what is rendered for the API server depends on it`;
          return failed([...cluster.path, 'kubernetes'], message, `write \`kubernetes: "${text}"\``);
        })),
      );
    }
    return results;
  },
};

/** Why kubectl doesn't reach a cluster is a finding of its own. */
async function notReached<T>(of: Promise<Observation<T>>): Promise<Observation<T>> {
  const found = await of;
  return found.value === undefined ? { reason: 'kubectl does not reach it (see kubectl-unusable)' } : found;
}

/** Asks kubectl about each cluster that it reaches. */
export async function eachCluster(
  system: LiveSystem,
  what: string,
  judge: (cluster: LiveSystem['clusters'][number]) => Promise<readonly CheckResult[]>,
): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const cluster of system.clusters) {
    const reached = await notReached(version(system, cluster));
    if (reached.value) results.push(...(await judge(cluster)));
    else results.push(skipped(`${what} of ${cluster.name}`, reasonOf(reached)));
  }
  return results;
}

export const kubectlChecks = { reach, kubernetes } as const;
