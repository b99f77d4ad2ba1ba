import type { Held } from '../access/authorizer';
import type { ClusterAccess } from '../access/cluster';
import { type Danger, worst } from '../access/danger';
import type { Principal } from '../access/principals';
import { distinctRights, type Right, RightSet, rightsOf } from '../access/rights';
import { inWords, listed, where, whoIs } from '../access/rights-in-words';
import { strangers } from '../access/strangers';
import { authenticators } from '../identity/authenticator';
import { idOf, naming } from './change';
import { giverOf, onOtherSide, requesterOf } from './issuer-users';
import { kindOfPrincipal, type Predecessor, predecessors } from './predecessors';
import { accessOn, type Side } from './side';
import { levelOf, type Statement } from './statement';

/** Rights that somebody has, or lacks, only in the time between the merge and the manual steps. */
interface Between {
  readonly has: boolean;
  readonly words: string;
  /** The namespaces; empty for the whole cluster. */
  readonly namespaces: readonly string[];
  readonly danger: Danger;
}

/**
 * Returns statements about rights that people temporarily lose or gain. Flux applies bindings with new names
 * immediately. People have their old names and groups until Kanidm and the API server have changed, and until their
 * present ID tokens have expired.
 */
export function betweenStatements(before: Side, after: Side): Statement[] {
  const former = predecessors(before.config, after.config);
  const compared = new Comparisons();
  return [...after.config.clusters.keys()].flatMap((name) => {
    if (before.isSameOn?.(after, name)) return [];
    const [old, now] = [accessOn(before, name), accessOn(after, name)];
    if (!old || !now) return [];
    const sides = { old, now, former, compared };
    return [
      ...alike(ofAccounts(sides)).map((one) => statementOf(name, one, followByThemselves(old, now))),
      // The names that another issuer gives change with the settings of the API server. Flux does not apply these
      // settings.
      ...alike(ofIssuers(sides)).map((one) => statementOf(name, one, false)),
    ];
  });
}

interface Alike {
  readonly one: Between;
  readonly who: Set<string>;
}

/** Groups the rights that several people temporarily have or lack. */
function alike(all: Iterable<OfOne>): Alike[] {
  const found = new Map<string, Alike>();
  for (const [who, list] of all) {
    for (const one of list) {
      const key = JSON.stringify([one.has, one.words, one.namespaces]);
      const same = found.get(key) ?? { one, who: new Set<string>() };
      found.set(key, same);
      same.who.add(who);
    }
  }
  return [...found.values()];
}

/** Whether Kanidm gives people their new names and groups without a manual step, by migrations that Flux applies. */
const followByThemselves = (old: ClusterAccess, now: ClusterAccess): boolean =>
  [old, now].every(
    ({ config: { kanidm } }) => kanidm.provision === 'migrations' && (kanidm.helm ?? kanidm.manifests),
  ) &&
  old.config.kanidm.domain === now.config.kanidm.domain &&
  mappings(old) === mappings(now);

const mappings = ({ config, cluster }: ClusterAccess): string =>
  JSON.stringify(
    authenticators(config, cluster).map(({ issuer, client, username, groups }) => [
      issuer,
      client.name,
      username,
      groups,
    ]),
  );

interface Sides {
  readonly old: ClusterAccess;
  readonly now: ClusterAccess;
  readonly former: Predecessor;
  readonly compared: Comparisons;
}

type OfOne = [who: string, list: readonly Between[]];

function* ofAccounts({ old, now, former, compared }: Sides): Generator<OfOne> {
  const successors = byAccount(now.principals, ({ kind, name }) => former({ kind: kindOfPrincipal({ kind }), name }));
  for (const [id, was] of byAccount(old.principals, ({ name }) => name)) {
    const is = successors.get(id);
    const [first] = was;
    if (!is || !first || namesOf(is) === namesOf(was)) continue;
    const held = (access: ClusterAccess, all: readonly Principal[]) =>
      all.flatMap((who) => access.authorizer.held(who));
    const list = compared.compare(held(old, was), held(now, was), held(now, is));
    if (list.length > 0) yield [whoIs(first), list];
  }
}

/**
 * Yields the users and groups of issuers other than Kanidm whose names change with the settings of the API server.
 */
