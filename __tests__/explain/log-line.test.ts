import { linesOf, logLine } from '../../lib/explain/log-line';
import { speakerNamed, speakerOfFile } from '../../lib/explain/programs';
import { redacted } from '../../lib/explain/redact';

const message = 'Unable to authenticate the request: [invalid bearer token, oidc: email not verified]';
const klog =
  'E0614 00:29:57.960378       1 authentication.go:75] "Unable to authenticate the request" err="[invalid bearer token, oidc: email not verified]"';
const old =
  'E0614 00:29:57.960378       1 authentication.go:63] Unable to authenticate the request due to an error: [invalid bearer token, oidc: email not verified]';
const plugin = (reason: string) =>
  `E1124 09:00:00.000000       1 oidc.go:335] oidc authenticator: initializing plugin: ${reason}`;
const json = (fields: object) => JSON.stringify(fields);

/** One line in all forms in which people have it. */
test.each<[string, string, readonly string[] | undefined]>([
  ['klog', klog, undefined],
  ['klog without its beginning', klog.replace(/^.*?\] /, ''), undefined],
  ['the container runtime', `2025-03-17T15:17:20.000000000Z stderr F ${klog}`, undefined],
  ['docker', json({ log: `${klog}\n`, stream: 'stderr', time: '2025-03-17T15:17:20Z' }), undefined],
  ['kubectl logs --timestamps', `2025-03-17T15:17:20.123456789Z ${klog}`, undefined],
  ['kubectl logs --prefix', `[pod/kube-apiserver-node1/kube-apiserver] ${klog}`, ['kube-apiserver']],
  ['docker compose', `kube-apiserver-1  | ${klog}`, ['kube-apiserver']],
  [
    'grep over files of pods',
    `/var/log/pods/kube-system_kube-apiserver-n1_0a1b/kube-apiserver/0.log:2025-03-17T15:17:20.0Z stderr F ${klog}`,
    ['kube-apiserver'],
  ],
  ['journald', `Oct 28 21:10:09 node-01 kube-apiserver[744]: ${klog}`, ['kube-apiserver']],
  ['journald with an ISO time', `2025-03-17T15:17:20+0100 node-01 kube-apiserver[744]: ${klog}`, ['kube-apiserver']],
  ['journald as JSON', json({ MESSAGE: klog, SYSLOG_IDENTIFIER: 'kube-apiserver', PRIORITY: '3' }), ['kube-apiserver']],
  [
    'k0s',
    `Oct 28 21:10:09 node-01 k0s[744]: time="2021-10-28 17:10:09" level=info msg=${JSON.stringify(klog)} component=kube-apiserver`,
    ['kube-apiserver'],
  ],
  [
    'klog JSON',
    json({
      ts: 1718324997960.378,
      caller: 'filters/authentication.go:75',
      msg: 'Unable to authenticate the request',
      err: '[invalid bearer token, oidc: email not verified]',
    }),
    undefined,
  ],
  [
    'the console of zap',
    `2026-02-09 15:21:41\tERROR\tfilters/authentication.go:75\tUnable to authenticate the request\t{"error": "[invalid bearer token, oidc: email not verified]"}`,
    undefined,
  ],
  ['k9s', `│ kube-apiserver ${klog}   │`, ['kube-apiserver']],
  ['stern', `kube-apiserver-node1 kube-apiserver ${klog}`, ['kube-apiserver']],
  ['stern with namespaces', `kube-system kube-apiserver-node1 kube-apiserver ${klog}`, ['kube-apiserver']],
  ['kubetail', `[kube-apiserver-node1] ${klog}`, ['kube-apiserver']],
  ['kubetail with containers', `[kube-apiserver-node1 kube-apiserver] ${klog}`, ['kube-apiserver']],
  [
    'grep over files of containers',
    `/var/log/containers/kube-apiserver-n1_kube-system_kube-apiserver-${'0a'.repeat(32)}.log:12:2025-03-17T15:17:20.0Z stderr F ${klog}`,
    ['kube-apiserver'],
  ],
  ['grep -n', `1234:${klog}`, undefined],
  ['grep over files', `logs/apiserver.log:1234:${klog}`, undefined],
  ['talosctl logs', `192.0.2.10: 2025-03-17T15:17:20.000000000Z stderr F ${klog}`, undefined],
  ['docker service', `auth_kube-apiserver.1.${'a1b2c'.repeat(5)}@node1    | ${klog}`, ['kube-apiserver']],
  ['nerdctl compose', `kube-apiserver-1 |${klog}`, ['kube-apiserver']],
  [
    'logcli with labels',
    `2026-11-24T23:34:58Z {container="kube-apiserver", namespace="kube-system"} ${klog}`,
    ['kube-apiserver'],
  ],
  [
    'logcli with the label of a pod',
    `2026-11-24T23:34:58Z {container="manager", pod="kube-apiserver-node1"} ${klog}`,
    ['kube-apiserver'],
  ],
  ['syslog with a priority', `<34>Oct 28 21:10:09 node-01 kube-apiserver[744]: ${klog}`, ['kube-apiserver']],
  ['RFC 5424', `<34>1 2025-03-17T15:17:20.003Z node-01 kube-apiserver 744 - - ${klog}`, ['kube-apiserver']],
  [
    'RFC 5424 with data',
    `<34>1 2025-03-17T15:17:20.003Z node-01 kube-apiserver 744 ID1 [a@1 b="c\\]"][d@1] ${klog}`,
    ['kube-apiserver'],
  ],
  ['a workflow of GitHub', `2025-03-17T15:17:20.1234567Z ##[error]${klog}`, undefined],
  [
    'logcli',
    json({ labels: { app: 'kube-apiserver' }, line: klog, timestamp: '2026-11-24T23:34:58Z' }),
    ['kube-apiserver'],
  ],
  ['a quotation in Markdown', `> ${klog}`, undefined],
  ['code in Markdown', `\`${klog}\``, undefined],
  ['colours', `\u001b[31m${klog}\u001b[0m`, undefined],
])('the form of %s is read', (_name, line, programs) => {
  const { text, programs: found } = logLine(line);
  expect(text).toBe(message);
  expect(found).toEqual(programs);
});

