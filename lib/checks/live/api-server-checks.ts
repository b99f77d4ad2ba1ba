import { parse } from 'yaml';
import type { Cluster } from '../../config/config';
import { apiServerArguments } from '../../existing/read-carrier';
import { isText, mapAt } from '../../guards';
import { clusterSettings } from '../../node-files/control-plane-files';
import { eachCluster } from './kubectl-checks';
import { type CheckResult, failed, judged, type LiveCheck, passed, skipped } from './live-check';
import { apiServerPods, deviations } from './server-flags';

const path = (cluster: Cluster) => [...cluster.path, 'authentication'];
const guide = (cluster: Cluster) => `follow \`dist/control-planes/${cluster.name}/README.md\``;

const flags: LiveCheck = {
  code: 'api-server-settings-differ',
  parts: ['cluster'],
  run: (system) =>
    eachCluster(system, 'the settings of the API server', (cluster) =>
      judged(
        `the settings of the API server of ${cluster.name}`,
        system.kubectl(cluster, 'get', 'pods', '--namespace=kube-system'),
        (list): readonly CheckResult[] => {
          const pods = apiServerPods(list);
          if (pods.length === 0) {
            const text = `kubectl shows no pod of the API server of ${cluster.name} in kube-system: compare its settings with dist/control-planes/${cluster.name}/`;
            return [skipped(text)];
          }
          const settings = clusterSettings(system.config, cluster);
          return pods.map(({ name, flags }) => {
            const found = deviations(flags, settings);
            if (found.length === 0) return passed(`${name} has the rendered settings`);
            return failed(
              path(cluster),
              `${name}: ${found.join('; ')}`,
              `${guide(cluster)}, on each control-plane node`,
              {
                cluster: cluster.name,
              },
            );
          });
        },
      ),
    ),
};

const kubeadm: LiveCheck = {
  code: 'kubeadm-config-differs',
  parts: ['cluster'],
  run: (system) =>
    eachCluster(system, 'kubeadm-config', (cluster) => {
      if (cluster.controlPlane !== 'kubeadm') return Promise.resolve([]);
      const get = ['get', 'configmap', 'kubeadm-config', '--namespace=kube-system', '--ignore-not-found'];
      return judged(`kubeadm-config of ${cluster.name}`, system.kubectl(cluster, ...get), (configMap) => {
        const { ClusterConfiguration: text } = mapAt(configMap, 'data');
        if (!isText(text) || text === '') return skipped(`${cluster.name} has no ConfigMap kubeadm-config`);
        const found = deviations(apiServerArguments(parse(text)) ?? new Map(), clusterSettings(system.config, cluster));
        if (found.length === 0) return passed(`kubeadm-config of ${cluster.name} has the rendered settings`);
        const message = `kubeadm-config of ${cluster.name}: ${found.join('; ')}; the next \`kubeadm upgrade\` uses these settings`;
        const fix = `\`kaniflux kubeadm-merge ${cluster.name}\`, then \`kubeadm init phase upload-config kubeadm\`; not needed if the settings come from \`--patches\``;
        return failed(path(cluster), message, fix, { cluster: cluster.name });
      });
    }),
};

export const apiServerChecks: readonly LiveCheck[] = [flags, kubeadm];
