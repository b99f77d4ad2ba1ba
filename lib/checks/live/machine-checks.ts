import { createServer } from 'node:net';
import { listed } from '../../access/rights-in-words';
import { type Client, entry } from '../../config/config';
import { errorCode } from '../../guards';
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
      const taken = new Map<string, string>();
      for (const address of addresses) {
        const code = await refusal(address);
        if (code !== undefined) taken.set(address, code);
      }
      if (taken.size === 0) {
        results.push(passed(`${addresses.join(' and ')} ${addresses.length === 1 ? 'is' : 'are'} free for kubelogin`));
        continue;
      }
      const other = addresses.find((one) => !taken.has(one));
      const among = (code: string) => addresses.filter((one) => taken.get(one) === code);
      const causes = [...new Set(taken.values())].map((code) => because(code, among(code)));
      const message = `${listed(causes)}${other === undefined ? ', but kubelogin can listen on no other port' : `; kubelogin uses ${other}`}`;
      const port = among('EADDRINUSE')[0]?.split(':').at(-1);
      const find = port ? `find out which program listens there (\`ss -ltnp\`, \`lsof -i :${port}\`), or ` : '';
      const fix = `${find}add another URL to \`redirectUrls\`, with \`localhost\` and a port number of 1024 or higher`;
      const severity = other === undefined ? {} : ({ severity: 'note' } as const);
      results.push(failed([...client.path, 'redirectUrls'], message, fix, severity));
    }
    return results;
  },
};

/** Says why nothing can listen on addresses. */
function because(code: string, addresses: readonly string[]): string {
  const all = listed(addresses);
  const is = addresses.length === 1 ? 'is' : 'are';
  switch (code) {
    case 'EADDRINUSE':
      return `${all} ${is} in use`;
    case 'EACCES':
      return `this user may not listen on ${all}`;
    case 'EADDRNOTAVAIL':
      return `${all} ${is} not on this machine`;
    default:
      return `this user cannot listen on ${all} (${code})`;
  }
}

/**
 * Returns why no program can listen at an address of this machine, as the code of an error; `undefined` if one can. The
 * socket is closed immediately.
 */
function refusal(address: string): Promise<string | undefined> {
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(address) ?? [];
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(errorCode(error) ?? error.message));
    server.listen({ host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port), exclusive: true }, () =>
      server.close(() => resolve(undefined)),
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
