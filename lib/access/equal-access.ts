import type { Grant } from '../config/config';
import { signInKey } from '../identity/authenticator';
import { knownVersion } from '../upstream/builtin-rbac';
import type { ClusterAccess } from './cluster';

/** The place of a hand-written object. */
interface ManifestPlace {
  readonly file: string;
  readonly line: number;
}

/** Returns a key of everything that determines the rights on a cluster. Clusters with equal keys give equal rights. */
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

/**
 * The fields of a grant on which rights depend. With this type, TypeScript reports a new field of a grant that is
 * neither copied nor left out.
 */
type GrantKey = Required<Omit<Grant, 'path' | 'written' | 'until' | 'reason'>>;

/**
 * The fields are copied one by one, because copying the rest of an object (`...rest`) takes most of the time for a
 * large config.
 */
const grantKey = ({
  name,
  people,
  groups,
  serviceAccounts,
  roleKind,
  roleName,
  namespaces,
  subjects,
}: Grant): GrantKey => ({
  name,
  people,
  groups,
  serviceAccounts,
  roleKind,
  roleName,
  namespaces,
  subjects,
});

/**
 * Returns a key of everything that determines who can become what, step by step. Clusters with equal keys have equal
 * results.
 */
export function reachKey(on: Pick<ClusterAccess, 'cluster' | 'config'>, manifests: readonly ManifestPlace[]): string {
  const { config, cluster } = on;
  const { podSecurity, controlPlane } = cluster;
  // The path of the output folder in the Flux source does not affect who can become what.
  const { path: _path, ...flux } = cluster.flux;
  return `${rightsKey(on, manifests)}\n${JSON.stringify([flux, podSecurity, controlPlane, config.kanidm.cluster === cluster.name])}`;
}
