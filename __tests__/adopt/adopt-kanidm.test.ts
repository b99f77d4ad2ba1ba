import { certificates, issuerCaOf } from '../../lib/adopt/adopt-certificates';
import {
  domainNote,
  kanidmDomain,
  kanidmLogin,
  kanidmOf,
  originNotes,
  originOf,
  otherKanidms,
} from '../../lib/adopt/adopt-kanidm';
import { clusterOf, filled } from '../../lib/adopt/cluster-config';
import type { KanidmIssuer } from '../../lib/adopt/kanidm-issuer';
import type { OwnKanidm } from '../../lib/adopt/which-kanidm';
import { type Facts, type Login, nothing } from '../../lib/existing/facts';
import { claim, identities, issuer } from './worlds';

const own = (more: Partial<KanidmIssuer['issuer']> = {}): KanidmIssuer => ({
  issuer: { ...issuer(claim('preferred_username', 'k:')), ...more },
  items: [],
  origin: 'https://sso.idm.example.org',
  client: 'k8s',
});
const none: OwnKanidm = { others: new Map(), foreign: new Map() };
const bound = (...subjects: readonly [string, string][]): Facts => ({
  ...nothing,
  bindings: [
    {
      source: 'b',
      object: {
        kind: 'ClusterRoleBinding',
        metadata: { name: 'a' },
        roleRef: { kind: 'ClusterRole', name: 'view' },
        subjects: subjects.map(([kind, name]) => ({ kind, name })),
      },
    },
    {
      source: 'b',
      object: { kind: 'ClusterRoleBinding', metadata: { name: 'b' }, roleRef: { kind: 'ClusterRole', name: 'view' } },
    },
  ],
});
const login = (more: Partial<Login> = {}): Login => ({
  source: 'l',
  issuer: 'https://idm.example.net/oauth2/openid/web',
  client: 'web',
  ...more,
});

describe('the domain of Kanidm', () => {
  test('is that of its entries, whatever the names are', () => {
    expect(kanidmDomain(bound(['Group', 'k:a@idm.example.org']), own(), { ...none, domain: 'example.org' })).toBe(
      'example.org',
    );
    expect(kanidmDomain(nothing, undefined, { ...none, domain: 'example.org' })).toBe('example.org');
  });

  test('is that of most names at or above the origin', () => {
    const facts = bound(
      ['Group', 'k:a@sso.idm.example.org'],
      ['Group', 'k:a@idm.example.org'],
      ['User', 'k:jane@idm.example.org'],
      ['Group', 'k:a@idm.example.com'],
      ['Group', 'k:b@idm.example.com'],
      ['Group', 'k:c@idm.example.com'],
      ['Group', 'k:nothing'],
    );
    expect(kanidmDomain(facts, own(), none)).toBe('idm.example.org');
  });

  test('is not that of a mail address', () => {
    const facts = bound(['User', 'jane@example.org'], ['User', 'sam@example.org']);
    expect(kanidmDomain(facts, own({ username: claim('email') }), none)).toBe('sso.idm.example.org');
    expect(kanidmDomain(facts, own(), none)).toBe('example.org');
  });

  test('is the host otherwise, if there is one', () => {
    expect(kanidmDomain(nothing, own(), none)).toBe('sso.idm.example.org');
    expect(kanidmDomain({ ...nothing, logins: [login()] }, undefined, none)).toBe('idm.example.net');
    expect(kanidmDomain(nothing, undefined, { ...none, origin: 'https://idm.example.com:8443' })).toBe(
      'idm.example.com',
    );
    expect(kanidmDomain(nothing, undefined, none)).toBeUndefined();
  });

  test('gets a note if it is the host only because nothing contains the domain', () => {
    const text = (host: string) =>
      `adopt did not find the domain of Kanidm, and assumes ${host}, the host of its address. The domain can also be a parent domain of this host. Names in tokens end in the domain, so verify \`kanidm.domain\``;
    const { source } = own().issuer;
    expect(domainNote(nothing, own(), none)).toEqual([{ source, text: text('sso.idm.example.org') }]);
    expect(domainNote(bound(['Group', 'k:ops']), own(), none)).toHaveLength(1);
    expect(domainNote({ ...nothing, logins: [login()] }, undefined, none)).toEqual([
      { source: 'l', text: text('idm.example.net') },
    ]);
    const address = { source: 's', origin: 'https://idm.example.com' };
    expect(
      domainNote({ ...nothing, servers: [address] }, undefined, { ...none, origin: 'https://idm.example.com' }),
    ).toEqual([{ source: 's', text: text('idm.example.com') }]);
  });

  test('gets no such note if it was read, is unknown, or has a note already', () => {
    expect(domainNote(nothing, own(), { ...none, domain: 'example.org' })).toEqual([]);
    expect(domainNote(bound(['Group', 'k:a@sso.idm.example.org']), own(), none)).toEqual([]);
    expect(domainNote(nothing, undefined, none)).toEqual([]);
    const notes = [{ source: 'a', text: 'verify `kanidm.domain` in the config' }];
    expect(domainNote({ ...nothing, notes }, own(), none)).toEqual([]);
  });
});

