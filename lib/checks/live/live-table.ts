import { apiServerChecks } from './api-server-checks';
import { clockChecks } from './clock-checks';
import { discoveryChecks } from './discovery-checks';
import { entryChecks } from './entry-checks';
import { fluxChecks } from './flux-checks';
import { kubectlChecks } from './kubectl-checks';
import type { LiveCheck } from './live-check';
import { login } from './login-check';
import { machineChecks } from './machine-checks';
import { metricsChecks } from './metrics-checks';
import { objectChecks } from './object-checks';
import { originChecks } from './origin-checks';
import { serverAddress } from './server-address-check';
import { versionChecks } from './version-checks';

/** All checks in the order in which they run: those that others depend on come first. */
export const liveChecks: readonly LiveCheck[] = [
  ...machineChecks,
  ...originChecks,
  clockChecks.kanidm,
  ...discoveryChecks,
  ...versionChecks,
  ...entryChecks,
  kubectlChecks.reach,
  serverAddress,
  clockChecks.apiServer,
  kubectlChecks.kubernetes,
  ...apiServerChecks,
  ...metricsChecks,
  ...objectChecks,
  ...fluxChecks,
  login,
];
