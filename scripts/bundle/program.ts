import type { BuildOptions } from 'esbuild';
import { lazyCdk8s } from './lazy-cdk8s';
import { lazyData } from './lazy-data';
import { reportAssets } from './report';
import { typedObjects } from './typed-objects';
import { compileValidator } from './validator';

/** How the command line is bundled, for the package and for the single binary. */
export const programOptions: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minify: true,
  // Turns the `import()` of a command into a `require`, because Node's ESM loader takes longer than the command.
  supported: { 'dynamic-import': false },
  legalComments: 'none',
  logLevel: 'warning',
};

/** The plugins that the modules of the program need. */
export const programPlugins = [compileValidator, reportAssets, lazyCdk8s, lazyData, typedObjects];
