import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

/**
 * Parses the RBAC of Kubernetes only when it is first used. As JavaScript, its 100 KB would be created at each start,
 * and would be part of the compiled code that each run reads.
 */
export const lazyData: Plugin = {
  name: 'data parsed when used',
  setup({ onLoad }) {
    onLoad({ filter: /lib[\\/]upstream[\\/]kubernetes-rbac\.json$/ }, ({ path }) => {
      const { versions, objects }: Record<string, unknown> = JSON.parse(readFileSync(path, 'utf8'));
      const text = JSON.stringify(JSON.stringify(objects));
      return {
        contents: `export default {
          versions: ${JSON.stringify(versions)},
          get objects() { return JSON.parse(${text}); },
        };`,
      };
    });
  },
};
