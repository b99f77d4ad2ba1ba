import { ApiObject, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import {
  Alert,
  AlertSpecEventSeverity,
  AlertSpecEventSourcesKind,
  Provider,
  ProviderSpecType,
} from '../../imports/notification.toolkit.fluxcd.io';
import { noSubstitution } from './flux-annotations';
import { type FluxSource, sourceShape } from './flux-sync';
import { checkLabel, checkName, checkRequiredName, reportProblems } from './props-check';
import { checkProps, type Shape } from './props-shape';

/** Props of {@link FluxAlert}. */
export interface FluxAlertProps {
  /** Name of both objects. @default 'kaniflux' */
  readonly name?: string;
  /** Namespace of both objects, of the given Kustomizations and of the Secret. @default 'flux-system' */
  readonly namespace?: string;
  /** The type of the provider, such as `slack`. */
  readonly type: `${ProviderSpecType}`;
  /** The Secret with the address (`address`) and the token (`token`) of the provider. */
  readonly secretName: string;
  /** The channel of the provider that receives the messages. @default - none */
  readonly channel?: string;
  /** `error` for failures, `info` also for each change that Flux applies. @default 'error' */
  readonly severity?: 'error' | 'info';
  /** Names of the Kustomizations. @default - all Kustomizations of Flux in the chart, such as those of FluxSync */
  readonly kustomizations?: readonly string[];
  /**
   * The source whose failures are reported too. @default - the GitRepository `flux-system` in the namespace
   * `flux-system`
   */
  readonly source?: FluxSource;
}

const shape = {
  name: 'text',
  namespace: 'text',
  type: 'text',
  secretName: 'text',
  channel: 'text',
  severity: ['error', 'info'],
  kustomizations: 'texts',
  source: sourceShape,
} as const satisfies Shape<FluxAlertProps>;

const severities = { error: AlertSpecEventSeverity.ERROR, info: AlertSpecEventSeverity.INFO } as const;
const sourceKinds = {
  GitRepository: AlertSpecEventSourcesKind.GIT_REPOSITORY,
  OCIRepository: AlertSpecEventSourcesKind.OCI_REPOSITORY,
} as const;

/**
 * A Provider and an Alert, with which Flux sends messages when one of the Kustomizations or their source fails.
 * The Kustomization of Kanidm also fails if Kanidm, or its cert-manager Certificate, is not ready. Synthesis fails for
 * props that Flux refuses.
 * @throws Error if Flux has no Provider of this `type`
 * @see https://fluxcd.io/flux/components/notification/
 */
export class FluxAlert extends Construct {
  /** Where the messages go. */
  readonly provider: Provider;
  /** Which events are sent. */
  readonly alert: Alert;

  constructor(scope: Construct, id: string, props: FluxAlertProps) {
    super(scope, id);
    checkProps(`FluxAlert ${id}`, props, shape);
    const { name = 'kaniflux', namespace = 'flux-system', source, kustomizations } = props;
    const metadata = { name, namespace, annotations: noSubstitution };
    const given = kustomizations?.map((one) => ({ name: one, namespace }));
    const type = Object.values(ProviderSpecType).find((one) => one === props.type);
    if (type === undefined) throw new Error(`Flux has no provider of the type ${props.type}`);
    this.provider = new Provider(this, 'provider', {
      metadata,
      spec: { type, channel: props.channel, secretRef: { name: props.secretName } },
    });
    this.alert = new Alert(this, 'alert', {
      metadata,
      spec: {
        providerRef: { name },
        eventSeverity: severities[props.severity ?? 'error'],
        eventSources: Lazy.any({
          produce: () => [
            ...(given ?? this.kustomizations()).map((one) => ({
              kind: AlertSpecEventSourcesKind.KUSTOMIZATION,
              ...one,
            })),
            {
              kind: sourceKinds[source?.kind ?? 'GitRepository'],
              name: source?.name ?? 'flux-system',
              namespace: source?.namespace ?? 'flux-system',
            },
          ],
        }),
      },
    });
    reportProblems(this, [
      checkName('name', name),
      checkLabel('namespace', namespace),
      checkRequiredName('secretName', props.secretName),
      ...(kustomizations ?? []).map((one, i) => checkName(`kustomizations[${i}]`, one)),
      checkName('source.name', source?.name),
      checkLabel('source.namespace', source?.namespace),
    ]);
    if (kustomizations) return;
    const missing = ['kustomizations: expected a list of names, or a Kustomization in the chart, found neither'];
    this.node.addValidation({ validate: () => (this.kustomizations().length > 0 ? [] : missing) });
  }

  /** Also returns the Kustomizations that were added after this construct. */
  private kustomizations() {
    return this.alert.chart.node
      .findAll()
      .filter(ApiObject.isApiObject)
      .filter(({ kind, apiGroup }) => kind === 'Kustomization' && apiGroup === 'kustomize.toolkit.fluxcd.io')
      .map(({ name, metadata: { namespace } }) => ({ name, namespace }));
  }
}
