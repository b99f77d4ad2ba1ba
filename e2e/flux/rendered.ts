import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Config } from '../../lib/config/config';
import type { KubernetesObject } from '../../lib/output/kubernetes-object';
import { render } from '../../lib/render';

/** Returns the objects in a file with several documents. */
export const objectsIn = (text: string): KubernetesObject[] =>
  parseAllDocuments(text).map((document) => document.toJS() as KubernetesObject);

/** Renders a config into a folder, which contains nothing else afterwards. Returns the files by path. */
export async function renderInto(folder: string, config: Config): Promise<ReadonlyMap<string, string>> {
  await rm(folder, { recursive: true, force: true });
  const files = new Map<string, string>();
  for (const { path, text } of render(config)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
    files.set(path, text);
  }
  return files;
}

interface Argument {
  readonly name: string;
  readonly value: string;
}

/** Returns the flags of the rendered kubeadm ClusterConfiguration, as kubeadm passes them to kube-apiserver. */
export function apiserverFlags(files: ReadonlyMap<string, string>): string[] {
  const configuration = [...files]
    .filter(([path]) => path.startsWith('control-planes/') && path.endsWith('.yaml'))
    .flatMap(([, text]) => objectsIn(text))
    .find(({ kind }) => kind === 'ClusterConfiguration') as unknown as
    | { readonly apiServer: { readonly extraArgs: Readonly<Record<string, string>> | readonly Argument[] } }
    | undefined;
  if (!configuration) throw new Error('nothing under control-planes/ is a ClusterConfiguration');
  const { extraArgs } = configuration.apiServer;
  const list = Array.isArray(extraArgs)
    ? (extraArgs as Argument[])
    : Object.entries(extraArgs).map(([name, value]) => ({ name, value }));
  return list.map(({ name, value }) => `--${name}=${value}`);
}

/** Replaces text in a file of a rendered tree. Throws if the file does not contain the text. */
export async function edit(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} does not hold ${JSON.stringify(from)}`);
  await writeFile(file, text.replace(from, to));
}
