import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { UserError } from '../../../lib/cli/command';
import { command } from '../../../lib/cli/commands/init';
import { configText } from '../../../lib/init/config-text';
import { newFiles, schemaAddress } from '../../../lib/init/init-files';
import { settingsOf } from '../../../lib/init/settings';
import { starts, startWords, stepsOf } from '../../../lib/init/starts';
import { supportedKinds } from '../../../lib/node-files/kinds/kinds';
import { version } from '../../../package.json';
import { load } from '../../config';
import { run } from '../../run';

const none = { general: {}, clusters: [], people: [] };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kaniflux-init-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = (path: string) => readFileSync(join(folder, path), 'utf8');
const every = [
  ['--domain', 'idm.example.com'],
  ['--cluster', 'homelab'],
  ['--server', 'https://192.0.2.10:6443/'],
  ['--kubernetes', 'v1.34.4+k3s1'],
  ['--control-plane', 'k3s'],
  [
    '--break-glass',
    'the kubeconfig in the safe: it has a certificate, and is tried on every first of the month by two people',
  ],
  ['--person', 'jane'],
  ['--person', 'joe'],
  ['--display-name', 'Jane Doe'],
  ['--display-name', 'Joe Bloggs'],
  ['--flux-source', 'OCIRepository/fleet/access'],
].flat();

describe('everything given makes a config without a blank', () => {
  test('with Kanidm deployed: nothing is to be known beforehand', async () => {
    expect(await run(['init', ...every], { cwd: folder })).toMatchObject({ code: 0, stdout: '' });
    expect(parse(read('kaniflux.yaml'))).toMatchObject({
      kanidm: { version: '1.11.1', provision: 'migrations', manifests: {} },
      flux: { source: { kind: 'OCIRepository', name: 'access', namespace: 'fleet' } },
      clusters: { homelab: { server: 'https://192.0.2.10:6443', kubernetes: '1.34.4', controlPlane: 'k3s' } },
    });
    expect(load(read('kaniflux.yaml')).findings).toEqual([]);
    const check = await run(['check'], { cwd: folder });
    expect([check.code, check.stdout]).toEqual([0, expect.not.stringMatching(/error|warning/)]);
  });

  test('with Kanidm elsewhere: UUIDs come from the runbook', async () => {
    await run(['init', ...every, '--start', 'existing-kanidm'], { cwd: folder });
    const { config, findings } = load(read('kaniflux.yaml'));
    expect(config?.kanidm).toMatchObject({ provision: 'runbook' });
    expect(findings.map(({ code }) => code)).toEqual(['person-uuid-unknown', 'person-uuid-unknown']);
    expect((await run(['synth'], { cwd: folder })).code).toBe(0);
  });

  test('with everything set up by hand, adopt writes it', async () => {
    const ran = await run(['init', ...every, '--start', 'existing-sign-in'], { cwd: folder });
    expect(() => read('kaniflux.yaml')).toThrow('ENOENT');
    expect(ran.stderr).toMatch(/Next:\n(.*\n)*.*npx kaniflux adopt --live --cluster homelab --output kaniflux\.yaml/);
    const unused = ran.stderr.split('\n').filter((line) => line.startsWith('not used: '));
    expect(unused).toHaveLength(8);
    expect(unused).toContain('not used: --person, because `kaniflux adopt` generates kaniflux.yaml');
    // The second time, the workflow is kept, which has the name of a config.
    const again = await run(['init', '--start', 'existing-sign-in', '--cluster', 'homelab'], { cwd: folder });
    expect(again.stderr).toContain('kept .github/workflows/kaniflux.yaml, which existed');
    expect(again.stderr).toContain('npx kaniflux adopt --live --cluster homelab --output kaniflux.yaml');
    expect(again.stderr).not.toContain('not used');
  });
});

