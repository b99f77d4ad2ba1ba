import { isAbsolute, posix, relative, resolve } from 'node:path';
import { hasRbacForm, isOfRbac, isRbac } from '../access/objects';
import { isEncrypted, isSecret, whyRefused } from '../access/refused-rbac';
import type { LeftOut } from '../checks/review/review-rule';
import type { Config } from '../config/config';
import { printable } from '../config/printable';
import type { Reader } from '../config/reader';
import { authenticationConfiguration, issuersIn } from '../existing/api-server-issuers';
import { diskReader } from '../existing/disk-reader';
import { kustomizations } from '../existing/kustomizations';
import {
  isKustomization,
  type Manifest,
  readManifests,
  twiceWritten,
  type Unread,
  unreadName,
} from '../existing/manifests';
import { customSubject, nestedRbac, rbacInValues } from '../existing/nested-rbac';
import { isTextAboutSignIn } from '../existing/passed-over';
import { fromDocument } from '../existing/read-documents';
import { type Json, mapAt, messageOf, scalarText } from '../guards';
import { hasCode } from '../output/output-error';
import { type Io, type OptionSpec, UserError } from './command';
import { missingSubmodules } from './missing-submodules';

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
   * What was left out. The key of a file is its path, relative to the folder of `--manifests`. The key of a
   * Kustomization is the path of its file and its name. The key of any other object is the path of its file and the
   * object as JSON.
   */
  readonly unread: ReadonlyMap<string, Unread>;
}

/** Returns the hand-written objects below the folders of `--manifests`. @throws UserError if a folder can't be read */
export function manifestsOf(folders: unknown, io: Io, config: Config): readonly Manifest[] {
  const { manifests } = manifestFolders(folders, io);
  reportTwice(manifests, config, io);
  return manifests;
}

/**
 * Returns the hand-written objects below the folders of `--manifests`, and what was left out. The caller reports it.
 * @throws UserError if a folder can't be read
 */
export function manifestsAndLeftOut(folders: unknown, io: Io, { clusters }: Config, output?: string) {
  const { manifests, unread } = readFolders(folders, io, { output });
  const leftOut = [...unread.values()].flatMap(({ file, object, isFolder, reason, fix = '', isQuiet }): LeftOut[] => {
    const what = object ? `the ${object.name}` : isFolder ? 'this folder' : 'this file';
    return isQuiet ? [] : [{ file, line: object?.line ?? 1, message: `${what} is left out: ${reason}`, fix }];
  });
  const replaced = twiceWritten(manifests, [...clusters.keys()]).map(({ identity, first, last }): LeftOut => {
    const message = `${identity} is left out: it is also in ${last.file}, line ${last.line}, with another content, and only that one counts`;
    return { file: first.file, line: first.line, message, fix: 'keep one of the two' };
  });
  return { manifests, leftOut: [...leftOut, ...replaced] };
}

/** Reports each RBAC object that is written twice with different contents: only the last one counts. */
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
  /** @default - a reader for the disk. Submodules that are not checked out are reported only with this default. */
  readonly readerOf?: (folder: string) => Reader;
}

/**
 * Returns the hand-written objects below the folders of `--manifests`. What is left out is reported.
 * @throws UserError if a folder can't be read
 */
export function manifestFolders(folders: unknown, io: Io, reading: Reading = {}): ManifestFolders {
  const read = readFolders(folders, io, reading);
  for (const one of read.unread.values()) {
    if (one.isQuiet) continue;
    const fix = one.fix === undefined ? '' : `; fix: ${one.fix}`;
    io.stderr(`kaniflux: ${printable(`${unreadName(one)} is left out: ${one.reason}${fix}`)}\n`);
  }
  return read;
}

function readFolders(folders: unknown, io: Io, reading: Reading): ManifestFolders {
  const all = (Array.isArray(folders) ? folders.map(String) : []).map((folder) => manifestsIn(folder, io, reading));
  return {
    manifests: all.flatMap(({ manifests }) => manifests),
    unread: new Map(all.flatMap(({ unread }, i) => [...unread].map(([key, one]) => [`${i} ${key}`, one] as const))),
  };
}

