import type { Version } from '../config/config';
import { has } from '../upstream/kanidm-versions';
import type { MigrationMaps } from './migration-maps';

/** The folder of migrations in the server's image: its default `migration_path`. */
export const migrationsPath = '/data/migrations.d';

/** The command of the health check, which is in the server's image and needs no shell. */
export const healthCheck = (version: Version): string[] => [
  '/sbin/kanidmd',
  ...(has(version, 'kanidmd scripting') ? ['scripting'] : []),
  'healthcheck',
];

/** Kanidm reads migrations only at start, so the pod has to be replaced when their content changes. */
export const podHash = ({ hash }: MigrationMaps): Record<string, string> => ({ 'checksum/migrations': hash });

/** A volume with the files of all ConfigMaps of migrations in one folder. */
export const migrationsVolume = ({ maps }: MigrationMaps) => ({
  name: 'migrations',
  projected: { sources: maps.map(({ name }) => ({ configMap: { name } })) },
});