describe('docs/start.md', () => {
  const page = readFileSync(join(__dirname, '../../../docs/start.md'), 'utf8');
  const plain = (text: string) => text.replaceAll('`', '').toLowerCase();
  const sections = new Map(page.split('\n## ').map((text) => [text.slice(0, text.indexOf('\n')), text]));

  test.each(starts)('has the steps of %s in their order, and the way back', (start) => {
    const section = sections.get(`\`${start}\`: ${startWords[start]}`) ?? '';
    const names = { cluster: 'homelab', person: 'jane', branch: 'main', kanidm: 'idm.example.com' };
    let from = 0;
    for (const { command } of stepsOf(start, names)) {
      const at = plain(section).indexOf(plain(command), from);
      expect([command, at > -1]).toEqual([command, true]);
      from = at + command.length;
    }
    expect(section).toContain('To go back');
  });
});

test.each([
  ['nothing', [], ['kanidm.domain', 'people', 'clusters']],
  ['a domain', ['--domain', 'idm.example.com'], ['people', 'clusters']],
  ['a cluster', ['--cluster', 'a'], ['kanidm.domain', 'people', 'server', 'kubernetes', 'people']],
  ['a person', ['--person', 'jane'], ['kanidm.domain', 'clusters']],
])('with %s given, check names every field that is missing', async (_, given, missing) => {
  await run(['init', ...given], { cwd: folder });
  const { config, findings } = load(read('kaniflux.yaml'));
  expect(config).toBeUndefined();
  const lines = read('kaniflux.yaml').split('\n');
  const named = findings
    .filter(({ code }) => code === 'wrong-type')
    .map(({ line }) => /^\s*(\w+):/.exec(lines[line - 1] ?? '')?.[1]);
  expect(named).toEqual(missing.map((path) => path.split('.').at(-1)));
});

test.each(['new-kanidm', 'existing-kanidm'])(
  'for %s, the lines below an empty field are valid without their #',
  async (start) => {
    await run(['init', '--start', start, '--domain', 'idm.example.com'], { cwd: folder });
    const { findings } = load(read('kaniflux.yaml'));
    const what = expect.stringContaining('remove the # from the lines below');
    expect(findings.map(({ excerpt }) => excerpt)).toEqual([what, what]);
    expect(parse(read('kaniflux.yaml').replace(/^#(?= {2})/gm, ''))).toMatchObject({
      people: { jane: { displayName: 'Jane Doe' } },
      clusters: { homelab: { client: 'k8s', controlPlane: 'kubeadm', grants: [{ clusterRole: 'cluster-admin' }] } },
    });
  },
);

describe('Kaniflux installed from a file', () => {
  const installedFrom = async (spec: string) => {
    mkdirSync(join(folder, 'repository/.git'), { recursive: true });
    const cwd = join(folder, 'repository');
    writeFileSync(join(cwd, 'package.json'), JSON.stringify({ devDependencies: { kaniflux: spec } }));
    return (await run(['init', '--yes'], { cwd })).stderr;
  };

  test.each([
    ['file:../k/k-1.tgz', 'cp ../k/k-1.tgz . && npm install --save-dev ./k-1.tgz  '],
    ['file:../k', `npm pack ../k && npm install --save-dev ./kaniflux-${version}.tgz  `],
  ])('%s is outside the repository: it must be copied', async (spec, step) => {
    const stderr = await installedFrom(spec);
    expect(stderr).toContain(step);
    expect(stderr).toContain('the workflow cannot install a file outside this repository');
  });

  test('a file in the repository must be committed', async () => {
    const stderr = await installedFrom('file:k-1.tgz');
    expect(stderr).toContain('git add package.json package-lock.json k-1.tgz  ');
    expect(stderr).not.toContain('outside');
  });

  test('nothing is said of a release', async () => {
    expect(await installedFrom('^0.1.0')).not.toMatch(/outside|git add|npm pack/);
  });
});

test.each([
  [true, false],
  [false, true],
])('with package.json: %j; npm init comes first: %j', async (hasPackage, isFirst) => {
  if (hasPackage) writeFileSync(join(folder, 'package.json'), '{}');
  const { stderr } = await run(['init', '--yes'], { cwd: folder });
  expect(stderr.includes('  npm init -y\n  npm install --save-dev kaniflux@')).toBe(isFirst);
});

test('the CA that the kubeconfig needs is named where the API server has one of its own', async () => {
  const text = (kind: string) =>
    configText(
      settingsOf({ general: {}, clusters: [{ 'control-plane': kind, cluster: 'a' }], people: [] }),
      schemaAddress,
    );
  expect(text('KubeADM')).toContain('/etc/kubernetes/pki/ca.crt');
  expect(text('k3s')).toContain('/var/lib/rancher/k3s/server/tls/server-ca.crt');
  expect(text('eks')).toContain('aws eks describe-cluster');
  expect(text('flags')).not.toContain('certificateAuthority');
});

test('the address of Kanidm has no path', async () => {
  expect(await run(['init', '--origin', 'https://idm.example.com/ui'], { cwd: folder })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--origin is an https address without a path'),
  });
});