function manifestsIn(folder: string, io: Io, { output = 'dist', readerOf }: Reading): ManifestFolders {
  const root = resolve(io.cwd, folder);
  try {
    const reader = (readerOf ?? diskReader)(root);
    const ours = relative(root, resolve(io.cwd, output)).replaceAll('\\', '/');
    const { found, unreadable, paths } = readManifests(reader, '', ours);
    // A folder with the name of a cluster selects this cluster only if it is below the current folder.
    const below = relative(io.cwd, root).replaceAll('\\', '/');
    const written = posix.normalize(folder).replace(/\/+$/, '').replace(/^\.$/, '');
    const prefix = isAbsolute(folder) && !/^\.\.(\/|$)/.test(below) ? below : written;
    const shown = <T extends { readonly file: string }>(one: T): T =>
      prefix === '' || one.file === ''
        ? { ...one, file: one.file || folder }
        : { ...one, file: `${prefix}/${one.file}` };
    const unread = new Map<string, Unread>();
    const missing = readerOf === undefined ? missingSubmodules(root, paths) : [];
    for (const one of [...unreadable, ...missing]) unread.set(one.file, shown(one));
    for (const one of kustomizations({ reader, paths, found, root }))
      unread.set(`${one.file}\n${one.object?.name ?? ''}`, shown(one));
    for (const { file, line, object } of found) {
      const why = isKustomization(file) ? undefined : whyLeftOut(object);
      if (why === undefined) continue;
      const content = JSON.stringify(object);
      const name = [scalarText(object.kind) || 'document', scalarText(mapAt(object, 'metadata').name)].join(' ').trim();
      unread.set(`${file}\n${content}`, shown({ file, object: { name, line }, content, ...why }));
    }
    return { manifests: found.map(shown), unread };
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (hasCode(error, 'ENOENT')) throw new UserError(printable(`--manifests ${folder}: the folder does not exist`));
    if (hasCode(error, 'ENOTDIR'))
      throw new UserError(printable(`--manifests ${folder}: this is a file; name the folder that contains it`));
    throw new UserError(printable(`--manifests ${folder}: ${messageOf(error)}`));
  }
}

/** Returns why the evaluation of access leaves an object out; `undefined` if it does not. */
function whyLeftOut(object: Json): Pick<Unread, 'reason' | 'fix' | 'isQuiet'> | undefined {
  // `kustomizations` reports what the patches in a Kustomization can change.
  const nested = object.kind === 'Kustomization' ? undefined : nestedRbac(object);
  if (nested !== undefined)
    return {
      reason: `another program creates a ${nested} from the text in this object; Kaniflux does not evaluate this text`,
      fix: `give --manifests a folder with the ${nested} as a file of its own`,
    };
  const inValues = rbacInValues(object);
  if (inValues !== undefined)
    return {
      reason: `its values contain ${inValues}, from which the chart can create RBAC objects; Kaniflux does not evaluate them`,
      fix: 'give --manifests a folder with the output of `helm template`',
    };
  const subject = customSubject(object);
  if (subject !== undefined)
    return {
      reason: `it names ${subject}, and another program can create a binding from this`,
      fix: 'give --manifests a folder with the bindings of the cluster',
    };
  if (['apiVersion', 'kind'].some((field) => scalarText(object[field]).includes('${')))
    return { reason: 'its `apiVersion` or `kind` contains a variable, so it can become an RBAC object', fix: build };
  if (['apiVersion', 'kind'].some((field) => isSecret(scalarText(object[field]))))
    return { reason: 'SOPS encrypted its `apiVersion` or `kind`, so it can be an RBAC object', fix: decrypt };
  if (isApiServerSettings(object)) {
    const reason =
      'it has settings of an API server: these decide whose tokens the API server accepts, and which names it reads from them';
    return { reason, isQuiet: true };
  }
  if (!isOfRbac(object) || isRbac(object)) return undefined;
  if (!hasRbacForm(object)) return { reason: 'it is incomplete or malformed, like a patch or a template', fix: build };
  if (isEncrypted(object)) return { reason: 'SOPS encrypted some of its values', fix: decrypt };
  const refused = whyRefused(object);
  return refused === undefined
    ? { reason: 'it has no namespace', fix: `write \`metadata.namespace\`, or ${build}` }
    : { reason: `an API server refuses it: ${refused}`, fix: 'correct the object' };
}

const decrypt = 'give --manifests a folder with the decrypted file';
const build = 'give --manifests a folder with the output of `kustomize build`';

/** Whether an object, or a document inside the object, has settings of an API server that decide about sign-in. */
const isApiServerSettings = (object: Json): boolean =>
  authenticationConfiguration(object) !== undefined ||
  issuersIn(object).length > 0 ||
  (isTextAboutSignIn(JSON.stringify(object)) &&
    fromDocument('', object).apiServers.some(({ issuers }) => issuers.length > 0));
