import type { Config } from '../../config/config';
import type { Finding } from '../../findings/finding';
import { clientRules } from './client-rules';
import { identityRules } from './entry-rules';
import { deploymentRules } from './kanidm-deployment-rules';
import { versionRules } from './kanidm-version-rules';
import { provisionRules } from './provision-rules';
import { sizeRules } from './size-rules';

/** Reports settings that Kanidm or its chart would reject, or that would prevent people from signing in. */
export const rules = (config: Config): Finding[] => [
  ...deploymentRules(config),
  ...versionRules(config),
  ...identityRules(config),
  ...clientRules(config),
  ...provisionRules(config),
  ...sizeRules(config),
];
