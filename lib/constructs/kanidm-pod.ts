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

/** Kanidm reads migrations at start only: another content makes another pod. */
export const podHash = ({ hash }: MigrationMaps): Record<string, string> => ({ 'checksum/migrations': hash });

/** All ConfigMaps of migrations in one folder. */
export const migrationsVolume = ({ maps }: MigrationMaps) => ({
  name: 'migrations',
  projected: { sources: maps.map(({ name }) => ({ configMap: { name } })) },
});
