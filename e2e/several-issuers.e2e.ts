import { stringify } from 'yaml';
import { configOf } from '../__tests__/config';
import { entry } from '../lib/config/config';
import { parseJwt } from '../lib/explain/jwt';
import { judge } from '../lib/explain/token';
import { authenticators } from '../lib/identity/authenticator';
import { tokenClaims } from '../lib/identity/claims';
import { authenticationConfigFile } from '../lib/node-files/api-server-settings';
import { clusterSettings } from '../lib/node-files/control-plane-files';
import { mergeAuthenticationConfig } from '../lib/node-files/merged-authentication-config';
import type { Apiserver } from './harness';
import { Desk } from './login/desk';
import { nodeFolder } from './login/prepared';

const ci = 'https://idm.localhost/oauth2/openid/ci';
const versions = ['1.34', '1.37'] as const;
let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open('several-issuers');
});
afterAll(() => desk?.close());

/** Two people, with kubectl and Headlamp. */
function configWith(authentication: object, headlamp: object = {}) {
  const scopes = { k8s_users: ['openid', 'email', 'groups'] };
  const config = configOf({
    people: {
      datosh: { mail: 'datosh@example.com' },
      jane: { displayName: 'Jane', mail: 'jane@example.com', id: '00000000-0000-4000-8000-000000000001' },
    },
    groups: { k8s_users: { members: ['datosh', 'jane'] } },
    clients: {
      k8s: { scopes },
      headlamp: { type: 'basic', landingUrl: 'https://headlamp.example.com', scopes, ...headlamp },
    },
    clusters: {
      homelab: {
        kubernetes: '1.34',
        trust: ['headlamp'],
        authentication: { method: 'structured', groups: {}, ...authentication },
      },
    },
  });
  return { config, cluster: entry(config.clusters, 'homelab') };
}

/** Returns the existing file of a cluster that trusts a CI system, with a rule. */
const present = () =>
  stringify({
    apiVersion: 'apiserver.config.k8s.io/v1beta1',
    kind: 'AuthenticationConfiguration',
    jwt: [
      {
        issuer: { url: ci, audiences: ['forge', 'ci'], audienceMatchPolicy: 'MatchAny', certificateAuthority: desk.ca },
        claimMappings: { username: { expression: '"ci:" + claims.sub' }, uid: { claim: 'jti' } },
        claimValidationRules: [{ claim: 'repository_owner', requiredValue: 'example-org' }],
      },
    ],
  });

const server = (version: (typeof versions)[number], text: string): Promise<Apiserver> => {
  const name = 'authentication-config.yaml';
  return desk.apiserver(version, [`--authentication-config=${nodeFolder}${name}`], { [name]: text });
};

describe.each(versions)('Kubernetes %s', (version) => {
  test.each<[object, object]>([
    [{ claim: 'email', prefix: 'oidc:' }, {}],
    [{ claim: 'email' }, {}],
    [{ claim: 'sub', prefix: '' }, {}],
    [{ claim: 'preferred_username', prefix: 'oidc:' }, { preferShortUsername: true }],
  ])('both clients name people as explain says, and nobody as another: %j %j', async (authentication, headlamp) => {
    const { config, cluster } = configWith(authentication, headlamp);
    const rendered = authenticationConfigFile(clusterSettings(config, cluster))?.text ?? '';
    const apiserver = await server(version, rendered);
    const owners = new Map<string, string>();
    for (const person of config.people.values()) {
      for (const { client } of authenticators(config, cluster)) {
        const issuer = desk.issuer(config.kanidm.origin);
        const token = issuer.token(tokenClaims(config, person, client));
        const answer = await desk.admits(apiserver, token);
        const now = Date.now() / 1000;
        const verdict = judge(config, cluster, { token: parseJwt(token), now, jwks: JSON.stringify(issuer.jwks) });
        expect(verdict.accepted).toBe(true);
        expect(answer).toEqual({ user: verdict.user, groups: verdict.groups });
        const user = verdict.user ?? '';
        expect(owners.get(user) ?? person.name).toBe(person.name);
        owners.set(user, person.name);
      }
    }
    const names = 'preferShortUsername' in headlamp ? 4 : 2;
    expect(owners.size).toBe(names);
  });

  test('a merged file: people and CI sign in, and the rule of the CI entry holds', async () => {
    const { config, cluster } = configWith({ claim: 'email', prefix: 'oidc:' });
    const rendered = authenticationConfigFile(clusterSettings(config, cluster))?.text ?? '';
    const { text, kept, notes } = mergeAuthenticationConfig(present(), rendered);
    expect({ kept, notes }).toEqual({ kept: [ci], notes: [] });
    const apiserver = await server(version, text);
    const of = (origin: string, claims: object) => desk.issuer(origin).token({ ...claims });
    const job = { iss: ci, aud: 'forge', sub: 'repo:web', jti: '1', repository_owner: 'example-org' };
    expect(await desk.admits(apiserver, of('https://idm.localhost', job))).toEqual({ user: 'ci:repo:web', groups: [] });
    const others = { ...job, repository_owner: 'somebody' };
    expect(await desk.says(apiserver, of('https://idm.localhost', others))).toBe('refused');
    for (const { client } of authenticators(config, cluster)) {
      const claims = tokenClaims(config, entry(config.people, 'jane'), client);
      expect(await desk.admits(apiserver, of(config.kanidm.origin, claims))).toMatchObject({
        user: 'oidc:jane@example.com',
      });
    }
    const posing = { ...job, email: 'jane@example.com', email_verified: true };
    expect(await desk.says(apiserver, of('https://idm.localhost', posing))).toEqual({
      user: 'ci:repo:web',
      groups: [],
    });
  });

  test('the rendered file alone locks the CI system out', async () => {
    const { config, cluster } = configWith({ claim: 'email', prefix: 'oidc:' });
    const apiserver = await server(version, authenticationConfigFile(clusterSettings(config, cluster))?.text ?? '');
    const claims = tokenClaims(config, entry(config.people, 'jane'), entry(config.clients, 'k8s'));
    expect(await desk.admits(apiserver, desk.issuer(config.kanidm.origin).token({ ...claims }))).not.toBe('refused');
    const job = { iss: ci, aud: 'forge', sub: 'repo:web', jti: '1', repository_owner: 'example-org' };
    expect(await desk.says(apiserver, desk.issuer('https://idm.localhost').token(job))).toBe('refused');
  });
});
