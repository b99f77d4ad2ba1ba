import type { Helm } from '../config/config';

/** What tells a chart from others. */
type ChartVersion = Pick<Helm, 'repository' | 'chart' | 'version'>;

type ValueType = 'string' | { readonly oneOf: readonly (string | number)[] };

/** What a version of a Kanidm chart renders, as far as values and post-renderers have to know it. */
export interface ChartFacts {
  readonly line: '0.1' | '0.2';
  readonly workload: 'Deployment' | 'StatefulSet';
  /** Name of the workload, its container and its volume claims' prefix. */
  readonly name: 'kanidm';
  readonly container: 'kanidm';
  readonly image: 'kanidm/server';
  /** The image's tag, which no value changes. */
  readonly kanidm: '1.4.5';
  /** Whether the container has a liveness probe that needs a shell and curl. */
  readonly shellProbe: boolean;
  /** Its values, by dotted path. */
  readonly values: Readonly<Record<string, ValueType>>;
}

const common = { name: 'kanidm', container: 'kanidm', image: 'kanidm/server', kanidm: '1.4.5' } as const;

const values = {
  domain: 'string',
  'ingress.className': 'string',
  'ingress.clusterIssuer': 'string',
  'ingress.tlsSecretName': 'string',
} as const;

/** The chart of the home lab. https://github.com/datosh/kanidm (all its versions, 0.1.0 to 0.2.1, fall into these two). */
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

/** Whether it is a chart that Kaniflux knows, whatever its version. */
export const isKnownChart = ({ repository: url, chart }: Omit<ChartVersion, 'version'>): boolean =>
  repository.test(url) && chart === 'kanidm';

/** The facts of the chart in use, `undefined` where Kaniflux knows neither chart nor version. */
export function chartFacts(helm: ChartVersion): ChartFacts | undefined {
  const line = /^v?(0\.\d+)\.\d+$/.exec(helm.version)?.[1];
  return isKnownChart(helm) ? lines.find((facts) => facts.line === line) : undefined;
}
