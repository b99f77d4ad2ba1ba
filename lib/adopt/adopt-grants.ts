import type { BindingObject } from '../access/objects';
import type { GrantInput } from '../config/schema/config-schema';
import type { Facts } from '../existing/facts';
import { type Account, bindingName, itemOf, subjectName } from './account';
import type { Subjects } from './adopt-subjects';
import type { Named } from './named';

export type ClusterGrant = Omit<GrantInput, 'clusters'>;

/** A grant with the bindings that it was made of, by their place in the facts. */
export interface AdoptedGrant {
  readonly grant: ClusterGrant;
  readonly bindings: readonly number[];
}

const rbacGroup = 'rbac.authorization.k8s.io';

/** Bindings as grants. One that also binds somebody else stays where it is: a grant would take that away. */
export function grantsOf({ bindings }: Facts, subjects: Subjects, account: Account): AdoptedGrant[] {
  const grants = new Map<string, AdoptedGrant>();
  const seen = new Map<string, number>();
  for (const [i, { object }] of bindings.entries()) {
    const before = seen.get(bindingName(object));
    if (before !== undefined) {
      repeated(account, bindings, i, before);
      continue;
    }
    const names = (object.subjects ?? []).map((subject) => subjects.named(subject, object.metadata.namespace));
    const why = whyNot(object, names);
    if (why === undefined) {
      seen.set(bindingName(object), i);
      take(account, object, i, names);
      add(grants, object, i, names);
    } else leaveBinding(account, object, i, { names, why });
  }
  return [...grants.values()];
}

/** Why a binding as a whole can't become a grant. */
function whyNot(object: BindingObject, names: readonly Named[]): string | undefined {
  const { kind, metadata, roleRef } = object;
  if (kind === 'RoleBinding' && metadata.namespace === undefined)
    return 'it names no namespace, and which one it lands in is up to whoever applies it: write `metadata.namespace`';
  if (kind === 'ClusterRoleBinding' && roleRef.kind !== 'ClusterRole')
    return `a ClusterRoleBinding can't give a ${roleRef.kind}`;
  if (roleRef.kind !== 'ClusterRole' && roleRef.kind !== 'Role') return `there are no roles of kind ${roleRef.kind}`;
  if ([metadata.name, metadata.namespace, roleRef.name].some((name) => name?.includes('${')))
    return 'a variable stands in it, which Flux replaces: read the cluster with --live, or write the value into a copy';
  if (names.length === 0) return 'it binds nobody';
  const others = (object.subjects ?? []).filter((_, j) => names[j]?.kind === 'nobody');
  if (others.length === names.length) return '';
  return others.length > 0
    ? `it binds ${others.map(subjectName).join(', ')} too, and a grant would take that away: split it in two first`
    : undefined;
}

const stays = 'the binding stays as it is, and rendering leaves it alone';

interface Left {
  readonly names: readonly Named[];
  /** Empty where the subjects alone are the reason. */
  readonly why: string;
}

function leaveBinding(account: Account, object: BindingObject, i: number, { names, why }: Left): void {
  const reasons = new Set(names.flatMap((name) => (name.kind === 'nobody' ? [name.reason] : [])));
  const isUnrelated = names.length > 0 && names.every((name) => name.kind === 'nobody' && name.isForeign);
  const mark = (id: string, text: string) => (isUnrelated ? account.leave(id, text) : account.not(id, text));
  const reason = why === '' ? [...reasons].join('; ') : why;
  mark(itemOf.binding(i), `${reason}; ${stays}`);
  for (const [j, name] of names.entries()) {
    mark(itemOf.subject(i, j), name.kind === 'nobody' ? name.reason : `${bindingName(object)} is not taken: ${why}`);
  }
}

/** The same binding from two sources. */
function repeated(account: Account, bindings: Facts['bindings'], i: number, first: number): void {
  const [object, other] = [bindings[i]?.object, bindings[first]?.object];
  if (!object || !other) return;
  const isSame = meaning(object) === meaning(other);
  const mark = (id: string) =>
    isSame
      ? account.taken(id)
      : account.not(id, `${bindings[first]?.source} has another binding of this name, which was taken`);
  mark(itemOf.binding(i));
  for (const [j] of (object.subjects ?? []).entries()) mark(itemOf.subject(i, j));
}

/** What a binding says, whatever order it says it in. */
export const meaning = ({ roleRef, subjects }: BindingObject): string =>
  JSON.stringify([roleRef.kind, roleRef.name, [...new Set((subjects ?? []).map(subjectName))].sort()]);

/** What a rendered binding has otherwise than one that was read. */
function otherwise(object: BindingObject): string[] {
  const [labels, annotations] = [object.metadata.labels ?? {}, object.metadata.annotations ?? {}];
  const lists = [
    ...(Object.keys(labels).length > 0 ? [`labels (${Object.keys(labels).join(', ')})`] : []),
    ...(Object.keys(annotations).length > 0 ? [`annotations (${Object.keys(annotations).join(', ')})`] : []),
  ];
  return lists.length > 0 ? [`its ${lists.join(' and ')} are not rendered`] : [];
}

function take(account: Account, object: BindingObject, i: number, names: readonly Named[]): void {
  const id = itemOf.binding(i);
  account.taken(id);
  for (const difference of otherwise(object)) account.different(id, difference);
  for (const [j, name] of names.entries()) {
    const subject = itemOf.subject(i, j);
    account.taken(subject);
    if (name.kind !== 'nobody' && name.difference !== undefined) account.different(subject, name.difference);
    if (groupOf(object.subjects?.[j]) === undefined)
      account.different(subject, `it has no apiGroup, and is rendered with ${rbacGroup}`);
  }
}

const groupOf = (reference: unknown): unknown =>
  typeof reference === 'object' && reference !== null && 'apiGroup' in reference ? reference.apiGroup : undefined;

/** The same binding in several namespaces is one grant. */
function add(grants: Map<string, AdoptedGrant>, object: BindingObject, i: number, names: readonly Named[]): void {
  const { roleRef, metadata } = object;
  const of = (kind: 'person' | 'service account' | 'group') =>
    [...new Set(names.flatMap((name) => (name.kind === kind ? [name.key] : [])))].sort();
  const [people, groups, serviceAccounts] = [of('person'), of('group'), of('service account')];
  const subjects = { people, groups, serviceAccounts };
  const key = JSON.stringify([object.kind, metadata.name, roleRef.kind, roleRef.name, subjects]);
  const before = grants.get(key);
  const namespaces =
    metadata.namespace === undefined || object.kind !== 'RoleBinding'
      ? []
      : [...(before?.grant.namespaces ?? []), metadata.namespace].sort();
  grants.set(key, {
    bindings: [...(before?.bindings ?? []), i],
    grant: {
      name: metadata.name,
      ...(roleRef.kind === 'Role' ? { role: roleRef.name } : { clusterRole: roleRef.name }),
      ...(namespaces.length > 0 ? { namespaces } : {}),
      ...Object.fromEntries(Object.entries(subjects).filter(([, names]) => names.length > 0)),
    },
  });
}
