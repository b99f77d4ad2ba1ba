import type { Cluster } from '../../config/config';
import { listOf, mapAt, scalarText } from '../../guards';

/**
 * The context of a kubeconfig for a cluster, found by the address of its server. A context with a certificate or token
 * is preferred to one that signs in with a plugin.
 * @param view what `kubectl config view -o json` prints
 * @throws Error if there is none
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
  if (!best) throw new Error(`no context of kubectl is for ${server}: name one with --cluster ${name} --context NAME`);
  return best.context;
}

const sameHost = (a: string, b: string) => URL.canParse(a) && URL.canParse(b) && new URL(a).host === new URL(b).host;
