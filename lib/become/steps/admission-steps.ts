import type { Gain, Step } from '../become-step';
import { rightsFact, superuserFact } from '../fact';
import type { Allowed, IdentityRights } from '../identity-rights';
import { changes } from './rights-by-namespace';

const group = 'admissionregistration.k8s.io';
const source = 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#control-admission-webhooks';
const whole = 'somebody with every right, such as Flux, changes an object';
const server = 'the API server can reach the server of the webhook';

const policies = 'mutatingadmissionpolicies';

/** Returns the first right that is not limited to a namespace. */
const wide = (found: readonly Allowed[]): Allowed | undefined => found.find(({ namespace }) => namespace === undefined);

/** Returns a right to write cluster-wide objects. */
const write = (rights: IdentityRights, apiGroup: string, resource: string): Allowed | undefined =>
  wide([...rights.creates(apiGroup, resource), ...changes(rights, apiGroup, resource)]);

const mutatingWebhook: Step = {
  code: 'mutating-webhook',
  title: 'Change what others create',
  allowedBy: 'create, update or patch mutatingwebhookconfigurations',
  gives: 'everything: the webhook can change what an administrator or Flux writes, such as the subjects of a binding',
  closedBy: 'no right to change mutatingwebhookconfigurations',
  source,
  *gains({ rights }): Iterable<Gain> {
    const use = write(rights, group, 'mutatingwebhookconfigurations');
    if (!use) return;
    yield {
      fact: superuserFact('an administrator, by changing objects while an administrator creates them'),
      does: 'use a webhook to change the objects that an administrator creates',
      uses: [use],
      assumes: [whole, server],
    };
  },
};

const mutatingPolicy: Step = {
  code: 'mutating-policy',
  title: 'Change what others create, without a webhook server (Kubernetes 1.36 and later)',
  allowedBy:
    'create, update or patch both mutatingadmissionpolicies and mutatingadmissionpolicybindings; or only update or patch mutatingadmissionpolicies, if the cluster has such a policy and a binding of it',
  gives: 'everything, as for mutating-webhook',
  closedBy: 'Kubernetes before 1.36, or no right to change mutatingadmissionpolicies',
  source: 'https://kubernetes.io/docs/reference/access-authn-authz/mutating-admission-policy/',
  *gains({ rights }, { access }) {
    const { major, minor } = access.cluster.kubernetes;
    if (major === 1 && minor < 36) return;
    const binding = write(rights, group, 'mutatingadmissionpolicybindings');
    const policy = binding ? write(rights, group, policies) : wide(changes(rights, group, policies));
    if (!policy) return;
    yield {
      fact: superuserFact('an administrator, by changing objects while an administrator creates them'),
      does: 'use a mutating admission policy to change the objects that an administrator creates',
      uses: binding ? [policy, binding] : [policy],
      assumes: binding ? [whole] : [whole, 'the cluster has a mutating admission policy and a binding of it'],
    };
  },
};

const validatingWebhook: Step = {
  code: 'validating-webhook',
  title: 'Read what others create',
  allowedBy: 'create, update or patch validatingwebhookconfigurations',
  gives: 'the contents of Secrets that others write',
  closedBy: 'no right to change validatingwebhookconfigurations',
  source,
  *gains({ rights }) {
    const use = write(rights, group, 'validatingwebhookconfigurations');
    if (!use || rights.can(['get', '', 'secrets'], undefined)) return;
    yield {
      fact: rightsFact(
        [{ verbs: ['get'], apiGroups: [''], resources: ['secrets'] }],
        undefined,
        'the Secrets that are written from now on',
      ),
      does: 'use a webhook to read Secrets when they are written',
      uses: [use],
      assumes: ['the Secrets are written again', server],
    };
  },
};

export const admissionSteps: readonly Step[] = [mutatingWebhook, mutatingPolicy, validatingWebhook];
