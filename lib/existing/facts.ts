import type { BindingObject } from '../access/objects';
import type { ControlPlaneKind } from '../config/config';
import type { Json } from '../guards';
import type { Arguments } from './api-server-arguments';
import type { Issuer } from './api-server-issuers';
import type { ReadEntry, ServerRef } from './kanidm-entries';

/** A message about something that was read but has no place in a config, or that needs a decision by a person. */
export interface Note {
  /** The file, address or command that was read. */
  readonly source: string;
  readonly text: string;
  /** Set for a message that asks for another file: its path, relative to the folder of the source. */
  readonly file?: string;
}

/** The settings of an API server in one source. */
export interface ApiServer {
  readonly source: string;
  /** The kind of source, as printed to people. */
  readonly carrier: string;
  readonly controlPlane?: ControlPlaneKind;
  /** Set if `controlPlane` is a guess, because the source may be for either of two kinds. */
  readonly isGuess?: boolean;
  readonly controlPlaneVersion?: string;
  /**
   * Set if the source does not name the version: `controlPlaneVersion` is then the oldest version that can read the
   * source.
   */
  readonly isOldest?: boolean;
  readonly kubernetes?: string;
  readonly server?: string;
  readonly args?: Arguments;
  /** Set for arguments without an issuer, if another source has their issuer: the index of that source. */
  readonly partOf?: number;
  /**
   * For a part: its arguments that another part of the same server also has. If the config has the argument of this
   * part, the value is `undefined`. Otherwise, the value is the reason.
   */
  readonly decided?: ReadonlyMap<string, string | undefined>;
  /** Set for a drop-in whose arguments replace those of the files before it. */
  readonly replaces?: boolean;
  /** The source whose arguments replace these. */
  readonly replacedBy?: string;
  /** The path of the AuthenticationConfiguration on the nodes, from the arguments. */
  readonly file?: string;
  readonly method?: 'flags' | 'structured';
  readonly issuers: readonly Issuer[];
  /** The CA of the issuer, if the source contains the CA itself. The issuer can be in another part of the server. */
  readonly ca?: Issuer['ca'];
  readonly anonymous?: { readonly enabled: boolean; readonly paths?: readonly string[] };
  /** Where a person must put the rendered settings, if Kaniflux renders no file for this kind of source. */
  readonly advice?: string;
}

/** How a user in a kubeconfig signs in. */
export interface Login {
  readonly source: string;
  readonly issuer?: string;
  readonly client?: string;
  readonly server?: string;
  /** The CA of the API server, as PEM. */
  readonly ca?: string;
  readonly user?: string;
  /** How kubelogin signs in, as fields of a config. */
  readonly kubelogin?: KubeloginSettings;
  /** Names of other arguments and settings. Their values are left out, since some are secret. */
  readonly others?: readonly string[];
}

/** The settings of kubelogin that a config has fields for, if they are not the default. */
export interface KubeloginSettings {
  readonly plugin?: 'kubelogin';
  readonly signIn?: 'keyboard' | 'device-code';
  readonly tokenCache?: 'keyring' | 'none';
}

/** A part of a file that is not about sign-in, not in force, or that was not understood. */
export interface PassedOver {
  readonly source: string;
  readonly what: string;
  readonly why: 'not understood' | 'not about sign-in' | 'not in force' | 'runs Kanidm';
  /** For `runs Kanidm`: the name of the HelmRelease that created the object. */
  readonly release?: string;
  /** For `not understood`: what to give adopt instead. For `not in force`: why nothing was taken. */
  readonly instead?: string;
  /** Set for a file on the nodes whose content is not in the source: the flag that names the file. */
  readonly flag?: 'oidc-ca-file' | 'authentication-config';
}

/** What a source contains about a Kanidm server. */
export interface KanidmServer {
  readonly source: string;
  /** The name of the resource that describes the server, for entries that refer to the resource. */
  readonly resource?: ServerRef;
  readonly domain?: string;
  readonly origin?: string;
  readonly version?: string;
  /** The CA of the server's certificate, as PEM. */
  readonly ca?: string;
}

/** Everything that was read. */
export interface Facts {
  readonly bindings: readonly { readonly source: string; readonly object: BindingObject }[];
  readonly apiServers: readonly ApiServer[];
  readonly logins: readonly Login[];
  readonly entries: readonly ReadEntry[];
  /** Helm releases of Kanidm: the fields of `kanidm.helm` and related fields of `kanidm`. */
  readonly releases: readonly {
    readonly source: string;
    readonly name: string;
    readonly helm: Json;
    readonly namespace?: string;
    readonly domain?: string;
    /** How the rendered HelmRelease differs. */
    readonly differences?: readonly string[];
  }[];
  readonly passedOver: readonly PassedOver[];
  readonly servers: readonly KanidmServer[];
  /** Set if Kanidm left out entries or attributes that the token is not allowed to read. */
  readonly isPartial?: boolean;
  /** The CA of the API server, as PEM. */
  readonly serverCa?: string;
  readonly notes: readonly Note[];
}

export const nothing: Facts = {
  bindings: [],
  apiServers: [],
  logins: [],
  entries: [],
  releases: [],
  servers: [],
  passedOver: [],
  notes: [],
};

/** Merges the facts of several sources. For a fact with a single value, the last source counts. */
export const together = (all: readonly Facts[]): Facts => ({
  ...nothing,
  ...Object.assign({}, ...all),
  bindings: all.flatMap(({ bindings }) => bindings),
  apiServers: all.flatMap(({ apiServers }) => apiServers),
  logins: all.flatMap(({ logins }) => logins),
  entries: all.flatMap(({ entries }) => entries),
  releases: all.flatMap(({ releases }) => releases),
  servers: all.flatMap(({ servers }) => servers),
  passedOver: all.flatMap(({ passedOver }) => passedOver),
  notes: all.flatMap(({ notes }) => notes),
});

/** Whether a text or a document was read: facts that only say what was passed over do not count. */
export const understood = (facts: Facts): boolean =>
  [facts.bindings, facts.apiServers, facts.logins, facts.entries, facts.releases, facts.servers, facts.notes].some(
    (list) => list.length > 0,
  ) || facts.passedOver.some(({ why }) => why === 'runs Kanidm');
