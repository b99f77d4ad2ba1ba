import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { schemas } from '../lib/config/validator';
import { thorough } from '../scripts/bundle/validator';

const root = join(__dirname, '..');
const cache = join(root, 'node_modules', '.cache', 'kaniflux');

/**
 * Each test file loads its modules anew: the compilation of the validators, and libraries of many small files, cost
 * more than the tests. Here the validators are compiled as the build does it, and those libraries made one file each.
 * They are kept until a schema, the build's code or a library changes.
 */
export default function setup(): void {
  const hash = createHash('sha256').update(JSON.stringify(schemas));
  const inputs = [
    'package-lock.json',
    'lib/config/validator.ts',
    'scripts/bundle/validator.ts',
    '__tests__/global-setup.ts',
  ];
  for (const file of inputs) hash.update(readFileSync(join(root, file)));
  const made = join(cache, 'made');
  const key = hash.digest('hex');
  if (read(made) === key) return;

  mkdirSync(cache, { recursive: true });
  rmSync(made, { force: true });
  write('validators.js', thorough());
  write('typebox.js', oneFile('@sinclair/typebox'));
  write('cdk8s.js', oneFile('cdk8s'));
  write('yaml.js', oneFile('yaml'));
  write('made', key);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Another run may read the file at the same time. */
function write(name: string, text: string): void {
  const temporary = join(cache, `${name}.${process.pid}`);
  writeFileSync(temporary, text);
  renameSync(temporary, join(cache, name));
}

function oneFile(library: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [createRequire(__filename).resolve(library)],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['constructs'],
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}
