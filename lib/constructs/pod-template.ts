import { type PodTemplateSpec, Quantity } from 'cdk8s-plus-30/lib/imports/k8s';
import type { Version } from '../config/config';
import { imageTag } from '../upstream/kanidm-versions';
import { certificateReloader } from './certificate-reloader';
import { healthCheck, migrationsPath, migrationsVolume, podHash } from './kanidm-pod';
import type { MigrationMaps } from './migration-maps';

/** User and group ID of the server. Any ID except 0 works, since `fsGroup` makes the volumes belong to the group. */
const id = 5000;

/** Readable only for the server's group (`fsGroup`). The server warns if others can read the file. */
const defaultMode = 0o440;

/** Security context of the server's pods: they do not run as root, and their volumes belong to the server's group. */
export const podSecurity = {
  runAsNonRoot: true,
  runAsUser: id,
  runAsGroup: id,
  fsGroup: id,
  fsGroupChangePolicy: 'OnRootMismatch',
  seccompProfile: { type: 'RuntimeDefault' },
};

/** Security context of the containers: no privileges, and a read-only root file system. */
export const containerSecurity = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

/** The volumes of the server, except those for its data and migrations. */
export const serverVolumes = (tlsSecretName: string) => [
  { name: 'tls', secret: { secretName: tlsSecretName, defaultMode } },
  { name: 'config', configMap: { name: 'kanidm-config', defaultMode } },
  { name: 'run', emptyDir: {} },
  { name: 'tmp', emptyDir: {} },
];

interface PodProps {
  readonly labels: Readonly<Record<string, string>>;
  readonly image: string;
  readonly version: Version;
  readonly tlsSecretName: string;
  readonly reloaderImage: string;
  readonly configHash: string;
  readonly migrations?: MigrationMaps;
}

/** The server's pod: not root, a read-only root file system, no service account token. */
export function podTemplate({ labels, version, migrations, ...props }: PodProps): PodTemplateSpec {
  const exec = { command: healthCheck(version) };
  return {
    metadata: {
      labels,
      annotations: { 'checksum/config': props.configHash, ...(migrations ? podHash(migrations) : {}) },
    },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      shareProcessNamespace: true,
      terminationGracePeriodSeconds: 60,
      securityContext: podSecurity,
      containers: [
        {
          name: 'kanidm',
          image: `${props.image}:${imageTag(version)}`,
          command: ['/sbin/kanidmd', 'server'],
          // The configuration is not mounted at /data: in a read-only volume, the mount point of the migrations
          // (/data/migrations.d) could not be created.
          env: [{ name: 'KANIDM_CONFIG', value: '/config/server.toml' }],
          ports: [{ name: 'https', containerPort: 8443 }],
          startupProbe: { exec, periodSeconds: 5, timeoutSeconds: 10, failureThreshold: 60 },
          livenessProbe: { exec, periodSeconds: 30, timeoutSeconds: 10 },
          readinessProbe: { exec, periodSeconds: 10, timeoutSeconds: 10 },
          resources: {
            requests: { cpu: Quantity.fromString('100m'), memory: Quantity.fromString('128Mi') },
            limits: { memory: Quantity.fromString('512Mi') },
          },
          securityContext: containerSecurity,
          volumeMounts: [
            { name: 'db', mountPath: '/db' },
            { name: 'backup', mountPath: '/backups' },
            { name: 'tls', mountPath: '/tls', readOnly: true },
            { name: 'config', mountPath: '/config', readOnly: true },
            ...(migrations ? [{ name: 'migrations', mountPath: migrationsPath, readOnly: true }] : []),
            { name: 'run', mountPath: '/run/kanidmd' },
            { name: 'tmp', mountPath: '/tmp' },
          ],
        },
        certificateReloader(props.reloaderImage, 'tls'),
      ],
      volumes: [...serverVolumes(props.tlsSecretName), ...(migrations ? [migrationsVolume(migrations)] : [])],
    },
  };
}
