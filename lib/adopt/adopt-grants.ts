import { type BindingObject, lacksNamespace, type SubjectRef } from '../access/objects';
import { whyRefused } from '../access/refused-rbac';
import type { GrantInput } from '../config/schema/config-schema';
import type { Facts } from '../existing/facts';
import { hasVariable, readLiveOrRunWithValue } from '../existing/variables';
import { type Json, listOf, mapAt, scalarText } from '../guards';
import { reservedFor } from '../upstream/reserved-rbac';
import { fixedName, type Subjects } from './adopt-subjects';
import { type Named, nobody } from './named';
import { bindingName, itemOf, subjectName, type Treatments } from './treatments';

export type ClusterGrant = Omit<GrantInput, 'clusters'>;

/** A grant, with the indexes of the bindings that it was made from. */
export interface AdoptedGrant {
  readonly grant: ClusterGrant;
  readonly bindings: readonly number[];
}

const rbacGroup = 'rbac.authorization.k8s.io';

/**
 * Returns grants made from bindings. If a grant cannot contain some subjects of a binding, the binding stays unchanged,
 * because a grant would remove these subjects.
 */
export function grantsOf({ bindings }: Facts, subjects: Subjects, treatments: Treatments): AdoptedGrant[] {
  const grants = new Map<string, AdoptedGrant>();
  const seen = new Map<string, number>();
  for (const [i, { object }] of bindings.entries()) {
    const before = seen.get(bindingName(object));
    if (before !== undefined) {
      repeated(treatments, bindings, i, before);
      continue;
    }
    const names = beside(
      object,
      (object.subjects ?? []).map(
        (subject) => everybody(object, subject) ?? subjects.named(subject, object.metadata.namespace),
      ),
    );
    const why = whyNot(object, names);
    if (why === undefined) {
      seen.set(bindingName(object), i);
      take(treatments, object, i, names);
      add(grants, object, i, names);
    } else leaveBinding(treatments, object, i, { names, why });
  }
  return [...grants.values()];
}

/** Returns the users and groups in bindings that stay on the cluster, because they do not become grants. */
export function namesLeft({ bindings }: Facts, subjects: Subjects, grants: readonly AdoptedGrant[]): Named[] {
  const taken = new Set(grants.flatMap((grant) => grant.bindings));
  const rendered = new Set(bindings.flatMap(({ object }, i) => (taken.has(i) ? [bindingName(object)] : [])));
  return bindings.flatMap(({ object }) =>
    rendered.has(bindingName(object)) || whyRefused(object) !== undefined
      ? []
      : (object.subjects ?? []).map((subject) => subjects.named(subject, object.metadata.namespace)),
  );
}

/**
 * Records that no binding becomes a grant, because no client of Kanidm is known. A binding is recorded as usual if the
 * names of its subjects do not depend on the settings of the API server.
 */
export function leaveBindings({ bindings }: Facts, treatments: Treatments, why: string): void {
  for (const [i, { object }] of bindings.entries()) {
    const subjects = object.subjects ?? [];
    const names = subjects.map((one) => everybody(object, one) ?? fixedName(one, object.metadata.namespace));
    const known = names.filter((name) => name !== undefined);
    if (known.length > 0 && known.length === subjects.length) {
      leaveBinding(treatments, object, i, { names: known, why: '' });
      continue;
    }
    treatments.not(itemOf.binding(i), `${why}; the binding stays as it is`);
    for (const [j] of subjects.entries()) treatments.not(itemOf.subject(i, j), why);
  }
}

/**
 * Returns the result for the group `system:authenticated`, which contains everybody who signs in. Ignores the bindings
 * that every API server creates.
 */
const everybody = ({ metadata }: BindingObject, { kind, name }: SubjectRef): Named | undefined =>
  kind === 'Group' && name === 'system:authenticated' && !metadata.name.startsWith('system:')
    ? nobody('everybody who signs in, with Kanidm or in another way, is in this group, and a grant cannot name it')
    : undefined;

const kept = 'the grant lists the name unchanged under `subjects`, so the rendered binding still contains it';

/**
 * Returns the names for the grant of a binding. If adopt can identify at least one subject, the grant contains the
 * names of the other users and groups unchanged.
 */
