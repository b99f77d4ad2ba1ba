import type { Held } from '../../access/authorizer';
import type { ClusterAccess } from '../../access/cluster';
import type { Danger } from '../../access/danger';
import type { Right } from '../../access/rights';
import type { Cluster, Config } from '../../config/config';
import type { Manifest } from '../../existing/manifests';
import type { Finding } from '../../findings/finding';
import type { ReviewCode } from './review-codes';

/** A finding of a rule. The code is the rule's, and so is the severity where none is given. */
export type RuleFinding = Omit<Finding, 'code' | 'severity'> & Partial<Pick<Finding, 'severity'>>;

/** One cluster, with all that is applied to it. */
export interface ClusterView {
  readonly config: Config;
  readonly cluster: Cluster;
  /** Rendered and hand-written objects together. */
  readonly access: ClusterAccess;
  readonly rendered: readonly object[];
  readonly manifests: readonly Manifest[];
  /** What each binding gives, rendered or by hand; Kubernetes' own are left out. */
  readonly given: readonly Given[];
}

/** A binding that names somebody, with all that its role allows, by how bad it is. */
export interface Given {
  readonly held: Held;
  readonly rights: ReadonlyMap<Danger, readonly Right[]>;
}

/** A file in a folder of the output that Flux applies, which Kaniflux did not write and Flux would fail on. */
export interface Foreign extends Pick<Manifest, 'file' | 'line'> {
  readonly reason: string;
}

/** The whole, for what is of no single cluster. */
export interface ConfigView {
  readonly config: Config;
  readonly manifests: readonly Manifest[];
  readonly foreign: readonly Foreign[];
  /** Who may do something on some cluster that not everybody who is signed in may. Known once all clusters were seen. */
  readonly reaching: ReadonlySet<string>;
}

export interface Rule {
  readonly code: ReviewCode;
  /** Set for a rule that also looks at hand-written files: without them, it has not looked at everything. */
  readonly readsManifests?: true;
  onCluster?(view: ClusterView): RuleFinding[];
  onConfig?(view: ConfigView): RuleFinding[];
}

/** A place for a finding about a binding or role: its grant where it is ours, its file where it is not. */
export function placeOf(
  { cluster, manifests }: ClusterView,
  object: { readonly kind: string; readonly metadata?: { readonly name?: string; readonly namespace?: string } },
): Omit<RuleFinding, 'message' | 'fix'> {
  const own = manifests.find(({ object: other }) => other === object);
  if (own) {
    return { place: { path: cluster.path, manifest: { file: own.file, line: own.line } }, cluster: cluster.name };
  }
  const name = object.metadata?.name;
  const isBinding = object.kind.endsWith('Binding');
  const grant = isBinding ? cluster.grants.find((one) => one.name === name) : undefined;
  const role = isBinding ? undefined : cluster.roles.find((one) => one.name === name);
  const path = (grant ?? role ?? cluster).path;
  return { place: { path }, cluster: cluster.name, ...(grant ? { grant: grant.name } : {}) };
}
