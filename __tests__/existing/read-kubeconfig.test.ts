import { kubeconfigFacts } from '../../lib/existing/read-kubeconfig';

const source = 'file';
const issuer = 'https://idm.example.com';
const login = [`--oidc-issuer-url=${issuer}`, '--oidc-client-id=k8s'];
const base64 = (text: string) => Buffer.from(text).toString('base64');
const pem = (name: string) => `-----BEGIN CERTIFICATE-----\n${name}\n`;
const user = (command: string, ...args: unknown[]) => ({ name: 'jane', user: { exec: { command, args } } });
const facts = (users: unknown, more: object = {}) => kubeconfigFacts(source, { kind: 'Config', users, ...more });
const loginOf = (command: string, ...args: unknown[]) => {
  const { source: from, user: name, ...rest } = facts([user(command, ...args)])?.logins[0] ?? {};
  return rest;
};

test('the cluster of a user is that of the context', () => {
  const cluster = (name: string) => ({
    name,
    cluster: { server: `https://${name}`, 'certificate-authority-data': base64(pem(name)), 'tls-server-name': 'x' },
  });
  const all = {
    apiVersion: 'v1',
    clusters: [cluster('a'), cluster('b')],
    contexts: [
      { name: 'x', context: { user: 'joe', cluster: 'a' } },
      { name: 'y', context: { user: 'jane', cluster: 'b', namespace: 'web' } },
    ],
    'current-context': 'y',
  };
  const users = [
    { name: 'root', user: { 'client-key-data': 'secret' } },
    user('kubectl', 'oidc-login', 'get-token', ...login),
  ];
  expect(facts(users, all)).toEqual({
    bindings: [],
    apiServers: [],
    entries: [],
    releases: [],
    servers: [],
    // `others` names the setting of the cluster that the rendered kubeconfig would not have.
    logins: [
      {
        ...{ source, user: 'jane', issuer, client: 'k8s', kubelogin: {} },
        ...{ others: ['tls-server-name'], server: 'https://b', ca: pem('b') },
      },
    ],
    passedOver: [
      ...['users.0 (2)', 'apiVersion', 'clusters.0 (4)', 'clusters.1.name', 'contexts (7)', 'current-context'],
    ].map((what) => ({ source, what, why: 'not about sign-in' })),
    notes: [],
  });
  // If the user has no context, the cluster is the first one.
  expect(facts(users, { ...all, contexts: [] })?.logins).toMatchObject([{ server: 'https://a', ca: pem('a') }]);
  const none = facts(users, { ...all, clusters: [] });
  expect(none?.logins).toEqual([{ source, user: 'jane', issuer, client: 'k8s', kubelogin: {}, others: [] }]);
});

test('a CA that is not a certificate is left out, with the reason', () => {
  const read = (data: string) => {
    const cluster = { server: 'https://a', 'certificate-authority-data': data };
    return facts([user('kubectl', 'oidc-login', 'get-token', ...login)], { clusters: [{ name: 'a', cluster }] });
  };
  const view =
    'the certificate-authority-data of https://a is not a certificate, because `kubectl config view` leaves it out: run adopt with the output of `kubectl config view --raw`';
  expect(read('DATA+OMITTED')?.notes).toEqual([{ source, text: view }]);
  expect(read('DATA+OMITTED')?.logins[0]).not.toHaveProperty('ca');
  expect(read('{{ ca }}')?.notes).toEqual([
    {
      source,
      text: 'the certificate-authority-data of https://a is not a certificate: run adopt with a copy of the file that contains the certificate',
    },
  ]);
  expect(read(base64(pem('a')))?.notes).toEqual([]);
});

test('a user with several clusters has that of the current context, with a note', () => {
  const clusters = ['a', 'b'].map((name) => ({ name, cluster: { server: `https://${name}` } }));
  const contexts = ['a', 'b'].map((cluster) => ({ name: cluster, context: { user: 'jane', cluster } }));
  const users = [user('kubectl', 'oidc-login', 'get-token', ...login)];
  const of = (current: string, some = contexts) => {
    const { logins, notes } = facts(users, { clusters, contexts: some, 'current-context': current }) ?? {};
    return [logins?.[0]?.server, ...(notes ?? []).map(({ text }) => text)];
  };
  const said = (names: string, first: string) =>
    `user jane signs in to several clusters (${names}): if adopt takes the address of the API server from this user, the address is that of ${first}. If this is not the cluster of the config, correct \`server\` and the CA of the API server`;
  expect(of('b')).toEqual(['https://b', said('b, a', 'b')]);
  expect(of('other')).toEqual(['https://a', said('a, b', 'a')]);
  expect(of('b', contexts.slice(0, 1))).toEqual(['https://a']);
  expect(of('a', [...contexts.slice(0, 1), ...contexts.slice(0, 1)])).toEqual(['https://a']);
});

test('a kubeconfig has users or clusters', () => {
  expect(facts([])?.logins).toEqual([]);
  expect(kubeconfigFacts(source, { kind: 'Config', clusters: [] })?.passedOver).toEqual([
    { source, what: 'clusters', why: 'not about sign-in' },
  ]);
  expect(facts({})).toBeUndefined();
  expect(facts(undefined)).toBeUndefined();
  expect(kubeconfigFacts(source, { kind: 'Other', users: [] })).toBeUndefined();
});

