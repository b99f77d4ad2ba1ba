import type { Grant } from '../config/config';
import { keysOf } from '../guards';
import { signInKey } from '../identity/authenticator';
import { knownVersion } from '../upstream/builtin-rbac';
import type { ClusterAccess } from './cluster';

/** The place of a hand-written object. */
interface ManifestPlace {
  readonly file: string;
  readonly line: number;
}

/**
 * Returns a key that is made from everything that determines the rights on a cluster. Clusters with equal keys give
 * equal rights.
 */
export function rightsKey(
  { cluster }: Pick<ClusterAccess, 'cluster' | 'config'>,
  manifests: readonly ManifestPlace[],
): string {
  const { grants, roles, kubernetes, jwt } = cluster;
  return JSON.stringify([
    signInKey(cluster),
    knownVersion(kubernetes),
    jwt,
    grants.map(grantKey),
    roles.map(({ path: _path, ...role }) => role),
    manifests.map(({ file, line }) => `${file}:${line}`),
  ]);
}

/** Whether rights depend on a field of a grant. With this type, TypeScript reports a field that is missing here. */
const fields: Readonly<Record<keyof Grant, boolean>> = {
  name: true,
  people: true,
  groups: true,
  serviceAccounts: true,
  roleKind: true,
  roleName: true,
  namespaces: true,
  subjects: true,
  path: false,
  written: false,
  until: false,
  reason: false,
};
const relevant = keysOf(fields).filter((field) => fields[field]);

/** An array instead of an object halves the time that `JSON.stringify` takes for a large config. */
const grantKey = (grant: Grant) => relevant.map((field) => grant[field]);

/**
 * Returns a key that is made from everything that determines who can become what, step by step. Clusters with equal
 * keys have equal results.
 */
export function reachKey(on: Pick<ClusterAccess, 'cluster' | 'config'>, manifests: readonly ManifestPlace[]): string {
  const { config, cluster } = on;
  const { podSecurity, controlPlane } = cluster;
  const issuers = cluster.issuers.map(({ path: _place, ...issuer }) => issuer);
  // The path of the output folder in the Flux source does not affect who can become what.
  const { path: _path, ...flux } = cluster.flux;
  return `${rightsKey(on, manifests)}\n${JSON.stringify([flux, podSecurity, controlPlane, issuers, config.kanidm.cluster === cluster.name])}`;
}
