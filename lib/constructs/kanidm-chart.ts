import type { Chart } from 'cdk8s';
import type { HelmReleaseSpecPostRenderers } from '../../imports/helm.toolkit.fluxcd.io';
import type { Config, Helm } from '../config/config';
import { toYaml } from '../output/yaml';
import { type ChartFacts, chartFacts } from '../upstream/kanidm-chart';
import { imageTag } from '../upstream/kanidm-versions';
import { HelmApp } from './helm-app';
import { healthCheck, migrationsPath, migrationsVolume, podHash } from './kanidm-pod';
import type { MigrationMaps } from './migrations';

/** Deploys Kanidm by the chart that the config names. */
export function chartDeployment(chart: Chart, { kanidm }: Config, helm: Helm, migrations?: MigrationMaps): HelmApp {
  const facts = chartFacts(helm);
  return new HelmApp(chart, 'kanidm', {
    name: 'kanidm',
    namespace: kanidm.namespace,
    repository: helm.repository,
    chart: helm.chart,
    version: helm.version,
    interval: helm.interval,
    secretRef: helm.secretRef,
    values: { ...helm.values, domain: kanidm.domain },
    valuesFrom: helm.valuesFrom,
    postRenderers: [keep, ...(facts && kanidm.version ? [server(kanidm, facts, migrations)] : [])],
  });
}

const annotated = (apiVersion: string, kind: string) => ({
  target: { kind },
  patch: toYaml({
    apiVersion,
    kind,
    metadata: { name: 'any', annotations: { 'helm.sh/resource-policy': 'keep' } },
  }),
});

/** An uninstall leaves the volume claims, and the Namespace that the chart renders itself, with everything in it. */
const keep: HelmReleaseSpecPostRenderers = {
  kustomize: { patches: [annotated('v1', 'Namespace'), annotated('v1', 'PersistentVolumeClaim')] },
};

/** Another server in the chart's pod: its image, a probe that needs no shell, and the migrations. */
function server(
  { version }: Config['kanidm'],
  { workload, name, container, image }: ChartFacts,
  migrations?: MigrationMaps,
): HelmReleaseSpecPostRenderers {
  if (!version) return {};
  const probe = { exec: { command: healthCheck(version) } };
  const patch = {
    apiVersion: 'apps/v1',
    kind: workload,
    metadata: { name },
    spec: {
      template: {
        ...(migrations ? { metadata: { annotations: podHash(migrations) } } : {}),
        spec: {
          containers: [
            {
              name: container,
              livenessProbe: { ...probe, initialDelaySeconds: 30, periodSeconds: 30, timeoutSeconds: 10 },
              readinessProbe: { ...probe, periodSeconds: 10, timeoutSeconds: 10 },
              ...(migrations
                ? { volumeMounts: [{ name: 'migrations', mountPath: migrationsPath, readOnly: true }] }
                : {}),
            },
          ],
          ...(migrations ? { volumes: [migrationsVolume(migrations)] } : {}),
        },
      },
    },
  };
  return {
    kustomize: {
      images: [{ name: image, newTag: imageTag(version) }],
      patches: [{ target: { kind: workload, name }, patch: toYaml(patch) }],
    },
  };
}
