import type { Path } from './problem';
import type { ClientInput, GroupInput, KanidmInput, PersonInput, RoleInput, ServiceAccountInput } from './schema';
import type { controlPlaneKinds } from './schema/cluster';

/*
 * The config as everything behind it sees it: parsed, validated, defaulted, references resolvable.
 * Nothing here is derived from knowledge of Kubernetes or Kanidm; that is lib/identity's.
 */

/** A version, `minor` as a number so that it can be compared. */
export interface Version {
  /** As written, without a leading `v`. */
  readonly text: string;
  readonly major: number;
  readonly minor: number;
  readonly patch?: number;
}

interface Entry {
  /** Name in Kanidm; the key in the config. */
  readonly name: string;
  /** Where it stands in the config. */
  readonly path: Path;
}

export interface Person extends Entry, Omit<PersonInput, 'mail'> {
  /** The primary one first; `undefined` where the config does not own it. */
  readonly mails?: readonly string[];
}

export interface ServiceAccount extends Entry, ServiceAccountInput {}

export interface Group extends Entry, GroupInput {}

export interface Client extends Entry, Omit<ClientInput, 'type' | 'displayName'> {
  readonly type: 'public' | 'basic';
  readonly displayName: string;
}

export type Helm = NonNullable<KanidmInput['helm']>;
export type Manifests = NonNullable<KanidmInput['manifests']>;
export type Backup = NonNullable<KanidmInput['backup']>;

export interface Kanidm {
  readonly domain: string;
  /** Without a trailing slash. */
  readonly origin: string;
  /** Name of the cluster that hosts it. Set where `helm` or `manifests` is. */
  readonly cluster?: string;
  readonly namespace: string;
  readonly version?: Version;
  readonly provision: 'runbook' | 'migrations';
  readonly helm?: Helm;
  readonly manifests?: Manifests;
  readonly backup?: Backup;
}

export interface Grant {
  readonly name: string;
  readonly path: Path;
  readonly roleKind: 'ClusterRole' | 'Role';
  readonly roleName: string;
  /** Sorted; empty: the grant holds on the whole cluster. */
  readonly namespaces: readonly string[];
  /** Keys, sorted. */
  readonly people: readonly string[];
  /** Keys, sorted. */
  readonly groups: readonly string[];
}

export interface Role extends Pick<RoleInput, 'rules' | 'aggregateTo'> {
  readonly name: string;
  readonly path: Path;
  /** Sorted; empty: a ClusterRole. */
  readonly namespaces: readonly string[];
}

export interface Authentication {
  readonly method: 'flags' | 'structured';
  readonly claim: string;
  /** As written; `undefined` leaves the API server's own default. */
  readonly prefix?: string;
  /** Set where groups are read from the token. */
  readonly groups?: { readonly claim: string; readonly prefix: string };
  readonly ca?: { readonly pem?: string; readonly nodePath?: string };
  readonly requiredClaims: Readonly<Record<string, string>>;
  readonly anonymous?: { readonly enabled: boolean; readonly paths?: readonly string[] };
}

export interface Kubeconfig {
  readonly user: string;
  readonly certificateAuthority?: { readonly pem: string } | { readonly path: string };
  readonly plugin: 'oidc-login' | 'kubelogin';
  readonly signIn: 'browser' | 'keyboard' | 'device-code';
  readonly tokenCache: 'disk' | 'keyring' | 'none';
}

export interface Flux {
  readonly source: {
    readonly kind: 'GitRepository' | 'OCIRepository';
    readonly name: string;
    readonly namespace: string;
  };
  readonly namespace: string;
  /** Where the output folder lies in the source, `./`-relative, without a trailing slash. */
  readonly path: string;
  readonly interval: string;
  readonly retryInterval: string;
  readonly timeout: string;
  readonly serviceAccountName?: string;
}

export type ControlPlaneKind = (typeof controlPlaneKinds)[number];

export interface Cluster extends Entry {
  readonly server: string;
  readonly kubernetes: Version;
  /** Key of the client whose tokens it accepts and that its kubeconfig uses. */
  readonly client: string;
  /** Keys of further clients, sorted. */
  readonly trust: readonly string[];
  readonly controlPlane: ControlPlaneKind;
  /** Of Talos or Cluster API. */
  readonly controlPlaneVersion?: Version;
  readonly authentication: Authentication;
  readonly kubeconfig: Kubeconfig;
  readonly flux: Flux;
  readonly breakGlass?: string;
  /** Its own and those from the top, in the order of their names. */
  readonly grants: readonly Grant[];
  /** The config's own roles that are rendered here. */
  readonly roles: readonly Role[];
}

export interface Checks {
  readonly ignore: readonly {
    readonly code: string;
    readonly reason: string;
    readonly cluster?: string;
    readonly path: Path;
  }[];
  readonly maxClusterAdmins: number;
}

export interface Config {
  readonly kanidm: Kanidm;
  readonly people: ReadonlyMap<string, Person>;
  readonly serviceAccounts: ReadonlyMap<string, ServiceAccount>;
  readonly groups: ReadonlyMap<string, Group>;
  readonly clients: ReadonlyMap<string, Client>;
  readonly clusters: ReadonlyMap<string, Cluster>;
  readonly checks: Checks;
}

/** The entry under `key`; only for references that loading has checked. */
export function entry<T>(map: ReadonlyMap<string, T>, key: string): T {
  const found = map.get(key);
  if (found === undefined) throw new Error(`no entry '${key}': references are checked when a config is loaded`);
  return found;
}
