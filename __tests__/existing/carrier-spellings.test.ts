import { stringify } from 'yaml';
import { adopt } from '../../lib/adopt/adopt-config';
import { withDividedArguments } from '../../lib/existing/divided-arguments';
import { type Facts, together } from '../../lib/existing/facts';
import { factsOfFile } from '../../lib/existing/read-file';
import { bare, byMail, bySub, inputs, url, words, wrapped } from './carrier-inputs';

const factsIn = (text: unknown): Facts => factsOfFile('file', typeof text === 'string' ? text : stringify(text));
const issuersIn = ({ apiServers }: Facts) =>
  apiServers.flatMap(({ issuers }) => issuers.map(({ url, audiences, username }) => ({ url, audiences, username })));

test.each(inputs.map((row) => [row[0], row] as const))('%s', (_, [, input, username, says = {}]) => {
  const facts = factsIn(input);
  expect(issuersIn(facts)).toEqual([{ url, audiences: ['k8s'], username }]);
  expect(Object.assign({}, ...facts.apiServers.toReversed())).toMatchObject(says);
});

test.each<[string, string, string]>([
  ['in quotes', `kube-apiserver ${words.join(' ')} "--oidc-username-prefix=my org:"`, 'my org:'],
  ['in quotes after the name', `kube-apiserver ${words.join(' ')} --oidc-username-prefix='my org:' --v=2`, 'my org:'],
  [
    'in the command of K3s',
    `k3s server ${wrapped.join(' ')} "--kube-apiserver-arg=oidc-username-prefix=my org:" --disable traefik`,
    'my org:',
  ],
  [
    'in /proc/PID/cmdline',
    ['kube-apiserver', ...words, '--oidc-username-prefix=my org: --a "b" $c', ''].join('\0'),
    'my org: --a "b" $c',
  ],
  [
    'that is empty in /proc/PID/cmdline',
    ['kube-apiserver', ...words, '--oidc-username-prefix', '', ''].join('\0'),
    bySub.prefix,
  ],
  [
    'in a variable of a unit',
    `[Service]\nEnvironment="P=my org:"\nExecStart=/bin/kube-apiserver ${words.join(' ')} --oidc-username-prefix=\${P} --v=2\n`,
    'my org:',
  ],
  // A quoted text with several options is a command line.
  ['before another option', `ARGS = "${words.join(' ')} --oidc-username-prefix=my: --v=2 -v 2"`, 'my:'],
  ['before a short option', `kube-apiserver ${words.join(' ')} "--oidc-username-prefix=my: -v 2"`, 'my:'],
  [
    'of a shell in /proc/PID/cmdline',
    ['sh', '-c', `kube-apiserver ${words.join(' ')} --oidc-username-prefix=my:`, ''].join('\0'),
    'my:',
  ],
])('a prefix %s is whole', (_, text, prefix) => {
  expect(issuersIn(factsIn(text))).toMatchObject([{ username: { prefix } }]);
});

const nix = (kanidm: string) => `{ config, ... }:
{
  services.kubernetes.apiserver.extraOpts = "${words.join(' ')}";
  ${kanidm}
}
`;

test.each([
  ['one path', 'services.kanidm.provision.persons.jane = { displayName = "Jane"; };'],
  ['nested maps', 'services = { kanidm = { provision.groups.ops.members = [ "jane" ]; }; };'],
  ['a condition', 'services.kanidm = lib.mkIf config.a.enable { provision.enable = true; };'],
])('people of Kanidm in Nix are not understood, and what to give instead is named: %s', (_, kanidm) => {
  const { apiServers, passedOver } = factsIn(nix(kanidm));
  expect(issuersIn({ ...factsIn(''), apiServers })).toHaveLength(1);
  expect(passedOver.map(({ why }) => why)).not.toContain('not about sign-in');
  expect(adopt(factsIn(nix(kanidm)), 'a').items).toContainEqual(
    expect.objectContaining({
      what: expect.stringMatching(/more words$/),
      text: 'adopt does not understand this item; the file sets `services.kanidm`, but adopt does not read Nix: run adopt with the JSON state of kanidm-provision and the `server.toml`',
    }),
  );
  expect(factsIn(`{ ${kanidm} }`).passedOver).toMatchObject([
    { why: 'not understood', instead: expect.stringContaining('provision') },
  ]);
});

