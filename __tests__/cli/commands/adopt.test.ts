import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { removeTemporary, temporary } from '../../output/folder';
import { run } from '../../run';

afterEach(removeTemporary);

/** Service accounts, as the kanidm client lists them. */
const accounts = readFileSync(join(__dirname, '../../fixtures/adopt/service_account.json'), 'utf8');

/** Returns a folder with such a list, and `adopt` in this folder. */
function folderWith(files: Record<string, string> = { accounts }) {
  const cwd = temporary();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  return { cwd, adopt: (...argv: string[]) => run(['adopt', ...argv], { cwd, stdin: async () => accounts }) };
}

test.each(['accounts', '-'])(
  '0 where all of %s is adopted: the config on standard output, the account beside it',
  async (file) => {
    const { code, stdout, stderr } = await folderWith().adopt(file, '--cluster', 'main');
    expect({ code, clusters: Object.keys(parse(stdout).clusters) }).toEqual({ code: 0, clusters: ['main'] });
    expect(stderr).not.toBe('');
  },
);

test('1 where something is not adopted as it is, and the account names it', async () => {
  const binding = JSON.stringify({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'team-view' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'someone-else' }],
  });
  const { code, stderr } = await folderWith({ accounts, binding }).adopt('accounts', 'binding');
  expect(code).toBe(1);
  expect(stderr).toContain('team-view');
});

test('--output writes the config, and never over a file', async () => {
  const { cwd, adopt } = folderWith();
  const printed = await adopt('accounts');
  expect(await adopt('accounts', '--output', 'new.yaml')).toMatchObject({ code: 0, stdout: '' });
  expect(readFileSync(join(cwd, 'new.yaml'), 'utf8')).toBe(printed.stdout);
  writeFileSync(join(cwd, 'new.yaml'), 'mine');
  expect(await adopt('accounts', '--output', 'new.yaml')).toMatchObject({ code: 2, stdout: '' });
  expect(readFileSync(join(cwd, 'new.yaml'), 'utf8')).toBe('mine');
});

test('beside a config that has everything, nothing is printed', async () => {
  const { cwd, adopt } = folderWith();
  writeFileSync(join(cwd, 'kaniflux.yaml'), (await adopt('accounts')).stdout);
  const { code, stdout, stderr } = await adopt('accounts', '-c', 'kaniflux.yaml');
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(stderr).toContain('kaniflux.yaml has everything that was read');
});

