import type { Cluster, Config } from '../config/config';
import { nearest } from '../config/nearest';
import { printable } from '../config/printable';
import { UserError } from './command';

/**
 * Returns the cluster with the given name, or the only cluster if no name is given.
 * @throws UserError if there is no such cluster, or if there are several and no name is given
 */
export function chooseCluster({ clusters }: Config, name: string | undefined): Cluster {
  const names = [...clusters.keys()];
  const [only, ...others] = names;
  const chosen = name ?? (others.length === 0 ? only : undefined);
  if (chosen === undefined) throw new UserError(`name the cluster, one of ${names.join(', ')}`);
  const cluster = clusters.get(chosen);
  if (cluster) return cluster;
  const near = nearest(chosen, names);
  const fix = near ? `did you mean \`${near}\`?` : `there are ${names.join(', ')}`;
  throw new UserError(`there is no cluster \`${printable(chosen)}\`; ${fix}`);
}
