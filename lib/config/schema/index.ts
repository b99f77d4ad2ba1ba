import { type Static, Type } from '@sinclair/typebox';
import { ClusterSchema, GrantSchema, RoleSchema } from './cluster';
import { FluxSchema } from './flux';
import { ClientSchema, GroupSchema, PersonSchema, ServiceAccountSchema } from './identity';
import { KanidmSchema } from './kanidm';
import { clientName, closed, dnsLabel, kanidmName, listOf, mapOf, rbacName, text } from './parts';

const ChecksSchema = closed(
  {
    ignore: Type.Optional(
      listOf(
        closed(
          {
            code: text({ description: 'Code of the check.', pattern: '^KFD?[0-9]{3}$', examples: ['KF101'] }),
            reason: text({ description: 'Why it is fine here; printed with every run.' }),
            cluster: Type.Optional(text({ description: 'Only on this cluster.' })),
          },
          { description: 'A finding that is known and accepted.' },
        ),
        { description: 'Findings to leave out.' },
      ),
    ),
    maxClusterAdmins: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: 'How many people may hold cluster-admin before it is a finding.',
        default: 3,
      }),
    ),
  },
  { description: 'Settings of `kaniflux check`.' },
);

/** The one definition of `kaniflux.yaml`: types, validator, published schema and reference come from it. */
export const ConfigSchema = closed(
  {
    kanidm: KanidmSchema,
    people: Type.Optional(
      mapOf(PersonSchema, { description: 'People, by their name in Kanidm.', pattern: kanidmName }),
    ),
    serviceAccounts: Type.Optional(
      mapOf(ServiceAccountSchema, { description: 'Service accounts, by name.', pattern: kanidmName }),
    ),
    groups: Type.Optional(mapOf(GroupSchema, { description: 'Groups, by name.', pattern: kanidmName })),
    clients: Type.Optional(mapOf(ClientSchema, { description: 'OAuth2 clients, by client id.', pattern: clientName })),
    roles: Type.Optional(mapOf(RoleSchema, { description: 'Roles of your own, by name.', pattern: rbacName })),
    clusters: Type.Unsafe<Record<string, Static<typeof ClusterSchema>> | string>({
      type: ['object', 'string'],
      minLength: 1,
      propertyNames: { pattern: dnsLabel },
      additionalProperties: ClusterSchema,
      description: 'Clusters by name, or a glob of files (relative to this one), one a cluster with its `name`.',
      examples: ['clusters/*.yaml'],
    }),
    grants: Type.Optional(Type.Array(GrantSchema, { description: 'Grants on several clusters.' })),
    flux: Type.Optional(FluxSchema),
    checks: Type.Optional(ChecksSchema),
  },
  { description: 'The configuration of Kaniflux.' },
);

/** A file of its own for a cluster, where `clusters` is a glob. */
export const ClusterFileSchema = Type.Composite(
  [Type.Object({ name: text({ description: 'Name of the cluster.', pattern: dnsLabel }) }), ClusterSchema],
  { additionalProperties: false, description: 'A cluster in a file of its own.' },
);

export type ConfigInput = Static<typeof ConfigSchema>;

/** The config with the clusters of all files in it. */
export type WholeInput = Omit<ConfigInput, 'clusters'> & { clusters: Record<string, Static<typeof ClusterSchema>> };
export type ClusterFileInput = Static<typeof ClusterFileSchema>;
export type { AuthenticationInput } from './authentication';
export { type ClusterInput, controlPlaneKinds, type GrantInput, type RoleInput } from './cluster';
export type { FluxInput } from './flux';
export type { ClientInput, GroupInput, PersonInput, ServiceAccountInput } from './identity';
export type { KanidmInput } from './kanidm';
