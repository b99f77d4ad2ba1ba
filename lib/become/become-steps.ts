import type { Step } from './become-step';
import { admissionSteps } from './steps/admission-steps';
import { certificateSteps } from './steps/certificate-steps';
import { fluxSteps } from './steps/flux-steps';
import { impersonationSteps } from './steps/impersonation-steps';
import { kanidmNameSteps } from './steps/kanidm-name-steps';
import { kanidmSteps } from './steps/kanidm-steps';
import { nodeSteps } from './steps/node-steps';
import { podSteps } from './steps/pod-steps';
import { rbacSteps } from './steps/rbac-steps';
import { tokenSteps } from './steps/token-steps';

/** All kinds of steps. */
export const steps: readonly Step[] = [
  ...kanidmSteps,
  ...kanidmNameSteps,
  // The steps of Flux come early, since the shortest way to everything often ends with one of them.
  ...fluxSteps,
  ...tokenSteps,
  ...podSteps,
  ...impersonationSteps,
  ...rbacSteps,
  ...certificateSteps,
  ...nodeSteps,
  ...admissionSteps,
];

/** What the evaluation leaves out, each as a clause. */
export const notModelled: readonly string[] = [
  'admission policies and webhooks of the cluster, which can close any step',
  'NetworkPolicies, and whether a server can be reached',
  'credentials in Secrets and ConfigMaps other than tokens of service accounts, bootstrap tokens among them',
  'what the program in a pod can do that is reached by attach, port-forward or a proxy',
  'operators and custom resources other than those of Flux',
  'ResourceSetInputProviders and the web interface of the Flux Operator',
  'other administrators of Kanidm: of access controls and the domain (system_admins) and of clients (idm_oauth2_admins)',
  'identities at a cloud provider, such as the aws-auth ConfigMap of EKS',
  'conversion webhooks of CustomResourceDefinitions, and the scheduler',
  'APIServices: who writes one answers the requests for a group of the API with a server of their own',
  'access to nodes, to etcd, to the Git host and to the registry beyond `flux.writers`',
  'the way from one cluster to another, and from the cluster of Kanidm to Kanidm itself',
];
