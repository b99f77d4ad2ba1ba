import { version } from '../../package.json';

if (process.argv.length === 3 && process.argv[2] === '--version') process.stdout.write(`${version}\n`);
else import('./program').then(({ run }) => run());