describe('questions', () => {
  const answering = (answers: Readonly<Record<string, string>>) => {
    const asked: string[] = [];
    const ask = async (question: string) => {
      const flag = /--([a-z-]+)\) \[/.exec(question)?.[1] ?? '';
      asked.push(flag);
      return answers[flag] ?? '';
    };
    return { asked, ask };
  };

  test('on a terminal, what no option gave is asked', async () => {
    const { asked, ask } = answering({ domain: 'idm.example.com', kubernetes: '1.34' });
    await run(['init', ...every.slice(2, 6), '--person', 'jane', '--display-name', 'Jane'], { cwd: folder, ask });
    expect(asked).toEqual([
      ...['start', 'domain', 'kanidm-ca', 'kubernetes', 'control-plane', 'server-ca', 'break-glass', 'flux-source'],
    ]);
    expect(parse(read('kaniflux.yaml'))).toMatchObject({
      kanidm: { domain: 'idm.example.com' },
      clusters: { homelab: { breakGlass: '/etc/kubernetes/admin.conf on a control-plane node' } },
    });
  });

  test('an option that has no effect is named, and the answers are kept', async () => {
    const names = ['jane'];
    const ask = async (question: string) => (question.includes('--person)') ? (names.shift() ?? '') : '');
    const given = ['--kanidm-version', '1.11.1', '--display-name', 'Jane Doe'];
    const { code, stderr } = await run(['init', ...given], { cwd: folder, ask });
    expect(code).toBe(0);
    expect(stderr.match(/not used: \S+/g)).toEqual(['not used: --kanidm-version']);
    expect(parse(read('kaniflux.yaml')).people).toEqual({ jane: { displayName: 'Jane Doe' } });
  });

  test.each([[['--yes']], [['-y']]])('with %j, nothing is', async (option) => {
    const { asked, ask } = answering({});
    expect((await run(['init', ...option, ...every], { cwd: folder, ask })).code).toBe(0);
    expect(asked).toEqual([]);
  });

  test.each([
    ['kubeadm', '/etc/kubernetes/admin.conf on a control-plane node'],
    ['k3s', '/etc/rancher/k3s/k3s.yaml on a server'],
    // Kaniflux does not know the kubeconfig of an administrator on EKS.
    ['eks', null],
  ])('with --yes, the break glass of %s is the default of its question', async (kind, breakGlass) => {
    await run(['init', '--yes', '--cluster', 'homelab', '--control-plane', kind], { cwd: folder });
    expect(parse(read('kaniflux.yaml')).clusters.homelab).toMatchObject({ breakGlass });
  });

  test('with --yes, an answer that is given stays', async () => {
    await run(['init', '--yes', '--cluster', 'homelab', '--break-glass', 'the safe'], { cwd: folder });
    expect(parse(read('kaniflux.yaml')).clusters.homelab).toMatchObject({ breakGlass: 'the safe' });
  });

  test.each((command.examples ?? []).filter((example) => example.includes('--yes')))(
    'the example `%s` of the help writes a config without a fault',
    async (example) => {
      const [, ...argv] = example.split(' ');
      expect(await run(argv, { cwd: folder })).toMatchObject({ code: 0 });
      expect(load(read('kaniflux.yaml')).findings).toEqual([]);
    },
  );

  test('where a config exists, nothing is', async () => {
    writeFileSync(join(folder, 'kaniflux.yaml'), 'mine\n');
    const { asked, ask } = answering({});
    const { stderr } = await run(['init'], { cwd: folder, ask });
    expect(asked).toEqual([]);
    expect(stderr).toContain('kaniflux.yaml exists and stays as it is');
  });

  test('if one is not answered, nothing is written', async () => {
    const ask = async (question: string) => {
      if (question.includes('--server)')) throw new UserError('no answer: nothing was written');
      return question.includes('--cluster)') ? 'homelab' : '';
    };
    expect(await run(['init'], { cwd: folder, ask })).toMatchObject({ code: 2 });
    expect(readdirSync(folder)).toEqual([]);
  });
});

