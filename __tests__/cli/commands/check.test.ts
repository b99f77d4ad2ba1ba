import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { LocatedFinding } from '../../../lib/findings/finding';
import { homeLabText } from '../../config';
import { run } from '../../run';
import { homeLabFolder } from './folder';

const { folder, write, ask } = homeLabFolder();
const quiet = homeLabText.replace('client: k8s\n', 'client: k8s\n    breakGlass: admin.conf\n');

test('knows a role whose letters changed places, and guesses at no other', async () => {
  const fixes = async (role: string) => {
    write('role.yaml', homeLabText.replace('clusterRole: cluster-admin', `clusterRole: ${role}`));
    return (await ask(['check', '-c', 'role.yaml'])).stdout;
  };
  expect(await fixes('veiw')).toContain('write `view` if that is the intended role, define the role under `roles`');
  expect(await fixes('viewer')).toMatch(
    / warning .*ClusterRole viewer[\s\S]*fix: write `view` if that is the intended role/,
  );
  expect(await fixes('viewpoint')).toContain('fix: define the role under `roles`');
  expect(await fixes('audit')).toContain('fix: define the role under `roles`');
});

test('exits 1 on a warning, and 0 where only errors are to fail', async () => {
  const { code, stdout } = await ask(['check']);
  expect(code).toBe(1);
  expect(stdout).toContain('(no-break-glass)');
  expect((await ask(['check', '--fail-on', 'error'])).code).toBe(0);
});

test('with --severity warning, notes are counted and not printed', async () => {
  const all = await ask(['check']);
  const few = await ask(['check', '--severity', 'warning']);
  expect(all.stdout).toMatch(/ note /);
  expect(few.stdout).not.toMatch(/ note /);
  expect(few.stdout).toContain('(no-break-glass)');
  expect(few.stdout).toMatch(/\d+ notes?; only those of severity warning and above are shown\n$/);
  expect(few.code).toBe(1);
  expect((await ask(['check', '--severity', 'warning', '--format', 'json'])).code).toBe(2);
});

test('lists the first findings of each code and severity, and counts the others', async () => {
  const grants = Array.from(
    { length: 53 },
    (_, i) => `      - { name: many-${i}, clusterRole: edit, people: [datosh]${i < 51 ? ', namespaces: [a]' : ''} }\n`,
  );
  write(
    'many.yaml',
    homeLabText.replace(/^ {4}grants:\n/m, (line) => `${line}${grants.join('')}`),
  );
  const many = (...args: string[]) => ask(['check', '-c', 'many.yaml', ...args]);
  const listed = ({ stdout }: { stdout: string }, severity: string, code: string) =>
    stdout.match(new RegExp(` ${severity} .*\\(${code}\\)$`, 'gm'))?.length;
  const [few, all, one] = [await many(), await many('--max-per-code', '0'), await many('--max-per-code', '1')];
  const [notes, warnings] = [listed(all, 'note', 'pod-exec') ?? 0, listed(all, 'warning', 'pod-exec') ?? 0];
  expect([notes >= 51, warnings]).toEqual([true, 2]);
  expect([listed(few, 'note', 'pod-exec'), listed(few, 'warning', 'pod-exec')]).toEqual([50, warnings]);
  expect(few.stdout).toContain(`not listed: ${notes - 50} of the ${notes} notes pod-exec\n`);
  expect(all.stdout).not.toContain('not listed');
  expect([listed(one, 'note', 'pod-exec'), listed(one, 'warning', 'pod-exec')]).toEqual([1, 1]);
  const lastLine = ({ stdout }: { stdout: string }) => stdout.trimEnd().split('\n').at(-1);
  expect([lastLine(few), lastLine(one)]).toEqual([lastLine(all), lastLine(all)]);
  expect(one.stdout).toContain(all.stdout.match(/^.* note .*\(pod-exec\)$/m)?.[0]);
  const { findings } = JSON.parse((await many('--format', 'json')).stdout);
  expect(findings.filter(({ code }: { code: string }) => code === 'pod-exec')).toHaveLength(notes + warnings);
});

test('findings that are not listed count for the exit code', async () => {
  const { code } = await ask(['check', '--max-per-code', '1', '--severity', 'error']);
  expect(code).toBe(1);
});

test('lists the first errors of each code of a config with errors', async () => {
  write('bad.yaml', 'kanidm: { a: 1, b: 2, c: 3 }\n');
  const { code, stdout } = await ask(['check', '-c', 'bad.yaml', '--max-per-code', '1']);
  expect(code).toBe(2);
  expect(stdout.match(/\(unknown-key\)$/gm)).toHaveLength(1);
  expect(stdout).toContain('not listed: 2 of the 3 errors unknown-key\n');
});

