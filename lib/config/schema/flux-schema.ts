import { type Static, Type } from '@sinclair/typebox';
import { dnsLabel, dnsName, duration, sourcePath } from './field-patterns';
import { closed, flag, listOf, oneOf, text, withDefault, withoutDefaults } from './field-types';

/** The types of Flux's notification providers that send messages to people. */
const providerTypes = [
  ...['alertmanager', 'datadog', 'discord', 'generic', 'generic-hmac', 'googlechat', 'grafana', 'lark', 'matrix'],
  ...['msteams', 'opsgenie', 'pagerduty', 'rocket', 'sentry', 'slack', 'telegram', 'webex', 'zulip'],
] as const;

const alerts = closed(
  {
    type: oneOf(providerTypes, { description: "The type of Flux's Provider, which says where messages go." }),
    secretName: text({
      description:
        'Name of the Secret with the address of the provider (key `address`), and its token (key `token`) if the provider needs one. The Secret is in the namespace of the Kustomizations.',
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
      'Let Flux send a message when one of its Kustomizations fails. The Kustomization of Kanidm also fails if Kanidm is not ready. Needs the notification-controller.',
  },
);

const lockdown = closed(
  {
    noCrossNamespaceRefs: Type.Optional(
      flag({ description: 'Whether the controllers run with `--no-cross-namespace-refs`. Unless set, `false`.' }),
    ),
    defaultServiceAccount: Type.Optional(
      text({ description: 'The value of `--default-service-account` of the controllers.', pattern: dnsName }),
    ),
  },
  {
    description:
      'The flags of the Flux controllers for multi-tenancy lockdown. `kaniflux check` and `kaniflux who-can become` use this setting; Kaniflux renders nothing from it.',
  },
);

const writers = closed(
  {
    people: Type.Optional(listOf(text({ description: 'A person, by key.' }), { description: 'People.' })),
    groups: Type.Optional(
      listOf(text({ description: 'A group, by key.' }), { description: 'Groups whose members may push.' }),
    ),
    serviceAccounts: Type.Optional(
      listOf(text({ description: 'A service account, by key.' }), { description: 'Service accounts.' }),
    ),
  },
  {
    description:
      'Who may push to the source, and so decide what Flux applies. `kaniflux who-can become` uses this setting; Kaniflux renders nothing from it.',
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
    timeout: withDefault(
      '10m',
      text({ description: 'How long Flux waits for Kanidm to become ready.', pattern: duration }),
    ),
    serviceAccountName: Type.Optional(
      text({ description: 'The service account with which Flux applies the output.', pattern: dnsName }),
    ),
    alerts: Type.Optional(alerts),
    lockdown: Type.Optional(lockdown),
    writers: Type.Optional(writers),
  },
  { description: 'How Flux finds and applies the output.' },
);

/** The Flux settings of one cluster. If a field is not set, the value from the top level of the config applies. */
export const ClusterFluxSchema = Type.Unsafe<Static<typeof FluxSchema>>({
  ...withoutDefaults(FluxSchema),
  description: 'Settings for this cluster that override `flux` at the top level of the config.',
});

export type FluxInput = Static<typeof FluxSchema>;