test.each([
  ['one format', `"a" err="b" pod="x" node="y"`, ' pod="x" node="y"'],
  [
    'two formats',
    `time="a" level=info msg=${JSON.stringify('E1124 23:38:14.1 9 a.go:1] "a" err="b" pod="x"')} node=y`,
    ' pod="x" node="y"',
  ],
])('other fields of %s are not in the text', (_name, line, fields) => {
  expect(logLine(line)).toMatchObject({ text: 'a: b', fields });
});

test('the target of another Rust program names no program', () => {
  const line = '{"level":"INFO","fields":{"message":"text"},"target":"rocket::server"}';
  expect(logLine(line)).toEqual({ shown: line, text: 'text' });
});

test('the old form of klog says the same', () => {
  expect(logLine(old).text).toBe(message.replace(':', ' due to an error:'));
});

test.each<[string, string, readonly string[], string?]>([
  [
    'K3s runs many programs',
    'May 16 10:00:00 host k3s[2000]: time="2025-05-16T10:00:00Z" level=error msg="x"',
    ['k3s', 'kube-apiserver', 'kubelet', 'kube-scheduler', 'kube-controller-manager', 'containerd'],
  ],
  ['kanidmd, by its tree', '22222222-2222-4333-8444-222222222222 WARN     │  ┕━ 🚧 [warn]: text', ['Kanidm']],
  ['kanidmd, without a tree', 'ERROR    🚨 [error]: text', ['Kanidm']],
  [
    'kanidmd, as JSON',
    '{"timestamp":"2026-11-27T10:00:00Z","level":"INFO","fields":{"message":"text"},"target":"kanidmd_lib::idm::oauth2","span":{"name":"a"}}',
    ['Kanidm'],
  ],
  [
    'kanidmd, as JSON on one level',
    '{"timestamp":"2026-11-27T10:00:00Z","level":"INFO","message":"text","target":"kanidmd_core"}',
    ['Kanidm'],
  ],
  [
    'kanidmd, with spans',
    '2026-11-27T10:00:00.000000Z  INFO request{method=POST uri=/oauth2/token}:auth{}: kanidmd_lib::idm: text',
    ['Kanidm'],
  ],
  [
    'kanidm_unixd, as JSON',
    '{"level":"INFO","fields":{"message":"text"},"target":"kanidm_unix_resolver::resolver"}',
    ['other'],
  ],
  ['the client of Kanidm', '2024-04-18T12:33:30.065096Z ERROR kanidm_cli: text', ['the kanidm client']],
  [
    "Flux's controllers",
    json({
      level: 'error',
      ts: '2025-01-01T00:00:00Z',
      msg: 'Reconciler error',
      controller: 'kustomization',
      error: 'x',
    }),
    ['Flux'],
  ],
  ['Flux in a pod', '[pod/kustomize-controller-6b8/manager] {"level":"error","msg":"text"}', ['Flux']],
  ['an application by its name', 'Nov 01 00:00:00 host grafana[12]: text', ['an application'], 'Grafana'],
  ['an application that nobody knows', 'Nov 01 00:00:00 host wiki-server[12]: text', ['an application'], 'wiki-server'],
  [
    'Headlamp, by its file',
    json({ level: 'error', source: '/backend/headlamp.go', message: 'a' }),
    ['an application'],
    'Headlamp',
  ],
  ['Grafana, by its logger', 'logger=authn.service t=2026-02-27 level=error msg="a"', ['an application'], 'Grafana'],
  [
    'Traefik or another program',
    '2026-10-04T10:00:00Z ERR text',
    ['the ingress controller', 'an application', 'other'],
  ],
  ['another program', 'Nov 01 00:00:00 host sshd[12]: text', ['other']],
  ['an event of a pod', '  Warning  FailedMount  3m (x5 over 10m)  kubelet  MountVolume.SetUp failed', ['kubelet']],
  [
    'an event in a list',
    '3m          Warning   FailedScheduling   pod/kanidm-0   0/1 nodes are available',
    ['kube-scheduler'],
  ],
  ['Talos', 'user: warning: [2026-05-01T10:00:00.1Z]: [talos] text', ['Talos']],
  ['a source file of the kubelet', 'E1124 23:38:14.162985     900 kuberuntime_manager.go:1324] text', ['kubelet']],
])('%s', (...[, line, programs, application]) => {
  expect(logLine(line)).toMatchObject({ programs, ...(application ? { application } : {}) });
});

