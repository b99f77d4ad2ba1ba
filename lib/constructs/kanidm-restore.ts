import { KubeJob } from 'cdk8s-plus-30/lib/imports/k8s';
import { Construct } from 'constructs';
import type { Version } from '../config/config';
import { sha256 } from '../output/sha256';
import { imageTag } from '../upstream/kanidm-versions';
import { noSubstitution } from './flux-annotations';
import { containerSecurity, podSecurity, serverVolumes } from './pod-template';

/** The backup that is restored. */
export interface RestoreSource {
  /** Name of the file. It must end in `.gz`, because the server reads no other backup. */
  readonly file: string;
  /** The Secret that contains the file. @default - the file is in the backup volume */
  readonly secretName?: string;
}

interface KanidmRestoreProps {
  readonly namespace: string;
  readonly image: string;
  readonly version: Version;
  readonly tlsSecretName: string;
  /** An image with a shell. */
  readonly reloaderImage: string;
  readonly source: RestoreSource;
}

/** SQLite keeps a part of the database in the files `-wal` and `-shm`. */
const replace = `set -e
[ -s /db/restored.db ] || { echo "The backup was not restored. See the log of the container restore."; exit 1; }
for end in "" -wal -shm; do
  rm -f "/db/before-restore.db$end"
  [ ! -e "/db/kanidm.db$end" ] || mv "/db/kanidm.db$end" "/db/before-restore.db$end"
  [ ! -e "/db/restored.db$end" ] || mv "/db/restored.db$end" "/db/kanidm.db$end"
done
echo "The backup was restored. The old database is in before-restore.db."
`;

const shell = (script: string) => ['/bin/sh', '-c', script];

/**
 * A Job that replaces the database of a stopped server with a backup. Two processes would corrupt the database, so the
 * pod of the Job is scheduled only when no node runs the server's pod any more. The backup is first restored to a new
 * file, so that the old database stays if the restore fails. Kanidm before 1.9 would ignore KANIDM_DB_PATH. The Job
 * checks the file and not the exit code: Kanidm 1.11.1 exits with 0 even if it cannot open the database that it
 * restores to.
 */
export class KanidmRestore extends Construct {
  readonly job: KubeJob;

  constructor(scope: Construct, id: string, { namespace, source, ...pod }: KanidmRestoreProps) {
    super(scope, id);
    const helper = {
      image: pod.reloaderImage,
      securityContext: containerSecurity,
      volumeMounts: [{ name: 'db', mountPath: '/db' }],
    };
    const folder = source.secretName === undefined ? '/backups' : '/restore';
    const spec = {
      // A second attempt would fail in the same way.
      backoffLimit: 0,
      template: {
        metadata: { labels: { app: 'kanidm-restore' } },
        spec: {
          restartPolicy: 'Never',
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: podSecurity,
          affinity: {
            podAntiAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: [
                // All Linux nodes have the same value of this label: while the server's pod is on any of these nodes, the
                // Job's pod is scheduled on none of them.
                { labelSelector: { matchLabels: { app: 'kanidm' } }, topologyKey: 'kubernetes.io/os' },
              ],
            },
          },
          initContainers: [
            { ...helper, name: 'clean', command: shell('rm -f /db/restored.db*') },
            {
              name: 'restore',
              image: `${pod.image}:${imageTag(pod.version)}`,
              command: ['/sbin/kanidmd', 'database', 'restore', `${folder}/${source.file}`],
              env: [
                { name: 'KANIDM_CONFIG', value: '/config/server.toml' },
                { name: 'KANIDM_DB_PATH', value: '/db/restored.db' },
              ],
              securityContext: containerSecurity,
              volumeMounts: [
                { name: 'db', mountPath: '/db' },
                { name: 'backup', mountPath: '/backups' },
                { name: 'tls', mountPath: '/tls', readOnly: true },
                { name: 'config', mountPath: '/config', readOnly: true },
                { name: 'run', mountPath: '/run/kanidmd' },
                { name: 'tmp', mountPath: '/tmp' },
                ...(source.secretName === undefined
                  ? []
                  : [{ name: 'restore', mountPath: '/restore', readOnly: true }]),
              ],
            },
          ],
          containers: [{ ...helper, name: 'replace', command: shell(replace) }],
          volumes: [
            { name: 'db', persistentVolumeClaim: { claimName: 'db-kanidm-0' } },
            { name: 'backup', persistentVolumeClaim: { claimName: 'backup-kanidm-0' } },
            ...serverVolumes(pod.tlsSecretName),
            ...(source.secretName === undefined
              ? []
              : [{ name: 'restore', secret: { secretName: source.secretName, defaultMode: 0o440 } }]),
          ],
        },
      },
    };
    // A Job cannot be changed, so another backup needs another Job.
    const hash = sha256(JSON.stringify(spec)).slice(0, 8);
    const labels = { app: 'kanidm-restore' };
    this.job = new KubeJob(this, 'job', {
      metadata: { name: `kanidm-restore-${hash}`, namespace, labels, annotations: noSubstitution },
      spec,
    });
  }
}
