import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capture } from '../e2e/parts/exec';
import versions from '../e2e/parts/versions.json';
import { fluxApis, writeFluxCrds } from './flux-crds';

const root = join(__dirname, '..');
const folders = ['crds', 'imports'];

/**
 * `npm run import` generates `crds/` and `imports/`. With `--check` it changes nothing, names the files that are out of
 * date, and exits with 1 if there are any.
 */
async function main(args: readonly string[]): Promise<void> {
  const check = args.includes('--check');
  const unknown = args.find((arg) => arg !== '--check');
  if (unknown) throw new Error(`Unknown argument '${unknown}'. Usage: npm run import [-- --check]`);
  const fresh = await mkdtemp(join(tmpdir(), 'kaniflux-import-'));
  try {
    await generate(fresh);
    const stale = await outOfDate(fresh);
    for (const path of stale) console.log(`${check ? 'out of date' : 'written'}: ${path}`);
    if (!check) await replace(fresh, stale);
    else if (stale.length) {
      console.log('Run npm run import and commit the outcome.');
      process.exitCode = 1;
    }
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** Generates both folders below `fresh`. */
async function generate(fresh: string): Promise<void> {
  const work = join(fresh, 'work');
  await mkdir(work);
  await writeFluxCrds(work, join(fresh, 'crds'));
  // cdk8s.yaml contains the paths to import, relative to itself.
  await cp(join(root, 'cdk8s.yaml'), join(fresh, 'cdk8s.yaml'));
  const cdk8s = join(root, 'node_modules', 'cdk8s-cli', 'bin', 'cdk8s');
  await capture(process.execPath, [cdk8s, 'import', '--check-upgrade=false', '--no-save'], { cwd: fresh });
  await writeFile(join(fresh, 'imports', 'README.md'), await readme(join(fresh, 'imports')));
}

/** Returns the paths, relative to the root, of files that differ, are missing, or should not exist. */
async function outOfDate(fresh: string): Promise<string[]> {
  const stale: string[] = [];
  for (const folder of folders) {
    const files = new Set([...(await list(join(root, folder))), ...(await list(join(fresh, folder)))]);
    for (const file of [...files].sort()) {
      const path = join(folder, file);
      const [now, wanted] = await Promise.all([read(join(root, path)), read(join(fresh, path))]);
      if (now !== wanted) stale.push(path);
    }
  }
  return stale;
}

async function replace(fresh: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const text = await read(join(fresh, path));
    if (text === undefined) await rm(join(root, path));
    else {
      await mkdir(join(root, path, '..'), { recursive: true });
      await writeFile(join(root, path), text);
    }
  }
}

async function readme(imports: string): Promise<string> {
  const rows: string[] = [];
  for (const { group, version, module, moduleVersion } of fluxApis) {
    const source = (await read(join(imports, `${group}.ts`))) ?? '';
    const kinds = [...source.matchAll(/^export class (\w+) extends ApiObject/gm)].map(([, name]) => `\`${name}\``);
    if (!kinds.length)
      throw new Error(`cdk8s import made no constructs for ${group}: is crds/${group}.yaml in cdk8s.yaml?`);
    rows.push(`| \`${group}.ts\` | ${version} | ${kinds.join(', ')} | \`${module}\` ${moduleVersion} |`);
  }
  const cdk8s = JSON.parse((await read(join(root, 'node_modules', 'cdk8s-cli', 'package.json'))) ?? '{}');
  return `# Typed constructs for Flux's API

\`npm run import\` generates all files of this folder, including this one: do not edit them. CI runs \`npm run import -- --check\`.

| file | API version | constructs | from the Go module |
|---|---|---|---|
${rows.join('\n')}

1. controller-gen ${versions.parts['controller-gen']} (\`crd:maxDescLen=0\`) writes \`crds/<group>.yaml\` from Flux's official Go API modules: one
   file for each API group, without descriptions, and only with the API version in the table. Flux 2.7 removed older API versions.
2. \`cdk8s import\` (cdk8s-cli ${cdk8s.version}) generates \`imports/<group>.ts\` from each file that \`cdk8s.yaml\` lists.

To move to another version of Flux, change \`fluxApi\` in \`e2e/parts/versions.json\` and run \`npm run import\`. This command needs Go
and the Go module proxy; the constructs themselves need neither. Flux's API is licensed under Apache-2.0.
`;
}

async function list(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

async function read(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 2;
});