test.each([
  ['another option', 'services.nginx = { enable = true; };'],
  ['a comment', '# services.kanidm = { enableServer = true; };'],
  ['a reference', 'networking.hosts."10.0.0.1" = [ config.services.kanidm.serverSettings.domain ];'],
  ['an address', 'services.x.url = "https://kanidm.server.example.org/a?b = c";'],
])('other words of Nix are not about sign-in: %s', (_, text) => {
  expect(new Set(factsIn(nix(text)).passedOver.map(({ why }) => why))).toEqual(new Set(['not about sign-in']));
});

test('words of a container that are not about kube-apiserver are named', () => {
  const facts = factsIn({
    services: { s: { image: 'rancher/k3s:v1.34.1-k3s1', command: ['server', '--disable', 'traefik', ...wrapped] } },
  });
  expect(facts.passedOver.map(({ what }) => what)).toEqual(['--disable', '2 more words']);
});

test.each<[string, unknown, RegExp]>([
  [
    'a file of variables',
    '[Service]\nEnvironmentFile=-/etc/apiserver\nExecStart=/usr/bin/kube-apiserver $ARGS\n',
    /^\/etc\/apiserver may contain/,
  ],
  [
    'a patch of talhelper',
    { talosVersion: 'v1.12.0', nodes: [{ patches: ['@./oidc.yaml'] }] },
    /^nodes\.0\.patches\.0 is in the file \.\/oidc\.yaml/,
  ],
])('%s that is another file is named', (_, input, text) => {
  expect(factsIn(input).notes.map((note) => note.text)).toEqual([expect.stringMatching(text)]);
});

test('settings of OpenID Connect that no reader knows are not understood, and others are not about sign-in', () => {
  const facts = factsIn({ 'kube-apiserver-arg': bare, other: { a: 1 }, more: { oidc_issuer: url } });
  expect(facts.passedOver.map(({ what, why }) => [what, why])).toEqual([
    ['other (1)', 'not about sign-in'],
    ['more (1)', 'not understood'],
  ]);
});

test.each<[string, unknown]>([
  ['kubelogin', { args: ['oidc-login', 'get-token', ...words] }],
  ['kubelogin in a list', { any: ['get-token', ...words] }],
  ['oauth2-proxy', { extraArgs: { 'oidc-issuer-url': url, 'client-id': 'k8s' } }],
  ['a container of something else', { command: ['kube-oidc-proxy', ...words] }],
])('%s is no API server', (_, input) => {
  expect(issuersIn(factsIn(input))).toEqual([]);
});

