import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { capture } from '../parts/exec';

export interface Image {
  /** The name with the tag. */
  readonly name: string;
  /** The files: path on this machine by path in the image. */
  readonly files: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
}

/**
 * Packs an image with one layer in the format of `docker save`, which `ctr images import` reads.
 *
 * @param folder the folder for the archive
 * @returns the path of the archive
 */
export async function packImage({ name, files, entrypoint }: Image, folder: string): Promise<string> {
  const work = await mkdtemp(join(folder, 'image-'));
  const root = join(work, 'root');
  for (const [to, from] of Object.entries(files)) {
    await mkdir(dirname(join(root, to)), { recursive: true });
    await copyFile(from, join(root, to));
    await chmod(join(root, to), 0o755);
  }
  const layer = join(work, 'layer.tar');
  await capture('tar', ['--owner=0', '--group=0', '--numeric-owner', '-C', root, '-cf', layer, '.']);
  const digest = createHash('sha256')
    .update(await readFile(layer))
    .digest('hex');
  const config = {
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config: { Entrypoint: entrypoint, Env: ['PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'] },
    rootfs: { type: 'layers', diff_ids: [`sha256:${digest}`] },
  };
  await writeFile(join(work, 'config.json'), JSON.stringify(config));
  const manifest = [{ Config: 'config.json', RepoTags: [name], Layers: ['layer.tar'] }];
  await writeFile(join(work, 'manifest.json'), JSON.stringify(manifest));
  const archive = join(folder, `${name.replaceAll(/[^\w.-]/g, '_')}.tar`);
  await capture('tar', ['-C', work, '-cf', archive, 'manifest.json', 'config.json', 'layer.tar']);
  await rm(work, { recursive: true });
  return archive;
}
