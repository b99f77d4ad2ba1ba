import { verbsThatRead } from '../../access/danger';
import type { Gain, Step } from '../become-step';
import { type ConditionFact, serviceAccountFact, tokenSecretsFact } from '../fact';
import type { Ask, IdentityRights } from '../identity-rights';
import type { World } from '../world';
import { both, type Names, namespacesOf, oneOf } from './rights-by-namespace';

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
    for (const use of rights.creates('', 'secrets')) {
      for (const namespace of namespacesOf(use, world)) {
        if (!world.serviceAccounts.has(namespace)) continue;
        yield {
          fact: tokenSecretsFact(namespace, use.names),
          does: `create a token Secret in namespace ${namespace}`,
          uses: [use],
        };
      }
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
    const made = [...reached.facts.values()].flatMap((fact) => (fact.kind === 'token-secrets' ? [fact] : []));
    for (const use of reads) {
      for (const namespace of namespacesOf(use, world)) {
        const created = made
          .filter((fact) => fact.namespace === namespace)
          .flatMap((fact) => readable(fact, both(fact.names, use.names), { rights, world }));
        for (const { name, isController } of world.serviceAccounts.get(namespace) ?? []) {
          const gain = {
            fact: serviceAccountFact(namespace, name),
            does: `read the token of the service account ${namespace}/${name} in a Secret`,
            uses: [use],
          };
          for (const one of created) yield { ...gain, ...one };
          const isThere = world.hasTokenSecret(namespace, name, use.names);
          if (isController || isThere === false) continue;
          const which = oneOf('Secret', use.names);
          yield { ...gain, ...(isThere ? {} : { assumes: [`${which} holds a token of ${namespace}/${name}`] }) };
        }
      }
    }
  },
};

interface Reader {
  readonly rights: IdentityRights;
  readonly world: World;
}

/**
 * Returns how a new token Secret can be read. A Secret that is there already cannot become a token Secret, because the
 * type of a Secret never changes.
 * @param names the names that the Secret can have. @default any name
 */
function readable({ key, namespace = '' }: ConditionFact, names: Names, { rights, world }: Reader): Partial<Gain>[] {
  const needs = [key];
  const isDeletable = (name: string) => rights.can(['delete', '', 'secrets'], namespace, name) !== undefined;
  if (names === undefined || names.some(isDeletable)) return [{ needs }];
  const free = names.filter((name) => !world.hasObject('Secret', namespace, [name]));
  return free.length === 0
    ? []
    : [{ needs, assumes: [`${oneOf('Secret', free)} does not exist yet in namespace ${namespace}`] }];
}

export const tokenSteps: readonly Step[] = [requestToken, createTokenSecret, readTokenSecret];
