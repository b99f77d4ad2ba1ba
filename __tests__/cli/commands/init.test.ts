import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { configText } from '../../../lib/init/config-text';
import { newFiles, schemaAddress } from '../../../lib/init/init-files';
import { settingsOf } from '../../../lib/init/settings';
import { starts, startWords, stepsOf } from '../../../lib/init/starts';
import { load } from '../../config';
import { run } from '../../run';

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
    await run(['init', ...every, '--start', 'kanidm-elsewhere'], { cwd: folder });
    const { config, findings } = load(read('kaniflux.yaml'));
    expect(config?.kanidm).toMatchObject({ provision: 'runbook' });
    expect(findings.map(({ code }) => code)).toEqual(['person-uuid-unknown', 'person-uuid-unknown']);
    expect((await run(['synth'], { cwd: folder })).code).toBe(0);
  });

  test('with everything set up by hand, adopt writes it', async () => {
    const ran = await run(['init', ...every, '--start', 'by-hand'], { cwd: folder });
    expect(() => read('kaniflux.yaml')).toThrow('ENOENT');
    expect(ran.stderr).toMatch(/Next:\n(.*\n)*.*npx kaniflux adopt --live --cluster homelab --output kaniflux\.yaml/);
  });
});

describe('docs/start.md', () => {
  const page = readFileSync(join(__dirname, '../../../docs/start.md'), 'utf8');
  const sections = new Map(page.split('\n## ').map((text) => [text.slice(0, text.indexOf('\n')), text]));

  test.each(starts)('has the steps of %s in their order, and the way back', (start) => {
    const section = sections.get(`\`${start}\`: ${startWords[start]}`) ?? '';
    let from = 0;
    for (const { command } of stepsOf(start, 'homelab', 'jane')) {
      const at = section.indexOf(command, from);
      expect([command, at > -1]).toEqual([command, true]);
      from = at + command.length;
    }
    expect(section).toContain('To go back');
  });
});

