import type { Cluster } from '../../config/config';
import { listOf, mapAt, scalarText } from '../../guards';

/**
 * The context of a kubeconfig that leads to a cluster, by the address of its server. One with a certificate or a token
 * of its own is taken before one that signs in.
 * @param view what `kubectl config view -o json` prints
 * @throws Error where none does
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
    throw new Error(`no context of kubectl leads to ${server}: name one with --cluster ${name} --context NAME`);
  return best.context;
}

const sameHost = (a: string, b: string) => URL.canParse(a) && URL.canParse(b) && new URL(a).host === new URL(b).host;
