import {
  IntOrString,
  KubeConfigMap,
  KubeNamespace,
  KubeNetworkPolicy,
  KubeService,
  KubeStatefulSet,
  Quantity,
} from 'cdk8s-plus-30/lib/imports/k8s';
import { Construct } from 'constructs';
import { parseVersion } from '../config/version';
import { sha256 } from '../output/sha256';
import { backupScheduleProblem } from '../upstream/kanidm-schedule';
import { stable } from '../upstream/kanidm-versions';
import { defaultReloaderImage } from './certificate-reloader';
import { noPruning, noSubstitution } from './flux-annotations';
import { exposureShape, KanidmExposure, type KanidmExposureProps } from './kanidm-exposure';
import { KanidmMigrations } from './kanidm-migrations';
import { KanidmRestore, type RestoreSource } from './kanidm-restore';
import type { MigrationMaps } from './migration-maps';
import { podTemplate } from './pod-template';
import {
  checkBackupFile,
  checkImageName,
  checkKanidmNamespace,
  checkKanidmVersion,
  checkName,
  checkPinnedImage,
  checkQuantity,
  checkSecretKey,
  expected,
  manifestsNeed,
  migrationsNeed,
  type PropProblem,
  reportProblems,
} from './props-check';
import { checkProps, type Shape } from './props-shape';
import { serverToml } from './server-toml';

/** Props of {@link KanidmServer}. */
export interface KanidmServerProps extends KanidmExposureProps {
  /** Version of Kanidm, `1.11` or `1.11.1`. @default - the newest that Kaniflux was tested with */
  readonly version?: string;
  /** Image without a tag. @default 'docker.io/kanidm/server' */
  readonly image?: string;
  /**
   * Image, including its tag, of the container that makes the server use a renewed certificate.
   * @default 'docker.io/library/busybox:1.37.0'
   */
  readonly reloaderImage?: string;
  /** The volume that holds the identity database. */
  readonly storage?: {
    /** Size of the volume. @default '2Gi' */
    readonly size?: string;
    /** StorageClass of this volume and of the backup volume. @default - the cluster's default */
    readonly className?: string;
  };
  /** Kanidm's online backups. */
  readonly backup?: {
    /** Cron expression, in UTC. @default '00 22 * * *' */
    readonly schedule?: string;
    /** The number of backups that are kept. @default 7 */
    readonly versions?: number;
    /** Size of the backup volume. @default '2Gi' */
    readonly size?: string;
    /** Stops the server and restores a backup (`KanidmRestore`). @default - none */
    readonly restore?: RestoreSource;
  };
  /** How much Kanidm logs. @default 'info' */
  readonly logLevel?: 'info' | 'debug' | 'trace';
  /** People, groups and clients that the server creates at start (`migrationMaps`). @default - none */
  readonly migrations?: MigrationMaps;
}

const shape = {
  ...exposureShape,
  version: 'text',
  image: 'text',
  reloaderImage: 'text',
  storage: { size: 'text', className: 'text' },
  backup: { schedule: 'text', versions: 'number', size: 'text', restore: { file: 'text', secretName: 'text' } },
  logLevel: ['info', 'debug', 'trace'],
  migrations: 'migrations',
} as const satisfies Shape<KanidmServerProps>;

/**
 * Kanidm without a Helm chart: one replica with its own volumes, in a namespace that enforces the restricted Pod
 * Security Standard. Objects that hold or own the database stay in the cluster when they are removed from Git.
 * Synthesis fails for props that Kanidm or Kubernetes refuses.
 */
export class KanidmServer extends Construct {
  /** The namespace of all other objects. */
  readonly namespace: KubeNamespace;
  /** The ConfigMap with `server.toml`. */
  readonly config: KubeConfigMap;
  /** The server, and its volumes. */
  readonly statefulSet: KubeStatefulSet;
  /** The Service, with the port 443 for HTTPS. */
  readonly service: KubeService;
  /** Allows connections to the HTTPS port only. */
  readonly networkPolicy: KubeNetworkPolicy;
  /** The certificate, and how browsers reach the server. */
  readonly exposure: KanidmExposure;
  /** Set if `backup.restore` is set. */
  readonly restore?: KanidmRestore;
  /** Set if `migrations` is set. */
  readonly migrations?: KanidmMigrations;

