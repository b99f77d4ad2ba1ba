import { fromWords, serverOfArguments, whyPassedOver } from '../../lib/existing/read-words';
import { inWords } from './carrier-reading';

const url = 'https://idm.example.org';
const issuer = `--oidc-issuer-url=${url}`;
const flags = `${issuer} --oidc-client-id=k8s`;
const args = [`oidc-issuer-url=${url}`, 'oidc-client-id=k8s'];
const bare = [`oidc-issuer-url=${url}`, 'oidc-client-id=k8s'];
const instead =
  'if it has the sign-in settings of the API server, write these settings into a file as flags of kube-apiserver, such as `--oidc-issuer-url=…`, one flag on each line, and run adopt with this file';
const advice = (what: string) => `Kaniflux renders the settings, but not this command: ${what}`;
const move = (distribution: string) =>
  `the command line of the server has precedence over its files: before you install the rendered file, remove every \`--kube-apiserver-arg\` from the command line, and add those that are not in the rendered file to /etc/rancher/${distribution}/config.yaml`;

/** Returns what a text says, without the carrier and empty lists. `undefined` if it says nothing. */
function said(text: string, divided?: readonly string[]) {
  const facts = fromWords('file', text, divided);
  if (!facts) return undefined;
  const { apiServers, passedOver, notes, ...none } = facts;
  expect(none).toEqual({ bindings: [], logins: [], entries: [], releases: [], servers: [] });
  expect([...apiServers, ...passedOver, ...notes].every((one) => one.source === 'file')).toBe(true);
  const [server, ...others] = apiServers;
  expect(others).toEqual([]);
  if (!server) return { passedOver: passedOver.map(({ source, ...rest }) => rest) };
  const { source, carrier, args: given, issuers, ...rest } = server;
  expect(carrier).toBe('a command line');
  return {
    args: inWords(given ?? new Map()),
    ...rest,
    ...(passedOver.length > 0
      ? { passedOver: passedOver.map(({ what, why, instead: hint }) => [what, why, ...(hint ? [hint] : [])]) }
      : {}),
    ...(notes.length > 0 ? { notes: notes.map(({ text: note }) => note) } : {}),
  };
}
const method = 'flags';
const controlPlane = (kind: string) => ({ method, controlPlane: kind });

test('a template of a machine configuration is for Talos', () => {
  const template = (head: string) =>
    said(`${head}cluster:\n  apiServer:\n%{ if oidc }\n    extraArgs:\n      oidc-client-id: k8s\n%{ endif }\n`);
  expect(template('machine:\n  type: x\n')).toMatchObject({ controlPlane: 'talos' });
  expect(template('machines:\n')).not.toHaveProperty('controlPlane');
});

describe('which API server the words are for', () => {
  test.each<[string, string, object]>([
    ['kube-apiserver', `kube-apiserver ${flags}`, { method }],
    [
      'K3s by its name',
      `/bin/k3s server ${flags}`,
      { ...controlPlane('k3s'), passedOver: [['2 more words', 'not about sign-in']] },
    ],
    ['RKE2 in capitals', `${flags} # RKE2`, controlPlane('rke2')],
    ['K3s in a comment', `# in place of k3s\n${flags}`, { method }],
    ['a longer name', `${flags} # k3sup, xrke2, k3s2`, { method }],
    [
      'K3s by its arguments',
      `--kube-apiserver-arg=${bare[0]} --kube-apiserver-arg=${bare[1]}`,
      { ...controlPlane('k3s'), isGuess: true, advice: move('k3s') },
    ],
    ['arguments without dashes', `kube-apiserver-arg=${bare[0]} kube-apiserver-arg=${bare[1]}`, { method }],
    ['Talos in Terraform', `${flags} # talos_machine_configuration`, controlPlane('talos')],
    ['Talos in Pulumi', `${flags} # @pulumiverse/talos`, controlPlane('talos')],
    ['Talos in Pulumi for Python', `${flags} # pulumiverse_talos`, controlPlane('talos')],
    ['Talos by another name', `${flags} # talos`, { method }],
  ])('%s', (_, text, expected) => {
    expect(said(text)).toEqual({ args, ...expected });
  });

  test.each([
    ['rancher/k3s:v1.33.3-k3s1', '1.33.3'],
    ['rancher/rke2:1.33', '1.33'],
    ['--kubernetes-version=v1.34.0', '1.34.0'],
    ['--kubernetes-version 1.34', '1.34'],
    ['INSTALL_K3S_VERSION=v1.32.1+k3s1', '1.32.1'],
    ['INSTALL_RKE2_VERSION=v1.31', '1.31'],
    ['/nix/store/a-kubernetes-1.33.4/bin', '1.33.4'],
    ['--version=1.2.3', undefined],
    ['kubernetes-x1.33', undefined],
  ])('the version in %s: %s', (word, version) => {
    expect(fromWords('file', `${flags} # ${word}`)?.apiServers[0]?.kubernetes).toBe(version);
  });
});

