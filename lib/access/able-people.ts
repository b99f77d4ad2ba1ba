import type { Config } from '../config/config';
import { printable } from '../config/printable';
import { endOf } from '../expire/terms';
import { type Validity, validityOf, validityText } from '../expire/validity';

import { type Held, superusers } from './authorizer';
import { type ClusterAccess, groupOf } from './cluster';
import { namesAllowed } from './named-rights';
import { type AccessRequest, isPathRequest, type PolicyRule, type Requester } from './objects';
import { isInScopeMap, type Principal, wayInto } from './principals';
import { hasNoNamespace } from './resource-request';
import { by, listed, roleOf, whoIs } from './rights-in-words';
import { isSuperuser, strangers } from './strangers';
import { type Bound, boundTo, bySubject, type SubjectIndex, userKey } from './subject-index';

/** A subject that may make the request, and the role that allows it. */
export interface Able extends Validity {
  readonly who: string;
  readonly role: string;
  readonly binding: string;
  readonly way: readonly string[];
  /**
   * The last day of the access, in UTC; `undefined` if the access has no last day, or if several bindings give the
   * access.
   */
  readonly until?: string;
  /** Whether the subject is in the config. If not, only a binding names it. */
  readonly known: boolean;
  /**
   * Set if the config does not show whether the subject is in a group of the scope map. Only members of such a group
   * can sign in.
   * @default false
   */
  readonly isSignInUnknown?: true;
}

/**
 * Returns every subject that may make a request on a cluster: those in the config first, then other subjects of
 * bindings.
 */
export function whoCan(access: ClusterAccess, request: AccessRequest): Able[] {
  const place = isPathRequest(request) ? undefined : request.namespace;
  const held = access.authorizer.allowing(request);
  return ableBy(
    access,
    held.filter(({ namespace }) => namespace === undefined || namespace === place),
  );
}

/**
 * Returns the subjects of the given bindings, each with the first binding that names it. Also returns the members of
 * `system:masters`.
 */
function ableBy(access: ClusterAccess, held: readonly Held[]): Able[] {
  const index = bySubject(held.map(({ binding }) => binding));
  const found: Able[] = [];
  const seen = new Set<string>();
  const bindingsOf = shared(index);
  const holders = access.principals.filter((who) => bindingsOf(who).length > 0 || isSuperuser(who));
  const keyOf = ({ kind, name }: Principal) => `${kind} ${name}`;
  const isSure = (who: Principal): boolean => inScopeMap(access.config, who);
  let sure: ReadonlySet<string> | undefined;
  // Somebody who is not in the scope map of one trusted client can be in the scope map of another client.
  const isSureElsewhere = (who: Principal): boolean => {
    sure ??= new Set(holders.filter(isSure).map(keyOf));
    return sure.has(keyOf(who));
  };
  for (const who of holders) {
    const bound = bindingsOf(who);
    const [first] = bound;
    if (seen.has(keyOf(who))) continue;
    seen.add(keyOf(who));
    const signIn = {
      ...(who.kind === 'members' ? {} : validityOf(access.config, who.name)),
      ...(isSure(who) || isSureElsewhere(who) ? {} : { isSignInUnknown: true as const }),
    };
    if (!first) {
      found.push({ who: whoIs(who), role: superusers, binding: superusers, way: [], known: true, ...signIn });
      continue;
    }
    const group = groupOf(access, first.subject);
    const way = group === undefined ? [] : wayInto(access.config, who.name, group);
    const binding = first.binding.metadata.name;
    const until = bound.length > 1 ? undefined : endOf(access, first.binding, who.name, way);
    const end = until === undefined ? {} : { until };
    found.push({ who: whoIs(who), role: roleOf(first), binding, way, ...end, known: true, ...signIn });
  }
  for (const stranger of strangers(access)) {
    const [first] = boundTo(index, stranger);
    if (!first) continue;
    const { name } = first.binding.metadata;
    found.push({ who: stranger.name, role: roleOf(first), binding: name, way: [], known: false });
  }
  return found;
}

/** Whether each principal is in a scope map. The cache keys are principals, which the clusters of a config share. */
const inScopeMaps = new WeakMap<Principal, boolean>();

function inScopeMap(config: Config, who: Principal): boolean {
  const answer = inScopeMaps.get(who) ?? isInScopeMap(config, who);
  inScopeMaps.set(who, answer);
  return answer;
}

