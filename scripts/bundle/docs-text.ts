import type { Plugin } from 'esbuild';
import { scriptOf, shells } from '../../lib/cli/completion-script';
import { docsText } from '../../lib/cli/docs-text';

/** Replaces the module that reads files of `docs/` by the files that the program reads: the completion scripts. */
export const docsInside: Plugin = {
  name: 'files of docs',
  setup(build) {
    const texts = Object.fromEntries(shells.map((shell) => [scriptOf(shell), docsText(scriptOf(shell))]));
    build.onLoad({ filter: /lib\/cli\/docs-text\.ts$/ }, () => ({
      contents: `const texts = ${JSON.stringify(texts)}; export const docsText = (path) => texts[path];`,
      loader: 'js',
    }));
  },
};