test.each(['docker[1]', 'bash[1]'])('%s hands on what others say, and is nobody', (name) => {
  expect(logLine(`Nov 01 00:00:00 host ${name}: text`).programs).toBeUndefined();
});

test.each([
  ['a file whose name many programs have', json({ level: 'error', source: 'server.go', message: 'a' })],
  ['a logger whose name many programs have', 'logger=auth.service level=error msg="a"'],
  ['two words before JSON', 'error reconciler {"msg":"a"}'],
])('%s names no program', (_name, line) => {
  expect(logLine(line).programs).toBeUndefined();
});

test('a name that is not in the list may be that of any program', () => {
  expect(logLine('wiki-server[12]: text').isUnknown).toBe(true);
  expect(logLine('grafana[12]: text').isUnknown).toBeUndefined();
});

test('an error of several lines is one line', () => {
  const log = `I1 first\nE1124 23:38:32.513658   28725 authentication.go:763] "failed to load authentication config" err=<\n\tfailed to load: Object 'Kind' is missing in 'a:\n\tb'\n >\nlast`;
  const lines = linesOf(log);
  expect(lines).toHaveLength(3);
  expect(logLine(lines[1] ?? '').text).toBe(
    "failed to load authentication config: failed to load: Object 'Kind' is missing in 'a: b'",
  );
});

