import { resolve } from 'node:path';
import { isRbac } from '../access/objects';
import { diskReader } from '../config/disk-reader';
import { printable } from '../config/printable';
import type { Reader } from '../config/reader';
import { type Manifest, readManifests, type Unread } from '../existing/manifests';
import { messageOf } from '../guards';
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
  /** What was left out. A file is under its path, relative to its folder; an object is under this path and its content. */
  readonly unread: ReadonlyMap<string, Unread>;
}

/** Returns the hand-written objects below the folders of `--manifests`. @throws UserError if a folder can't be read */
export const manifestsOf = (folders: unknown, io: Io): readonly Manifest[] => manifestFolders(folders, io).manifests;

/**
 * Returns the hand-written objects below the folders of `--manifests`. Files that are not YAML are reported and left
 * out.
 * @throws UserError if a folder can't be read
 */
export function manifestFolders(
  folders: unknown,
  io: Io,
  read: (folder: string) => Reader = diskReader,
): ManifestFolders {
  const all = (Array.isArray(folders) ? folders.map(String) : []).map((folder) => manifestsIn(folder, io, read));
  return {
    manifests: all.flatMap(({ manifests }) => manifests),
    unread: new Map(all.flatMap(({ unread }) => [...unread])),
  };
}

function manifestsIn(folder: string, io: Io, read: (folder: string) => Reader): ManifestFolders {
  try {
    const { found, unreadable } = readManifests(read(resolve(io.cwd, folder)));
    const unread = new Map(unreadable.map((one) => [one.file, { ...one, file: `${folder}/${one.file}` }]));
    for (const { file, reason } of unreadable)
      io.stderr(`kaniflux: ${printable(`${folder}/${file} is left out: ${reason}`)}\n`);
    for (const { file, line, object } of found.filter(({ object }) => isIncompleteRbac(object))) {
      const what = `${String(object.kind)} in ${folder}/${file}, line ${line}`;
      const reason = 'it is incomplete, like a patch or a template';
      io.stderr(`kaniflux: the ${printable(what)} is left out: ${reason}\n`);
      const content = JSON.stringify(object);
      unread.set(`${file}\n${content}`, { file: `the ${what}`, reason, content });
    }
    const prefix = folder.replace(/\/+$/, '').replace(/^\.$/, '');
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

const isIncompleteRbac = (object: Manifest['object']): boolean =>
  String(object.apiVersion).startsWith('rbac.authorization.k8s.io/') &&
  /^(Cluster)?Role(Binding)?$/.test(String(object.kind)) &&
  !isRbac(object);
