import { type Static, Type } from '@sinclair/typebox';
import {
  closed,
  dnsLabel,
  dnsName,
  duration,
  flag,
  listOf,
  oneOf,
  plainVersion,
  text,
  withDefault,
} from './field-types';

const helmValuesFrom = closed(
  {
    kind: oneOf(['ConfigMap', 'Secret'], { description: 'Where the values are.' }),
    name: text({ description: 'Name of the ConfigMap or Secret, in the namespace of Kanidm.', pattern: dnsName }),
    valuesKey: Type.Optional(text({ description: 'Key in it. Flux reads `values.yaml` unless set.' })),
    targetPath: Type.Optional(text({ description: 'Dotted path in the values that a single value is set at.' })),
    optional: Type.Optional(
      flag({ description: 'Install the chart even if the ConfigMap or Secret does not exist. Off unless set.' }),
    ),
  },
  { description: 'Values that Flux merges in from the cluster, for what must not stand in Git.' },
);

const helm = closed(
  {
    repository: text({
      description: 'Address of the Helm repository: `https://…`, or `oci://…`.',
      pattern: '^(https?|oci)://[^\\s]+$',
      examples: ['https://datosh.github.io/kanidm/'],
    }),
    chart: text({ description: 'Name of the chart in the repository.', examples: ['kanidm'] }),
    version: text({
      description: 'Version of the chart, quoted: YAML reads a bare `0.10` as a number.',
      examples: ['0.1.2'],
    }),
    interval: withDefault('1h', text({ description: 'How often Flux looks for a change.', pattern: duration })),
    secretRef: Type.Optional(text({ description: 'Secret with the credentials of the repository.', pattern: dnsName })),
    values: Type.Optional(
      Type.Unsafe<Record<string, unknown>>({
        type: 'object',
        description: 'Values of the chart. `domain` is set from `kanidm.domain`.',
      }),
    ),
    valuesFrom: Type.Optional(listOf(helmValuesFrom, { description: 'Values that Flux reads from the cluster.' })),
  },
  { description: 'Deploy Kanidm by a Helm chart, through Flux.' },
);

const ingress = closed(
  {
    className: text({ description: 'The IngressClass.', pattern: dnsName, examples: ['nginx'] }),
    annotations: Type.Optional(
      Type.Unsafe<Record<string, string>>({
        type: 'object',
        additionalProperties: { type: 'string' },
        description: 'Annotations beside those that make the controller speak TLS to Kanidm.',
      }),
    ),
  },
  { description: 'An Ingress with TLS from the client to the controller and from there to Kanidm.' },
);

const gateway = closed(
  {
    name: text({ description: 'The Gateway to attach to.', pattern: dnsName }),
    namespace: Type.Optional(text({ description: 'Its namespace.', pattern: dnsLabel })),
    sectionName: Type.Optional(text({ description: 'The listener (TLS, mode Passthrough) to attach to.' })),
  },
  { description: 'A Gateway API TLSRoute that passes TLS through to Kanidm.' },
);

const certificate = closed(
  {
    issuer: text({ description: 'The cert-manager issuer.', pattern: dnsName, examples: ['letsencrypt-prod'] }),
    issuerKind: withDefault('ClusterIssuer', oneOf(['ClusterIssuer', 'Issuer'], { description: 'Its kind.' })),
  },
  { description: 'A cert-manager Certificate for the pod. Without it the Secret is yours to make.' },
);

const manifests = closed(
  {
    image: withDefault(
      'docker.io/kanidm/server',
      text({ description: 'Image without a tag; the tag is `kanidm.version`.' }),
    ),
    storage: withDefault(
      {},
      closed(
        {
          size: withDefault(
            '2Gi',
            text({
              description: 'Size of the database volume.',
              pattern: '^[0-9]+(\\.[0-9]+)?(Mi|Gi|Ti)$',
            }),
          ),
          className: Type.Optional(
            text({ description: "StorageClass; the cluster's default without it.", pattern: dnsName }),
          ),
        },
        { description: 'The volume that holds the identity database.' },
      ),
    ),
    tlsSecretName: withDefault(
      'kanidm-tls',
      text({
        description: 'Secret of type `kubernetes.io/tls` that Kanidm serves with.',
        pattern: dnsName,
      }),
    ),
    certificate: Type.Optional(certificate),
    ingress: Type.Optional(ingress),
    gateway: Type.Optional(gateway),
    logLevel: withDefault('info', oneOf(['info', 'debug', 'trace'], { description: 'How much Kanidm logs.' })),
  },
  { description: 'Deploy Kanidm by manifests of Kaniflux, without a chart.' },
);

export const BackupSchema = closed(
  {
    schedule: withDefault('00 22 * * *', text({ description: 'Cron expression, UTC.' })),
    versions: withDefault(7, Type.Integer({ minimum: 1, maximum: 365, description: 'How many are kept.' })),
    size: withDefault(
      '2Gi',
      text({ description: 'Size of the backup volume.', pattern: '^[0-9]+(\\.[0-9]+)?(Mi|Gi|Ti)$' }),
    ),
  },
  { description: "Kanidm's online backups." },
);

export const KanidmSchema = closed(
  {
    domain: text({
      description:
        "Kanidm's domain: the part after `@` in `group@domain`. Changing it later breaks every passkey and every token.",
      pattern: dnsName,
      maxLength: 253,
      examples: ['idm.example.com'],
    }),
    origin: Type.Optional(
      text({
        description:
          'Address at which browsers and API servers reach Kanidm; at the domain or below it. `https://<domain>` unless set.',
        examples: ['https://idm.example.com:8443'],
      }),
    ),
    cluster: Type.Optional(text({ description: 'The cluster that hosts Kanidm.' })),
    namespace: withDefault('kanidm', text({ description: 'Namespace of Kanidm.', pattern: dnsLabel })),
    version: Type.Optional(
      text({
        description:
          'Version of the Kanidm server, `1.11` or `1.11.1`. With a chart that pins an older image it replaces that image.',
        pattern: plainVersion,
        examples: ['1.11.1'],
      }),
    ),
    provision: withDefault(
      'runbook',
      oneOf(['runbook', 'migrations'], {
        description:
          'How people, groups and clients get into Kanidm: a script for a person to run, or files that Kanidm reads at start (from Kanidm 1.9).',
      }),
    ),
    helm: Type.Optional(helm),
    manifests: Type.Optional(manifests),
    backup: Type.Optional(BackupSchema),
  },
  {
    description:
      'The identity provider. With neither `helm` nor `manifests` it runs elsewhere, and only its facts are used.',
  },
);

export type KanidmInput = Static<typeof KanidmSchema>;
