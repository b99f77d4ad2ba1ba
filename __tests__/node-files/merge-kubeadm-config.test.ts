import { parse, parseAllDocuments, stringify } from 'yaml';
import { clusterSettings } from '../../lib/node-files/control-plane-files';
import { kubeadmMerge } from '../../lib/node-files/merge-kubeadm-config';
import fc from '../fast-check';
import { clusterOf } from './cluster';

const settingsOf = (change: object = {}) => {
  const { config, cluster } = clusterOf(change);
  return clusterSettings(config, cluster);
};
const flags = settingsOf();
const withFile = settingsOf({ kubernetes: '1.34', authentication: { method: 'structured' } });
const issuer = 'https://sso.kammel.dev/oauth2/openid/k8s';
const authenticationConfig = withFile.files[0]?.text ?? '';
const v1beta4 = (apiServer?: object) =>
  stringify({
    apiVersion: 'kubeadm.k8s.io/v1beta4',
    kind: 'ClusterConfiguration',
    ...(apiServer ? { apiServer } : {}),
  });
const v1beta3 = (extraArgs: object) =>
  stringify({ apiVersion: 'kubeadm.k8s.io/v1beta3', kind: 'ClusterConfiguration', apiServer: { extraArgs } });

const own = `# made by hand
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
kubernetesVersion: v1.34.4
networking: {podSubnet: 10.244.0.0/16}
apiServer:
  certSANs:
    - api.example.com # the balancer
  extraArgs:
    - name: audit-log-path
      value: /var/log/audit.log
    - name: oidc-issuer-url
      value: ${issuer}
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
localAPIEndpoint:
  advertiseAddress: 192.0.2.10
`;

test('everything that was there stays, comments and other documents too', () => {
  expect(kubeadmMerge(own, flags)).toMatchSnapshot();
});

describe('comments', () => {
  const v1beta4Head = 'apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\n';
  const v1beta3Head = v1beta4Head.replace('v1beta4', 'v1beta3');
  const args = (...lines: readonly string[]) =>
    `${v1beta4Head}apiServer:\n  extraArgs:\n${lines.map((line) => `    ${line}\n`).join('')}`;

  test.each<[string, string, readonly string[]]>([
    [
      'in an empty map',
      `${v1beta4Head}apiServer:\n  # extraArgs:\n  #   - name: a\n`,
      ['  # extraArgs:\n', '  #   - name: a\n'],
    ],
    [
      'in an empty list',
      `${v1beta4Head}apiServer:\n  extraArgs: # none so far\n    # - name: a\n`,
      ['# none so far\n', '# - name: a\n'],
    ],
    ['in an empty map of v1beta3', `${v1beta3Head}apiServer:\n  extraArgs:\n    # a: b\n`, ['    # a: b\n']],
    [
      'in an empty document',
      `${v1beta4Head}---\n# only this\n\n# and this\n---\nkind: InitConfiguration\n`,
      ['# only this\n\n# and this\n---\nkind: InitConfiguration\n'],
    ],
    ['in an empty document at the start', `---\n# only this\n---\n${v1beta4Head}`, ['# only this\n---\n']],
  ])('%s stay', (_, text, comments) => {
    const merged = kubeadmMerge(text, flags);
    for (const comment of comments) expect(merged).toContain(comment);
    for (const document of parseAllDocuments(merged)) expect(document.toJS()).not.toBeNull();
    expect(kubeadmMerge(merged, flags)).toBe(merged);
  });

  const v = ['# verbose', '- name: v', '  value: "2"'];
  const dex = ['# dex, do not remove', '- name: oidc-issuer-url', '  value: https://dex.example.com'];
  test('on an argument that --replace removes do not move to the next one', () => {
    const merged = kubeadmMerge(args(...dex, ...v), flags, { replace: true });
    expect(merged).not.toContain('dex');
    expect(merged).toContain(args(...v));
    const map = `${v1beta3Head}apiServer:\n  extraArgs:\n    # dex\n    oidc-client-id: dex\n    # verbose\n    v: "2"\n`;
    expect(kubeadmMerge(map, flags, { replace: true })).toContain('  extraArgs:\n    # verbose\n    v: "2"\n');
  });

  test('on the first argument stay if --replace removes another one', () => {
    expect(kubeadmMerge(args(...v, ...dex), flags, { replace: true })).toContain(args(...v));
  });
});

