import type { Plugin } from 'esbuild';
import { assets } from '../../lib/report/assets';

/** Puts the report's script and style, bundled, in the place of the module that bundles them at run time. */
export const reportAssets: Plugin = {
  name: 'assets of the report',
  setup(build) {
    build.onLoad({ filter: /lib\/report\/assets\.ts$/ }, () => ({
      contents: `export const assets = () => (${JSON.stringify(assets())});`,
      loader: 'js',
    }));
  },
};