function beside(object: BindingObject, names: readonly Named[]): readonly Named[] {
  const subjects = object.subjects ?? [];
  if (names.every(({ kind }) => kind === 'nobody')) return names;
  return names.map((named, j) => {
    const { kind = '', name = '' } = subjects[j] ?? {};
    const isName = (kind === 'User' || kind === 'Group') && name !== '' && !hasVariable(name);
    return named.kind === 'nobody' && isName
      ? { kind: 'literal', difference: `${kept}${named.isForeign ? '' : `; ${named.reason}`}` }
      : named;
  });
}

/**
 * Returns the reason why a binding cannot become a grant; `''` if each of its subjects has its own reason; `undefined`
 * if the binding can become a grant.
 */
function whyNot(object: BindingObject, names: readonly Named[]): string | undefined {
  const { metadata, roleRef } = object;
  if (lacksNamespace(object))
    return 'the namespace is missing, so the namespace depends on who applies the binding: write `metadata.namespace`';
  if ([metadata.name, metadata.namespace, roleRef.name].some((name) => name && hasVariable(name)))
    return `the binding contains a variable: ${readLiveOrRunWithValue}`;
  if (names.length === 0) return 'the binding has no subjects';
  const others = (object.subjects ?? []).filter((_, j) => names[j]?.kind === 'nobody');
  if (others.length === names.length) return '';
  const namespaces = metadata.namespace === undefined ? [] : [metadata.namespace];
  const owner = reservedFor(object.kind, metadata.name, namespaces, 'flux-system');
  if (owner !== undefined)
    return `the name of the binding belongs to ${owner}, so no grant can have it: first move the users and groups of Kanidm to a binding with another name`;
  if (others.length > 0)
    return `the binding also names ${others.map(subjectName).join(', ')}, but a grant would remove these subjects: first split the binding in two`;
  const refused = whyRefused(object);
  return refused && `an API server refuses the binding, so the binding gives nobody a role: ${refused}`;
}

const stays = 'Kaniflux does not change the binding';

interface Left {
  readonly names: readonly Named[];
  /** Why the binding is left out; empty if each of its subjects has its own reason. */
  readonly why: string;
}

function leaveBinding(treatments: Treatments, object: BindingObject, i: number, { names, why }: Left): void {
  const reasons = new Set(names.flatMap((name) => (name.kind === 'nobody' ? [name.reason] : [])));
  const isUnrelated = names.every((name) => name.kind === 'nobody' && name.isForeign);
  const mark = (id: string, text: string) => (isUnrelated ? treatments.leave(id, text) : treatments.not(id, text));
  const reason = why === '' ? [...reasons].join('; ') : why;
  mark(itemOf.binding(i), `${reason}; ${stays}`);
  for (const [j, name] of names.entries()) {
    mark(itemOf.subject(i, j), name.kind === 'nobody' ? name.reason : `${bindingName(object)} is not adopted: ${why}`);
  }
}

/** Records what becomes of a binding that was read from two sources. */
function repeated(treatments: Treatments, bindings: Facts['bindings'], i: number, first: number): void {
  const [object, other] = [bindings[i]?.object, bindings[first]?.object];
  if (!object || !other) return;
  const isSame = meaning(object) === meaning(other);
  const mark = (id: string) =>
    isSame
      ? treatments.taken(id)
      : treatments.not(
          id,
          `${bindings[first]?.source} has a different binding with the same name, and adopt took that one`,
        );
  mark(itemOf.binding(i));
  for (const [j] of (object.subjects ?? []).entries()) mark(itemOf.subject(i, j));
}

/** Returns a key of the role and subjects of a binding, independent of the order of the subjects. */
export const meaning = ({ roleRef, subjects }: BindingObject): string =>
  JSON.stringify([roleRef.kind, roleRef.name, [...new Set((subjects ?? []).map(subjectName))].sort()]);

