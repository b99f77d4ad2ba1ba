import { adoptFiles, jwt, structured, treatmentOf } from './adopted';

const mapping = { username: { claim: 'sub', prefix: 'kanidm:' }, groups: { claim: 'groups', prefix: 'kanidm:' } };
const auth = structured(jwt(mapping));
const resource = (kind: string, name: string, spec: object, namespace = 'kanidm') => ({
  apiVersion: 'kaniop.rs/v1beta1',
  kind,
  metadata: { name, namespace },
  spec,
});
const kanidm = (name: string, spec: object) => resource('Kanidm', name, { replicaGroups: [], ...spec }, name);
const person = (name: string, of: string) =>
  resource('KanidmPersonAccount', name, { kanidmRef: { name: of }, personAttributes: { displayname: name } }, of);
const client = (name: string, of: string) =>
  resource(
    'KanidmOAuth2Client',
    name,
    { kanidmRef: { name: of }, public: true, displayname: name, redirectUrl: ['http://localhost:8000'] },
    of,
  );
const adopted = (resources: readonly object[], server: unknown = auth) =>
  adoptFiles({ 'kanidm.json': JSON.stringify(resources), ...(server === null ? {} : { 'auth.yaml': server }) });
const texts = ({ notes }: ReturnType<typeof adopted>) => notes.map(({ text }) => text);
const people = (one: ReturnType<typeof adopted>) => Object.keys((one.config.people ?? {}) as object);

