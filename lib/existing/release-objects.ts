import { isMap, isSameValue, type Json, mapAt, scalarText } from '../guards';
import { documentsIn, itemsOf } from './documents-in';

/** Matches a HelmRelease, and the kinds of the objects that a HelmRelease refers to. */
const kinds = /^(HelmRelease|HelmRepository|OCIRepository|ConfigMap)$/;

const nameOf = (object: Json): string => JSON.stringify([object.kind, mapAt(object, 'metadata').name]);

const objectsIn = (documents: readonly unknown[]): Json[] =>
  documents.flatMap((one) => (isMap(one) ? (itemsOf(one) ?? [one]) : [])).filter(isMap);

/**
 * Returns the HelmReleases of several files, and the objects that they can refer to. An object is left out if another
 * one has the same kind, name and namespace, but another content: the two are probably for different clusters.
 */
export function releaseObjects(texts: readonly string[]): Json[] {
  if (!texts.some((text) => text.includes('HelmRelease'))) return [];
  const objects = texts
    .filter((text) => /\bkind["']?\s*:\s*["']?(Helm|OCIRepository|ConfigMap|List)/.test(text))
    .flatMap((text) => objectsIn(documentsIn(text) ?? []))
    .filter((one) => kinds.test(scalarText(one.kind)));
  const byName = new Map<string, Json[]>();
  for (const one of objects) {
    const name = `${nameOf(one)} ${scalarText(mapAt(one, 'metadata').namespace)}`;
    byName.set(name, [...(byName.get(name) ?? []), one]);
  }
  return [...byName.values()].flatMap(([one, ...same]) =>
    one && same.every((other) => isSameValue(one, other)) ? [one] : [],
  );
}

/** Returns the objects for which a file has no document of the same kind and name. */
export function objectsBeside(documents: readonly unknown[], objects: readonly Json[]): Json[] {
  const own = new Set(objectsIn(documents).map(nameOf));
  return objects.filter((one) => !own.has(nameOf(one)));
}