/**
 * Returns a function that looks up the bindings of a requester. For requesters that no binding names as a user, the
 * result depends only on their groups, which are the cache key.
 */
function shared(index: SubjectIndex): (who: Requester) => readonly Bound[] {
  const byGroups = new Map<readonly string[], readonly Bound[]>();
  return ({ user, groups }) => {
    if (user !== undefined && index.has(userKey(user))) return boundTo(index, { user, groups });
    const bound = byGroups.get(groups) ?? boundTo(index, { groups });
    byGroups.set(groups, bound);
    return bound;
  };
}

/**
 * Returns, by namespace, the subjects that may make a request in that namespace but not in the whole cluster. For a
 * request without a namespace, `whoCan` does not return these subjects.
 */
export function whoCanInside(
  access: ClusterAccess,
  request: AccessRequest,
  everywhere: readonly Able[],
): ReadonlyMap<string, readonly Able[]> {
  const found = new Map<string, Able[]>();
  if (isPathRequest(request) || request.namespace !== undefined || hasNoNamespace(request)) return found;
  const inside = new Map<string, Held[]>();
  for (const held of access.authorizer.allowing(request)) {
    if (held.namespace === undefined) continue;
    const those = inside.get(held.namespace);
    if (those) those.push(held);
    else inside.set(held.namespace, [held]);
  }
  const known = new Set(everywhere.map(({ who }) => who));
  for (const namespace of [...inside.keys()].sort()) {
    const able = ableBy(access, inside.get(namespace) ?? []).filter(({ who }) => !known.has(who));
    if (able.length > 0) found.set(namespace, able);
  }
  return found;
}

/** A subject that one binding allows to make a request, but only for objects with certain names. */
export interface AbleByName extends Able {
  readonly names: readonly string[];
  /** @default the whole cluster */
  readonly namespace?: string;
}

/**
 * Returns the subjects that may make a request only for objects with certain names, once for each binding. Subjects
 * that may make the request for all objects, in the whole cluster or in the namespace of the binding, are left out.
 */
export function whoCanByName(
  access: ClusterAccess,
  request: AccessRequest,
  everywhere: readonly Able[],
  inside: ReadonlyMap<string, readonly Able[]>,
): AbleByName[] {
  if (isPathRequest(request)) return [];
  const place = request.namespace;
  const isEverywhere = hasNoNamespace(request);
  const namesIn = new Map<readonly PolicyRule[], readonly string[]>();
  const byName = access.authorizer.holding((rules) => {
    const names = namesAllowed(rules, request);
    namesIn.set(rules, names);
    return names.length > 0;
  });
  const wide = new Set(everywhere.map(({ who }) => who));
  return byName.flatMap((held) => {
    const { rules, namespace } = held;
    if (namespace !== undefined && (place === undefined ? isEverywhere : namespace !== place)) return [];
    const here = inside.get(namespace ?? '') ?? [];
    return ableBy(access, [held])
      .filter(({ who }) => !wide.has(who) && !here.some((one) => one.who === who))
      .map((able) => ({ ...able, names: namesIn.get(rules) ?? [], ...(namespace === undefined ? {} : { namespace }) }));
  });
}

/** Returns a subject with its role and binding as a line for a terminal. */
export const ableLine = ({ who, role, binding, way, until, isSignInUnknown, ...validity }: Able): string => {
  const end = until === undefined ? '' : `, until ${until}`;
  const open = isSignInUnknown ? "; can sign in only if Kanidm lists them in a group of the client's scope map" : '';
  const times = validityText(validity);
  const valid = times === undefined ? '' : `; the account is valid ${times}`;
  return printable(`${who} (${role}${by(way)}; binding ${binding}${end}${valid}${open})`);
};

/** Returns a line for a terminal about a right that is limited to objects with certain names. */
export function ableByNameLine(able: AbleByName, request: AccessRequest): string {
  const place = able.namespace === undefined ? '' : `in namespace ${able.namespace}, `;
  return `${printable(`${place}only those named ${listed(able.names)}${requestByName(request)}`)}: ${ableLine(able)}`;
}

/**
 * Returns as text how to request one object by its name, for verbs whose usual request contains no name. Empty for
 * other verbs.
 */
function requestByName(request: AccessRequest): string {
  if (request.verb === 'list' || request.verb === 'watch') return ' (with --field-selector metadata.name=NAME)';
  const isNew = request.verb === 'create' && !isPathRequest(request) && request.subresource === undefined;
  return isNew ? ' (with kubectl apply --server-side)' : '';
}
