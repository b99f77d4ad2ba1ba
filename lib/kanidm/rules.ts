import type { Config } from '../config/config';
import type { Problem } from '../config/problem';
import { clientRules } from './rules-client';
import { deploymentRules } from './rules-deployment';
import { identityRules } from './rules-identity';
import { sizeRules } from './rules-size';
import { versionRules } from './rules-version';

/** What the Kanidm side of a config says that Kanidm, its chart or its users could not live with. */
export const rules = (config: Config): Problem[] => [
  ...deploymentRules(config),
  ...versionRules(config),
  ...identityRules(config),
  ...clientRules(config),
  ...sizeRules(config),
];
