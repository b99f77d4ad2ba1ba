import type { Probe } from 'cdk8s-plus-30/lib/imports/k8s';
import type { Version } from '../config/config';
import { has } from '../upstream/kanidm-versions';
import type { MigrationMaps } from './migration-maps';

/** The folder of migrations in the server's image: its default `migration_path`. */
export const migrationsPath = '/data/migrations.d';

/**
 * The command of the health check. It is an exec probe, because the certificate is for the domain and an HTTP probe of the
 * kubelet would use the pod's address.
 */
export const healthCheck = (version: Version): string[] => [
  '/sbin/kanidmd',
  ...(has(version, 'kanidmd scripting') ? ['scripting'] : []),
  'healthcheck',
];

/**
 * The liveness probe. The server reads its certificate only at start and on a reload, and its image has no program that
 * could watch the file. So the probe requests a reload every five minutes, which also shows that the server responds. If
 * the new certificate can't be read, the server keeps the old one. Older versions do not have this command.
 * @see https://github.com/kanidm/kanidm/blob/v1.11.1/server/daemon/src/opt.rs
 */
export const livenessProbe = (version: Version): Probe =>
  has(version, 'kanidmd scripting')
    ? { exec: { command: ['/sbin/kanidmd', 'scripting', 'reload'] }, periodSeconds: 300, timeoutSeconds: 30 }
    : { exec: { command: healthCheck(version) }, periodSeconds: 30, timeoutSeconds: 10 };

/** Kanidm reads migrations only at start, so the pod has to be replaced when their content changes. */
export const podHash = ({ hash }: MigrationMaps): Record<string, string> => ({ 'checksum/migrations': hash });

/** All ConfigMaps of migrations in one folder. */
export const migrationsVolume = ({ maps }: MigrationMaps) => ({
  name: 'migrations',
  projected: { sources: maps.map(({ name }) => ({ configMap: { name } })) },
});
