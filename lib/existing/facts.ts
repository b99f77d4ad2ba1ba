import type { BindingObject } from '../access/objects';
import type { ControlPlaneKind } from '../config/config';

/** Something that was found and that a config can't say, or not without a person's word. */
export interface Note {
  /** The file, address or command that it was read from. */
  readonly source: string;
  readonly text: string;
}

/** One issuer as an API server trusts it; the fields are those of the config. */
export interface TrustedIssuer {
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly claim: string;
  /** `undefined` for the API server's own default. */
  readonly prefix?: string;
  readonly groups?: { readonly claim: string; readonly prefix: string };
  readonly requiredClaims: Readonly<Record<string, string>>;
  readonly ca?: { readonly nodePath?: string; readonly pem?: string };
}

/** What one source says of an API server. */
export interface ApiServer {
  readonly source: string;
  readonly controlPlane?: ControlPlaneKind;
  readonly kubernetes?: string;
  readonly server?: string;
  readonly method?: 'flags' | 'structured';
  readonly issuers: readonly TrustedIssuer[];
  readonly anonymous?: { readonly enabled: boolean; readonly paths?: readonly string[] };
}

/** An entry of Kanidm, each attribute a list of texts: the form of its REST API and of its client. */
export interface KanidmEntry {
  readonly source: string;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

/** All that was read. */
export interface Facts {
  readonly bindings: readonly { readonly source: string; readonly object: BindingObject }[];
  readonly apiServers: readonly ApiServer[];
  readonly entries: readonly KanidmEntry[];
  readonly kanidmVersion?: string;
  /** Set where Kanidm leaves out what the token may not read. */
  readonly isPartial?: boolean;
  /** Address of Kanidm, where its REST API was read. */
  readonly origin?: string;
  /** PEM of the API server's own CA. */
  readonly serverCa?: string;
  readonly notes: readonly Note[];
}

export const nothing: Facts = { bindings: [], apiServers: [], entries: [], notes: [] };

export const together = (all: readonly Facts[]): Facts => ({
  ...Object.assign({}, ...all),
  bindings: all.flatMap(({ bindings }) => bindings),
  apiServers: all.flatMap(({ apiServers }) => apiServers),
  entries: all.flatMap(({ entries }) => entries),
  notes: all.flatMap(({ notes }) => notes),
});
