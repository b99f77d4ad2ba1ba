import { parseVersion } from '../../config/version';
import { type Check, reasonOf, type Said, type Seen, seen, unknown, well, wrong } from './live-check';
import type { LiveSystem } from './live-system';

interface Version {
  readonly gitVersion: string;
}

/** What the server says of itself, where it also knows who asks: its version it tells to everybody. */
async function version(system: LiveSystem, cluster: LiveSystem['clusters'][number]): Promise<Seen<Version>> {
  const found = await system.kubectl<{ serverVersion?: Version }>(cluster, 'version', '--output=json');
  if (!found.value) return found as Seen<Version>;
  const { serverVersion } = found.value;
  if (!serverVersion) return { reason: 'kubectl says no version of the server' };
  const known = await system.kubectl<string>(cluster, 'get', '--raw', '/api');
  return known.value === undefined ? (known as Seen<Version>) : { value: serverVersion };
}

/** Where the context of kubectl leads, which may be by another address than the config's. */
interface View {
  readonly clusters?: readonly { readonly cluster: { readonly server?: string } }[] | null;
}

const reach: Check = {
  code: 'KFD301',
  title: 'kubectl does not reach the cluster, or reaches another one',
  severity: 'error',
  parts: ['cluster', 'flux'],
  run: async (system) => {
    const said: Said[] = [];
    for (const cluster of system.clusters) {
      const found = await version(system, cluster);
      if (!found.value) {
        const reason = reasonOf(found);
        const fix = /not installed/.test(reason)
          ? 'install it, or look at the rest with `--only kanidm,machine`'
          : 'name a context with --context, best one with a certificate: it must not need the sign-in that is looked at';
        said.push(wrong(cluster.path, reason, fix, { at: 'key' }));
        continue;
      }
      const view = await system.kubectl<View>(cluster, 'config', 'view', '--minify', '--output=json');
      const server = view.value?.clusters?.[0]?.cluster.server ?? cluster.server;
      const same = URL.canParse(server) && new URL(server).host === new URL(cluster.server).host;
      said.push(
        same
          ? well(`kubectl reaches ${cluster.name}: Kubernetes ${found.value.gitVersion}`)
          : wrong(
              [...cluster.path, 'server'],
              `kubectl asks ${server}, and ${cluster.name} is at ${cluster.server}: this may be another cluster`,
              'name the right context with --context, or the address in `server`',
              { severity: 'warning' },
            ),
      );
    }
    return said;
  },
};

const kubernetes: Check = {
  code: 'KFD304',
  title: 'Another version of Kubernetes runs than the config says',
  severity: 'warning',
  parts: ['cluster'],
  run: async (system) => {
    const said: Said[] = [];
    for (const cluster of system.clusters) {
      said.push(
        ...(await seen(`the version of ${cluster.name}`, notReached(version(system, cluster)), ({ gitVersion }) => {
          const text = /\d+\.\d+/.exec(gitVersion)?.[0] ?? gitVersion;
          const { minor } = parseVersion(text);
          if (minor === cluster.kubernetes.minor)
            return well(`${cluster.name} runs Kubernetes ${text}, as the config says`);
          const message = `${cluster.name} runs Kubernetes ${gitVersion}, and the config says ${cluster.kubernetes.text}: what is rendered for the API server depends on it`;
          return wrong([...cluster.path, 'kubernetes'], message, `write \`kubernetes: "${text}"\``);
        })),
      );
    }
    return said;
  },
};

/** Why kubectl doesn't reach a cluster is said once. */
async function notReached<T>(of: Promise<Seen<T>>): Promise<Seen<T>> {
  const found = await of;
  return found.value === undefined ? { reason: 'kubectl does not reach it (KFD301)' } : found;
}

/** Asks kubectl about each cluster that it reaches. */
export async function eachCluster(
  system: LiveSystem,
  what: string,
  say: (cluster: LiveSystem['clusters'][number]) => Promise<readonly Said[]>,
): Promise<readonly Said[]> {
  const said: Said[] = [];
  for (const cluster of system.clusters) {
    const reached = await notReached(version(system, cluster));
    if (reached.value) said.push(...(await say(cluster)));
    else said.push(unknown(`${what} of ${cluster.name}`, reasonOf(reached)));
  }
  return said;
}

export const kubectlChecks = { reach, kubernetes } as const;
