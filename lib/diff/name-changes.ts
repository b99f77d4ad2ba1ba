import { isPersonal } from '../access/authorizer';
import type { ClusterAccess } from '../access/cluster';
import { type Danger, worst } from '../access/danger';
import { rightsOf } from '../access/rights';
import { inWords } from '../access/rights-in-words';
import { claimExpression } from '../cel/claim-expression';
import { authenticators } from '../identity/authenticator';
import { personSubject } from '../identity/subject';
import type { AccessChange } from './change';
import { type Predecessor, predecessors } from './predecessors';
import { accessOn, type Side } from './side';
import { levelOf, type Statement } from './statement';

/**
 * Returns a statement for each person whose user name at an API server changes, because the mail, display name, name or
 * UUID changes. Bindings contain the user name, so whoever has the new name in a token gets the rights of this name. If
 * the cluster now forms names in another way, nothing is returned, because another statement says so for the cluster.
 */
export function nameStatements(before: Side, after: Side, access: readonly AccessChange[]): Statement[] {
  const former = predecessors(before.config, after.config);
  const gains = new Set(
    access.flatMap(({ change, cluster, who, otherName, danger }) =>
      change === 'gained' && otherName !== undefined ? [`${cluster}\n${who.name}\n${danger}`] : [],
    ),
  );
  const isReported: Context['isReported'] = (cluster, name, danger) => gains.has(`${cluster}\n${name}\n${danger}`);
  return [...after.config.clusters.keys()].flatMap((name) => {
    if (before.isSameOn?.(after, name)) return [];
    const [old, now] = [accessOn(before, name), accessOn(after, name)];
    return old && now && naming(old) === naming(now) ? namesOn(old, now, { former, isReported }) : [];
  });
}

/** Returns a key of all settings that determine user names at an API server. */
const naming = ({ config, cluster }: ClusterAccess): string =>
  JSON.stringify(
    authenticators(config, cluster).map(({ issuer, username, client }) => [
      issuer,
      username,
      client.preferShortUsername ?? false,
      config.kanidm.domain,
    ]),
  );

interface Context {
  readonly former: Predecessor;
  /** Whether another statement already says that the renamed account gains rights of this level of danger. */
  readonly isReported: (cluster: string, name: string, danger: Danger | undefined) => boolean;
}

/** Returns who can get the value of a claim. */
const holders: Readonly<Record<string, (value: string) => string>> = {
  email: (value) => `whoever has the mail address ${value} in Kanidm`,
  preferred_username: (value) => `whoever is called ${value} in Kanidm`,
};

/** A user name that changes in the tokens of a client. */
interface NewName {
  readonly from: string;
  readonly to: string;
  /** What the name is read from, as text. */
  readonly source: string;
  /** Who can get the new name, as text. */
  readonly holder: string;
}

/**
 * Returns the changed user names of a person, each once. Only for a cluster that forms names in the same way before and
 * after the change.
 */
function newNames(old: ClusterAccess, now: ClusterAccess, from: string, name: string): NewName[] {
  const before = authenticators(old.config, old.cluster).map((one) => personSubject(old.config, one, from));
  const all = authenticators(now.config, now.cluster).flatMap((one, i): NewName[] => {
    const [was, is] = [before[i], personSubject(now.config, one, name)];
    if (was === undefined || is === undefined || was === is) return [];
    const { expression } = one.username;
    const read = expression === undefined ? one.username : claimExpression(expression);
    return [
      {
        from: was,
        to: is,
        source: expression === undefined ? `claim ${one.username.claim}` : 'from an expression',
        holder: (read && holders[read.claim]?.(is.slice(read.prefix.length))) ?? 'whoever has that name in a token',
      },
    ];
  });
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

function namesOn(old: ClusterAccess, now: ClusterAccess, { former, isReported }: Context): Statement[] {
  return [...now.config.people.values()].flatMap(({ name, absent }): Statement[] => {
    const from = former({ kind: 'person', name });
    if (absent || from === undefined) return [];
    const isRenamed = from !== name;
    const added = newNames(old, now, from, name);
    if (added.length === 0 && !isRenamed) return [];
    const held = now.principals
      .filter((who) => who.kind === 'person' && who.name === name)
      .flatMap((who) => now.authorizer.held(who))
      .filter(isPersonal);
    const rights = held.flatMap(rightsOf);
    const danger = worst(rights);
    // Another statement, about the entry in Kanidm, already reports the rename.
    const isHarmless = danger === undefined || danger === 'read' || danger === 'write';
    if (added.length === 0 && (isHarmless || isReported(now.cluster.name, name, danger))) return [];
    const byName = added.length > 0 && held.some(({ subject }) => subject.kind === 'User');
    const who = byName
      ? [...new Set(added.map(({ holder }) => holder))].join(' or ')
      : isRenamed
        ? 'whoever has the credentials of this account'
        : name;
    const may = danger === undefined ? '' : `; ${who} may ${inWords(rights)} there`;
    const texts = [
      ...(isRenamed ? [`the account ${from} is renamed to ${name}, with its UUID and credentials`] : []),
      ...added.map(({ from, to, source }) => `the user name of ${name} changed from ${from} to ${to} (${source})`),
    ];
    return [
      {
        part: 'access',
        level: danger === undefined ? 'low' : levelOf(danger),
        change: 'changed',
        say: (on) => `${on}: ${texts.join(', and ')}${may}`,
        clusters: [now.cluster.name],
        details: [],
        danger,
      },
    ];
  });
}
