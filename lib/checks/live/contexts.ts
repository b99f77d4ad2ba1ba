import type { Cluster } from '../../config/config';
import { listOf, mapAt, scalarText } from '../../guards';

/**
 * Returns the context of a kubeconfig whose server address matches the cluster. Prefers a context with a certificate or
 * token to a context that signs in with a plugin.
 * @param view what `kubectl config view -o json` prints
 * @throws Error if no context matches
 */
export function contextFor({ name, server }: Cluster, view: unknown): string {
  const named = (list: string, one: unknown) =>
    mapAt(listOf(mapAt(view)[list]).find((entry) => mapAt(entry).name === one));
  const found = listOf(mapAt(view).contexts).flatMap((entry) => {
    const context = mapAt(entry, 'context');
    const address = mapAt(named('clusters', context.cluster), 'cluster').server;
    if (typeof address !== 'string' || !sameHost(address, server)) return [];
    const signsIn = mapAt(named('users', context.user), 'user').exec !== undefined;
    return [{ context: scalarText(mapAt(entry).name), signsIn }];
  });
  const best = found.find(({ signsIn }) => !signsIn) ?? found[0];
  if (!best)
    throw new Error(
      `no context of kubectl has the server ${server}: choose a context with --cluster ${name} --context NAME`,
    );
  return best.context;
}

const sameHost = (a: string, b: string) => URL.canParse(a) && URL.canParse(b) && new URL(a).host === new URL(b).host;
