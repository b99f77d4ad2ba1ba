import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homeLabText } from '../../config';
import { run } from '../../run';

const folder = mkdtempSync(join(tmpdir(), 'kaniflux-expire-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ended = homeLabText.replace('members: [datosh]', 'members: [datosh, { name: ci, until: 2027-01-31 }]').concat(
  `      # until the audit
      - name: audit
        clusterRole: view
        people: [datosh]
        until: "2027-01-31"
        reason: the audit

serviceAccounts:
  ci: { displayName: CI }
`,
);
const config = (text: string, name = 'kaniflux.yaml') => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const read = (name = 'kaniflux.yaml') => readFileSync(join(folder, name), 'utf8');
const ask = (...argv: string[]) => run(argv, { cwd: folder });
// The image of the home lab's client.
writeFileSync(join(folder, 'kubernetes-logo.svg'), '<svg/>');

test('takes out what has ended, and says so', async () => {
  config(ended);
  expect(await ask('expire', '--at', '2027-02-01')).toEqual({
    code: 0,
    stdout:
      'the last day of the membership of ci in k8s_users was 2027-01-31 (UTC)\nthe last day of the grant audit was 2027-01-31 (UTC)\n',
    stderr: expect.stringMatching(
      /^kaniflux\.yaml: 2 removed; comments next to the removed entries were kept \(before the removal, they were in line \d+\): check whether they still apply\n$/,
    ),
  });
  expect(read()).toBe(
    ended.replace(', { name: ci, until: 2027-01-31 }', '').replace(/ {6}- name: audit[\s\S]*the audit\n/, ''),
  );
  expect(await ask('expire', '--at', '2027-02-01')).toEqual({
    code: 0,
    stdout: '',
    stderr: 'nothing has ended by 2027-02-01\n',
  });
});

test('the last day is whole', async () => {
  config(ended);
  expect(await ask('expire', '--at', '2027-01-31')).toMatchObject({ code: 0, stdout: '' });
  expect(read()).toBe(ended);
});

test('--check writes nothing', async () => {
  config(ended);
  expect(await ask('expire', '--check', '--at', '2027-02-01')).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('the last day of the grant audit was'),
  });
  expect(read()).toBe(ended);
});

test('without --at, it is today', async () => {
  config(ended.replaceAll('2027-01-31', '2020-01-31'));
  expect(await ask('expire', '--check')).toMatchObject({ code: 1 });
  config(ended.replaceAll('2027-01-31', '9999-01-31'));
  expect(await ask('expire', '--check')).toMatchObject({ code: 0 });
});

test('clusters in files of their own are changed there; mode, byte order mark and links stay', async () => {
  mkdirSync(join(folder, 'clusters'));
  const [, indented = ''] = /clusters:\n {2}homelab:\n([\s\S]*?)\n\n?serviceAccounts/.exec(ended) ?? [];
  const own = `\ufeffname: homelab\n${indented.replace(/^ {4}/gm, '')}\n`;
  const main = ended.replace(
    /clusters:\n {2}homelab:\n[\s\S]*?\n\n?serviceAccounts/,
    'clusters: clusters/*.yaml\nserviceAccounts',
  );
  config(main.replace(', { name: ci, until: 2027-01-31 }', ''));
  config(own, 'clusters/lab.yaml');
  chmodSync(join(folder, 'clusters/lab.yaml'), 0o640);
  symlinkSync('kaniflux.yaml', join(folder, 'link.yaml'));
  expect(await ask('expire', '-c', 'link.yaml', '--at', '2027-02-01')).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/^clusters\/lab\.yaml: 1 removed/),
  });
  expect(read('clusters/lab.yaml')).toBe(own.replace(/ {2}- name: audit[\s\S]*the audit\n/, ''));
  expect(statSync(join(folder, 'clusters/lab.yaml')).mode & 0o777).toBe(0o640);
});

