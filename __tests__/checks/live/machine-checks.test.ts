import type { AddressInfo } from 'node:net';
import net, { createServer, type Server } from 'node:net';
import { configOf } from '../../config';
import { diagnose, shown } from './server';

const listening: Server[] = [];
async function taken(): Promise<number> {
  const server = createServer();
  listening.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
/** Returns a port that was free a moment ago. */
async function free(): Promise<number> {
  const port = await taken();
  const server = listening.pop() as Server;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
afterEach(async () => {
  jest.restoreAllMocks();
  for (const server of listening.splice(0)) await new Promise((resolve) => server.close(resolve));
});

const sources = { main: { locate: () => ({ line: 1, column: 1 }), line: () => '', file: 'kaniflux.yaml' } } as never;
const config = (ports: readonly number[], kubeconfig = {}) => ({
  sources: { ...(sources as object), clusters: new Map() } as never,
  config: configOf({
    clients: {
      k8s: {
        image: null,
        localhostRedirects: null,
        landingUrl: `http://localhost:${ports[0]}`,
        redirectUrls: ports.map((port) => `http://localhost:${port}`),
      },
    },
    clusters: { homelab: { kubeconfig: { user: 'oidc', ...kubeconfig } } },
  }),
});

test('ports that nobody listens on are free, and are let go of', async () => {
  const ports = [await free(), await free()];
  const line = `ok login-port-taken 127.0.0.1:${ports[0]} and 127.0.0.1:${ports[1]} are free for kubelogin`;
  expect(shown(await diagnose(config(ports), ['login-port-taken']))).toEqual([line]);
  expect(shown(await diagnose(config(ports), ['login-port-taken']))).toEqual([line]);
});

test('one taken port is a note, since kubelogin goes on to the next; all of them are an error', async () => {
  const [busy, other] = [await taken(), await free()];
  expect(shown(await diagnose(config([busy, other]), ['login-port-taken']))).toEqual([
    `note login-port-taken 127.0.0.1:${busy} is in use; kubelogin uses 127.0.0.1:${other}`,
  ]);
  const { findings } = await diagnose(config([busy]), ['login-port-taken']);
  expect(findings[0]).toMatchObject({
    severity: 'error',
    message: `127.0.0.1:${busy} is in use, but kubelogin can listen on no other port`,
    fix: expect.stringContaining('`redirectUrls`'),
  });
});

/** Makes the next servers fail to listen. */
function refuse(...codes: readonly string[]): void {
  for (const code of codes) {
    jest.spyOn(net, 'createServer').mockImplementationOnce(() => {
      const server: Server = Object.assign(Object.create(net.Server.prototype), {
        listen: () => server.emit('error', Object.assign(new Error(code), { code })),
      });
      return server;
    });
  }
}

test.each([
  ['EACCES', 'this user may not listen on 127.0.0.1:80, but kubelogin can listen on no other port'],
  ['EADDRNOTAVAIL', '127.0.0.1:80 is not on this machine, but kubelogin can listen on no other port'],
  ['EMFILE', 'this user cannot listen on 127.0.0.1:80 (EMFILE), but kubelogin can listen on no other port'],
])('a port that nobody uses is not called taken: %s', async (code, message) => {
  refuse(code);
  const { findings } = await diagnose(config([80]), ['login-port-taken']);
  const fix = 'add another URL to `redirectUrls`, with `localhost` and a port number of 1024 or higher';
  expect(findings).toMatchObject([{ severity: 'error', message, fix }]);
});

test('each reason is said, with the other port that kubelogin uses', async () => {
  const other = await free();
  refuse('EACCES', 'EADDRINUSE');
  const { findings } = await diagnose(config([80, 8000, other]), ['login-port-taken']);
  expect(findings).toMatchObject([
    {
      severity: 'note',
      message: `this user may not listen on 127.0.0.1:80 and 127.0.0.1:8000 is in use; kubelogin uses 127.0.0.1:${other}`,
      fix: expect.stringMatching(/^find out which program listens there \(`ss -ltnp`, `lsof -i :8000`\), or add /),
    },
  ]);
});

test('where nobody signs in with a browser here, no port is asked for', async () => {
  const loaded = config([await taken()], { signIn: 'keyboard' });
  expect(shown(await diagnose(loaded, ['login-port-taken']))).toEqual([]);
});

test.each([
  ['oidc-login', 'kubectl-oidc_login', 'kubectl krew install oidc-login'],
  ['kubelogin', 'kubelogin', 'https://github.com/int128/kubelogin#setup'],
])('plugin %s is looked for as %s', async (plugin, command, fix) => {
  const loaded = config([8000], { plugin });
  const installed = (name: string) => name === command;
  expect(shown(await diagnose(loaded, ['kubelogin-missing'], { installed }))).toEqual([
    `ok kubelogin-missing ${command} is installed`,
  ]);
  const { findings } = await diagnose(loaded, ['kubelogin-missing'], { installed: () => false });
  expect(findings[0]?.fix).toContain(fix);
});
