import { serverOf, settingItems } from '../../lib/adopt/adopt-server';
import { itemsIn, Treatments } from '../../lib/adopt/treatments';
import { type ApiServer, type Login, nothing } from '../../lib/existing/facts';
import { issuer } from './worlds';

const source = (name: string, more: Partial<ApiServer> = {}): ApiServer => ({
  source: name,
  carrier: name,
  issuers: [],
  ...more,
});
const args = (values: Record<string, string>) =>
  new Map(Object.entries(values).map(([name, value]) => [name, [value]]));
const signIn: Partial<ApiServer> = { issuers: [issuer()], method: 'flags' };

/** Returns the server, and the treatment of each item whose treatment is already decided. */
function read(apiServers: readonly ApiServer[], logins: readonly Login[] = []) {
  const facts = { ...nothing, apiServers, logins };
  const treatments = new Treatments(itemsIn(facts));
  const server = serverOf(facts, treatments);
  const told = treatments.all
    .filter(({ text }) => !text?.startsWith('internal error'))
    .map(
      ({ id, treatment, text, isUnrelated }) =>
        `${id} ${isUnrelated ? 'left alone' : treatment}${text === undefined ? '' : `: ${text}`}`,
    );
  return { server, told };
}

describe('the values of a server', () => {
  test('come from the first source that has each', () => {
    const { server, told } = read([
      source('a', { kubernetes: '1.34' }),
      source('b', { server: 'https://192.0.2.1', controlPlane: 'talos', controlPlaneVersion: '1.14' }),
      source('c', { ...signIn, kubernetes: '1.34', server: 'https://192.0.2.2' }),
    ]);
    expect(server).toEqual({
      index: 2,
      server: 'https://192.0.2.1',
      kubernetes: '1.34',
      controlPlane: 'talos',
      controlPlaneVersion: '1.14',
    });
    expect(told).toEqual([
      'server 0 kubernetes taken',
      'server 1 controlPlane taken',
      'server 1 controlPlaneVersion taken',
      'server 1 server taken',
      'server 2 kubernetes taken',
      'server 2 server not taken: the config has https://192.0.2.1, from b',
    ]);
  });

  test('are missing if no source has them', () => {
    expect(read([])).toEqual({ server: {}, told: [] });
    expect(read([source('a')]).server).toEqual({});
  });

  test('have the address of a kubeconfig if no source has one', () => {
    const logins = [{ source: 'l' }, { source: 'k', server: 'https://192.0.2.9' }];
    expect(read([source('a')], logins).server).toEqual({ server: 'https://192.0.2.9' });
    expect(read([source('a', { server: 'https://192.0.2.1' })], logins).server).toEqual({
      server: 'https://192.0.2.1',
    });
  });

  test('have the address of a user who signs in to this cluster', () => {
    const { url } = issuer();
    const login = (user: string, of: string) => ({ source: 'k', user, issuer: of, server: `https://${user}` });
    const [work, home] = [login('work', 'https://dex.example.com'), login('home', url)];
    expect(read([source('a', signIn)], [work, home])).toEqual({
      server: { index: 0, server: 'https://home' },
      told: [],
    });
    expect(read([source('a', signIn)], [work])).toEqual({ server: { index: 0 }, told: [] });
    // Without the settings of the API server, Kanidm's issuer counts.
    expect(read([], [work, home]).server).toEqual({ server: 'https://home' });
    expect(read([], [work]).server).toEqual({ server: 'https://work' });
    const { server, told } = read([source('a', signIn)], [home, login('prod', url), home]);
    expect(server).toEqual({ index: 0, server: 'https://home' });
    expect(told).toEqual([
      'login 1 different: the address of the API server in the config is https://home (user home in k), and not https://prod',
    ]);
  });
});