test('merging again changes nothing', () => {
  for (const settings of [flags, withFile]) {
    const once = kubeadmMerge(v1beta4({ extraVolumes: [] }), settings);
    expect(kubeadmMerge(once, settings)).toBe(once);
  }
});

test('JSON becomes YAML, because kubeadm reads a document that begins with a brace as JSON', () => {
  const json = parse(v1beta4({ certSANs: ['api.example.com'] }));
  const merged = kubeadmMerge(JSON.stringify(json), flags);
  expect(merged).toMatch(/^"?apiVersion/);
  expect(parse(merged)).toEqual(parse(kubeadmMerge(stringify(json), flags)));
  expect(kubeadmMerge(v1beta4().concat('apiServer: {certSANs: [a]}\n'), flags)).toContain(
    '\napiServer: {certSANs: [a],',
  );
});

test('a configuration without apiServer gets one', () => {
  expect(parse(kubeadmMerge(v1beta4(), flags)).apiServer.extraArgs).toEqual([
    { name: 'oidc-issuer-url', value: issuer },
    { name: 'oidc-client-id', value: 'k8s' },
    { name: 'oidc-signing-algs', value: 'ES256' },
  ]);
  expect(parse(kubeadmMerge(v1beta3({ v: '2' }), flags)).apiServer.extraArgs).toEqual({
    v: '2',
    'oidc-issuer-url': issuer,
    'oidc-client-id': 'k8s',
    'oidc-signing-algs': 'ES256',
  });
});

test('the folder with the file is mounted once', () => {
  const volume = { name: 'mine', hostPath: '/etc/kubernetes/kaniflux', mountPath: '/etc/kubernetes/kaniflux' };
  const volumes = (text: string) => parse(kubeadmMerge(text, withFile)).apiServer.extraVolumes;
  expect(volumes(v1beta4({ extraVolumes: [volume] }))).toEqual([volume]);
  expect(volumes(v1beta4())).toEqual([{ ...volume, name: 'kaniflux', readOnly: true, pathType: 'DirectoryOrCreate' }]);
});

describe('arguments that say something else', () => {
  const other = v1beta4({
    extraArgs: [
      { name: 'oidc-issuer-url', value: 'https://idm.example.com' },
      { name: 'oidc-groups-claim', value: 'roles' },
      { name: 'v', value: '2' },
    ],
  });

  test('are refused, all of them named', () => {
    expect(() => kubeadmMerge(other, flags)).toThrow(
      'the cluster has conflicting arguments:\n' +
        '  --oidc-issuer-url=https://idm.example.com\n  --oidc-groups-claim=roles\n' +
        'remove them, or merge with --replace',
    );
  });

  test('are taken out with --replace, and nothing else is', () => {
    const { extraArgs } = parse(kubeadmMerge(other, flags, { replace: true })).apiServer;
    expect(extraArgs.map(({ name }: { name: string }) => name)).toEqual([
      'v',
      'oidc-issuer-url',
      'oidc-client-id',
      'oidc-signing-algs',
    ]);
    expect(extraArgs[1].value).toBe(issuer);
  });

  test('are taken out even if nothing else is missing', () => {
    const args = [...flags.args, { name: 'oidc-groups-claim', value: 'roles' }];
    const merged = kubeadmMerge(v1beta4({ extraArgs: args }), flags, { replace: true });
    expect(parse(merged).apiServer.extraArgs).toEqual(flags.args);
  });

  test('are those of the other method too: kube-apiserver exits with both', () => {
    const oidc = kubeadmMerge(v1beta4(), flags);
    expect(() => kubeadmMerge(oidc, withFile)).toThrow('--oidc-issuer-url');
    expect(kubeadmMerge(oidc, withFile, { replace: true })).not.toContain('oidc-');
    expect(() => kubeadmMerge(kubeadmMerge(v1beta4(), withFile), flags)).toThrow('--authentication-config');
  });

  test('are found in a map as well', () => {
    const text = v1beta3({ 'oidc-client-id': 'other' });
    expect(() => kubeadmMerge(text, flags)).toThrow('--oidc-client-id=other');
    expect(parse(kubeadmMerge(text, flags, { replace: true })).apiServer.extraArgs['oidc-client-id']).toBe('k8s');
  });

  test('are not replaced unseen where they name a file with issuers', () => {
    const present = v1beta4({ extraArgs: [{ name: 'authentication-config', value: '/etc/kubernetes/auth.yaml' }] });
    for (const settings of [flags, withFile]) {
      expect(() => kubeadmMerge(present, settings, { replace: true })).toThrow(
        'the merge would replace --authentication-config=/etc/kubernetes/auth.yaml, and the API server would no longer trust the issuers in that file',
      );
      const merged = kubeadmMerge(present, settings, { replace: true, authenticationConfig });
      expect(parse(merged).apiServer.extraArgs).toEqual(settings.args);
    }
  });

  test('cannot become flags where the file has another issuer', () => {
    const present = v1beta4({ extraArgs: [{ name: 'authentication-config', value: '/etc/kubernetes/auth.yaml' }] });
    const others = authenticationConfig.replace(issuer, 'https://ci.example.com');
    expect(() => kubeadmMerge(present, flags, { replace: true, authenticationConfig: others })).toThrow(
      'the AuthenticationConfiguration also trusts https://ci.example.com, but flags can configure only one issuer',
    );
  });

  test('take the folder of an earlier merge with them, and no other', () => {
    const volume = { name: 'audit', hostPath: '/var/log', mountPath: '/var/log' };
    const back = (text: string) =>
      parse(kubeadmMerge(kubeadmMerge(text, withFile), flags, { replace: true, authenticationConfig })).apiServer;
    expect(back(v1beta4())).toEqual({ extraArgs: flags.args });
    expect(back(v1beta4({ extraVolumes: [volume] })).extraVolumes).toEqual([volume]);
  });

  test('a volume of our name elsewhere is refused', () => {
    const text = v1beta4({ extraVolumes: [{ name: 'kaniflux', hostPath: '/srv', mountPath: '/srv' }] });
    expect(() => kubeadmMerge(text, withFile)).toThrow(
      'has the same name or mount path as `kaniflux` (/srv) in the ClusterConfiguration',
    );
    expect(parse(kubeadmMerge(text, withFile, { replace: true })).apiServer.extraVolumes).toHaveLength(1);
  });
});

test.each([
  [
    ' \n',
    "standard input is empty; kubectl -n kube-system get configmap kubeadm-config -o jsonpath='{.data.ClusterConfiguration}' prints the ClusterConfiguration of the cluster",
  ],
  ['a: [', /^standard input is not valid YAML: [^\n]+$/],
  ['kind: A\n---\nkind: B', 'contains no ClusterConfiguration, but A, B; kubectl -n kube-system'],
  [
    'apiVersion: x\nkind: ClusterConfiguration',
    'expected a ClusterConfiguration of v1beta3 or v1beta4, found `x`; convert it with `kubeadm config migrate`',
  ],
  ['a: [', 'standard input is not valid YAML'],
  ['a: 1\na: 2', 'standard input is not valid YAML'],
  [`${v1beta4()}x: *nowhere\n`, "can't be resolved"],
  [
    `${v1beta4()}a: &a [${'x,'.repeat(20)}]\nb: &b [${'*a,'.repeat(20)}]\nc: [${'*b,'.repeat(20)}]\n`,
    "can't be resolved",
  ],
  [`${v1beta4()}x: ${'['.repeat(9000)}${']'.repeat(9000)}\n`, 'standard input'],
  ['just words', 'contains no ClusterConfiguration;'],
  ['kind: InitConfiguration', 'contains no ClusterConfiguration, but InitConfiguration;'],
  ['kind: ConfigMap\ndata: {}', 'but a ConfigMap that contains one'],
  [`${v1beta4()}---\n${v1beta4()}`, 'several ClusterConfigurations'],
  ['apiVersion: kubeadm.k8s.io/v1\nkind: ClusterConfiguration', 'found `kubeadm.k8s.io/v1`'],
  ['kind: ClusterConfiguration', 'found `undefined`'],
  [v1beta4({ extraArgs: { v: '2' } }), 'to be a list of `name` and `value`'],
  [v1beta4({ extraArgs: ['v=2'] }), 'to be a list of `name` and `value`'],
  [v1beta4({ extraArgs: [{ value: '2' }] }), 'to be a list of `name` and `value`'],
  [v1beta4({ extraArgs: [{ name: 2, value: '2' }] }), 'to be a list of `name` and `value`'],
  [v1beta3([]), 'to be a map, as in v1beta3'],
  [v1beta4([]), '`apiServer` of the ClusterConfiguration must be a map'],
  [v1beta4({ extraArgs: 'v' }), 'to be a list of `name` and `value`'],
  ['# only a comment', 'contains no ClusterConfiguration;'],
  ['- kind: ClusterConfiguration', 'contains no ClusterConfiguration;'],
  ['apiVersion: kubeadm.k8s.io/v1beta2\nkind: ClusterConfiguration', 'found `kubeadm.k8s.io/v1beta2`'],
  ['apiVersion: v1\nkind: ClusterConfiguration', 'found `v1`'],
  [
    `${v1beta4()}x: &args [{ name: v, value: "2" }]\napiServer: { extraArgs: *args }`,
    'must be a list, and must not be an alias',
  ],
  [`${v1beta4()}x: &mine { certSANs: [] }\napiServer: *mine`, 'must be a map, and must not be an alias'],
  [
    `${v1beta4()}apiServer: { extraArgs: &args [{ name: v, value: "2" }] }\nscheduler: { extraArgs: *args }`,
    '`apiServer.extraArgs` of the ClusterConfiguration has the anchor `&args`',
  ],
  [`${v1beta4()}apiServer: &mine { certSANs: [] }\nx: *mine`, '`apiServer` of the ClusterConfiguration has the anchor'],
  [
    `${v1beta4()}x: &base { extraArgs: [{ name: v, value: "2" }] }\napiServer: { <<: *base }`,
    '`apiServer` of the ClusterConfiguration has a merge key',
  ],
])('%j is refused', (text, message) => {
  expect(() => kubeadmMerge(text, flags)).toThrow(expect.objectContaining({ name: 'MergeError' }));
  expect(() => kubeadmMerge(text, flags)).toThrow(message);
});

test.each([
  [
    `--- &all\n${v1beta4()}`,
    'the ClusterConfiguration has the anchor `&all`, and a change would also change its aliases',
  ],
  [`x: &x { a: 1 }\n${v1beta4()}<<: *x\n`, 'the ClusterConfiguration has a merge key (`<<`): replace it by the values'],
  [
    `${v1beta4()}x: &base { v: "2" }\napiServer: { extraArgs: { <<: *base } }`.replace('v1beta4', 'v1beta3'),
    '`extraArgs` of the ClusterConfiguration has a merge key',
  ],
  [v1beta4({ extraVolumes: 'x' }), '`apiServer.extraVolumes` of the ClusterConfiguration must be a list'],
  [v1beta4({ extraVolumes: ['x'] }), 'expected `apiServer.extraVolumes` to be a list of volumes'],
])('%j is refused for settings with a file', (text, message) => {
  expect(() => kubeadmMerge(text, withFile)).toThrow(expect.objectContaining({ name: 'MergeError' }));
  expect(() => kubeadmMerge(text, withFile)).toThrow(message);
});

test.each(['apiServer:\n', 'apiServer:\n  extraArgs:\n  extraVolumes:\n'])('%j counts as absent', (part) => {
  const { extraArgs, extraVolumes } = parse(kubeadmMerge(v1beta4() + part, withFile)).apiServer;
  expect(extraArgs).toEqual(withFile.args);
  expect(extraVolumes).toHaveLength(1);
});

test('arguments behind an alias stay if they are complete', () => {
  const text = `${v1beta4()}x: &args\n${stringify(flags.args).replace(/^/gm, '  ')}\napiServer: { extraArgs: *args }\n`;
  expect(parse(kubeadmMerge(text, flags))).toEqual(parse(text));
});

test('a value that is no text counts as the text', () => {
  const settings = { ...flags, args: [{ name: 'v', value: '2' }], excludes: /^v$/ };
  for (const text of [v1beta3({ v: 2 }), v1beta4({ extraArgs: [{ name: 'v', value: 2 }] })]) {
    expect(kubeadmMerge(text, settings)).toBe(text);
    expect(() => kubeadmMerge(text, { ...settings, args: [{ name: 'v', value: '3' }] })).toThrow('\n  --v=2\n');
  }
});

test('two arguments of one name fit into a list, and not into a map', () => {
  const args = ['a=1', 'b=2'].map((value) => ({ name: 'oidc-required-claim', value }));
  const settings = { ...flags, args };
  expect(parse(kubeadmMerge(v1beta4(), settings)).apiServer.extraArgs).toEqual(args);
  expect(() => kubeadmMerge(v1beta3({ v: '2' }), settings)).toThrow(
    "--oidc-required-claim is needed twice, which v1beta3 can't represent; migrate to v1beta4",
  );
});

describe('an alias of a list item', () => {
  const withItem = (item: string) => `${v1beta4()}x: &item ${item}\napiServer: { extraArgs: [*item] }\n`;

  test('is removed with what it names', () => {
    const text = withItem('{ name: oidc-client-id, value: other }');
    const { x, apiServer } = parse(kubeadmMerge(text, flags, { replace: true }));
    expect(x).toEqual({ name: 'oidc-client-id', value: 'other' });
    expect(apiServer.extraArgs).toEqual(flags.args);
  });

  test('stays if what it names stays', () => {
    const { extraArgs } = parse(kubeadmMerge(withItem('{ name: v, value: "2" }'), flags)).apiServer;
    expect(extraArgs).toEqual([{ name: 'v', value: '2' }, ...flags.args]);
  });

  test('is an error if what it names is removed', () => {
    const item = '&item { name: oidc-client-id, value: other }';
    const text = `${v1beta4()}apiServer: { extraArgs: [${item}] }\nx: *item\n`;
    expect(() => kubeadmMerge(text, flags, { replace: true })).toThrow(
      /^the ClusterConfiguration can't be written \(.+\): replace each YAML alias by its value$/s,
    );
  });
});

test('an AuthenticationConfiguration with two other issuers', () => {
  const [a, b] = ['https://a.example.com', 'https://b.example.com'];
  const present = v1beta4({ extraArgs: [{ name: 'authentication-config', value: '/etc/kubernetes/auth.yaml' }] });
  const jwt = [a, issuer, b].map((url) => ({ issuer: { url } }));
  const others = stringify({ ...parse(authenticationConfig), jwt });
  expect(() => kubeadmMerge(present, flags, { replace: true, authenticationConfig: others })).toThrow(
    `the AuthenticationConfiguration also trusts ${a}, ${b}, but flags can configure only one issuer: write \`authentication: { method: structured }\` into the config, or remove the other issuers from the file that you pass with --authentication-config`,
  );
  expect(parse(kubeadmMerge(v1beta4(), withFile, { authenticationConfig: others })).apiServer.extraArgs).toEqual(
    withFile.args,
  );
});

describe('volumes', () => {
  const path = '/etc/kubernetes/kaniflux';
  const volume = (name: string, hostPath: string, mountPath = hostPath) => ({ name, hostPath, mountPath });
  const own = { ...volume('kaniflux', path), readOnly: true, pathType: 'DirectoryOrCreate' };
  const merged = (volumes: object[], replace = true, settings = withFile) =>
    parse(kubeadmMerge(v1beta4({ extraVolumes: volumes }), settings, { replace })).apiServer.extraVolumes;

  test.each<[string, object[], object[]]>([
    ['of an earlier merge, elsewhere', [volume('kaniflux', '/a'), volume('kaniflux-12', '/b')], [own]],
    ['of another name', [volume('kaniflux-x', '/a')], [volume('kaniflux-x', '/a'), own]],
    ['of a longer name', [volume('xkaniflux', '/a')], [volume('xkaniflux', '/a'), own]],
    ['that are mounted elsewhere', [volume('kaniflux-2', '/a', '/b')], [volume('kaniflux-2', '/a', '/b'), own]],
    ['without a name', [{ hostPath: '/a', mountPath: '/a' }], [{ hostPath: '/a', mountPath: '/a' }, own]],
    ['at the same place of the pod', [volume('mine', '/a', path)], [own]],
    ['from the same folder of the node', [volume('mine', path, '/a')], [volume('mine', path, '/a'), own]],
    ['that are the same', [volume('mine', path)], [volume('mine', path)]],
    ['that are ours', [own, volume('mine', '/a')], [own, volume('mine', '/a')]],
  ])('with --replace: %s', (_, before, after) => expect(merged(before)).toEqual(after));

  test('without --replace those of an earlier merge stay', () => {
    expect(merged([volume('kaniflux-2', '/a')], false)).toEqual([volume('kaniflux-2', '/a'), own]);
  });

  test('in conflict are all named', () => {
    expect(() => merged([volume('kaniflux', '/a', '/b'), volume('mine', '/c', path)], false)).toThrow(
      `the volume that Kaniflux adds for ${path} has the same name or mount path as \`kaniflux\` (/b), \`mine\` (${path}) in the ClusterConfiguration; change the name or mount path there, or merge with --replace`,
    );
  });

  test('behind an alias are compared as what they name', () => {
    const text = `${v1beta4()}x: &mine { name: mine, hostPath: ${path}, mountPath: ${path} }\napiServer: { extraVolumes: [*mine] }\n`;
    expect(parse(kubeadmMerge(text, withFile, { replace: true })).apiServer.extraVolumes).toEqual([
      volume('mine', path),
    ]);
  });

  test('stay, and so does a list of something else, if no file is needed', () => {
    expect(merged([volume('mine', '/a')], true, flags)).toEqual([volume('mine', '/a')]);
    expect(parse(kubeadmMerge(v1beta4({ extraVolumes: 'x' }), flags, { replace: true })).apiServer.extraVolumes).toBe(
      'x',
    );
  });
});

test('an anchor in a part that stays as it is does no harm', () => {
  const text = `${v1beta4()}apiServer: { certSANs: &names [a] }\nx: *names`;
  expect(parse(kubeadmMerge(text, flags))).toMatchObject({ apiServer: { certSANs: ['a'] }, x: ['a'] });
});

test.each([[null], ['audit'], [[]]])('an extraVolumes with %j in it is refused, not stumbled over', (volume) => {
  const text = v1beta4({ extraVolumes: [volume] });
  expect(() => kubeadmMerge(text, withFile)).toThrow(expect.objectContaining({ name: 'MergeError' }));
});

test('an argument without a value is an empty one, as kubeadm has it', () => {
  const text = v1beta4({ extraArgs: [{ name: 'oidc-client-id' }, { name: 'profiling' }] });
  expect(() => kubeadmMerge(text, flags)).toThrow('\n  --oidc-client-id=\n');
  const { extraArgs } = parse(kubeadmMerge(text, flags, { replace: true })).apiServer;
  expect(extraArgs).toEqual([{ name: 'profiling' }, ...flags.args]);
});

test('a document with nothing in it goes, and merging again changes nothing', () => {
  const once = kubeadmMerge(`---\n${v1beta4()}---\n---\nkind: KubeletConfiguration\n---\n`, flags);
  expect(parseAllDocuments(once)).toHaveLength(2);
  expect(kubeadmMerge(once, flags)).toBe(once);
});

/** As in the ConfigMap, where lists are not indented. */
const stored = `apiServer:
  certSANs:
  - api.example.com
  extraArgs:
  - name: authorization-mode
    value: Node,RBAC
  extraVolumes:
  - hostPath: /etc/kubernetes/audit
    mountPath: /etc/kubernetes/audit
    name: audit
apiVersion: kubeadm.k8s.io/v1beta4
caCertificateValidityPeriod: 87600h0m0s
dns: {}
kind: ClusterConfiguration
networking:
  podSubnet: 10.244.0.0/16
`;

test.each([
  ['as the ConfigMap holds it', stored],
  ['made by hand', own],
  ['with room in its braces', own.replace('{podSubnet: 10.244.0.0/16}', '{ podSubnet: 10.244.0.0/16 }')],
])('a configuration %s keeps every line: what a difference shows is ours', (_, text) => {
  const lines = kubeadmMerge(text, withFile, { replace: true }).split('\n');
  const rest = text.split('\n').filter((line) => !/oidc-issuer-url|value: https/.test(line));
  let at = 0;
  for (const line of lines) if (line === rest[at]) at++;
  expect(rest.slice(at)).toEqual([]);
});

test('nothing of any configuration is lost', () => {
  const word = fc.stringMatching(/^[a-z][a-z-]{0,8}$/).filter((name) => !/^(oidc-|authentication-)/.test(name));
  const args = fc.array(fc.record({ name: word, value: fc.string() }), { maxLength: 4 });
  const configuration = fc.record(
    {
      networking: fc.dictionary(word, fc.string()),
      certificatesDir: fc.string(),
      apiServer: fc.record(
        { certSANs: fc.array(fc.string()), extraArgs: args, timeoutForControlPlane: fc.string() },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(configuration, (given) => {
      const input = { apiVersion: 'kubeadm.k8s.io/v1beta4', kind: 'ClusterConfiguration', ...given };
      const { apiServer, ...rest } = parse(kubeadmMerge(stringify(input), flags));
      const { apiServer: before = {}, ...restBefore } = input;
      expect(rest).toEqual(restBefore);
      expect(apiServer).toEqual({ ...before, extraArgs: [...(before.extraArgs ?? []), ...flags.args] });
    }),
  );
});

describe('the volume for a CA on the nodes', () => {
  const volumesWith = (nodePath: string, configuration: object, kubernetes = '1.34') => {
    const settings = settingsOf({ kubernetes, authentication: { ca: { nodePath } } });
    const merged = kubeadmMerge(stringify({ ...parse(v1beta4()), ...configuration }), settings);
    return (parse(merged).apiServer.extraVolumes ?? []).map(({ mountPath }: { mountPath: string }) => mountPath);
  };
  const external = (path: string) => ({ etcd: { external: { caFile: `${path}/ca.crt`, certFile: `${path}/c.crt` } } });

  test.each([
    ['/etc/kubernetes/ssl/ca.crt', { certificatesDir: '/etc/kubernetes/ssl' }, []],
    ['/etc/kubernetes/ssl/ca.crt', { certificatesDir: '/etc/kubernetes/ssl/' }, []],
    ['/etc/kubernetes/ssl/ca.crt', {}, ['/etc/kubernetes/ssl']],
    ['/etc/kubernetes/pki/ca.crt', { certificatesDir: '/etc/kubernetes/ssl' }, ['/etc/kubernetes/pki']],
    ['/etc/kubernetes/pki/ca.crt', {}, []],
    ['/etc/etcd/ca.crt', external('/etc/etcd'), []],
    ['/etc/etcd/ca.crt', external('/etc/etcd-2'), ['/etc/etcd']],
  ])('%s in %j', (nodePath, configuration, volumes) => {
    expect(volumesWith(nodePath, configuration)).toEqual(volumes);
  });

  test('is there already, whether or not its paths end in a slash', () => {
    const volume = (path: string) => ({ name: 'own', hostPath: path, mountPath: path });
    const present = (path: string) => ({ apiServer: { extraVolumes: [volume(path)] } });
    expect(volumesWith('/etc/oidc/ca.crt', present('/etc/oidc/'))).toEqual(['/etc/oidc/']);
    expect(volumesWith('/etc/oidc/ca.crt', present('/etc/oidc-2/'))).toEqual(['/etc/oidc-2/', '/etc/oidc']);
  });
});

test.each([
  ['on', '"on"'],
  ['12_3', '"12_3"'],
  ['k8s', 'k8s'],
])('the value %s is written as %s, since kubeadm reads YAML 1.1', (value, written) => {
  const settings = { ...flags, args: [{ name: 'oidc-client-id', value }] };
  for (const text of [v1beta4(), v1beta3({ v: '2' })]) {
    expect(kubeadmMerge(text, settings)).toMatch(new RegExp(`: ${written}$`, 'm'));
  }
});

test('numbers are kept as they were written', () => {
  const kubelet = '---\nkind: KubeletConfiguration\na: [0110, 0x1F, 1e3, +5, 12345678901234567890, 1.10]\n';
  expect(kubeadmMerge(v1beta4() + kubelet, flags)).toContain(kubelet);
});
