import { isBinding, isRbac, type RbacObject } from '../access/objects';
import { isSameValue, scalarText } from '../guards';
import { identityOf, isObject } from '../output/kubernetes-object';
import type { Side } from './side';
import type { Statement } from './statement';

/**
 * Returns a statement for each hand-written RBAC object whose change Flux does not apply, so that the old access stays:
 * the role of a binding cannot change, and annotations turn pruning or reconciling off.
 */
export const notAppliedStatements = (before: Side, after: Side): Statement[] =>
  [...after.config.clusters.keys()].flatMap((cluster) => {
    const [old, now] = [before, after].map((side) => byIdentity(side.byHand?.(cluster) ?? []));
    return [...(old ?? [])].flatMap(([id, was]): Statement[] => {
      const text = whyKept(was, now?.get(id));
      const { kind, metadata } = was;
      const name = `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`;
      if (text === undefined) return [];
      return [
        {
          part: 'access',
          level: 'medium',
          change: 'changed',
          say: (on) => `${on}: the hand-written ${name} ${text}`,
          clusters: [cluster],
          details: [],
        },
      ];
    });
  });

const byIdentity = (objects: readonly object[]): Map<string, RbacObject> =>
  new Map(objects.flatMap((one) => (isRbac(one) && isObject(one) ? [[identityOf(one), one] as const] : [])));

/** Returns why the cluster keeps an object as it was; `undefined` if Flux applies the change. */
function whyKept(was: RbacObject, now: RbacObject | undefined): string | undefined {
  if (!now) {
    const setting = [['prune', 'disabled'] as const, ...untouched].find((one) => has(was, one));
    return setting
      ? `is gone from the files, but stays in the cluster until somebody deletes it, because Flux does not delete objects with ${written(setting)}`
      : undefined;
  }
  if (isSameValue(was, now)) return undefined;
  const setting = untouched.find((one) => has(was, one) || has(now, one)) ?? [onlyNew].find((one) => has(now, one));
  if (setting) return `stays in the cluster as it was, because Flux does not update objects with ${written(setting)}`;
  if (!isBinding(was) || !isBinding(now) || [was, now].some((one) => has(one, recreated))) return undefined;
  const [from, to] = [was.roleRef, now.roleRef];
  if (from.kind === to.kind && from.name === to.name) return undefined;
  return `keeps giving ${from.kind} ${from.name} until somebody deletes the binding, because the API server refuses another role in an existing binding; Flux replaces the binding only with ${written(recreated)} or with \`force\` in the Kustomization`;
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
const has = ({ metadata: { annotations, labels } }: RbacObject, [name, value]: Setting): boolean =>
  [annotations, labels].some((map) => scalarText(map?.[annotation(name)]).toLowerCase() === value.toLowerCase());
