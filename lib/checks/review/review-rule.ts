import type { Held } from '../../access/authorizer';
import type { ClusterAccess } from '../../access/cluster';
import type { Danger } from '../../access/danger';
import type { Right } from '../../access/rights';
import type { Cluster, Config } from '../../config/config';
import type { Path } from '../../config/problem';
import type { Manifest } from '../../existing/manifests';

export const severities = ['error', 'warning', 'note'] as const;
export type Severity = (typeof severities)[number];

/** What a rule found. It stands in the config, or in somebody's own file. */
export interface Finding {
  readonly message: string;
  readonly fix: string;
  /** Where in the config. */
  readonly path: Path;
  readonly at?: 'key' | 'value';
  /** Where it stands in a hand-written file, in place of the config. */
  readonly manifest?: Pick<Manifest, 'file' | 'line'>;
  readonly cluster?: string;
  /** Where it is less, or more, than the rule usually is. */
  readonly severity?: Severity;
}

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
  /** The config at the revision to compare with. */
  readonly base?: Config;
  readonly manifests: readonly Manifest[];
  readonly foreign: readonly Foreign[];
  /** Who may do something on some cluster that not everybody who is signed in may. Known once all clusters were seen. */
  readonly reaching: ReadonlySet<string>;
}

export interface Rule {
  /** `KF101`. Stable: ignores and links name it. */
  readonly code: string;
  /** The page's title, in a few words. */
  readonly title: string;
  readonly severity: Severity;
  onCluster?(view: ClusterView): Finding[];
  onConfig?(view: ConfigView): Finding[];
}

/** A place for a finding about a binding: its grant where it is ours, its file where it is not. */
export function placeOf(
  { cluster, manifests }: ClusterView,
  object: { readonly kind: string; readonly metadata?: { readonly name?: string; readonly namespace?: string } },
): Pick<Finding, 'path' | 'manifest' | 'cluster'> {
  const own = manifests.find(({ object: other }) => other === object);
  const grant = cluster.grants.find(({ name }) => name === object.metadata?.name);
  const role = cluster.roles.find(({ name }) => name === object.metadata?.name);
  const path = (object.kind.endsWith('Binding') ? grant : role)?.path ?? cluster.path;
  return { path, cluster: cluster.name, ...(own ? { manifest: { file: own.file, line: own.line } } : {}) };
}
