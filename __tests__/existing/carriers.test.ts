import { parse, stringify } from 'yaml';
import { factsOf, fromDocument } from '../../lib/existing/read-documents';
import { bent } from './bent';
import { issuer, rows, words } from './carrier-rows';

test.each(rows.map((row) => [row[0], row] as const))('%s', (_, [name, text, says, expected = issuer]) => {
  const servers = factsOf(`${name}.txt`, text)?.apiServers ?? [];
  const telling = servers.filter(({ issuers }) => issuers.length > 0);
  expect(telling.map(({ issuers }) => issuers)).toMatchObject([[expected]]);
  expect(Object.assign({}, ...servers.toReversed())).toMatchObject(says);
  expect(JSON.stringify(factsOf(name, text)?.passedOver)).not.toContain('geheim');
});

test('an expression in a program is a variable', () => {
  const text = `config = {\n  "oidc-issuer-url" = var.issuer\n  "oidc-client-id" = "k8s"\n}\n`;
  const [server] = factsOf('main.tf', text)?.apiServers ?? [];
  expect(server?.issuers).toMatchObject([{ url: `\${var.issuer}`, audiences: ['k8s'] }]);
});

test('a required claim of EKS Anywhere has the fields claim and value; in other carriers these are names of claims', () => {
  const map = (requiredClaims: unknown) => ({ issuerUrl: issuer.url, clientId: 'k8s', requiredClaims });
  const claims = (text: string) =>
    factsOf('x', text)?.apiServers.flatMap(({ args }) => args?.get('oidc-required-claim'));
  const anywhere = { apiVersion: 'anywhere.eks.amazonaws.com/v1alpha1', kind: 'OIDCConfig' };
  const tier = { claim: 'tier', value: 'gold' };
  expect(claims(stringify({ ...anywhere, spec: map([tier]) }))).toEqual(['tier=gold']);
  expect(claims(stringify({ ...anywhere, spec: map([{ ...tier, more: 'x' }]) }))).toEqual([
    'claim=tier',
    'value=gold',
    'more=x',
  ]);
});

test('what is switched off is no setting, and that is said', () => {
  const off = { kube_oidc_auth: false, kube_oidc_url: issuer.url, kube_oidc_client_id: 'k8s' };
  const facts = factsOf('vars.yml', stringify(off));
  expect(facts?.apiServers.flatMap(({ issuers }) => issuers)).toEqual([]);
  expect(facts?.notes).toEqual([
    { source: 'vars.yml', text: 'kube_oidc_auth is not true, so kubespray ignores kube_oidc_url, kube_oidc_client_id' },
  ]);
});

test.each([
  ['a command of kubelogin', `kubectl oidc-login setup --oidc-issuer-url=${issuer.url} --oidc-client-id=k8s`],
  [
    'a command of kubelogin in a program',
    `args: ["oidc-login", "get-token", "--oidc-issuer-url=${issuer.url}", "--oidc-client-id=k8s"]\n)`,
  ],
  ['a comment in a program', `f(\n// "--oidc-issuer-url=${issuer.url}", "--oidc-client-id=k8s",\n"--v=2")`],
  [
    'another program',
    stringify({ apiVersion: 'v1', kind: 'Pod', spec: { containers: [{ command: ['oauth2-proxy', ...words] }] } }),
  ],
  [
    'a compose file of something else',
    stringify({ services: { a: { image: 'nginx', command: ['nginx', '--oidc-issuer-url=x'] } } }),
  ],
  [
    'the API of a cloud about a cluster',
    JSON.stringify({
      cluster: {
        arn: 'a',
        platformVersion: 'eks.5',
        identity: { oidc: { issuer: 'https://oidc.eks.example.org/id/A' } },
      },
    }),
  ],
])('%s is no API server', (_, text) => {
  expect((factsOf('x', text)?.apiServers ?? []).flatMap(({ issuers }) => issuers)).toEqual([]);
});

test.each(
  rows.flatMap(([name, text]) => (text.startsWith('[') && !text.startsWith('[{') ? [] : [[name, text] as const])),
)('%s: nothing in it makes the reader fail', (_, text) => {
  let document: unknown;
  try {
    document = parse(text);
  } catch {
    return;
  }
  // An error that is thrown fails the test.
  for (const one of bent(document)) fromDocument('x', one);
});

