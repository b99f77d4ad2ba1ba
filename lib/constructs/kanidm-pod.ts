import type { Probe } from 'cdk8s-plus-30/lib/imports/k8s';
import type { Version } from '../config/config';
import { has } from '../upstream/kanidm-versions';
import type { MigrationMaps } from './migration-maps';

/** Where the server's image looks for migrations: its built-in `migration_path`. */
export const migrationsPath = '/data/migrations.d';

/**
 * The command that asks the server itself whether it answers. An exec probe, since its certificate is for the domain
 * and a kubelet's probe would ask the pod's address.
 */
export const healthCheck = (version: Version): string[] => [
  '/sbin/kanidmd',
  ...(has(version, 'kanidmd scripting') ? ['scripting'] : []),
  'healthcheck',
];

/**
 * The liveness probe. The server reads its certificate at start and on a reload only, and nothing in its image could
 * watch the file: so the kubelet asks for a reload every five minutes, which also shows that the server still answers.
 * A certificate that can't be read leaves the one before in place. Older versions have no such command.
 * @see https://github.com/kanidm/kanidm/blob/v1.11.1/server/daemon/src/opt.rs
 */
export const livenessProbe = (version: Version): Probe =>
  has(version, 'kanidmd scripting')
    ? { exec: { command: ['/sbin/kanidmd', 'scripting', 'reload'] }, periodSeconds: 300, timeoutSeconds: 30 }
    : { exec: { command: healthCheck(version) }, periodSeconds: 30, timeoutSeconds: 10 };

/** Kanidm reads migrations at start only: another content makes another pod. */
export const podHash = ({ hash }: MigrationMaps): Record<string, string> => ({ 'checksum/migrations': hash });

/** All ConfigMaps of migrations in one folder. */
export const migrationsVolume = ({ maps }: MigrationMaps) => ({
  name: 'migrations',
  projected: { sources: maps.map(({ name }) => ({ configMap: { name } })) },
});
