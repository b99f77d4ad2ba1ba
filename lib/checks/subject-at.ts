import type { Config, Grant } from '../config/config';
import type { Path, Subject } from '../findings/finding';

/** Returns the cluster, grant and group that a path in the config belongs to. */
export function subjectAt(config: Config, path: Path): Subject {
  const [section, name] = path;
  if (section === 'groups') return { group: String(name) };
  const depth = section === 'clusters' ? 4 : 2;
  const cluster = section === 'clusters' && name !== undefined ? { cluster: String(name) } : {};
  if (path[depth - 2] !== 'grants' || path.length < depth) return cluster;
  const grant = grantAt(config, path.slice(0, depth));
  const [kind, index] = path.slice(depth);
  const group = kind === 'groups' && typeof index === 'number' ? grant?.written.groups[index] : undefined;
  return { ...cluster, ...(grant ? { grant: grant.name } : {}), ...(group === undefined ? {} : { group }) };
}

/**
 * The grants of each config, indexed by path. With as many findings as grants, a search for each would be quadratic.
 */
const indexes = new WeakMap<Config, Map<string, Grant>>();

function grantAt(config: Config, path: Path): Grant | undefined {
  let grants = indexes.get(config);
  if (!grants) {
    grants = new Map();
    // A grant that applies to several clusters has the same path on each of them.
    for (const grant of [...config.clusters.values()].flatMap((cluster) => cluster.grants)) {
      const key = grant.path.join('\n');
      if (!grants.has(key)) grants.set(key, grant);
    }
    indexes.set(config, grants);
  }
  return grants.get(path.join('\n'));
}