/** Returns the parts of a binding that the rendered binding does not have. */
function missingParts(object: BindingObject): string[] {
  const [labels, annotations] = [object.metadata.labels ?? {}, object.metadata.annotations ?? {}];
  const lists = [
    ...(Object.keys(labels).length > 0 ? [`labels (${Object.keys(labels).join(', ')})`] : []),
    ...(Object.keys(annotations).length > 0 ? [`annotations (${Object.keys(annotations).join(', ')})`] : []),
  ];
  return [
    ...(lists.length > 0 ? [`the ${lists.join(' and ')} of the binding are not rendered`] : []),
    ...ownersOf(object),
  ];
}

/** Labels and annotations by which a program knows the objects that it applies, with the name of the program. */
const appliers: readonly (readonly [key: string, program: string])[] = [
  ['kustomize.toolkit.fluxcd.io/name', 'the Flux Kustomization'],
  ['helm.toolkit.fluxcd.io/name', 'the HelmRelease'],
  ['meta.helm.sh/release-name', 'the Helm release'],
  ['argocd.argoproj.io/instance', 'the Argo CD Application'],
  ['argocd.argoproj.io/tracking-id', 'the Argo CD Application'],
];

/** Returns who else creates, changes or deletes a binding. */
function ownersOf({ metadata }: BindingObject): string[] {
  const marks = { ...metadata.labels, ...metadata.annotations };
  const { ownerReferences, finalizers }: Json = { ...metadata };
  const owners = listOf(ownerReferences).map((one) => `${scalarText(mapAt(one).kind)} ${scalarText(mapAt(one).name)}`);
  const [applier] = appliers.flatMap(([key, program]) => {
    const [name] = scalarText(marks[key]).split(':');
    return name ? [`${program} ${name}`] : [];
  });
  return [
    ...(owners.length > 0
      ? [
          `${owners.join(', ')} owns the binding (ownerReferences): the owner can revert changes, and Kubernetes deletes the binding when the owner is deleted. Before you apply the rendered files, remove the binding from the owner, and remove the ownerReferences if the binding still has them`,
        ]
      : []),
    ...(listOf(finalizers).length > 0 ? ['the finalizers of the binding stay: Kaniflux does not render them'] : []),
    ...(applier === undefined
      ? []
      : [
          `${applier} applies the binding too: before you apply the rendered files, remove the binding from it, so that it neither changes nor deletes the binding`,
        ]),
  ];
}

function take(treatments: Treatments, object: BindingObject, i: number, names: readonly Named[]): void {
  const id = itemOf.binding(i);
  treatments.taken(id);
  for (const difference of missingParts(object)) treatments.different(id, difference);
  for (const [j, name] of names.entries()) {
    const subject = itemOf.subject(i, j);
    treatments.taken(subject);
    if (name.kind !== 'nobody' && name.difference !== undefined) treatments.different(subject, name.difference);
    if (groupOf(object.subjects?.[j]) === undefined)
      treatments.different(subject, `the subject has no apiGroup; Kaniflux renders it with ${rbacGroup}`);
  }
}

const groupOf = (reference: unknown): unknown =>
  typeof reference === 'object' && reference !== null && 'apiGroup' in reference ? reference.apiGroup : undefined;

/** Adds a binding to the grants. Equal bindings in different namespaces become one grant. */
function add(grants: Map<string, AdoptedGrant>, object: BindingObject, i: number, names: readonly Named[]): void {
  const { roleRef, metadata } = object;
  const of = (kind: 'person' | 'service account' | 'group') =>
    [...new Set(names.flatMap((name) => (name.kind === kind ? [name.key] : [])))].sort();
  const [people, groups, serviceAccounts] = [of('person'), of('group'), of('service account')];
  const literal = (kind: string) =>
    [
      ...new Set(
        (object.subjects ?? []).flatMap((one, j) =>
          names[j]?.kind === 'literal' && one.kind === kind ? [one.name] : [],
        ),
      ),
    ].sort();
  const [users, others] = [literal('User'), literal('Group')];
  const asTheyAre = { ...(users.length > 0 ? { users } : {}), ...(others.length > 0 ? { groups: others } : {}) };
  const subjects = { people, groups, serviceAccounts };
  const key = JSON.stringify([object.kind, metadata.name, roleRef.kind, roleRef.name, subjects, asTheyAre]);
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
      ...(users.length + others.length > 0 ? { subjects: asTheyAre } : {}),
    },
  });
}
