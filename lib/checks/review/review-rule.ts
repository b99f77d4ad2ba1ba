import type { Held } from '../../access/authorizer';
import type { ClusterAccess } from '../../access/cluster';
import type { Danger } from '../../access/danger';
import type { Right } from '../../access/rights';
import type { Way } from '../../become/ways';
import type { Cluster, Config, Grant } from '../../config/config';
import type { Manifest } from '../../existing/manifests';
import type { Judgement } from '../../expect/judgements';
import type { Finding } from '../../findings/finding';
import type { ReviewCode } from './review-codes';

/** A finding of a rule. Its code is that of the rule. Unless set, its severity is that of the code. */
export type RuleFinding = Omit<Finding, 'code' | 'severity'> & Partial<Pick<Finding, 'severity'>>;

/** People who can get every right in the same way. */
export interface PeopleOnWay {
  readonly names: string[];
  readonly way: Way;
}

/** A cluster with all objects that are applied to it. */
export interface ClusterView {
  readonly config: Config;
  readonly cluster: Cluster;
  /** Rendered and hand-written objects together. */
  readonly access: ClusterAccess;
  readonly rendered: readonly object[];
  readonly manifests: readonly Manifest[];
  /** The rights that each binding grants, rendered or hand-written, without the built-in bindings of Kubernetes. */
  readonly given: readonly Given[];
  /** The ways to every right so far in this check, by `reachKey`: clusters with equal access share them. */
  readonly ways: Map<string, readonly PeopleOnWay[]>;
  /** The day for which this is a check, in UTC; `undefined` if no end of a grant is to be judged. */
  readonly at?: string;
}

/** A binding with at least one subject, and the rights of its role, grouped by danger. */
export interface Given {
  readonly held: Held;
  readonly rights: ReadonlyMap<Danger, readonly Right[]>;
}

/** A file that Kaniflux did not write, in an output folder that Flux applies, and on which Flux would fail. */
export interface Foreign extends Pick<Manifest, 'file' | 'line'> {
  readonly reason: string;
}

/** The whole config, for rules that are not about one cluster. */
export interface ConfigView {
  readonly config: Config;
  readonly manifests: readonly Manifest[];
  readonly foreign: readonly Foreign[];
  /** The people and service accounts with rights on a cluster beyond those of every signed-in user. */
  readonly reaching: ReadonlySet<string>;
  /** Whether each expectation of the config holds on the clusters that are checked. */
  readonly judgements: readonly Judgement[];
  /** The day for which this is a check, in UTC; `undefined` if no end of a grant is to be judged. */
  readonly at?: string;
}

export interface Rule {
  readonly code: ReviewCode;
  /** Set if the rule also checks hand-written files: without them, the check is not complete. */
  readonly readsManifests?: true;
  onCluster?(view: ClusterView): RuleFinding[];
  onConfig?(view: ConfigView): RuleFinding[];
}

/** The grants of each cluster by name, since a search for each finding would be quadratic. */
const indexes = new WeakMap<Cluster, ReadonlyMap<string, Grant>>();

/** The first grant of a name. */
function grantCalled(cluster: Cluster, name: string | undefined): Grant | undefined {
  let grants = indexes.get(cluster);
  if (!grants) {
    grants = new Map(cluster.grants.toReversed().map((grant) => [grant.name, grant]));
    indexes.set(cluster, grants);
  }
  return name === undefined ? undefined : grants.get(name);
}

/**
 * Returns the place of a finding about a binding or role: the grant or role in the config, or the hand-written file.
 */
export function placeOf(
  { cluster, manifests }: ClusterView,
  object: { readonly kind: string; readonly metadata?: { readonly name?: string; readonly namespace?: string } },
): Omit<RuleFinding, 'message' | 'fix'> {
  const own = manifests.length > 0 ? manifests.find(({ object: other }) => other === object) : undefined;
  if (own) {
    return { place: { path: cluster.path, manifest: { file: own.file, line: own.line } }, cluster: cluster.name };
  }
  const name = object.metadata?.name;
  const isBinding = object.kind.endsWith('Binding');
  const grant = isBinding ? grantCalled(cluster, name) : undefined;
  const role = isBinding ? undefined : cluster.roles.find((one) => one.name === name);
  const path = (grant ?? role ?? cluster).path;
  return { place: { path }, cluster: cluster.name, ...(grant ? { grant: grant.name } : {}) };
}
