import { resolve } from 'node:path';
import { isRbac } from '../access/objects';
import { diskReader } from '../config/disk-reader';
import { printable } from '../config/printable';
import { type Manifest, readManifests } from '../existing/manifests';
import { messageOf } from '../guards';
import { hasCode } from '../output/output-error';
import { type Io, type OptionSpec, UserError } from './command';

export const manifestsOption: OptionSpec = {
  type: 'string',
  multiple: true,
  value: 'DIR',
  description: 'Also read the hand-written YAML below this folder; may be given several times',
};

/**
 * Returns the hand-written objects below the folders of `--manifests`. Files that are not YAML are reported and left
 * out.
 * @throws UserError if a folder can't be read
 */
export const manifestsOf = (folders: unknown, io: Io, read = diskReader): Manifest[] =>
  (Array.isArray(folders) ? folders.map(String) : []).flatMap((folder) => manifestsIn(folder, io, read));

function manifestsIn(folder: string, io: Io, read: typeof diskReader): Manifest[] {
  try {
    const { found, unreadable } = readManifests(read(resolve(io.cwd, folder)));
    for (const { file, reason } of unreadable)
      io.stderr(`kaniflux: ${printable(`${folder}/${file} is left out: ${reason}`)}\n`);
    for (const { file, line, object } of found.filter(({ object }) => isIncompleteRbac(object))) {
      const what = `${String(object.kind)} in ${folder}/${file}, line ${line}`;
      io.stderr(`kaniflux: the ${printable(what)} is left out: it is incomplete, like a patch or a template\n`);
    }
    const prefix = folder.replace(/\/+$/, '').replace(/^\.$/, '');
    return found.map((one) => ({ ...one, file: prefix === '' ? one.file : `${prefix}/${one.file}` }));
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (hasCode(error, 'ENOENT')) throw new UserError(printable(`--manifests ${folder}: the folder does not exist`));
    throw new UserError(printable(`--manifests ${folder}: ${messageOf(error)}`));
  }
}

const isIncompleteRbac = (object: Manifest['object']): boolean =>
  String(object.apiVersion).startsWith('rbac.authorization.k8s.io/') &&
  /^(Cluster)?Role(Binding)?$/.test(String(object.kind)) &&
  !isRbac(object);
