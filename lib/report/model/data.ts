import type { Danger } from '../../access/danger';

/*
 * The data of the report. Entries refer to each other by their index in a list, which keeps the page small for
 * thousands of people.
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
  /** In the order of the config. */
  readonly expectations: readonly ExpectationData[];
  readonly becomings: BecomingsData;
}

/** What people can become step by step. Equal steps and ways are listed once. */
export interface BecomingsData {
  readonly kinds: readonly StepKindData[];
  readonly steps: readonly StepData[];
  /** The most dangerous first, then the shortest. */
  readonly ways: readonly WayData[];
}

/** A row of docs/becoming.md. */
export interface StepKindData {
  readonly title: string;
  readonly closedBy: string;
  /** The page that says why it works. */
  readonly source: string;
}

export interface StepData {
  readonly kind: number;
  /** `run a pod as the service account web/builder` */
  readonly does: string;
  /** The rights and settings that allow it. */
  readonly allowedBy: readonly string[];
  /** Clauses after "if": what the step assumes and Kaniflux does not know. */
  readonly assumes?: readonly string[];
}

/** The shortest way of some people to a goal, on some clusters. */
export interface WayData {
  readonly people: readonly number[];
  readonly clusters: readonly number[];
  /** `cluster-admin`, `the service account web/builder` */
  readonly goal: string;
  /** What they may do then, and may not without the way: `do everything`. */
  readonly may: string;
  readonly danger: Danger;
  readonly steps: readonly number[];
  /** The groups through which they hold the roles that the steps use. */
  readonly groups: readonly number[];
  /** The roles that the steps use, and that of the goal. */
  readonly roles: readonly string[];
}

/** What must hold, and whether it does. */
export interface ExpectationData {
  /** `nobody may delete secrets in namespace prod` */
  readonly text: string;
  readonly reason?: string;
  readonly place: string;
  /** The clusters with one result, by name. */
  readonly results: readonly {
    readonly state: 'holds' | 'fails' | 'undecided';
    readonly clusters: readonly string[];
    /** Who makes it fail, or what is not known. */
    readonly why: readonly string[];
  }[];
}

export interface ClusterData {
  readonly name: string;
  readonly kubernetes: string;
  readonly server: string;
}

export type PersonKind = 'person' | 'service account' | 'members' | 'other';

export interface PersonData {
  readonly name: string;
  /**
   * `members`: all members of a group that only Kanidm knows. `other`: a subject of a hand-written binding that is not
   * in the config.
   */
  readonly kind: PersonKind;
  readonly displayName?: string;
  /** Their user names at the API servers, sorted. */
  readonly knownAs: readonly string[];
  readonly holds: readonly HoldData[];
}

/** A grant that a person holds. */
export interface HoldData {
  readonly grant: number;
  /**
   * Groups from the person to the grant: the group that the grant names is last. Empty if the grant names the person.
   */
  readonly way: readonly number[];
  /** @default all clusters of the grant */
  readonly clusters?: readonly number[];
}

export interface GroupData {
  readonly name: string;
  /**
   * Number of people in it, nested groups included; `undefined` if only Kanidm knows them, or for a built-in group of
   * Kubernetes.
   */
  readonly people?: number;
  /** A built-in group of Kubernetes, such as `system:authenticated`. */
  readonly builtIn?: true;
}

/** Bindings of the same role for the same people, on one cluster or several. */
export interface GrantData {
  readonly name: string;
  readonly role: string;
  /** Sorted; empty for the whole cluster. */
  readonly namespaces: readonly string[];
  readonly clusters: readonly number[];
  /** Groups that it names. */
  readonly groups: readonly number[];
  /** The most dangerous permission in it; `undefined` if it has none. */
  readonly danger?: Danger;
  /** `read Secrets and run commands in pods` */
  readonly may: string;
  /** The hand-written file that contains it. */
  readonly file?: string;
}

export interface FindingData {
  readonly severity: 'error' | 'warning' | 'note';
  readonly code: string;
  /** Title of the code. */
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

/** @throws Error for an index that the data does not have */
export function personAt({ people }: ReportData, at: number): PersonData {
  const person = people[at];
  if (!person) throw new Error(`internal error: no person ${at}`);
  return person;
}

/** @throws Error for an index that the data does not have */
export function grantAt({ grants }: ReportData, at: number): GrantData {
  const grant = grants[at];
  if (!grant) throw new Error(`internal error: no grant ${at}`);
  return grant;
}
