import { type Codes, error, note, warning } from '../../findings/code';
import { configCodes } from '../config/config-codes';

/** The codes that the rules of `check` can report, in addition to the warnings of the config. */
export const reviewCodes = {
  'admin-group': warning('A group has full access'),
  'api-server-algorithm': error('The API server does not accept the algorithm that Kanidm signs with'),
  'api-server-audience': error('The API server expects another audience'),
  'api-server-ca-unknown': note('The kubeconfig does not hold the CA of the API server'),
  'api-server-groups': error('The group names of the API server and of the bindings differ'),
  'api-server-issuer': error('The API server trusts another issuer'),
  'api-server-username': error('The user names of the API server and of the bindings differ'),
  'browser-stops-redirect': warning('Chromium stops the redirect after sign-in'),
  'changeable-claim': configCodes['changeable-claim'],
  'empty-group': warning('A group that holds a grant has no members'),
  'everybody-granted': error('A grant gives a role to everyone with an account'),
  'flux-path-overlap': error('A hand-written Flux Kustomization applies the rendered output'),
  'legacy-crypto': warning('A client signs with RS256'),
  'look-alike-name': warning('A name looks like another name'),
  'many-admins': warning('Many people have full access'),
  'no-break-glass': warning('The config names no access for the time when Kanidm is down'),
  'no-grants': warning('A cluster has no grants'),
  'no-kanidm-version': warning('The version of Kanidm is missing'),
  'not-appliable': error('Flux cannot apply a file'),
  'overlapping-servers': warning('Two servers of Kanidm can use one database during a change'),
  'owned-twice': error('An object is both rendered and in a hand-written file'),
  'person-without-access': warning('A person has no access to anything'),
  'pod-exec': warning('A role can run commands in pods'),
  'privilege-escalation': warning('A role allows its holders to get any other right'),
  'prunable-kanidm': error('Flux could delete Kanidm and its database'),
  'reads-secrets': warning('A role can read Secrets'),
  'retired-ingress': warning('The ingress controller is retired'),
  'service-account-access': warning('A role can act as service accounts'),
  'structured-available': note('The structured AuthenticationConfiguration is available'),
  'system-group-bound': error('A role is bound to a group or user of Kubernetes itself'),
  'undefined-role': note('A binding names a role that is not defined here'),
  'unknown-subject': warning('A binding names a user or group that does not exist'),
  'unused-ignore': note('An entry of `checks.ignore` matches no finding'),
  'unused-role': note('A role is granted to nobody'),
  'wide-redirects': note('A client allows every loopback redirect'),
  'wildcard-role': warning('A role has a wildcard'),
} as const satisfies Codes;

export type ReviewCode = keyof typeof reviewCodes;