test.each([
  ['v1.34.4+k3s1', 'k3s'],
  ['v1.34.4+rke2r1', 'rke2'],
  ['v1.34.4-eks-1234567', 'eks'],
  ['v1.34.4', 'kubeadm'],
  ['1.34', 'kubeadm'],
])('the version %s suggests %s', async (version, kind) => {
  await run(['init', '--kubernetes', version], { cwd: folder });
  expect(read('kaniflux.yaml')).toContain(`controlPlane: ${kind}\n`);
});

describe('a control plane that cannot be configured is refused with what to do', () => {
  test.each([
    [
      ['--control-plane', 'gke'],
      'one of kubeadm, .*, eks: the OIDC issuer of GKE .*Workforce Identity Federation.*; not `gke`',
    ],
    [['--control-plane', 'AKS'], 'one of kubeadm, .*, eks: AKS supports .*`az aks jwtauthenticator`.*; not `AKS`'],
    [
      ['--kubernetes', 'v1.34.4-gke.1000'],
      'Kubernetes version of a control plane that Kaniflux supports; this one is not supported: the OIDC issuer of GKE .*; not `v1.34',
    ],
    [['--control-plane', 'minikube'], 'one of kubeadm, [a-z0-9, -]*; not `minikube`'],
  ])('%j', async (given, message) => {
    const { code, stderr } = await run(['init', '--yes', ...given], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toMatch(new RegExp(message));
    expect(readdirSync(folder)).toEqual([]);
  });

  test('and every kind that is offered passes check, as far as the kind is concerned', async () => {
    for (const kind of supportedKinds) {
      const { stdout } = await run(
        ['init', '--yes', '--cluster', 'a', '--control-plane', kind, '--kubernetes', '1.34'],
        { cwd: folder },
      );
      expect(stdout).toBe('');
      expect(read('kaniflux.yaml')).toContain(`controlPlane: ${kind}\n`);
      expect((await run(['check'], { cwd: folder })).stdout).not.toContain('control-plane-managed');
      rmSync(join(folder, 'kaniflux.yaml'));
    }
  });
});

test('every wrong value is named at once', async () => {
  const { stderr } = await run(['init', '--domain', 'IDM', '--server', 'a', '--kanidm-ca', 'none.crt'], {
    cwd: folder,
  });
  expect(stderr).toMatch(
    /^kaniflux: --domain is .*\n--server is .*\n--kanidm-ca is a file that exists; not `none.crt`$/m,
  );
});

describe('several clusters', () => {
  const two = ['--cluster', 'east', '--server', 'https://a', '--cluster', 'west', '--server', 'https://b'];

  test('have values of their own, or one for all', async () => {
    const { stderr } = await run(
      ['init', ...two, '--kubernetes', '1.34', '--control-plane', 'k3s', '--control-plane', 'rke2'],
      { cwd: folder },
    );
    expect(parse(read('kaniflux.yaml')).clusters).toMatchObject({
      east: { server: 'https://a', kubernetes: '1.34', controlPlane: 'k3s' },
      west: { server: 'https://b', kubernetes: '1.34', controlPlane: 'rke2' },
    });
    expect(stderr).toContain('Next (repeat the steps with east for west):');
  });

  test.each([
    ['new-kanidm', two, 'east'],
    ['new-kanidm', two.slice(0, 4), undefined],
    // Kanidm runs elsewhere.
    ['existing-kanidm', two, undefined],
  ])('with %s, Kanidm runs on the first of %j: %j', async (start, given, cluster) => {
    await run(['init', '--yes', '--start', start, ...given], { cwd: folder });
    expect(parse(read('kaniflux.yaml')).kanidm.cluster).toBe(cluster);
  });

  test('one cluster has no such note', async () => {
    const { stderr } = await run(['init', '--cluster', 'east'], { cwd: folder });
    expect(stderr).toContain('\nNext:\n');
  });
});

test.each([
  ['eks', 'eks', true],
  ['eks', 'k3s', false],
  ['k3s', 'k3s', false],
])('for %s and %s, legacyCrypto: %j', async (first, second, isLegacy) => {
  const given = ['--cluster', 'a', '--control-plane', first, '--cluster', 'b', '--control-plane', second];
  await run(['init', ...given], { cwd: folder });
  expect(read('kaniflux.yaml').includes('legacyCrypto: true')).toBe(isLegacy);
});

describe('a Kanidm that exists', () => {
  test('has its version in the config, and no display name that nobody gave', async () => {
    const given = ['--start', 'existing-kanidm', '--kanidm-version', '1.11.1', '--person', 'jane'];
    await run(['init', ...given], { cwd: folder });
    expect(read('kaniflux.yaml')).toContain('  version: "1.11.1"\n');
    // If there was a display name, the runbook would replace the one that the account has in Kanidm.
    expect(parse(read('kaniflux.yaml')).people).toEqual({ jane: { displayName: null } });
  });

  test('with an address of its own', async () => {
    await run(['init', '--domain', 'idm.example.com', '--origin', 'https://idm.example.com:8443/'], { cwd: folder });
    expect(read('kaniflux.yaml')).toContain('\n  domain: idm.example.com\n  origin: https://idm.example.com:8443\n');
  });

  test('and with that of its domain', async () => {
    await run(['init', '--domain', 'idm.example.com', '--origin', 'https://idm.example.com'], { cwd: folder });
    expect(read('kaniflux.yaml')).not.toContain('origin');
  });
});

test('the certificates of a file elsewhere are copied', async () => {
  mkdirSync(join(folder, 'repository'));
  const pem = '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n';
  writeFileSync(join(folder, 'ca.pem'), `a comment\n${pem}`);
  const cwd = join(folder, 'repository');
  const files = ['--kanidm-ca', '../ca.pem', '--server-ca', '../ca.pem'];
  await run(['init', '--cluster', 'east', ...files], { cwd });
  expect([read('repository/kanidm-ca.crt'), read('repository/east-ca.crt')]).toEqual([pem, pem]);
  expect(parse(read('repository/kaniflux.yaml')).clusters.east).toMatchObject({
    authentication: { ca: { file: 'kanidm-ca.crt' } },
    kubeconfig: { certificateAuthority: { file: 'east-ca.crt' } },
  });
  rmSync(join(cwd, 'kaniflux.yaml'));
  writeFileSync(join(cwd, 'east-ca.crt'), 'another');
  expect(await run(['init', '--cluster', 'east', ...files], { cwd })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('east-ca.crt exists and has other certificates'),
  });
  expect(existsSync(join(cwd, 'kaniflux.yaml'))).toBe(false);
});

