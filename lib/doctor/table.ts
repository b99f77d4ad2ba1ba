import type { Check } from './check';
import { apiServerChecks } from './checks/api-server';
import { clockChecks } from './checks/clock';
import { discoveryChecks } from './checks/discovery';
import { entryChecks } from './checks/entries';
import { fluxChecks } from './checks/flux';
import { kubectlChecks } from './checks/kubectl';
import { login } from './checks/login';
import { machineChecks } from './checks/machine';
import { metricsChecks } from './checks/metrics';
import { objectChecks } from './checks/objects';
import { originChecks } from './checks/origin';
import { serverAddress } from './checks/server';
import { versionChecks } from './checks/version';

/** Every check, in the order in which it is asked and printed: what others rest on comes first. */
export const checks: readonly Check[] = [
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
