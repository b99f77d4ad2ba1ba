import { verbsThatRead } from '../../access/danger';
import type { Step } from '../become-step';
import { conditionFact, serviceAccountFact } from '../fact';
import type { Ask } from '../identity-rights';
import { firstByNamespace, namespacesOf } from './rights-by-namespace';

const requestToken: Step = {
  code: 'request-token',
  title: 'Request a token of a service account',
  allowedBy: 'create serviceaccounts/token',
  gives: 'the service account',
  closedBy: 'no right to create serviceaccounts/token, or only a right for other service accounts',
  source: 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#token-request',
  apiServerOnly: true,
  *gains({ rights }, world) {
    for (const use of rights.allowed(['create', '', 'serviceaccounts/token'])) {
      for (const namespace of namespacesOf(use, world)) {
        for (const { name } of world.serviceAccounts.get(namespace) ?? []) {
          if (use.names && !use.names.includes(name)) continue;
          yield {
            fact: serviceAccountFact(namespace, name),
            does: `request a token of the service account ${namespace}/${name}`,
            uses: [use],
          };
        }
      }
    }
  },
};

const createTokenSecret: Step = {
  code: 'create-token-secret',
  title: 'Create a Secret that Kubernetes fills with a token',
  allowedBy: 'create secrets',
  gives: 'a token in a Secret, for those who can read it',
  closedBy: 'no right to create Secrets',
  source: 'https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets',
  apiServerOnly: true,
  *gains({ rights }, world) {
    for (const [namespace, use] of firstByNamespace(rights.creates('', 'secrets'), world)) {
      if (!world.serviceAccounts.has(namespace)) continue;
      yield {
        fact: conditionFact('token-secrets', `token Secrets in namespace ${namespace}`, namespace),
        does: `create a token Secret in namespace ${namespace}`,
        uses: [use],
      };
    }
  },
};

const readTokenSecret: Step = {
  code: 'read-token-secret',
  title: 'Read the token in a Secret',
  allowedBy: 'get, list, watch, patch, delete or deletecollection secrets',
  gives: 'the service account of the Secret',
  closedBy: 'no right to get, list, watch, patch, delete or deletecollection Secrets',
  source: 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#listing-secrets',
  apiServerOnly: true,
  *gains({ rights, reached }, world) {
    // An API server never allows `deletecollection` by name.
    const reads = rights
      .any(verbsThatRead.map((verb): Ask => [verb, '', 'secrets']))
      .filter(({ names, right }) => names === undefined || right.verb !== 'deletecollection');
    for (const use of reads) {
      for (const namespace of namespacesOf(use, world)) {
        const created = `token-secrets\n${namespace}`;
        for (const { name, isController } of world.serviceAccounts.get(namespace) ?? []) {
          const gain = {
            fact: serviceAccountFact(namespace, name),
            does: `read the token of the service account ${namespace}/${name} in a Secret`,
            uses: [use],
          };
          if (reached.has(created)) yield { ...gain, needs: [created] };
          if (isController) continue;
          const isThere = world.hasTokenSecret(namespace, name) && !use.names;
          const which = use.names ? `one of the Secrets ${use.names.join(', ')}` : 'a Secret';
          yield { ...gain, ...(isThere ? {} : { assumes: [`${which} holds a token of ${namespace}/${name}`] }) };
        }
      }
    }
  },
};

export const tokenSteps: readonly Step[] = [requestToken, createTokenSecret, readTokenSecret];
