import { createServer } from 'node:net';
import { type Client, entry } from '../../config/config';
import { redirectOf } from '../../identity/redirects';
import { type CheckResult, failed, type LiveCheck, passed } from './live-check';
import type { LiveSystem } from './live-system';

/** Returns the clients for which kubelogin opens a browser on this machine. */
const signingIn = ({ config, clusters }: LiveSystem): Client[] => [
  ...new Set(
    clusters
      .filter(({ kubeconfig }) => kubeconfig.signIn === 'browser')
      .map(({ client }) => entry(config.clients, client)),
  ),
];

const ports: LiveCheck = {
  code: 'login-port-taken',
  parts: ['machine'],
  run: async (system) => {
    const results: CheckResult[] = [];
    for (const client of signingIn(system)) {
      const addresses = redirectOf(client)?.listen ?? [];
      const taken: string[] = [];
      for (const address of addresses) if (!(await isFree(address))) taken.push(address);
      const [first] = addresses;
      if (taken.length === 0) {
        results.push(passed(`${addresses.join(' and ')} ${addresses.length === 1 ? 'is' : 'are'} free for kubelogin`));
        continue;
      }
      const all = taken.length === addresses.length;
      const message = all
        ? `${taken.join(' and ')} ${taken.length === 1 ? 'is' : 'are'} in use, but kubelogin can listen on no other port`
        : `${taken.join(' and ')} is in use; kubelogin uses ${addresses.find((one) => !taken.includes(one))}`;
      const fix = `find out which program listens there (\`ss -ltnp\`, \`lsof -i :${first?.split(':').at(-1)}\`), or add another loopback URL to \`redirectUrls\``;
      results.push(failed([...client.path, 'redirectUrls'], message, fix, all ? {} : { severity: 'note' }));
    }
    return results;
  },
};

/** Whether a program can listen at an address of this machine. The socket is closed immediately. */
function isFree(address: string): Promise<boolean> {
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(address) ?? [];
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port), exclusive: true }, () =>
      server.close(() => resolve(true)),
    );
  });
}

/** The names of the executables: kubectl finds a plugin by its file name. */
const commandOf = { 'oidc-login': 'kubectl-oidc_login', kubelogin: 'kubelogin' } as const;

const plugin: LiveCheck = {
  code: 'kubelogin-missing',
  parts: ['machine'],
  run: async ({ clusters, tools }) =>
    [...new Set(clusters.map(({ kubeconfig }) => kubeconfig.plugin))].map((name) => {
      if (tools.installed(commandOf[name])) return passed(`${commandOf[name]} is installed`);
      const path = [...(clusters.find(({ kubeconfig }) => kubeconfig.plugin === name)?.path ?? []), 'kubeconfig'];
      const fix =
        name === 'oidc-login'
          ? 'install kubelogin with `kubectl krew install oidc-login`, or write `plugin: kubelogin` if kubelogin was installed in another way'
          : 'install kubelogin as https://github.com/int128/kubelogin#setup describes, or write `plugin: oidc-login` if kubelogin was installed with krew';
      return failed([...path, 'plugin'], `${commandOf[name]} is not on the PATH: kubectl can't sign in`, fix);
    }),
};

export const machineChecks: readonly LiveCheck[] = [ports, plugin];
