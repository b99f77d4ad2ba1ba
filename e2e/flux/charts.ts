import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { KeyPair, Lab } from '../harness';
import { ensurePart } from '../parts/build';
import { capture } from '../parts/exec';

const chart = join(__dirname, '..', 'chart', 'kanidm');

/** Starts a Helm repository over HTTPS with the chart in `e2e/chart`. Its URLs are below the path of `address`. */
export async function startChartRepository(
  lab: Lab,
  certificate: KeyPair,
  address: string,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const helm = await ensurePart('helm');
  const folder = lab.path('charts');
  await capture(helm, ['package', chart, `--destination=${folder}`], { cwd: lab.folder, env: helmHome(lab) });
  await capture(helm, ['repo', 'index', folder, `--url=${address}`], { cwd: lab.folder, env: helmHome(lab) });
  const files = new Map<string, Buffer>();
  for (const file of await readdir(folder))
    files.set(new URL(file, address).pathname, await readFile(join(folder, file)));
  const server = createServer(certificate, ({ url = '' }, answer) => {
    const file = files.get(url);
    answer.writeHead(file ? 200 : 404).end(file);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  server.unref(); // a failed test must not keep the process alive
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The folders where helm keeps its files: in the lab instead of in the home folder. */
export const helmHome = (lab: Lab): Record<string, string> => ({
  HELM_CACHE_HOME: lab.path('helm', 'cache'),
  HELM_CONFIG_HOME: lab.path('helm', 'config'),
  HELM_DATA_HOME: lab.path('helm', 'data'),
});
