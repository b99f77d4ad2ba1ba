import { listed } from '../access/rights-in-words';
import { claimExpression } from '../cel/claim-expression';
import type { Client, Cluster, Config } from '../config/config';
import { own } from '../guards';
import { type Authenticator, authenticators } from '../identity/authenticator';
import { mayGive, mayUse } from '../identity/claims';
import { memberships } from '../identity/membership';
import { loopbackUrls, redirectOf } from '../identity/redirects';
import { scopesFor, scopesLackedBy } from '../identity/scopes';
import { everyonesGroups } from '../upstream/kanidm-builtin';
import { type Predecessor, predecessors } from './predecessors';
import { runbookRenames } from './runbook-renames';
import type { Statement } from './statement';

interface Sides {
  readonly before: Config;
  readonly after: Config;
  readonly former: Predecessor;
}

/**
 * Returns statements about sign-ins that fail after the change, for some time or for good. Kanidm changes first, then
 * the API servers, then the kubeconfigs. Each keeps its present settings until somebody updates it, and these settings
 * can be wrong for what has changed already.
 */
export function signInGapStatements(before: Config, after: Config): Statement[] {
  const sides = { before, after, former: predecessors(before, after) };
  return [...after.clusters.keys()].flatMap((name) => {
    const cluster = before.clusters.get(name);
    if (!cluster) return [];
    return authenticators(before, cluster).flatMap((present): Statement[] => {
      const client = present.client.name;
      return reasonsOf(present, cluster, sides).map(({ who, why, isForGood, when = inAllSteps }) => ({
        part: 'access',
        level: 'medium',
        ...(isForGood ? { change: 'removed', danger: 'read' } : { change: 'changed' }),
        say: (on) =>
          isForGood
            ? `${who} can no longer sign in to ${on} with client ${client}: ${why}`
            : `${who} temporarily cannot sign in to ${on} with client ${client}, ${when}: ${why}`,
        clusters: [name],
        details: [],
      }));
    });
  });
}

const inAllSteps = 'from the change in Kanidm until somebody has done the manual steps';

interface Reason {
  readonly who: string;
  readonly why: string;
  /** Whether the sign-in also fails with the new settings. @default false */
  readonly isForGood?: boolean;
  /** When the sign-in fails, if not for good. @default - from the change in Kanidm until the last manual step */
  readonly when?: string;
}

/** Returns why the present settings of a cluster do not work with the changed Kanidm. */
function reasonsOf(present: Authenticator, cluster: Cluster, sides: Sides): Reason[] {
  const { before, after, former } = sides;
  const { client } = present;
  const people = (why: string): Reason[] => [{ who: 'people', why }];
  if (before.kanidm.origin !== after.kanidm.origin)
    return people('the address of Kanidm changes, and with it the issuer in tokens');
  const renamed = [...after.clients.keys()].find((name) => former({ kind: 'client', name }) === client.name);
  const byRunbook = runbookRenames(before, after, former).find(
    ({ kind, from }) => kind === 'client' && from === client.name,
  );
  const name = byRunbook?.to ?? renamed;
  // If a client was removed from the config, but not marked as `absent`, it stays in Kanidm.
  const now = name === undefined ? undefined : after.clients.get(name);
  if (!now) return [];
  const later = after.clusters.get(cluster.name);
  // An application that the cluster no longer trusts loses its access permanently, so there is no temporary gap.
  const isTrusted = later?.client === now.name || later?.trust.includes(now.name);
  if (client.name !== cluster.client && !isTrusted) return [];
  if (now.absent) return people('Kanidm deletes this client');
  if (now.name !== client.name) return people(`Kanidm renames this client to ${now.name}`);
  const algorithm = now.legacyCrypto ? 'RS256' : 'ES256';
  if (cluster.authentication.method === 'flags' && algorithm !== present.signingAlgorithm)
    return people(
      `Kanidm signs tokens with ${algorithm}, and the API server still accepts only ${present.signingAlgorithm}`,
    );
  if (client.name !== cluster.client) return [];
  const next = later?.client === now.name ? authenticators(after, later)[0] : undefined;
  return [...ofKubeconfig(present, cluster, now, sides), ...(next ? ofApiServer(present, next) : [])];
}

