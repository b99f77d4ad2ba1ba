import { parse } from 'yaml';
import { isMap, isText, type Json, listOf, mapAt, scalarText } from '../guards';
import { type Facts, nothing } from './facts';
import { isTextAboutSignIn, whyTextUnread } from './passed-over';
import { linesOf, readElsewhere } from './read-elsewhere';

/** What was read from `valuesFrom` of a HelmRelease. */
interface ReferredValues {
  /** The domain of Kanidm, from the last source that sets it. */
  readonly domain?: string;
  /** The sources that were not read, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Reads the ConfigMaps in `valuesFrom` of a HelmRelease. Secrets are not read.
 * @see https://fluxcd.io/flux/components/helm/helmreleases/#values-references
 */
export function referredValues(title: string, release: Json, siblings: readonly unknown[]): ReferredValues {
  let domain: string | undefined;
  const notes = listOf(mapAt(release, 'spec').valuesFrom).flatMap((from): string[] => {
    if (!isMap(from)) return [];
    const { kind, name, targetPath } = from;
    const what = `the ${scalarText(kind)} ${scalarText(name)}, from which ${title} takes values`;
    if (kind !== 'ConfigMap')
      return [`adopt does not read ${what}: if it sets the domain, write the domain as \`kanidm.domain\``];
    const maps = siblings.filter((one) => refersTo(release, from, one));
    const map = maps.find((one) => isIn(release, one)) ?? (maps.length === 1 ? maps[0] : undefined);
    if (!map)
      return [
        `adopt does not read ${what}, because it found no such ConfigMap, or several that differ: run adopt with the ConfigMap and the HelmRelease in one file`,
      ];
    const key = isText(from.valuesKey) ? from.valuesKey : 'values.yaml';
    const text = mapAt(map, 'data')[key];
    if (!isText(text)) return [`${what}, has no \`${key}\``];
    const found = isText(targetPath) ? (targetPath === 'domain' ? text.trim() : undefined) : domainIn(text);
    if (found === null) return [`${what}, is not valid YAML`];
    domain = found ?? domain;
    return [];
  });
  return { ...(domain === undefined ? {} : { domain }), notes };
}

/** Returns the domain in Helm values; `null` if they are not YAML. */
function domainIn(text: string): string | undefined | null {
  try {
    const { domain } = mapAt(parse(text) as unknown);
    return isText(domain) ? domain : undefined;
  } catch {
    return null;
  }
}

/**
 * Whether an entry of `valuesFrom` can refer to a ConfigMap. The ConfigMap has to be in the namespace of the release. A
 * file can leave out namespaces, for example if a Kustomization sets them.
 */
function refersTo(release: Json, from: Json, map: unknown): map is Json {
  if (!isMap(map) || map.kind !== 'ConfigMap') return false;
  const { name, namespace } = mapAt(map, 'metadata');
  const isUnknown = !isText(namespace) || !isText(mapAt(release, 'metadata').namespace);
  return from.kind === 'ConfigMap' && name === from.name && (isUnknown || isIn(release, map));
}

const isIn = (release: Json, map: Json): boolean =>
  mapAt(map, 'metadata').namespace === mapAt(release, 'metadata').namespace;

/** Returns facts about a ConfigMap that only holds values of a HelmRelease. */
export function valuesMap(source: string, document: Json, siblings: readonly unknown[]): Facts | undefined {
  const isUsed = siblings.some(
    (one) =>
      isMap(one) &&
      one.kind === 'HelmRelease' &&
      listOf(mapAt(one, 'spec').valuesFrom).some((from) => isMap(from) && refersTo(one, from, document)),
  );
  if (!isUsed) return undefined;
  const { name, namespace } = mapAt(document, 'metadata');
  const what = `ConfigMap ${isText(namespace) ? `${namespace}/` : ''}${scalarText(name)}`;
  const text = linesOf(document);
  const isKnown = isTextAboutSignIn(text) || readElsewhere(text) !== undefined;
  const why = isKnown ? whyTextUnread(text) : ({ why: 'not about sign-in' } as const);
  return { ...nothing, passedOver: [{ source, what, ...why }] };
}
