import { isPersonal } from '../access/authorizer';
import { worst } from '../access/danger';
import { rightsOf } from '../access/rights';
import { inWords } from '../access/rights-in-words';
import type { Config } from '../config/config';
import { type Validity, validityText } from '../expire/validity';
import type { Account } from '../identity/entries';
import { predecessors } from './predecessors';
import { accessOn, type Side } from './side';
import { levelOf, type Statement } from './statement';

/**
 * Returns a statement for each account with dangerous rights that is now valid at more times: an account that expired
 * gets its rights back.
 */
export function validityStatements(before: Side, after: Side): Statement[] {
  const extended = extendedAccounts(before.config, after.config);
  if (extended.size === 0) return [];
  return [...after.config.clusters.keys()].flatMap((cluster) => {
    const access = accessOn(after, cluster);
    if (!access) return [];
    return [...extended].flatMap(([name, times]): Statement[] => {
      const rights = access.principals
        .filter((who) => who.kind !== 'members' && who.name === name)
        .flatMap((who) => access.authorizer.held(who))
        .filter(isPersonal)
        .flatMap(rightsOf);
      const danger = worst(rights);
      if (danger === undefined || levelOf(danger) === 'low' || levelOf(danger) === 'none') return [];
      return [
        {
          part: 'access',
          level: levelOf(danger),
          change: 'added',
          say: (on) => `${name} can sign in at more times (${times}), and may ${inWords(rights)} on ${on}`,
          clusters: [cluster],
          details: [],
          danger,
        },
      ];
    });
  });
}

/**
 * Returns the accounts that are valid at more times, each with its times before and after. If the config no longer has
 * a time, Kanidm keeps the time; `null` removes it.
 */
function extendedAccounts(before: Config, after: Config): Map<string, string> {
  const former = predecessors(before, after);
  const find = (config: Config, name: string): Account | undefined =>
    config.people.get(name) ?? config.serviceAccounts.get(name);
  const all = [
    ...[...after.people.values()].map((account) => ({ kind: 'person' as const, account })),
    ...[...after.serviceAccounts.values()].map((account) => ({ kind: 'service account' as const, account })),
  ];
  return new Map(
    all.flatMap(({ kind, account }) => {
      const from = former({ kind, name: account.name });
      const old = from === undefined ? undefined : find(before, from);
      if (!old || !isExtended(old, account)) return [];
      const { validFrom = old.validFrom, expires = old.expires } = account;
      return [
        [account.name, `${validityText(old) ?? ''} -> ${validityText({ validFrom, expires }) ?? 'always'}`] as const,
      ];
    }),
  );
}

function isExtended(old: Validity, now: Validity): boolean {
  const isMoved = (was: Time, is: Time, by: 1 | -1) =>
    was && (is === null || (is !== undefined && by * (Date.parse(is) - Date.parse(was)) > 0));
  return Boolean(isMoved(old.expires, now.expires, 1) || isMoved(old.validFrom, now.validFrom, -1));
}

type Time = Validity['expires'];
