import type { Cluster } from '../config/config';
import { podSecurityLevels } from '../config/schema/field-values';
import { isMap, isOneOf, isText, mapAt, own } from '../guards';

export type PodSecurityLevel = (typeof podSecurityLevels)[number];

const label = 'pod-security.kubernetes.io/enforce';

/**
 * Returns the level that Pod Security admission enforces in a namespace: the level in the namespace's label, otherwise
 * the level that the config sets for the namespace, otherwise the level that the config sets for all namespaces.
 * Without any of these, the level is unknown, because the API server can have its own default.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/
 */
export function podSecurityOf(
  { podSecurity }: Cluster,
  objects: readonly object[],
): (namespace: string) => PodSecurityLevel | undefined {
  const labels = new Map<string, PodSecurityLevel>();
  for (const object of objects) {
    if (!isMap(object) || object.kind !== 'Namespace') continue;
    const { name } = mapAt(object, 'metadata');
    const level = mapAt(object, 'metadata', 'labels')[label];
    if (isText(name) && isOneOf(podSecurityLevels, level)) labels.set(name, level);
  }
  return (namespace) => labels.get(namespace) ?? own(podSecurity?.namespaces, namespace) ?? podSecurity?.default;
}
