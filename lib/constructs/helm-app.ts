import { type Chart, Lazy } from 'cdk8s';
import { KubeNamespace } from 'cdk8s-plus-30/lib/imports/k8s';
import { Construct } from 'constructs';
import {
  HelmRelease,
  HelmReleaseSpecChartSpecSourceRefKind,
  HelmReleaseSpecDriftDetectionMode,
  HelmReleaseSpecInstallStrategyName,
  type HelmReleaseSpecPostRenderers,
  HelmReleaseSpecUpgradeStrategyName,
  HelmReleaseSpecValuesFromKind,
} from '../../imports/helm.toolkit.fluxcd.io';
import { HelmRepository, HelmRepositorySpecType } from '../../imports/source.toolkit.fluxcd.io';
import { isMap } from '../guards';
import { isKubernetesNamespace } from '../upstream/builtin-names';
import { exactChartVersion } from '../upstream/helm';
import { noPruning, noSubstitution } from './flux-annotations';
import {
  checkChartRepository,
  checkDuration,
  checkLabel,
  checkName,
  checkRequiredName,
  checkSecretKey,
  checkValuePath,
  expected,
  type PropProblem,
  reportProblems,
} from './props-check';
import { checkProps, type Shape } from './props-shape';

/** Values that Flux reads from the cluster. */
export interface HelmAppValuesFrom {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
  /** The key in the ConfigMap or Secret. @default 'values.yaml' */
  readonly valuesKey?: string;
  /**
   * Path of the single value to set, such as `a.b`, with `\.` for a dot inside a key.
   * @default - the text under the key is YAML, merged into the values
   */
  readonly targetPath?: string;
  /** Whether the ConfigMap or Secret may be missing. @default false */
  readonly optional?: boolean;
}

/** Props of {@link HelmApp}. */
export interface HelmAppProps {
  /** Name of the HelmRepository and the HelmRelease, and so of the Helm release. */
  readonly name: string;
  /** Namespace of the objects. @default - the name */
  readonly namespace?: string;
  /** Address of the Helm repository, `https://…` or `oci://…`. */
  readonly repository: string;
  /** Name of the chart in the repository. */
  readonly chart: string;
  /** Exact version of the chart. With a range, Flux would upgrade it on its own. */
  readonly version: string;
  /** How often Flux compares the release with the chart and its values. @default '1h' */
  readonly interval?: string;
  /** Name of the Secret with the credentials of the repository. @default - none are needed */
  readonly secretRef?: string;
  /** Name of the Secret with the CA certificate of the repository, or with a client certificate. @default - none */
  readonly certSecretRef?: string;
  /** Fetch the chart from an `oci://` repository without TLS. @default false */
  readonly insecure?: boolean;
  /** Values of the chart. They cannot contain `null`, because cdk8s would remove it. @default - the chart's own */
  readonly values?: Readonly<Record<string, unknown>>;
  /** Further values, which Flux reads from ConfigMaps and Secrets. @default - none */
  readonly valuesFrom?: readonly HelmAppValuesFrom[];
  /** Kustomize patches for what the chart renders. @default - none */
  readonly postRenderers?: readonly HelmReleaseSpecPostRenderers[];
  /** Labels of the Namespace. @default - none */
  readonly namespaceLabels?: Readonly<Record<string, string>>;
  /**
   * Keep the Namespace, HelmRepository and HelmRelease in the cluster when they are removed from Git. If Flux prunes a
   * HelmRelease, Flux also uninstalls the chart, and that can delete the volumes.
   * @default true
   */
  readonly keepOnRemoval?: boolean;
}

/** The props that KanidmHelmApp has too. */
export const chartShape = {
  repository: 'text',
  chart: 'text',
  version: 'text',
  interval: 'text',
  secretRef: 'text',
  certSecretRef: 'text',
  insecure: 'flag',
  values: 'map',
  valuesFrom: 'list',
  namespace: 'text',
} as const;

const shape = {
  ...chartShape,
  name: 'text',
  postRenderers: 'list',
  namespaceLabels: 'map',
  keepOnRemoval: 'flag',
} as const satisfies Shape<HelmAppProps>;

const valuesFromShape = {
  kind: ['ConfigMap', 'Secret'],
  name: 'text',
  valuesKey: 'text',
  targetPath: 'text',
  optional: 'flag',
} as const satisfies Shape<HelmAppValuesFrom>;

const postRendererShape = {
  kustomize: { images: 'list', patches: 'list' },
} as const satisfies Shape<HelmReleaseSpecPostRenderers>;

/**
 * A Helm chart deployed by Flux: Namespace, HelmRepository and HelmRelease.
 *
 * Flux retries a failed install or upgrade without an uninstall or rollback (`RetryOnFailure`), because some programs
 * can't downgrade their data. Flux detects and corrects drift.
 *
 * Synthesis fails for props that Flux or Helm refuses. It also fails if `version` is a range, such as `1.x`.
 * @see https://fluxcd.io/flux/components/helm/helmreleases/
 */
export class HelmApp extends Construct {
  /** The namespace of the other objects and of the release. */
  readonly namespace: KubeNamespace;
  /** Where Flux downloads the chart. */
  readonly repository: HelmRepository;
  /** The release of the chart. */
  readonly release: HelmRelease;

