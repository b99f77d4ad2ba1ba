import { ensurePart } from '../parts/build';
import type { Lab } from './lab';
import { freePort } from './port';
import type { Running } from './process';

export interface Etcd {
  readonly process: Running;
  /** Its address for clients: http, on the loopback interface. */
  readonly url: string;
}

/** Starts an etcd with an empty database and waits until it is healthy. */
export async function startEtcd(lab: Lab): Promise<Etcd> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const peer = `http://127.0.0.1:${await freePort()}`;
  const process = await lab.start({
    name: 'etcd',
    command: await ensurePart('etcd'),
    args: [
      `--data-dir=${lab.path(`etcd-${port}`)}`,
      `--listen-client-urls=${url}`,
      `--advertise-client-urls=${url}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
      '--unsafe-no-fsync',
    ],
  });
  await process.ready(async () => (await fetch(`${url}/health`)).ok);
  return { process, url };
}
