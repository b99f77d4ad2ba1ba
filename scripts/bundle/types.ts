import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Removes the declarations of internal modules, which are most of them: programs can only import the index. Without
 * this, the package would be larger, and editors would offer internal names.
 * @param folder the compiled library
 */
export function removeInternalTypes(folder: string): void {
  const used = new Set<string>();
  const follow = (file: string): void => {
    if (used.has(file)) return;
    used.add(file);
    for (const [, module = ''] of readFileSync(file, 'utf8').matchAll(/(?:from |import\()['"](\.[^'"]+)['"]/g)) {
      const path = join(dirname(file), module);
      follow(existsSync(`${path}.d.ts`) ? `${path}.d.ts` : join(path, 'index.d.ts'));
    }
  };
  follow(join(folder, 'index.d.ts'));
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const file = join(folder, name);
    if (name.endsWith('.d.ts') && !used.has(file)) rmSync(file);
  }
}
