import { execFileSync } from 'node:child_process';
import { createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import { kubeloginVersion } from '../../lib/upstream/kubelogin';
import { ensurePart } from '../parts/build';
import { fixture, names, Stage } from './stage';
import type { KubectlRun } from './workstation';

test(`its help is the one that the table of options was made of: ${kubeloginVersion}`, async () => {
  const kubelogin = await ensurePart('kubelogin');
  const say = (...args: string[]) => execFileSync(kubelogin, args, { encoding: 'utf8' });
  expect(say('--version').trim()).toBe(`kubelogin version v${kubeloginVersion}`);
  expect(say('get-token', '--help')).toBe(fixture(`get-token-${kubeloginVersion}.txt`));
});

describe('signing in', () => {
  let stage: Stage;
  beforeAll(async () => {
    for (const way of ['warn', 'info'] as const) jest.spyOn(console, way).mockImplementation(); // oidc-provider's advice
    stage = await Stage.open();
  });
  afterAll(() => stage?.close());

  const whoami = ['auth', 'whoami', '-o=json'];
  function named({ code, stdout, stderr }: KubectlRun) {
    if (code !== 0) return { code, stderr };
    const { username, groups } = JSON.parse(stdout).status.userInfo;
    return { username, groups: groups.sort() };
  }

  test('the first command opens the browser once, the next ones take the token of the cache', async () => {
    const mine = await stage.workstation();
    const first = await mine.kubectl('datosh', [stage.kubeconfig('homelab'), ...whoami]);
    expect(named(first)).toEqual(stage.predicted('datosh', 'homelab'));
    expect(first.visits).toHaveLength(1);
    const [opened, asked] = first.visits[0] ?? [];
    expect(opened?.href).toBe(`http://localhost:${stage.ports.first}/`);
    expect(Object.fromEntries(asked?.searchParams ?? [])).toMatchObject({
      client_id: 'k8s',
      scope: 'openid',
      code_challenge_method: 'S256',
      redirect_uri: `http://localhost:${stage.ports.first}`,
    });
    const kept = await mine.cache();
    expect(kept).toEqual([{ mode: 0o600, idToken: expect.any(String) }]);

    const get = await mine.kubectl('datosh', [stage.kubeconfig('homelab'), 'get', 'namespaces', '-o=name']);
    expect(get).toMatchObject({ code: 0, stdout: expect.stringContaining('namespace/shop'), visits: [] });
    expect(await mine.cache()).toEqual(kept);
    const may = await mine.kubectl('datosh', [stage.kubeconfig('homelab'), 'auth', 'can-i', '*', '*']);
    expect(may).toMatchObject({ code: 0, stdout: 'yes\n', visits: [] });
  });

  test('a token that has expired is renewed without a browser', async () => {
    const mine = await stage.workstation();
    await mine.kubectl('datosh', [stage.kubeconfig('homelab'), ...whoami]);
    const [before] = await mine.cache();
    await sleep((decodeJwt(before?.idToken ?? '').exp ?? 0) * 1000 - Date.now() + 1000);
    const later = await mine.kubectl('datosh', [stage.kubeconfig('homelab'), ...whoami]);
    expect(named(later)).toEqual(stage.predicted('datosh', 'homelab'));
    expect(later.visits).toEqual([]);
    expect((await mine.cache())[0]?.idToken).not.toBe(before?.idToken);
  });

  test('`plugin: kubelogin` calls the program by its own name, and only that', async () => {
    const path = await stage.changed({ plugin: 'kubelogin' });
    const mine = await stage.workstation({ kubelogin: 'kubelogin' });
    expect(named(await mine.kubectl('datosh', [path, ...whoami]))).toEqual(stage.predicted('datosh', 'homelab'));
    const krew = await stage.workstation();
    expect(await krew.kubectl('datosh', [path, ...whoami])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('executable kubelogin not found'),
    });
    expect(await mine.kubectl('datosh', [stage.kubeconfig('homelab'), ...whoami])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('unknown command "oidc-login" for "kubectl"'),
    });
  });

  test('where the first port is taken the second one serves, and where both are it says so', async () => {
    const taken: Server[] = [];
    const take = (port: number) =>
      new Promise<void>((resolve, reject) => {
        taken.push(createServer().once('error', reject).listen(port, '127.0.0.1', resolve));
      });
    try {
      await take(stage.ports.first);
      const said = await (await stage.workstation()).kubectl('datosh', [stage.kubeconfig('homelab'), ...whoami]);
      expect(named(said)).toEqual(stage.predicted('datosh', 'homelab'));
      expect(said.visits[0]?.[0]?.href).toBe(`http://localhost:${stage.ports.second}/`);
      await take(stage.ports.second);
      expect(
        await (await stage.workstation()).kubectl('datosh', [stage.kubeconfig('homelab'), ...whoami]),
      ).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('no available port'),
        visits: [],
      });
    } finally {
      for (const server of taken) server.close();
    }
  });

  test('`tokenCache: none` keeps nothing and asks again', async () => {
    const path = await stage.changed({ tokenCache: 'none' });
    const mine = await stage.workstation();
    for (const _ of [1, 2]) {
      const said = await mine.kubectl('datosh', [path, 'get', 'namespaces', '-o=name']);
      expect(said).toMatchObject({ code: 0, stdout: expect.stringContaining('namespace/shop') });
      expect(said.visits).toHaveLength(1);
    }
    expect(await mine.cache()).toEqual([]);
  });

  test('`tokenCache: keyring` fails after the sign-in where there is no keyring', async () => {
    const path = await stage.changed({ tokenCache: 'keyring' });
    const mine = await stage.workstation();
    const said = await mine.kubectl('datosh', [path, ...whoami]);
    expect(said).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('could not write the token cache: keyring'),
    });
    expect(said.visits).toHaveLength(1);
    expect(await mine.cache()).toEqual([]);
  });

  test('`signIn: keyboard` takes the pasted code in a terminal, and then needs none', async () => {
    const path = await stage.changed({ signIn: 'keyboard' });
    const mine = await stage.workstation();
    const script = await mine.kubectl('datosh', [path, ...whoami]);
    expect(script).toMatchObject({ code: 1, stderr: expect.stringMatching(/could not read an authorization code/) });
    const said = await mine.kubectlInTerminal('datosh', [path, 'get', 'namespaces', '-o=name']);
    expect(said).toMatchObject({ code: 0, stdout: expect.stringContaining('namespace/shop') });
    expect(said.visits[0]?.at(-1)?.origin).toBe(`http://localhost:${stage.ports.first}`);
    const next = await mine.kubectl('datosh', [path, ...whoami]);
    expect(named(next)).toEqual(stage.predicted('datosh', 'homelab'));
    expect(next.visits).toEqual([]);
  });

  test('`signIn: device-code` fails where no device codes are offered', async () => {
    const path = await stage.changed({ signIn: 'device-code' });
    expect(await (await stage.workstation()).kubectl('datosh', [path, ...whoami])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('unsupported protocol scheme ""'),
      visits: [],
    });
  });

  test('a certificate that the machine doesn’t know is refused, unless the kubeconfig brings its authority', async () => {
    const mine = await stage.workstation({ believing: false });
    expect(await mine.kubectl('datosh', [stage.kubeconfig('homelab'), ...whoami])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/oidc discovery error.*x509: certificate signed by unknown authority/),
      visits: [],
    });
    const said = await mine.kubectl('datosh', [stage.kubeconfig('team'), ...whoami]);
    expect(named(said)).toEqual(stage.predicted('datosh', 'team'));
  });

  test('one redirect URL with a path, groups: a developer has the rights of the group, and no more', async () => {
    const mine = await stage.workstation({ believing: false });
    const said = await mine.kubectl('jane', [stage.kubeconfig('team'), ...whoami]);
    const { username } = stage.predicted('jane', 'team');
    expect(named(said)).toEqual(stage.predicted('jane', 'team'));
    const [asked, back] = [said.visits[0]?.[1], said.visits[0]?.at(-1)];
    expect(asked?.searchParams.get('redirect_uri')).toBe(`http://localhost:${stage.ports.team}/callback`);
    expect(asked?.searchParams.get('scope')?.split(' ').sort()).toEqual(['groups', 'openid']);
    expect(back?.href.split('?')[0]).toBe(`http://localhost:${stage.ports.team}/callback`);
    const pods = (namespace: string) =>
      mine.kubectl('jane', [stage.kubeconfig('team'), 'get', 'pods', `-n=${namespace}`, '-o=name']);
    expect(await pods('shop')).toMatchObject({ code: 0, stdout: '' });
    expect(await pods('default')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`User "${username}" cannot list resource "pods" in API group ""`),
    });
  });

  test('somebody outside the scope map gets no token', async () => {
    const mine = await stage.workstation();
    const said = await mine.kubectl('jane', [stage.kubeconfig('homelab'), ...whoami]);
    expect(said).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('access_denied') });
    expect(await mine.cache()).toEqual([]);
  });

  test('in one kubeconfig for both clusters each signs in to its own client', async () => {
    const mine = await stage.workstation();
    for (const name of names) {
      const path = stage.kubeconfig();
      const said = await mine.kubectl('datosh', [path, `--context=${name}`, ...whoami]);
      expect(named(said)).toEqual(stage.predicted('datosh', name));
      expect(said.visits).toHaveLength(1);
    }
  });
});
