import type { BindingObject, PolicyRule, RbacObject, RoleObject, SubjectRef } from '../upstream/rbac';

const group = 'rbac.authorization.k8s.io';

/**
 * Returns why an API server refuses an object that has the form of an RBAC object; `undefined` if it accepts the
 * object. The namespace of the object itself is not examined.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/rbac/validation/validation.go
 */
export function whyRefused(object: RbacObject): string | undefined {
  const version = 'apiVersion' in object ? object.apiVersion : undefined;
  // v1alpha1 and v1beta1 are not served from Kubernetes 1.22, the oldest supported version.
  if (version !== undefined && version !== `${group}/v1`)
    return `the API version is ${version}, and Kubernetes serves only ${group}/v1`;
  const { name } = object.metadata;
  if (!isPathSegment(name)) return `\`${name}\` cannot be a name`;
  return isBinding(object) ? inBinding(object) : inRole(object);
}

export const isBinding = (object: RbacObject): object is BindingObject => object.kind.endsWith('Binding');

/** Whether SOPS encrypted a value that decides about access. Only the decrypted object says what it allows. */
export const isEncrypted = (object: RbacObject): boolean =>
  [object.metadata.name, object.metadata.namespace ?? ''].some(isSecret) ||
  (isBinding(object)
    ? isSecret(object.roleRef.name) ||
      (object.subjects ?? []).some(({ kind, name, namespace }) => [kind, name, namespace ?? ''].some(isSecret))
    : JSON.stringify([object.aggregationRule, object.metadata.labels]).includes('"ENC[') ||
      (object.rules ?? []).some(({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }) =>
        [verbs, apiGroups, resources, resourceNames, nonResourceURLs].some((list) => list?.some(isSecret)),
      ));

/** Whether SOPS encrypted a value. */
export const isSecret = (value: string): boolean => value.startsWith('ENC[');

const isPathSegment = (name: string): boolean => name !== '' && !/^\.\.?$|[/%]/.test(name);

function inBinding({ kind, roleRef, subjects }: BindingObject): string | undefined {
  const isWide = kind === 'ClusterRoleBinding';
  if (!isOurs(roleRef.apiGroup)) return `\`roleRef.apiGroup\` is ${roleRef.apiGroup}, and must be ${group}`;
  if (roleRef.kind !== 'ClusterRole' && (isWide || roleRef.kind !== 'Role'))
    return `\`roleRef.kind\` is ${roleRef.kind}, and must be ${isWide ? 'ClusterRole' : 'ClusterRole or Role'}`;
  if (!isPathSegment(roleRef.name)) return `\`${roleRef.name}\` in \`roleRef\` cannot be a name`;
  return first(subjects ?? [], (subject) => inSubject(subject, isWide));
}

/** kube-apiserver fills in an empty API group. */
const isOurs = (apiGroup: string | undefined): boolean => !apiGroup || apiGroup === group;

const serviceAccountName = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

function inSubject({ kind, name, namespace, apiGroup }: SubjectRef, isWide: boolean): string | undefined {
  if (name === '') return `a subject of the kind ${kind} has no name`;
  if (kind === 'User' || kind === 'Group')
    return isOurs(apiGroup)
      ? undefined
      : `the \`apiGroup\` of the subject ${name} is ${apiGroup}, and must be ${group}`;
  if (kind !== 'ServiceAccount')
    return `the subject ${name} has the kind ${kind}, and must have the kind User, Group or ServiceAccount`;
  if (apiGroup) return `the \`apiGroup\` of the ServiceAccount ${name} is ${apiGroup}, and must be empty`;
  if (isWide && !namespace) return `the ServiceAccount ${name} among its subjects has no namespace`;
  // Flux can replace a variable in the name.
  const isName = serviceAccountName.test(name) || name.includes('${');
  return isName ? undefined : `\`${name}\` cannot be the name of a ServiceAccount`;
}

function inRole({ kind, rules, aggregationRule }: RoleObject): string | undefined {
  if (aggregationRule && !aggregationRule.clusterRoleSelectors?.length)
    return '`aggregationRule` has no `clusterRoleSelectors`';
  return first(rules ?? [], (rule) => inRule(rule, kind === 'Role'));
}

function inRule(
  { verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule,
  isInNamespace: boolean,
): string | undefined {
  if (verbs.length === 0) return 'a rule has no verbs';
  if (nonResourceURLs?.length) {
    if (isInNamespace) return 'a Role has no `nonResourceURLs`';
    const isMixed = [apiGroups, resources, resourceNames].some((list) => list?.length);
    return isMixed ? 'a rule has both `nonResourceURLs` and resources' : undefined;
  }
  if (!apiGroups?.length) return 'a rule has no `apiGroups`';
  return resources?.length ? undefined : 'a rule has no `resources`';
}

function first<T>(list: readonly T[], why: (one: T) => string | undefined): string | undefined {
  for (const one of list) {
    const reason = why(one);
    if (reason !== undefined) return reason;
  }
  return undefined;
}