describe('what a person must do', () => {
  const wrapped = bare.map((one) => `--kube-apiserver-arg=${one}`).join(' ');
  test.each<[string, string, string | undefined]>([
    [
      'minikube',
      `minikube start --extra-config=apiserver.${bare[0]} --extra-config apiserver.${bare[1]}`,
      advice('pass each rendered flag to minikube as --extra-config=apiserver.NAME=VALUE'),
    ],
    [
      'k3d',
      `k3d cluster create a --k3s-arg "--kube-apiserver-arg=${bare[0]}@server:*"`,
      advice('pass each rendered argument to k3d as --k3s-arg "--kube-apiserver-arg=NAME=VALUE@server:*"'),
    ],
    [
      'k3d of old',
      `k3d cluster create a --k3s-server-arg=--kube-apiserver-arg=${bare[0]}`,
      advice('pass each rendered argument to k3d as --k3s-arg "--kube-apiserver-arg=NAME=VALUE@server:*"'),
    ],
    ['K3s', `k3s server ${wrapped}`, move('k3s')],
    ['RKE2', `rke2 server ${wrapped}`, move('rke2')],
    ['one of the two', wrapped, move('k3s')],
    ['K3s without its arguments', `k3s ${flags}`, undefined],
    ['K3s by arguments without dashes', `k3s kube-apiserver-arg=${bare[0]}`, undefined],
  ])('%s', (_, text, expected) => {
    expect(fromWords('file', text)?.apiServers[0]?.advice).toBe(expected);
  });
});

test.each<[string, string]>([
  ['nothing about sign-in', 'kube-apiserver --v=2'],
  ['the name of a flag in prose', 'use oidc-client for this'],
  ['kubelogin', `kubelogin get-token ${flags}`],
  ['kubelogin by kubectl', `kubectl oidc-login get-token ${flags}`],
  ['kubelogin as a plugin', `kubectl-oidc_login get-token ${flags}`],
  ['kubelogin in a list', `["oidc-login", "${issuer}"]`],
  ['an option of another program', `a ${issuer} --oidc-scopes=x`],
  ['a similar option', `a ${issuer} --oidc-client-id-file=x`],
  ['a client without its prefix', `a ${issuer} --client-id=x`],
  ['a secret', `a ${issuer} -client-secret x`],
  ['a cookie', `f("${issuer}", "--cookie-secret", "x")`],
  ['oauth2-proxy', `oauth2_proxy ${issuer}`],
  ['kube-oidc-proxy', `kube-oidc-proxy ${issuer}`],
  ['an environment file of another program', '[Service]\nEnvironmentFile=/a\nExecStart=/bin/nginx\n'],
  ['an environment file and an agent', '[Service]\nEnvironmentFile=/a\nExecStart=/bin/k3s agent\n'],
])('no API server: %s', (_, text) => {
  expect(said(text)).toBeUndefined();
});

test.each(['api-server', 'apiserver', 'api_server', 'K3S', 'rke2', 'k0s', 'Talos', 'kubeadm', 'minikube'])(
  'options of another program do not count beside %s',
  (name) => {
    expect(said(`${issuer} --client-id=x # ${name}`)).toMatchObject({ args: [args[0], 'client-id=x'] });
  },
);

test('the last path of kube-apiserver decides, and the other words are passed over', () => {
  expect(said(`TOKEN=x nice kube-apiserver ${flags} --oidc-ca-file=/a --authentication-config=/b`)).toEqual({
    args: [...args, 'oidc-ca-file=/a', 'authentication-config=/b'],
    file: '/b',
    method: 'flags',
    passedOver: [
      ['TOKEN', 'not about sign-in'],
      ['1 more word', 'not about sign-in'],
    ],
  });
  expect(said('--authentication-config=/a --authentication-config=/b')).toEqual({
    args: ['authentication-config=/a|/b'],
    file: '/b',
    method: 'structured',
  });
  expect(said('--oidc-client-id=a')).toEqual({ args: ['oidc-client-id=a'] });
});