test('what can only be removed by hand is told with its place, and nothing is written', async () => {
  const odd = ended.replace(
    / *k8s_users: \{ members: .*\n/,
    '  k8s_users:\n    ? members\n    : - { name: ci, until: 2027-01-31 }\n      - datosh\n',
  );
  config(odd);
  const { code, stderr, stdout } = await ask('expire', '--at', '2027-02-01');
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(
    /by hand:\nkaniflux\.yaml:\d+:9 the membership of ci in k8s_users: something else is on the line of the item\n$/,
  );
  expect(read()).toBe(odd);
});

test.each([
  [['expire', '--at', '2027-02-30'], '--at is a date such as 2027-01-31, not `2027-02-30`'],
  [['check', '--at', 'soon'], '--at is a date such as 2027-01-31, not `soon`'],
  [['expire', '-c', '-'], 'expire needs the config as a file'],
  [['expire', 'kaniflux.yaml'], 'expire takes no arguments'],
])('%j is refused', async (argv, message) => {
  config(ended);
  expect(await ask(...argv)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
});

describe('check', () => {
  const codes = async (at: string, ...more: string[]) => {
    config(ended);
    const { code, stdout } = await ask('check', '--at', at, '--format', 'json', ...more);
    const { findings } = JSON.parse(stdout) as { findings: { code: string; severity: string }[] };
    return {
      code,
      found: findings.filter((one) => one.code.startsWith('access-')).map((one) => `${one.severity} ${one.code}`),
    };
  };

  test('fails after the last day, and only notes before', async () => {
    expect((await codes('2027-02-01')).found).toEqual(['error access-ended', 'error access-ended']);
    expect((await codes('2027-01-31')).found).toEqual(['note access-ends-soon', 'note access-ends-soon']);
    expect((await codes('2027-01-17')).found).toEqual(['note access-ends-soon', 'note access-ends-soon']);
    expect((await codes('2027-01-16')).found).toEqual([]);
  });

  test.each([
    [
      'text',
      /kaniflux\.yaml:\d+:\d+ error the last day of the grant audit was 2027-01-31 \(UTC\), but the grant still gives its role \(access-ended\)/,
    ],
    ['markdown', /\| error access-ended \| `kaniflux\.yaml:\d+` \| the last day of the grant audit was 2027\\-01\\-31/],
    ['sarif', /"ruleId": "access-ended"/],
    [
      'github',
      /^::error file=kaniflux\.yaml,line=\d+,col=\d+,title=access-ended::the last day of the grant audit was/m,
    ],
  ])('in %s', async (format, line) => {
    config(ended);
    const { code, stdout } = await ask('check', '--at', '2027-02-01', '--format', format);
    expect(code).toBe(1);
    expect(stdout).toMatch(line);
    expect((await ask('check', '--at', '2027-01-01', '--format', format)).stdout).not.toMatch(line);
  });
});

test('nothing that is rendered depends on the day, and ACCESS.md shows the last days and reasons', async () => {
  config(ended);
  expect(await ask('synth')).toMatchObject({ code: 0 });
  const access = read('dist/ACCESS.md');
  expect(access).toContain('| `datosh` | `view` | everywhere | grant `audit` until 2027-01-31 (the audit) |');
  expect(read('dist/clusters/homelab/access/access.k8s.yaml')).not.toContain('2027');
});

test('explain and who-can say with which day a role ends', async () => {
  config(ended);
  expect((await ask('explain', 'datosh')).stdout).toContain('(view; grant audit, until 2027-01-31)');
  config(ended.replace(/ {6}- name: oidc-cluster-admin[\s\S]*?(?= {6}#)/, ''));
  expect((await ask('who-can', 'get', 'pods')).stdout).toContain('datosh (view; binding audit, until 2027-01-31)');
});

test.each(['expire', 'kubeadm-merge', 'merge-authentication-config'])(
  'the help of %s does not offer standard input for the config, which it refuses',
  async (command) => {
    const { stdout } = await ask('help', command);
    expect(stdout).toMatch(/--config FILE +The config \(default kaniflux\.yaml\)\n/);
    expect(await ask(command, '-c', '-')).toMatchObject({ code: 2, stderr: expect.stringContaining('standard input') });
  },
);