test('the workflow and the steps have the branch of the repository', async () => {
  mkdirSync(join(folder, '.git'));
  writeFileSync(join(folder, '.git/HEAD'), 'ref: refs/heads/master\n');
  const { stderr } = await run(['init', '--start', 'new-cluster'], { cwd: folder });
  expect(parse(read('.github/workflows/kaniflux.yaml')).on.push).toEqual({ branches: ['master'] });
  expect(stderr).toContain('wrote .github/workflows/kaniflux.yaml, for the branch master');
  expect(stderr).toContain(' --branch=master ');
});

test.each([
  ['trunk', 'trunk'],
  ['a+b', 'a\\+b'],
  ['1.0', '1.0'],
  ['rel,1', 'rel,1'],
])('--branch %s', async (branch, pattern) => {
  await run(['init', '--branch', branch], { cwd: folder });
  expect(parse(read('.github/workflows/kaniflux.yaml')).on.push).toEqual({ branches: [pattern] });
});

test.each([
  [['--domain', 'IDM.example.com'], '--domain is a DNS name in lower case'],
  [['--person', 'Jane Doe'], '--person is lower-case letters'],
  [['--cluster', '../x'], '--cluster is lower-case letters'],
  [['--server', 'http://a'], '--server is an https address'],
  [['--server', 'https://$IP:6443'], '--server is an https address'],
  [['--server', 'https://192.0.2.310'], '--server is an https address'],
  [['--domain', '192.0.2.5'], '--domain is a DNS name'],
  [['--kubernetes', '1.034'], '--kubernetes is a released version'],
  [['--break-glass', ' '], '--break-glass is a line of text'],
  [['--start', 'over'], '--start is one of new-cluster'],
  [['--control-plane', 'minikube'], '--control-plane is one of kubeadm'],
  [['--flux-source', 'HelmRepository/a'], '--flux-source is KIND/NAME'],
  [['--kanidm-version', 'new'], '--kanidm-version is a version'],
  [['--display-name', ' '], '--display-name is a line of text'],
  [['--display-name', 'Jane Doe'], '--display-name needs a --person'],
  [['--kanidm-version', '1.11.1'], '--kanidm-version is for a Kanidm that runs already'],
  [['--branch', ''], '--branch needs the name of a branch'],
  [['here'], 'init takes no arguments'],
])('%j is refused, and nothing is written', async (argv, message) => {
  const ran = await run(['init', ...argv], { cwd: folder });
  expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  expect(() => read('kaniflux.yaml')).toThrow('ENOENT');
});

