import type { Issuer } from '../existing/api-server-issuers';
import type { Facts } from '../existing/facts';
import { assumeGroups, entriesOf, withoutStrangers } from './adopt-entries';
import { issuersOf } from './adopt-issuers';
import { kanidmDomain, kanidmOf, originOf } from './adopt-kanidm';
import { serverOf } from './adopt-server';
import { assumeClients } from './assumed-clients';
import { clusterOf, filled } from './cluster-config';
import { type Dropped, placeholderClient, settle } from './settle';
import { itemsIn, Treatments } from './treatments';
import { whichKanidm } from './which-kanidm';
import { refusedAt } from './withdraw';

/**
 * Validates a config that has all issuers but no grants, and returns the issuers that validation rejects, each with the
 * reason. Adopt must know these issuers before it converts the bindings: a rejected issuer is left out, so no name in a
 * binding can come from its tokens.
 */
export function refusedIssuers(facts: Facts, cluster: string): Map<Issuer, string> {
  const all = new Map<Issuer, string>();
  for (;;) {
    const treatments = new Treatments(itemsIn(facts));
    const server = serverOf(facts, treatments);
    const issuers = issuersOf(facts, server.index, treatments, all);
    const { own } = issuers;
    if (issuers.trust.length + issuers.others.length === 0) return all;
    const kanidm = whichKanidm(facts, originOf(facts, own));
    const domain = kanidmDomain(facts, own, kanidm);
    const identities = entriesOf(facts, kanidm, treatments);
    assumeGroups(facts, kanidm, identities);
    withoutStrangers(identities);
    const isEks = server.controlPlane === 'eks';
    const trusted = own ? [own, ...issuers.trust] : [];
    assumeClients(identities, { trusted, grants: [], isShort: () => false, isEks });
    const config = {
      kanidm: kanidmOf(facts, { own, kanidm, domain, cluster }),
      ...filled(identities),
      clusters: { [cluster]: clusterOf({ server, issuers, grants: [] }) },
    };
    const { dropped } = settle(config, {});
    const refused = refusedAt(own ? dropped : dropped.map(withoutPlaceholder), issuers);
    if (refused.size === 0) return all;
    for (const [issuer, why] of refused) all.set(issuer, why);
  }
}

/**
 * If the message names the placeholder for a client of Kanidm, replaces the message and the fix with texts that name
 * only Kanidm.
 */
const withoutPlaceholder = (dropped: Dropped): Dropped =>
  dropped.finding.code === 'names-shared' && dropped.finding.message.includes(placeholderClient)
    ? {
        ...dropped,
        finding: {
          ...dropped.finding,
          message: 'users of this issuer and users of Kanidm could have the same name',
          fix: 'give the users and groups of this issuer a prefix of their own, and change the bindings accordingly',
        },
      }
    : dropped;
