import { type Static, Type } from '@sinclair/typebox';
import {
  closed,
  dnsLabel,
  dnsName,
  duration,
  oneOf,
  sourcePath,
  text,
  withDefault,
  withoutDefaults,
} from './field-types';

/** The types of Flux's providers that send messages to people. */
const providerTypes = [
  ...['alertmanager', 'datadog', 'discord', 'generic', 'generic-hmac', 'googlechat', 'grafana', 'lark', 'matrix'],
  ...['msteams', 'opsgenie', 'pagerduty', 'rocket', 'sentry', 'slack', 'telegram', 'webex', 'zulip'],
] as const;

const alerts = closed(
  {
    type: oneOf(providerTypes, { description: "The type of Flux's Provider, which says where messages go." }),
    secretName: text({
      description:
        'Name of the Secret with the address of the provider (`address`), and its token (`token`) if it needs one. In the namespace of the Kustomizations.',
      pattern: dnsName,
    }),
    channel: Type.Optional(text({ description: 'The channel, for types that have channels.' })),
    severity: Type.Optional(
      oneOf(['error', 'info'], {
        description: '`error`: failures only. `info`: also each change that Flux applies. Unless set, `error`.',
      }),
    ),
  },
  {
    description:
      'Let Flux send a message when its Kustomizations fail, and so when Kanidm is not ready. Needs the notification-controller.',
  },
);

export const FluxSchema = closed(
  {
    source: withDefault(
      {},
      closed(
        {
          kind: withDefault(
            'GitRepository',
            oneOf(['GitRepository', 'OCIRepository'], { description: 'Kind of the source.' }),
          ),
          name: withDefault('flux-system', text({ description: 'Name of the source.', pattern: dnsName })),
          namespace: withDefault('flux-system', text({ description: 'Namespace of the source.', pattern: dnsLabel })),
        },
        { description: 'The Flux source that holds `dist/`.' },
      ),
    ),
    namespace: withDefault('flux-system', text({ description: 'Namespace of the Kustomizations.', pattern: dnsLabel })),
    path: withDefault(
      './dist',
      text({
        description: 'Path of the output folder in the source.',
        pattern: sourcePath,
        examples: ['./dist', './'],
      }),
    ),
    interval: withDefault(
      '10m',
      text({ description: 'How often Flux compares the cluster with the source.', pattern: duration }),
    ),
    retryInterval: withDefault(
      '1m',
      text({ description: 'How soon Flux tries again after a failure.', pattern: duration }),
    ),
    timeout: withDefault('10m', text({ description: 'How long it may take to apply Kanidm.', pattern: duration })),
    serviceAccountName: Type.Optional(
      text({ description: 'The service account with which Flux applies the output.', pattern: dnsName }),
    ),
    alerts: Type.Optional(alerts),
  },
  { description: 'How Flux finds and applies the output.' },
);

/** The Flux settings of one cluster. A field that is not set has the value from the top level of the config. */
export const ClusterFluxSchema = Type.Unsafe<Static<typeof FluxSchema>>({
  ...withoutDefaults(FluxSchema),
  description: 'What differs on this cluster from `flux` at the top.',
});

export type FluxInput = Static<typeof FluxSchema>;
