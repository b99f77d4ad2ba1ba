import { isText, listOf, mapAt } from '../../guards';
import { eachCluster } from './kubectl-checks';
import { failed, judged, type LiveCheck, passed, skipped } from './live-check';

const name = (object: unknown) => String(mapAt(object, 'metadata').name);
const count = (value: unknown) => (typeof value === 'number' ? value : 0);

/**
 * The effect on Flux while one of these controllers is down. While any other controller is down, Flux applies nothing.
 */
const without: Readonly<Record<string, string>> = {
  'helm-controller': 'Flux installs and upgrades no charts',
  'notification-controller': 'Flux sends no messages',
};

/** Checks that a cluster runs the Flux controllers that the rendered objects need. */
export const controllers: LiveCheck = {
  code: 'flux-controller-down',
  parts: ['flux'],
  run: (system) =>
    eachCluster(system, 'the controllers of Flux', async (cluster) => {
      const { namespace } = cluster.flux;
      const list = (resource: string) => system.kubectl(cluster, 'get', resource, `--namespace=${namespace}`);
      const pods = await list('pods');
      const { helm, cluster: host } = system.config.kanidm;
      const needed = [
        'source-controller',
        'kustomize-controller',
        ...(helm && host === cluster.name ? ['helm-controller'] : []),
        ...(cluster.flux.alerts ? ['notification-controller'] : []),
      ];
      const path = [...cluster.path, 'flux'];
      return judged(`the controllers of Flux in ${cluster.name}`, list('deployments.apps'), (deployments) =>
        needed.map((controller) => {
          const found = listOf(mapAt(deployments).items).find((one) => name(one) === controller);
          // The controller may run in another namespace or under another name.
          if (!found) return skipped(`${cluster.name} has no Deployment ${namespace}/${controller}`);
          const wanted = mapAt(found, 'spec').replicas;
          if (wanted === 0) {
            const fix = `\`kubectl -n ${namespace} scale deployment ${controller} --replicas=1\``;
            return failed(
              path,
              `${controller} of ${cluster.name} is scaled to 0: ${without[controller] ?? 'Flux applies nothing'}`,
              fix,
              {
                cluster: cluster.name,
              },
            );
          }
          if (count(mapAt(found, 'status').availableReplicas) > 0) return passed(`${controller} runs`);
          const why = listOf(mapAt(pods.value).items)
            .filter((pod) => name(pod).startsWith(`${controller}-`))
            .flatMap((pod) => listOf(mapAt(pod, 'status').containerStatuses))
            .map((status) => mapAt(status, 'state', 'waiting'))
            .map(({ message, reason }) => (isText(message) ? message : reason))
            .find(isText);
          const fix = `\`kubectl -n ${namespace} describe pods\` shows the reason; \`flux install\` restores changed objects`;
          return failed(path, `${controller} of ${cluster.name} is not running: ${why ?? 'no pod is available'}`, fix, {
            cluster: cluster.name,
          });
        }),
      );
    }),
};
