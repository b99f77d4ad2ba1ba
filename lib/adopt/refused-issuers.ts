import type { Issuer } from '../existing/api-server-issuers';
import type { Facts } from '../existing/facts';
import { assumeGroups, entriesOf, withoutStrangers } from './adopt-entries';
import { issuersOf } from './adopt-issuers';
import { kanidmDomain, kanidmOf } from './adopt-kanidm';
import { serverOf } from './adopt-server';
import { assumeClients } from './assumed-clients';
import { clusterOf, filled } from './cluster-config';
import { settle } from './settle';
import { itemsIn, Treatments } from './treatments';
import { whichKanidm } from './which-kanidm';
import { refusedAt } from './withdraw';

/**
 * Returns the issuers that validation rejects in a config with all issuers and without grants, each with the reason.
 * Adopt must know these issuers before it converts the bindings: the tokens of an issuer that is left out give nobody a
 * name.
 */
export function refusedIssuers(facts: Facts, cluster: string): Map<Issuer, string> {
  const all = new Map<Issuer, string>();
  for (;;) {
    const treatments = new Treatments(itemsIn(facts));
    const server = serverOf(facts, treatments);
    const issuers = issuersOf(facts, server.index, treatments, all);
    const { own } = issuers;
    if (!own || issuers.trust.length + issuers.others.length === 0) return all;
    const kanidm = whichKanidm(facts, own.origin);
    const domain = kanidmDomain(facts, own, kanidm);
    const identities = entriesOf(facts, kanidm, treatments);
    assumeGroups(facts, kanidm, identities);
    withoutStrangers(identities);
    const isEks = server.controlPlane === 'eks';
    assumeClients(identities, { trusted: [own, ...issuers.trust], grants: [], isShort: () => false, isEks });
    const config = {
      kanidm: kanidmOf(facts, { own, kanidm, domain, cluster }),
      ...filled(identities),
      clusters: { [cluster]: clusterOf({ server, issuers, grants: [] }) },
    };
    const refused = refusedAt(settle(config, {}).dropped, issuers);
    if (refused.size === 0) return all;
    for (const [issuer, why] of refused) all.set(issuer, why);
  }
}
