import { randomBytes } from 'node:crypto';
import Provider, { type Context, errors } from 'oidc-provider';
import type { Client, Config, Person } from '../../lib/config/config';
import { groupScopes, tokenClaims } from '../../lib/identity/claims';
import { issuerOf } from '../../lib/identity/issuer';
import { memberships } from '../../lib/identity/membership';
import { uuidOf } from '../../lib/identity/uuid';
import { everyonesGroups } from '../../lib/upstream/kanidm-builtin';

export interface ClientProvider {
  readonly config: Config;
  readonly client: Client;
  readonly alg: 'ES256' | 'RS256';
  /** The private signing key, a JWK. */
  readonly key: object;
  readonly idTokenSeconds: number;
}

const hours = 3600;

/**
 * Returns the provider for one client, configured as in Kanidm: what it requires, what it refuses, and what its tokens
 * contain.
 */
export function providerOf({ config, client, alg, key, idTokenSeconds }: ClientProvider): Provider {
  if (client.type !== 'public') throw new Error(`client ${client.name} has a secret; only public ones sign in here`);
  const redirects = [...(client.redirectUrls ?? []), client.landingUrl].map((url) => new URL(url).href);
  const maps = [...Object.values(client.scopes ?? {}), ...Object.values(client.supplementaryScopes ?? {})];
  const provider = new Provider(issuerOf(config.kanidm, client.name), {
    clients: [
      {
        client_id: client.name,
        token_endpoint_auth_method: 'none',
        application_type: 'web', // as `native`, any loopback port would do
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: redirects,
        id_token_signed_response_alg: alg,
      },
    ],
    jwks: { keys: [key] },
    enabledJWA: { idTokenSigningAlgValues: [alg] },
    responseTypes: ['code'],
    pkce: { required: () => true },
    scopes: [...new Set(maps.flat())],
    claims: claimsByScope(client),
    conformIdTokenClaims: false, // Kanidm's ID token holds the claims of all scopes
    features: { devInteractions: { enabled: false }, userinfo: { enabled: true } },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    ttl: {
      AccessToken: idTokenSeconds,
      AuthorizationCode: 60,
      Grant: 16 * hours,
      IdToken: idTokenSeconds,
      Interaction: hours,
      RefreshToken: 16 * hours,
      Session: hours,
    },
    issueRefreshToken: () => true,
    interactions: { url: (_: Context, { uid }: { uid: string }) => `${mountOf(config, client)}/sign-in/${uid}` },
    findAccount: (_: Context, uuid: string) => ({
      accountId: uuid,
      claims: () => tokenClaims(config, personWith(config, uuid), client),
    }),
    renderError: (context: Context, { error, error_description }: Record<string, string>) => {
      context.body = `${error}: ${error_description}`;
    },
    loadExistingGrant: (context: Context) => grant(config, client, context),
  });
  // Kanidm compares redirect URLs as URLs, and accepts all loopback URLs if this is enabled.
  provider.Client.prototype.redirectUriAllowed = (uri) => {
    if (!URL.canParse(uri)) return false;
    const { protocol, hostname, href } = new URL(uri);
    const loopback = protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname);
    return redirects.includes(href) || (client.localhostRedirects === true && loopback);
  };
  return provider;
}

const mountOf = (config: Config, client: Client): string => new URL(issuerOf(config.kanidm, client.name)).pathname;

/** The name and `preferred_username` are in every token, and so are the claims of claim maps. */
const claimsByScope = (client: Client): Record<string, readonly string[]> => ({
  openid: ['sub', 'preferred_username', 'name', ...Object.keys(client.claims ?? {})],
  email: ['email', 'email_verified'],
  ...Object.fromEntries(groupScopes.map((scope) => [scope, ['groups']])),
});

function personWith(config: Config, uuid: string): Person {
  const person = [...config.people.values()].find((one) => uuidOf(config, 'person', one) === uuid);
  if (!person) throw new Error(`nobody has the UUID ${uuid}`);
  return person;
}

/** Returns the scopes that the scope map gives to a person's groups. Kanidm refuses a request for any other scope. */
async function grant(config: Config, client: Client, { oidc }: Context): Promise<object> {
  const { accountId } = oidc.account;
  const { name } = personWith(config, accountId);
  const groups = [...(memberships(config).groupsOf.get(name) ?? []), ...everyonesGroups];
  const allowed = new Set(groups.flatMap((group) => client.scopes?.[group] ?? []));
  if (!allowed.has('openid')) throw new errors.AccessDenied('outside the scope map', name);
  for (const scope of oidc.requestParamScopes) {
    if (!allowed.has(scope)) throw new errors.InvalidScope('a scope outside the scope map', scope);
  }
  const granted = new oidc.provider.Grant({ accountId, clientId: client.name });
  const added = groups.flatMap((group) => client.supplementaryScopes?.[group] ?? []);
  granted.addOIDCScope([...new Set([...oidc.requestParamScopes, ...added])].join(' '));
  await granted.save();
  return granted;
}