describe('a kubeconfig', () => {
  const other = login({ issuer: 'https://login.example.com' });

  test('tells the client and the origin, if its issuer is a client of Kanidm', () => {
    expect(kanidmLogin({ ...nothing, logins: [other, { source: 'x' }, login()] })).toEqual(login());
    expect(kanidmLogin({ ...nothing, logins: [other] })).toBeUndefined();
    expect(originOf({ ...nothing, logins: [other, login()] }, undefined)).toBe('https://idm.example.net');
    expect(originOf({ ...nothing, logins: [login()] }, own())).toBe('https://sso.idm.example.org');
    expect(originOf(nothing, undefined)).toBeUndefined();
  });
});

describe('the section of Kanidm', () => {
  const section = (kanidm: Partial<OwnKanidm>, domain?: string, one: KanidmIssuer | undefined = undefined) =>
    kanidmOf(nothing, { own: one, kanidm: { ...none, ...kanidm }, domain, cluster: 'a' });
  const release = { source: 'r', name: 'kanidm', helm: { chart: 'kanidm' } };

  test('has the origin only if it is not that of the domain', () => {
    expect(section({}, 'idm.example.org', own())).toEqual({
      domain: 'idm.example.org',
      origin: 'https://sso.idm.example.org',
    });
    expect(section({}, 'sso.idm.example.org', own())).toEqual({ domain: 'sso.idm.example.org' });
    expect(section({ origin: 'https://idm.example.org:8443' }, 'idm.example.org')).toEqual({
      domain: 'idm.example.org',
      origin: 'https://idm.example.org:8443',
    });
    expect(section({})).toEqual({ domain: null });
  });

  test('has a version if it is one', () => {
    expect(section({ version: '1.11.1' }, 'x').version).toBe('1.11.1');
    expect(section({ version: '1.11' }, 'x').version).toBe('1.11');
    for (const version of ['latest', '1', '1.11.1-dev', 'v1.11', '1.x', '1.11.1.2', '10.11.x'])
      expect(section({ version }, 'x')).toEqual({ domain: 'x' });
  });

  test('has the HelmRelease, and its namespace if it is another one', () => {
    expect(section({ release }, 'x')).toEqual({ domain: 'x', cluster: 'a', helm: { chart: 'kanidm' } });
    expect(section({ release: { ...release, namespace: 'kanidm' } }, 'x')).not.toHaveProperty('namespace');
    expect(section({ release: { ...release, namespace: 'idm' } }, 'x')).toEqual({
      domain: 'x',
      cluster: 'a',
      namespace: 'idm',
      helm: { chart: 'kanidm' },
    });
  });
});

