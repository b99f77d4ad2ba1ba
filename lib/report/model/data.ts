import type { Danger } from '../../access/danger';

/*
 * What the page is made of. Entries are named by their index in a list, so that 2,000 people and their ways stay small.
 */

export interface ReportData {
  readonly domain: string;
  /** In the order of the config. */
  readonly clusters: readonly ClusterData[];
  /** By name. */
  readonly people: readonly PersonData[];
  /** By name. */
  readonly groups: readonly GroupData[];
  /** By danger, the worst first, then by role and name. */
  readonly grants: readonly GrantData[];
  readonly findings: readonly FindingData[];
  readonly ignored: readonly IgnoredData[];
}

export interface ClusterData {
  readonly name: string;
  readonly kubernetes: string;
  readonly server: string;
}

export type PersonKind = 'person' | 'service account' | 'members' | 'other';

export interface PersonData {
  readonly name: string;
  /** `members`: whoever Kanidm has in a group. `other`: a subject of a hand-written binding that the config does not know. */
  readonly kind: PersonKind;
  readonly displayName?: string;
  /** What API servers call them, sorted. */
  readonly knownAs: readonly string[];
  readonly holds: readonly HoldData[];
}

/** That somebody holds what a grant gives. */
export interface HoldData {
  readonly grant: number;
  /** Groups on the way, the one that the grant names last; empty where it names the person. */
  readonly way: readonly number[];
  /** @default all clusters of the grant */
  readonly clusters?: readonly number[];
}

export interface GroupData {
  readonly name: string;
  /** People in it, nested groups included; `undefined` where Kanidm keeps them, or for a group of Kubernetes itself. */
  readonly people?: number;
  /** A group of Kubernetes itself, such as `system:authenticated`. */
  readonly builtIn?: true;
}

/** Bindings that give the same to the same people, on one cluster or many. */
export interface GrantData {
  readonly name: string;
  readonly role: string;
  /** Sorted; empty: everywhere. */
  readonly namespaces: readonly string[];
  readonly clusters: readonly number[];
  /** Groups that it names. */
  readonly groups: readonly number[];
  /** The worst that it allows; `undefined` where it allows nothing. */
  readonly danger?: Danger;
  /** `read Secrets and run commands in pods` */
  readonly may: string;
  /** The hand-written file that it stands in. */
  readonly file?: string;
}

export interface FindingData {
  readonly severity: 'error' | 'warning' | 'note';
  readonly code: string;
  /** Of the code. */
  readonly title: string;
  readonly message: string;
  readonly fix: string;
  readonly place: string;
  /** The page that explains it, in the package and in the repository. */
  readonly page: string;
  readonly cluster?: number;
}

export interface IgnoredData {
  readonly code: string;
  readonly reason: string;
  readonly cluster?: number;
  readonly count: number;
}
