import type { Cluster, Config } from '../config/config';
import { mapAt, scalarText } from '../guards';
import { authenticators } from '../identity/authenticator';
import { isKnown } from '../identity/token-mapping';

/**
 * Returns, as text, the users and groups whose names at the API server cannot be derived from the config. Their names
 * come from an expression that Kaniflux does not evaluate, or from an entry of `jwt`, which is rendered unchanged. So
 * any binding may name one of these users or groups.
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
