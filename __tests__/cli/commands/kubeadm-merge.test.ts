import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { homeLab } from '../../config';
import { run } from '../../run';

const kubeadm = 'apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\nclusterName: mine\n';
const merge = (argv: readonly string[], text = kubeadm) => run(['kubeadm-merge', ...argv], { stdin: async () => text });

test.each([[[]], [['homelab']]])('%j: what was there and the settings of the cluster are printed', async (argv) => {
  const { code, stdout } = await merge(argv);
  expect(code).toBe(0);
  const { clusterName, apiServer } = parse(stdout);
  expect(clusterName).toBe('mine');
  expect(apiServer.extraArgs).toContainEqual({ name: 'oidc-client-id', value: 'k8s' });
});

test('arguments of another issuer are an error, and taken out on request', async () => {
  const other = `${kubeadm}apiServer:\n  extraArgs:\n    - { name: oidc-issuer-url, value: https://other.example.com }\n`;
  expect(await merge([], other)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--replace') });
  const { code, stdout } = await merge(['--replace'], other);
  expect(code).toBe(0);
  expect(stdout).not.toContain('other.example.com');
});

describe('a cluster that reads an AuthenticationConfiguration', () => {
  const present = `${kubeadm}apiServer:\n  extraArgs:\n    - { name: authentication-config, value: /etc/auth.yaml }\n`;
  const ci = 'https://ci.example.com';
  const old = (...issuers: string[]) =>
    stringify({
      apiVersion: 'apiserver.config.k8s.io/v1',
      kind: 'AuthenticationConfiguration',
      jwt: issuers.map((url) => ({
        issuer: { url, audiences: ['ci'] },
        claimMappings: { username: { claim: 'sub', prefix: 'ci:' } },
      })),
    });
  let cwd = '';
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'kaniflux-'));
    const config = homeLab({ clusters: { homelab: { kubernetes: '1.34', authentication: { method: 'structured' } } } });
    writeFileSync(join(cwd, 'kaniflux.yaml'), stringify(config));
    writeFileSync(join(cwd, 'old.yaml'), old(ci));
    writeFileSync(join(cwd, 'empty.yaml'), old());
  });
  afterEach(() => rmSync(cwd, { recursive: true }));
  const replace = (...argv: string[]) =>
    run(['kubeadm-merge', '--replace', ...argv], { cwd, stdin: async () => present });

  test('is not told another before the file is looked at', async () => {
    expect(await replace()).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('pass the copy to kubeadm-merge with --authentication-config'),
    });
  });

  test('keeps its other issuers in a file that is written beside', async () => {
    const out = join(cwd, 'merged-auth.yaml');
    const { code, stdout, stderr } = await replace(
      ...['--authentication-config', 'old.yaml', '--merged-authentication-config', 'merged-auth.yaml'],
    );
    expect(code).toBe(0);
    const path = '/etc/kubernetes/kaniflux/authentication-config.yaml';
    expect(parse(stdout).apiServer.extraArgs).toEqual([{ name: 'authentication-config', value: path }]);
    const { jwt } = parse(readFileSync(out, 'utf8'));
    expect(jwt.map(({ issuer }: { issuer: { url: string } }) => issuer.url)).toEqual([
      'https://sso.kammel.dev/oauth2/openid/k8s',
      ci,
    ]);
    expect(jwt[1]).toEqual(parse(old(ci)).jwt[0]);
    expect(stderr).toContain(
      `kept from the current file: ${ci} (to stop trusting an issuer, remove its entry from that file, and merge again)\n`,
    );
    expect(stderr).toContain(`copy merged-auth.yaml to ${path} on every control-plane node`);
  });

  test('needs no such file where nothing is to be kept', async () => {
    expect(await replace('--authentication-config', 'empty.yaml')).toMatchObject({
      code: 0,
      stderr: expect.not.stringContaining('authentication-config'),
    });
  });

  test.each([
    [
      ['--authentication-config', 'old.yaml'],
      `trusts ${ci}, which the rendered file does not: use --merged-authentication-config`,
    ],
    [['--authentication-config', 'absent.yaml'], 'absent.yaml'],
    [['--authentication-config', 'kaniflux.yaml'], 'kind AuthenticationConfiguration'],
    [['--merged-authentication-config', 'x.yaml'], 'needs --authentication-config'],
    [['--authentication-config', 'old.yaml', '--merged-authentication-config', './old.yaml'], 'name the same file'],
  ])('%j is refused, and nothing is written', async (argv, message) => {
    const before = readdirSync(cwd);
    expect(await replace(...argv)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
    expect(readdirSync(cwd)).toEqual(before);
    expect(readFileSync(join(cwd, 'old.yaml'), 'utf8')).toBe(old(ci));
  });
});

test.each([
  [['homelabs'], 'did you mean `homelab`?'],
  [['homelab', 'b'], 'kubeadm-merge takes one cluster'],
  [['-c', '-'], '`-c -` is not possible: give the config as a file'],
  [['-c', 'absent.yaml'], 'absent.yaml'],
])('%j is refused', async (argv, message) => {
  expect(await merge(argv)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
});