test.each([
  [['--max-per-code', 'x'], '--max-per-code needs a whole number'],
  [['--max-per-code=-1'], '--max-per-code needs a whole number'],
  [['--max-per-code', '1.5'], '--max-per-code needs a whole number'],
  [['--max-per-code', ''], '--max-per-code needs a whole number'],
  [['--max-per-code', '0x2'], '--max-per-code needs a whole number'],
  [['--max-per-code', '1', '--format', 'json'], '--max-per-code is only for the format text'],
])('refuses %j', async (args, message) => {
  const { code, stderr } = await ask(['check', ...args]);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

test('exits 2 on a config with errors, and says them in the form asked for', async () => {
  write('bad.yaml', 'kanidm: {}\n');
  const { code, stdout } = await ask(['check', '-c', 'bad.yaml', '--format', 'sarif']);
  expect(code).toBe(2);
  expect(JSON.parse(stdout).runs[0].results.length).toBeGreaterThan(0);
});

test('looks at hand-written manifests, and says which file it could not read', async () => {
  mkdirSync(join(folder, 'hand'));
  write(
    'hand/a.yaml',
    '# one\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: { name: a }\nroleRef: { kind: ClusterRole, name: view }\nsubjects: [{ kind: Group, name: system:unauthenticated }]\n',
  );
  write('hand/b.yaml', 'a: [\n');
  const patch = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'a' },
    rules: 'x',
  };
  write('hand/c.json', JSON.stringify(patch));
  write(
    'hand/d.yaml',
    'apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: { name: d }\nroleRef: { kind: ClusterRole, name: cluster-admin }\nsubjects: [{ kind: Group, name: system:authenticated }]\n',
  );
  write(
    'hand/e.yaml',
    'apiVersion: rbac.authorization.k8s.io/v1beta1\nkind: ClusterRoleBinding\nmetadata: { name: e }\nroleRef: { kind: ClusterRole, name: cluster-admin }\nsubjects: [{ kind: Group, name: system:authenticated }]\n',
  );
  write(
    'hand/g.yaml',
    `apiVersion: v1\nkind: \${KIND}\nmetadata: { name: g }\n---\nkind: Job\nmetadata: { name: "\${NAME}" }\n`,
  );
  write(
    'hand/h.yaml',
    'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: { name: h }\nroleRef: { kind: ClusterRole, name: view }\nsubjects: [{ kind: User, name: "ENC[x]" }]\n---\nkind: ENC[y]\n',
  );
  write('hand/f.yaml', `${twice('view')}---\n${twice('edit')}`);
  const { stdout, stderr } = await ask(['check', '--manifests', 'hand/', '--format', 'json']);
  expect(stderr).toBe('');
  const { findings } = JSON.parse(stdout);
  const of = (file: string) =>
    findings
      .filter((one: LocatedFinding) => one.file === file)
      .map(({ line, severity, code, message }: LocatedFinding) => `${line} ${severity} ${code}: ${message}`);
  expect(of('hand/a.yaml')).toEqual([expect.stringMatching(/^3 error system-group-bound/)]);
  expect(of('hand/b.yaml')).toEqual([expect.stringContaining('1 note manifest-left-out: this file is left out: Flow')]);
  expect(of('hand/c.json')).toEqual([
    '1 note manifest-left-out: the ClusterRole a is left out: it is incomplete or malformed, like a patch or a template',
  ]);
  // If a missing namespace meant the whole cluster, the role would apply to the whole cluster.
  expect(of('hand/d.yaml')).toEqual(['1 note manifest-left-out: the RoleBinding d is left out: it has no namespace']);
  expect(of('hand/e.yaml')).toEqual([
    expect.stringContaining(
      '1 note manifest-left-out: the ClusterRoleBinding e is left out: an API server refuses it: the API version is rbac.authorization.k8s.io/v1beta1',
    ),
  ]);
  expect(of('hand/h.yaml')).toEqual([
    '1 note manifest-left-out: the ClusterRoleBinding h is left out: SOPS encrypted some of its values',
    '7 note manifest-left-out: the ENC[y] is left out: SOPS encrypted its `apiVersion` or `kind`, so it can be an RBAC object',
  ]);
  expect(of('hand/g.yaml')).toEqual([
    '1 note manifest-left-out: the $' +
      '{KIND} g is left out: its `apiVersion` or `kind` contains a variable, so it can become an RBAC object',
  ]);
  expect(of('hand/f.yaml')).toContain(
    '1 note manifest-left-out: ClusterRoleBinding.rbac.authorization.k8s.io twice is left out: it is also in hand/f.yaml, line 7, with another content, and only that one counts',
  );
  write(
    'accept.yaml',
    `${homeLabText}checks: { ignore: [{ code: manifest-left-out, path: hand, reason: templates }] }\n`,
  );
  for (const spelt of ['hand', './hand/', 'hand/../hand']) {
    const accepted = await ask(['check', '-c', 'accept.yaml', '--manifests', spelt]);
    expect(accepted.stdout).toContain('ignored: manifest-left-out at hand, 8 findings: templates');
  }
});

