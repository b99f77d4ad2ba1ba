import type { Cluster, Config } from '../config/config';
import { mapAt, scalarText } from '../guards';
import { authenticators } from '../identity/authenticator';
import { isKnown } from '../identity/token-mapping';

/**
 * Returns whose names at an API server the config does not determine: people whose names come from an expression that
 * Kaniflux does not evaluate, and users of entries that are rendered as they are. Any binding may name them.
 */
export function unknownNames(config: Config, cluster: Cluster): string[] {
  return [
    ...authenticators(config, cluster).flatMap(({ client, username, groups }) => [
      ...(isKnown(username) ? [] : [`the user names in tokens of client ${client.name}`]),
      ...(isKnown(groups) ? [] : [`the groups in tokens of client ${client.name}`]),
    ]),
    ...cluster.jwt.map((entry) => `the users and groups of the issuer ${scalarText(mapAt(entry, 'issuer').url)}`),
  ];
}
