import type { Config } from '../config/config';
import type { Problem } from '../config/problem';
import { roleRules } from './role-rules';
import { rules as grantRules } from './rules';

export { clusterWideAccess, namespacedAccess } from './access';
export * from './bindings';
export { clusterRoles, namespacedRoles } from './roles';

export const rules = (config: Config): Problem[] => [...roleRules(config), ...grantRules(config)];
