import type { Others, World } from '../../lib/adopt/named';
import type { Issuer, NameMapping } from '../../lib/existing/api-server-issuers';
import type { Identities } from '../../lib/existing/kanidm-entries';

export const jane = 'a39bd23b-9919-4ae2-b299-fc6223227c5b';
export const bot = '7b89b6ea-1e8b-4aa8-98fb-a70cba498d17';
export const team = '5d1c8f6a-3c1e-4e0b-9d53-0f6b4a1c2d3e';

/** Returns the entries of a small Kanidm: the person jane, the service account bot, the group team, the client k8s. */
export const identities = (more: Partial<Identities> = {}): Identities => ({
  people: new Map([['jane', { displayName: 'Jane Doe', mail: ['jane@example.com', 'j@example.com'], id: jane }]]),
  serviceAccounts: new Map([['bot', { displayName: 'The Bot', id: bot }]]),
  groups: new Map([['team', { id: team }]]),
  clients: new Map([['k8s', { landingUrl: 'http://localhost:8000' }]]),
  ...more,
});

export const issuer = (username?: NameMapping, groups?: NameMapping, client = 'k8s'): Issuer => ({
  source: 'auth.yaml',
  place: 'jwt[0]',
  url: `https://idm.example.org/oauth2/openid/${client}`,
  audiences: [client],
  requiredClaims: new Map(),
  settings: [],
  ...(username ? { username } : {}),
  ...(groups ? { groups } : {}),
});

export const world = (one: Issuer, more: Partial<World> = {}): World => ({
  identities: identities(),
  issuer: one,
  client: 'k8s',
  domain: 'idm.example.org',
  ...more,
});

export const noOthers: Others = { taken: [], left: [] };

export const user = (name: string) => ({ kind: 'User', name });
export const group = (name: string) => ({ kind: 'Group', name });

export const claim = (name: string, prefix = ''): NameMapping => ({ claim: name, prefix });
export const assumed = () => ({ keys: new Set<string>(), mails: new Map<string, string>() });

export const nobody = (reason: string) => ({ kind: 'nobody', reason });
export const foreign = (reason: string) => ({ kind: 'nobody', reason, isForeign: true });
export const lost = (reason: string) => ({ kind: 'nobody', reason, isLost: true });
