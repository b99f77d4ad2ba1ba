import { isOfRbac } from '../access/objects';
import { isMap, isText, type Json, listOf, mapAt, scalarText } from '../guards';

/**
 * Returns the kind of an RBAC object inside another object, as a map or as text: in a ResourceSet, in the values of a
 * HelmRelease, in a ConfigMap, or in a policy that generates objects. `undefined` if there is none.
 */
export function nestedRbac(object: Json): string | undefined {
  for (const value of Object.values(object)) {
    const found = rbacIn(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

function rbacIn(value: unknown): string | undefined {
  if (isText(value)) {
    // In CEL, a text in a map can be in `dyn(…)`.
    const isRbac = /\bapiVersion["']?:\s*(?:dyn\()?["']?rbac\.authorization\.k8s\.io\//.test(value);
    return isRbac ? /\bkind["']?:\s*(?:dyn\()?["']?((?:Cluster)?Role(?:Binding)?)\b/.exec(value)?.[1] : undefined;
  }
  if (Array.isArray(value)) {
    for (const one of value) {
      const found = rbacIn(one);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!isMap(value)) return undefined;
  // A policy of Kyverno can copy all objects of a kind.
  const [cloned] = listOf(mapAt(value.cloneList).kinds).flatMap((kind) => rbacKind.exec(scalarText(kind))?.[1] ?? []);
  if (cloned !== undefined) return cloned;
  // A reference to an object has neither rules nor a role. Kyverno has the rules or the role under `data`, or copies an
  // object.
  const isWhole = isOfRbac(value) && ('clone' in value || [value, mapAt(value.data)].some(hasRole));
  return isWhole ? scalarText(value.kind) : nestedRbac(value);
}

const rbacKind = /^rbac\.authorization\.k8s\.io\/.*?((?:Cluster)?Role(?:Binding)?)$/;

const hasRole = (value: Json): boolean => 'rules' in value || 'roleRef' in value || 'aggregationRule' in value;

/**
 * Returns the kind and the name of a user or group that a custom resource names as a subject, such as `Group ops`.
 * Operators such as rbac-manager and Capsule create bindings from subjects. `undefined` if there is none.
 */
export function customSubject(object: Json): string | undefined {
  const group = scalarText(object.apiVersion).replace(/\/?[^/]*$/, '');
  // The policies of Kyverno name the users whose requests they examine.
  const isCustom = group.includes('.') && !/(^|\.)(k8s|kyverno)\.io$/.test(group);
  return isCustom ? subjectIn(object) : undefined;
}

function subjectIn(value: unknown): string | undefined {
  if (isMap(value) && (value.kind === 'User' || value.kind === 'Group') && isText(value.name))
    return `${value.kind} ${value.name}`;
  const inner = isMap(value) ? Object.values(value) : listOf(value);
  for (const one of inner) {
    const found = isMap(one) || Array.isArray(one) ? subjectIn(one) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Returns `a role binding` or `a rule of a role` if the values of a chart contain one: the chart can create RBAC
 * objects from it, as app-template does from `rbac.bindings`. The values are those of a HelmRelease, or a document
 * without a kind.
 */
export function rbacInValues(object: Json): string | undefined {
  if (object.kind === undefined) return settingsIn(object);
  const isRelease =
    object.kind === 'HelmRelease' && scalarText(object.apiVersion).startsWith('helm.toolkit.fluxcd.io/');
  return isRelease ? settingsIn(mapAt(object, 'spec').values) : undefined;
}

function settingsIn(value: unknown): string | undefined {
  if (isMap(value)) {
    if (isMap(value.roleRef)) return 'a role binding';
    if (Array.isArray(value.verbs) && (Array.isArray(value.resources) || Array.isArray(value.nonResourceURLs)))
      return 'a rule of a role';
  }
  const inner = isMap(value) ? Object.values(value) : listOf(value);
  const found = inner.map((one) => (isMap(one) || Array.isArray(one) ? settingsIn(one) : undefined));
  return found.find((one) => one === 'a role binding') ?? found.find((one) => one !== undefined);
}
