import { version } from '../../package.json';
import { main } from './main';
import { processIo } from './process-io';

/** Runs the command line of this process. */
export async function run(): Promise<void> {
  process.exitCode = await main(process.argv.slice(2), version, processIo());
}