test('what is there already stays, and the rest is written', async () => {
  writeFileSync(join(folder, 'kaniflux.yaml'), 'mine\n');
  writeFileSync(join(folder, '.gitignore'), 'secrets\n');
  const { stderr } = await run(['init', '--cdk8s'], { cwd: folder });
  expect(read('kaniflux.yaml')).toBe('mine\n');
  expect(stderr).toContain('kept kaniflux.yaml, which existed');
  // The usual next steps follow from the answers, so they would not be right for the config that was kept.
  expect(stderr).toContain('npx kaniflux check');
  expect(stderr).not.toContain('RECOVER=yes');
  expect(stderr).toContain('wrote main.ts');
  expect(stderr).toContain('add the line `node_modules/` to .gitignore');
  expect(statSync(join(folder, '.githooks/pre-commit')).mode & 0o111).toBe(0o111);
});

test.each([
  ['no hook', {}, ['git config core.hooksPath .githooks ']],
  [
    'another pre-commit hook in .githooks',
    { '.githooks/pre-commit': '#!/bin/sh\nnpm test\n' },
    ['edit .githooks/pre-commit ', 'git config core.hooksPath .githooks '],
  ],
  [
    'the hook of an earlier run',
    { '.githooks/pre-commit': 'npx --no-install kaniflux synth --check\n' },
    ['git config core.hooksPath .githooks '],
  ],
  ['hooks in .git', { '.git/hooks/pre-push': '' }, ['call .githooks/pre-commit in the pre-commit hook of .git/hooks ']],
])('a repository with %s keeps its hooks', async (_, files, steps) => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const { stderr } = await run(['init', '--yes'], { cwd: folder });
  const listed = stderr.split('\n').filter((line) => /^ {2}\S.*hook/.test(line));
  expect(listed.map((line, i) => line.trim().slice(0, steps[i]?.length))).toEqual(steps);
});

test('in a folder of a repository, what GitHub and Git read lies at its root and leads there', async () => {
  mkdirSync(join(folder, '.git'));
  mkdirSync(join(folder, 'infra/access'), { recursive: true });
  await run(['init', ...every], { cwd: join(folder, 'infra/access') });
  expect(parse(read('infra/access/kaniflux.yaml'))).toMatchObject({ flux: { path: './infra/access/dist' } });
  expect(parse(read('.github/workflows/kaniflux.yaml'))).toMatchObject({
    env: { FOLDER: 'infra/access' },
  });
  expect(read('.githooks/pre-commit')).toContain('\n  cd infra/access\n');
});

