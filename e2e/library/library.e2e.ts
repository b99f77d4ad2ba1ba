import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { homeLabText } from '../../__tests__/config';
import { programs } from '../../__tests__/docs/library-programs';
import { must, pack, sh } from '../init/repository';

/*
 * Installs the packed package in apps with other versions of cdk8s. If npm installed a second copy of a dependency, the
 * types of the app and of the package would differ.
 */

const root = join(__dirname, '..', '..');
const examples = join(root, 'examples');
const folder = mkdtempSync(join(tmpdir(), 'kaniflux-library-'));
let tarball: string;
beforeAll(() => {
  tarball = join(folder, pack(folder));
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** The oldest supported version of each, versions with which npm used to install second copies, and the newest. */
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
    for (const file of readdirSync(examples)) copyFileSync(join(examples, file), join(app, file));
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

  const objectsIn = (file: string) => loadAll(readFileSync(file, 'utf8'));

  test('examples/home-lab.ts makes the objects of the home lab', () => {
    rmSync(join(app, 'dist'), { recursive: true, force: true });
    must(app, 'node home-lab.js');
    const rendered = join(root, 'dist', 'clusters', 'homelab');
    for (const chart of ['kanidm', 'access']) {
      const made = objectsIn(join(app, 'dist', `${chart}.k8s.yaml`));
      expect(made).toEqual(objectsIn(join(rendered, chart, `${chart}.k8s.yaml`)));
      expect(made).not.toEqual([]);
    }
    const [kanidm, access] = objectsIn(join(root, 'dist', 'flux', 'homelab.yaml'));
    expect(objectsIn(join(app, 'dist', 'sync.k8s.yaml'))).toEqual([kanidm, access]);
    expect(readFileSync(join(app, 'nodes', 'kubeadm.yaml'), 'utf8')).toContain(
      'https://sso.kammel.dev/oauth2/openid/k8s',
    );
    expect(readFileSync(join(app, 'nodes', 'kubeconfig.yaml'), 'utf8')).toContain('https://192.168.1.16:6443');
  });

  test('examples/headlamp.ts makes an API server accept both clients, with one name for a person', () => {
    expect(must(app, 'node headlamp.js')).toBe('https://idm.example.com/oauth2/openid/headlamp\n');
    expect(objectsIn(join(app, 'authentication-configuration.yaml'))).toMatchObject([
      {
        jwt: ['k8s', 'headlamp'].map((client) => ({
          issuer: { url: `https://idm.example.com/oauth2/openid/${client}`, audiences: [client] },
          claimMappings: { username: { claim: 'sub', prefix: 'kanidm:' } },
        })),
      },
    ]);
  });

  test('examples/own-resource.ts binds a group to a role for a custom resource', () => {
    must(app, 'node own-resource.js');
    expect(objectsIn(join(app, 'dist', 'shop.k8s.yaml'))).toMatchObject([
      { kind: 'RoleBinding', metadata: { namespace: 'shop' }, subjects: [{ name: 'kanidm:greeters@idm.example.com' }] },
      { kind: 'Greeting', metadata: { namespace: 'shop' } },
    ]);
  });

  test('an ES module imports it too, and both see one class', () => {
    const script = `
      import { createRequire } from 'node:module';
      import { HelmApp } from 'kaniflux';
      import { App, Chart } from 'cdk8s';
      const { HelmApp: Required } = createRequire(import.meta.url)('kaniflux');
      const chart = new Chart(new App(), 'chart');
      const made = new HelmApp(chart, 'app', { name: 'app', repository: 'oci://charts.example.com', chart: 'app', version: '1.0.0' });
      console.log(made instanceof Required, chart.toJson().length);`;
    writeFileSync(join(app, 'module.mjs'), script);
    expect(must(app, 'node module.mjs')).toBe('true 3\n');
  });
});

/** The supported major releases of Node, except the one that runs the tests. */
const releases = [20, 22, 24].filter((release) => release !== Number(process.versions.node.split('.')[0]));

describe.each(releases)('Node %i', (release) => {
  const home = join(folder, `node-${release}`);
  const app = join(home, 'app');
  let node: string;

  beforeAll(() => {
    mkdirSync(app, { recursive: true });
    const name = `node-${process.platform}-${process.arch}`;
    must(home, `npm install --no-audit --no-fund --no-save ${name}@${release}`);
    node = join(home, 'node_modules', name, 'bin', 'node');
    expect(must(home, `${node} --version`)).toMatch(new RegExp(`^v${release}\\.`));
    writeFileSync(join(app, 'package.json'), '{ "name": "app", "private": true }\n');
    writeFileSync(join(app, 'kaniflux.yaml'), homeLabText);
    must(app, `npm install --no-audit --no-fund cdk8s constructs cdk8s-plus-30 ${tarball}`);
  });

  test('renders the home lab to the same bytes', () => {
    must(app, `${node} node_modules/kaniflux/build/kaniflux.js synth`);
    expect(sh(app, `diff -r ${join(root, 'dist')} dist`)).toMatchObject({ status: 0, stdout: '' });
  });

  test('the programs of docs/library.md print what stands there', () => {
    for (const { name, code } of programs()) writeFileSync(join(app, `${name}.ts`), code);
    must(app, `${join(root, 'node_modules', '.bin', 'esbuild')} *.ts --platform=node --format=cjs --outdir=.`);
    for (const { name, output } of programs()) {
      const { stdout, stderr } = sh(app, `${node} ${name}.js`);
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

describe('in an app that `cdk8s init typescript-app` made', () => {
  const app = join(folder, 'made');
  const compilerOptions = {
    ...{ module: 'CommonJS', target: 'ES2017', lib: ['es2016'], resolveJsonModule: true, stripInternal: true },
    ...{ strict: true, noUnusedLocals: true, noUnusedParameters: true, noImplicitReturns: true, noEmit: true },
    // This option is not in the template. With it, the compiler finds more errors in declarations.
    exactOptionalPropertyTypes: true,
  };

  beforeAll(() => {
    mkdirSync(app);
    writeFileSync(join(app, 'package.json'), '{ "name": "app", "private": true }\n');
    for (const { name, code } of programs()) writeFileSync(join(app, `${name}.ts`), code);
    must(app, `npm install --no-audit --no-fund typescript@5.9 @types/node@14 ${tarball}`);
    writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  });

  test("the programs of docs/library.md and the imports of Flux's API compile", () => {
    const groups = readdirSync(join(root, 'imports')).flatMap((file) => /^(.*)\.ts$/.exec(file)?.[1] ?? []);
    expect(groups.length).toBeGreaterThan(3);
    const imports = groups.map((group, i) => `export * as group${i} from 'kaniflux/imports/${group}';\n`);
    writeFileSync(join(app, 'imports.ts'), imports.join(''));
    expect(sh(app, 'node_modules/.bin/tsc')).toMatchObject({ status: 0, stdout: '' });
  });
});