test.each<[string, unknown, object, RegExp]>([
  [
    'commas between arguments, which K3s does not divide',
    { 'kube-apiserver-arg': bare.join(',') },
    bySub,
    /--oidc-issuer-url has other arguments after commas/,
  ],
  [
    'quotes around a value, which no shell removes',
    { 'kube-apiserver-arg': [...bare, 'oidc-username-prefix="oidc:"'] },
    { claim: 'sub', prefix: 'oidc:' },
    /^the quotes around the value of --oidc-username-prefix are part of the value/,
  ],
  [
    'quotes in the arguments of a container',
    {
      kind: 'Pod',
      spec: { containers: [{ command: ['kube-apiserver', ...words, "--oidc-username-prefix='oidc:'"] }] },
    },
    { claim: 'sub', prefix: 'oidc:' },
    /^the quotes around the value of --oidc-username-prefix are part of the value/,
  ],
  [
    'spaces between arguments',
    { 'kube-apiserver-arg': `${bare.join(' ')} oidc-username-prefix=my org:` },
    { claim: 'sub', prefix: 'my org:' },
    /--oidc-issuer-url has other arguments after commas or spaces/,
  ],
  [
    'commas in a list',
    { 'kube-apiserver-arg': [`${bare.join(', ')},oidc-username-claim=email`] },
    byMail,
    /write each argument by itself/,
  ],
  [
    'commas on a command line',
    `k3s server --kube-apiserver-arg=${bare.join(',--')}`,
    bySub,
    /other arguments after commas/,
  ],
  [
    'a colon at the end, with which YAML reads a map',
    `kube-apiserver-arg:\n${[...bare, 'oidc-username-claim=email', 'oidc-groups-claim=groups', 'oidc-groups-prefix=oidc:'].map((one) => `- ${one}`).join('\n')}`,
    byMail,
    /YAML reads the argument `oidc-groups-prefix` as a map/,
  ],
  [
    'a colon at the end in the command of a pod',
    `kind: Pod\nspec:\n  containers:\n  - image: kube-apiserver:v1.34.1\n    command:\n${['kube-apiserver', ...words, '--oidc-username-claim=email', '--oidc-username-prefix=oidc:'].map((one) => `    - ${one}`).join('\n')}\n`,
    { claim: 'email', prefix: 'oidc:' },
    /YAML reads the argument `--oidc-username-prefix` as a map/,
  ],
  [
    'a switch that a template fills in',
    { kube_oidc_auth: '{{ oidc }}', kube_oidc_url: url, kube_oidc_client_id: 'k8s' },
    bySub,
    /kube_oidc_auth is a template/,
  ],
])('%s', (_, input, username, note) => {
  const facts = factsIn(input);
  expect(issuersIn(facts)).toEqual([{ url, audiences: ['k8s'], username }]);
  expect(facts.notes.map(({ text }) => text).join()).toMatch(note);
});

test('commas of a value are no separators, and a map of one value is no argument', () => {
  const args = ['enable-admission-plugins=NodeRestriction,PodSecurity', 'oidc-required-claim=a=b,c=d'];
  const { apiServers, notes } = factsIn({ 'kube-apiserver-arg': [...bare, ...args] });
  expect(notes).toEqual([]);
  expect(apiServers[0]?.args?.get('enable-admission-plugins')).toEqual(['NodeRestriction,PodSecurity']);
  // Tried on kube-apiserver 1.34.4 and 1.37.2: `a=b,c` is accepted, and `ab` is a malformed pair.
  expect(apiServers[0]?.issuers[0]?.requiredClaims).toEqual(new Map([['a', 'b,c=d']]));
});

test('EKS tells the CA of the cluster', () => {
  const data = Buffer.from('PEM').toString('base64');
  const facts = factsIn({ cluster: { arn: 'arn:aws', platformVersion: 'eks.1', certificateAuthority: { data } } });
  expect(facts.serverCa).toBe('PEM');
});

describe('drop-ins of K3s and RKE2', () => {
  const read = (...files: readonly [string, object][]) =>
    withDividedArguments(together(files.map(([name, value]) => factsOfFile(name, stringify(value)))));
  const main = ['config.yaml', { 'kube-apiserver-arg': bare }] as const;

  test('replace the arguments before them', () => {
    const facts = read(['config.yaml.d/b.yaml', { 'kube-apiserver-arg': ['v=2'] }], [...main]);
    expect(facts.apiServers.map(({ replacedBy }) => replacedBy)).toEqual([undefined, 'config.yaml.d/b.yaml']);
  });

  test('of two, the last one by name counts', () => {
    const facts = read(
      ['config.yaml.d/b.yaml', { 'kube-apiserver-arg': bare }],
      ['config.yaml.d/a.yaml', { 'kube-apiserver-arg': ['oidc-issuer-url=https://a.example'] }],
    );
    expect(facts.apiServers.map(({ replacedBy }) => replacedBy)).toEqual([undefined, 'config.yaml.d/b.yaml']);
  });

  test.each([
    ['with a plus sign', 'config.yaml.d/b.yaml', { 'kube-apiserver-arg+': ['v=2'] }],
    ['about something else', 'config.yaml.d/b.yaml', { disable: ['traefik'] }],
    ['in another folder', 'patches/b.yaml', { 'kube-apiserver-arg': ['v=2'] }],
  ])('%s leave them', (_, name, value) => {
    const facts = read([...main], [name, value]);
    expect(facts.apiServers.map(({ replacedBy }) => replacedBy).filter(Boolean)).toEqual([]);
  });
});

