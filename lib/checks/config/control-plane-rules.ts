import type { Config } from '../../config/config';
import type { Finding } from '../../findings/finding';
import { authenticators } from '../../identity/authenticator';
import { claims } from './claim-rules';
import { kinds } from './control-plane-kind-rules';
import { versions } from './control-plane-version-rules';
import { prefixes } from './prefix-rules';

/** What a config asks of an API server that it can't do, or that would let the wrong people in. */
export const rules = (config: Config): Finding[] =>
  [...config.clusters.values()].flatMap((cluster) => {
    const trusted = authenticators(config, cluster);
    return [
      ...versions(cluster),
      ...kinds(cluster, trusted),
      ...claims(cluster, trusted),
      ...prefixes(cluster, trusted),
    ];
  });