  constructor(scope: Construct | Chart, id: string, props: HelmAppProps) {
    super(scope, id);
    checkProps(`HelmApp ${id}`, props, shape);
    const {
      name,
      namespace = name,
      interval = '1h',
      keepOnRemoval = true,
      valuesFrom = [],
      postRenderers = [],
    } = props;
    for (const [i, from] of valuesFrom.entries()) {
      checkProps(`HelmApp ${id}: valuesFrom[${i}]`, from, valuesFromShape, true);
    }
    for (const [i, one] of postRenderers.entries()) {
      checkProps(`HelmApp ${id}: postRenderers[${i}]`, one, postRendererShape, true);
    }
    const annotations = { ...(keepOnRemoval ? noPruning : {}), ...noSubstitution };
    const metadata = { name, namespace, annotations };

    this.namespace = new KubeNamespace(this, 'namespace', {
      metadata: { name: namespace, annotations, labels: props.namespaceLabels },
    });
    this.repository = new HelmRepository(this, 'repository', {
      metadata,
      spec: {
        interval,
        url: props.repository,
        type: props.repository?.startsWith('oci://') ? HelmRepositorySpecType.OCI : undefined,
        secretRef: props.secretRef === undefined ? undefined : { name: props.secretRef },
        certSecretRef: props.certSecretRef === undefined ? undefined : { name: props.certSecretRef },
        insecure: props.insecure,
      },
    });
    this.release = new HelmRelease(this, 'release', {
      metadata,
      spec: {
        interval,
        chart: {
          spec: {
            chart: props.chart,
            version: props.version,
            sourceRef: { kind: HelmReleaseSpecChartSpecSourceRefKind.HELM_REPOSITORY, name, namespace },
          },
        },
        install: { strategy: { name: HelmReleaseSpecInstallStrategyName.RETRY_ON_FAILURE } },
        upgrade: { strategy: { name: HelmReleaseSpecUpgradeStrategyName.RETRY_ON_FAILURE } },
        driftDetection: { mode: HelmReleaseSpecDriftDetectionMode.ENABLED },
        values: props.values,
        valuesFrom: props.valuesFrom?.map(({ kind, ...from }) => ({ ...from, kind: valuesKinds[kind] })),
        postRenderers: postRenderers.length > 0 ? [...postRenderers] : undefined,
      },
    });
    reportProblems(this, problemsOf(props));
    // A token in the values has its value only at synthesis.
    if (props.values) this.node.addValidation({ validate: () => nullProblems(props.values) });
  }
}

const problemsOf = ({ name, namespace, repository, chart, version, ...props }: HelmAppProps): PropProblem[] => [
  // Helm limits the name of a release. https://helm.sh/docs/chart_template_guide/getting_started/
  name?.length > 53 ? expected('name', '53 characters at most', name) : checkRequiredName('name', name),
  checkLabel('namespace', namespace ?? name),
  checkRemoval(namespace ?? name, props.keepOnRemoval),
  checkName('certSecretRef', props.certSecretRef),
  checkChartRepository('repository', repository),
  chart !== undefined && /^[^\s/]+$/.test(chart) ? undefined : expected('chart', 'the name of a chart', chart),
  exactChartVersion.test(version) ? undefined : expected('version', 'an exact version such as `1.2.3`', version),
  checkDuration('interval', props.interval),
  checkName('secretRef', props.secretRef),
  ...(props.valuesFrom ?? []).flatMap((from, i) => [
    checkRequiredName(`valuesFrom[${i}].name`, from.name),
    checkSecretKey(`valuesFrom[${i}].valuesKey`, from.valuesKey),
    checkValuePath(`valuesFrom[${i}].targetPath`, from.targetPath),
  ]),
  ...(props.valuesFrom ?? []).map(({ kind }, i) =>
    kind === undefined ? `valuesFrom[${i}].kind: expected \`ConfigMap\` or \`Secret\`, found nothing` : undefined,
  ),
];

const nullProblems = (values: unknown): string[] =>
  nullsIn(values, 'values').map((path) => `${path}: cdk8s removes \`null\`, so the chart would use its default`);

/** Refuses a Namespace that Flux would prune together with the chart, although it also contains other programs. */
const checkRemoval = (namespace: string, keepOnRemoval = true): PropProblem =>
  keepOnRemoval || (namespace !== 'flux-system' && !isKubernetesNamespace(namespace))
    ? undefined
    : `keepOnRemoval: with \`false\`, Flux would try to delete the namespace \`${namespace}\` when the chart is removed from Git; write \`true\`, or choose another namespace`;

/** Returns the paths of all `null` in a value. */
const nullsIn = (value: unknown, path: string): string[] =>
  value === null
    ? [path]
    : value instanceof Lazy
      ? nullsIn(value.produce(), path)
      : Array.isArray(value)
        ? value.flatMap((one, i) => nullsIn(one, `${path}[${i}]`))
        : isMap(value)
          ? Object.entries(value).flatMap(([key, one]) => nullsIn(one, `${path}.${key}`))
          : [];

const valuesKinds = {
  ConfigMap: HelmReleaseSpecValuesFromKind.CONFIG_MAP,
  Secret: HelmReleaseSpecValuesFromKind.SECRET,
} as const;