describe('an origin or domain that is none tells of no other Kanidm', () => {
  test.each<[string, object, string]>([
    [
      'an origin without a scheme',
      { domain: 'idm.example.org', origin: 'idm.example.org' },
      'origin `idm.example.org`',
    ],
    ['with a port', { domain: 'idm.example.org', origin: 'idm.example.org:443' }, 'origin `idm.example.org:443`'],
    ['a port too high', { domain: 'idm.example.org', origin: 'https://a.b:99999' }, 'origin `https://a.b:99999`'],
    ['an address as the domain', { domain: 'https://idm.example.org' }, 'domain `https://idm.example.org` is not a'],
  ])('%s', (_, spec, note) => {
    const one = adopted([kanidm('idm', spec), person('jane', 'idm')]);
    expect(people(one)).toEqual(['jane']);
    expect(one.config.kanidm).toEqual({ domain: 'idm.example.org' });
    expect(texts(one)).toContainEqual(expect.stringContaining(note));
  });

  test.each<[string, object]>([
    ['of Flux in the origin', { domain: 'idm.example.org', origin: `https://\${KANIDM_HOST}` }],
    ['of Flux in the domain', { domain: `\${DOMAIN}`, origin: 'https://idm.example.org' }],
    ['with a default', { domain: `\${DOMAIN:=idm.example.org}` }],
    ['of a template', { domain: '{{ .Values.domain }}' }],
  ])('a variable %s', (_, spec) => {
    const one = adopted([kanidm('idm', spec), person('jane', 'idm')]);
    expect(people(one)).toEqual(['jane']);
    expect(one.config.kanidm).toEqual({ domain: 'idm.example.org' });
    expect(one.items.filter(({ treatment }) => treatment === 'not taken')).not.toContainEqual(
      expect.objectContaining({ text: expect.stringContaining('another Kanidm') }),
    );
    expect(texts(one).filter((text) => text.includes('contains a variable'))).toHaveLength(1);
  });

  test('a HelmRelease and a workload with a variable are those of the cluster too', () => {
    const release = {
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      metadata: { name: 'kanidm', namespace: 'kanidm' },
      spec: { chart: { spec: { chart: 'kanidm', version: '0.1.2' } }, values: { domain: `\${DOMAIN}` } },
    };
    const env = [{ name: 'KANIDM_DOMAIN', value: `\${DOMAIN}` }];
    const pod = { kind: 'Pod', metadata: { name: 'k' }, spec: { containers: [{ image: 'kanidm/server:1.9.2', env }] } };
    const one = adopted([release]);
    expect(one.config.kanidm).toMatchObject({ domain: 'idm.example.org', helm: { chart: 'kanidm' } });
    expect(texts(one)).toContainEqual(
      `HelmRelease kanidm: the domain \`\${DOMAIN}\` contains a variable, so adopt does not know the domain: verify \`kanidm.domain\` in the config`,
    );
    expect(adopted([pod]).config.kanidm).toEqual({ domain: 'idm.example.org', version: '1.9.2' });
    expect(texts(adopted([pod]))).toHaveLength(2);
  });

  test('the issuer of a port that no address can have is no client of Kanidm', () => {
    const entry = jwt(mapping);
    const url = 'https://idm.example.org:99999/oauth2/openid/k8s';
    const one = adopted([], structured({ ...entry, issuer: { ...entry.issuer, url } }));
    expect(JSON.stringify(one.config.clusters)).toContain('"client":null');
  });

  test('a domain and an origin with their values still tell of another Kanidm, and need no note', () => {
    const spec = { domain: 'idm.example.net', origin: 'https://idm.example.net/' };
    const one = adopted([kanidm('idm', spec), person('jane', 'idm')]);
    expect(people(one)).toEqual([]);
    expect(treatmentOf(one, 'Kanidm idm/idm (idm.example.net)')?.text).toBe(
      'people sign in at https://idm.example.org, which is another Kanidm',
    );
    expect(texts(one).join()).not.toMatch(/the (origin|domain) `/);
  });
});

describe('of several with a variable', () => {
  const vague = (name: string) => kanidm(name, { domain: `\${DOMAIN}` });
  const both = [person('jane', 'prod'), person('mallory', 'test')];

  test('nothing tells which, so that none is taken', () => {
    const one = adopted([vague('prod'), vague('test'), ...both]);
    expect(people(one)).toEqual([]);
    expect(treatmentOf(one, 'person jane')?.text).toBe(
      'the entry belongs to Kanidm prod/prod: adopt does not know the domain of this Kanidm, so it cannot tell whether people sign in at this Kanidm or at Kanidm test/test: copy the resource of this Kanidm to a file, add the domain there, and run adopt with this file',
    );
  });

  test('the one with the domain of the issuer is taken', () => {
    const one = adopted([vague('test'), kanidm('prod', { domain: 'idm.example.org' }), ...both]);
    expect(people(one)).toEqual(['jane']);
    expect(treatmentOf(one, 'Kanidm test/test (no domain)')?.text).toBe(
      'adopt does not know the domain of this Kanidm, so it cannot tell whether people sign in at this Kanidm or at Kanidm prod/prod, which is at https://idm.example.org: copy the resource of this Kanidm to a file, add the domain there, and run adopt with this file',
    );
  });

  test('a resource that was also read with its domain is the same one', () => {
    const prod = kanidm('prod', { domain: 'idm.example.org' });
    const test = kanidm('test', { domain: 'test.example.org' });
    const one = adopted([vague('test'), vague('prod'), prod, test, ...both]);
    expect(people(one)).toEqual(['jane']);
    const kept = one.items.filter(({ id }) => id.startsWith('kanidm ')).map(({ treatment }) => treatment);
    expect(kept).toEqual(['not taken', 'taken', 'taken', 'not taken']);
  });

  test('of two HelmReleases none is taken', () => {
    const release = (name: string) => ({
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      metadata: { name, namespace: name },
      spec: { chart: { spec: { chart: 'kanidm', version: '0.1.2' } }, values: { domain: `\${DOMAIN}` } },
    });
    expect(adopted([release('kanidm'), release('kanidm')]).config.kanidm).toHaveProperty('helm');
    const one = adopted([release('test'), release('kanidm')]);
    expect(one.config.kanidm).toEqual({ domain: 'idm.example.org' });
    expect(treatmentOf(one, 'HelmRelease of the chart kanidm')?.text).toMatch(
      /^adopt cannot tell which HelmRelease of Kanidm the cluster uses, because several of them/,
    );
  });
});

describe('without the settings of the API server', () => {
  const prod = kanidm('prod', { domain: 'idm.example.org' });
  const test_ = kanidm('test', { domain: 'test.example.org' });
  const both = [person('jane', 'prod'), person('mallory', 'test')];

  test.each([
    ['first', [prod, test_]],
    ['last', [test_, prod]],
  ])('two Kanidms, that for people %s: none is taken', (_, servers) => {
    const one = adopted([...servers, ...both], null);
    expect(one.config).toEqual({ kanidm: { domain: null }, clusters: expect.anything() });
    for (const what of ['person jane', 'person mallory', 'Kanidm prod/prod (idm.example.org)'])
      expect(treatmentOf(one, what)?.text).toMatch(
        /^several Kanidm servers were read \(.*\), and it is not known at which of them people sign in: run adopt with the settings of the API server too$/,
      );
    expect(one.next).toContain('read the API server');
  });

  test('one Kanidm is taken', () => {
    const one = adopted([prod, person('jane', 'prod')], null);
    expect([people(one), one.config.kanidm]).toEqual([['jane'], { domain: 'idm.example.org' }]);
    expect(treatmentOf(one, 'Kanidm prod/prod (idm.example.org)')?.treatment).toBe('taken');
  });

  test('a kubeconfig tells which', () => {
    const args = ['oidc-login', 'get-token', '--oidc-issuer-url=https://idm.example.org/oauth2/openid/k8s'];
    const kubeconfig = {
      apiVersion: 'v1',
      kind: 'Config',
      users: [{ name: 'me', user: { exec: { command: 'kubectl', args: [...args, '--oidc-client-id=k8s'] } } }],
    };
    const one = adopted([test_, prod, ...both], kubeconfig);
    expect([people(one), one.config.kanidm]).toEqual([['jane'], { domain: 'idm.example.org' }]);
  });
});

describe('two Kanidms in one AuthenticationConfiguration', () => {
  const of = (host: string, prefix: string, name = 'k8s') => ({
    issuer: { url: `https://${host}/oauth2/openid/${name}`, audiences: [name] },
    claimMappings: { username: { claim: 'sub', prefix } },
  });
  const servers = [kanidm('a', { domain: 'idm.example.net' }), kanidm('b', { domain: 'idm.example.org' })];
  const both = structured(of('idm.example.net', 'a:'), of('idm.example.org', 'b:'));
  const domainOf = (one: ReturnType<typeof adopted>) => (one.config.kanidm as { domain?: unknown }).domain;

  test('the one whose client was read is that of kubectl', () => {
    const one = adopted([...servers, person('jane', 'b'), client('k8s', 'b')], both);
    expect([domainOf(one), people(one)]).toEqual(['idm.example.org', ['jane']]);
    expect(treatmentOf(one, 'client k8s')?.treatment).not.toBe('not taken');
  });

  test('without a client, the one whose people were read', () => {
    expect(domainOf(adopted([...servers, person('jane', 'b')], both))).toBe('idm.example.org');
  });

  test('the first one, if its client was read too, or nothing', () => {
    const clients = [client('k8s', 'a'), client('k8s', 'b')];
    expect(domainOf(adopted([...servers, ...clients], both))).toBe('idm.example.net');
    expect(domainOf(adopted([], both))).toBe('idm.example.net');
  });

  test('another client of the same Kanidm that was read is not preferred', () => {
    const entries = structured(of('idm.example.org', 'a:'), of('idm.example.org', 'b:', 'web'));
    const { clusters } = adopted([...servers, client('web', 'b')], entries).config as {
      clusters: { a: { client: string } };
    };
    expect(clusters.a.client).toBe('k8s');
  });
});