describe('the source of a program', () => {
  const argsOf = (text: string) =>
    Object.fromEntries(
      [...(factsOf('main.tf', text)?.apiServers[0]?.args ?? [])].map(([name, values]) => [name, values.join()]),
    );
  const url = 'https://idm.example.com/oauth2/openid/k8s';

  test.each<[string, string, object]>([
    [
      'comments after elements',
      `f([\n "--oidc-issuer-url=${url}", // "--oidc-issuer-url=https://old.example",\n /* "--oidc-groups-claim=old", */\n \`--oidc-client-id=k8s\`, # b\n '--oidc-username-claim=email' // c\n])`,
      { 'oidc-issuer-url': url, 'oidc-client-id': 'k8s', 'oidc-username-claim': 'email' },
    ],
    [
      'texts with an operator, and placeholders',
      'args = [\n f"--oidc-issuer-url={base}/x",\n "--oidc-client-id=" + client,\n "--oidc-groups-claim={}".format(g),\n "--oidc-groups-prefix=%s" % p,\n]',
      {
        'oidc-issuer-url': `\${base}/x`,
        'oidc-client-id': `\${…}`,
        'oidc-groups-claim': `{}\${…}`,
        'oidc-groups-prefix': `\${…}\${…}`,
      },
    ],
    [
      'a document of YAML in Terraform',
      `x = <<EOT\n cluster:\n  extraArgs:\n   oidc-issuer-url: ${url}\n   oidc-client-id: k8s\nEOT\n}`,
      { 'oidc-issuer-url': url, 'oidc-client-id': 'k8s' },
    ],
    [
      'values apart from their flags',
      `run(["--oidc-issuer-url", "${url}", "--oidc-client-id", "k8s", "--oidc-groups-claim", groups]);`,
      { 'oidc-issuer-url': url, 'oidc-client-id': 'k8s', 'oidc-groups-claim': `\${groups}` },
    ],
    [
      'expressions and lists as values',
      `x = {\n  oidc-issuer-url = "${url}" # a\n  oidc-client-id = var.a != "" ? var.a : "k8s"\n  oidc-required-claim = ["a=b", "c=d"]\n}`,
      { 'oidc-issuer-url': url, 'oidc-client-id': `\${…}`, 'oidc-required-claim': `\${…}` },
    ],
  ])('%s', (_, text, args) => {
    expect(argsOf(text)).toEqual(args);
  });

  test('is read in one pass, also with a text that does not end, and many spaces', () => {
    const open = `"--oidc-client-id=${`\${a}`.repeat(40)}\n`;
    expect(argsOf(`f(["--oidc-issuer-url=${url}",\n"--v=2",${' '.repeat(20_000)}${open}])`)).toMatchObject({
      'oidc-issuer-url': url,
    });
  });

  test('a flag whose value was not read is reported', () => {
    const text = `f("--oidc-issuer-url=${url}", "--oidc-client-id=k8s", flag("oidc-groups-claim"))`;
    expect(factsOf('main.ts', text)?.passedOver).toContainEqual(
      expect.objectContaining({ what: '--oidc-groups-claim', why: 'not understood' }),
    );
  });

  const list = (client: string) => `f(["--oidc-issuer-url=${url}${client}", "--oidc-client-id=${client}"])\n`;

  test('the arguments of several API servers are not mixed', () => {
    const facts = factsOf('main.ts', `${list('a')}${list('b')}`);
    expect(facts?.apiServers).toEqual([]);
    expect(facts?.passedOver).toMatchObject([{ what: 'the arguments of several API servers', why: 'not understood' }]);
    expect(factsOf('main.ts', `${list('a')}${list('a')}`)?.apiServers).toHaveLength(1);
  });

  test('neither are those of a script, but the last of two issuers of one command counts', () => {
    const run = (...issuers: string[]) =>
      `k3s server ${issuers.map((one) => `--kube-apiserver-arg=oidc-issuer-url=${one} `).join('')}--kube-apiserver-arg=oidc-client-id=k8s\n`;
    expect(factsOf('x.sh', run('https://a.example') + run('https://b.example'))?.passedOver).toMatchObject([
      { what: 'the arguments of several API servers' },
    ]);
    const facts = factsOf('x.sh', run('https://a.example', 'https://b.example'));
    expect(facts?.apiServers[0]?.issuers.map((one) => one.url)).toEqual(['https://b.example']);
  });

  test('a comment after a command of a shell is no argument, and in a unit it is one', () => {
    const command = `/bin/kube-apiserver --oidc-issuer-url=${url} --oidc-client-id=k8s # --oidc-groups-claim=old`;
    const namesIn = (text: string) => [...(factsOf('x', text)?.apiServers[0]?.args?.keys() ?? [])];
    expect(namesIn(command)).toEqual(['oidc-issuer-url', 'oidc-client-id']);
    expect(namesIn(`[Service]\nExecStart=${command}\n`)).toContain('oidc-groups-claim');
  });

  test.each([
    ['oauth2-proxy by its name', `image = "oauth2-proxy"\n${list('a')}`],
    ['oauth2-proxy by its options', `f(["--oidc-issuer-url=${url}", "--client-id=a"])`],
    ['an option that kube-apiserver does not have', `f(["--oidc-client-id=a", "--oidc-client-secret=geheim"])`],
    ['a command line of oauth2-proxy', `/bin/oauth2-proxy --oidc-issuer-url=${url} --oidc-groups-claim=groups`],
  ])('%s is no API server', (_, text) => {
    expect(factsOf('main.ts', text)?.apiServers ?? []).toEqual([]);
  });

  test('oauth2-proxy beside K3s in a module of Nix is none, and does not replace the arguments of K3s', () => {
    const proxy = `services.oauth2-proxy.extraConfig = { "oidc-issuer-url" = "https://other.example"; };\n`;
    const k3s = ['issuer-url=https://idm.example', 'client-id=k8s']
      .map((word) => `"--kube-apiserver-arg=oidc-${word}"\n`)
      .join('');
    expect(factsOf('host.nix', `services.k3s.enable = true;\n${proxy}`)).toBeUndefined();
    const [server] = factsOf('host.nix', `services.k3s.extraFlags = [\n${k3s}];\n${proxy}`)?.apiServers ?? [];
    expect(server?.issuers.map((issuer) => issuer.url)).toEqual(['https://idm.example']);
  });

  test('an API server with a mention of oauth2-proxy is one', () => {
    expect(factsOf('main.ts', `// kube-apiserver, beside oauth2-proxy\n${list('a')}`)?.apiServers).toHaveLength(1);
  });
});

