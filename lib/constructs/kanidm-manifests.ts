import { createHash } from 'node:crypto';
import type { Chart } from 'cdk8s';
import {
  IntOrString,
  KubeConfigMap,
  KubeNamespace,
  KubeNetworkPolicy,
  KubeService,
  KubeStatefulSet,
  Quantity,
} from 'cdk8s-plus-30/lib/imports/k8s';
import type { Config, Manifests } from '../config/config';
import { stable } from '../upstream/kanidm-versions';
import { reach } from './exposure';
import { noPruning, noSubstitution } from './flux-annotations';
import type { MigrationMaps } from './migrations';
import { podTemplate } from './pod-template';
import { serverToml } from './server-toml';

/**
 * Deploys Kanidm without a chart: one replica on volumes of its own, in a namespace that allows restricted pods only.
 * What holds or leads to the database stays when it leaves Git.
 */
export function manifestsDeployment(
  chart: Chart,
  { kanidm }: Config,
  manifests: Manifests,
  maps?: MigrationMaps,
): void {
  const { namespace } = kanidm;
  const labels = { app: 'kanidm' };
  const metadata = { name: 'kanidm', namespace, labels, annotations: noSubstitution };
  const kept = { ...noPruning, ...noSubstitution };
  const toml = serverToml(kanidm, manifests, maps !== undefined);

  new KubeNamespace(chart, 'namespace', {
    metadata: { name: namespace, annotations: kept, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
  });
  new KubeConfigMap(chart, 'config', {
    metadata: { ...metadata, name: 'kanidm-config' },
    data: { 'server.toml': toml },
  });
  new KubeStatefulSet(chart, 'server', {
    metadata: { ...metadata, annotations: kept },
    spec: {
      replicas: 1,
      serviceName: 'kanidm',
      selector: { matchLabels: labels },
      // Volume claims stay when the StatefulSet goes.
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      template: podTemplate({
        labels,
        manifests,
        version: kanidm.version ?? stable,
        configHash: createHash('sha256').update(toml).digest('hex'),
        maps,
      }),
      volumeClaimTemplates: [
        claim('db', manifests.storage.size, manifests.storage.className),
        claim('backup', manifests.backup.size, manifests.storage.className),
      ],
    },
  });
  new KubeService(chart, 'service', {
    metadata,
    spec: { selector: labels, ports: [{ name: 'https', port: 443, targetPort: IntOrString.fromString('https') }] },
  });
  new KubeNetworkPolicy(chart, 'network-policy', {
    metadata,
    spec: {
      podSelector: { matchLabels: labels },
      policyTypes: ['Ingress'],
      ingress: [{ ports: [{ protocol: 'TCP', port: IntOrString.fromString('https') }] }],
    },
  });
  reach(chart, kanidm, manifests);
}

const claim = (name: string, size: string, storageClassName?: string) => ({
  metadata: { name },
  spec: {
    accessModes: ['ReadWriteOnce'],
    storageClassName,
    resources: { requests: { storage: Quantity.fromString(size) } },
  },
});
