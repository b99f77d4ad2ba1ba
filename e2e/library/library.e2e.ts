import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homeLabText } from '../../__tests__/config';
import { programs } from '../../__tests__/docs/library-programs';
import { must, pack, sh } from '../init/repository';

/* The packed package beside the cdk8s of somebody's own app: one copy of each, one type for each, and the same output. */

const root = join(__dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'kaniflux-library-'));
let tarball: string;
beforeAll(() => {
  tarball = join(folder, pack(folder));
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** The least that npm has of each range, those that had a copy of their own of everything before, and the newest. */
const apps: readonly (readonly string[])[] = [
  ['cdk8s@2.68.12', 'constructs@10.3.0', 'cdk8s-plus-30@2.2.5'],
  ['cdk8s@2.68.100', 'constructs@10.3.2'],
  ['cdk8s@2.70.0', 'constructs@10.6.0', 'cdk8s-plus-30@2.4.10'],
  ['cdk8s@latest', 'constructs@latest', 'cdk8s-plus-30@latest'],
];

describe.each(apps.map((versions) => versions))('beside %s', (...versions) => {
  const app = join(folder, versions.join('-').replaceAll('@', '-'));

  beforeAll(() => {
    mkdirSync(app);
    writeFileSync(join(app, 'package.json'), '{ "name": "app", "private": true }\n');
    writeFileSync(join(app, 'kaniflux.yaml'), homeLabText);
    for (const { name, code } of programs()) writeFileSync(join(app, `${name}.ts`), code);
    must(app, `npm install --no-audit --no-fund ${versions.join(' ')} ${tarball}`);
  });

  test('there is one copy of each', () => {
    const copies = must(
      app,
      'find . -type d -regextype posix-extended -regex ".*/node_modules/(cdk8s|constructs|cdk8s-plus-30)"',
    );
    expect(copies.trim().split('\n').sort()).toEqual([
      './node_modules/cdk8s',
      './node_modules/cdk8s-plus-30',
      './node_modules/constructs',
    ]);
  });

  test("the programs of docs/library.md compile, the package's own declarations too, and print what stands there", () => {
    const types = join(root, 'node_modules', '@types');
    const options = { module: 'commonjs', moduleResolution: 'bundler', target: 'ES2022', strict: true };
    const config = { compilerOptions: { ...options, types: ['node'], typeRoots: [types] }, include: ['*.ts'] };
    writeFileSync(join(app, 'tsconfig.json'), JSON.stringify(config));
    const compiled = sh(app, `${join(root, 'node_modules', '.bin', 'tsc')} -p .`);
    expect(compiled).toMatchObject({ status: 0, stdout: '' });
    for (const { name, output } of programs()) {
      const { stdout, stderr } = sh(app, `node ${name}.js`);
      expect({ name, stderr, stdout: stdout.replace(/\n+$/, '\n') }).toEqual({ name, stderr: '', stdout: output });
    }
  });
});

test('npx runs it in an empty folder', () => {
  const empty = join(folder, 'empty');
  mkdirSync(empty);
  const npx = `npx --yes --package ${tarball} kaniflux`;
  must(
    empty,
    `${npx} init --domain idm.example.com --cluster homelab --server https://192.0.2.10:6443 --kubernetes 1.34 --person jane`,
  );
  expect(readdirSync(empty)).toContain('kaniflux.yaml');
  expect(sh(empty, `${npx} check`).stdout).toContain('kaniflux.yaml:');
});