describe('what a program sets by default', () => {
  const kubeOne = (apiVersion: string, more: object) =>
    factsOf(
      'kubeone.yaml',
      stringify({
        apiVersion,
        kind: 'KubeOneCluster',
        features: { openidConnect: { enable: true, config: { issuerUrl: issuer.url, ...more } } },
      }),
    );

  test('KubeOne sets a client, prefixes and the claim of groups', () => {
    const facts = kubeOne('kubeone.k8c.io/v1beta3', { groupsPrefix: 'g:' });
    expect(facts?.apiServers[0]?.issuers).toMatchObject([
      {
        audiences: ['kubernetes'],
        username: { claim: 'sub', prefix: 'oidc:' },
        groups: { claim: 'groups', prefix: 'g:' },
      },
    ]);
    expect(facts?.notes.map(({ text }) => text)).toEqual([
      'KubeOne sets --oidc-client-id=kubernetes, --oidc-username-prefix=oidc:, --oidc-groups-claim=groups by default: adopt assumes these values',
    ]);
  });

  test('KubeOne v1beta1 does not', () => {
    const facts = kubeOne('kubeone.io/v1beta1', { clientId: 'k8s' });
    expect(facts?.apiServers[0]?.issuers).toMatchObject([{ username: { prefix: `${issuer.url}#` } }]);
    expect(facts?.notes).toEqual([]);
  });

  test('the webhook of Gardener takes the prefixes from its name, and a CA as Base64', () => {
    const facts = factsOf(
      'oidc.yaml',
      stringify({
        apiVersion: 'authentication.gardener.cloud/v1alpha1',
        kind: 'OpenIDConnect',
        metadata: { name: 'kanidm' },
        spec: {
          issuerURL: issuer.url,
          clientID: 'k8s',
          groupsClaim: 'groups',
          caBundle: Buffer.from('-----BEGIN CERTIFICATE-----').toString('base64'),
        },
      }),
    );
    expect(facts?.apiServers[0]?.issuers).toMatchObject([
      {
        username: { prefix: 'kanidm/' },
        groups: { prefix: 'kanidm/' },
        ca: { pem: '-----BEGIN CERTIFICATE-----' },
      },
    ]);
  });
});

test('k0s by Cluster API: an AuthenticationConfiguration in a file', () => {
  const jwt = [{ issuer: { url: issuer.url, audiences: ['k8s'] }, claimMappings: { username: { claim: 'sub' } } }];
  const content = stringify({ apiVersion: 'apiserver.config.k8s.io/v1', kind: 'AuthenticationConfiguration', jwt });
  const text = stringify({ kind: 'K0sControlPlane', spec: { k0sConfigSpec: { files: [{ path: '/a', content }] } } });
  const servers = factsOf('cluster.yaml', text)?.apiServers ?? [];
  expect(servers.flatMap(({ issuers }) => issuers)).toMatchObject([{ url: issuer.url, audiences: ['k8s'] }]);
});

test('k3s-ansible: the configuration of the server', () => {
  const text = stringify({
    k3s_version: 'v1.34.4+k3s1',
    server_config_yaml: stringify({ 'kube-apiserver-arg': words.map((word) => word.slice(2)) }),
  });
  const servers = factsOf('inventory.yml', text)?.apiServers ?? [];
  expect(servers.flatMap(({ issuers }) => issuers)).toMatchObject([issuer]);
});

test('values of a HelmRelease that is not about Kanidm, with settings of OpenID Connect, are not understood', () => {
  const release = {
    kind: 'HelmRelease',
    metadata: { name: 'a' },
    spec: { valuesFrom: [{ kind: 'ConfigMap', name: 'v' }] },
  };
  const whyOf = (values: object) =>
    factsOf(
      'a.yaml',
      `${stringify(release)}---\n${stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'v' }, data: { 'values.yaml': stringify(values) } })}`,
    )
      ?.passedOver.filter(({ what }) => what.startsWith('ConfigMap'))
      .map(({ why }) => why);
  expect(whyOf({ oidc_issuer: 'x' })).toEqual(['not understood']);
  expect(whyOf({ replicas: 1 })).toEqual(['not about sign-in']);
});