describe('the control plane', () => {
  const guess = source('g', { controlPlane: 'k3s', isGuess: true });
  const assumed =
    'this file can belong to K3s or RKE2, and adopt assumes k3s; for RKE2 write `controlPlane: rke2` (the rendered file then belongs in /etc/rancher/rke2/config.yaml.d)';

  test('is rather one that is certain than a guess', () => {
    const { server, told } = read([guess, source('r', { controlPlane: 'rke2' })]);
    expect(server).toEqual({ controlPlane: 'rke2' });
    expect(told).toEqual(['server 0 controlPlane taken', 'server 1 controlPlane taken']);
  });

  test('is a guess if there is nothing else', () => {
    const { server, told } = read([guess]);
    expect(server).toEqual({ controlPlane: 'k3s' });
    expect(told).toEqual([`server 0 controlPlane different: ${assumed}`]);
  });

  test('is a guess with advice', () => {
    const { told } = read([source('g', { controlPlane: 'k3s', isGuess: true, advice: 'move it' })]);
    expect(told).toEqual([`server 0 controlPlane different: ${assumed}; move it`]);
  });

  test('is the first of two that differ', () => {
    const { server, told } = read([source('a', { controlPlane: 'k0s' }), source('b', { controlPlane: 'eks' })]);
    expect(server).toEqual({ controlPlane: 'k0s' });
    expect(told).toEqual([
      'server 0 controlPlane taken',
      'server 1 controlPlane not taken: the config has k0s, from a',
    ]);
  });

  test('needs the advice of the source', () => {
    const { server, told } = read([source('a'), source('b', { controlPlane: 'k3s', advice: 'write it there' })]);
    expect(server).toEqual({ controlPlane: 'k3s', advice: 'write it there' });
    expect(told).toEqual(['server 1 controlPlane different: write it there']);
  });
});

describe('the version of the control plane', () => {
  const version = (name: string, controlPlane: ApiServer['controlPlane'], of: string, more: Partial<ApiServer> = {}) =>
    source(name, { ...(controlPlane ? { controlPlane } : {}), controlPlaneVersion: of, ...more });

  test('is only taken for Talos and Cluster API', () => {
    const { server, told } = read([version('a', 'kubeadm', '1.2')]);
    expect(server).toEqual({ controlPlane: 'kubeadm' });
    expect(told).toEqual([
      'server 0 controlPlane taken',
      'server 0 controlPlaneVersion not taken: a config only has a control-plane version for Talos and Cluster API',
    ]);
    expect(read([version('a', 'talos', '1.13')]).server).toEqual({
      controlPlane: 'talos',
      controlPlaneVersion: '1.13',
    });
    expect(read([version('a', 'cluster-api', '1.9')]).server).toEqual({
      controlPlane: 'cluster-api',
      controlPlaneVersion: '1.9',
    });
  });

  test('is rather one that is certain than the oldest one that can read a document', () => {
    const oldest = version('doc', 'talos', '1.14', { isOldest: true });
    const { server, told } = read([oldest, version('image', 'talos', '1.15')]);
    expect(server).toEqual({ controlPlane: 'talos', controlPlaneVersion: '1.15' });
    expect(told).toEqual([
      'server 0 controlPlane taken',
      'server 0 controlPlaneVersion taken',
      'server 1 controlPlane taken',
      'server 1 controlPlaneVersion taken',
    ]);
  });

  test('cannot be older than a document that it must read', () => {
    const oldest = version('doc', 'talos', '1.14', { isOldest: true });
    const { server, told } = read([oldest, version('image', 'talos', '1.9')]);
    expect(server).toEqual({ controlPlane: 'talos', controlPlaneVersion: '1.9' });
    expect(told[1]).toBe(
      'server 0 controlPlaneVersion not taken: the config has version 1.9 of the control plane (from image), and this version is too old to read this document',
    );
    expect(read([oldest, version('image', 'talos', '1.14')]).told[1]).toBe('server 0 controlPlaneVersion taken');
  });
});