test.each([
  [[], 'nothing to read'],
  [['absent'], "absent can't be read"],
  [['.'], '. is a folder'],
  [['prose'], 'prose contains nothing that adopt can read'],
  [['accounts', '--cluster', 'No Name'], '--cluster is a name of lower-case letters'],
  [['accounts', '-c', 'broken'], 'broken is not valid YAML'],
  [['--kanidm', 'http://idm.example.com'], '--kanidm must be an https address'],
  [['--kanidm', 'https://idm.example.com'], 'KANIDM_TOKEN, which is not set'],
])('2 for %j, and nothing is written', async (argv, message) => {
  const { cwd, adopt } = folderWith({ accounts, prose: 'a: b\n', broken: 'a: [' });
  expect(await adopt(...argv)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
  expect(readdirSync(cwd).sort()).toEqual(['accounts', 'broken', 'prose']);
});

test('links to folders and links that lead nowhere are reported, and a link to a file is read', async () => {
  const { cwd, adopt } = folderWith();
  mkdirSync(join(cwd, 'folder'));
  symlinkSync('folder', join(cwd, 'to-folder'));
  symlinkSync('absent', join(cwd, 'to-nothing'));
  symlinkSync('accounts', join(cwd, 'to-file'));
  const { code, stdout, stderr } = await adopt('to-folder', 'to-nothing', 'to-file');
  expect({ code, stdout }).toEqual({ code: 1, stdout: (await adopt('accounts')).stdout });
  expect(stderr).toContain(
    'to-folder: a symbolic link: adopt does not understand this item; it leads to a folder: run adopt with the files in this folder\n',
  );
  expect(stderr).toContain(
    'to-nothing: a symbolic link: adopt does not understand this item; adopt cannot open the file to which it leads\n',
  );
});

test('a file that talhelper names is asked for only if it is not given', async () => {
  const { cwd, adopt } = folderWith();
  mkdirSync(join(cwd, 'talos'));
  writeFileSync(join(cwd, 'talos/talconfig.yaml'), 'talosVersion: v1.13.0\npatches: ["@./a.yaml", "@./b.yaml"]\n');
  writeFileSync(join(cwd, 'talos/a.yaml'), 'cluster: { apiServer: { extraArgs: { v: "2" } } }\n');
  const { stderr } = await adopt('./talos/talconfig.yaml', 'talos/a.yaml');
  expect(stderr.match(/patches\.\d is in the file .*/g)).toEqual([
    'patches.1 is in the file ./b.yaml: run adopt with this file too',
  ]);
});

test('a file is not asked for if a variable is at the beginning of its path, and the rest of the path was given', async () => {
  const { cwd, adopt } = folderWith();
  mkdirSync(join(cwd, 'patches'));
  const files = ['{{ ENV.DIR }}/patches/a.yaml', '<< inputs.dir >>/a.yaml', '{{ ENV.DIR }}/b.yaml', '{{ ENV.FILE }}'];
  const patches = files.map((file) => `@${file}`);
  writeFileSync(join(cwd, 'talconfig.yaml'), JSON.stringify({ talosVersion: 'v1.13.0', patches }));
  writeFileSync(join(cwd, 'patches/a.yaml'), 'cluster: { apiServer: { extraArgs: { v: "2" } } }\n');
  const { stderr } = await adopt('talconfig.yaml', './patches/a.yaml');
  expect(stderr.match(/patches\.\d is in the file/g)).toEqual(['patches.2 is in the file', 'patches.3 is in the file']);
});

test('a HelmRelease is read with the objects of other files, in any order', async () => {
  const flux = (kind: string, spec: object) => JSON.stringify({ apiVersion, kind, metadata: { name: 'kanidm' }, spec });
  const apiVersion = 'helm.toolkit.fluxcd.io/v2';
  const chart = { spec: { chart: 'kanidm', version: '1.2.3', sourceRef: { kind: 'HelmRepository', name: 'kanidm' } } };
  const url = 'https://charts.example.com';
  const values = { domain: 'idm.example.com' };
  const { adopt } = folderWith({
    release: flux('HelmRelease', { chart, values }),
    general: flux('HelmRelease', { chartRef: { kind: 'OCIRepository', name: 'kanidm' }, values }),
    repository: flux('HelmRepository', { url }),
    other: flux('HelmRepository', { url: 'https://other.example.com' }),
    oci: flux('OCIRepository', { url: 'oci://ghcr.io/bjw-s-labs/helm/app-template' }),
  });
  const helm = async (...files: string[]) => parse((await adopt(...files)).stdout).kanidm.helm;
  expect(await helm('release', 'repository')).toMatchObject({ repository: url });
  expect(await helm('repository', 'release')).toMatchObject({ repository: url });
  // It is not known which of the two is used.
  expect(await helm('release', 'repository', 'other')).toMatchObject({ repository: null });
  expect(await helm('general')).toMatchObject({ chart: null });
  expect((await adopt('general', 'oci')).stderr).toContain('general, oci contain nothing');
});

describe('a HelmRelease takes from other files', () => {
  const object = (kind: string, name: string, fields: object, namespace?: string) =>
    JSON.stringify({ apiVersion: 'helm.toolkit.fluxcd.io/v2', kind, metadata: { name, namespace }, ...fields });
  const sourceRef = { kind: 'HelmRepository', name: 'kanidm' };
  const spec = { chart: { spec: { chart: 'kanidm', version: '1.2.3', sourceRef } } };
  const url = 'https://charts.example.com';
  const data = { 'values.yaml': 'domain: idm.example.com' };
  const unread = 'adopt does not read the ConfigMap values';

  test.each<[string, (string | undefined)[], string, boolean]>([
    ['objects without a namespace in the same folder', [undefined, undefined, undefined], 'app', true],
    ['no objects without a namespace in another folder', [undefined, undefined, undefined], 'other', false],
    ['objects in its namespace', ['kanidm', 'kanidm', 'kanidm'], 'other', true],
    ['no objects of a namespace if it has none', [undefined, 'grafana', 'other'], 'app', false],
    ['no objects without a namespace if it has one', ['kanidm', undefined, undefined], 'app', false],
  ])('%s', async (_name, [release, map, repository], folder, isTaken) => {
    const { cwd, adopt } = folderWith({});
    for (const one of ['app', 'other']) mkdirSync(join(cwd, one));
    const valuesFrom = [{ kind: 'ConfigMap', name: 'values' }];
    writeFileSync(
      join(cwd, 'app/hr.yaml'),
      object('HelmRelease', 'kanidm', { spec: { ...spec, valuesFrom } }, release),
    );
    writeFileSync(join(cwd, folder, 'map.yaml'), object('ConfigMap', 'values', { data }, map));
    writeFileSync(join(cwd, folder, 'repo.yaml'), object('HelmRepository', 'kanidm', { spec: { url } }, repository));
    const { stdout, stderr } = await adopt('app/hr.yaml', `${folder}/map.yaml`, `${folder}/repo.yaml`);
    const { domain, helm } = parse(stdout).kanidm;
    expect([domain === 'idm.example.com', helm.repository]).toEqual([isTaken, isTaken ? url : null]);
    expect(stderr.includes(unread)).toBe(!isTaken);
  });
});

test('if many files have nothing to read, the error names a few of them, and what to give instead of each', async () => {
  const nix = 'services.kanidm = { };';
  const names = Array.from({ length: 9 }, (_, i) => `file${i}`);
  const texts = { nix, other: nix, 'a.yaml': '{{ x }}\nkind: AuthenticationConfiguration' };
  const { adopt } = folderWith({ ...Object.fromEntries(names.map((name) => [name, 'prose'])), ...texts });
  const { code, stderr } = await adopt(...names, ...Object.keys(texts));
  expect(code).toBe(2);
  expect(stderr).toBe(
    `kaniflux: file0, file1, file2, file3, file4 and 7 more files contain nothing that adopt can read:
  nix, other: the file sets \`services.kanidm\`, but adopt does not read Nix: run adopt with the JSON state of kanidm-provision and the \`server.toml\`
  a.yaml: it contains an AuthenticationConfiguration: run adopt with this document in a file of its own, in YAML or JSON
`,
  );
  expect((await adopt(...names)).stderr).toBe(
    'kaniflux: file0, file1, file2, file3, file4 and 4 more files contain nothing that adopt can read; see `kaniflux adopt --help`\n',
  );
});

test('an AuthenticationConfiguration in a Secret is asked for only if it was not read', async () => {
  const path = '/etc/kubernetes/authn.yaml';
  const contentFrom = { secret: { name: 'authn', key: 'a' } };
  const extraArgs = { 'authentication-config': path };
  const plane = JSON.stringify({
    apiVersion: 'controlplane.cluster.x-k8s.io/v1beta1',
    kind: 'KubeadmControlPlane',
    spec: {
      kubeadmConfigSpec: { clusterConfiguration: { apiServer: { extraArgs } }, files: [{ path, contentFrom }] },
    },
  });
  const content = JSON.stringify({
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'AuthenticationConfiguration',
    jwt: [
      {
        issuer: { url: 'https://idm.example.com/oauth2/openid/k8s', audiences: ['k8s'] },
        claimMappings: { username: { claim: 'sub', prefix: 'k:' } },
      },
    ],
  });
  const secret = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'authn' },
    data: { a: Buffer.from(content).toString('base64') },
  });
  const { adopt } = folderWith({ plane, both: `${plane}\n---\n${secret}\n` });
  const unread = `the API server reads ${path}, and adopt did not: run adopt with the Secret authn too`;
  expect((await adopt('plane')).stderr).toContain(unread);
  expect((await adopt('both')).stderr).not.toContain('adopt did not:');
});

