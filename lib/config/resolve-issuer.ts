import type { Path } from '../findings/finding';
import type { Issuer } from './config';
import type { Filled } from './schema/field-types';
import type { IssuerSchema } from './schema/issuer-schema';

/**
 * Resolves an issuer that is not a client of Kanidm. The default of its prefixes is its name and a colon. Names of
 * issuers have no colons, so with these defaults two issuers cannot give the same name to different people.
 * @param ca in PEM
 */
export function resolveIssuer(
  name: string,
  { ca: _, prefix, groups, ...input }: Filled<typeof IssuerSchema>,
  { path, ca }: { readonly path: Path; readonly ca?: string },
): Issuer {
  const own = `${name}:`;
  return {
    ...input,
    name,
    path,
    ...(input.username ? {} : { prefix: prefix ?? own }),
    ...(groups ? { groups: { ...groups, prefix: groups.prefix ?? own } } : {}),
    ...(ca === undefined ? {} : { ca }),
  };
}
