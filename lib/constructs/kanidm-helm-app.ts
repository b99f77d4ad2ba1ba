import { toJson_Container } from 'cdk8s-plus-30/lib/imports/k8s';
import type { Construct } from 'constructs';
import type { HelmReleaseSpecPostRenderers } from '../../imports/helm.toolkit.fluxcd.io';
import { parseVersion } from '../config/version';
import { toYaml } from '../output/yaml';
import { type ChartFacts, chartFacts, isKnownChart } from '../upstream/kanidm-chart';
import { imageTag } from '../upstream/kanidm-versions';
import { certificateReloader, defaultReloaderImage } from './certificate-reloader';
import { chartShape, HelmApp, type HelmAppProps } from './helm-app';
import { KanidmMigrations } from './kanidm-migrations';
import { healthCheck, migrationsPath, migrationsVolume, podHash } from './kanidm-pod';
import type { MigrationMaps } from './migration-maps';
import {
  checkDomain,
  checkKanidmNamespace,
  checkKanidmVersion,
  expected,
  migrationsNeed,
  type PropProblem,
  reportProblems,
} from './props-check';
import { checkProps, type Shape } from './props-shape';

/** Props of {@link KanidmHelmApp}. */
export interface KanidmHelmAppProps
  extends Pick<
    HelmAppProps,
    | 'repository'
    | 'chart'
    | 'version'
    | 'interval'
    | 'secretRef'
    | 'certSecretRef'
    | 'insecure'
    | 'values'
    | 'valuesFrom'
  > {
  /** Kanidm's domain, such as `idm.example.com`. It becomes the chart's value `domain`. */
  readonly domain: string;
  /** Namespace of the objects. @default 'kanidm' */
  readonly namespace?: string;
  /**
   * Version of the Kanidm server. It has no effect with a chart that Kaniflux does not know.
   * @default - the version that the chart deploys
   */
  readonly serverVersion?: string;
  /**
   * People, groups and clients that the server creates at start (`migrationMaps`). Requires `serverVersion`.
   * @default - none
   */
  readonly migrations?: MigrationMaps;
}

const shape = {
  ...chartShape,
  domain: 'text',
  serverVersion: 'text',
  migrations: 'migrations',
} as const satisfies Shape<KanidmHelmAppProps>;

/**
 * Kanidm deployed by a Helm chart through Flux. If the chart is uninstalled, its PersistentVolumeClaims stay.
 * @throws Error for migrations that can't be mounted into the chart's pod
 */
export class KanidmHelmApp extends HelmApp {
  /** Set if `migrations` is set. */
  readonly migrations?: KanidmMigrations;

  constructor(scope: Construct, id: string, props: KanidmHelmAppProps) {
    checkProps(`KanidmHelmApp ${id}`, props, shape);
    const { domain, namespace = 'kanidm', serverVersion, migrations, values, ...helm } = props;
    const { repository, chart, version } = helm;
    const facts = chartFacts({ repository, chart, version });
    const server = facts && serverVersion !== undefined ? [otherServer(facts, serverVersion, migrations)] : [];
    if (migrations && server.length === 0) {
      throw new Error('migrations need `serverVersion`, and a chart and version that Kaniflux knows');
    }
    super(scope, id, {
      ...helm,
      name: 'kanidm',
      namespace,
      values: { ...values, domain },
      postRenderers: [keep, ...server],
    });
    if (migrations) this.migrations = new KanidmMigrations(this, 'migrations', { namespace, migrations });
    reportProblems(this, [
      checkDomain('domain', domain),
      checkKanidmVersion('serverVersion', serverVersion, migrations ? migrationsNeed : {}),
      checkKanidmNamespace(namespace, isKnownChart(helm)),
      serverVersion !== undefined && facts === undefined && isKnownChart(helm)
        ? expected('version', 'a version in which Kaniflux can set `serverVersion`, such as `0.2.1`', version)
        : undefined,
      ...domainProblems(props),
    ]);
  }
}

/** Refuses another domain in the values, because everything else uses the prop. */
function domainProblems({ domain, values, valuesFrom = [] }: KanidmHelmAppProps): PropProblem[] {
  const own = values?.domain;
  return [
    own === undefined || own === domain
      ? undefined
      : expected('values.domain', `\`${domain}\` as in \`domain\`, or nothing`, String(own)),
    ...valuesFrom.map(({ targetPath }, i) =>
      targetPath === 'domain'
        ? `valuesFrom[${i}].targetPath: the prop \`domain\` sets the domain; remove this entry`
        : undefined,
    ),
  ];
}

const annotated = (apiVersion: string, kind: string) => ({
  target: { kind },
  patch: toYaml({
    apiVersion,
    kind,
    metadata: { name: 'any', annotations: { 'helm.sh/resource-policy': 'keep' } },
  }),
});

/** Makes an uninstall keep the PersistentVolumeClaims, and a Namespace that the chart renders. */
const keep: HelmReleaseSpecPostRenderers = {
  kustomize: { patches: [annotated('v1', 'Namespace'), annotated('v1', 'PersistentVolumeClaim')] },
};

/**
 * Changes the chart's pod. Sets the image of the server, the migrations, and probes that need no shell. Adds a
 * container that makes the server use a renewed certificate.
 */
function otherServer(
  { workload, name, container, image, tlsVolume }: ChartFacts,
  serverVersion: string,
  migrations?: MigrationMaps,
): HelmReleaseSpecPostRenderers {
  const version = parseVersion(serverVersion);
  const probe = { exec: { command: healthCheck(version) } };
  const patch = {
    apiVersion: 'apps/v1',
    kind: workload,
    metadata: { name },
    spec: {
      // Two servers would both open the database, so the old pod must end before the new one starts.
      ...(workload === 'Deployment' ? { strategy: { type: 'Recreate' } } : {}),
      template: {
        ...(migrations ? { metadata: { annotations: podHash(migrations) } } : {}),
        spec: {
          shareProcessNamespace: true,
          containers: [
            {
              name: container,
              livenessProbe: { ...probe, initialDelaySeconds: 30, periodSeconds: 30, timeoutSeconds: 10 },
              readinessProbe: { ...probe, periodSeconds: 10, timeoutSeconds: 10 },
              ...(migrations
                ? { volumeMounts: [{ name: 'migrations', mountPath: migrationsPath, readOnly: true }] }
                : {}),
            },
            toJson_Container(certificateReloader(defaultReloaderImage, tlsVolume)),
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