describe('--kanidm-ca', () => {
  const [pem, otherPem] = ['MIIB', 'MIIC'].map(
    (text) => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`,
  ) as [string, string];
  const flags = (more: string) =>
    `kube-apiserver --oidc-issuer-url=https://idm.example.com/oauth2/openid/k8s --oidc-client-id=k8s --oidc-signing-algs=ES256 ${more}`;
  const structured = (pem: string) =>
    JSON.stringify({
      apiVersion: 'apiserver.config.k8s.io/v1',
      kind: 'AuthenticationConfiguration',
      jwt: [
        {
          issuer: { url: 'https://idm.example.com/oauth2/openid/k8s', audiences: ['k8s'], certificateAuthority: pem },
          claimMappings: { username: { claim: 'sub', prefix: 'k:' } },
        },
      ],
    });
  const nodePath = '/etc/kubernetes/pki/kanidm-ca.crt';
  const onNodes = flags(`--oidc-ca-file=${nodePath}`);
  const files = { 'ca.crt': pem, onNodes, none: flags(''), inFile: structured(pem), other: structured(otherPem) };

  const controlPlane = (issuer: string, file: object) =>
    JSON.stringify({
      apiVersion: 'controlplane.cluster.x-k8s.io/v1beta1',
      kind: 'KubeadmControlPlane',
      spec: {
        kubeadmConfigSpec: {
          clusterConfiguration: {
            apiServer: {
              extraArgs: { 'oidc-issuer-url': issuer, 'oidc-client-id': 'k8s', 'oidc-ca-file': nodePath },
            },
          },
          files: [{ path: nodePath, ...file }],
        },
      },
    });

  /** Returns `authentication.ca` of the config, and what the report says about the CA. */
  async function adopted(...argv: string[]) {
    const { cwd, adopt } = folderWith(files);
    const { code, stderr } = await adopt(...argv, '--output', 'kaniflux.yaml');
    const written = readdirSync(cwd).filter((file) => file.endsWith('-oidc-ca.crt'));
    const { authentication } = parse(readFileSync(join(cwd, 'kaniflux.yaml'), 'utf8')).clusters.homelab;
    const texts = written.map((file) => readFileSync(join(cwd, file), 'utf8'));
    return { code, stderr, ca: authentication?.ca, texts };
  }

  test('is beside the path on the nodes that the flags name', async () => {
    const { ca, texts, stderr } = await adopted('onNodes', '--kanidm-ca', 'ca.crt');
    expect({ ca, texts }).toEqual({ ca: { nodePath, file: 'homelab-oidc-ca.crt' }, texts: [pem] });
    expect(stderr).not.toContain('CA of Kanidm');
  });

  test('is what the next steps ask for, where only its path is known', async () => {
    const { ca, texts, stderr } = await adopted('onNodes');
    expect({ ca, texts }).toEqual({ ca: { nodePath }, texts: [] });
    expect(stderr).toContain(`copy the CA of Kanidm (${nodePath} on the control-plane nodes) next to the config`);
  });

  test('of another issuer in a second document is not the one of Kanidm', async () => {
    const { cwd, adopt } = folderWith({
      ...files,
      'dex.yaml': controlPlane('https://dex.example.com', { content: pem }),
    });
    await adopt('onNodes', 'dex.yaml', '--output', 'kaniflux.yaml');
    expect(readdirSync(cwd).filter((file) => file.endsWith('.crt'))).toEqual(['ca.crt']);
  });

  test('is in the document that names its path', async () => {
    const issuer = 'https://idm.example.com/oauth2/openid/k8s';
    const { cwd, adopt } = folderWith({ 'a.yaml': controlPlane(issuer, { content: pem }) });
    await adopt('a.yaml', '--output', 'kaniflux.yaml');
    expect(readFileSync(join(cwd, 'homelab-oidc-ca.crt'), 'utf8')).toBe(pem);
    const { authentication } = parse(readFileSync(join(cwd, 'kaniflux.yaml'), 'utf8')).clusters.homelab;
    expect(authentication.ca).toEqual({ nodePath, file: 'homelab-oidc-ca.crt' });
  });

  test('is not asked for again if it is in a Secret, and was given', async () => {
    const issuer = 'https://idm.example.com/oauth2/openid/k8s';
    const contentFrom = { secret: { name: 'ca', key: 'ca' } };
    const { adopt } = folderWith({ ...files, 'a.yaml': controlPlane(issuer, { contentFrom }) });
    const unread = `the API server reads ${nodePath}, and adopt did not`;
    expect((await adopt('a.yaml')).stderr).toContain(unread);
    expect((await adopt('a.yaml', '--kanidm-ca', 'ca.crt')).stderr).not.toContain(unread);
  });

  test('that an AuthenticationConfiguration has too is taken once', async () => {
    const { ca, texts, stderr } = await adopted('inFile', '--kanidm-ca', 'ca.crt');
    expect({ ca, texts }).toEqual({ ca: { file: 'homelab-oidc-ca.crt' }, texts: [pem] });
    expect(stderr).not.toContain('CA of Kanidm');
  });

  test.each([
    ['other', /ca\.crt: CA of Kanidm: the config has another CA, from the settings of the API server/],
    [
      'none',
      /ca\.crt: CA of Kanidm: adopt takes the CA for Kanidm only from the settings of the API server, which contain none/,
    ],
  ])('that the API server has not is not taken: %s', async (file, text) => {
    const { ca, texts, stderr, code } = await adopted(file, '--kanidm-ca', 'ca.crt');
    expect(stderr).toMatch(text);
    expect({ code, texts, ca }).toEqual(
      file === 'none'
        ? { code: 1, texts: [], ca: undefined }
        : { code: 1, texts: [otherPem], ca: { file: 'homelab-oidc-ca.crt' } },
    );
  });

  test('a private key in the file is not copied, and a file without a certificate is refused', async () => {
    const key = '-----BEGIN PRIVATE KEY-----\nR2VoZWlt\n-----END PRIVATE KEY-----\n';
    const { cwd, adopt } = folderWith({ onNodes, both: `${key}# ours\n${pem}`, key });
    await adopt('onNodes', '--kanidm-ca', 'both', '--output', 'kaniflux.yaml');
    expect(readFileSync(join(cwd, 'homelab-oidc-ca.crt'), 'utf8')).toBe(pem);
    expect(await adopt('onNodes', '--kanidm-ca', 'key')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('key has no certificate'),
    });
    expect(await adopt('--kanidm-ca', 'both')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nothing to read'),
    });
  });
});
