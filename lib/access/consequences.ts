import { own } from '../guards';
import { templateKinds } from '../upstream/workload-kinds';
import { operatorGroup } from './danger';
import type { Right } from './rights';

/** Returns, in parentheses, what a right leads to if it can be used to get other rights. */
export function consequenceOf({ group, resource, name, limitsFlux }: Right, verbs: readonly string[]): string {
  if (group === operatorGroup) return ' (to have the Flux Operator apply anything as cluster-admin)';
  if (isOfFlux(group)) return limitsFlux ? '' : ' (to have Flux apply anything as cluster-admin)';
  const adds = verbs.some((verb) => verb !== 'bind');
  const ofOne = name === undefined ? undefined : own(adds ? consequencesForOne : consequencesOfBinding, resource ?? '');
  const consequence = ofOne ?? own(consequences, resource ?? '');
  return consequence === undefined ? '' : ` (to ${consequence})`;
}

/** Whether an API group belongs to Flux. */
export const isOfFlux = (group: string | undefined): boolean =>
  group !== undefined && /(\.toolkit\.fluxcd\.io|^fluxcd\.controlplane\.io)$/.test(group);

const consequences: Readonly<Record<string, string>> = {
  ...Object.fromEntries(templateKinds.map(([, resource]) => [resource, 'act as service accounts'])),
  users: 'act as anybody',
  groups: 'act as a member of any group, together with a right to impersonate a user',
  serviceaccounts: 'act as any service account',
  'serviceaccounts/token': 'act as any service account',
  roles: 'get any role',
  clusterroles: 'get any role',
  clusterrolebindings: 'give their own roles to others',
  persistentvolumes: 'use the files of a node',
  'certificatesigningrequests/nodeclient': 'get a certificate of a node',
  apiservices: 'answer in place of the API server',
  mutatingadmissionpolicies: 'change what others create',
  mutatingadmissionpolicybindings: 'change what others create',
  'nodes/proxy': 'run commands in the pods of every node',
  'certificatesigningrequests/approval': 'get a certificate for any user',
  mutatingwebhookconfigurations: 'read and change what others create',
  validatingwebhookconfigurations: 'read what others create',
};

/**
 * For each resource, the consequence of a right to a single object. Contains only resources for which a right to all
 * objects has a different consequence.
 */
const consequencesForOne: Readonly<Record<string, string>> = {
  users: 'act as that user',
  groups: 'act as a member of that group, together with a right to impersonate a user',
  serviceaccounts: 'act as that service account',
  'serviceaccounts/token': 'act as that service account',
  roles: 'add any right to that role',
  clusterroles: 'add any right to that role',
  'nodes/proxy': 'run commands in the pods of that node',
};

const consequencesOfBinding = { roles: 'give that role', clusterroles: 'give that role' };
