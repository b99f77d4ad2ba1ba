import type { Config } from '../../config/config';
import type { Finding } from '../../findings/finding';
import { rules as controlPlaneRules } from './control-plane-rules';
import { expectationRules } from './expected-right-rules';
import { rules as fluxRules } from './flux-rules';
import { rules as grantRules } from './grant-rules';
import { ignoreRules } from './ignore-rules';
import { rules as kanidmRules } from './kanidm-rules';
import { rules as kubeconfigRules } from './kubeconfig-rules';
import { roleRules } from './role-rules';
import { termRules } from './term-rules';

const rules = [
  kanidmRules,
  roleRules,
  grantRules,
  controlPlaneRules,
  kubeconfigRules,
  fluxRules,
  ignoreRules,
  termRules,
  expectationRules,
];

/** Returns the findings of all rules for a config that passed the schema and reference checks. */
export const configRules = (config: Config): Finding[] => rules.flatMap((rule) => rule(config));
