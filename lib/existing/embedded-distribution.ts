import type { Json } from '../guards';
import type { ApiServer, Facts } from './facts';

/**
 * Decides between K3s and RKE2 for a configuration inside another document, such as cloud-init, if that document
 * contains only one of these two names.
 */
export function withDistribution(facts: Facts, document: Json): Facts {
  const [only, other] = (['k3s', 'rke2'] as const).filter((one) =>
    JSON.stringify(document).toLowerCase().includes(one),
  );
  if (only === undefined || other !== undefined) return facts;
  const decided = ({ isGuess, ...server }: ApiServer): ApiServer =>
    isGuess ? { ...server, controlPlane: only } : server;
  return { ...facts, apiServers: facts.apiServers.map(decided) };
}