test.each([
  ['nothing', [], ['kanidm.domain', 'people', 'clusters']],
  ['a domain', ['--domain', 'idm.example.com'], ['people', 'clusters']],
  ['a cluster', ['--cluster', 'a'], ['kanidm.domain', 'people', 'server', 'kubernetes', 'breakGlass', 'people']],
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

test('the CA that the kubeconfig needs is named where the API server has one of its own', async () => {
  const text = (kind: string) => configText(settingsOf({ 'control-plane': [kind], cluster: ['a'] }), schemaAddress);
  expect(text('KubeADM')).toContain('/etc/kubernetes/pki/ca.crt');
  expect(text('k3s')).toContain('/var/lib/rancher/k3s/server/tls/server-ca.crt');
  expect(text('eks')).not.toContain('certificateAuthority');
});

test('where adopt writes the config, only what its commands need is asked', async () => {
  const asked: string[] = [];
  const ask = async (question: string) => {
    asked.push(question.split(' ')[0] ?? '');
    return asked.length === 1 ? 'by-hand' : 'homelab';
  };
  const ran = await run(['init'], { cwd: folder, ask });
  expect(asked).toEqual(['What', 'Name']);
  expect(ran.stderr).toContain('npx kaniflux diff --live --cluster homelab');
});

describe('the address of a Kanidm that runs elsewhere', () => {
  const asking = async (start: string, address: string) => {
    const asked: string[] = [];
    const ask = async (question: string) => {
      asked.push(question);
      if (question.startsWith('What is there')) return start;
      if (question.startsWith('Domain of Kanidm')) return 'idm.example.com';
      return question.startsWith('Address of Kanidm') ? address : '';
    };
    await run(['init'], { cwd: folder, ask });
    return { asked: asked.filter((question) => question.startsWith('Address of Kanidm')), text: read('kaniflux.yaml') };
  };

  test('is asked for, and written if it is not the domain', async () => {
    const { asked, text } = await asking('kanidm-elsewhere', 'https://idm.example.com:8443/');
    expect(asked).toEqual([
      'Address of Kanidm, for example https://idm.example.com:8443 (empty: https:// and the domain): ',
    ]);
    expect(text).toContain('\n  domain: idm.example.com\n  origin: https://idm.example.com:8443\n');
  });

  test.each(['', 'https://idm.example.com'])('is not written if it is the domain: %j', async (address) => {
    expect((await asking('kanidm-elsewhere', address)).text).not.toContain('origin');
  });

  test('is not asked for where Kaniflux deploys Kanidm', async () => {
    expect((await asking('new-kanidm', 'https://idm.example.com:8443')).asked).toEqual([]);
  });

  test('has no path', async () => {
    expect(await run(['init', '--origin', 'https://idm.example.com/ui'], { cwd: folder })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--origin is an https address without a path'),
    });
  });
});

test.each([
  ['v1.34.4+k3s1', 'k3s'],
  ['v1.34.4+rke2r1', 'rke2'],
  ['v1.34.4-eks-1234567', 'eks'],
  ['v1.34.4', 'kubeadm'],
  ['1.34', 'kubeadm'],
])('the version %s suggests %s', async (version, kind) => {
  const ask = async (question: string) => (question.startsWith('Its version') ? version : '');
  await run(['init'], { cwd: folder, ask });
  expect(read('kaniflux.yaml')).toContain(`controlPlane: ${kind}\n`);
});

test('nothing is asked without a terminal, and on one only what no option gave', async () => {
  const asked: string[] = [];
  const answers = ['new-kanidm', 'not a domain', 'idm.example.com', '', '1.34', '', 'the safe', 'jane', ''];
  const ask = async (question: string) => {
    asked.push(question);
    return answers.shift() ?? '';
  };
  const ran = await run(['init', '--cluster', 'homelab'], { cwd: folder, ask });
  expect(ran.stderr).toContain('Expected a DNS name in lower case');
  expect(asked.map((question) => question.split(' ')[0])).toEqual(
    ['What', 'Domain', 'Domain', 'Address', 'Its', 'What', 'How', 'Who', 'Flux'], // the first answer was refused
  );
  expect(parse(read('kaniflux.yaml'))).toMatchObject({
    kanidm: { domain: 'idm.example.com' },
    people: { jane: { displayName: 'jane' } },
    clusters: { homelab: { server: null, kubernetes: '1.34', controlPlane: 'kubeadm', breakGlass: 'the safe' } },
  });
});

test.each([
  [['--domain', 'IDM.example.com'], '--domain is a DNS name in lower case'],
  [['--person', 'Jane Doe'], '--person is lower-case letters'],
  [['--cluster', '../x'], '--cluster is lower-case letters'],
  [['--server', 'http://a'], '--server is an https address'],
  [['--kubernetes', '1.034'], '--kubernetes is a released version'],
  [['--break-glass', ' '], '--break-glass is a line of text'],
  [['--start', 'over'], '--start is one of new-cluster'],
  [['--control-plane', 'minikube'], '--control-plane is one of kubeadm'],
  [['--flux-source', 'HelmRepository/a'], '--flux-source is GitRepository/NAME'],
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
  // The steps would be those of the answers, not of the config that was kept.
  expect(stderr).toContain('npx kaniflux check');
  expect(stderr).not.toContain('RECOVER=yes');
  expect(stderr).toContain('wrote main.ts');
  expect(stderr).toContain('add the line `node_modules/` to .gitignore');
  expect(statSync(join(folder, '.githooks/pre-commit')).mode & 0o111).toBe(0o111);
});

test('in a folder of a repository, what GitHub and Git read lies at its root and leads there', async () => {
  mkdirSync(join(folder, '.git'));
  mkdirSync(join(folder, 'infra/access'), { recursive: true });
  await run(['init', ...every], { cwd: join(folder, 'infra/access') });
  expect(parse(read('infra/access/kaniflux.yaml'))).toMatchObject({ flux: { path: './infra/access/dist' } });
  expect(parse(read('.github/workflows/kaniflux.yaml'))).toMatchObject({
    env: { FOLDER: 'infra/access' },
  });
  expect(read('.githooks/pre-commit')).toContain("\ncd 'infra/access'\n");
});

describe('the workflow', () => {
  const text =
    newFiles(settingsOf({}), { folder: '' }, false).find(({ path }) => path.startsWith('.github'))?.text ?? '';
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
  expect(configText(settingsOf({}), schemaAddress)).toMatch(
    /^# yaml-language-server: \$schema=\.\/node_modules\/kaniflux/,
  );
});