/** Returns why the changed API server does not accept the tokens that the present kubeconfig gets. */
function ofApiServer(present: Authenticator, next: Authenticator): Reason[] {
  const { username } = next;
  const claim = username.expression === undefined ? username.claim : claimExpression(username.expression)?.claim;
  // Kanidm adds a supplementary scope to each token, although kubectl does not request it.
  const isAdded = Object.values(next.client.supplementaryScopes ?? {}).some((list) => list.includes('email'));
  if (claim !== 'email' || isAdded || scopesFor(present).includes('email')) return [];
  return [
    {
      who: 'people',
      when: 'from the change of the API server until they have the new kubeconfig',
      why: 'kubectl does not request the scope email yet, so the token lacks the claim email, which contains the user name',
    },
  ];
}

/** Returns why the present kubeconfig of a cluster does not work with the changed client. */
function ofKubeconfig(
  present: Authenticator,
  cluster: Cluster,
  now: Client,
  { before, after, former }: Sides,
): Reason[] {
  const url = refusedUrl(present.client, now);
  if (url !== undefined && cluster.kubeconfig.signIn !== 'device-code')
    return [{ who: 'people', why: `kubectl still uses the redirect URL ${url}, which Kanidm no longer accepts` }];
  const { scopes } = now;
  if (!scopes) return [];
  const later = after.clusters.get(cluster.name);
  const next = later && authenticators(after, later).find(({ client }) => client === now);
  // If only Kanidm knows who is in a group with the scope, the person may be in this group.
  const isRefused = (scope: string) => !mayGive(after, now, [scope]);
  const lacking = new Map<string, string[]>();
  const lackingForGood = new Map<string, string[]>();
  for (const { name, absent } of after.people.values()) {
    const from = former({ kind: 'person', name });
    if (absent || from === undefined || !mayUse(after, { name }, now)) continue;
    if (!mayUse(before, { name: from }, present.client) || scopesLackedBy(before, present, from).length > 0) continue;
    const stillLacked = next ? scopesLackedBy(after, next, name).filter(isRefused).join(', ') : '';
    if (stillLacked !== '') {
      lackingForGood.set(stillLacked, [...(lackingForGood.get(stillLacked) ?? []), name]);
      continue;
    }
    const groups = [...(memberships(after).groupsOf.get(name) ?? []), ...everyonesGroups];
    const held = new Set(groups.flatMap((group) => own(scopes, group) ?? []));
    const refused = scopesFor(present)
      .filter((scope) => !held.has(scope) && isRefused(scope))
      .join(', ');
    if (refused !== '') lacking.set(refused, [...(lacking.get(refused) ?? []), name]);
  }
  const because = 'and Kanidm refuses a sign-in with a scope that the scope map does not give';
  return [
    ...[...lackingForGood].map(([refused, who]) => ({
      who: listed(who, 6),
      why: `kubectl requests the scope ${refused}, ${because}`,
      isForGood: true,
    })),
    ...[...lacking].map(([refused, who]) => ({
      who: listed(who, 6),
      why: `kubectl still requests the scope ${refused}, ${because}`,
    })),
  ];
}

/** Returns the redirect URL that kubelogin uses first at present, if the changed client no longer accepts this URL. */
function refusedUrl(present: Client, now: Client): string | undefined {
  const redirect = redirectOf(present);
  if (!redirect || !now.redirectUrls) return undefined;
  if (now.localhostRedirects ?? present.localhostRedirects) return undefined;
  const url = redirect.url ?? `http://localhost:${redirect.listen[0]?.split(':').at(-1)}`;
  return loopbackUrls(now).some(({ href }) => href === new URL(url).href) ? undefined : url;
}