describe('the files of certificates', () => {
  const url = issuer().url;
  const of = (facts: Partial<Facts>, one?: KanidmIssuer, kanidm: Partial<OwnKanidm> = {}) =>
    certificates('a', { ...nothing, ...facts }, one, { ...none, ...kanidm });

  test('are those of the issuer and of the API server', () => {
    expect(of({ serverCa: 'SERVER' }, own({ ca: { pem: 'PEM' } }))).toEqual({
      files: { 'a-oidc-ca.crt': 'PEM', 'a-ca.crt': 'SERVER' },
      ca: { file: 'a-oidc-ca.crt' },
      kubeconfig: { certificateAuthority: { file: 'a-ca.crt' } },
    });
    expect(of({}, own())).toEqual({ files: {}, ca: undefined, kubeconfig: undefined });
    expect(of({})).toEqual({ files: {}, ca: undefined, kubeconfig: undefined });
  });

  test('come from the login at the own issuer', () => {
    const kubelogin = { signIn: 'keyboard' as const };
    const logins = [login({ ca: 'OTHER', user: 'other' }), login({ issuer: url, ca: 'LOGIN', user: 'me', kubelogin })];
    expect(of({ logins }, own())).toEqual({
      files: { 'a-ca.crt': 'LOGIN' },
      ca: undefined,
      kubeconfig: { user: 'me', signIn: 'keyboard', certificateAuthority: { file: 'a-ca.crt' } },
    });
    expect(of({ logins, serverCa: 'SERVER' }, own()).files).toEqual({ 'a-ca.crt': 'SERVER' });
    expect(of({ logins }).kubeconfig).toBeUndefined();
    expect(of({ logins: [{ source: 'x', user: 'x' }] }).kubeconfig).toBeUndefined();
  });

  test('are that of Kanidm if the API server only names a file on its nodes', () => {
    expect(issuerCaOf(own({ ca: { nodePath: '/ca.crt' } }), { ...none, ca: 'KANIDM' })).toBe('KANIDM');
    expect(issuerCaOf(own({ ca: { nodePath: '/ca.crt', pem: 'PEM' } }), { ...none, ca: 'KANIDM' })).toBe('PEM');
    expect(issuerCaOf(own({ ca: { nodePath: '/ca.crt' } }), none)).toBeUndefined();
    expect(issuerCaOf(own(), { ...none, ca: 'KANIDM' })).toBeUndefined();
    expect(issuerCaOf(undefined, { ...none, ca: 'KANIDM' })).toBeUndefined();
  });
});

describe('a cluster', () => {
  const issuers = { trust: [], others: [], left: [], lacking: [], fields: {}, authentication: {} };

  test('of nothing is empty', () => {
    expect(clusterOf({ server: {}, issuers, grants: [] })).toEqual({
      server: null,
      kubernetes: null,
      client: null,
      controlPlane: null,
    });
  });

  test('has the client of the kubeconfig, and asks for the settings, if there is no own one', () => {
    expect(clusterOf({ server: {}, issuers, grants: [], login: login() })).toEqual({
      server: null,
      kubernetes: null,
      client: 'web',
      controlPlane: null,
      authentication: null,
    });
    expect(clusterOf({ server: {}, issuers: { ...issuers, own: own() }, grants: [], login: login() })).toEqual({
      server: null,
      kubernetes: null,
      client: 'k8s',
      controlPlane: null,
    });
  });

  test('has all parts', () => {
    const all = {
      ...issuers,
      own: own(),
      fields: { trust: ['web'], issuers: { x: { url: 'https://x' } }, jwt: [{ y: 1 }] },
      authentication: { method: 'structured' as const, ca: { nodePath: '/ca.crt' } },
    };
    const server = {
      server: 'https://192.0.2.1',
      kubernetes: '1.34',
      controlPlane: 'talos' as const,
      controlPlaneVersion: '1.14',
    };
    const grants = [{ bindings: [0], grant: { name: 'v', clusterRole: 'view', people: ['jane'] } }];
    const parts = { server, issuers: all as never, grants, ca: { file: 'x' }, kubeconfig: { user: 'me' } };
    expect(Object.entries(clusterOf(parts))).toEqual([
      ['server', 'https://192.0.2.1'],
      ['kubernetes', '1.34'],
      ['client', 'k8s'],
      ['trust', ['web']],
      ['controlPlane', 'talos'],
      ['controlPlaneVersion', '1.14'],
      ['authentication', { method: 'structured', ca: { nodePath: '/ca.crt', file: 'x' } }],
      ['issuers', { x: { url: 'https://x' } }],
      ['jwt', [{ y: 1 }]],
      ['kubeconfig', { user: 'me' }],
      ['grants', [{ name: 'v', clusterRole: 'view', people: ['jane'] }]],
    ]);
  });

  test('of Talos asks for the version only with structured authentication', () => {
    const of = (method: 'structured' | 'flags', controlPlane: 'talos' | 'k3s') =>
      clusterOf({ server: { controlPlane }, issuers: { ...issuers, authentication: { method } }, grants: [] });
    expect(of('structured', 'talos').controlPlaneVersion).toBeNull();
    expect(of('flags', 'talos')).not.toHaveProperty('controlPlaneVersion');
    expect(of('structured', 'k3s')).not.toHaveProperty('controlPlaneVersion');
  });
});

