import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { homeLab, homeLabText } from '../config';
import { run } from '../run';

const folder = mkdtempSync(join(tmpdir(), 'kaniflux-review-'));
const inFolder = (argv: string[], stdin = '') => run(argv, { cwd: folder, stdin: async () => stdin });
const quiet = homeLabText.replace('client: k8s\n', 'client: k8s\n    breakGlass: admin.conf\n');

beforeAll(() => {
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args]);
  git('init', '-q');
  writeFileSync(join(folder, 'kaniflux.yaml'), homeLabText);
  git('add', '.');
  git('commit', '-qm', 'first');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('diff', () => {
  test('exits 0 without differences, 1 with, 2 where it cannot compare', async () => {
    expect(await inFolder(['diff', '--base', 'HEAD'])).toMatchObject({ code: 0, stdout: 'No differences.\n' });
    writeFileSync(join(folder, 'new.yaml'), homeLabText.replace('clusterRole: cluster-admin', 'clusterRole: view'));
    const changed = await inFolder(['diff', 'kaniflux.yaml', 'new.yaml']);
    expect(changed.code).toBe(1);
    expect(changed.stdout).toContain('- datosh may no longer do everything on homelab (cluster-admin)');
    expect(await inFolder(['diff', '--base', 'nowhere'])).toMatchObject({ code: 2, stdout: '' });
    expect(await inFolder(['diff'])).toMatchObject({ code: 2 });
  });

  test('a side with errors is no diff that deletes everything', async () => {
    writeFileSync(join(folder, 'bad.yaml'), 'kanidm: {}\n');
    const { code, stdout, stderr } = await inFolder(['diff', 'kaniflux.yaml', 'bad.yaml']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('bad.yaml');
  });

  test('names files on request, and prints JSON and Markdown', async () => {
    const { stdout } = await inFolder(['diff', 'kaniflux.yaml', 'new.yaml', '--files', '--format', 'json']);
    expect(JSON.parse(stdout).files.map(({ path }: { path: string }) => path)).toContain('ACCESS.md');
    expect((await inFolder(['diff', 'kaniflux.yaml', 'new.yaml', '--format', 'markdown'])).stdout).toMatch(/^## /);
  });
});

describe('check', () => {
  test('knows a role whose letters changed places, and guesses at no other', async () => {
    const fixes = async (role: string) => {
      writeFileSync(
        join(folder, 'role.yaml'),
        homeLabText.replace('clusterRole: cluster-admin', `clusterRole: ${role}`),
      );
      return (await inFolder(['check', '-c', 'role.yaml'])).stdout;
    };
    expect(await fixes('veiw')).toContain('write `view` if that was meant, define it under `roles`');
    expect(await fixes('audit')).toContain('fix: define it under `roles`');
  });

  test('exits 1 on a warning, and 0 where only errors are to fail', async () => {
    const { code, stdout } = await inFolder(['check']);
    expect(code).toBe(1);
    expect(stdout).toContain('(no-break-glass)');
    expect((await inFolder(['check', '--fail-on', 'error'])).code).toBe(0);
  });

  test('exits 2 on a config with errors, and says them in the form asked for', async () => {
    const { code, stdout } = await inFolder(['check', '-c', 'bad.yaml', '--format', 'sarif']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout).runs[0].results.length).toBeGreaterThan(0);
  });

  test('looks at hand-written manifests, and says which file it could not read', async () => {
    mkdirSync(join(folder, 'hand'), { recursive: true });
    writeFileSync(
      join(folder, 'hand', 'a.yaml'),
      '# one\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: { name: a }\nroleRef: { kind: ClusterRole, name: view }\nsubjects: [{ kind: Group, name: system:unauthenticated }]\n',
    );
    writeFileSync(join(folder, 'hand', 'b.yaml'), 'a: [\n');
    const patch = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'a' },
      rules: 'x',
    };
    writeFileSync(join(folder, 'hand', 'c.json'), JSON.stringify(patch));
    const { stdout, stderr } = await inFolder(['check', '--manifests', 'hand']);
    expect(stdout).toContain('hand/a.yaml:3:1 error');
    expect(stderr).toContain('hand/b.yaml is left out');
    expect(stderr).toContain('the ClusterRole in hand/c.json, line 1 is left out: it is incomplete');
  });

  test('compares with a revision', async () => {
    const [before, after] = ['7b89b6ea-1e8b-4aa8-98fb-a70cba498d16', '00000000-0000-4000-8000-000000000001'];
    writeFileSync(join(folder, 'kaniflux.yaml'), homeLabText.replace(before, after));
    const { stdout } = await inFolder(['check', '--base', 'HEAD']);
    writeFileSync(join(folder, 'kaniflux.yaml'), homeLabText);
    expect(stdout).toContain('(uuid-changed)');
  });

  test('prints what is ignored', async () => {
    writeFileSync(
      join(folder, 'ignore.yaml'),
      `${homeLabText}checks: { ignore: [{ code: no-break-glass, reason: a lab }] }\n`,
    );
    const { stdout } = await inFolder(['check', '-c', 'ignore.yaml']);
    expect(stdout).not.toContain('(no-break-glass)');
    expect(stdout).toContain('ignored: no-break-glass, one finding: a lab');
    writeFileSync(
      join(folder, 'ignore.yaml'),
      `${quiet}checks: { ignore: [{ code: no-break-glass, reason: a lab }] }\n`,
    );
    expect((await inFolder(['check', '-c', 'ignore.yaml'])).stdout).toContain('no finding matches this entry');
  });
});

