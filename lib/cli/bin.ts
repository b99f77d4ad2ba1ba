import { version } from '../../package.json';
import { writeTo } from './closed-output';

if (process.argv.length === 3 && process.argv[2] === '--version') writeTo('stdout', `${version}\n`);
else import('./program').then(({ run }) => run());