test('a line that the container runtime cut is one line', () => {
  const lines = linesOf(
    '2025-03-17T15:17:20.0Z stderr P E0614 00:29:57.960378  \n2025-03-17T15:17:20.1Z stderr F 1 a.go:1] x\n',
  );
  expect(lines).toEqual(['2025-03-17T15:17:20.0Z stderr F E0614 00:29:57.960378  1 a.go:1] x']);
});

test('a value with quotes that nobody escaped is read to its end', () => {
  expect(logLine('"a" err="[x, expected "RS256" got "ES384""').text).toBe('a: [x, expected "RS256" got "ES384"');
});

test.each([
  'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl',
  'eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..aaaa.bbbbbb.cccc',
])('the token %# is taken out', (token) => {
  for (const line of [
    token,
    `Bearer ${token}`,
    `"id_token":"${token}"`,
    `token=${token}&x`,
    `AccessToken:"${token}"`,
  ]) {
    expect(redacted(`before ${line} after`)).not.toContain(token.slice(0, 20));
  }
});

test.each([
  ['?code=abc123def&state=xyz', 'abc123def'],
  ['client_secret=s3cr3tvalue', 's3cr3tvalue'],
  ['--oidc-client-secret=s3cr3tvalue', 's3cr3tvalue'],
  ['"refresh_token": "s3cr3tvalue"', 's3cr3tvalue'],
  ['&oauth2.Token{AccessToken:"s3cr3tvalue", RefreshToken:"s3cr3tvalue"}', 's3cr3tvalue'],
  ['Authorization: Basic dXNlcjpwYXNzd29yZA==', 'dXNlcjpwYXNzd29yZA'],
  ['kubeadm join --token abcdef.0123456789abcdef', '0123456789abcdef'],
])('the secret in %s is taken out', (line, secret) => {
  expect(logLine(line).shown).not.toContain(secret);
  expect(logLine(line).text).not.toContain(secret);
});

test('what is no secret stays', () => {
  expect(redacted('[invalid bearer token, oidc: token is expired]')).toBe(
    '[invalid bearer token, oidc: token is expired]',
  );
});

test.each<[string, string, number]>([
  [
    'after a word that needs another',
    `E1124 23:37:56.166682   27163 oidc.go:419] oidc authenticator: initializing plugin: Get\n"https://idm.example.com/a": EOF`,
    1,
  ],
  [
    'within a quoted text',
    'Error from server (Forbidden): nodes is forbidden: User "jane\n@example.com" cannot list',
    1,
  ],
  [
    'before an item of a list',
    'Helm install failed: failed pre-install: 2 errors occurred:\n\t* job a failed: BackoffLimitExceeded\n\t* job b failed',
    1,
  ],
  ['nowhere: an item without a heading', 'Helm install failed: failed pre-install\n* job a failed', 2],
  [
    'before the answer to a request for a token',
    'error: get-token: oauth2: cannot fetch token: 400 Bad Request\nResponse: {"error":"invalid_grant"}',
    1,
  ],
  ['nowhere: the answer to another request', 'GET /v1/person: 400 Bad Request\nResponse: {"error":"a"}', 2],
  ['before an error in the message of kubelogin', 'error: get-token: authentication\nerror: oidc error: a', 1],
  ['nowhere: the message of kubelogin ended', 'error: get-token: authentication error: EOF\nerror: a', 2],
  ['nowhere: the first is not from kubelogin', 'error: no authentication\nerror: oidc error: a', 2],
  [
    'before a single word in quotation marks',
    'E1124 10:00:00.000000 1 authentication.go:63] "Unable to authenticate the\nrequest" err="[invalid bearer token, oidc: verify token: oidc: expected audience\n"kubernetes" got ["headlamp"]]"',
    1,
  ],
  ['nowhere: the next entry begins with a quotation mark', `${klog.slice(0, -9)}\n"Unhandled Error" err="a"`, 2],
  ['nowhere: a field begins with a quotation mark', `${klog.slice(0, -9)}\n"error": "a"`, 2],
  ['after the name of a user', 'Error from server (Forbidden): nodes is forbidden: User "a"\ncannot list', 1],
  ['three times', 'E1124 23:34:58.019437   14833 authentication.go:75] "Unable to authenticate" err="[a\nb\nc]"', 1],
  [
    'nowhere: both are entries',
    'error: You must be logged in to the server: Unauthorized, cannot\nerror: You must be logged in',
    2,
  ],
  ['nowhere: the first is complete', 'error: You must be logged in to the server (Unauthorized)\nsome other output', 2],
  ['nowhere: the first is no entry', 'a long sentence that somebody wrote about the certificate\nand another one', 2],
])('a line that was broken %s', (_name, log, count) => {
  expect(linesOf(log).length).toBe(count);
});

