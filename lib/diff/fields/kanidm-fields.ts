import { type FieldRow, row } from './field';

const annotated =
  'an annotation can make the controller of the Ingress send requests to another server, with the passwords in them';

const running = 'this software stores every credential and signs every token';

/** The fields of the `kanidm` section about its address and its deployment. */
export const kanidmFields: readonly FieldRow[] = [
  row(
    'kanidm.domain',
    ['trust', 'high'],
    'the domain of Kanidm',
    'passkeys, tokens and the UUIDs that Kaniflux derives depend on the domain, so this is another identity provider for everybody',
  ),
  row('kanidm.origin', ['trust', 'high'], 'the origin of Kanidm', ({ sides }) => {
    const clusters = [...sides.after.clusters.keys()];
    return `people enter their passwords at this address, and the API servers of ${clusters.join(', ') || 'no cluster'} trust the tokens that the server there signs`;
  }),
  row('kanidm.cluster', ['trust', 'medium'], 'the cluster that runs Kanidm', 'the database of Kanidm is not moved'),
  row('kanidm.namespace', ['trust', 'medium'], 'the namespace of Kanidm', 'the database of Kanidm is not moved'),
  row('kanidm.version', ['trust', 'medium'], 'the version of Kanidm', running),
  row(
    'kanidm.provision',
    ['kanidm', 'medium'],
    'how people, groups and clients are created in Kanidm',
    'with a runbook, a person runs commands; with migrations, Kanidm reads files when it starts',
  ),
  row('kanidm.helm.repository', ['trust', 'high'], 'the repository of the chart of Kanidm', running),
  row('kanidm.helm.chart', ['trust', 'high'], 'the chart that deploys Kanidm', running),
  row('kanidm.helm.version', ['trust', 'medium'], 'the version of the chart that deploys Kanidm', running),
  row('kanidm.helm.values', ['trust', 'medium'], 'the values of the chart of Kanidm'),
  row('kanidm.helm.values.**', ['trust', 'medium'], 'the value $1 of the chart of Kanidm'),
  row(
    'kanidm.helm.valuesFrom',
    ['trust', 'medium'],
    'the ConfigMaps and Secrets from which Flux reads values for the chart of Kanidm',
    'whoever can write to that ConfigMap or Secret controls the values',
  ),
  row('kanidm.helm.secretRef', ['trust', 'low'], 'the Secret with the credentials for the chart repository of Kanidm'),
  row(
    'kanidm.helm.certSecretRef',
    ['trust', 'medium'],
    'the Secret with the CA that Flux trusts for the chart repository of Kanidm',
    'whoever holds the key of this CA can replace the chart',
  ),
  row('kanidm.helm.insecure', ['trust', 'high'], 'whether Flux fetches the chart of Kanidm without TLS', ({ after }) =>
    after === true ? 'anybody on the network path can replace the chart' : undefined,
  ),
  row('kanidm.helm.interval', ['settings', 'none'], 'how often Flux checks the chart of Kanidm'),
  row('kanidm.manifests.image', ['trust', 'high'], 'the container image of Kanidm', running),
  row(
    'kanidm.manifests.reloaderImage',
    ['trust', 'high'],
    'the image of the container that makes Kanidm use a renewed certificate',
    'this container can read the private key of the certificate, and the memory of Kanidm',
  ),
  row('kanidm.manifests.tlsSecretName', ['trust', 'medium'], 'the Secret with the certificate that Kanidm serves'),
  row('kanidm.manifests.certificate.issuer', ['trust', 'medium'], 'the cert-manager issuer of Kanidm'),
  row('kanidm.manifests.certificate.issuerKind', ['trust', 'medium'], 'the kind of the cert-manager issuer of Kanidm'),
  row(
    'kanidm.manifests.ingress.className',
    ['trust', 'medium'],
    'the class of the Ingress that leads to Kanidm',
    'the controller of this class sees the passwords of all people',
  ),
  row(
    'kanidm.manifests.ingress.annotations',
    ['trust', 'medium'],
    'annotations of the Ingress that leads to Kanidm',
    annotated,
  ),
  row(
    'kanidm.manifests.ingress.annotations.*',
    ['trust', 'medium'],
    'the annotation $1 of the Ingress of Kanidm',
    annotated,
  ),
  row('kanidm.manifests.gateway.name', ['trust', 'medium'], 'the Gateway that leads to Kanidm'),
  row('kanidm.manifests.gateway.namespace', ['trust', 'medium'], 'the namespace of the Gateway that leads to Kanidm'),
  row('kanidm.manifests.gateway.sectionName', ['trust', 'low'], 'the listener of the Gateway that leads to Kanidm'),
  row('kanidm.manifests.gateway.apiVersion', ['settings', 'low'], 'the API version of the TLSRoute of Kanidm'),
  row('kanidm.manifests.storage.size', ['settings', 'low'], 'the size of the volume of the database of Kanidm'),
  row('kanidm.manifests.storage.className', ['settings', 'low'], 'the StorageClass of the database of Kanidm'),
  row('kanidm.manifests.logLevel', ['settings', 'low'], 'how much Kanidm logs'),
  row('kanidm.backup.schedule', ['settings', 'low'], 'when Kanidm makes backups'),
  row('kanidm.backup.versions', ['settings', 'low'], 'how many backups Kanidm keeps'),
  row(
    'kanidm.backup.restore.file',
    ['trust', ({ after }) => (after === undefined ? 'low' : 'high')],
    'the backup that replaces the database of Kanidm',
    ({ before, after }) => {
      if (after === undefined) return 'Kanidm starts again';
      const lost = 'everything that changed since the backup is lost';
      return before === undefined ? `Kanidm stops until this field is removed, and ${lost}` : lost;
    },
  ),
  row(
    'kanidm.backup.restore.secretName',
    ['trust', 'high'],
    'the Secret with the backup that replaces the database of Kanidm',
    'whoever can write to this Secret controls who can sign in',
  ),
  row('kanidm.backup.size', ['settings', 'low'], 'the size of the volume of the backups of Kanidm'),
];