describe('arguments of one server in several sources', () => {
  const joined = (...inputs: readonly unknown[]) =>
    withDividedArguments(together(inputs.map((one, i) => factsOfFile(`${i}`, stringify(one)))));

  test('are one issuer, and each setting stays with its source', () => {
    const [first, second] = joined(
      { disable: ['traefik'], 'kube-apiserver-arg': bare },
      { 'kube-apiserver-arg+': ['oidc-username-claim=email', 'v=2'] },
    ).apiServers;
    expect(first?.issuers).toMatchObject([{ url, username: byMail }]);
    expect(first?.issuers[0]?.settings.map(({ place, server }) => [place, server])).toEqual([
      ['--oidc-issuer-url', undefined],
      ['--oidc-client-id', undefined],
      ['--oidc-username-claim', 1],
    ]);
    expect(second?.partOf).toBe(0);
  });

  test('with an issuer each are servers of their own', () => {
    const facts = joined(
      { 'kube-apiserver-arg': bare },
      { 'kube-apiserver-arg': [...bare, 'oidc-username-claim=email'] },
    );
    expect(facts.apiServers.map(({ partOf, issuers }) => [partOf, issuers.length])).toEqual([
      [undefined, 1],
      [undefined, 1],
    ]);
    expect(facts.apiServers[0]?.issuers[0]?.username).toEqual(bySub);
  });
});

test.each<[string, object, object]>([
  [
    'kubelogin with values apart',
    {
      exec: {
        command: '/usr/local/bin/kubelogin',
        args: ['get-token', '--oidc-issuer-url', url, '--oidc-client-id', 'k8s', '--grant-type', 'device-code'],
      },
    },
    { kubelogin: { plugin: 'kubelogin', signIn: 'device-code' }, others: [] },
  ],
  [
    'kubectl oidc-login with other arguments',
    {
      exec: {
        command: 'kubectl',
        args: [
          ...['oidc-login', 'get-token', `--oidc-issuer-url=${url}`, '--oidc-client-id=k8s'],
          ...['--token-cache-storage=keyring', '--oidc-client-secret=geheim', '--listen-address=127.0.0.1:9000'],
        ],
      },
    },
    { kubelogin: { tokenCache: 'keyring' }, others: ['--oidc-client-secret', '--listen-address'] },
  ],
  [
    'the auth provider of old clients',
    {
      'auth-provider': {
        name: 'oidc',
        config: { 'idp-issuer-url': url, 'client-id': 'k8s', 'refresh-token': 'geheim', 'extra-scopes': 'groups' },
      },
    },
    { others: ['refresh-token', 'extra-scopes'] },
  ],
])('a kubeconfig: %s', (_, user, says) => {
  const facts = factsIn({ apiVersion: 'v1', kind: 'Config', clusters: [], users: [{ name: 'me', user }] });
  expect(facts.logins).toMatchObject([{ user: 'me', issuer: url, client: 'k8s', ...says }]);
  expect(JSON.stringify(facts)).not.toContain('geheim');
});

test('a kubeconfig of another program has no login', () => {
  const user = { exec: { command: 'aws', args: ['eks', 'get-token'] } };
  expect(factsIn({ kind: 'Config', clusters: [], users: [{ name: 'me', user }] }).logins).toEqual([]);
});
