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
  // Steps are tried in this order. Those of Flux come early, because the search for cluster-admin often ends with one.
  ...fluxSteps,
  ...tokenSteps,
  ...podSteps,
  ...impersonationSteps,
  ...rbacSteps,
  ...certificateSteps,
  ...nodeSteps,
  ...admissionSteps,
];

/** What the evaluation leaves out, each as a noun phrase. */
export const notModelled: readonly string[] = [
  'admission policies and webhooks of the cluster, which can prevent any step',
  'NetworkPolicies, and whether a server can be reached',
  'credentials in Secrets and ConfigMaps other than tokens of service accounts, such as bootstrap tokens',
  'what a program in a pod allows those who reach it through attach, port-forward or a proxy',
  'operators and custom resources other than those of Flux',
  'ArtifactGenerators and ImageUpdateAutomations of Flux',
  'ResourceSetInputProviders and the web interface of the Flux Operator',
  'other administrators of Kanidm: system_admins (access controls and the domain) and idm_oauth2_admins (clients)',
  'identities at a cloud provider, such as the aws-auth ConfigMap of EKS',
  'conversion webhooks of CustomResourceDefinitions, and the scheduler',
  'APIServices: whoever creates an APIService can answer the requests of an API group with their own server',
  'access to nodes, to etcd, to the registry and to the Git host, except what `flux.writers` lists',
  'steps from one cluster to another, and from the cluster of Kanidm to Kanidm itself',
];
