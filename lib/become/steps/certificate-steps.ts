import { superusers } from '../../access/authorizer';
import type { Gain, Step } from '../become-step';
import { conditionFact, identityFact, nodeFact, serviceAccountFact } from '../fact';
import type { Ask, IdentityRights } from '../identity-rights';

const group = 'certificates.k8s.io';
const request = conditionFact('certificate-request', 'a certificate signing request');

const requestCertificate: Step = {
  code: 'request-certificate',
  title: 'Request a certificate',
  allowedBy: 'create certificatesigningrequests',
  gives: 'a request that somebody can approve',
  closedBy: 'no right to create requests',
  source: 'https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/',
  apiServerOnly: true,
  *gains({ rights }) {
    const [use] = rights.creates(group, 'certificatesigningrequests').filter(isWide);
    if (use) yield { fact: request, does: 'create a certificate signing request', uses: [use] };
  },
};

const approveCertificate: Step = {
  code: 'approve-certificate',
  title: 'Approve a request for a certificate with the name of another user',
  allowedBy:
    'update or patch certificatesigningrequests/approval, and approve signers kubernetes.io/kube-apiserver-client',
  gives: 'every user, and every group but system:masters, which the API server refuses in such a request',
  closedBy: 'no right to approve this signer, or nobody who can create the request',
  source: 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#csrs-and-certificate-issuing',
  *gains({ rights, reached }, world): Iterable<Gain> {
    if (!reached.has(request.key)) return;
    const uses = approves(rights, 'kubernetes.io/kube-apiserver-client');
    if (!uses) return;
    const groups = world.groups.filter((name) => name !== superusers);
    const accounts = [...world.serviceAccounts.values()]
      .flat()
      .map(({ namespace, name }) => `system:serviceaccount:${namespace}:${name}`);
    for (const user of ['anybody', ...world.users, ...accounts]) {
      const who = user === 'anybody' ? 'a user in every group' : `the user ${user}, in every group`;
      yield {
        fact: identityFact({ user, groups }, `${who} but ${superusers}`),
        does: `approve a certificate for ${who} but ${superusers}`,
        uses,
        needs: [request.key],
      };
    }
  },
};

const approveNode: Step = {
  code: 'approve-node',
  title: 'Approve a certificate of a node',
  allowedBy:
    'either create certificatesigningrequests/nodeclient, which kube-controller-manager approves; or both update or patch certificatesigningrequests/approval, and approve signers kubernetes.io/kube-apiserver-client-kubelet',
  gives: 'the service accounts of the pods on the node, and the roles of the group `system:nodes`',
  closedBy: 'no right to approve this signer, or nobody who can create the request',
  source: 'https://kubernetes.io/docs/reference/access-authn-authz/node/',
  *gains({ rights, reached }, world) {
    if (!reached.has(request.key)) return;
    const automatic = rights.creates(group, 'certificatesigningrequests/nodeclient').filter(isWide);
    const uses = approves(rights, 'kubernetes.io/kube-apiserver-client-kubelet') ?? automatic.slice(0, 1);
    if (uses.length === 0) return;
    if (world.groups.includes('system:nodes'))
      yield { fact: nodeFact, does: 'get the certificate of a node', uses, needs: [request.key] };
    for (const { namespace, name, isController } of [...world.serviceAccounts.values()].flat()) {
      if (isController) continue;
      yield {
        fact: serviceAccountFact(namespace, name),
        does: `get the certificate of a node, and request a token of ${namespace}/${name}`,
        uses,
        needs: [request.key],
        assumes: [`a pod on the node mounts a token of ${namespace}/${name}`],
      };
    }
  },
};

const isWide = ({ namespace }: { readonly namespace?: string }) => namespace === undefined;

/** Returns the two rights that are needed to approve requests to a signer. */
function approves(rights: IdentityRights, signer: string) {
  const asks = ['update', 'patch'].map((verb): Ask => [verb, group, 'certificatesigningrequests/approval']);
  const [update] = rights.any(asks).filter(isWide);
  const ask: Ask = ['approve', group, 'signers'];
  const approve = rights.passes(ask, undefined, signer) ?? rights.passes(ask, undefined, `${signer.split('/')[0]}/*`);
  return update && approve ? [update, approve] : undefined;
}

export const certificateSteps: readonly Step[] = [requestCertificate, approveCertificate, approveNode];
