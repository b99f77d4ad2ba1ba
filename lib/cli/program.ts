import { version } from '../../package.json';
import { main } from './main';
import { processIo } from './process-io';

/** Runs the command line of this process. */
export async function run(): Promise<void> {
  // Ends the process without freeing its memory part by part, as soon as there is nothing left to do.
  process.once('beforeExit', () => process.exit());
  process.exitCode = await main(process.argv.slice(2), version, processIo());
}
