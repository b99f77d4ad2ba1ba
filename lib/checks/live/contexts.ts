import type { Cluster } from '../../config/config';
import { isText, listOf, mapAt, scalarText } from '../../guards';

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
    if (typeof address !== 'string' || !isSameServer(address, server)) return [];
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

/**
 * Returns the address of the API server to which kubectl connects; `undefined` in a pod, where there is no context.
 * @param view what `kubectl config view --minify -o json` prints
 */
export function serverIn(view: unknown): string | undefined {
  const { server } = mapAt(listOf(mapAt(view).clusters)[0], 'cluster');
  return isText(server) ? server : undefined;
}

/** Whether two addresses lead to the same API server. Rancher serves all clusters on one host, each at its own path. */
export function isSameServer(a: string, b: string): boolean {
  const [one, other] = [a, b].map((text) => (URL.canParse(text) ? new URL(text) : undefined));
  return one !== undefined && one.host === other?.host && folderOf(one) === folderOf(other);
}

const folderOf = ({ pathname }: URL) => pathname.replace(/\/+$/, '');