test('a URL that was broken has no space', () => {
  const broken = plugin('Get "https://idm.example.com/oauth2/openid/k8s/.well-known/openid-\nconfiguration": EOF');
  expect(linesOf(broken)).toEqual([broken.replace('\n', '')]);
  const whole = plugin('Get "https://idm.example.com/a":\nEOF');
  expect(linesOf(whole)).toEqual([whole.replace('\n', ' ')]);
});

test.each(['initializing\nplugin: EOF', 'the server\nhas asked', 'use\nSANs instead'])(
  'a line that was broken within %s is one line',
  (text) => {
    expect(linesOf(`Error: INSTALLATION FAILED: Kubernetes cluster unreachable: ${text}`)).toHaveLength(1);
  },
);

test.each([
  'error: You must be logged in to the server\nnginx-1   1/1 Running',
  'Error: INSTALLATION FAILED: Kubernetes cluster unreachable: the server\nHelm has finished',
  'E1124 23:34:58.019437   14833 authentication.go:75] "Unable to authenticate the\nrequest" by the server\nnginx-1',
])('a line that can be complete is not continued: %#', (log) => {
  expect(linesOf(log).at(-1)).toBe(log.split('\n').at(-1));
});

test('each line of an answer of Loki is a line, from the program that its labels name', () => {
  const values = [
    ['1', klog],
    ['2', 'other'],
  ];
  const lines = linesOf(json({ status: 'success', data: { result: [{ stream: { app: 'kube-apiserver' }, values }] } }));
  expect(lines.map(logLine)).toMatchObject([
    { text: message, programs: ['kube-apiserver'] },
    { text: 'other', programs: ['kube-apiserver'] },
  ]);
  expect(linesOf(json({ stream: { app: 'a' }, values }))).toHaveLength(2);
  expect(linesOf(json({ stream: 'stderr', values: [] }))).toHaveLength(1);
  const one = json({ stream: { app: 'a' }, values });
  expect(linesOf(`first\n${one}\n${one}\nlast`)).toHaveLength(6);
});

test.each([
  'Oct 28 21:10:09 host ',
  'Oct 28 21:10:09.123456 host ',
  '2026-10-28T21:10:09+0100 host ',
  '2026-10-28T21:10:09.123456+01:00 host ',
  'Wed 2026-10-28 21:10:09 UTC host ',
  'Wed 2026-10-28 21:10:09.123456 CET host ',
  '[  123.456789] host ',
  '[12345.678901] host ',
  '1761685809.123456 host ',
])('a form of journalctl: %s', (prefix) => {
  for (const name of ['kubelet', 'kubelet.service'])
    expect(logLine(`${prefix}${name}[900]: some text`)).toMatchObject({ text: 'some text', programs: ['kubelet'] });
});