test('a config has the sections that are not empty', () => {
  expect(filled(identities({ serviceAccounts: new Map(), groups: new Map([['ops', {}]]) }))).toEqual({
    people: {
      jane: {
        displayName: 'Jane Doe',
        mail: ['jane@example.com', 'j@example.com'],
        id: 'a39bd23b-9919-4ae2-b299-fc6223227c5b',
      },
    },
    groups: { ops: {} },
    clients: { k8s: { landingUrl: 'http://localhost:8000' } },
  });
});

describe('an origin of which the API server trusts no issuer', () => {
  const server = (origin?: string, domain?: string) => ({
    source: 'server.toml',
    ...(origin === undefined ? {} : { origin }),
    ...(domain === undefined ? {} : { domain }),
  });
  const notes = (one: ReturnType<typeof server>, kanidm = none) =>
    originNotes({ ...nothing, servers: [one] }, own(), kanidm);
  const other = server('https://sso.idm.example.org:8443', 'idm.example.org');

  test('is reported, with both issuers', () => {
    expect(notes(other)).toEqual([
      {
        source: 'server.toml',
        text: `the origin of Kanidm is https://sso.idm.example.org:8443, so its tokens have the issuer https://sso.idm.example.org:8443/oauth2/openid/k8s, but the API server trusts ${own().issuer.url}: if both settings are in use, the API server rejects all tokens; the config has the origin from the issuer that the API server trusts`,
      },
    ]);
  });

  test.each([
    ['the same origin', server('https://sso.idm.example.org', 'idm.example.org')],
    ['the same origin, written otherwise', server('https://sso.idm.example.org:443/', 'idm.example.org')],
    ['an address at which Kanidm was read', server('https://sso.idm.example.org:8443')],
    ['no origin', server(undefined, 'idm.example.org')],
  ])('is not %s', (_, one) => {
    expect(notes(one)).toEqual([]);
  });

  test('is not that of another Kanidm, or of a cluster without Kanidm', () => {
    expect(notes(other, { ...none, others: new Map([[other, 'x']]) })).toEqual([]);
    expect(originNotes({ ...nothing, servers: [other] }, undefined, none)).toEqual([]);
  });
});

test('a file about another Kanidm is reported, and a resource, which is an item, is not', () => {
  const file = { source: 'server.toml', domain: 'idm.example.net' };
  const [address, resource, own] = [
    { source: 'kanidm.nix', origin: 'https://idm.example.net' },
    { source: 'r.yaml', domain: 'idm.example.net', resource: { name: 'a' } },
    { source: 'own.toml', domain: 'idm.example.org' },
  ];
  const others = new Map([file, address, resource].map((one) => [one, 'why']));
  expect(otherKanidms({ ...nothing, servers: [file, address, resource, own] }, { ...none, others })).toEqual([
    { source: 'server.toml', text: 'Kanidm idm.example.net: why' },
    { source: 'kanidm.nix', text: 'Kanidm https://idm.example.net: why' },
  ]);
});