describe('a folder without package-lock.json', () => {
  const lock = 'the workflow installs Kaniflux with npm, from package-lock.json in the folder of the config';
  test.each<[string, Record<string, string>, string | undefined]>([
    ['pnpm', { 'infra/package.json': '{}', 'infra/pnpm-lock.yaml': '' }, `npm install --package-lock-only `],
    ['yarn at the root', { 'infra/package.json': '{}', 'yarn.lock': '' }, `npm install --package-lock-only `],
    [
      'npm workspaces',
      { 'infra/package.json': '{}', 'package.json': '{"workspaces": ["infra"]}', 'package-lock.json': '{}' },
      'remove infra from the workspaces of npm ',
    ],
    ['npm', { 'infra/package.json': '{}', 'infra/package-lock.json': '{}', 'infra/yarn.lock': '' }, undefined],
    ['a package.json only', { 'infra/package.json': '{}' }, undefined],
  ])('made by %s', async (_, files, command) => {
    mkdirSync(join(folder, '.git'));
    mkdirSync(join(folder, 'infra'));
    for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
    const { stderr } = await run(['init', ...every], { cwd: join(folder, 'infra') });
    const [line] = stderr.split('\n').filter((one) => one.includes(lock));
    expect(line?.trim().slice(0, command?.length)).toBe(command);
  });
});

test.each<[string, Record<string, string>, string[]]>([
  ['after a clone', {}, ['npm install ']],
  ['after a clone, with pnpm', { 'pnpm-lock.yaml': '' }, ['pnpm install ']],
  ['after a clone, with Yarn at the root', { '../yarn.lock': '' }, ['yarn install ']],
  ['by workspaces of npm', { '../package.json': '{"workspaces": ["infra"]}' }, []],
  [
    "by Yarn's Plug'n'Play",
    { 'yarn.lock': '', '.pnp.cjs': '' },
    ['add the line `nodeLinker: node-modules` to .yarnrc.yml '],
  ],
])('a package that package.json names is not added again: %s', async (_, files, steps) => {
  const cwd = join(folder, 'infra');
  mkdirSync(join(folder, '.git'));
  mkdirSync(cwd);
  const named = { 'package.json': '{"devDependencies": {"kaniflux": "^0.1.0"}}', ...files };
  for (const [path, text] of Object.entries(named)) writeFileSync(join(cwd, path), text);
  const { stderr } = await run(['init', ...every], { cwd });
  const listed = stderr.split('\n').filter((line) => /^ {2}(\w+ install( --save|$)|add the line)/.test(line));
  expect(listed.map((line) => `${line.trim()} `.slice(0, steps[0]?.length))).toEqual(steps);
});

describe('a second config in the repository', () => {
  const second = async (cwd: string) => {
    mkdirSync(join(folder, '.git'), { recursive: true });
    mkdirSync(join(folder, 'apps/edge'), { recursive: true });
    await run(['init', ...every], { cwd: folder });
    await run(['init', ...every], { cwd: join(folder, 'apps/edge') });
    return (await run(['init', ...every], { cwd: join(folder, cwd) })).stderr;
  };

  test('has a workflow of its own, and the hook does not check it before somebody edits the hook', async () => {
    const stderr = await second('apps/edge');
    expect(parse(read('.github/workflows/kaniflux-apps-edge.yaml')).env).toEqual({ FOLDER: 'apps/edge' });
    expect(stderr).toContain(
      'this hook does not check this folder yet: add `cd apps/edge`, `npx kaniflux synth --check`, `npx kaniflux check --severity warning`',
    );
  });

  test('the first one keeps its workflow and its hook', async () => {
    const stderr = await second('.');
    expect(stderr).toContain('kept .github/workflows/kaniflux.yaml, which existed');
    expect(stderr).not.toMatch(/edit \.git(hub|hooks)/);
  });

  test('a workflow that init did not write stays, and a step says that it may not be for this folder', async () => {
    mkdirSync(join(folder, '.github/workflows'), { recursive: true });
    writeFileSync(join(folder, '.github/workflows/kaniflux.yaml'), 'on: push\n');
    const stderr = await second('apps/edge');
    expect(read('.github/workflows/kaniflux.yaml')).toBe('on: push\n');
    expect(stderr).toMatch(
      /^ {2}edit \.github\/workflows\/kaniflux\.yaml +init did not write this workflow: make sure that it reviews and checks this folder$/m,
    );
  });
});

