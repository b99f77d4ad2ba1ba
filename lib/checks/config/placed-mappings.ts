import type { Cluster, Mapping } from '../../config/config';
import type { Path } from '../../findings/finding';
import { own } from '../../guards';
import type { Authenticator } from '../../identity/authenticator';

/**
 * How the API server turns tokens into users (`Mapping`), with the path in the config, and the clients to whose tokens
 * the mapping applies.
 */
export interface PlacedMapping {
  readonly mapping: Mapping;
  readonly path: Path;
  /** Empty if the mapping is for an issuer other than Kanidm. */
  readonly clients: readonly Authenticator[];
}

/**
 * Returns the mappings for the clients of Kanidm: one from `authentication`, and the others from
 * `authentication.clients`.
 */
export function clientMappings({ path, authentication }: Cluster, trusted: readonly Authenticator[]): PlacedMapping[] {
  const at = [...path, 'authentication'];
  const { clients } = authentication;
  return [
    {
      mapping: authentication,
      path: at,
      clients: trusted.filter(({ client }) => own(clients, client.name) === undefined),
    },
    ...Object.entries(clients).map(([name, mapping]) => ({
      mapping,
      path: [...at, 'clients', name],
      clients: trusted.filter(({ client }) => client.name === name),
    })),
  ].filter(({ clients }) => clients.length > 0);
}

export const issuerMappings = ({ issuers }: Pick<Cluster, 'issuers'>): PlacedMapping[] =>
  issuers.map((issuer) => ({ mapping: issuer, path: issuer.path, clients: [] }));
