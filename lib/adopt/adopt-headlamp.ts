import type { Client, Config } from '../config/config';
import { isSameValue, isText, type Json, listOf, mapAt } from '../guards';
import { without } from './config-path';
import { headlampUrl, isHeadlamp } from './headlamp-client';
import { type Settled, settle } from './settle';

interface Adoption {
  readonly cluster: string;
  readonly files: Readonly<Record<string, string>>;
  /** Whether a client was read from Kanidm, instead of being assumed. */
  readonly isRead: (client: string) => boolean;
}

/**
 * Moves the client of Headlamp from `clients` and `trust` to `apps`, if Kaniflux then creates exactly the same client.
 * @returns the config, with a hint for each Headlamp whose client stays in `clients`
 */
export function withHeadlamp(
  settled: Settled,
  { cluster, files, isRead }: Adoption,
): { readonly settled: Settled; readonly steps: readonly { readonly hint: string }[] } {
  const { config, resolved } = settled;
  const at = mapAt(config, 'clusters', cluster);
  const steps: { hint: string }[] = [];
  let current = settled;
  for (const name of listOf(at.trust).filter(isText)) {
    const client = mapAt(config, 'clients', name);
    if (!isHeadlamp(name, client)) continue;
    const [url] = listOf(client.redirectUrls).flatMap((one) => headlampUrl(one) ?? []);
    const isTaken = mapAt(current.config, 'clusters', cluster).apps !== undefined;
    const why = !isRead(name)
      ? 'this client was not read from Kanidm'
      : isTaken
        ? 'a cluster can have only one `apps.headlamp`'
        : undefined;
    if (why !== undefined || url === undefined || !resolved) {
      steps.push(step(name, url, why ?? 'the client has no redirect URL that ends in /oidc-callback'));
      continue;
    }
    const moved = settle(movedTo(current.config, { cluster, name, url }), files);
    const changed =
      moved.resolved && moved.dropped.length === 0 ? differences(resolved, moved.resolved, name) : undefined;
    if (changed?.length === 0) current = moved;
    else {
      const effect = changed
        ? `Kaniflux would change ${changed.join(', ')} of the client`
        : 'the config would be invalid';
      steps.push(step(name, url, `${effect} if the client were under \`apps\``));
    }
  }
  return { settled: current, steps };
}

const step = (name: string, url: string | undefined, why: string): { hint: string } => ({
  hint: `client ${name} seems to be the client of Headlamp, but stays in \`clients\` and \`trust\`, because ${why}. To let Kaniflux render the values of the Headlamp chart too, remove the client from \`clients\` and \`trust\`, and write \`apps: { headlamp: { client: ${name}, url: ${url ?? 'https://…'}, groups: […] } }\` under the cluster (docs/applications.md)`,
});

function movedTo(config: Json, { cluster, name, url }: { cluster: string; name: string; url: string }): Json {
  const { scopes, id } = mapAt(config, 'clients', name);
  const headlamp = {
    ...(name === 'headlamp' ? {} : { client: name }),
    url,
    groups: Object.keys(mapAt({ scopes }, 'scopes')),
    ...(isText(id) ? { id } : {}),
  };
  const trust = listOf(mapAt(config, 'clusters', cluster).trust);
  const rest = without(without(config, ['clients', name]), ['clusters', cluster, 'trust', trust.indexOf(name)]);
  return {
    ...rest,
    clusters: { ...mapAt(rest, 'clusters'), [cluster]: { ...mapAt(rest, 'clusters', cluster), apps: { headlamp } } },
  };
}

/** Returns the fields of a client that differ between two configs. The order of scopes does not matter. */
function differences(a: Config, b: Config, name: string): string[] {
  const [one, other] = [fieldsOf(a.clients.get(name)), fieldsOf(b.clients.get(name))];
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((key) => !isSameValue(one[key], other[key]));
}

function fieldsOf(client: Client | undefined): Json {
  if (!client) return {};
  const { path: _, scopes, ...fields } = client;
  const sorted = Object.entries(scopes ?? {}).map(([group, list]) => [group, [...list].sort()]);
  return { ...fields, scopes: Object.fromEntries(sorted) };
}
