import { isMap, isSameValue, isText, type Json, mapAt, scalarText } from '../guards';
import { documentsIn, itemsOf } from './documents-in';

/** Matches a HelmRelease, and the kinds of the objects that a HelmRelease refers to. */
const kinds = /^(HelmRelease|HelmRepository|OCIRepository|ConfigMap)$/;

/** A file, by its folder and its text. */
interface FileText {
  readonly folder: string;
  readonly text: string;
}

/** An object in a file of a folder. */
interface FileObject {
  readonly folder: string;
  readonly object: Json;
}

const namespaceOf = (object: Json): unknown => mapAt(object, 'metadata').namespace;

const nameOf = (object: Json): string => JSON.stringify([object.kind, mapAt(object, 'metadata').name]);

const objectsIn = (documents: readonly unknown[]): Json[] =>
  documents.flatMap((one) => (isMap(one) ? (itemsOf(one) ?? [one]) : [])).filter(isMap);

/**
 * Returns the HelmReleases of several files, and the objects that they can refer to. An object is left out if another
 * one has the same kind, name and namespace, but another content: the two are probably for different clusters. Objects
 * without a namespace are compared only with those in the same folder.
 */
export function releaseObjects(files: readonly FileText[]): FileObject[] {
  if (!files.some(({ text }) => text.includes('HelmRelease'))) return [];
  const objects = files
    .filter(({ text }) => /\bkind["']?\s*:\s*["']?(Helm|OCIRepository|ConfigMap|List)/.test(text))
    .flatMap(({ folder, text }) => objectsIn(documentsIn(text) ?? []).map((object) => ({ folder, object })))
    .filter(({ object }) => kinds.test(scalarText(object.kind)));
  const byName = new Map<string, FileObject[]>();
  for (const one of objects) {
    const namespace = namespaceOf(one.object);
    const name = JSON.stringify([nameOf(one.object), isText(namespace) ? { namespace } : one.folder]);
    byName.set(name, [...(byName.get(name) ?? []), one]);
  }
  return [...byName.values()].flatMap(([one, ...same]) =>
    one && same.every((other) => isSameValue(one.object, other.object)) ? [one] : [],
  );
}

/**
 * Returns the objects to which a HelmRelease in a file of a folder can refer. If objects have no namespace, a
 * Kustomization can set it, which usually is the same for all files of a folder.
 */
export const objectsFor = (folder: string, objects: readonly FileObject[]): Json[] =>
  objects.flatMap((one) => (isText(namespaceOf(one.object)) || one.folder === folder ? [one.object] : []));

/** Returns the objects in a namespace; if it is `undefined`, those that have no namespace. */
export const inNamespace = (namespace: unknown, objects: readonly Json[]): Json[] =>
  objects.filter((one) => namespaceOf(one) === namespace);

/** Returns the objects for which a file has no document of the same kind and name. */
export function objectsBeside(documents: readonly unknown[], objects: readonly Json[]): Json[] {
  const own = new Set(objectsIn(documents).map(nameOf));
  return objects.filter((one) => !own.has(nameOf(one)));
}
