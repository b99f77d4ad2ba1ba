import type { Gain, Step } from '../become-step';
import { conditionFact, nodeFact, serviceAccountFact, superuserFact } from '../fact';
import type { Ask } from '../identity-rights';
import { oneOf } from './rights-by-namespace';

const readNode: Step = {
  code: 'read-node',
  title: 'Read what a node holds',
  allowedBy: 'root on a node',
  gives:
    'the service accounts of the pods on the node, and the roles of the group `system:nodes`; if the control plane runs on nodes of the cluster, also the keys of the control plane, which give everything',
  closedBy: 'nobody can take a step that gives root on a node',
  source: 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks',
  begins: 'node',
  *gains({ fact }, world): Iterable<Gain> {
    if (fact.kind !== 'node') return;
    if (world.hasControlPlaneNodes !== false) {
      yield {
        fact: superuserFact('an administrator with the keys of the control plane'),
        does: 'read the keys of the control plane on one of its nodes',
        uses: [],
        ...(world.hasControlPlaneNodes ? {} : { assumes: ['the control plane runs on a node of the cluster'] }),
      };
    }
    if (world.groups.includes('system:nodes'))
      yield { fact: nodeFact, does: 'use the credential of the kubelet on a node', uses: [] };
    for (const { namespace, name, isController } of [...world.serviceAccounts.values()].flat()) {
      if (isController) continue;
      yield {
        fact: serviceAccountFact(namespace, name),
        does: `read the token of ${namespace}/${name} on a node`,
        uses: [],
        assumes: [`a pod runs as ${namespace}/${name}`],
      };
    }
  },
};

const nodeProxy: Step = {
  code: 'node-proxy',
  title: 'Run commands through the kubelet',
  allowedBy: 'get or create nodes/proxy',
  gives: 'the service accounts of all pods, and root on a node through a privileged pod',
  closedBy: 'no right to nodes/proxy',
  source: 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#access-to-proxy-subresource-of-nodes',
  *gains({ rights }, world) {
    const asks = ['get', 'create'].map((verb): Ask => [verb, '', 'nodes/proxy']);
    const found = rights.any(asks).filter(({ namespace }) => namespace === undefined);
    const use = found.find(({ names }) => names === undefined) ?? found[0];
    if (!use) return;
    const on = use.names ? ` on ${oneOf('node', use.names)}` : '';
    yield {
      fact: conditionFact('node', 'root on a node'),
      does: 'run a command in a privileged pod, through the kubelet',
      uses: [use],
      assumes: [`a privileged pod runs${on || ' on the nodes'}, as kube-proxy does`],
    };
    for (const { namespace, name, isController } of [...world.serviceAccounts.values()].flat()) {
      if (isController) continue;
      yield {
        fact: serviceAccountFact(namespace, name),
        does: `run a command in a pod of the service account ${namespace}/${name}, through the kubelet`,
        uses: [use],
        assumes: [`a pod runs as ${namespace}/${name}${on}`],
      };
    }
  },
};

export const nodeSteps: readonly Step[] = [readNode, nodeProxy];
