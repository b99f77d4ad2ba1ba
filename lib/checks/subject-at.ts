import type { Config } from '../config/config';
import type { Path, Subject } from '../findings/finding';

/** The cluster, grant and group that a path in the config belongs to. */
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

function grantAt(config: Config, path: Path) {
  const key = JSON.stringify(path);
  for (const { grants } of config.clusters.values()) {
    const grant = grants.find((one) => JSON.stringify(one.path) === key);
    if (grant) return grant;
  }
  return undefined;
}