describe('who-can and explain', () => {
  test('who-can exits 0 where somebody can, in some namespace too, and 1 where nobody of the config can', async () => {
    const grant = (text: string) =>
      writeFileSync(join(folder, 'granted.yaml'), homeLabText.replace('clusterRole: cluster-admin', text));
    const ask = () => inFolder(['who-can', 'get', 'secrets', '-c', 'granted.yaml']);
    grant('clusterRole: cluster-admin');
    expect(await ask()).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('  datosh (cluster-admin; binding oidc-cluster-admin)\n'),
    });
    grant('clusterRole: view');
    expect(await ask()).toMatchObject({
      code: 1,
      stdout: 'homelab:\n  group system:masters (cluster-admin; binding cluster-admin)\n',
    });
    grant('clusterRole: edit\n        namespaces: [web]');
    expect(await ask()).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('\n  in namespace web: datosh (edit; binding oidc-cluster-admin)\n'),
    });
    const { stdout } = await inFolder(['who-can', 'get', 'secrets', '-c', 'granted.yaml', '--format', 'json']);
    expect(JSON.parse(stdout).clusters[0].inNamespaces.web).toMatchObject([{ who: 'datosh', known: true }]);
    expect((await inFolder(['who-can', 'get'])).code).toBe(2);
  });

  test('who-can takes what kubectl takes, and refuses what it would answer with less than the truth', async () => {
    const plural = await inFolder(['who-can', 'get', 'secrets', '-c', 'granted.yaml']);
    expect(await inFolder(['who-can', 'get', 'secret', '-c', 'granted.yaml'])).toEqual(plural);
    expect(await inFolder(['who-can', 'get', 'secrt'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('there is no resource `secrt`: write `secrets`'),
    });
    expect((await inFolder(['who-can', 'get', 'deployments.app'])).stderr).toContain('no role names');
    for (const what of ['pods', 'pods/exec', 'deployments', '*.*', '/metrics', 'leases.coordination.k8s.io']) {
      expect((await inFolder(['who-can', 'get', what])).stderr).not.toContain('no role names');
    }
  });

  test('explain says what is nearest to a misspelt person', async () => {
    expect(await inFolder(['explain', 'datosch'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('`datosh`'),
    });
    expect(await inFolder(['explain', 'k8s_users'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('`k8s_users` is a group'),
    });
    expect((await inFolder(['explain', 'datosh'])).stdout).toContain('may do everything');
  });

  test('explain of a former name says who it is now, and suggests nobody else', async () => {
    const text = stringify(
      homeLab({
        kanidm: { version: '1.11.1', helm: null, cluster: null, provision: 'migrations' },
        people: { janet: { displayName: 'Janet', formerly: 'jane' }, jana: { displayName: 'Jana' } },
      }),
    );
    writeFileSync(join(folder, 'renamed.yaml'), text);
    expect(await inFolder(['explain', 'jane', '-c', 'renamed.yaml'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/`jane` is the former name of `janet`/),
    });
  });

  test('a token is never an argument, and never printed', async () => {
    const token = 'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl';
    const given = await inFolder(['explain', '--token', token]);
    expect(given).toMatchObject({ code: 2, stderr: expect.stringContaining('standard input') });
    const read = await inFolder(['explain', '--token', '-'], token);
    expect(read).toMatchObject({ code: 1, stdout: expect.stringContaining('refused') });
    for (const { stdout, stderr } of [given, read]) expect(stdout + stderr).not.toContain(token.slice(0, 12));
  });

  test('a log of which a line is known', async () => {
    const line = 'oidc: id token signed with unsupported algorithm, expected ["RS256"] got ["ES256"]';
    const { code, stdout } = await inFolder(['explain', '--log', '-'], `something else\n${line}\n`);
    expect(code).toBe(0);
    expect(stdout).toContain('--oidc-signing-algs=ES256');
    expect((await inFolder(['explain', '--log', '-'], 'something else\n')).code).toBe(1);
    for (const format of ['text', 'json']) {
      const shown = await inFolder(
        ['explain', '--log', '-', '--format', format],
        `${line} eyJhbGciOiJF.eyJpc3Mi.c2ln\n`,
      );
      expect(shown.stdout).toContain('<token>');
      expect(shown.stdout).not.toContain('eyJ');
    }
  });
});
