import { type Static, Type } from '@sinclair/typebox';
import { PersonSchema, ServiceAccountSchema } from './account-schema';
import { ClientSchema } from './client-schema';
import { ClusterSchema, type FilledClusterInput, GrantSchema, RoleSchema } from './cluster-schema';
import { ExpectationSchema } from './expectation-schema';
import { clientName, dnsLabel, findingCode, kanidmName, rbacName } from './field-patterns';
import { closed, type Filled, listOf, mapOf, text, withDefault } from './field-types';
import { FluxSchema } from './flux-schema';
import { GroupSchema } from './group-schema';
import { KanidmSchema } from './kanidm-schema';

export const ChecksSchema = closed(
  {
    ignore: withDefault(
      [],
      listOf(
        closed(
          {
            code: text({
              description: 'Code of the finding; `docs/findings/` has a page for each.',
              pattern: findingCode,
              examples: ['no-break-glass'],
            }),
            reason: text({
              description: 'Why the finding is accepted. Every run of `kaniflux check` prints the reason.',
            }),
            cluster: Type.Optional(text({ description: 'Accept the finding only on this cluster.' })),
            grant: Type.Optional(text({ description: 'Accept the finding only for the grant of this name.' })),
            group: Type.Optional(text({ description: 'Accept the finding only for this group.' })),
            path: Type.Optional(
              text({
                description:
                  'Accept the finding only at or below this path. Write a path of the config, or a file or folder of hand-written manifests (`--manifests`).',
                examples: ['clients.k8s'],
              }),
            ),
          },
          {
            description:
              'A finding that you accept. Kaniflux ignores a finding only if it matches every field of this entry.',
          },
        ),
        { description: 'Findings to leave out.' },
      ),
    ),
    maxClusterAdmins: withDefault(
      3,
      Type.Integer({
        minimum: 0,
        description: 'How many people may have cluster-admin. If more people have it, `kaniflux check` reports them.',
      }),
    ),
  },
  { description: 'Settings of `kaniflux check` and `kaniflux doctor`.' },
);

/** The only definition of `kaniflux.yaml`. Types, validator, published schema and reference are derived from it. */
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
    roles: Type.Optional(mapOf(RoleSchema, { description: 'Your own roles, by name.', pattern: rbacName })),
    clusters: Type.Unsafe<Record<string, Static<typeof ClusterSchema>> | string>({
      type: ['object', 'string'],
      minLength: 1,
      propertyNames: { pattern: dnsLabel },
      additionalProperties: ClusterSchema,
      description:
        'Clusters by name, or a glob that is relative to this file. Each file that matches the glob defines one cluster, and contains the `name` of the cluster.',
      examples: ['clusters/*.yaml'],
    }),
    grants: withDefault([], Type.Array(GrantSchema, { description: 'Grants that apply to several clusters.' })),
    flux: withDefault({}, FluxSchema),
    expect: withDefault(
      [],
      Type.Array(ExpectationSchema, { description: 'What must be true of the rights that this config gives.' }),
    ),
    checks: withDefault({}, ChecksSchema),
  },
  { description: 'The configuration of Kaniflux.' },
);

/** The file of one cluster, for a config in which `clusters` is a glob. */
export const ClusterFileSchema = Type.Composite(
  [Type.Object({ name: text({ description: 'Name of the cluster.', pattern: dnsLabel }) }), ClusterSchema],
  { additionalProperties: false, description: 'A cluster in a file of its own.' },
);

/** A config as a user can write it. */
export type ConfigInput = Static<typeof ConfigSchema>;

/** A config after validation, which fills in the defaults. A section with errors may lack its defaults. */
export interface FilledInput extends Omit<Filled<typeof ConfigSchema>, 'clusters'> {
  clusters: Record<string, FilledClusterInput> | string;
}

/** A config after validation, with the clusters of all files. */
export interface WholeInput extends FilledInput {
  clusters: Record<string, FilledClusterInput>;
}

export type FilledClusterFile = FilledClusterInput & { name: string };
export type { PersonInput, ServiceAccountInput } from './account-schema';
export type { AuthenticationInput } from './authentication-schema';
export type { ClientInput } from './client-schema';
export type {
  ClusterInput,
  FilledClusterInput,
  GrantInput,
  RoleInput,
} from './cluster-schema';
export type { ExpectationInput } from './expectation-schema';
export type { FluxInput } from './flux-schema';
export type { GroupInput, MemberInput } from './group-schema';
export type { KanidmInput } from './kanidm-schema';
