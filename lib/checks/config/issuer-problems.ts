import type { Finding } from '../../findings/finding';
import type { Authenticator } from '../../identity/authenticator';
import { issuers, type Trusting } from './issuer-rules';
import { oneMapping, tooNew } from './mapping-rules';
import { issuerMappings } from './placed-mappings';
import { onePrefix } from './prefix-rules';
import { sharedNames } from './shared-name-rules';

/**
 * Reports problems of the issuers of an API server that is not in a config: what kube-apiserver would refuse, and names
 * that it could give to the wrong people. The rules for a config are stricter.
 */
export const issuerProblems = (server: Trusting, trusted: readonly Authenticator[]): Finding[] => [
  ...issuers(server, trusted),
  ...issuerMappings(server).flatMap((placed) => [
    ...oneMapping(placed),
    ...tooNew(server.kubernetes, placed),
    ...onePrefix(server.authentication.method, placed),
  ]),
  ...sharedNames(server, trusted),
];
