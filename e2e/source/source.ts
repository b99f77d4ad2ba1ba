import { cp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Apiserver, type Lab, type Registry, startRegistry } from '../harness';
import { ensurePart } from '../parts/build';
import { capture } from '../parts/exec';
import { ArtifactServer, type Served } from './server';

/**
 * The source from which Flux reads `dist/`. It takes the place of source-controller, which is in no registry: it packs
 * and serves what is pushed, and writes the status of the source object.
 */
export interface Source {
  readonly kind: 'GitRepository' | 'OCIRepository';
  /**
   * Pushes a folder. Returns the revision, as Flux will name it.
   * @param at the path of the folder in the source. Other files in the source stay. @default 'dist'
   */
  push(folder: string, message: string, at?: string): Promise<string>;
  close(): Promise<void>;
}

/**
 * Starts a local Git repository. A push is a `git commit` and a `git push`; the pushed revision is served as an
 * archive.
 */
export async function startGitSource(lab: Lab, apiserver: Apiserver): Promise<Source> {
  const server = await ArtifactServer.start();
  const [bare, clone] = [lab.path('repository.git'), lab.path('clone')];
  const git = (...args: string[]) =>
    capture('git', ['-c', 'user.name=e2e', '-c', 'user.email=e2e@example.org', ...args], { cwd: lab.folder });
  await git('init', '--quiet', '--bare', '--initial-branch=main', bare);
  await git('clone', '--quiet', bare, clone);
  await git('-C', clone, 'checkout', '--quiet', '-B', 'main');
  await create(apiserver, 'GitRepository', { url: 'ssh://git@example.org/fleet.git', ref: { branch: 'main' } });
  return {
    kind: 'GitRepository',
    async push(folder, message, at = 'dist') {
      await rm(join(clone, at), { recursive: true, force: true });
      await cp(folder, join(clone, at), { recursive: true });
      await git('-C', clone, 'add', '--all');
      await git('-C', clone, 'commit', '--quiet', '--allow-empty', '-m', message);
      await git('-C', clone, 'push', '--quiet', 'origin', 'main');
      const commit = (await git('-C', bare, 'rev-parse', 'main')).trim();
      const archive = lab.path(`${commit}.tar.gz`);
      await git('-C', bare, 'archive', '--format=tar.gz', `--output=${archive}`, 'main^{tree}');
      const revision = `main@sha1:${commit}`;
      await announce(apiserver, 'GitRepository', revision, server.serve(`${commit}.tar.gz`, await readFile(archive)));
      return revision;
    },
    close: () => server.close(),
  };
}

/** Starts a registry. A push is a real `flux push artifact`; the blob of the pushed layer is served. */
export async function startOciSource(lab: Lab, apiserver: Apiserver, where = installed): Promise<Source> {
  const registry = await startRegistry(lab);
  await create(apiserver, 'OCIRepository', { url: `oci://${registry.address}/fleet`, ref: { tag: 'latest' } }, where);
  const staging = lab.path('staging');
  return {
    kind: 'OCIRepository',
    async push(folder, message, at = 'dist') {
      await rm(join(staging, at), { recursive: true, force: true });
      await cp(folder, join(staging, at), { recursive: true });
      const address = `${registry.address}/fleet:latest`;
      await capture(await ensurePart('flux'), [
        'push',
        'artifact',
        `oci://${address}`,
        `--path=${staging}`,
        '--source=ssh://git@example.org/fleet.git',
        `--revision=${message}`,
      ]);
      const { digest, layer, size } = await pulled(registry, 'fleet', 'latest');
      const revision = `latest@${digest}`;
      const url = `http://${registry.address}/v2/fleet/blobs/${layer}`;
      await announce(apiserver, 'OCIRepository', revision, { url, digest: layer, size }, where);
      return revision;
    },
    close: async () => {},
  };
}

/** Returns the digest of a tag's manifest, and its only layer, which is the archive that Flux unpacks. */
export async function pulled(
  { address }: Registry,
  name: string,
  tag: string,
): Promise<{ digest: string; layer: string; size: number }> {
  const answer = await fetch(`http://${address}/v2/${name}/manifests/${tag}`, {
    headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
  });
  if (!answer.ok) throw new Error(`the registry has no ${name}:${tag}: ${answer.status}`);
  const manifest = (await answer.json()) as { layers: { digest: string; size: number }[] };
  const [layer] = manifest.layers;
  if (!layer || manifest.layers.length !== 1) throw new Error(`${name}:${tag} has ${manifest.layers.length} layers`);
  return { digest: answer.headers.get('docker-content-digest') as string, layer: layer.digest, size: layer.size };
}

/** The source that an installation of Flux creates. */
const installed = { name: 'flux-system', namespace: 'flux-system' };

async function create(apiserver: Apiserver, kind: Source['kind'], spec: object, where = installed): Promise<void> {
  const object = {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind,
    metadata: where,
    spec: { interval: '1m', ...spec },
  };
  await apiserver.kubectl(['create', '-f', '-'], JSON.stringify(object));
}

/** Writes the status of a source as source-controller does for a new revision. */
export async function announce(
  apiserver: Apiserver,
  kind: Source['kind'],
  revision: string,
  served: Served,
  where = installed,
): Promise<void> {
  const now = new Date().toISOString();
  const status = {
    observedGeneration: 1,
    artifact: { ...served, path: served.url.replace(/^https?:\/\/[^/]+\//, ''), revision, lastUpdateTime: now },
    conditions: [
      {
        type: 'Ready',
        status: 'True',
        reason: 'Succeeded',
        message: `stored artifact for revision '${revision}'`,
        observedGeneration: 1,
        lastTransitionTime: now,
      },
    ],
  };
  const type = kind === 'GitRepository' ? 'gitrepositories' : 'ocirepositories';
  await apiserver.kubectl([
    'patch',
    `${type}.source.toolkit.fluxcd.io`,
    where.name,
    '-n',
    where.namespace,
    '--subresource=status',
    '--type=merge',
    '-p',
    JSON.stringify({ status }),
  ]);
}