const twice = (role: string) =>
  `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: { name: twice }\nroleRef: { kind: ClusterRole, name: ${role} }\nsubjects: [{ kind: User, name: x }]\n`;

describe('a submodule', () => {
  const leftOut = async (command: string[], manifests: string) => {
    const { stdout, stderr } = await ask([...command, '--manifests', manifests]);
    return `${stdout}${stderr}`.split('\n').filter((line) => line.includes('submodule'));
  };
  beforeAll(() => {
    mkdirSync(join(folder, '.git'), { recursive: true });
    mkdirSync(join(folder, 'infra/sub'), { recursive: true });
    mkdirSync(join(folder, 'other'));
    write('.gitmodules', '[submodule "a"]\n\tpath = infra/sub\n\turl = x\n[submodule "gone"]\n\tpath = "infra/gone"\n');
  });
  afterAll(() => {
    for (const path of ['.git', '.gitmodules', 'infra', 'other']) rmSync(join(folder, path), { recursive: true });
  });

  test.each([
    ['infra', 'infra/sub'],
    ['infra/sub', 'infra/sub'],
  ])('below %s that is not checked out is reported', async (manifests, place) => {
    expect(await leftOut(['check'], manifests)).toEqual([
      `${place}:1:1 note this folder is left out: the submodule is not checked out (manifest-left-out)`,
      '  fix: check it out with `git submodule update --init`',
    ]);
    expect(await leftOut(['who-can', 'get', 'pods'], manifests)).toEqual([
      `kaniflux: ${place} is left out: the submodule is not checked out; fix: check it out with \`git submodule update --init\``,
    ]);
  });

  test('elsewhere, or that is checked out, is not', async () => {
    expect(await leftOut(['check'], 'other')).toEqual([]);
    write('infra/sub/a.yaml', 'kind: Namespace\n');
    expect(await leftOut(['check'], 'infra')).toEqual([]);
    rmSync(join(folder, 'infra/sub/a.yaml'));
    write('infra/sub/.git', 'gitdir: x\n');
    expect(await leftOut(['check'], 'infra')).toEqual([]);
  });
});

test('prints what is ignored', async () => {
  write('ignore.yaml', `${homeLabText}checks: { ignore: [{ code: no-break-glass, reason: a lab }] }\n`);
  const { stdout } = await ask(['check', '-c', 'ignore.yaml']);
  expect(stdout).not.toContain('(no-break-glass)');
  expect(stdout).toContain('ignored: no-break-glass, one finding: a lab');
  write('ignore.yaml', `${quiet}checks: { ignore: [{ code: no-break-glass, reason: a lab }] }\n`);
  expect((await ask(['check', '-c', 'ignore.yaml'])).stdout).toContain('no finding matches this entry');
});

describe('in a subfolder of the repository', () => {
  const sub = join(folder, 'infra', 'a b');
  beforeAll(() => {
    mkdirSync(join(folder, '.git'));
    mkdirSync(sub, { recursive: true });
    write('infra/a b/kaniflux.yaml', homeLabText);
  });
  const check = (format: string, config = 'kaniflux.yaml', stdin = '') =>
    run(['check', '--format', format, '-c', config], { cwd: sub, stdin: async () => stdin });

  test.each([
    ['github', 'kaniflux.yaml', '::warning file=infra/a b/kaniflux.yaml,line='],
    ['github', '../../kaniflux.yaml', '::warning file=kaniflux.yaml,line='],
    ['sarif', 'kaniflux.yaml', '"uri": "infra/a%20b/kaniflux.yaml"'],
    ['json', 'kaniflux.yaml', '"file": "kaniflux.yaml"'],
    ['markdown', 'kaniflux.yaml', '| `kaniflux.yaml:'],
    ['text', 'kaniflux.yaml', 'kaniflux.yaml:'],
  ])('%s names %s as its readers do', async (format, config, expected) => {
    const { stdout } = await check(format, config);
    expect(stdout).toContain(expected);
    expect(stdout.includes('infra/')).toBe(expected.includes('infra/'));
  });

  test('standard input has no path there', async () => {
    const { stdout } = await check('github', '-', homeLabText);
    expect(stdout).toContain(' file=standard input,line=');
    expect(stdout).not.toContain('infra/');
  });
});