test('a template with conditions is read as if all of them were true, and this is a note', () => {
  const notes = ['this file is a template with conditions: adopt assumes that all of them are true'];
  const list = (before: string, after: string) =>
    said(`kube-apiserver-arg:\n${before}\n  - oidc-issuer-url=${url}\n  - oidc-client-id=k8s\n${after}\n`);
  expect(list('{% if oidc | default(false) %}', '{% endif %}')).toMatchObject({ notes });
  expect(list('{{- if .Values.oidc }}', '{{- end }}')).toMatchObject({ notes });
  expect(list(`%{ if oidc ~}`, '%{ endif ~}')).toMatchObject({ notes });
  expect(list('{% set a = 1 %}', '# if {{ iface }}')).not.toHaveProperty('notes');
});

test('a file of the environment may have more arguments', () => {
  const unit = (start: string) => `[Service]\nEnvironmentFile=-/etc/a\nEnvironmentFile=/etc/b\nExecStart=${start}\n`;
  const notes = ['/etc/a', '/etc/b'].map(
    (file) => `${file} may contain arguments of kube-apiserver: if it does, run adopt with it too`,
  );
  const passedOver = [
    ...['EnvironmentFile', 'EnvironmentFile', 'ExecStart'].map((what) => [what, 'not about sign-in']),
    ['1 more word', 'not about sign-in'],
  ];
  expect(said(unit('/bin/kube-apiserver \\\n $ARGS'))).toMatchObject({ args: [], notes });
  expect(said(unit('/bin/k3s \\\r\n server'))).toMatchObject({ args: [], controlPlane: 'k3s', notes });
  expect(said(unit('/bin/rke2 server'))).toMatchObject({ args: [], controlPlane: 'rke2', notes });
  expect(said(unit(`/bin/other ${flags}`))).toEqual({ args, method, notes, passedOver });
});

describe('the source of a program', () => {
  test('is read by its lists and pairs, and a flag whose value was not read is named', () => {
    expect(said(`f("${issuer}", "--oidc-client-id=k8s", g("oidc-groups-claim"), x-oidc-ca-file)`)).toMatchObject({
      args: [args[1], args[0]],
      method,
      passedOver: expect.arrayContaining([
        ['--oidc-groups-claim', 'not understood', instead],
        ['--oidc-ca-file', 'not understood', instead],
      ]),
    });
    const text = `f("${issuer}", "oidc-client-idx", "aoidc-groups-claim", "oidc-groups-prefix-x", "authentication-config")`;
    expect(said(text)?.passedOver).toEqual([['--authentication-config', 'not understood', instead], expect.anything()]);
  });

  test('values of several API servers are not mixed, but some flags can have several values', () => {
    const hint =
      'the file contains the arguments of several API servers: copy the flags of one API server into a file, one flag on each line, and run adopt with this file';
    expect(said(`f("${issuer}", "--oidc-client-id=a")\nf("--oidc-client-id=b")`)).toEqual({
      passedOver: [{ what: 'the arguments of several API servers', why: 'not understood', instead: hint }],
    });
    expect(said(`f("${issuer}", "--oidc-client-id=a")\nf("--oidc-client-id=a")`)).toMatchObject({ method });
    const several =
      '"--oidc-required-claim=a=b", "--oidc-required-claim=c=d", "--oidc-signing-algs=e", "--oidc-signing-algs=f"';
    expect(said(`f("${issuer}", "--oidc-client-id=k8s", ${several})`)).toMatchObject({
      args: [args[1], 'oidc-required-claim=a=b|c=d', 'oidc-signing-algs=e|f', args[0]],
    });
  });

  test('a script that starts several API servers', () => {
    const start = (program: string, at: string) => `${program} --oidc-issuer-url=${at} --oidc-client-id=k8s\n`;
    for (const program of ['kube-apiserver', '/bin/k3s', 'rke2', 'k3d', 'minikube']) {
      expect(said(start(program, 'a') + start(program, 'b'))).toHaveProperty('passedOver.0.why', 'not understood');
      expect(said(start(program, 'a') + start(program, 'a'))).toHaveProperty('method', 'flags');
    }
    expect(said(start('my-k3s', 'a') + start('other', 'b'))).toHaveProperty('method', 'flags');
    const words = [...start('k3s', 'a').trim().split(' '), ...start('k3s', 'b').trim().split(' ')];
    expect(said(start('k3s', 'a') + start('k3s', 'b'), words)).toHaveProperty('method', 'flags');
  });

  test('a command line in a string is read as such', () => {
    const text = `x = "kube-apiserver ${flags}"\n`;
    expect(said(text)).toMatchObject({ args, method });
    // If there are more arguments as elements of a list, the list is read first. The arguments of the string are added
    // to it.
    expect(said(`f("${issuer}", "--oidc-client-id=k8s", "--oidc-groups-claim=g")`)).toEqual({
      args: [args[1], 'oidc-groups-claim=g', args[0]],
      method,
      passedOver: [['1 more word', 'not about sign-in']],
    });
  });
});

