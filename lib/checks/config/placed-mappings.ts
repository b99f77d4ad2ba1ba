import type { Cluster, Mapping } from '../../config/config';
import type { Path } from '../../findings/finding';
import { own } from '../../guards';
import type { Authenticator } from '../../identity/authenticator';

/** A mapping of the config, with its path, and the clients whose tokens it maps. */
export interface PlacedMapping {
  readonly mapping: Mapping;
  readonly path: Path;
  /** The clients; none if the issuer is not a client of Kanidm. */
  readonly clients: readonly Authenticator[];
}

/** Returns the mappings for the clients of Kanidm: the one of the cluster, and those of single clients. */
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

/** Returns the mappings of other issuers. */
export const issuerMappings = ({ issuers }: Pick<Cluster, 'issuers'>): PlacedMapping[] =>
  issuers.map((issuer) => ({ mapping: issuer, path: issuer.path, clients: [] }));
