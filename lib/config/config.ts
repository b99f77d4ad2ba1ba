import type { Static } from '@sinclair/typebox';
import type { Path } from '../findings/finding';
import type { Ignore } from '../findings/ignore';
import type { Json } from '../guards';
import type { PersonSchema, ServiceAccountSchema } from './schema/account-schema';
import type { AppsInput } from './schema/app-schema';
import type { AuthenticationSchema } from './schema/authentication-schema';
import type { ClientSchema } from './schema/client-schema';
import type { ClusterSchema, RoleSchema } from './schema/cluster-schema';
import type { ChecksSchema } from './schema/config-schema';
import type { Filled } from './schema/field-types';
import type { controlPlaneKinds } from './schema/field-values';
import type { FluxSchema } from './schema/flux-schema';
import type { GroupSchema } from './schema/group-schema';
import type { IssuerSchema } from './schema/issuer-schema';
import type { BackupSchema, KanidmSchema } from './schema/kanidm-schema';
import type { ClientMappingSchema, TokenGroupsSchema } from './schema/mapping-schema';
import type { PodSecuritySchema } from './schema/pod-security-schema';

/*
 * The resolved config: validated, with valid references, and with the defaults of the schema. A field that is optional
 * here has no default. Values that follow from the config and from how Kubernetes or Kanidm works are computed in
 * lib/identity.
 */

/** A version, as a text and as numbers, which can be compared. */
export interface Version {
  /** As written, without a leading `v` and without the suffix of a distribution. */
  readonly text: string;
  readonly major: number;
  readonly minor: number;
  readonly patch?: number;
}

interface Entry {
  /** The key in the config. For an entry of Kanidm, this is also its name there. */
  readonly name: string;
  /** The path of the entry in the config. */
  readonly path: Path;
}

export interface Person extends Entry, Omit<Filled<typeof PersonSchema>, 'mail' | 'displayName'> {
  /** The display name; the key of the entry if the entry is `absent` and the config sets no display name. */
  readonly displayName: string;
  /** Mail addresses, the primary one first; `undefined` if the config does not set them. */
  readonly mails?: readonly string[];
}

export interface ServiceAccount extends Entry, Omit<Filled<typeof ServiceAccountSchema>, 'displayName'> {
  readonly displayName: string;
}

/** How long a grant or a membership lasts, and why it exists. */
export interface Term {
  /** The last day, `2027-01-31`, in UTC. */
  readonly until?: string;
  readonly reason?: string;
}

export interface Group extends Entry, Omit<Filled<typeof GroupSchema>, 'members'> {
  /** The keys of the members, in the order of the config; `undefined` if only Kanidm knows them. */
  readonly members?: readonly string[];
  /**
   * The last days and reasons of memberships, by the key of the member. Memberships with neither are not in the map.
   */
  readonly memberTerms?: Readonly<Record<string, Term>>;
}

export interface Client extends Entry, Omit<Filled<typeof ClientSchema>, 'displayName' | 'landingUrl'> {
  readonly displayName: string;
  /** The URL; empty if the client is `absent` and the config does not set one. */
  readonly landingUrl: string;
}

type KanidmFields = Filled<typeof KanidmSchema>;

export type Helm = NonNullable<KanidmFields['helm']>;
export type Backup = Filled<typeof BackupSchema>;

export interface Manifests extends NonNullable<KanidmFields['manifests']> {
  readonly backup: Backup;
}

export interface Kanidm extends Pick<KanidmFields, 'domain' | 'namespace' | 'provision'> {
  /** The address, without a trailing slash. */
  readonly origin: string;
  /** Name of the cluster that hosts Kanidm. Set if `helm` or `manifests` is set. */
  readonly cluster?: string;
  readonly version?: Version;
  readonly helm?: Helm;
  readonly manifests?: Manifests;
  /**
   * The backup settings as in the config, whether or not Kaniflux renders them. Those it renders are in
   * `manifests.backup`.
   */
  readonly backup?: Backup;
}

/** The keys that a grant names. */
interface Grantees {
  readonly people: readonly string[];
  readonly groups: readonly string[];
  readonly serviceAccounts: readonly string[];
}

export interface Grant extends Grantees, Term {
  readonly name: string;
  readonly path: Path;
  readonly roleKind: 'ClusterRole' | 'Role';
  readonly roleName: string;
  /** The namespaces, sorted. If empty, the role is granted on the whole cluster. */
  readonly namespaces: readonly string[];
  /** Users and groups that are not entries of the config, by their names at the API server; sorted. */
  readonly subjects: { readonly users: readonly string[]; readonly groups: readonly string[] };
  /**
   * The keys in `people`, `groups` and `serviceAccounts` in the order of the config, so that the index of a key is also
   * its index in the file. The lists of the grant itself are sorted.
   */
  readonly written: Grantees;
}

export interface Role extends Pick<Filled<typeof RoleSchema>, 'rules' | 'aggregateTo'> {
  readonly name: string;
  readonly path: Path;
  /** The namespaces, sorted. If empty, the role is a ClusterRole. */
  readonly namespaces: readonly string[];
}

/**
 * How the tokens of an issuer become users. If neither `prefix` nor `username` is set, the API server uses its default
 * prefix.
 */
export interface Mapping extends Omit<Filled<typeof ClientMappingSchema>, 'groups'> {
  /** Set if the API server reads groups from the token. */
  readonly groups?: Filled<typeof TokenGroupsSchema>;
}

/** How the API server accepts tokens. The mapping applies to each client that does not have its own in `clients`. */
export interface Authentication extends Mapping, Pick<Filled<typeof AuthenticationSchema>, 'method' | 'anonymous'> {
  readonly ca?: { readonly pem?: string; readonly nodePath?: string };
  readonly clients: Readonly<Record<string, Mapping>>;
}

