import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { homeLabText } from '../../__tests__/config';
import { programs, rewrite } from '../../__tests__/docs/library-programs';

/* The programs of README.md and docs/library.md, compiled and run. */
const root = join(__dirname, '..', '..');
// The folder is inside the project, so that the compiler finds the types of the dependencies.
mkdirSync(join(root, 'build'), { recursive: true });
const folder = mkdtempSync(join(root, 'build', 'library-'));
afterAll(() => rmSync(folder, { recursive: true }));

const all = programs();
beforeAll(() => {
  writeFileSync(join(folder, 'kaniflux.yaml'), homeLabText);
  for (const { name, code } of all) writeFileSync(join(folder, `${name}.ts`), code);
});

test('every program of README.md and docs/library.md compiles', () => {
  const config = {
    extends: '../../tsconfig.json',
    compilerOptions: { paths: { kaniflux: [join(root, 'lib', 'index.ts')] }, types: ['node'] },
    include: ['*.ts'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const { stdout } = spawnSync(join(root, 'node_modules', '.bin', 'tsc'), ['-p', folder], { encoding: 'utf8' });
  expect(stdout).toBe('');
});

test('every program prints what stands below it', () => {
  buildSync({
    entryPoints: all.map(({ name }) => join(folder, `${name}.ts`)),
    outdir: folder,
    bundle: true,
    platform: 'node',
    alias: { kaniflux: join(root, 'lib', 'index.ts') },
    external: ['cdk8s', 'constructs', 'cdk8s-plus-30', 'ajv'],
    logLevel: 'error',
  });
  const between = '----';
  const files = all.map(({ name }) => join(folder, `${name}.js`));
  const script = `for (const file of ${JSON.stringify(files)}) { require(file); console.log('${between}'); }`;
  const text = execFileSync(process.execPath, ['-e', script], { cwd: folder, encoding: 'utf8' });
  const printed = text
    .split(`${between}\n`)
    .slice(0, -1)
    .map((output) => output.replace(/\n+$/, '\n'));
  if (process.env.UPDATE_DOCS) rewrite(printed);
  expect(printed).toEqual(programs().map(({ output }) => output));
});