describe('the source of the sign-in settings', () => {
  test('is the first one with an issuer that nothing replaces', () => {
    const replaced = source('a', { ...signIn, replacedBy: 'b', args: args({ v: '2', 'oidc-client-id': 'k8s' }) });
    const { server, told } = read([source('x'), replaced, source('b', signIn), source('c', signIn)]);
    expect(server).toEqual({ index: 2 });
    const why =
      '`kube-apiserver-arg` in b replaces the arguments of this file; only `kube-apiserver-arg+` would add to them';
    expect(told).toEqual([
      `server 1 --v not taken: ${why}`,
      `server 1 --oidc-client-id not taken: ${why}`,
      `server 1 issuer 0 not taken: ${why}`,
      'server 3 issuer 0 taken',
    ]);
  });

  test('is an AuthenticationConfiguration without issuers, if nothing else has issuers', () => {
    const empty = source('f', { method: 'structured', anonymous: { enabled: true, paths: ['/livez'] } });
    const pathOnly = source('p', { method: 'structured', file: '/etc/authn.yaml' });
    expect(read([pathOnly, empty]).server).toEqual({ index: 1 });
    expect(read([empty, source('b', signIn)]).server).toEqual({ index: 1 });
    expect(read([pathOnly]).server).toEqual({});
  });

  test('has other issuers than another source', () => {
    const other = { ...issuer(), url: 'https://login.example.com' };
    const { told } = read([source('a', signIn), source('b', { method: 'flags', issuers: [other] })]);
    expect(told).toEqual([
      'server 1 issuer 0 not taken: the issuers in the config are from a, which does not have this issuer',
    ]);
    const sameFile = read([source('a', signIn), source('a', { method: 'flags', issuers: [other] })]);
    expect(sameFile.told).toEqual([
      'server 1 issuer 0 not taken: the issuers in the config are from another part of a, which does not have this issuer',
    ]);
  });

  test('has the same or other settings of the same issuer', () => {
    const setting = (place: string, value: string) => ({ name: 'audience' as const, place, value });
    const of = (...settings: ReturnType<typeof setting>[]): Partial<ApiServer> => ({
      method: 'structured',
      issuers: [{ ...issuer(), settings }],
    });
    const { told } = read([
      source('a', of(setting('one', 'x'), setting('two', 'y'))),
      source('b', of(setting('one', 'x'), setting('two', 'x'), setting('three', 'x'))),
    ]);
    expect(told).toEqual([
      'server 1 issuer 0 taken',
      'server 1 issuer 0 setting 0 taken',
      'server 1 issuer 0 setting 1 not taken: the config has another value, from a',
      'server 1 issuer 0 setting 2 not taken: the config has another value, from a',
    ]);
  });

  test('has the same or another setting of anonymous requests', () => {
    const anonymous = { enabled: true, paths: ['/livez'] };
    const with_ = (more: Partial<ApiServer>) => read([source('a', { ...signIn, ...more }), source('b', { anonymous })]);
    expect(with_({ anonymous }).told).toEqual(['server 1 anonymous taken']);
    expect(with_({ anonymous: { enabled: false } }).told).toEqual([
      'server 1 anonymous not taken: the config has another value, from a',
    ]);
    expect(with_({}).told).toEqual(['server 1 anonymous not taken: the config has another value, from a']);
    expect(read([source('b', { anonymous })]).told).toEqual([
      'server 0 anonymous not taken: the config does not have this setting',
    ]);
  });
});

