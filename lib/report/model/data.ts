import type { Danger } from '../../access/danger';

/*
 * The data of the report. Entries refer to each other by their index in a list, which keeps the page small for
 * thousands of people.
 */

export interface ReportData {
  readonly domain: string;
  /** The clusters, in the order of the config. */
  readonly clusters: readonly ClusterData[];
  /** The people, sorted by name. */
  readonly people: readonly PersonData[];
  /** The groups, sorted by name. */
  readonly groups: readonly GroupData[];
  /** The grants, sorted by danger, the worst first, then by role and name. */
  readonly grants: readonly GrantData[];
  readonly findings: readonly FindingData[];
  readonly ignored: readonly IgnoredData[];
  /** The expectations, in the order of the config. */
  readonly expectations: readonly ExpectationData[];
  readonly becomings: BecomingsData;
}

/** What people can become in several steps. Equal steps and ways are listed once. */
export interface BecomingsData {
  readonly kinds: readonly StepKindData[];
  readonly steps: readonly StepData[];
  /** The ways, the most dangerous first, then the shortest. */
  readonly ways: readonly WayData[];
}

/** A kind of step, which has a row in docs/becoming.md. */
export interface StepKindData {
  readonly title: string;
  readonly closedBy: string;
  /** The page that documents why the step works. */
  readonly source: string;
}

export interface StepData {
  readonly kind: number;
  /** What is done: `run a pod as the service account web/builder`. */
  readonly does: string;
  /** The rights and settings that allow it. */
  readonly allowedBy: readonly string[];
  /** What must be true for the step to work, but Kaniflux does not know. Each text is shown after the word "if". */
  readonly assumes?: readonly string[];
}

/** The shortest way of some people to a goal, on some clusters. */
export interface WayData {
  readonly people: readonly number[];
  readonly clusters: readonly number[];
  /** What they become: `cluster-admin`, `the service account web/builder`. */
  readonly goal: string;
  /** What the people may do then and may not do now: `do everything`. */
  readonly may: string;
  readonly danger: Danger;
  readonly steps: readonly number[];
  /** The groups through which the people hold the roles that the steps use. */
  readonly groups: readonly number[];
  /** The roles that the steps use, and the role that gives the rights in `may`. */
  readonly roles: readonly string[];
}

/** An expectation of the config, and whether it holds. */
export interface ExpectationData {
  /** The expectation as text: `nobody may delete secrets in namespace prod`. */
  readonly text: string;
  readonly reason?: string;
  readonly place: string;
  /** The results, each with the names of the clusters that have it. */
  readonly results: readonly {
    readonly state: 'holds' | 'fails' | 'undecided';
    readonly clusters: readonly string[];
    /** Who makes it fail, or what is unknown. */
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
   * `members`: all members of a group, if only Kanidm knows them. `other`: a subject that is not in the config, but
   * that a hand-written binding names.
   */
  readonly kind: PersonKind;
  readonly displayName?: string;
  /** The times at which the account is valid: `until 2027-01-31T00:00:00Z`. @default - always */
  readonly valid?: string;
  /** The user names at the API servers, sorted. */
  readonly knownAs: readonly string[];
  /**
   * The clusters for which it is unknown whether the person can sign in, because only Kanidm knows who is in a group of
   * the scope map.
   */
  readonly signInUnknown?: readonly number[];
  readonly holds: readonly HoldData[];
}

/** A grant that a person holds. */
export interface HoldData {
  readonly grant: number;
  /**
   * The groups that lead from the person to the grant; the group that the grant names is last. Empty if the grant names
   * the person.
   */
  readonly way: readonly number[];
  /**
   * The last day and the reason of each membership in `way`: ` until 2027-01-31 (on call)`, or an empty text.
   * @default - no membership has them
   */
  readonly terms?: readonly string[];
  /** The clusters on which the person holds the grant. @default - all clusters of the grant */
  readonly clusters?: readonly number[];
}

export interface GroupData {
  readonly name: string;
  /**
   * The number of people in the group, including nested groups; `undefined` if only Kanidm knows the members, and for a
   * built-in group of Kubernetes.
   */
  readonly people?: number;
  /** Set for a built-in group of Kubernetes, such as `system:authenticated`. */
  readonly builtIn?: true;
}

/** Bindings of the same role for the same people, on one cluster or several. */
export interface GrantData {
  readonly name: string;
  readonly role: string;
  /** The namespaces, sorted; empty for the whole cluster. */
  readonly namespaces: readonly string[];
  readonly clusters: readonly number[];
  /** The groups that the grant names. */
  readonly groups: readonly number[];
  /** The danger of the most dangerous right of the role; `undefined` if the role has no rights. */
  readonly danger?: Danger;
  /** What the role allows: `read Secrets and run commands in pods`. */
  readonly may: string;
  /** The last day and the reason: ` until 2027-01-31 (on call)`. @default - the grant has neither */
  readonly term?: string;
  /** The hand-written file with the binding, if there is one. */
  readonly file?: string;
}

export interface FindingData {
  readonly severity: 'error' | 'warning' | 'note';
  readonly code: string;
  /** The title of the code. */
  readonly title: string;
  readonly message: string;
  readonly fix: string;
  readonly place: string;
  /** The page that explains the code, in the package and in the repository. */
  readonly page: string;
  /** The clusters that the finding is about. @default - no cluster in particular */
  readonly clusters?: readonly number[];
}

export interface IgnoredData {
  readonly code: string;
  readonly reason: string;
  readonly cluster?: number;
  readonly count: number;
}

/** Returns the person with an index. @throws Error if there is none */
export function personAt({ people }: ReportData, at: number): PersonData {
  const person = people[at];
  if (!person) throw new Error(`internal error: no person ${at}`);
  return person;
}

/** Returns the grant with an index. @throws Error if there is none */
export function grantAt({ grants }: ReportData, at: number): GrantData {
  const grant = grants[at];
  if (!grant) throw new Error(`internal error: no grant ${at}`);
  return grant;
}
