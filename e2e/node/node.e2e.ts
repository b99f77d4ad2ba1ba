import { existsSync } from 'node:fs';
import { Lab } from '../harness';
import { type Machine, until } from './machine';
import { bootNode, initCluster, kubeadmConfig } from './node';
import { obstacle } from './probe';

const hindrance = obstacle();
if (hindrance) console.warn(`THE TESTS ON A NODE ARE SKIPPED: ${hindrance}`);

(hindrance ? describe.skip : describe)('a node', () => {
  let lab: Lab;
  let machine: Machine;
  beforeAll(async () => {
    lab = await Lab.open('node');
    machine = await bootNode(lab);
    await initCluster(machine, kubeadmConfig);
  }, 600_000);
  afterAll(async () => {
    const groups = machine?.groups ?? [];
    await machine?.halt();
    await lab?.close();
    expect(groups.filter(existsSync)).toEqual([]);
  });

  test('runs what kubeadm makes in pods of its own', async () => {
    const ready = await until(
      'every pod is ready',
      async () => {
        const pods = JSON.parse(await machine.kubectl('get pods --all-namespaces -o json'));
        const states = new Map<string, boolean>(
          pods.items.map((pod: Pod) => [
            pod.metadata.labels.component ?? pod.metadata.labels['k8s-app'] ?? '',
            isReady(pod),
          ]),
        );
        if (states.size < 5 || ![...states.values()].every(Boolean)) throw new Error(JSON.stringify([...states]));
        return [...states.keys()].sort();
      },
      240,
    );
    expect(ready).toEqual(['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-dns', 'kube-scheduler']);
  });
});

interface Pod {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

const isReady = ({ status }: Pod) =>
  status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