describe('a log that a program exported', () => {
  const quoted = klog.replaceAll('"', '""');

  test('as CSV: the longest field is the line, and the labels name the program', () => {
    const rows = ['Time,labels,Line', `"2026-11-26T10:00:00.000Z","{""container"":""kube-apiserver""}","${quoted}"`];
    expect(linesOf(rows.join('\n')).map(logLine)).toMatchObject([
      { text: 'Time,labels,Line' },
      { text: message, programs: ['kube-apiserver'] },
    ]);
    expect(linesOf(`"2026-11-26T10:00:00.000Z","${quoted}"`)).toEqual([klog]);
  });

  test.each([
    ['a short message', 'Unauthorized', 'Unauthorized'],
    ['a short message with quotation marks', 'a "b"', 'a "b"'],
    ['JSON', '{"msg":"a b","level":"error"}', '{"msg":"a b","level":"error"}'],
  ])('as CSV, and neither a time nor an id is taken for the line: %s', (_name, text, line) => {
    const field = text.replaceAll('"', '""');
    for (const time of ['2026-11-26T10:00:00.000Z', '2026-11-26 10:00:00.000', '1795687200000'])
      expect(
        linesOf(`"${time}","{""app"":""x""}","${field}","1795687200000000000","1795687200000000000_ab12cd34"`),
      ).toEqual([json({ labels: { app: 'x' }, line })]);
  });

  test('as CSV without a line stays as it is', () => {
    const row = '"2026-11-26T10:00:00.000Z","{""app"":""x""}"';
    expect(linesOf(row)).toEqual([row]);
  });

  test.each([klog, `${klog}, and ""`, 'level=error msg="a, b" err=""', '{"msg":"a","err":""}', '"a"" b', '""'])(
    'is not CSV: %s',
    (line) => {
      expect(linesOf(line)).toEqual([line]);
    },
  );

  test.each([
    ['a list', [{ line: klog, fields: { container: 'kube-apiserver' } }, { line: 'other' }]],
    ['an object with a list', { nextToken: null, events: [{ message: klog }, { message: 'other' }], more: [] }],
  ])('as JSON that is %s: each entry is a line', (_name, value) => {
    for (const text of [json(value), JSON.stringify(value, null, 2), `${json(value)}\n`])
      expect(linesOf(text).map((line) => logLine(line).text)).toEqual([message, 'other']);
  });

  test('as JSON with two lists: no entry is dropped', () => {
    expect(linesOf(json({ a: [{ message: 'one' }], b: [{ message: 'two' }] }))).toHaveLength(2);
  });

  test('other JSON is not a list of entries', () => {
    const status = json({ kind: 'Status', message: 'Unauthorized', details: { causes: [{ reason: 'a' }] } });
    const causes = [{ message: 'b' }];
    for (const line of [json({ message: 'a', causes }), json({ level: 'error', error: 'a', causes })])
      expect(linesOf(line)).toEqual([line]);
    for (const line of [status, json({ msg: 'a', errorCauses: [{ error: 'b' }] }), '[{]', '[pod/a/b] [{"a":1}]'])
      expect(linesOf(line)).toEqual([line]);
  });

  test('as JSON of journalctl: a message of bytes is text, without its secrets and colours', () => {
    const bytes = (text: string) => json({ SYSLOG_IDENTIFIER: 'kanidmd', MESSAGE: [...Buffer.from(text)] });
    const [line = ''] = linesOf(bytes('\u001b[31mERROR\u001b[0m password=hunter2 é'));
    expect(logLine(line)).toMatchObject({ text: 'ERROR password=<secret> é', programs: ['Kanidm'] });
    expect(logLine(line).shown).not.toMatch(/hunter2|104,117/);
    expect(linesOf('{"MESSAGE": [1,}')).toEqual(['{"MESSAGE": [1,}']);
  });
});

