import { type Finding, keyAt, type Path } from '../findings/finding';
import type { App, Client } from './config';
import { readingFinding } from './reading-codes';
import type { FilledClusterInput, WholeInput } from './schema/config-schema';

/** The applications of a cluster. */
export function appsOf(cluster: string, { apps: { headlamp } }: Pick<FilledClusterInput, 'apps'>): App[] {
  if (!headlamp) return [];
  const url = headlamp.url.replace(/\/+$/, '');
  return [{ ...headlamp, name: 'headlamp', url, path: ['clusters', cluster, 'apps', 'headlamp'] }];
}

/**
 * Returns the keys of the clients of applications. Other parts of the config may refer to these clients. Required
 * fields of `clusters` may be missing.
 */
export const appClientKeys = (clusters: WholeInput['clusters']): string[] =>
  Object.values(clusters).flatMap(({ apps }) => apps?.headlamp?.client ?? []);

const groupForms = ['groups', 'groups_spn', 'groups_name', 'groups_uuid'];

/** Returns the clients of all applications, and reports names that are already in use. */
export function appClients({ clusters, clients = {} }: WholeInput): {
  clients: Map<string, Client>;
  problems: Finding[];
} {
  const made = new Map<string, Client>();
  const problems: Finding[] = [];
  for (const [cluster, input] of Object.entries(clusters)) {
    for (const app of appsOf(cluster, input)) {
      const used = Object.hasOwn(clients, app.client)
        ? `\`clients.${app.client}\``
        : made.get(app.client)?.path.join('.');
      if (used !== undefined) {
        problems.push(used.startsWith('`') ? twice(app, used) : shared(app, used, cluster));
        continue;
      }
      made.set(app.client, clientOf(app, Object.hasOwn(clients, input.client) ? clients[input.client] : undefined));
    }
  }
  return { clients: made, problems };
}

const twice = ({ path, client }: App, used: string): Finding =>
  readingFinding(
    'app-client',
    keyAt(path),
    `the application has the client \`${client}\`, but ${used} is another client of this name`,
    `remove ${used}, or write another name here: \`client: ${client}-2\``,
  );

const shared = ({ path, client }: App, used: string, cluster: string): Finding =>
  readingFinding(
    'app-client',
    keyAt(path),
    `\`${used}\` has the client \`${client}\` too, so both clusters would accept the tokens of either application`,
    `write \`client: ${client}-${cluster}\``,
  );

/**
 * Returns the client of an application. Its tokens name people and groups in the same way as the tokens of the
 * cluster's own client.
 */
function clientOf(app: App, own: NonNullable<WholeInput['clients']>[string] | undefined): Client {
  const offered = Object.values(own?.scopes ?? {}).flat();
  // With a scope for groups, Kanidm ignores a claim map called `groups`.
  const isWithout = own?.scopes !== undefined || own?.claims?.groups !== undefined;
  const form = groupForms.find((scope) => offered.includes(scope)) ?? (isWithout ? undefined : 'groups');
  const scopes = ['openid', 'email', 'profile', ...(form ? [form] : [])];
  const path: Path = app.path;
  return {
    name: app.client,
    path,
    type: 'basic',
    absent: false,
    ...(app.id === undefined ? {} : { id: app.id }),
    displayName: 'Headlamp',
    landingUrl: app.url,
    redirectUrls: [`${app.url}/oidc-callback`],
    scopes: Object.fromEntries(app.groups.map((group) => [group, scopes])),
    ...(own?.claims ? { claims: own.claims } : {}),
    ...(own?.preferShortUsername === undefined ? {} : { preferShortUsername: own.preferShortUsername }),
  };
}
