import { isBinding, isRbac, type RbacObject } from '../access/objects';
import { isSameValue, mapAt, scalarText } from '../guards';
import { identityOf, isObject, type KubernetesObject } from '../output/kubernetes-object';
import type { Side } from './side';
import type { Statement } from './statement';

/**
 * Returns a statement for each hand-written RBAC object whose change Flux does not apply, so that the old access stays:
 * the role of a binding cannot change, and annotations turn pruning or reconciling off.
 */
export const notAppliedStatements = (before: Side, after: Side): Statement[] =>
  [...after.config.clusters.keys()].flatMap((cluster) => {
    const [old = [], now = []] = [before, after].map((side) => side.byHand?.(cluster));
    return keptObjects(old, now).map((one) => keptStatement(cluster, one, 'hand-written '));
  });

/** An RBAC object that the cluster keeps as it was, although the files changed. */
export interface KeptObject {
  readonly id: string;
  readonly object: RbacObject;
  /** Why the cluster keeps it, as the rest of a sentence about it. */
  readonly why: string;
}

export function keptObjects(before: readonly object[], after: readonly object[]): KeptObject[] {
  const now = byIdentity(after);
  return [...byIdentity(before)].flatMap(([id, object]): KeptObject[] => {
    const why = whyKept(object, now.get(id));
    return why === undefined ? [] : [{ id, object, why }];
  });
}

/** Returns the objects of a cluster after a change, with those that it keeps as they were. */
export function withKeptObjects(objects: readonly KubernetesObject[], kept: readonly KeptObject[]): object[] {
  const ids = new Set(kept.map(({ id }) => id));
  return [...objects.filter((object) => !ids.has(identityOf(object))), ...kept.map(({ object }) => object)];
}

/** @param which an adjective with a space after it, or an empty text */
export function keptStatement(cluster: string, { object, why }: KeptObject, which: string): Statement {
  const { kind, metadata } = object;
  const name = `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`;
  return {
    part: 'access',
    level: 'medium',
    change: 'changed',
    say: (on) => `${on}: the ${which}${name} ${why}`,
    clusters: [cluster],
    details: [],
  };
}

const byIdentity = (objects: readonly object[]): Map<string, RbacObject> =>
  new Map(objects.flatMap((one) => (isRbac(one) && isObject(one) ? [[identityOf(one), one] as const] : [])));

/** Returns why the cluster keeps an object as it was; `undefined` if Flux applies the change. */
function whyKept(was: RbacObject, now: RbacObject | undefined): string | undefined {
  if (!now) {
    const why = whyNotDeleted(was);
    return why === undefined ? undefined : `is gone from the files, but ${why}`;
  }
  if (isSameValue(was, now)) return undefined;
  const setting = untouched.find((one) => has(was, one) || has(now, one)) ?? [onlyNew].find((one) => has(now, one));
  if (setting) return `stays in the cluster as it was, because Flux does not update objects with ${written(setting)}`;
  if (!isBinding(was) || !isBinding(now) || [was, now].some((one) => has(one, recreated))) return undefined;
  const [from, to] = [was.roleRef, now.roleRef];
  if (from.kind === to.kind && from.name === to.name) return undefined;
  return `keeps giving ${from.kind} ${from.name} until somebody deletes the binding, because the API server refuses another role in an existing binding; Flux replaces the binding only with ${written(recreated)} or with \`force\` in the Kustomization`;
}

/** Returns why Flux does not delete an object that is gone from the files; `undefined` if Flux deletes it. */
export function whyNotDeleted(object: Annotated): string | undefined {
  const setting = [['prune', 'disabled'] as const, ...untouched].find((one) => has(object, one));
  return (
    setting &&
    `stays in the cluster until somebody deletes it, because Flux does not delete objects with ${written(setting)}`
  );
}

interface Annotated {
  readonly metadata: object;
}

type Setting = readonly [name: string, value: string];

/** The annotations that make Flux neither change nor delete an object. */
const untouched: readonly Setting[] = [
  ['reconcile', 'disabled'],
  ['ssa', 'Ignore'],
];

const onlyNew: Setting = ['ssa', 'IfNotPresent'];
const recreated: Setting = ['force', 'enabled'];

const annotation = (name: string) => `kustomize.toolkit.fluxcd.io/${name}`;

const written = ([name, value]: Setting) => `\`${annotation(name)}: ${value}\``;

/** Whether an object has an annotation or a label. Flux reads both, and ignores the case of the value. */
const has = ({ metadata }: Annotated, [name, value]: Setting): boolean =>
  ['annotations', 'labels'].some(
    (field) => scalarText(mapAt(metadata, field)[annotation(name)]).toLowerCase() === value.toLowerCase(),
  );
