import { apiServerRules } from './api-server-settings-rules';
import { becomingRules } from './becoming-rules';
import { endingRules } from './ending-rules';
import { expectationRules } from './expectation-rules';
import { lockdownRules } from './flux-lockdown-rules';
import { fluxRules } from './flux-manifest-rules';
import { kanidmRules } from './kanidm-risk-rules';
import { operationRules } from './operation-rules';
import { prerequisiteRules } from './prerequisite-rules';
import type { Rule } from './review-rule';
import { rightRules } from './rights-rules';
import { ruleEffectRules } from './rule-effect-rules';
import { signInRules } from './sign-in-rules';
import { subjectRules } from './subject-rules';
import { takeoverRules } from './takeover-rules';

export const rules: readonly Rule[] = [
  ...apiServerRules,
  ...signInRules,
  ...subjectRules,
  ...rightRules,
  ...ruleEffectRules,
  ...takeoverRules,
  ...operationRules,
  ...fluxRules,
  ...lockdownRules,
  ...kanidmRules,
  ...prerequisiteRules,
  ...endingRules,
  ...becomingRules,
  ...expectationRules,
];
