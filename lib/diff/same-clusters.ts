import type { Cluster, Config } from '../config/config';
import { isMap } from '../guards';
import { plainCluster, plainConfig } from './plain-config';

const known = new WeakMap<Config, WeakMap<Config, ReadonlySet<string>>>();

/**
 * Returns the clusters whose entries are equal in two configs, except for their paths in the files. The order of
 * entries matters, because rendered files follow it.
 */
export function equalClusters(before: Config, after: Config): ReadonlySet<string> {
  const ofBefore = known.get(before) ?? new WeakMap<Config, ReadonlySet<string>>();
  known.set(before, ofBefore);
  let names = ofBefore.get(after);
  if (!names) {
    names = new Set(
      [...after.clusters.values()].flatMap((cluster) => {
        const old = before.clusters.get(cluster.name);
        return old && isEqualCluster(old, cluster) ? [cluster.name] : [];
      }),
    );
    ofBefore.set(after, names);
  }
  return names;
}

/**
 * Whether everything that the files of a cluster can depend on is equal on both sides, so that all rendered files are
 * equal.
 */
export const isSameOn = (before: Config, after: Config, cluster: string): boolean =>
  shared(before) === shared(after) && equalClusters(before, after).has(cluster);

/** Grants and roles are compared one by one, because converting them to text would take most of the time of a diff. */
const isEqualCluster = (a: Cluster, b: Cluster): boolean =>
  isEqualList(a.grants, b.grants) && isEqualList(a.roles, b.roles) && restOf(a) === restOf(b);

const restOf = (cluster: Cluster): string => JSON.stringify(plainCluster({ ...cluster, grants: [], roles: [] }));

const isEqualList = (a: Cluster['grants'] | Cluster['roles'], b: typeof a): boolean =>
  a.length === b.length && a.every((one, i) => isEqual(one, b[i], isPlace));

/** Whether a key of a grant or role is only about its place in the config. */
const isPlace = (key: string): boolean => key === 'path' || key === 'written';

function isEqual(a: unknown, b: unknown, isSkipped: (key: string) => boolean = () => false): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => isEqual(item, b[i]));
  }
  if (!isMap(a) || !isMap(b)) return false;
  const [ours, theirs] = [Object.entries(a), Object.entries(b)];
  return (
    ours.length === theirs.length &&
    ours.every(([key, value], i) => {
      const [other, otherValue] = theirs[i] ?? [];
      return key === other && (isSkipped(key) || isEqual(value, otherValue));
    })
  );
}

const sharedTexts = new WeakMap<Config, string>();

/** Returns the parts of the config that the files of every cluster depend on, as text for comparison. */
function shared(config: Config): string {
  let text = sharedTexts.get(config);
  if (text === undefined) {
    const {
      clusters: _clusters,
      checks: _checks,
      expect: _expect,
      ...rest
    } = plainConfig({ ...config, clusters: new Map() });
    text = JSON.stringify(rest);
    sharedTexts.set(config, text);
  }
  return text;
}
