import { type Static, Type } from '@sinclair/typebox';
import {
  annotationName,
  backupFile,
  chartName,
  chartRepository,
  cronExpression,
  dnsLabel,
  dnsName,
  domainName,
  duration,
  imageName,
  pinnedImage,
  plainVersion,
  secretKey,
  valuePath,
  volumeSize,
} from './field-patterns';
import { closed, flag, listOf, mapOf, oneOf, text, withDefault } from './field-types';

const helmValuesFrom = closed(
  {
    kind: oneOf(['ConfigMap', 'Secret'], { description: 'The kind of the object that contains the values.' }),
    name: text({ description: 'Name of the ConfigMap or Secret, in the namespace of Kanidm.', pattern: dnsName }),
    valuesKey: Type.Optional(
      text({
        description: 'The key whose value contains the chart values as YAML. Unless set, Flux reads `values.yaml`.',
        pattern: secretKey,
      }),
    ),
    targetPath: Type.Optional(
      text({
        description:
          'The path in the chart values, such as `a.b.c`, at which Flux puts the value of the key. Write `\\.` for a dot inside a key.',
        pattern: valuePath,
      }),
    ),
    optional: Type.Optional(
      flag({ description: 'Install the chart even if the ConfigMap or Secret does not exist. Off unless set.' }),
    ),
  },
  {
    description:
      'Chart values that Flux reads from a ConfigMap or Secret in the cluster. Use this for values that do not belong in Git, such as passwords.',
  },
);

const helm = closed(
  {
    repository: text({
      description: 'Address of the Helm repository: `https://…`, or `oci://…`.',
      pattern: chartRepository,
      examples: ['https://datosh.github.io/kanidm/'],
    }),
    chart: text({ description: 'Name of the chart in the repository.', examples: ['kanidm'], pattern: chartName }),
    version: text({
      description: 'Version of the chart, in quotes: without them, YAML reads `0.10` as a number.',
      examples: ['0.1.2'],
    }),
    interval: withDefault('1h', text({ description: 'How often Flux looks for changes.', pattern: duration })),
    secretRef: Type.Optional(
      text({ description: 'Name of the Secret with the credentials for the repository.', pattern: dnsName }),
    ),
    certSecretRef: Type.Optional(
      text({
        description:
          'Name of the Secret with the CA certificate of the repository (`ca.crt`), or with a client certificate (`tls.crt`, `tls.key`).',
        pattern: dnsName,
      }),
    ),
    insecure: Type.Optional(
      flag({ description: 'Fetch the chart from an `oci://` repository without TLS. Off unless set.' }),
    ),
    values: Type.Optional(
      Type.Unsafe<Record<string, unknown>>({
        type: 'object',
        description: 'Values of the chart. `domain` is set from `kanidm.domain`.',
      }),
    ),
    valuesFrom: Type.Optional(listOf(helmValuesFrom, { description: 'Values that Flux reads from the cluster.' })),
  },
  { description: 'Deploy Kanidm with a Helm chart, through Flux.' },
);

const ingress = closed(
  {
    className: text({ description: 'The IngressClass.', pattern: dnsName, examples: ['nginx'] }),
    annotations: Type.Optional(
      mapOf(Type.String({ description: 'The value.' }), {
        description:
          'Additional annotations. Kaniflux already sets the annotation that makes ingress-nginx use TLS to Kanidm. For another controller, write the annotation of that controller here.',
        pattern: annotationName,
      }),
    ),
  },
  {
    description:
      'Expose Kanidm through an Ingress. The ingress controller terminates TLS, and connects to Kanidm with TLS again.',
  },
);

const gateway = closed(
  {
    name: text({ description: 'Name of the Gateway.', pattern: dnsName }),
    namespace: Type.Optional(text({ description: 'Namespace of the Gateway.', pattern: dnsLabel })),
    sectionName: Type.Optional(
      text({
        description:
          'Name of the listener in the Gateway. The listener needs the protocol TLS and the mode Passthrough.',
        pattern: dnsName,
      }),
    ),
    apiVersion: withDefault(
      'v1',
      oneOf(['v1', 'v1alpha2'], {
        description:
          'API version of the TLSRoute. Gateway API 1.5 and later have `v1`. Older versions have `v1alpha2`, in the experimental channel.',
      }),
    ),
  },
  { description: 'Expose Kanidm through a TLSRoute of the Gateway API, which passes TLS through.' },
);

const certificate = closed(
  {
    issuer: text({ description: 'The cert-manager issuer.', pattern: dnsName, examples: ['letsencrypt-prod'] }),
    issuerKind: withDefault(
      'ClusterIssuer',
      oneOf(['ClusterIssuer', 'Issuer'], { description: 'Kind of the issuer.' }),
    ),
  },
  {
    description: 'A cert-manager Certificate that fills the Secret `tlsSecretName`. Unless set, you create the Secret.',
  },
);

