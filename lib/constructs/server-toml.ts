import { migrationsPath } from './kanidm-pod';

export interface ServerTomlProps {
  readonly domain: string;
  readonly origin: string;
  readonly logLevel: string;
  /** The online backup: a cron expression in UTC, and the number of backups that are kept. */
  readonly backup: { readonly schedule: string; readonly versions: number };
  /** Whether the server applies migrations, files that create and change its entries. */
  readonly migrating: boolean;
}

/** A TOML basic string. TOML accepts JSON's escapes. */
const text = (value: string): string => JSON.stringify(value);

/**
 * The server's configuration, in the format of Kanidm 1.6 and later.
 * @see https://github.com/kanidm/kanidm/blob/v1.11.1/examples/server_container.toml
 */
export function serverToml({ domain, origin, logLevel, backup, migrating }: ServerTomlProps): string {
  return `version = "2"
domain = ${text(domain)}
origin = ${text(origin)}
bindaddress = "[::]:8443"
db_path = "/db/kanidm.db"
tls_chain = "/tls/tls.crt"
tls_key = "/tls/tls.key"
adminbindpath = "/run/kanidmd/sock"
log_level = ${text(logLevel)}
${migrating ? `migration_path = ${text(migrationsPath)}\n` : ''}
[online_backup]
path = "/backups"
schedule = ${text(backup.schedule)}
versions = ${backup.versions}
`;
}
