import type { BuildOptions } from 'esbuild';
import { lazyCdk8s } from './lazy-cdk8s';
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
  // So that `import()` of a command is a `require`: node's ESM loader costs more than the command.
  supported: { 'dynamic-import': false },
  legalComments: 'none',
  logLevel: 'warning',
};

/** What the modules of the program need to be bundled. */
export const programPlugins = [compileValidator, reportAssets, lazyCdk8s, typedObjects];