const manifests = closed(
  {
    image: withDefault(
      'docker.io/kanidm/server',
      text({
        description: 'Container image of Kanidm, without a tag. The tag is `kanidm.version`.',
        pattern: imageName,
      }),
    ),
    storage: withDefault(
      {},
      closed(
        {
          size: withDefault(
            '2Gi',
            text({
              description: 'Size of the database volume.',
              pattern: volumeSize,
            }),
          ),
          className: Type.Optional(
            text({ description: 'StorageClass. Unless set, the default of the cluster.', pattern: dnsName }),
          ),
        },
        { description: 'The volume that holds the identity database.' },
      ),
    ),
    tlsSecretName: withDefault(
      'kanidm-tls',
      text({
        description: 'Name of the Secret with the certificate of Kanidm, of type `kubernetes.io/tls`.',
        pattern: dnsName,
      }),
    ),
    reloaderImage: withDefault(
      'docker.io/library/busybox:1.37.0',
      text({
        description:
          'Image, with a tag, of the container that makes Kanidm use a renewed certificate. The image needs a shell, `readlink` and `pidof`.',
        pattern: pinnedImage,
      }),
    ),
    certificate: Type.Optional(certificate),
    ingress: Type.Optional(ingress),
    gateway: Type.Optional(gateway),
    logLevel: withDefault('info', oneOf(['info', 'debug', 'trace'], { description: 'Log level of Kanidm.' })),
  },
  { description: 'Deploy Kanidm with manifests that Kaniflux renders, without a chart.' },
);

const restore = closed(
  {
    file: text({
      description: 'Name of the backup file. Kanidm reads the file only if the name ends in `.gz`.',
      pattern: backupFile,
      examples: ['backup-2027-01-01T22:00:00.000000001Z.json.gz'],
    }),
    secretName: Type.Optional(
      text({
        description:
          'Name of the Secret that contains the file, in the namespace of Kanidm. `file` is then the key in this Secret, and cannot contain a colon. If this field is not set, the file is in the backup volume.',
        pattern: dnsName,
      }),
    ),
  },
  {
    description:
      'Stop Kanidm, and replace its database with a backup. A Job restores the backup. Remove this section when the Job has completed. Kanidm then starts again.',
  },
);

export const BackupSchema = closed(
  {
    schedule: withDefault(
      '00 22 * * *',
      text({
        description:
          'When backups are made: a cron expression, in UTC. Write weekdays as names, such as `mon`, because Kanidm numbers them from 1 (Sunday) to 7 (Saturday).',
        pattern: cronExpression,
      }),
    ),
    versions: withDefault(7, Type.Integer({ minimum: 1, maximum: 365, description: 'How many backups are kept.' })),
    size: withDefault('2Gi', text({ description: 'Size of the backup volume.', pattern: volumeSize })),
    restore: Type.Optional(restore),
  },
  { description: 'Online backups of Kanidm.' },
);

export const KanidmSchema = closed(
  {
    domain: text({
      description:
        "Kanidm's domain: the part after `@` in `group@domain`. Changing it later breaks every passkey and every token.",
      pattern: domainName,
      maxLength: 253,
      examples: ['idm.example.com'],
    }),
    origin: Type.Optional(
      text({
        description:
          'The address at which browsers and API servers reach Kanidm. The host of this address is the domain or a subdomain. Unless set, `https://<domain>`.',
        examples: ['https://idm.example.com:8443'],
      }),
    ),
    cluster: Type.Optional(text({ description: 'The cluster that runs Kanidm.' })),
    namespace: withDefault('kanidm', text({ description: 'Namespace of Kanidm.', pattern: dnsLabel })),
    version: Type.Optional(
      text({
        description:
          'Version of the Kanidm server, such as `1.11` or `1.11.1`. The chart of `https://datosh.github.io/kanidm/` deploys the version that you set here. With another chart, this field has no effect on the container image. In this case, write the version that the chart deploys.',
        pattern: plainVersion,
        examples: ['1.11.1'],
      }),
    ),
    provision: withDefault(
      'runbook',
      oneOf(['runbook', 'migrations'], {
        description:
          'How people, groups and clients are created in Kanidm. `runbook`: a script that an administrator runs. `migrations`: files that Kanidm reads at start (from Kanidm 1.11).',
      }),
    ),
    helm: Type.Optional(helm),
    manifests: Type.Optional(manifests),
    backup: Type.Optional(BackupSchema),
  },
  {
    description:
      'Kanidm, the identity provider. With `helm` or `manifests`, Kaniflux deploys Kanidm. Otherwise Kanidm runs elsewhere.',
  },
);

export type KanidmInput = Static<typeof KanidmSchema>;
