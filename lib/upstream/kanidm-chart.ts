import type { Helm } from '../config/config';
import { type Json, mapAt } from '../guards';

/** The fields that identify a chart. */
type ChartVersion = Pick<Helm, 'repository' | 'chart' | 'version'>;

type ValueType = 'string' | { readonly oneOf: readonly (string | number)[] };

/**
 * The facts about a version of a Kanidm chart. With them, Kaniflux checks the values of the chart and changes the
 * objects that the chart renders.
 */
export interface ChartFacts {
  readonly line: '0.1' | '0.2';
  readonly workload: 'Deployment' | 'StatefulSet';
  /** The name of the workload and its container, and the prefix of its volume claims. */
  readonly name: 'kanidm';
  readonly container: 'kanidm';
  readonly image: 'kanidm/server';
  /** The volume with the certificate of the server. */
  readonly tlsVolume: 'tls';
  /** The version in the tag of the image, which no value of the chart can change. */
  readonly kanidm: '1.4.5';
  /** Whether the container has a liveness probe that needs a shell and curl. */
  readonly shellProbe: boolean;
  /** The defaults of the values below `ingress`. */
  readonly ingress: Readonly<Record<'className' | 'clusterIssuer', string>>;
  /** The types of its values, by dotted path. */
  readonly values: Readonly<Record<string, ValueType>>;
}

const common = {
  name: 'kanidm',
  container: 'kanidm',
  image: 'kanidm/server',
  tlsVolume: 'tls',
  kanidm: '1.4.5',
  ingress: { className: 'nginx', clusterIssuer: 'letsencrypt-prod' },
} as const;

const values = {
  domain: 'string',
  'ingress.className': 'string',
  'ingress.clusterIssuer': 'string',
  'ingress.tlsSecretName': 'string',
} as const;

/**
 * The chart in https://github.com/datosh/kanidm. The `kaniflux.yaml` in the root of this repository, the config of the
 * home lab, uses this chart. Each version from 0.1.0 to 0.2.1 belongs to one of two lines, 0.1 and 0.2.
 */
const lines: readonly ChartFacts[] = [
  { ...common, line: '0.1', workload: 'Deployment', shellProbe: false, values },
  {
    ...common,
    line: '0.2',
    workload: 'StatefulSet',
    shellProbe: true,
    values: {
      ...values,
      replicas: { oneOf: [0, 1] },
      storageClassName: 'string',
      logLevel: { oneOf: ['info', 'debug', 'trace'] },
    },
  },
];

const repository = /^https:\/\/datosh\.github\.io\/kanidm\/?$/;

/** Whether Kaniflux has data about the chart, in any version. */
export const isKnownChart = ({ repository: url, chart }: Omit<ChartVersion, 'version'>): boolean =>
  repository.test(url) && chart === 'kanidm';

/** Returns the data about a chart; `undefined` if Kaniflux has none for this chart and version. */
export function chartFacts(helm: ChartVersion): ChartFacts | undefined {
  const line = /^v?(0\.\d+)\.\d+$/.exec(helm.version)?.[1];
  return isKnownChart(helm) ? lines.find((facts) => facts.line === line) : undefined;
}

/**
 * Returns the values below `ingress` that the chart gets, with its defaults. The defaults are left out if there is
 * `valuesFrom`, because a ConfigMap or Secret can replace them.
 */
export function ingressValues(helm: Helm): Json {
  const defaults = helm.valuesFrom?.length ? undefined : chartFacts(helm)?.ingress;
  return { ...defaults, ...mapAt(helm.values, 'ingress') };
}
