import { version } from '../../package.json';
import { main } from './main';
import { processIo } from './process-io';

main(process.argv.slice(2), version, processIo()).then((code) => {
  process.exitCode = code;
});
