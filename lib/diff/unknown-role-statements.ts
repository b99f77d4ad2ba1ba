import type { ClusterAccess } from '../access/cluster';
import type { BindingObject, SubjectRef } from '../access/objects';
import { listed, where, whoIs } from '../access/rights-in-words';
import { strangerOf } from '../access/strangers';
import { ofUnknownRoles } from '../access/unknown-roles';
import { idOf, type Subject } from './change';
import { onOtherSide } from './issuer-users';
import { type KeptGroups, keptGroups } from './kept-members';
import { untilDeleted } from './line-changes';
import { kindOfPrincipal, type Predecessor, predecessors } from './predecessors';
import { accessOn, type Side } from './side';
import type { Statement } from './statement';

/**
 * Returns statements about bindings of roles that are neither built in nor in the config. Kaniflux may not know the
 * rules of these roles, so the rest of the diff says nothing about their rights. If the rules of a role are known on
 * only one side, a binding of this role has one statement that says so. Any other binding has statements about:
 * - the subjects that were added to the binding or removed from it
 * - the accounts that were added to a group in the binding or removed from the group
 */
export function unknownRoleStatements(before: Side, after: Side): Statement[] {
  const names = [...new Set([...before.config.clusters.keys(), ...after.config.clusters.keys()])];
  const former = predecessors(before.config, after.config);
  const kept = keptGroups(before.config, after.config, former);
  return names
    .filter((name) => !(before.isSameOn?.(after, name) ?? false))
    .flatMap((cluster) =>
      onCluster({ cluster, was: accessOn(before, cluster), is: accessOn(after, cluster), former, kept }),
    );
}

interface Sides {
  readonly cluster: string;
  readonly was: ClusterAccess | undefined;
  readonly is: ClusterAccess | undefined;
  readonly former: Predecessor;
  readonly kept: KeptGroups;
}

/**
 * A binding of an unknown role, with its subjects and the accounts that hold the role through it. An account has the
 * same id on both sides.
 */
interface Bound {
  readonly binding: BindingObject;
  /** The subjects as text, by id. */
  readonly subjects: ReadonlyMap<string, string>;
  /**
   * The accounts that hold the role, by id. `by` is the id of the subject of the binding through which they hold it.
   */
  readonly holders: ReadonlyMap<string, { readonly who: Subject; readonly by: string }>;
}

type Bindings = ReadonlyMap<string, Bound>;

function onCluster(sides: Sides): Statement[] {
  const { was, is, former } = sides;
  const idAfter = ({ kind, name }: Subject): string => {
    const from = kind === 'stranger' ? onOtherSide(name, is, was) : former({ kind: kindOfPrincipal({ kind }), name });
    return idOf({ kind, name: from ?? `new ${name}` });
  };
  const [old, now] = [bindingsOn(was, idOf), bindingsOn(is, idAfter)];
  if (old.size + now.size === 0) return [];
  const successors = new Map(is?.principals.map((who) => [idAfter(who), who]));
  const isKept = (id: string, who: Subject, other: Bound) =>
    sides.kept(who, successors.get(id), is?.cluster).some((group) => other.holders.has(idAfter(group)));
  return [
    ...only({ sides, change: 'added', has: now, other: old, isKept: () => false }),
    ...only({ sides, change: 'removed', has: old, other: now, isKept }),
  ];
}

function bindingsOn(access: ClusterAccess | undefined, id: (who: Subject) => string): Bindings {
  if (!access) return new Map();
  const bindings = ofUnknownRoles(access);
  if (bindings.length === 0) return new Map();
  const subjectOf = (subject: SubjectRef, binding: BindingObject): Subject => {
    const owner = access.ownerOf(subject);
    if (!owner) return { kind: 'stranger', name: strangerOf(subject, binding).name };
    return { kind: owner.kind === 'group' ? 'members' : owner.kind, name: owner.name };
  };
  const holders = new Map<BindingObject, Map<string, { who: Subject; by: string }>>();
  for (const who of access.principals) {
    for (const { binding, subject } of access.authorizer.held(who)) {
      const list = holders.get(binding) ?? new Map<string, { who: Subject; by: string }>();
      holders.set(binding, list.set(id(who), { who, by: id(subjectOf(subject, binding)) }));
    }
  }
  return new Map(
    bindings.map((binding) => {
      const named = (binding.subjects ?? []).map((subject) => subjectOf(subject, binding));
      const subjects = new Map(named.map((one) => [id(one), one.name]));
      return [keyOf(binding), { binding, subjects, holders: holders.get(binding) ?? new Map() }];
    }),
  );
}

const keyOf = ({ kind, metadata, roleRef }: BindingObject): string =>
  JSON.stringify([kind, metadata.namespace, metadata.name, roleRef]);

interface Only {
  readonly sides: Sides;
  readonly change: 'added' | 'removed';
  readonly has: Bindings;
  readonly other: Bindings;
  /** Whether an account keeps the role, because Kanidm keeps the account in a group that holds the role. */
  readonly isKept: (id: string, who: Subject, other: Bound) => boolean;
}

function only({ sides: { cluster, was, is }, change, has, other, isKept }: Only): Statement[] {
  const otherAccess = change === 'added' ? was : is;
  return [...has].flatMap(([key, { binding, subjects, holders }]): Statement[] => {
    const { kind, name } = binding.roleRef;
    const [role, by] = [`${kind} ${name}`, `the binding ${binding.metadata.name}`];
    const statement = (text: (place: string) => string, isChange = false): Statement => ({
      part: 'access',
      level: change === 'added' ? 'medium' : 'none',
      change: isChange ? 'changed' : change,
      clusters: [cluster],
      details: [],
      ...(change === 'added' ? { isUnknown: true } : {}),
      say: (on) => text(where(on, binding.metadata.namespace)),
    });
    const there = other.get(key);
    if (!there && otherAccess?.authorizer.bindings.some((one) => keyOf(one) === key)) {
      const names = listed([...subjects.values()], 50);
      const ends =
        change === 'added'
          ? 'what this role allows is no longer known, because it is neither built in nor in the config'
          : 'what this role allows is known now, but not what it allowed before';
      return [statement((place) => `${by} gives ${names} the ${role}${place}: ${ends}`, true)];
    }
    const unknown = 'what this role allows is not known, because it is neither built in nor in the config';
    const named = [...subjects].filter(([id]) => !there?.subjects.has(id));
    const names = listed(
      named.map(([, text]) => text),
      50,
    );
    const gives = change === 'added' ? 'now gives' : otherAccess ? 'no longer gives' : 'still gives';
    const until = untilDeleted({ isClusterGone: change === 'removed' && !otherAccess });
    const those = new Set(named.map(([id]) => id));
    const groups = new Map<string, string[]>();
    for (const [id, { who, by }] of holders) {
      if (!there || there.holders.has(id) || those.has(by) || isKept(id, who, there)) continue;
      groups.set(by, [...(groups.get(by) ?? []), whoIs(who)]);
    }
    const adverb = change === 'added' ? 'now' : 'no longer';
    return [
      ...(named.length > 0
        ? [statement((place) => `${by} ${gives} ${names} the ${role}${place}${until}: ${unknown}`)]
        : []),
      ...[...groups].map(([id, who]) =>
        statement(
          (place) =>
            `${listed(who, 50)} ${adverb} ${who.length > 1 ? 'have' : 'has'} the ${role}${place}, by ${subjects.get(id)} and ${by}: ${unknown}`,
        ),
      ),
    ];
  });
}
