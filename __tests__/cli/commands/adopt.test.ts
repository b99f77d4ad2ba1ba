import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { removeTemporary, temporary } from '../../output/folder';
import { run } from '../../run';

afterEach(removeTemporary);

/** Service accounts, as the kanidm client lists them. */
const accounts = readFileSync(join(__dirname, '../../fixtures/adopt/service_account.json'), 'utf8');

/** A folder with such a list, and `adopt` in it. */
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
  [['--kanidm', 'http://idm.example.com'], '--kanidm is an https address'],
  [['--kanidm', 'https://idm.example.com'], 'KANIDM_TOKEN, which is not set'],
])('2 for %j, and nothing is written', async (argv, message) => {
  const { cwd, adopt } = folderWith({ accounts, prose: 'a: b\n', broken: 'a: [' });
  expect(await adopt(...argv)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
  expect(readdirSync(cwd).sort()).toEqual(['accounts', 'broken', 'prose']);
});
