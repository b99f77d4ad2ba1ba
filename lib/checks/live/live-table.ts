import { apiServerChecks } from './api-server-checks';
import { apiServerLogChecks } from './api-server-log-checks';
import { apiServerStart } from './api-server-start-check';
import { backups } from './backup-check';
import { clockChecks } from './clock-checks';
import { controllers } from './controller-checks';
import { discoveryChecks } from './discovery-checks';
import { entryChecks } from './entry-checks';
import { fluxChecks, fluxInstalled } from './flux-checks';
import { kubectlChecks } from './kubectl-checks';
import type { LiveCheck } from './live-check';
import { login } from './login-check';
import { machineChecks } from './machine-checks';
import { metricsChecks } from './metrics-checks';
import { objectChecks } from './object-checks';
import { originChecks } from './origin-checks';
import { kanidmPod } from './pod-checks';
import { serverAddress } from './server-address-check';
import { versionChecks } from './version-checks';

/**
 * All checks in the order in which they run. A check comes after those that it depends on, so a cause precedes its
 * effects.
 */
export const liveChecks: readonly LiveCheck[] = [
  ...machineChecks,
  apiServerStart,
  kubectlChecks.reach,
  serverAddress,
  clockChecks.apiServer,
  kubectlChecks.kubernetes,
  fluxInstalled,
  controllers,
  ...fluxChecks,
  kanidmPod,
  backups,
  ...apiServerLogChecks,
  ...originChecks,
  clockChecks.kanidm,
  ...discoveryChecks,
  ...versionChecks,
  ...entryChecks,
  ...apiServerChecks,
  ...metricsChecks,
  ...objectChecks,
  login,
];
