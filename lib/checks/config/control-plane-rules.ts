import type { Config } from '../../config/config';
import type { Finding } from '../../findings/finding';
import { authenticators } from '../../identity/authenticator';
import { claims } from './claim-rules';
import { kinds } from './control-plane-kind-rules';
import { versions } from './control-plane-version-rules';
import { issuers } from './issuer-rules';
import { mappings } from './mapping-rules';
import { prefixes } from './prefix-rules';

/** Reports settings that an API server does not support, or that would give access to the wrong people. */
export const rules = (config: Config): Finding[] =>
  [...config.clusters.values()].flatMap((cluster) => {
    const trusted = authenticators(config, cluster);
    return [
      ...versions(cluster),
      ...kinds(config, cluster, trusted),
      ...issuers(cluster, trusted),
      ...mappings(cluster),
      ...claims(config, cluster, trusted),
      ...prefixes(config, cluster, trusted),
    ];
  });