describe('the workflow', () => {
  const text =
    newFiles(settingsOf(none), { folder: '', branch: 'main' }, false).find(({ path }) => path.startsWith('.github'))
      ?.text ?? '';
  const { permissions, jobs } = parse(text) as {
    permissions: object;
    jobs: Record<string, { permissions: object; steps: { uses?: string; run?: string }[] }>;
  };

  test('pins every action by commit and says the release', () => {
    const uses = text.match(/uses: .*/g) ?? [];
    expect(uses.length).toBeGreaterThan(0);
    for (const line of uses) expect(line).toMatch(/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test('runs code of the pull request only where the token can read and no more', () => {
    expect(permissions).toEqual({});
    expect(jobs.check?.permissions).toEqual({ contents: 'read' });
    expect(jobs.review?.permissions).toEqual({ contents: 'read' });
    expect(jobs.comment?.permissions).toEqual({ 'pull-requests': 'write' });
    expect(jobs.comment?.steps.filter(({ uses }) => uses)).toEqual([]);
  });

  test('reviews before any code of the pull request runs, whatever check says, and always ends with a comment', () => {
    const { review, comment } = jobs;
    expect(review).not.toHaveProperty('needs');
    expect(comment).toMatchObject({ needs: 'review', if: expect.stringMatching(/^always\(\) && /) });
    const runs = (review?.steps ?? []).flatMap(({ run }) => run ?? []);
    expect(runs.join('\n').match(/npm [^\n]*/g)).toEqual(['npm ci --ignore-scripts --no-audit --no-fund)']);
    expect(text).not.toContain('pull_request_target');
  });

  test('puts nothing that a pull request can name into a script', () => {
    for (const { run } of Object.values(jobs).flatMap(({ steps }) => steps)) expect(run ?? '').not.toContain('${{');
  });
});

test('the schema is looked for where npm puts the package', () => {
  expect(schemaAddress).toBe('./node_modules/kaniflux/schema/kaniflux.schema.json');
  expect(configText(settingsOf(none), schemaAddress)).toMatch(
    /^# yaml-language-server: \$schema=\.\/node_modules\/kaniflux/,
  );
});

test('the help has a row for each setting', async () => {
  const { stdout } = await run(['init', '--help']);
  const rows = /Options:\n((?: .*\n)*)/.exec(stdout)?.[1]?.replaceAll(/\s+/g, ' ');
  for (const row of [
    '--start new-cluster|new-kanidm|existing-kanidm|existing-sign-in What you have already',
    '--domain NAME Domain of Kanidm, the part after @ in names such as jane@idm.example.com',
    '--origin URL Address of Kanidm, if it is not https://DOMAIN',
    '--kanidm-version VERSION Version of a Kanidm that runs already',
    '--kanidm-ca FILE PEM file with the CA of Kanidm, if the CA is private',
    '--cluster NAME Name of a cluster; give it several times for several clusters',
    '--server URL Address of the API server of a cluster',
    '--kubernetes VERSION Version of Kubernetes of a cluster; one value is enough for all clusters',
    '--control-plane kubeadm|k3s|rke2|k0s|talos|cluster-api|flags|eks What runs the control plane of a cluster; one value is enough for all clusters',
    '--server-ca FILE PEM file with the CA of the API server of a cluster, for the kubeconfig',
    '--break-glass TEXT How you get into a cluster while Kanidm is down, in your words; one value is enough for all clusters',
    '--person NAME Name in Kanidm of a person who gets cluster-admin; give it several times for several people',
    '--display-name TEXT Name that people see, one for each --person',
    '--flux-source SOURCE Flux source that holds this repository, KIND/NAME or KIND/NAMESPACE/NAME',
    '--branch NAME',
  ])
    expect(rows).toContain(` ${row} `);
});
