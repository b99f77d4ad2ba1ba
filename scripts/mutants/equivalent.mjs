import { readFileSync } from 'node:fs';
import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

/** By file, code in which a mutant cannot be distinguished from the original, with the reason. */
const judged = JSON.parse(readFileSync(new URL('equivalent.json', import.meta.url), 'utf8'));

/** A plugin of Stryker that leaves out this code. */
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
