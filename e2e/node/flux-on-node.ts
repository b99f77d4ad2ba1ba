import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from '../harness';
import { ensurePart } from '../parts/build';
import { type Machine, until } from './machine';
import { importImage, repository } from './node';
import { typed } from './session';

const crds = join(__dirname, '..', '..', 'crds');

/** kustomize-controller in a pod, as Flux installs it, with the rights that Flux's `reconciler.yaml` gives it. */
const controller = `apiVersion: v1
kind: Namespace
metadata: { name: flux-system }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: kustomize-controller, namespace: flux-system }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: cluster-reconciler }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
subjects: [{ kind: ServiceAccount, name: kustomize-controller, namespace: flux-system }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: kustomize-controller, namespace: flux-system, labels: { app: kustomize-controller } }
spec:
  selector: { matchLabels: { app: kustomize-controller } }
  template:
    metadata: { labels: { app: kustomize-controller } }
    spec:
      serviceAccountName: kustomize-controller
      containers:
        - name: manager
          image: ${repository}/kustomize-controller:e2e
          imagePullPolicy: Never
          args: [--watch-all-namespaces, --enable-leader-election=false, --requeue-dependency=5s]
          env: [{ name: RUNTIME_NAMESPACE, value: flux-system }]
          volumeMounts: [{ name: tmp, mountPath: /tmp }]
      volumes: [{ name: tmp, emptyDir: {} }]
`;

/** Stands in for the real command, whose manifests are in no registry. */
const flux = `#!/bin/sh
[ "$*" = install ] || { echo "the stand-in for flux only has the command install" >&2; exit 1; }
set -e
kubectl apply --server-side --filename /srv/flux
kubectl -n flux-system rollout status deployment kustomize-controller --timeout=120s
`;

/**
 * Flux on the node. The suite takes the place of source-controller: it serves what is pushed, and writes the status of
 * the source.
 */
export class FluxOnNode {
  private constructor(private readonly machine: Machine) {}

  /** @param command the command that installs Flux. A script takes the place of the program `flux` */
  static async install(machine: Machine, lab: Lab, command = 'flux install'): Promise<FluxOnNode> {
    await importImage(machine, lab, {
      name: `${repository}/kustomize-controller:e2e`,
      files: { '/usr/local/bin/kustomize-controller': await ensurePart('kustomize-controller') },
      entrypoint: ['/usr/local/bin/kustomize-controller'],
    });
    for (const file of await readdir(crds)) {
      await machine.write(`/srv/flux/${file}`, await readFile(join(crds, file), 'utf8'));
    }
    await machine.write('/srv/flux/workloads.yaml', controller);
    await machine.write('/usr/local/bin/flux', flux);
    await machine.run('chmod +x /usr/local/bin/flux');
    await typed(machine, ['export KUBECONFIG=/etc/kubernetes/admin.conf', command]);
    await machine.kubectl(
      'create -f -',
      JSON.stringify({
        apiVersion: 'source.toolkit.fluxcd.io/v1',
        kind: 'GitRepository',
        metadata: { name: 'flux-system', namespace: 'flux-system' },
        spec: { interval: '1m', url: 'ssh://git@example.org/fleet.git' },
      }),
    );
    await machine.run('mkdir -p /srv/artifacts && busybox httpd -p 192.0.2.10:8080 -h /srv/artifacts');
    return new FluxOnNode(machine);
  }

  /** Commits `dist/` of the repository on the machine, and waits until every Flux Kustomization has applied it. */
  async push({ wait = true } = {}): Promise<void> {
    const output = await this.machine.run(`set -e; cd /srv/artifacts; tar -C /root/repository -czf next.tar.gz dist
sha256sum < next.tar.gz; stat -c %s next.tar.gz; mv next.tar.gz $(sha256sum < next.tar.gz | cut -c -64).tar.gz`);
    const [, digest = '', size] = /^([0-9a-f]{64})\s.*\n(\d+)$/m.exec(output) ?? [];
    const revision = `main@sha1:${digest.slice(0, 40)}`;
    const now = new Date().toISOString();
    const status = {
      observedGeneration: 1,
      artifact: {
        url: `http://192.0.2.10:8080/${digest}.tar.gz`,
        digest: `sha256:${digest}`,
        path: `${digest}.tar.gz`,
        revision,
        size: Number(size),
        lastUpdateTime: now,
      },
      conditions: [{ type: 'Ready', status: 'True', reason: 'Succeeded', message: 'stored', lastTransitionTime: now }],
    };
    await this.machine.kubectl(
      `-n flux-system patch gitrepository flux-system --subresource=status --type=merge -p '${JSON.stringify({ status })}'`,
    );
    if (wait) await this.applied(revision);
  }

  /** Suspends or resumes a Kustomization. */
  async suspend(name: string, suspend: boolean): Promise<void> {
    await this.machine.kubectl(
      `-n flux-system patch kustomization ${name} --type=merge -p '${JSON.stringify({ spec: { suspend } })}'`,
    );
  }

  message(name: string): Promise<string> {
    return this.machine.kubectl(
      `-n flux-system get kustomization ${name} -o jsonpath='{.status.conditions[?(@.type=="Ready")].message}'`,
    );
  }

  private applied(revision: string): Promise<void> {
    return until(
      `Flux has applied ${revision}`,
      async () => {
        const { items } = JSON.parse(await this.machine.kubectl('-n flux-system get kustomizations -o json'));
        const states = items.map(({ metadata, status }: Kustomization) => [
          metadata.name,
          status?.lastAppliedRevision === revision,
          status?.conditions?.find(({ type }) => type === 'Ready')?.message,
        ]);
        if (states.length === 0 || states.some(([, isApplied]: [string, boolean]) => !isApplied)) {
          throw new Error(JSON.stringify(states));
        }
      },
      240,
    );
  }
}

interface Kustomization {
  readonly metadata: { readonly name: string };
  readonly status?: {
    readonly lastAppliedRevision?: string;
    readonly conditions?: readonly { readonly type: string; readonly message: string }[];
  };
}
