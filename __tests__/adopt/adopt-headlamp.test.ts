import { adoptedText } from '../../lib/adopt/config-yaml';
import { load } from '../config';
import { adoptFiles, jwt, structured, treatmentOf } from './adopted';

const mapping = { username: { claim: 'sub', prefix: 'kanidm:' }, groups: { claim: 'groups', prefix: 'kanidm:' } };
const scopes = ['openid', 'email', 'profile', 'groups'];
const kubectl = {
  public: true,
  displayName: 'k8s',
  originUrl: ['http://localhost:8000'],
  originLanding: 'http://localhost:8000',
  scopeMaps: { ops: scopes },
};
const headlamp = {
  displayName: 'Headlamp',
  originUrl: ['https://headlamp.example.org/oidc-callback'],
  originLanding: 'https://headlamp.example.org/',
  scopeMaps: { ops: scopes },
};

/** Runs adopt with clients of Kanidm, all of which the API server trusts. */
function adopted(oauth2: Readonly<Record<string, object>>, clients = Object.keys(oauth2)) {
  const state = { groups: { ops: { members: [] }, dev: { members: [] } }, systems: { oauth2 } };
  return adoptFiles({
    'state.json': JSON.stringify(state),
    'auth.yaml': structured(...clients.map((client) => jwt(mapping, client))),
  });
}
type Result = ReturnType<typeof adopted>;
const clusterOf = ({ config }: Result) => JSON.parse(JSON.stringify(config)).clusters.a;
/**
 * The hints. The hint about kanidm-provision is left out: it appears because the clients are read from a state of
 * kanidm-provision.
 */
const hints = ({ next }: Result) =>
  next.flatMap((step) => (typeof step === 'string' || step.hint.startsWith('kanidm-provision') ? [] : [step.hint]));

