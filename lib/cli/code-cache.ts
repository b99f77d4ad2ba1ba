import { readFileSync } from 'node:fs';
import { createRequire, wrap } from 'node:module';
import { dirname } from 'node:path';
import { Script } from 'node:vm';

/** Where the build puts what V8 made of a module's code. */
export const cacheOf = (file: string): string => `${file}.cache`;

/**
 * `require` of a bundled module, with its code compiled beforehand: that takes half of the time of a short run. V8
 * takes a cache of its own version alone, and compiles as always where it has another.
 */
export function requireCached(file: string): unknown {
  const cachedData = readCache(cacheOf(file));
  const require = createRequire(file);
  if (!cachedData) return require(file);
  const script = new Script(wrap(readFileSync(file, 'utf8')), { filename: file, cachedData });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, require, module, file, dirname(file));
  return module.exports;
}

function readCache(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
