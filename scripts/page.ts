/** Creates build/page/index.html: the page to try Kaniflux, which works as a file and on any web server. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build as bundle } from 'esbuild';
import { type Asset, assets } from '../lib/report/assets';
import { tryPage } from '../page/page-html';
import { browserHash, browserValidators, noNodeModules } from './bundle/browser';
import { lazyCdk8s } from './bundle/lazy-cdk8s';
import { reportAssets } from './bundle/report';
import { typedObjects } from './bundle/typed-objects';

const root = join(__dirname, '..');
const out = join(root, 'build', 'page');

const options = {
  bundle: true,
  platform: 'browser',
  target: 'es2022',
  format: 'iife',
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
  write: false,
} satisfies BuildOptions;

async function bundled(file: string, more: BuildOptions = {}): Promise<string> {
  const { outputFiles } = await bundle({ ...options, ...more, entryPoints: [join(root, 'page', file)], write: false });
  return (outputFiles[0]?.text ?? '').trim();
}

const asset = (text: string): Asset => ({
  text,
  hash: `sha256-${createHash('sha256').update(text).digest('base64')}`,
});

const example = (file: string): string => readFileSync(join(root, file), 'utf8');

async function main(): Promise<void> {
  const plugins = [noNodeModules, browserHash, browserValidators, reportAssets, lazyCdk8s, typedObjects];
  const page = tryPage({
    script: asset(await bundled('client/page-script.ts')),
    style: asset(await bundled('client/style.css')),
    worker: await bundled('worker.ts', { plugins, define: { 'process.env': '{}' } }),
    report: assets(),
    examples: {
      'a home lab with kubeadm': example('kaniflux.yaml'),
      'a cluster with k3s': example('page/examples/k3s.yaml'),
      'two clusters with Talos': example('page/examples/talos.yaml'),
    },
  });
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'index.html'), page);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 2;
});
