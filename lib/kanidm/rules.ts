import type { Config } from '../config/config';
import type { Problem } from '../config/problem';
import { deploymentRules } from './rules-deployment';

/** What the Kanidm side of a config says that Kanidm, its chart or its users could not live with. */
export const rules = (config: Config): Problem[] => [...deploymentRules(config)];