/** Returns the clients and trusted clients of a config, without their paths in the file. */
function resolved({ config, files }: Result) {
  const text = adoptedText(config)
    .replace(/^( +server:) #.*$/m, '$1 https://192.0.2.1:6443')
    .replace(/^( +kubernetes:) #.*$/m, '$1 "1.34"')
    .replace(/^( +controlPlane:) #.*$/m, '$1 flags');
  const loaded = load(text, files);
  if (!loaded.config) throw new Error(`${text}\n${JSON.stringify(loaded.findings)}`);
  const clients = [...loaded.config.clients.values()].map(({ path: _, ...client }) => client);
  return { clients, trust: [...loaded.config.clusters.values()].map(({ trust }) => trust) };
}

test.each<[string, Record<string, object>, object]>([
  ['headlamp', { k8s: kubectl, headlamp }, { url: 'https://headlamp.example.org', groups: ['ops'] }],
  [
    'another name, below a path, before that of kubectl',
    {
      dashboard: {
        ...headlamp,
        originUrl: 'https://ops.example.org/headlamp/oidc-callback',
        originLanding: 'https://ops.example.org/headlamp',
      },
      k8s: kubectl,
    },
    { client: 'dashboard', url: 'https://ops.example.org/headlamp', groups: ['ops'] },
  ],
  [
    'several groups, short names and scopes in another order',
    {
      k8s: { ...kubectl, preferShortUsername: true },
      headlamp: {
        ...headlamp,
        preferShortUsername: true,
        scopeMaps: { ops: scopes.toReversed(), dev: ['groups', 'openid', 'profile', 'email'] },
      },
    },
    { url: 'https://headlamp.example.org', groups: ['ops', 'dev'] },
  ],
  [
    'the form of groups and the claims of the client of kubectl',
    {
      k8s: {
        ...kubectl,
        scopeMaps: { ops: ['openid', 'groups_spn'] },
        claimMaps: { team: { joinType: 'array', valuesByGroup: { ops: ['a'] } } },
      },
      headlamp: {
        ...headlamp,
        scopeMaps: { ops: ['openid', 'email', 'profile', 'groups_spn'] },
        claimMaps: { team: { joinType: 'array', valuesByGroup: { ops: ['a'] } } },
      },
    },
    { url: 'https://headlamp.example.org', groups: ['ops'] },
  ],
])('a client as Kaniflux makes it becomes apps.headlamp: %s', (_, clients, expected) => {
  const result = adopted(clients);
  expect(clusterOf(result)).toMatchObject({ client: 'k8s', apps: { headlamp: expected } });
  expect(clusterOf(result).trust).toBeUndefined();
  expect(Object.keys(result.config.clients as object)).toEqual(['k8s']);
  expect(hints(result)).toEqual([]);
  // The config leads to the same clients as in Kanidm, and to an API server that trusts the same clients.
  const name = Object.keys(clients).find((one) => one !== 'k8s');
  expect(resolved(result).trust).toEqual([[name]]);
  const [callback] = [(clients[name ?? ''] as typeof headlamp).originUrl].flat();
  expect(resolved(result).clients.find((client) => client.name === name)).toMatchObject({
    type: 'basic',
    displayName: 'Headlamp',
    redirectUrls: [callback],
    landingUrl: callback?.replace('/oidc-callback', ''),
  });
  expect(
    resolved(result)
      .clients.map((client) => client.name)
      .sort(),
  ).toEqual(Object.keys(clients).sort());
});

test('its UUID is kept', () => {
  const attrs = {
    class: ['account', 'oauth2_resource_server', 'oauth2_resource_server_basic'],
    name: ['headlamp'],
    uuid: ['c39bd23b-9919-4ae2-b299-fc6223227c5b'],
    displayname: ['Headlamp'],
    oauth2_rs_origin_landing: ['https://headlamp.example.org/'],
    oauth2_rs_origin: ['https://headlamp.example.org/oidc-callback'],
    oauth2_rs_scope_map: ['ops@idm.example.org: {"email", "groups", "openid", "profile"}'],
  };
  const result = adoptFiles({
    'state.json': JSON.stringify({ groups: { ops: { members: [] } }, systems: { oauth2: { k8s: kubectl } } }),
    'oauth2.json': JSON.stringify([{ attrs }]),
    'auth.yaml': structured(jwt(mapping, 'k8s'), jwt(mapping, 'headlamp')),
  });
  expect(clusterOf(result)).toMatchObject({ apps: { headlamp: { id: 'c39bd23b-9919-4ae2-b299-fc6223227c5b' } } });
  expect(resolved(result).clients).toContainEqual(
    expect.objectContaining({ name: 'headlamp', id: 'c39bd23b-9919-4ae2-b299-fc6223227c5b' }),
  );
  expect(treatmentOf(result, 'client headlamp')).toMatchObject({ treatment: 'taken' });
});

test.each<[string, object, string]>([
  [
    'another title',
    { displayName: 'Dashboard' },
    'Kaniflux would change displayName of the client if the client were under `apps`',
  ],
  [
    'a scope more',
    { scopeMaps: { ops: [...scopes, 'ssh_publickeys'] } },
    'Kaniflux would change scopes of the client if the client were under `apps`',
  ],
  [
    'a second redirect URL, and RS256',
    {
      originUrl: [...headlamp.originUrl, 'https://old.example.org/oidc-callback'],
      enableLegacyCrypto: true,
    },
    'Kaniflux would change redirectUrls, legacyCrypto of the client if the client were under `apps`',
  ],
  [
    'short names',
    { preferShortUsername: true },
    'Kaniflux would change preferShortUsername of the client if the client were under `apps`',
  ],
  [
    'another landing page',
    { originLanding: 'https://example.org' },
    'Kaniflux would change landingUrl of the client if the client were under `apps`',
  ],
  [
    'another callback',
    { originUrl: ['https://headlamp.example.org/callback'] },
    'the client has no redirect URL that ends in /oidc-callback',
  ],
])('one with %s stays a client, and the next steps say why', (_, more, why) => {
  const result = adopted({ k8s: kubectl, headlamp: { ...headlamp, ...more } });
  expect(clusterOf(result)).toMatchObject({ trust: ['headlamp'] });
  expect(clusterOf(result).apps).toBeUndefined();
  expect(Object.keys(result.config.clients as object)).toEqual(['k8s', 'headlamp']);
  expect(hints(result)).toEqual([expect.stringContaining(why)]);
});

test('one that was not read from Kanidm stays a client', () => {
  const result = adopted({ k8s: kubectl }, ['headlamp', 'k8s']);
  expect(clusterOf(result)).toMatchObject({ client: 'k8s', trust: ['headlamp'] });
  expect(hints(result)).toEqual([expect.stringContaining('because this client was not read from Kanidm')]);
});

test('the second of two stays a client', () => {
  const result = adopted({ k8s: kubectl, headlamp, 'headlamp-2': headlamp });
  expect(clusterOf(result)).toMatchObject({ trust: ['headlamp-2'], apps: { headlamp: {} } });
  expect(hints(result)).toEqual([expect.stringContaining('because a cluster can have only one `apps.headlamp`')]);
});

test('other applications are clients like others, and nothing is said', () => {
  const argocd = {
    ...headlamp,
    displayName: 'Argo CD',
    originUrl: ['https://argocd.example.org/auth/callback'],
    originLanding: 'https://argocd.example.org',
  };
  const result = adopted({ argocd, k8s: kubectl });
  expect(clusterOf(result)).toMatchObject({ client: 'k8s', trust: ['argocd'] });
  expect(hints(result)).toEqual([]);
});

test('the only client is that of kubectl, whatever its name', () => {
  expect(clusterOf(adopted({ headlamp }))).toMatchObject({ client: 'headlamp' });
  expect(clusterOf(adopted({}, ['headlamp']))).toMatchObject({ client: 'headlamp' });
});
