import { version } from '../../package.json';
import { outputOf } from './closed-output';

if (process.argv.length === 3 && process.argv[2] === '--version') outputOf('stdout').write(`${version}\n`);
else import('./program').then(({ run }) => run());