describe('an argument', () => {
  test('that is not about sign-in is left alone', () => {
    expect(read([source('a', { ...signIn, args: args({ v: '2', 'oidc-client-id': 'k8s' }) })]).told).toEqual([
      'server 0 --v left alone: Kaniflux does not change it',
    ]);
  });

  test('that kube-apiserver does not have is not taken', () => {
    expect(read([source('a', { args: args({ 'oidc-client-secret': 'x', 'xoidc-y': 'z' }) })]).told).toEqual([
      'server 0 --oidc-client-secret not taken: kube-apiserver does not have this flag, and does not start with it',
      'server 0 --xoidc-y left alone: Kaniflux does not change it',
    ]);
  });

  test('of OIDC has no effect without an issuer', () => {
    expect(read([source('a', { args: args({ 'oidc-client-id': 'k8s' }) })]).told).toEqual([
      'server 0 --oidc-client-id not taken: without --oidc-issuer-url this flag has no effect',
    ]);
  });

  test('of OIDC in a source that was not chosen is compared', () => {
    const of = (values: Record<string, string>) => ({ ...signIn, args: args(values) });
    const { told } = read([
      source('a', of({ 'oidc-client-id': 'k8s', 'oidc-username-claim': 'sub' })),
      source('b', of({ 'oidc-client-id': 'k8s', 'oidc-username-claim': 'email', 'oidc-groups-claim': 'groups' })),
    ]);
    expect(told).toEqual([
      'server 1 --oidc-client-id taken',
      'server 1 --oidc-username-claim not taken: the config follows a, which has sub',
      'server 1 --oidc-groups-claim not taken: the config follows a, which does not have this argument',
      'server 1 issuer 0 taken',
    ]);
  });

  test('of OIDC that belongs to the issuer of another file is recorded with that issuer', () => {
    const { told } = read([
      source('a', { ...signIn, args: args({ 'oidc-client-id': 'k8s' }) }),
      source('b', { partOf: 0, args: args({ 'oidc-username-claim': 'email', 'oidc-client-id': 'web' }) }),
    ]);
    expect(told).toEqual(['server 1 --oidc-client-id not taken: the config follows a, which has k8s']);
  });

  test('of OIDC that another part of the same server has too is decided', () => {
    const decided = new Map([
      ['oidc-client-id', 'the config follows b'],
      ['oidc-required-claim', undefined],
    ]);
    const { told } = read([
      source('a', { ...signIn, args: args({ 'oidc-client-id': 'k8s' }) }),
      source('c', { partOf: 0, decided, args: args({ 'oidc-client-id': 'web', 'oidc-required-claim': 'a=b' }) }),
    ]);
    expect(told).toEqual([
      'server 1 --oidc-client-id not taken: the config follows b',
      'server 1 --oidc-required-claim taken',
    ]);
  });

  describe('authentication-config', () => {
    const file = { 'authentication-config': '/etc/kubernetes/auth.yaml' };

    test('is taken if the file was read', () => {
      const structured: Partial<ApiServer> = { issuers: [issuer()], method: 'structured' };
      expect(read([source('a', { args: args(file) }), source('b', structured)]).told).toEqual([
        'server 0 --authentication-config taken',
      ]);
    });

    test('asks for the file otherwise', () => {
      const ask =
        'server 0 --authentication-config not taken: copy /etc/kubernetes/auth.yaml from a control-plane node, and run adopt with the copy too: this file configures who may sign in';
      expect(read([source('a', { args: args(file) })]).told).toEqual([ask]);
      expect(read([source('a', { args: args(file) }), source('b', signIn)]).told).toEqual([ask]);
    });

    test('cannot be beside arguments of OIDC', () => {
      expect(read([source('a', { ...signIn, args: args(file) })]).told).toEqual([
        'server 0 --authentication-config not taken: kube-apiserver does not start with both this argument and --oidc-* arguments; the config has the settings of the --oidc-* arguments',
      ]);
    });
  });
});

test('the settings of an issuer have the items of their source', () => {
  const settings = [
    { name: 'issuer' as const, place: '--oidc-issuer-url', value: 'x' },
    { name: 'username' as const, place: '--oidc-username-claim', value: 'x', server: 4 },
  ];
  const one = { ...issuer(), settings };
  const ids = (method: ApiServer['method']) =>
    settingItems(source('a', method ? { method } : {}), 2, one, 1).map(({ id }) => id);
  expect(ids('flags')).toEqual(['server 2 --oidc-issuer-url', 'server 4 --oidc-username-claim']);
  expect(ids('structured')).toEqual(['server 2 issuer 1 setting 0', 'server 2 issuer 1 setting 1']);
});
