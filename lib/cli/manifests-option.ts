import { isAbsolute, relative, resolve } from 'node:path';
import { hasRbacForm, isOfRbac, isRbac } from '../access/objects';
import { whyRefused } from '../access/refused-rbac';
import type { Config } from '../config/config';
import { diskReader } from '../config/disk-reader';
import { printable } from '../config/printable';
import type { Reader } from '../config/reader';
import { authenticationConfiguration, issuersIn } from '../existing/api-server-issuers';
import { kustomizations } from '../existing/kustomizations';
import { isKustomization, type Manifest, readManifests, twiceWritten, type Unread } from '../existing/manifests';
import { nestedRbac } from '../existing/nested-rbac';
import { type Json, messageOf, scalarText } from '../guards';
import { hasCode } from '../output/output-error';
import { type Io, type OptionSpec, UserError } from './command';

export const manifestsOption: OptionSpec = {
  type: 'string',
  multiple: true,
  value: 'DIR',
  description: 'Also read the hand-written YAML below this folder; may be given several times',
};

/** The hand-written objects below folders. */
export interface ManifestFolders {
  readonly manifests: readonly Manifest[];
  /**
   * What was left out. The key of a file is its path, relative to the folder of `--manifests`. The key of an object is
   * this path and the object as JSON.
   */
  readonly unread: ReadonlyMap<string, Unread>;
}

/** Returns the hand-written objects below the folders of `--manifests`. @throws UserError if a folder can't be read */
export function manifestsOf(folders: unknown, io: Io, config: Config, output?: string): readonly Manifest[] {
  const { manifests } = manifestFolders(folders, io, { output });
  reportTwice(manifests, config, io);
  return manifests;
}

/** Reports RBAC objects of which only the last one counts. */
export function reportTwice(manifests: readonly Manifest[], { clusters }: Config, io: Io): void {
  for (const { identity, first, last } of twiceWritten(manifests, [...clusters.keys()])) {
    const place = ({ file, line }: Manifest) => `${file}, line ${line}`;
    const text = `${identity} is in ${place(first)}, and with another content in ${place(last)}: only the latter counts`;
    io.stderr(`kaniflux: ${printable(text)}\n`);
  }
}

interface Reading {
  /** The output folder of the config. @default dist */
  readonly output?: string | undefined;
  readonly readerOf?: (folder: string) => Reader;
}

/**
 * Returns the hand-written objects below the folders of `--manifests`. What is left out is reported.
 * @throws UserError if a folder can't be read
 */
export function manifestFolders(folders: unknown, io: Io, reading: Reading = {}): ManifestFolders {
  const all = (Array.isArray(folders) ? folders.map(String) : []).map((folder) => manifestsIn(folder, io, reading));
  return {
    manifests: all.flatMap(({ manifests }) => manifests),
    unread: new Map(all.flatMap(({ unread }, i) => [...unread].map(([key, one]) => [`${i} ${key}`, one] as const))),
  };
}

function manifestsIn(folder: string, io: Io, { output = 'dist', readerOf = diskReader }: Reading): ManifestFolders {
  const root = resolve(io.cwd, folder);
  try {
    const reader = readerOf(root);
    const ours = relative(root, resolve(io.cwd, output)).replaceAll('\\', '/');
    const { found, unreadable, paths } = readManifests(reader, '', ours);
    const unread = new Map<string, Unread>();
    const leaveOut = (key: string, one: Unread) => {
      unread.set(key, one);
      if (!one.isQuiet) io.stderr(`kaniflux: ${printable(`${one.file} is left out: ${one.reason}`)}\n`);
    };
    for (const one of [...unreadable, ...kustomizations({ reader, paths, found, root })])
      leaveOut(one.file, { ...one, file: `${folder}/${one.file}` });
    for (const { file, line, object } of found) {
      const why = isKustomization(file) ? undefined : whyLeftOut(object);
      if (why === undefined) continue;
      const content = JSON.stringify(object);
      const what = `the ${scalarText(object.kind) || 'document'} in ${folder}/${file}, line ${line}`;
      leaveOut(`${file}\n${content}`, { file: what, content, ...why });
    }
    // Only folders below the current one can be named after a cluster.
    const below = relative(io.cwd, root).replaceAll('\\', '/');
    const prefix =
      isAbsolute(folder) && !/^\.\.(\/|$)/.test(below) ? below : folder.replace(/\/+$/, '').replace(/^\.$/, '');
    const manifests = found.map((one) => ({ ...one, file: prefix === '' ? one.file : `${prefix}/${one.file}` }));
    return { manifests, unread };
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (hasCode(error, 'ENOENT')) throw new UserError(printable(`--manifests ${folder}: the folder does not exist`));
    if (hasCode(error, 'ENOTDIR'))
      throw new UserError(printable(`--manifests ${folder}: this is a file; name the folder that contains it`));
    throw new UserError(printable(`--manifests ${folder}: ${messageOf(error)}`));
  }
}

/** Returns why the evaluation of access leaves an object out; `undefined` if it does not. */
function whyLeftOut(object: Json): Pick<Unread, 'reason' | 'isQuiet'> | undefined {
  if (isApiServerSettings(object)) {
    const reason = 'it has settings of an API server, which decide whose tokens it accepts, and which names they give';
    return { reason, isQuiet: true };
  }
  // What the patches in a Kustomization change is reported with the Kustomization.
  const nested = object.kind === 'Kustomization' ? undefined : nestedRbac(object);
  if (nested !== undefined)
    return { reason: `it contains a ${nested}, which another program creates from it; Kaniflux does not evaluate it` };
  if (!isOfRbac(object) || isRbac(object)) return undefined;
  if (!hasRbacForm(object)) return { reason: 'it is incomplete, like a patch or a template' };
  const refused = whyRefused(object);
  return {
    reason:
      refused === undefined
        ? 'it has no namespace: write `metadata.namespace`, or give --manifests a folder with the output of `kustomize build`'
        : `an API server refuses it: ${refused}`,
  };
}

const isApiServerSettings = (object: Json): boolean =>
  authenticationConfiguration(object) !== undefined || issuersIn(object).length > 0;
