import type { BindingObject } from '../access/objects';
import type { ControlPlaneKind } from '../config/config';
import type { Json } from '../guards';
import type { Arguments } from './api-server-arguments';
import type { Issuer } from './api-server-issuers';
import type { ReadEntry } from './kanidm-entries';

/** Something that was found and that a config can't say, or not without a person's word. */
export interface Note {
  /** The file, address or command that it was read from. */
  readonly source: string;
  readonly text: string;
}

/** What one source says of an API server. */
export interface ApiServer {
  readonly source: string;
  /** What it was read from, as people call it. */
  readonly carrier: string;
  readonly controlPlane?: ControlPlaneKind;
  /** Set where `controlPlane` is the likelier of two that nothing tells apart. */
  readonly isGuess?: boolean;
  readonly controlPlaneVersion?: string;
  readonly kubernetes?: string;
  readonly server?: string;
  readonly args?: Arguments;
  /** Path of an AuthenticationConfiguration on the nodes, which the arguments name. */
  readonly file?: string;
  readonly method?: 'flags' | 'structured';
  readonly issuers: readonly Issuer[];
  readonly anonymous?: { readonly enabled: boolean; readonly paths?: readonly string[] };
  /** Where the rendered settings have to go, for a carrier that has no control plane of its own. */
  readonly advice?: string;
}

/** How a kubeconfig signs in. */
export interface Login {
  readonly source: string;
  readonly issuer?: string;
  readonly client?: string;
  readonly server?: string;
  /** PEM of the API server's CA. */
  readonly ca?: string;
  readonly user?: string;
}

/** A part of a file that says nothing of sign-in, or nothing that is understood. */
export interface PassedOver {
  readonly source: string;
  readonly what: string;
  readonly why: 'not understood' | 'not about sign-in';
}

/** All that was read. */
export interface Facts {
  readonly bindings: readonly { readonly source: string; readonly object: BindingObject }[];
  readonly apiServers: readonly ApiServer[];
  readonly logins: readonly Login[];
  readonly entries: readonly ReadEntry[];
  /** Kanidm deployed by a Helm chart: the fields of `kanidm.helm`, and what of `kanidm` goes with them. */
  readonly releases: readonly {
    readonly source: string;
    readonly name: string;
    readonly helm: Json;
    readonly namespace?: string;
    readonly domain?: string;
  }[];
  readonly passedOver: readonly PassedOver[];
  readonly kanidmVersion?: string;
  /** Set where Kanidm leaves out what the token may not read. */
  readonly isPartial?: boolean;
  /** Address of Kanidm, where its REST API was read or a resource names it. */
  readonly origin?: string;
  readonly domain?: string;
  /** PEM of the API server's own CA. */
  readonly serverCa?: string;
  readonly notes: readonly Note[];
}

export const nothing: Facts = {
  bindings: [],
  apiServers: [],
  logins: [],
  entries: [],
  releases: [],
  passedOver: [],
  notes: [],
};

/** The facts of several sources; of what there can be one only, the last. */
export const together = (all: readonly Facts[]): Facts => ({
  ...nothing,
  ...Object.assign({}, ...all),
  bindings: all.flatMap(({ bindings }) => bindings),
  apiServers: all.flatMap(({ apiServers }) => apiServers),
  logins: all.flatMap(({ logins }) => logins),
  entries: all.flatMap(({ entries }) => entries),
  releases: all.flatMap(({ releases }) => releases),
  passedOver: all.flatMap(({ passedOver }) => passedOver),
  notes: all.flatMap(({ notes }) => notes),
});