  constructor(scope: Construct, id: string, props: KanidmServerProps) {
    super(scope, id);
    checkProps(`KanidmServer ${id}`, props, shape);
    const { domain, origin = `https://${domain}`, namespace = 'kanidm', migrations, storage, backup } = props;
    const labels = { app: 'kanidm' };
    const metadata = { name: 'kanidm', namespace, labels, annotations: noSubstitution };
    const pod = {
      image: props.image ?? 'docker.io/kanidm/server',
      version: props.version === undefined ? stable : parseVersion(props.version),
      tlsSecretName: props.tlsSecretName ?? 'kanidm-tls',
      reloaderImage: props.reloaderImage ?? defaultReloaderImage,
    };
    const kept = { ...noPruning, ...noSubstitution };
    const toml = serverToml({
      domain,
      origin,
      logLevel: props.logLevel ?? 'info',
      backup: { schedule: backup?.schedule ?? '00 22 * * *', versions: backup?.versions ?? 7 },
      migrating: migrations !== undefined,
    });

    this.namespace = new KubeNamespace(this, 'namespace', {
      metadata: { name: namespace, annotations: kept, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    });
    this.config = new KubeConfigMap(this, 'config', {
      metadata: { ...metadata, name: 'kanidm-config' },
      data: { 'server.toml': toml },
    });
    this.statefulSet = new KubeStatefulSet(this, 'server', {
      metadata: { ...metadata, annotations: kept },
      spec: {
        replicas: backup?.restore ? 0 : 1,
        serviceName: 'kanidm',
        // With OrderedReady, Kubernetes would not replace a pod that never became ready, not even after a revert of the
        // faulty commit.
        podManagementPolicy: 'Parallel',
        selector: { matchLabels: labels },
        // PersistentVolumeClaims stay when the StatefulSet is deleted.
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
        template: podTemplate({
          labels,
          ...pod,
          configHash: sha256(toml),
          migrations,
        }),
        volumeClaimTemplates: [
          claim('db', storage?.size ?? '2Gi', storage?.className),
          claim('backup', backup?.size ?? '2Gi', storage?.className),
        ],
      },
    });
    this.service = new KubeService(this, 'service', {
      metadata,
      spec: { selector: labels, ports: [{ name: 'https', port: 443, targetPort: IntOrString.fromString('https') }] },
    });
    this.networkPolicy = new KubeNetworkPolicy(this, 'network-policy', {
      metadata,
      spec: {
        podSelector: { matchLabels: labels },
        policyTypes: ['Ingress'],
        ingress: [{ ports: [{ protocol: 'TCP', port: IntOrString.fromString('https') }] }],
      },
    });
    this.exposure = new KanidmExposure(this, 'exposure', props);
    if (backup?.restore) {
      this.restore = new KanidmRestore(this, 'restore', { ...pod, namespace, source: backup.restore });
    }
    if (migrations) this.migrations = new KanidmMigrations(this, 'migrations', { namespace, migrations });
    reportProblems(this, problemsOf(props));
  }
}

const problemsOf = ({
  namespace,
  version,
  image,
  reloaderImage,
  storage,
  backup,
  migrations,
}: KanidmServerProps): PropProblem[] => [
  checkKanidmNamespace(namespace, true),
  checkKanidmVersion('version', version, {
    ...manifestsNeed,
    ...(backup?.restore ? { restores: 'restoring to a new file' } : {}),
    ...(migrations ? migrationsNeed : {}),
  }),
  checkImageName('image', image),
  checkPinnedImage('reloaderImage', reloaderImage),
  checkQuantity('storage.size', storage?.size),
  checkName('storage.className', storage?.className),
  checkQuantity('backup.size', backup?.size),
  backup?.versions === undefined || (Number.isInteger(backup.versions) && backup.versions > 0)
    ? undefined
    : expected('backup.versions', 'a whole number above zero', String(backup.versions)),
  scheduleProblem(backup?.schedule),
  backup?.restore && checkBackupFile('backup.restore.file', backup.restore.file),
  backup?.restore?.secretName === undefined ? undefined : checkSecretKey('backup.restore.file', backup.restore.file),
  checkName('backup.restore.secretName', backup?.restore?.secretName),
];

function scheduleProblem(schedule: string | undefined): PropProblem {
  const problem = schedule === undefined ? undefined : backupScheduleProblem(schedule);
  return problem && `backup.schedule: Kanidm does not start with the schedule \`${schedule}\`: ${problem}`;
}

const claim = (name: string, size: string, storageClassName?: string) => ({
  metadata: { name },
  spec: {
    accessModes: ['ReadWriteOnce'],
    storageClassName,
    resources: { requests: { storage: Quantity.fromString(size) } },
  },
});
