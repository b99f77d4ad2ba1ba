import type { Rule } from '../rule';
import { apiServerRules } from './api-server';
import { fluxRules } from './flux';
import { kanidmRules } from './kanidm';
import { operationRules } from './operation';
import { rightRules } from './rights';
import { signInRules } from './sign-in';
import { subjectRules } from './subjects';

/** Every rule, in the order of the codes. */
export const rules: readonly Rule[] = [
  ...apiServerRules,
  ...signInRules,
  ...subjectRules,
  ...rightRules,
  ...operationRules,
  ...fluxRules,
  ...kanidmRules,
];