const app = 'an application';
test.each<[string, readonly string[], string?]>([
  ['kube-apiserver', ['kube-apiserver']],
  ['kubeapiserver', ['kube-apiserver']],
  ['vcluster', ['kube-apiserver']],
  ['syncer', ['kube-apiserver']],
  ['kube-scheduler', ['kube-scheduler']],
  ['default-scheduler', ['kube-scheduler']],
  ['kube-controller-manager', ['kube-controller-manager']],
  ['persistentvolume-binder', ['kube-controller-manager']],
  ['statefulset-controller', ['kube-controller-manager']],
  ['attachdetach-controller', ['kube-controller-manager']],
  ['kubelet', ['kubelet']],
  ['kubeadm', ['kubeadm']],
  ['kubectl-oidc_login', ['kubelogin']],
  ['kubelogin', ['kubelogin']],
  ['oidc-login', ['kubelogin']],
  ['kubectl', ['kubectl', 'kubelogin']],
  ['source-controller', ['Flux']],
  ['image-reflector-controller', ['Flux']],
  ['flux', ['Flux']],
  ['kanidm_client', ['the kanidm client']],
  ['kanidm_unixd', ['other']],
  ['kanidmd', ['Kanidm']],
  ['kanidm', ['Kanidm', 'the kanidm client']],
  ['containerd', ['containerd']],
  ['crio', ['containerd']],
  ['machined', ['Talos']],
  ['ingress-nginx', ['the ingress controller']],
  ['haproxy', ['the ingress controller']],
  ['firefox', ['the browser']],
  ['headlamp', [app], 'Headlamp'],
  ['oauth2-proxy', [app], 'oauth2-proxy'],
  ['argocd-server', [app], 'Argo CD'],
  ['grafana', [app], 'Grafana'],
  ['keycloak', ['other']],
  ['dex', [app], 'Dex'],
  ['forgejo', [app], 'Gitea or Forgejo'],
  ['etcd', ['other']],
  ['sshd', ['other']],
])('the name %s is that of one program, and only at the start of a name', (...[name, programs, application]) => {
  expect(speakerNamed(name)).toEqual({ programs, ...(application === undefined ? {} : { application }) });
  expect(speakerNamed(`my-${name}`)).toEqual({ programs: [app], application: `my-${name}`, isUnknown: true });
});

test.each(['k3s', 'rke2', 'kubelite', 'snap.microk8s.daemon-kubelite'])('%s runs many programs', (name) => {
  const programs = ['k3s', 'kube-apiserver', 'kubelet', 'kube-scheduler', 'kube-controller-manager', 'containerd'];
  expect(speakerNamed(name)).toEqual({ programs });
  expect(speakerNamed(`my-${name}`)).toMatchObject({ isUnknown: true });
});

test.each<[string, readonly string[], string?]>([
  ['oidc.go', ['kube-apiserver']],
  ['headlamp.go', [app], 'Headlamp'],
  ['get_token.go', ['kubelogin']],
  ['memcache.go', ['kubectl', app, 'other']],
  ['pod_workers.go', ['kubelet']],
  ['server.go', ['kubelet', 'other']],
  ['proxy.go', ['other']],
  ['auth.go', ['an application', 'other']],
  ['initconfiguration.go', ['kubeadm']],
  ['run.go', ['kube-apiserver', 'kubelet', 'kube-scheduler', 'kube-controller-manager', 'k3s', 'other']],
])('the file %s is logged from by few programs', (...[file, programs, application]) => {
  expect(speakerOfFile(file)).toEqual({ programs, ...(application === undefined ? {} : { application }) });
  expect(speakerOfFile(`my_${file}`)).toBeUndefined();
  expect(speakerOfFile(`${file}c`)).toBeUndefined();
});

test('the number of a line in the source is no message', () => {
  for (const line of [
    '{"file":"a.go","line":42,"error":"oidc: bad"}',
    'file=a.go line=42 level=error error="oidc: bad"',
  ])
    expect(logLine(line).text).toMatch(/^oidc: bad/);
});

test.each([
  ['[invalid-thing here] is no prefix of kubetail', undefined],
  ['foo-bar baz has no prefix of stern', undefined],
  ['12:30 is no number of a line', undefined],
  ['error: {"message":"a"} begins with a word, not with an address', undefined],
  ['a.log: is not the name of a file before a line', undefined],
])('%s', (line, programs) => {
  const { text, programs: found } = logLine(line);
  expect({ text, found }).toEqual({ text: line, found: programs });
});
