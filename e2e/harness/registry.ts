import { ensurePart } from '../parts/build';
import type { Lab } from './lab';
import { freePort } from './port';
import type { Running } from './process';

export interface Registry {
  readonly process: Running;
  /** Host and port. An artifact has the address `oci://<address>/<name>`. The registry speaks http. */
  readonly address: string;
}

/** Starts an OCI registry that keeps everything in memory, and waits until it answers. */
export async function startRegistry(lab: Lab): Promise<Registry> {
  const port = await freePort();
  const process = await lab.start({
    name: 'registry',
    command: await ensurePart('registry'),
    args: [`--port=${port}`],
  });
  const address = `localhost:${port}`;
  await process.ready(async () => (await fetch(`http://${address}/v2/`)).ok);
  return { process, address };
}
