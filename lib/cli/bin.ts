import { writeSync } from 'node:fs';
import { version } from '../../package.json';
import { endWithOutput } from './closed-output';

endWithOutput(
  [process.stdout, process.stderr],
  (code) => process.exit(code),
  (message) => {
    try {
      writeSync(2, message);
    } catch {}
  },
);
if (process.argv.length === 3 && process.argv[2] === '--version') process.stdout.write(`${version}\n`);
else import('./program').then(({ run }) => run());