test('words that are given are not divided again', () => {
  expect(said('x --oidc-client-id=a b', ['x', '--oidc-client-id=a b', '--v=$A'])).toEqual({
    args: ['oidc-client-id=a b', 'v=$A'],
    passedOver: [['1 more word', 'not about sign-in']],
  });
});

test('a file of Nix for Kanidm is not understood, and what to give instead is said', () => {
  const nix = {
    why: 'not understood',
    instead:
      'the file sets `services.kanidm`, but adopt does not read Nix: run adopt with the JSON state of kanidm-provision and the `server.toml`',
  };
  const other = { why: 'not about sign-in' };
  expect(whyPassedOver('services.kanidm.provision."a".b = 1')).toEqual(nix);
  expect(whyPassedOver('kanidm = {')).toEqual(nix);
  expect(whyPassedOver('kanidm={')).toEqual(nix);
  expect(whyPassedOver('kanidm = mkIf a { }')).toEqual(nix);
  expect(whyPassedOver('let kanidm = { }')).toEqual(other);
  expect(whyPassedOver('kanidm = {\n  source = "example/kanidm"\n}')).toEqual(other);
  expect(whyPassedOver('kanidm = {\n  sources = "a";\n}')).toEqual(nix);
  expect(whyPassedOver('let mut kanidm = import x')).toEqual(other);
  expect(whyPassedOver('kanidm.spec.domain = "a"; kanidm = get(1)')).toEqual(other);
  expect(whyPassedOver('services.kanidm == 1')).toEqual(other);
  for (const text of ['# kanidm = {', 'a/kanidm = {', 'my-kanidm = {', 'kanidm=1', 'kanidm == {', 'kanidmd = {'])
    expect([text, whyPassedOver(text)]).toEqual([text, other]);
});

test.each<[string, string, string]>([
  ['a binding', 'kind: ClusterRoleBinding\nroleRef: {{ x }}', 'run adopt with the finished manifest'],
  ['a binding in Terraform', 'subject {}\nkind = "RoleBinding"', 'run adopt with the finished manifest'],
  ['a command for a binding', 'kubectl create clusterrolebinding a --group=b', 'add `--dry-run=client -o yaml`'],
  ['an AuthenticationConfiguration', 'kind: "AuthenticationConfiguration"', 'in a file of its own'],
  ['the same in Nix', 'kind = "AuthenticationConfiguration";', 'in a file of its own'],
  ['commands of the kanidm client', 'kanidm system oauth2 create k8s x y', 'use --kanidm'],
  ['POSIX attributes in Terraform', 'resource "kanidm_person_posix" "jane" {}', 'use --kanidm'],
])('words beside arguments: %s is not understood', (_, text, hint) => {
  expect(whyPassedOver(text)).toEqual({ why: 'not understood', instead: expect.stringContaining(hint) });
  expect(whyPassedOver(`# ${text.replaceAll('\n', '\n# ')}`)).toEqual({ why: 'not about sign-in' });
  expect(said(`kube-apiserver ${flags}\n${text}`)?.passedOver?.at(-1)).toEqual([
    expect.any(String),
    'not understood',
    expect.stringContaining(hint),
  ]);
});

test.each([
  'kind: RoleBindingX',
  'group: a\nkind: RoleBinding',
  'kubectl create role x',
  'kanidmd server',
  'kanidm version',
])('words beside arguments: %s says nothing about bindings or Kanidm', (text) => {
  expect(whyPassedOver(text)).toEqual({ why: 'not about sign-in' });
});

test.each<[string, string]>([
  ['of Helm', '{{- /* --oidc-groups-prefix=old: */ -}}'],
  ['of Jinja', '{# --oidc-groups-prefix=old:\n#}'],
  ['of Nix', '/* "--oidc-groups-prefix=old:" */'],
])('arguments in a comment %s are not read', (_, comment) => {
  expect(said(`kube-apiserver ${flags}\n${comment}\n`)).toEqual({ args, method });
});

test('arguments that SOPS encrypted are not read', () => {
  expect(said(`A="--oidc-issuer-url=ENC[AES256_GCM,data:a,iv:b,tag:c,type:str] --oidc-client-id=k8s"`)).toBeUndefined();
});

test('the settings in arguments', () => {
  expect(serverOfArguments('file')).toEqual({ issuers: [] });
  expect(serverOfArguments('file', new Map([['oidc-issuer-url', [url]]]), { pem: 'PEM' })).toMatchObject({
    method: 'flags',
    issuers: [{ source: 'file', url, ca: { pem: 'PEM' } }],
  });
});
