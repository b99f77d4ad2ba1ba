import type { Held } from '../../access/authorizer';
import type { ClusterAccess } from '../../access/cluster';
import type { Danger } from '../../access/danger';
import type { Right } from '../../access/rights';
import type { Cluster, Config, Grant } from '../../config/config';
import type { Manifest } from '../../existing/manifests';
import type { Judgement } from '../../expect/judgements';
import type { Draft, Severity } from '../../findings/finding';
import type { ReviewCode } from './review-codes';

/** A finding of a rule. It has the code of the rule and, unless `severity` is set, the severity of the code. */
export interface RuleFinding extends Omit<Draft, 'code' | 'severity'> {
  readonly severity?: Severity | undefined;
}

/** A cluster with all objects that are applied to it. */
export interface ClusterView {
  readonly config: Config;
  readonly cluster: Cluster;
  /** The access that rendered and hand-written objects give together. */
  readonly access: ClusterAccess;
  readonly rendered: readonly object[];
  readonly manifests: readonly Manifest[];
  /**
   * The rights that each rendered or hand-written binding grants. The built-in bindings of Kubernetes are left out.
   * Clusters with equal access share one list.
   */
  readonly given: readonly Given[];
  /** The day of the check, in UTC; `undefined` if ends of grants are not checked. */
  readonly at?: string;
}

/** A binding with at least one subject, and the rights of its role, grouped by danger. */
export interface Given {
  readonly held: Held;
  readonly rights: ReadonlyMap<Danger, readonly Right[]>;
}

/**
 * A file that Kaniflux did not write, in a folder of the output that Flux applies. Flux fails if it applies the file.
 */
export interface Foreign extends Pick<Manifest, 'file' | 'line'> {
  readonly reason: string;
  /**
   * What Flux does with the file. `lists`: Flux applies the file, because a kustomization.yaml lists it. `applies all`:
   * the folder has no kustomization.yaml, so Flux applies all its files. `reads`: the file is the kustomization.yaml.
   * `ignores`: Flux does not apply the file.
   */
  readonly flux: 'lists' | 'applies all' | 'reads' | 'ignores';
}

/** A hand-written file or object that was not evaluated. */
export interface LeftOut extends Pick<Manifest, 'file' | 'line'> {
  readonly message: string;
  readonly fix: string;
}

/** The whole config, for rules that do not check each cluster. */
export interface ConfigView {
  readonly config: Config;
  readonly manifests: readonly Manifest[];
  readonly foreign: readonly Foreign[];
  readonly leftOut: readonly LeftOut[];
  /** The people and service accounts with rights on a cluster beyond those of every signed-in user. */
  readonly reaching: ReadonlySet<string>;
  /** Whether each expectation of the config holds on the clusters that are checked. */
  readonly judgements: readonly Judgement[];
  /** The day of the check, in UTC; `undefined` if ends of grants are not checked. */
  readonly at?: string;
}

export interface Rule {
  readonly code: ReviewCode;
  /** Set if the rule also checks hand-written files. Without these files, its check is incomplete. */
  readonly readsManifests?: true;
  onCluster?(view: ClusterView): RuleFinding[];
  onConfig?(view: ConfigView): RuleFinding[];
}

/** Returns a function that computes something once for all clusters with equal access. */
export function oncePerAccess<T>(compute: (view: ClusterView) => T): (view: ClusterView) => T {
  const results = new WeakMap<ClusterView['given'], { readonly result: T }>();
  return (view) => {
    const computed = results.get(view.given) ?? { result: compute(view) };
    results.set(view.given, computed);
    return computed.result;
  };
}

/** Where a finding about a grant belongs: its place in the files, its cluster and its grant. */
type Placed = Pick<RuleFinding, 'place' | 'cluster' | 'grant'>;

/**
 * The grants of a cluster by name, since searching them for each finding would take quadratic time. The rules check one
 * cluster after the other, so only the last index is kept.
 */
let lastIndex: { readonly cluster: Cluster; readonly grants: ReadonlyMap<string, Placed> } | undefined;

/** Returns the place of the first grant that has the given name. */
function grantCalled(cluster: Cluster, name: string | undefined): Placed | undefined {
  if (lastIndex?.cluster !== cluster) {
    const all = cluster.grants.toReversed();
    const place = ({ path, name }: Grant): Placed => ({ place: { path }, cluster: cluster.name, grant: name });
    lastIndex = { cluster, grants: new Map(all.map((one) => [one.name, place(one)])) };
  }
  return name === undefined ? undefined : lastIndex.grants.get(name);
}

/**
 * Returns the place of a finding about a binding or role: the grant or role in the config, or the hand-written file.
 */
export function placeOf(
  { cluster, manifests }: ClusterView,
  object: { readonly kind: string; readonly metadata?: { readonly name?: string; readonly namespace?: string } },
): Placed {
  const own = manifests.length > 0 ? manifests.find(({ object: other }) => other === object) : undefined;
  if (own) {
    return { place: { path: cluster.path, manifest: { file: own.file, line: own.line } }, cluster: cluster.name };
  }
  const name = object.metadata?.name;
  const isBinding = object.kind.endsWith('Binding');
  const grant = isBinding ? grantCalled(cluster, name) : undefined;
  if (grant) return grant;
  const role = isBinding ? undefined : cluster.roles.find((one) => one.name === name);
  return { place: { path: (role ?? cluster).path }, cluster: cluster.name };
}