/** An issuer other than those of Kanidm's clients in the config, such as another identity provider. */
export interface Issuer extends Entry, Mapping, Omit<Filled<typeof IssuerSchema>, keyof Mapping | 'ca'> {
  /** The CA, in PEM. */
  readonly ca?: string;
}

/** An application that sends the tokens of people to the API server. */
export interface App extends Entry, Readonly<Required<Omit<NonNullable<AppsInput['headlamp']>, 'id'>>> {
  readonly name: 'headlamp';
  /** UUID of the client. */
  readonly id?: string;
}

type KubeconfigFields = Filled<typeof ClusterSchema>['kubeconfig'];

export interface Kubeconfig extends Omit<KubeconfigFields, 'certificateAuthority'> {
  readonly user: string;
  readonly certificateAuthority?: { readonly pem: string } | { readonly path: string };
}

/**
 * The Flux settings. `path` is the output folder in the Flux source: a relative path that begins with `./` and has no
 * trailing slash, or `.` for the root of the source.
 */
export type Flux = Readonly<Filled<typeof FluxSchema>>;

export type ControlPlaneKind = (typeof controlPlaneKinds)[number];

/** A cluster of a loaded config. */
export interface Cluster extends Entry {
  /** Address of the API server, for the kubeconfigs. */
  readonly server: string;
  /** Version of Kubernetes. */
  readonly kubernetes: Version;
  /** Key of the client that the kubeconfig uses, and whose tokens the API server accepts. */
  readonly client: string;
  /** Keys of the other clients whose tokens the API server accepts, sorted. */
  readonly trust: readonly string[];
  /** The issuers that are not clients of this Kanidm, sorted by name. */
  readonly issuers: readonly Issuer[];
  /** Further entries of the AuthenticationConfiguration, as written. */
  readonly jwt: readonly Json[];
  /** The applications of the cluster. Their clients are in `trust`. */
  readonly apps: readonly App[];
  /** What runs the API server, which determines the files in `control-planes/`. */
  readonly controlPlane: ControlPlaneKind;
  /** The version of Talos or of Cluster API. */
  readonly controlPlaneVersion?: Version;
  /** How the API server accepts tokens. */
  readonly authentication: Authentication;
  /** Settings of the rendered kubeconfig. */
  readonly kubeconfig: Kubeconfig;
  /** How Flux applies the rendered files. */
  readonly flux: Flux;
  /** The fields of `flux` that the cluster itself sets. The others come from `flux` at the top level of the config. */
  readonly ownFlux: readonly string[];
  /** The Pod Security levels as in the config. The label of a namespace takes precedence. */
  readonly podSecurity?: Static<typeof PodSecuritySchema>;
  /** How administrators get access while Kanidm is down. */
  readonly breakGlass?: string;
  /** The grants of the cluster and the grants at the top level of the config, sorted by name. */
  readonly grants: readonly Grant[];
  /** The roles of the config that are rendered for this cluster. */
  readonly roles: readonly Role[];
}

type CheckFields = Filled<typeof ChecksSchema>;

export interface Checks extends Omit<CheckFields, 'ignore'> {
  readonly ignore: readonly Ignore[];
}

/** A condition that the access on some clusters must meet. */
export type Expectation = ExpectationScope &
  (
    | { readonly kind: 'never'; readonly right: string }
    /** If `who` is missing, at least one person must have the right. */
    | { readonly kind: 'always'; readonly right: string; readonly who?: readonly string[] }
    | { readonly kind: 'atMost'; readonly right: string; readonly most: number }
    | { readonly kind: 'exclusive'; readonly roles: readonly string[] }
  );

interface ExpectationScope {
  /** The path of the expectation in the config. */
  readonly path: Path;
  /** The namespaces; `undefined` for the whole cluster and every namespace. */
  readonly in?: readonly string[];
  /** Keys of groups, people and service accounts, and built-in groups of Kanidm. */
  readonly except: readonly string[];
  /** Users and groups that are not entries of the config, by their names at the API server. */
  readonly exceptSubjects: { readonly users: readonly string[]; readonly groups: readonly string[] };
  /** Whether the expectation also applies to rights that people do not have, but can get step by step. */
  readonly become: boolean;
  /** The names of the clusters that the expectation applies to; `*` for all. */
  readonly clusters: string | readonly string[];
  /** Why the expectation must hold. */
  readonly reason?: string;
}

/** A loaded config: valid, with all references resolved and all defaults filled in. */
export interface Config {
  /** The identity provider. */
  readonly kanidm: Kanidm;
  /** The people by key, in the order of the file. */
  readonly people: ReadonlyMap<string, Person>;
  /** The service accounts of Kanidm, by key, in the order of the file. */
  readonly serviceAccounts: ReadonlyMap<string, ServiceAccount>;
  /** The groups of Kanidm, by key, in the order of the file. */
  readonly groups: ReadonlyMap<string, Group>;
  /** The OAuth2 clients of Kanidm, by key, in the order of the file. */
  readonly clients: ReadonlyMap<string, Client>;
  /** The clusters, by name. */
  readonly clusters: ReadonlyMap<string, Cluster>;
  /** Settings of `kaniflux check` and `kaniflux doctor`. */
  readonly checks: Checks;
  /** The conditions that the access must meet, in the order of the file. */
  readonly expect: readonly Expectation[];
}

/** Returns the entry with the key. In a loaded config, the entry exists for each reference. */
export function entry<T>(map: ReadonlyMap<string, T>, key: string): T {
  const value = map.get(key);
  if (value === undefined) throw new Error(`internal error: there is no entry '${key}'`);
  return value;
}