test('the provider of old', () => {
  const old = (config: object) => facts([{ name: 'jane', user: { 'auth-provider': { name: 'oidc', config } } }]);
  expect(
    old({ 'idp-issuer-url': issuer, 'client-id': 'k8s', 'id-token': 'secret', 'refresh-token': 'secret' }),
  ).toMatchObject({
    logins: [{ source, user: 'jane', issuer, client: 'k8s', others: ['id-token', 'refresh-token'] }],
    passedOver: [{ source, what: 'users.0.user.auth-provider.name', why: 'not about sign-in' }],
    notes: [],
  });
  const none = old({ 'idp-issuer-url': issuer, 'client-id': 7 });
  expect(none?.logins).toEqual([{ source, user: 'jane', issuer, others: [] }]);
  expect(none?.notes).toEqual([{ source, text: 'user jane signs in without a client id' }]);
  expect(old({ 'client-id': 'k8s' })?.logins).toEqual([]);
});

test('how kubelogin is called', () => {
  const says = { issuer, client: 'k8s', kubelogin: {}, others: [] };
  expect(loginOf('kubectl', 'oidc-login', 'get-token', ...login)).toEqual(says);
  expect(loginOf('/usr/bin/kubectl', 'oidc-login', 'get-token', ...login)).toEqual(says);
  expect(loginOf('kubectl-oidc_login', 'get-token', ...login)).toEqual(says);
  expect(loginOf('/opt/kubelogin', 'get-token', ...login)).toEqual({ ...says, kubelogin: { plugin: 'kubelogin' } });
  expect(loginOf('kubelogin', 'get-token', ...login)).toEqual({ ...says, kubelogin: { plugin: 'kubelogin' } });
  expect(loginOf('my-kubelogin', 'get-token', ...login)).toEqual({ ...says, others: ['my-kubelogin'] });
  expect(loginOf('kubelogin.exe', 'get-token', ...login)).toEqual({ ...says, others: ['kubelogin.exe'] });
  expect(loginOf('kubectl', 'get-token', ...login)).toEqual({ ...says, others: ['oidc-login (missing)'] });
  expect(loginOf('kubectl', ...login)).toEqual({ ...says, others: ['oidc-login (missing)', 'get-token (missing)'] });
  expect(loginOf('kubectlx', ...login)).toEqual({ ...says, others: ['kubectlx', 'get-token (missing)'] });
  expect(loginOf('env', 'kubectl', 'x', 'get-token', ...login)).toEqual({ ...says, others: ['env', '1 more word'] });
});

test('the options of kubelogin', () => {
  const options = (...args: unknown[]) => loginOf('kubectl-oidc_login', 'get-token', ...args);
  const says = { issuer, client: 'k8s', kubelogin: {}, others: [] };
  expect(options('--oidc-issuer-url', issuer, '--oidc-client-id', 'k8s')).toEqual(says);
  expect(options(`--oidc-issuer-url=${issuer}\n`)).toEqual({ issuer: `${issuer}\n`, kubelogin: {}, others: [] });
  expect(options('--oidc-client-id=k8s')).toEqual({});
  expect(options(...login, '--oidc-client-secret=secret', '--v1', '-v1')).toEqual({
    ...says,
    others: ['--oidc-client-secret', '--v1', '-v'],
  });
  expect(options(...login, '--grant-type=device-code', '--token-cache-storage=none')).toEqual({
    ...says,
    kubelogin: { signIn: 'device-code', tokenCache: 'none' },
  });
  expect(options(...login, '--grant-type=authcode-keyboard', '--token-cache-storage', 'keyring')).toEqual({
    ...says,
    kubelogin: { signIn: 'keyboard', tokenCache: 'keyring' },
  });
  expect(options(...login, '--grant-type=password', '--token-cache-storage=disk')).toEqual({
    ...says,
    others: ['--grant-type'],
  });
  expect(options(...login, '--grant-type=authcode')).toEqual(says);
  expect(options(...login, '--grant-type', 'auto')).toEqual(says);
  expect(options(...login, '--token-cache-storage')).toEqual(says);
  expect(facts([user('kubectl-oidc_login', 'get-token', login[0])])?.notes).toEqual([
    { source, text: 'user jane signs in without a client id' },
  ]);
});

test('the environment of kubelogin is listed', () => {
  const entry = user('kubelogin', 'get-token', ...login);
  const others = (env: unknown) =>
    facts([{ ...entry, user: { exec: { ...entry.user.exec, env } } }])?.logins[0]?.others;
  expect(others([{ name: 'HTTPS_PROXY', value: 'secret' }])).toEqual(['env']);
  expect(others([])).toEqual([]);
  expect(others(null)).toEqual([]);
});

test('values are never listed, since some are secret', () => {
  const others = (...args: readonly string[]) => {
    const found = loginOf('kubectl', 'oidc-login', 'get-token', ...login, ...args);
    return 'others' in found ? found.others : undefined;
  };
  expect(others('--oidc-client-secret', 's3cr3t', '--username=jane')).toEqual(['--oidc-client-secret', '--username']);
  expect(others('--skip-open-browser', '--password', 's3cr3t', '-v', '1')).toEqual([
    '--skip-open-browser',
    '--password',
    '-v',
    '1 more word',
  ]);
  expect(others('-ps3cr3t', 's3', 'cr3t')).toEqual(['-p', '2 more words']);
  expect(loginOf('kubectl', '--v1', 'oidc-login', 'get-token', ...login)).toMatchObject({ others: ['--v1'] });
});

test('settings of sign-in that were not read are not understood', () => {
  const command = `kubectl oidc-login get-token --oidc-issuer-url=${issuer}`;
  expect(facts([user('sh', '-c', command)])?.passedOver).toMatchObject([{ what: 'users (4)', why: 'not understood' }]);
});
