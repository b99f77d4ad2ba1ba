import { readFileSync } from 'node:fs';
import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

/** By file, the code of which no mutant can be told from the original, and why. */
const judged = JSON.parse(readFileSync(new URL('equivalent.json', import.meta.url), 'utf8'));

/** A plugin of Stryker that leaves out what was judged. */
export const strykerPlugins = [
  declareValuePlugin(PluginKind.Ignore, 'equivalent', {
    shouldIgnore(path) {
      const { file } = path.hub;
      const [, name] = /(lib\/.*)$/.exec(file.opts.filename.replaceAll('\\', '/')) ?? [];
      const code = file.code.slice(path.node.start, path.node.end);
      return judged[name]?.find((one) => one.code === code)?.reason;
    },
  }),
];
