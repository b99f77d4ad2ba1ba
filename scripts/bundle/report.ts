import type { Plugin } from 'esbuild';
import { assets } from '../../lib/report/assets';

/** Replaces the module that bundles the report's script and style at run time by the finished bundles. */
export const reportAssets: Plugin = {
  name: 'assets of the report',
  setup(build) {
    build.onLoad({ filter: /lib\/report\/assets\.ts$/ }, () => ({
      contents: `export const assets = () => (${JSON.stringify(assets())});`,
      loader: 'js',
    }));
  },
};
