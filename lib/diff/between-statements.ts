import type { ClusterAccess } from '../access/cluster';
import { type Danger, worst } from '../access/danger';
import type { Principal } from '../access/principals';
import { distinctRights, type Right, RightSet, rightsOf } from '../access/rights';
import { inWords, listed, whoIs } from '../access/rights-in-words';
import { authenticators } from '../identity/authenticator';
import { kindOfPrincipal, type Predecessor, predecessors } from './predecessors';
import { accessOn, type Side } from './side';
import { levelOf, type Statement } from './statement';

/** Rights that somebody has, or lacks, only between the merge and the manual steps. */
interface Between {
  readonly who: string;
  readonly has: boolean;
  readonly rights: readonly Right[];
  readonly danger: Danger;
}

/**
 * Returns statements about rights that people lose or gain until somebody has done the manual steps. Flux applies
 * bindings with new names at once, and people sign in with their old names and groups until Kanidm and the API server
 * are changed by hand.
 */
export function betweenStatements(before: Side, after: Side): Statement[] {
  const former = predecessors(before.config, after.config);
  return [...after.config.clusters.keys()].flatMap((name) => {
    if (before.isSameOn?.(after, name)) return [];
    const [old, now] = [accessOn(before, name), accessOn(after, name)];
    if (!old || !now || followByThemselves(old, now)) return [];
    return together(between(old, now, former)).map((alike) => statementOf(name, alike));
  });
}

/** Whether Kanidm gives people new names and groups without anybody's help, by migrations. */
const followByThemselves = (old: ClusterAccess, now: ClusterAccess): boolean =>
  [old, now].every(({ config }) => config.kanidm.provision === 'migrations') &&
  old.config.kanidm.domain === now.config.kanidm.domain &&
  mappings(old) === mappings(now);

const mappings = ({ config, cluster }: ClusterAccess): string =>
  JSON.stringify(authenticators(config, cluster).map(({ issuer, username, groups }) => [issuer, username, groups]));

function between(old: ClusterAccess, now: ClusterAccess, former: Predecessor): Between[] {
  const successors = new Map(now.principals.map((who) => [keyOf({ ...who, name: formerName(who, former) }), who]));
  return old.principals.flatMap((who): Between[] => {
    const is = successors.get(keyOf(who));
    if (!is || namesOf(is) === namesOf(who)) return [];
    const [was, meanwhile, will] = [old.authorizer.held(who), now.authorizer.held(who), now.authorizer.held(is)];
    const [had, has, gets] = [was, meanwhile, will].map((held) => held.flatMap(rightsOf));
    const kept = new RightSet(gets ?? []);
    const lacks = new RightSet([...(has ?? []), ...kept.missing(had ?? [])]).missing(had ?? []);
    const gains = new RightSet([...(had ?? []), ...(gets ?? [])]).missing(has ?? []);
    return [
      { has: false, rights: distinctRights(lacks) },
      { has: true, rights: distinctRights(gains) },
    ].flatMap(({ has, rights }) => {
      const danger = worst(rights);
      return danger === undefined ? [] : [{ who: whoIs(who), has, rights, danger }];
    });
  });
}

const formerName = ({ kind, name }: Principal, former: Predecessor): string =>
  former({ kind: kindOfPrincipal({ kind }), name }) ?? name;

const keyOf = ({ kind, name, client }: Principal): string => `${kind}\n${name}\n${client}`;

const namesOf = ({ user, groups }: Principal): string => JSON.stringify([user, groups]);

type Alike = [Between, ...Between[]];

/** Returns lists of those who have, or lack, the same rights. */
function together(all: readonly Between[]): Alike[] {
  const found = new Map<string, Alike>();
  for (const one of all) {
    const key = `${one.has} ${inWords(one.rights)}`;
    const alike = found.get(key);
    if (!alike) found.set(key, [one]);
    else if (alike.every(({ who }) => who !== one.who)) alike.push(one);
  }
  return [...found.values()];
}

function statementOf(cluster: string, alike: Alike): Statement {
  const [{ has, rights, danger }] = alike;
  const who = listed(
    alike.map((one) => one.who),
    6,
  );
  const also = has ? 'also has' : 'loses';
  return {
    part: 'access',
    level: has ? levelOf(danger) : 'medium',
    change: 'changed',
    say: (on) =>
      `${on}: until somebody has done the manual steps, ${who} ${also} the right to ${inWords(rights)}, because Flux applies the changed bindings earlier`,
    clusters: [cluster],
    details: [],
    ...(has ? { danger } : {}),
  };
}
