import { isText, listOf, mapAt, scalarText } from '../guards';
import { identityOf, isObject, type KubernetesObject } from '../output/kubernetes-object';
import { type ActingKind, actingKindOf, stops } from './acting-kinds';
import { type FieldChange, fieldText } from './field-changes';
import type { ObjectChange } from './object-changes';
import type { Side } from './side';
import type { Level, Statement } from './statement';

/**
 * Returns statements about the changes of hand-written objects that affect access, except changes of RBAC objects. For
 * example, a Kustomization decides what Flux applies, and a webhook can change the requests of others.
 * @param changes the changes of all objects
 */
export function handWrittenStatements(changes: readonly ObjectChange[], before: Side, after: Side): Statement[] {
  const byHand = new Map<string, readonly [before: ByIdentity, after: ByIdentity]>();
  return changes.flatMap((one): Statement[] => {
    const sides = byHand.get(one.cluster) ?? [writtenIn(before, one.cluster), writtenIn(after, one.cluster)];
    byHand.set(one.cluster, sides);
    const [was, is] = sides;
    const object = is.get(one.object) ?? was.get(one.object);
    // Objects that are rendered from the config have their own statements.
    return object
      ? [...ofActing(one, object, was.get(one.object)), ...ofStopped(one), ...ofReferrers(one, object, is)]
      : [];
  });
}

type ByIdentity = ReadonlyMap<string, KubernetesObject>;

const writtenIn = (side: Side, cluster: string): ByIdentity =>
  new Map(
    listOf(side.byHand?.(cluster))
      .filter(isObject)
      .map((object) => [identityOf(object), object]),
  );

const words = { added: 'is new', removed: 'is gone', changed: 'changed' };

interface Said {
  readonly level: Level;
  readonly means?: string | undefined;
  readonly details?: readonly FieldChange[];
}

function said({ change, cluster, object }: ObjectChange, { level, means, details = [] }: Said): Statement {
  const [, kind, name] = /^([^.\s]+)\S* (.*)$/.exec(object) ?? [];
  return {
    part: 'trust',
    level,
    change,
    say: (on) => `${on}: the ${kind} ${name} ${words[change]}${means === undefined ? '' : `: ${means}`}`,
    clusters: [cluster],
    details: details.map(fieldText),
  };
}

function ofActing(one: ObjectChange, object: KubernetesObject, was?: KubernetesObject): Statement[] {
  const kind = actingKindOf(one.object);
  if (!kind || !(kind.applies?.(object, was) ?? true)) return [];
  if (one.change === 'removed') return [said(one, kind.gone ?? { level: 'none' })];
  const details = one.fields.filter(({ path }) => kind.fields.test(path));
  if (one.change === 'changed' && details.length === 0) return [];
  return [said(one, { level: details.some(isVerification) ? 'high' : kind.level, means: kind.means, details })];
}

/** Whether a field configures how the signature of a source is verified. */
const isVerification = ({ path }: FieldChange): boolean => path.startsWith('spec.verify');

/** Returns a statement for each field because of which Flux no longer applies or deletes something. */
const ofStopped = (one: ObjectChange): Statement[] =>
  /\.(kustomize|helm|source)\.toolkit\.fluxcd\.io /.test(one.object)
    ? one.fields.flatMap((field): Statement[] => {
        const means = stops(field);
        return means === undefined ? [] : [said(one, { level: 'medium', means, details: [field] })];
      })
    : [];

/** Returns a statement if objects of Flux take values from a ConfigMap or Secret that changed. */
function ofReferrers(one: ObjectChange, object: KubernetesObject, all: ByIdentity): Statement[] {
  const { kind, metadata } = object;
  if (one.change === 'removed' || (kind !== 'ConfigMap' && kind !== 'Secret')) return [];
  return [...all].flatMap(([id, user]): Statement[] => {
    const acting = actingKindOf(id);
    const isHome = user.metadata.namespace === metadata.namespace;
    if (!acting || !isHome || !valuesOf(user).some((from) => from.kind === kind && from.name === metadata.name))
      return [];
    const name = `${user.kind} ${[user.metadata.namespace, user.metadata.name].filter(isText).join('/')}`;
    return [
      said(one, {
        level: acting.level,
        means: `the ${name} takes values from it. ${sentence(acting)}`,
        details: one.fields,
      }),
    ];
  });
}

/** Returns the ConfigMaps and Secrets from which a Kustomization or a HelmRelease takes values. */
function valuesOf(user: KubernetesObject) {
  const { valuesFrom, postBuild } = mapAt(user, 'spec');
  return [...listOf(valuesFrom), ...listOf(mapAt(postBuild).substituteFrom)].map((from) => {
    const { kind, name } = mapAt(from);
    return { kind: scalarText(kind), name: scalarText(name) };
  });
}

const sentence = ({ means }: ActingKind): string => means.charAt(0).toUpperCase() + means.slice(1);