function* ofIssuers({ old, now, compared }: Sides): Generator<OfOne> {
  const names = [...strangers(old), ...strangers(now)].map(({ name }) => name);
  const back = strangers(now).flatMap(({ name }) => onOtherSide(name, now, old) ?? []);
  for (const was of new Set([...names, ...back])) {
    const is = onOtherSide(was, old, now);
    if (is === was || !giverOf(was, old)) continue;
    const { authorizer } = now;
    const gets = is === undefined ? [] : authorizer.held(requesterOf(is));
    const asker = requesterOf(was);
    const list = compared.compare(old.authorizer.held(asker), authorizer.held(asker), gets);
    if (list.length > 0) yield [was, list];
  }
}

/** Groups principals by account. An account has a principal for each client that the cluster trusts. */
function byAccount(
  all: readonly Principal[],
  nameOf: (who: Principal) => string | undefined,
): Map<string, Principal[]> {
  const found = new Map<string, Principal[]>();
  for (const who of all) {
    const name = nameOf(who);
    if (name === undefined) continue;
    const id = idOf({ kind: who.kind, name });
    found.set(id, [...(found.get(id) ?? []), who]);
  }
  return found;
}

const namesOf = (all: readonly Principal[]): string =>
  JSON.stringify(all.map(({ user, groups }) => JSON.stringify([user, groups])).sort());

/** Compares the roles that people hold. Most people hold the same roles, which are compared only once. */
class Comparisons {
  private readonly nameOf = naming();
  private readonly results = new Map<string, readonly Between[]>();

  compare(had: readonly Held[], has: readonly Held[], gets: readonly Held[]): readonly Between[] {
    const key = [had, has, gets]
      .map((list) =>
        list
          .map((one) => this.keyOf(one))
          .sort()
          .join(),
      )
      .join('|');
    const result = this.results.get(key) ?? differences(had, has, gets);
    this.results.set(key, result);
    return result;
  }

  private keyOf(held: Held): string {
    return `${this.nameOf(held)} ${held.limitsFlux ?? false} ${held.execNeedsCreate ?? false} ${held.ignoresConstrained ?? false}`;
  }
}

function differences(was: readonly Held[], meanwhile: readonly Held[], will: readonly Held[]): Between[] {
  const [had, has, gets] = [was.flatMap(rightsOf), meanwhile.flatMap(rightsOf), will.flatMap(rightsOf)];
  // A right before the change can include a right after it, or the reverse.
  const both = [...covered(had, gets), ...covered(gets, had)];
  const lacks = new RightSet(has).missing(both);
  const gains = new RightSet([...had, ...gets]).missing(has);
  return [...inPlaces(false, lacks), ...inPlaces(true, gains)];
}

/** Returns those of the rights that other rights include. */
function covered(rights: readonly Right[], others: readonly Right[]): Right[] {
  const set = new RightSet(others);
  return rights.filter((right) => set.covers(right));
}

/** Returns the rights, with one item for the same rights in several namespaces. */
function inPlaces(has: boolean, rights: readonly Right[]): Between[] {
  const places = new Map<string | undefined, Right[]>();
  for (const right of distinctRights(rights)) {
    const list = places.get(right.namespace);
    if (list) list.push(right);
    else places.set(right.namespace, [right]);
  }
  const found = new Map<string, Between>();
  for (const [namespace, list] of places) {
    const danger = worst(list);
    if (danger === undefined) continue;
    const words = inWords(list);
    const key = `${namespace === undefined} ${words}`;
    const namespaces = [...(found.get(key)?.namespaces ?? []), ...(namespace === undefined ? [] : [namespace])].sort();
    found.set(key, { has, words, namespaces, danger });
  }
  return [...found.values()];
}

/** @param isAutomatic whether people get their new names and groups without a manual step */
function statementOf(cluster: string, { one, who: all }: Alike, isAutomatic: boolean): Statement {
  const { has, words, namespaces, danger } = one;
  const who = [...all];
  const verb = has ? 'gain' : 'lose';
  const verbs = who.length > 1 ? verb : `${verb}s`;
  // Kanidm issues ID tokens that are valid for 15 minutes.
  const until = isAutomatic
    ? 'until Kanidm has applied the migrations and the present ID tokens have expired, which takes up to 15 more minutes: Flux can apply the changed bindings earlier'
    : 'until somebody has done the manual steps: Flux applies the changed bindings earlier';
  return {
    part: 'access',
    level: has ? levelOf(danger) : isAutomatic ? 'low' : 'medium',
    change: 'changed',
    say: (on) => `${listed(who, 6)} temporarily ${verbs} the right to ${words}${where(on, ...namespaces)}, ${until}`,
    clusters: [cluster],
    details: [],
    ...(has ? { danger } : {}),
  };
}
