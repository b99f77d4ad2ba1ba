import type { Cluster, Config, Grant } from '../config/config';
import type { Finding, LocatedFinding, Path, Subject } from '../findings/finding';

/** Returns the cluster, grant and group that a path in the config belongs to. */
export function subjectAt(config: Config, path: Path): Subject {
  const [section, name] = path;
  if (section === 'groups') return { group: String(name) };
  const depth = section === 'clusters' ? 4 : 2;
  const cluster = section === 'clusters' && name !== undefined ? { cluster: String(name) } : {};
  if (path[depth - 2] !== 'grants' || path.length < depth) return cluster;
  const grant = grantAt(config, path);
  const [kind, index] = path.slice(depth);
  const group = kind === 'groups' && typeof index === 'number' ? grant?.written.groups[index] : undefined;
  return { ...cluster, ...(grant ? { grant: grant.name } : {}), ...(group === undefined ? {} : { group }) };
}

/** Adds to a finding what it does not name itself: the cluster, grant and group that its path belongs to. */
export function withSubject(config: Config, finding: LocatedFinding): LocatedFinding {
  const { cluster, ...rest } = subjectAt(config, finding.path ?? []);
  return { ...rest, ...ownCluster(cluster, finding), ...finding };
}

/** Returns the cluster of the path, unless the finding is about several clusters. */
export const ownCluster = (cluster: string | undefined, { clusters }: Pick<Finding, 'clusters'>): Subject =>
  cluster === undefined || clusters !== undefined ? {} : { cluster };

/** The grants in a list of the config, by their index as text. */
type ByIndex = ReadonlyMap<string, Grant>;

const ofClusters = new WeakMap<Cluster, ByIndex>();
const ofConfigs = new WeakMap<Config, ByIndex>();

/**
 * Returns the grant at the beginning of a path. The grants are indexed, since a config can have as many findings as
 * grants.
 */
function grantAt(config: Config, [section, name, , index]: Path): Grant | undefined {
  if (section === 'grants') {
    const all = () =>
      [...config.clusters.values()].flatMap(({ grants }) => grants.filter(({ path }) => path.length === 2));
    return remembered(ofConfigs, config, () => byIndex(all())).get(String(name));
  }
  const cluster = config.clusters.get(String(name));
  const own = (of: Cluster) => of.grants.filter(({ path }) => path.length > 2);
  return cluster && remembered(ofClusters, cluster, () => byIndex(own(cluster))).get(String(index));
}

const byIndex = (grants: readonly Grant[]): ByIndex =>
  new Map(grants.map((grant) => [String(grant.path.at(-1)), grant]));

function remembered<K extends object>(made: WeakMap<K, ByIndex>, key: K, make: () => ByIndex): ByIndex {
  const known = made.get(key) ?? make();
  made.set(key, known);
  return known;
}
